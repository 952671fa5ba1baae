// What ran where in a document, over the real engine: as the text is now, and told at a steady pace. The clock is the test's.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CodeKnowledge } from '../../../../src/app/code/codeKnowledge';
import type { SpanSpec } from '../../../support/otlp';
import { at } from '../support/memoryWorkspace';
import { SourceLookup, settled } from '../support/sourceLookup';

const cart = 'export function addToCart(count) {\n  return count;\n}\n\nexport function clear() {}\n';
const call = (spanId: string, name: string, line: number): SpanSpec => ({
  traceId: '1',
  spanId,
  name,
  durationMs: 4,
  attributes: { 'code.file.path': '/srv/app/src/cart.ts', 'code.line.number': line, 'code.function.name': name },
});
let lookup: SourceLookup;
let code: CodeKnowledge;
let told: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  lookup = new SourceLookup({ 'src/cart.ts': cart, 'src/other.ts': '\n' });
  code = new CodeKnowledge(lookup.engine, lookup.source);
  told = 0;
  code.onDidChange(() => told++);
});
afterEach(() => {
  code.dispose();
  lookup.dispose();
  vi.useRealTimers();
});

const functions = async (path: string): Promise<readonly string[]> =>
  (await settled(code.statistics(at(path)))).map(({ name, line, calls }) => `${line + 1} ${name} ${calls}`);

describe('what ran in a document', () => {
  it('starts no engine for a document that is only looked at', async () => {
    expect(await functions('src/cart.ts')).toEqual([]);
    expect(lookup.link.asked).toEqual([]);
  });

  it('is known by function, for those that ran there', async () => {
    await lookup.open([call('1', 'addToCart', 1), call('2', 'addToCart', 1), call('3', 'clear', 5)]);
    expect(await functions('src/cart.ts')).toEqual(['1 addToCart 2', '5 clear 1']);
    expect(await functions('src/other.ts')).toEqual([]);
    const runs = await settled(code.spans(at('src/cart.ts'), 'clear', 4, 10));
    expect(runs.map(({ spanId }) => spanId)).toEqual(['3'.padStart(16, '0')]);
  });

  it('moves with what is typed', async () => {
    await lookup.open([call('1', 'addToCart', 1), call('3', 'clear', 5)]);
    await functions('src/cart.ts');
    lookup.workspace.type(at('src/cart.ts'), cart);
    await functions('src/cart.ts');
    lookup.workspace.insert(at('src/cart.ts'), 3, '// one\n// two\n');
    expect(await functions('src/cart.ts')).toEqual(['1 addToCart 1', '7 clear 1']);
  });

  it('is asked of each document in turn, once for all that came meanwhile', async () => {
    await lookup.open([call('1', 'addToCart', 1)]);
    const asked = Promise.all([functions('src/cart.ts'), functions('src/cart.ts')]);
    expect(await asked).toEqual([['1 addToCart 1'], ['1 addToCart 1']]);
  });

  it('has nothing to do with files that no place was looked for in', async () => {
    await lookup.open([call('1', 'addToCart', 1)]);
    await functions('src/cart.ts');
    await lookup.rest(5000);
    const before = told;
    for (const path of ['app.log', 'src/other.ts', 'README.md', '.vscode/settings.json'])
      lookup.workspace.write(path, 'addToCart\n');
    lookup.workspace.type('output:tasks', 'addToCart\n');
    await lookup.rest(5000);
    expect(told).toBe(before);
    lookup.workspace.read.splice(0);
    expect(await functions('src/cart.ts')).toEqual(['1 addToCart 1']);
    expect(lookup.workspace.read).toEqual([]);
    // A file of the name that was looked for.
    lookup.workspace.write('test/src/cart.ts', cart);
    await lookup.rest(5000);
    expect(told).toBe(before + 1);
  });

  it('is told to have changed once in a second, however often files and traces do', async () => {
    await lookup.open([call('1', 'addToCart', 1)]);
    await functions('src/cart.ts');
    await lookup.rest(5000);
    const before = told;
    for (let i = 0; i < 10; i++) {
      lookup.workspace.write('src/cart.ts', `${cart}// ${i}\n`);
      await functions('src/cart.ts');
      await lookup.rest(300);
    }
    await lookup.rest(2000);
    expect(told - before).toBeGreaterThanOrEqual(2);
    expect(told - before).toBeLessThanOrEqual(4);
  });
});
