// What ran where, as the engine answers it for CodeLens: places by name of a document, statistics and calls of groups of them, and what stays
// true while traces come and go.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CodePlaces } from '../../../src/protocol/code';
import { InProcessEngine } from '../../support/inProcessEngine';
import { BASE_MS, request, requestBytes, type SpanSpec } from '../../support/otlp';

// A machine that is busy with other tests is slow, and that is no failure.
vi.setConfig({ testTimeout: 30_000 });

const limits = { captureMemoryBytes: 1 << 28, captureLogBytes: 1 << 28, redactKeys: [], redactPatterns: [] };

let folder: string;
let engine: InProcessEngine;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-code-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  engine = new InProcessEngine();
});

/** A call of a function. */
const run = (id: number, more: Partial<SpanSpec> & { fn?: string; line?: number; file?: string } = {}): SpanSpec => ({
  traceId: (0xa0 + id).toString(16),
  spanId: String(id),
  startMs: id,
  ...more,
  attributes: {
    'code.file.path': more.file ?? '/app/cart.ts',
    'code.function.name': more.fn ?? 'add',
    'code.line.number': more.line ?? 7,
  },
});

const asText = (places: CodePlaces): string[] =>
  [...places.place].map(
    (number, i) =>
      `${number} ${places.files[places.file[i]]} ${places.functions[places.functionName[i]]} ${places.line[i]}:${places.column[i]}`,
  );

/** `calls/errors p50 p95 last trace` of each group. */
async function statistics(generation: number, groups: number[][]): Promise<string[] | undefined> {
  const answer = await engine.call('codeStatistics', { generation, groups });
  return (
    answer &&
    groups.map(
      (_, i) =>
        `${answer.calls[i]}/${answer.errors[i]} ${answer.p50Ns[i] / 1e6} ${answer.p95Ns[i] / 1e6} ${answer.lastTraceIds[i].slice(-2)}`,
    )
  );
}

describe('codePlaces', () => {
  it('tells each place that spans name once, by attributes of both conventions', async () => {
    await engine.open([
      run(1),
      run(2),
      {
        traceId: 'b2',
        spanId: '3',
        attributes: {
          'code.filepath': '/app/cart.ts',
          'code.lineno': '9',
          'code.column': 4,
          'code.function': 'drop',
          'code.namespace': 'Cart',
        },
      },
    ]);
    const places = await engine.call('codePlaces', { baseName: 'cart.ts' });
    expect(asText(places)).toEqual(['0 /app/cart.ts add 7:0', '1 /app/cart.ts Cart.drop 9:4']);
    expect(places.spans).toBe(3);
  });

  it('asks for no more than could be the document', async () => {
    await engine.open([
      run(1, { file: 'C:\\app\\src\\Cart.TS' }),
      run(2, { file: 'https://shop.example/cart.ts?v=1' }),
      run(3, { file: '/app/other.ts' }),
      run(4, { file: '/app/bundle.mjs' }),
      run(5, { file: '/app/cart.py' }),
    ]);
    const files = async (baseName: string): Promise<readonly string[]> => (await engine.call('codePlaces', { baseName })).files;
    expect(await files('cart.ts')).toEqual(['C:\\app\\src\\Cart.TS', 'https://shop.example/cart.ts?v=1', '/app/bundle.mjs']);
    expect(await files('Other.vue')).toEqual(['/app/bundle.mjs']);
    expect(await files('cart.py')).toEqual(['/app/cart.py']);
    expect(await files('cart.go')).toEqual([]);
  });

  it('keeps frames of a minified bundle apart by their columns', async () => {
    const at = (column: number): string => `Error\n    at e (/app/dist/app.min.js:1:${column})`;
    const thrown = (id: string, column: number): SpanSpec => ({
      traceId: 'c3',
      spanId: id,
      name: 'pay',
      events: [{ name: 'exception', attributes: { 'exception.stacktrace': at(column) } }],
    });
    await engine.open([thrown('1', 1042), thrown('2', 90210), thrown('3', 1042), thrown('4', 5_000_000)]);
    const places = await engine.call('codeHints', {});
    expect(asText(places)).toEqual([
      '0 /app/dist/app.min.js e 1:1042',
      '1 /app/dist/app.min.js e 1:90210',
      '2 /app/dist/app.min.js e 1:5000000',
    ]);
    expect(await statistics(places.generation, [[0], [1], [2]])).toEqual(['2/1 1 1 c3', '1/1 1 1 c3', '1/1 1 1 c3']);
  });

  it('tells of spans without a file what else they say, and the first frame that is no library', async () => {
    const stack =
      'Error: no\n    at lib (/app/node_modules/x/y.js:1:1)\n    at throwing (/app/dist/pay.js:12:7)\n    at next (/app/dist/pay.js:1:1)';
    const get = (id: string, more: Partial<SpanSpec> = {}): SpanSpec => ({
      traceId: 'b2',
      spanId: id,
      name: 'GET /orders/:id',
      kind: 2,
      service: 'shop',
      attributes: { 'http.route': '/orders/:id', 'user.id': id },
      ...more,
    });
    await engine.open([
      run(1),
      get('1'),
      get('2'),
      get('3', { events: [{ name: 'exception', attributes: { 'exception.stacktrace': stack } }] }),
      get('4', { kind: 3 }),
      get('5', { service: 'gateway' }),
      get('6', { name: 'checkout', attributes: { 'code.function': 'pay', 'code.namespace': 'Cart' } }),
      get('7', { name: '', attributes: { 'user.id': '7' } }),
    ]);
    const first = await engine.call('codeHints', {});
    const said = [...first.hint].map((at, i) => {
      const { service, kind, name, attributes } = first.hints[at];
      return `${asText(first)[i]} ${service} ${kind} ${name} ${first.stated[i] ? 'stated' : JSON.stringify(attributes)}`;
    });
    const route = '{"http.route":"/orders/:id"}';
    expect(said).toEqual([
      '0 /app/cart.ts add 7:0 shop 1 span 1 stated',
      `1   0:0 shop 2 GET /orders/:id ${route}`,
      `2 /app/dist/pay.js throwing 12:7 shop 2 GET /orders/:id ${route}`,
      `3   0:0 shop 3 GET /orders/:id ${route}`,
      `4   0:0 gateway 2 GET /orders/:id ${route}`,
      '5   0:0 shop 2 checkout {"code.function":"pay","code.namespace":"Cart"}',
    ]);
    expect(await statistics(first.generation, [[1, 2], [4]])).toEqual(['3/1 1 1 b2', '1/0 1 1 b2']);
    // They are in no document by name, and who knows them gets only later ones.
    expect((await engine.call('codePlaces', { baseName: 'pay.ts' })).place).toHaveLength(0);
    await engine.open([get('8'), get('9', { name: 'later' })], 'file:b');
    const next = await engine.call('codeHints', { known: first });
    expect([...next.hint].map((at) => next.hints[at].name)).toEqual(['later']);
  });

  it('tells requests apart by their address only where the route takes all', async () => {
    const get = (id: number, route: string, path: string): SpanSpec => ({
      traceId: 'b3',
      spanId: String(id),
      name: `GET ${route}`,
      kind: 2,
      attributes: { 'http.route': route, 'url.path': path },
    });
    const open = ['/api/*', '/api/[...rest]', '/api/[[...rest]]', '/api/trpc/[trpc]', '/{controller}/{action}'];
    await engine.open(['/orders/:id', ...open].flatMap((route, i) => [get(2 * i + 1, route, '/a'), get(2 * i + 2, route, '/b')]));
    const { hint, hints } = await engine.call('codeHints', {});
    const said = [...hint].map((at) => `${hints[at].attributes['http.route']} ${hints[at].attributes['url.path'] ?? ''}`);
    expect(said).toEqual(['/orders/:id ', ...open.flatMap((route) => [`${route} /a`, `${route} /b`])]);
  });

  it('knows a place again however its spans write it, and takes none for another', async () => {
    const path = '/app/cart "1".ts';
    const ways: SpanSpec['attributes'][] = [
      { 'code.file.path': path, 'code.line.number': 7 },
      { 'code.filepath': path, 'code.lineno': '7' },
      { other: 'x', 'code.line.number': 7, another: 1, 'code.file.path': path },
      { 'code.file.path': path, 'code.line.number': 8 },
      { 'code.file.path': path, 'code.line.number': 7, 'code.column.number': 3 },
      { 'code.file.path': path },
      { 'code.line.number': 7 },
    ];
    await engine.open(Array.from({ length: 700 }, (_, i) => ({ traceId: '1', spanId: String(i + 1), attributes: ways[i % 7] })));
    const places = await engine.call('codePlaces', { baseName: 'CART "1".TS' });
    expect(asText(places)).toEqual([`0 ${path}  7:0`, `1 ${path}  8:0`, `2 ${path}  7:3`, `3 ${path}  0:0`]);
    const answer = await engine.call('codeStatistics', { generation: places.generation, groups: [[0], [1], [2], [3]] });
    expect([...(answer?.calls ?? [])]).toEqual([300, 100, 100, 100]);
  });

  it('gives only places that the caller has not seen, and all of them to one of another generation', async () => {
    await engine.open([run(1)]);
    const first = await engine.call('codePlaces', { baseName: 'cart.ts' });
    await engine.open([run(2, { line: 20 }), run(3, { line: 30 })], 'file:b');
    const next = await engine.call('codePlaces', { baseName: 'cart.ts', known: first });
    expect(asText(next)).toEqual(['1 /app/cart.ts add 20:0', '2 /app/cart.ts add 30:0']);
    expect(next.revision).toBeGreaterThan(first.revision);
    const again = await engine.call('codePlaces', { baseName: 'cart.ts', known: next });
    expect([again.place.length, again.revision]).toEqual([0, next.revision]);
    const stale = { generation: first.generation - 1, next: 3 };
    expect((await engine.call('codePlaces', { baseName: 'cart.ts', known: stale })).place).toHaveLength(3);
    expect(await statistics(stale.generation, [[0]])).toBeUndefined();
    expect(await engine.call('codeSpans', { generation: stale.generation, places: [0], limit: 1 })).toBeUndefined();
  });
});

describe('codeStatistics and codeSpans', () => {
  it('count a group of places as one, over all datasets', async () => {
    await engine.open([run(1, { durationMs: 10 }), run(2, { durationMs: 30, error: true, line: 8 })]);
    await engine.open([run(4, { durationMs: 20 }), run(3, { durationMs: 40, fn: 'drop', line: 90 })], 'file:b');
    const { generation } = await engine.call('codePlaces', { baseName: 'cart.ts' });
    expect(await statistics(generation, [[0, 1], [2], [0], [], [77]])).toEqual([
      '3/1 20 30 a4',
      '1/0 40 40 a3',
      '2/0 10 20 a4',
      '0/0 0 0 ',
      '0/0 0 0 ',
    ]);
    const answer = await engine.call('codeStatistics', { generation, groups: [[0, 1], [77]] });
    expect([...(answer?.callsOfPlace ?? [])]).toEqual([2, 1, 0]);
    const spans = await engine.call('codeSpans', { generation, places: [0, 1], limit: 2 });
    expect(spans).toEqual([
      { traceId: 'a4'.padStart(32, '0'), spanId: '4'.padStart(16, '0'), durationNs: 20e6, error: false, startMs: BASE_MS + 4 },
      { traceId: 'a2'.padStart(32, '0'), spanId: '2'.padStart(16, '0'), durationNs: 30e6, error: true, startMs: BASE_MS + 2 },
    ]);
  });

  it('forget a dataset that was closed', async () => {
    await engine.open([run(1), run(2, { durationMs: 5 })]);
    await engine.open([run(3, { durationMs: 9 })], 'file:b');
    const { generation } = await engine.call('codePlaces', { baseName: 'cart.ts' });
    expect(await statistics(generation, [[0]])).toEqual(['3/0 5 9 a3']);
    await engine.call('dropDataset', { dataset: 'file:b' });
    const after = await engine.call('codePlaces', { baseName: 'cart.ts' });
    expect([after.spans, after.generation]).toEqual([2, generation]);
    expect(await statistics(generation, [[0]])).toEqual(['2/0 1 5 a2']);
    await engine.call('dropDataset', { dataset: 'file:a' });
    expect((await engine.call('codePlaces', { baseName: 'cart.ts' })).spans).toBe(0);
    expect(await statistics(generation, [[0]])).toEqual(['0/0 0 0 ']);
  });

  it('follow a live capture, also where small batches are joined and old traces leave memory', async () => {
    await engine.call('configure', limits);
    await engine.call('openCaptures', { directory: join(folder, 'live') });
    const { httpPort } = await engine.call('startCapture', { wellKnownPort: false });
    const send = async (spans: readonly SpanSpec[]): Promise<void> => {
      const headers = { 'content-type': 'application/json' };
      const url = `http://127.0.0.1:${httpPort}/v1/traces`;
      expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(request(spans)) })).status).toBe(200);
    };
    try {
      let sent = 0;
      for (let i = 1; i <= 600; i++) {
        await send([run(i, { durationMs: (i % 100) + 1, error: i % 50 === 0 })]);
        sent++;
        if (i % 130 !== 0 && i !== 600) continue;
        const { generation, spans } = await engine.call('codePlaces', { baseName: 'cart.ts' });
        const durations = Array.from({ length: sent }, (_, k) => ((k + 1) % 100) + 1).sort((a, b) => a - b);
        const at = (fraction: number): number => durations[Math.ceil(fraction * sent) - 1];
        expect(spans).toBe(sent);
        expect(await statistics(generation, [[0]])).toEqual([
          `${sent}/${Math.floor(sent / 50)} ${at(0.5)} ${at(0.95)} ${(0xa0 + i).toString(16).slice(-2)}`,
        ]);
      }
      // The memory shrinks: whole traces leave, the oldest first, some of them out of the midst of a batch.
      const { bytes } = await engine.call('memory', {});
      await engine.call('configure', { ...limits, captureMemoryBytes: Math.floor(bytes / 2) });
      const { spans: left } = await engine.call('memory', {});
      const { spans, generation } = await engine.call('codePlaces', { baseName: 'cart.ts' });
      expect(spans).toBe(left);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(600);
      const kept = Array.from({ length: left }, (_, k) => ((600 - k) % 100) + 1).sort((a, b) => a - b);
      const [text] = (await statistics(generation, [[0]])) ?? [];
      const errors = Array.from({ length: left }, (_, k) => 600 - k).filter((i) => i % 50 === 0).length;
      expect(text).toBe(`${left}/${errors} ${kept[Math.ceil(left * 0.5) - 1]} ${kept[Math.ceil(left * 0.95) - 1]} f8`);
    } finally {
      await engine.call('stopCapture', {});
    }
    await engine.call('clearCapture', {});
    expect((await engine.call('codePlaces', { baseName: 'cart.ts' })).spans).toBe(0);
  });

  it('lose nothing when a caller gives up in the middle', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => run(i + 1));
    await engine.call('openFile', { dataset: 'file:a', name: 'a.otlp.json', bytes: requestBytes(many) });
    const gone = new AbortController();
    const asked = engine.call('codePlaces', { baseName: 'cart.ts' }, gone.signal);
    const other = engine.call('codePlaces', { baseName: 'cart.ts' });
    gone.abort();
    await asked.catch(() => {});
    expect((await other).spans).toBe(20_000);
  });
});
