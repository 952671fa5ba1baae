// The function around a line, as a language tells it: asked once for all who want to know, moved with edits, told when it is known.
import { describe, expect, it } from 'vitest';
import { EnclosingFunctions } from '../../../../src/app/code/enclosingFunctions';
import type { FunctionRange } from '../../../../src/app/ports/symbolProviders';
import { turn, waiting } from '../support/fakeEngine';
import { at, MemoryWorkspace } from '../support/memoryWorkspace';

const text = '\nclass Cart {\n  add(count) {\n    return count;\n  }\n}\n';
const range = (startLine: number, endLine: number, headLine = startLine): FunctionRange => ({
  headLine,
  startLine,
  endLine,
  nameStart: 2,
  nameEnd: 5,
});

function cart() {
  const workspace = new MemoryWorkspace({ 'cart.ts': text });
  const answers = [waiting<readonly FunctionRange[] | undefined>()];
  const asked: string[] = [];
  const functions = new EnclosingFunctions(workspace.documents, {
    functionsIn: (uri) => {
      asked.push(uri);
      return answers[asked.length - 1].promise;
    },
  });
  const arrived: string[] = [];
  functions.onDidArrive((uri) => arrived.push(uri));
  workspace.type(at('cart.ts'), text);
  const document = workspace.documents.get(at('cart.ts'));
  if (!document) throw new Error('the document is not open');
  return { workspace, answers, asked, functions, arrived, document };
}

describe('the functions of a document', () => {
  it('are asked for once, whoever asks, and nobody waits', async () => {
    const { answers, asked, functions, arrived, document } = cart();
    for (let asks = 0; asks < 3; asks++) expect(functions.headOf(document, 3)).toBe(3);
    expect(asked).toEqual([at('cart.ts')]);
    answers[0].resolve([range(2, 4), range(1, 5)]);
    await turn();
    expect(arrived).toEqual([at('cart.ts')]);
    expect(functions.headOf(document, 3)).toBe(2);
    expect(functions.headOf(document, 5)).toBe(1);
    expect(functions.around(document, 0)).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it('move with edits until the language tells the new ones', async () => {
    const { workspace, answers, asked, functions, document } = cart();
    functions.rangesOf(document);
    answers[0].resolve([range(2, 4)]);
    await turn();
    answers.push(waiting());
    workspace.insert(at('cart.ts'), 0, '// one\n// two\n');
    const now = workspace.documents.get(at('cart.ts')) ?? document;
    expect(functions.headOf(now, 5)).toBe(4);
    expect(asked).toHaveLength(2);
    answers[1].resolve([range(4, 6)]);
    await turn();
    expect(functions.headOf(now, 6)).toBe(4);
    expect(asked).toHaveLength(2);
  });

  it('are none where nobody tells any, and nobody is asked again for the same text', async () => {
    const { answers, asked, functions, arrived, document } = cart();
    functions.rangesOf(document);
    answers[0].resolve(undefined);
    await turn();
    expect(functions.rangesOf(document)).toEqual([]);
    expect([asked.length, arrived]).toEqual([1, []]);
    expect(new EnclosingFunctions(new MemoryWorkspace({}).documents, undefined).headOf(document, 3)).toBe(3);
  });
});
