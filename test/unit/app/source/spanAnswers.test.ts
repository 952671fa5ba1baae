// The places of spans, kept as long as they hold: by the revision of the trace, and by the files that they were found by. The clock is the test's.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SpanSpec } from '../../../support/otlp';
import { waiting } from '../support/fakeEngine';
import { at } from '../support/memoryWorkspace';
import { SourceLookup, settled } from '../support/sourceLookup';

const files = {
  'src/cart.ts': 'import { pay } from "./pay";\nexport function addToCart(count) {\n  return pay(count);\n}\n',
  'src/pay.ts': 'export function pay(cents) {\n  return cents;\n}\n',
  'src/routes.ts': 'import { router } from "x";\nrouter.get("/cart/:id", show);\n',
  'src/other.ts': 'export const other = 1;\n',
};
const inFile = (spanId: string, path: string, line: number, name: string): SpanSpec => ({
  traceId: '1',
  spanId,
  name,
  attributes: { 'code.file.path': `/srv/app/${path}`, 'code.line.number': line, 'code.function.name': name },
});
const spans = [
  inFile('a', 'src/cart.ts', 3, 'addToCart'),
  inFile('b', 'src/pay.ts', 2, 'pay'),
  { traceId: '1', spanId: 'c', name: 'GET /cart/:id', kind: 2, attributes: { 'http.route': '/cart/:id' } },
];
let lookup: SourceLookup | undefined;

async function shop(): Promise<SourceLookup> {
  const made = new SourceLookup(files);
  lookup = made;
  await made.open(spans);
  return made;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  lookup?.dispose();
  vi.useRealTimers();
});

describe('the source of a span', () => {
  it('is found, and kept', async () => {
    const made = await shop();
    expect(await made.places('a')).toEqual(['src/cart.ts:3']);
    expect(await made.places('b')).toEqual(['src/pay.ts:2']);
    expect(await made.places('c')).toEqual(['src/routes.ts:2']);
    for (const span of ['a', 'b', 'c']) expect([span, await made.readFor(span)]).toEqual([span, []]);
    expect(made.problems).toEqual([]);
  });

  it('is another when the file of its trace was read again', async () => {
    const made = await shop();
    expect(await made.places('a')).toEqual(['src/cart.ts:3']);
    await made.open([inFile('a', 'src/pay.ts', 1, 'pay'), ...spans.slice(1)]);
    expect(await made.places('a')).toEqual(['src/pay.ts:1']);
  });

  it('is looked for again when its trace is at another revision, unless the span says the same', async () => {
    const made = await shop();
    await made.places('a');
    await made.open([...spans, inFile('d', 'src/pay.ts', 2, 'pay')]);
    expect(await made.readFor('a')).toEqual([]);
    expect(await made.places('d')).toEqual(['src/pay.ts:2']);
    // The engine gives the span with each new revision, and only then.
    made.link.asked.splice(0);
    const first = await made.source.resolve(made.ref('a'));
    expect(made.link.asked).toEqual(['sourceSpan']);
    expect((await made.source.resolve(made.ref('a'))).result).toBe(first.result);
  });

  it('is not taken for that of another engine, which counts revisions anew', async () => {
    const made = await shop();
    await made.places('a');
    made.link.restart();
    await made.open([inFile('a', 'src/pay.ts', 1, 'pay')]);
    expect(await made.places('a')).toEqual(['src/pay.ts:1']);
  });
});

describe('an edit', () => {
  it('takes along what was found by the document, and nothing else', async () => {
    const made = await shop();
    for (const span of ['a', 'b', 'c']) await made.places(span);
    made.workspace.type(at('src/routes.ts'), `// one\n// two\n${files['src/routes.ts']}`);
    expect(await made.places('c')).toEqual(['src/routes.ts:4']);
    expect(await made.readFor('a')).toEqual([]);
    expect(await made.readFor('b')).toEqual([]);
  });

  it('of an output channel, of a text of Git, of settings takes nothing along, and nobody is told', async () => {
    const made = await shop();
    for (const span of ['a', 'b', 'c']) await made.places(span);
    await made.rest();
    const told = made.told;
    const elsewhere = [
      'output:tasks',
      'git:/work/src/cart.ts?%7B%22ref%22%3A%22~%22%7D',
      'vscode-userdata:/User/settings.json',
      at('.vscode/settings.json'),
      at('.git/COMMIT_EDITMSG'),
      at('node_modules/x/index.js'),
      'untitled:Untitled-1',
    ];
    const results = await Promise.all(['a', 'b', 'c'].map(async (span) => (await made.source.resolve(made.ref(span))).result));
    for (const uri of elsewhere) made.workspace.type(uri, 'addToCart pay "/cart/:id"\n');
    await made.rest();
    expect(made.told).toBe(told);
    for (const [i, span] of ['a', 'b', 'c'].entries()) {
      expect(await made.readFor(span)).toEqual([]);
      expect((await made.source.resolve(made.ref(span))).result).toBe(results[i]);
    }
  });

  it('is told once typing rests, where it may matter', async () => {
    const made = await shop();
    await made.places('a');
    await made.rest();
    const told = made.told;
    for (const text of ['a', 'ab', 'abc']) {
      made.workspace.type(at('src/cart.ts'), text);
      await made.rest(100);
    }
    expect(made.told).toBe(told);
    await made.rest(300);
    expect(made.told).toBe(told + 1);
  });

  it('of a source that has the text of a search now has it searched again', async () => {
    const made = await shop();
    expect(await made.places('c')).toEqual(['src/routes.ts:2']);
    const { result } = await made.source.resolve(made.ref('c'));
    made.workspace.type(at('src/other.ts'), 'export const other = 2;\n');
    expect((await made.source.resolve(made.ref('c'))).result).toBe(result);
    made.workspace.type(at('src/other.ts'), 'export const other = 2;\nrouter.get("/cart/:id", shop);\n');
    expect((await made.places('c')).toSorted()).toEqual(['src/other.ts:2', 'src/routes.ts:2']);
    // Its edits are thrown away.
    made.workspace.close(at('src/other.ts'));
    expect(await made.places('c')).toEqual(['src/routes.ts:2']);
  });
});

describe('a file that is written', () => {
  it('takes along what was found by it, and nothing else', async () => {
    const made = await shop();
    for (const span of ['a', 'b', 'c']) await made.places(span);
    made.workspace.write('src/routes.ts', `\n\n\n${files['src/routes.ts']}`);
    made.workspace.write('app.log', 'nothing of it\n');
    expect(await made.places('c')).toEqual(['src/routes.ts:5']);
    expect(await made.readFor('a')).toEqual([]);
    expect(await made.readFor('b')).toEqual([]);
  });

  it('takes along what its name was looked for, when it came', async () => {
    const made = await shop();
    expect(await made.places('a')).toEqual(['src/cart.ts:3']);
    await made.places('b');
    made.workspace.write('test/src/cart.ts', files['src/cart.ts']);
    expect(await made.places('a')).toContain('test/src/cart.ts:3');
    expect(await made.readFor('b')).toEqual([]);
  });
});

it('an answer that was being made while its file changed is not kept', async () => {
  const made = await shop();
  const reading = waiting<void>();
  made.workspace.held = (uri) => (uri === at('src/cart.ts') ? reading.promise : undefined);
  const early = made.source.resolve(made.ref('a'));
  while (!made.workspace.read.includes(at('src/cart.ts'))) await made.rest(5);
  made.workspace.held = undefined;
  // Meanwhile the function moves two lines down.
  made.workspace.write('src/cart.ts', `\n\n${files['src/cart.ts']}`);
  reading.resolve();
  await settled(early);
  // Whoever asked first, or prepared the trace, made it anew.
  expect((await made.source.resolve(made.ref('a'))).result).not.toBe((await early).result);
  expect(await made.readFor('a')).toEqual([]);
});
