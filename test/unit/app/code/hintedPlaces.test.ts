// Spans that state no place of their own: found by what else they say, counted as a person counts calls, and found again when files change.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { HintedPlaces } from '../../../../src/app/code/hintedPlaces';
import { PlaceFinder } from '../../../../src/app/code/placeFinder';
import { functionsOf } from '../../../../src/code';
import type { CodeHint } from '../../../../src/protocol/code';
import type { ResolveResult, SourceCandidate } from '../../../../src/source';
import { InProcessEngine } from '../../../support/inProcessEngine';
import { requestBytes, type SpanSpec } from '../../../support/otlp';

afterEach(() => vi.restoreAllMocks());

/** Moves the clock ahead by which it is told what takes long. */
function ownClock(): (ms: number) => void {
  const now = performance.now.bind(performance);
  let ahead = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
  return (ms) => {
    ahead += ms;
  };
}

const shop = 'file:///home/dev/shop';
const server = `${shop}/src/server.ts`;

const answer = (...candidates: SourceCandidate[]): ResolveResult => ({ candidates, tried: [], causes: [] });
const at = (line: number, more: Partial<SourceCandidate> = {}): ResolveResult =>
  answer({ file: server, line, rung: 'literal', confidence: 0.7, reason: 'its route', ...more });

/** What the workspace holds, by the name of the span; whoever asks is noted. */
class Source {
  asked: string[] = [];
  constructor(readonly known: Record<string, ResolveResult>) {}
  readonly hintResolver =
    async () =>
    async ({ name, kind, family }: CodeHint): Promise<ResolveResult> => {
      this.asked.push(`${kind} ${name}`);
      return this.known[[name, ...family.ancestors.map((one) => one.name)].join(' < ')] ?? this.known[name] ?? answer();
    };
  readonly resolveAttributes = async (attributes: Readonly<Record<string, unknown>>): Promise<ResolveResult> =>
    attributes['code.file.path'] === '/app/src/pay.ts'
      ? answer({
          file: `${shop}/src/pay.ts`,
          line: Number(attributes['code.line.number']) - 1,
          rung: 'attributes',
          confidence: 0.95,
          reason: '',
        })
      : answer();
}

async function lenses(engine: InProcessEngine, places: HintedPlaces, file = server): Promise<string[]> {
  const { generation = -1, places: located } = await places.in(file);
  const functions = functionsOf(located);
  const groups = functions.map((one) => one.places.map(({ place }) => place));
  const measured = await engine.call('codeStatistics', { generation, groups });
  return functions.map(
    (one, i) => `${one.places[0].line + 1} ${one.name}: ${measured?.calls[i]} calls, ${measured?.errors[i]} errors`,
  );
}

let id = 0;
const span = (name: string, kind: number, more: Partial<SpanSpec> = {}): SpanSpec => ({
  traceId: 'a1',
  spanId: String(++id),
  name,
  kind,
  ...more,
});

it('counts requests, not the several spans that one request makes with the same route', async () => {
  const engine = new InProcessEngine();
  const source = new Source({ 'GET /orders/:id': at(12), 'request handler': at(12), middleware: at(12), 'GET /health': at(40) });
  const places = new HintedPlaces(engine, source, new PlaceFinder(source));
  const request = [span('GET /orders/:id', 2), span('request handler', 1), span('middleware', 1), span('middleware', 1)];
  await engine.open([...request, span('GET /orders/:id', 2, { error: true }), span('GET /health', 1), span('unknown', 1)]);
  expect(await lenses(engine, places)).toEqual(['13 GET /orders/:id: 2 calls, 1 errors', '41 GET /health: 1 calls, 0 errors']);
  // Each was looked for once, however many spans say it; those of a later file alone when they come.
  expect(source.asked).toHaveLength(5);
});

it('counts a request once, and not the connections that its library made for it', async () => {
  const engine = new InProcessEngine();
  const part = at(12, { rung: 'symbol', confidence: 0.75, ofRequest: true });
  const source = new Source({ GET: at(12), 'tls.connect': part, 'dns.lookup': part });
  const places = new HintedPlaces(engine, source, new PlaceFinder(source));
  await engine.open([span('GET', 3), span('tls.connect', 1), span('dns.lookup', 1), span('GET', 3), span('dns.lookup', 1)]);
  expect(await lenses(engine, places)).toEqual(['13 GET: 2 calls, 0 errors']);
});

it('leaves an uncertain answer to the stack of the exception, and a failed call where its function is', async () => {
  const engine = new InProcessEngine();
  const source = new Source({ charge: at(3, { rung: 'symbol', confidence: 0.85 }), guess: at(9, { confidence: 0.3 }) });
  const places = new HintedPlaces(engine, source, new PlaceFinder(source));
  const failed = {
    error: true,
    events: [{ name: 'exception', attributes: { 'exception.stacktrace': 'Error: no\n    at pay (/app/src/pay.ts:7:3)' } }],
  };
  await engine.open([span('charge', 1), span('charge', 1, failed), span('guess', 1), span('guess', 1, failed)]);
  expect(await lenses(engine, places)).toEqual(['4 charge: 2 calls, 1 errors']);
  expect(await lenses(engine, places, `${shop}/src/pay.ts`)).toEqual(['7 pay: 1 calls, 1 errors']);
});

it('looks again when files changed', async () => {
  const engine = new InProcessEngine();
  const source = new Source({ 'GET /orders/:id': at(12) });
  const places = new HintedPlaces(engine, source, new PlaceFinder(source));
  await engine.open([span('GET /orders/:id', 2)]);
  await lenses(engine, places);
  await lenses(engine, places);
  expect(source.asked).toHaveLength(1);
  source.known['GET /orders/:id'] = at(20);
  places.forget();
  expect(await lenses(engine, places)).toEqual(['21 GET /orders/:id: 1 calls, 0 errors']);
  await engine.open([span('GET /orders/:id', 2), span('GET /later', 2)], 'file:b');
  source.known['GET /later'] = at(30);
  expect(await lenses(engine, places)).toEqual(['21 GET /orders/:id: 2 calls, 0 errors', '31 GET /later: 1 calls, 0 errors']);
});

it('stands where a click on the span would lead, which the spans around it decide', async () => {
  const engine = new InProcessEngine();
  const source = new Source({
    'SELECT orders < GET /orders': at(12),
    'SELECT orders < GET /carts': at(30),
    'SELECT orders < step < POST /orders': at(50),
  });
  const places = new HintedPlaces(engine, source, new PlaceFinder(source));
  const below = (parent: SpanSpec, name: string, kind = 3): SpanSpec => span(name, kind, { parent: parent.spanId });
  const [orders, carts, created] = ['GET /orders', 'GET /carts', 'POST /orders'].map((name) => span(name, 2));
  const step = below(created, 'step', 1);
  // Children end before their parents, and come before them.
  const queries = [below(orders, 'SELECT orders'), below(carts, 'SELECT orders'), below(step, 'SELECT orders')];
  await engine.open([...queries, step, orders, carts, created]);
  const again = [orders, carts].map((one) => ({ ...one, traceId: 'a2' }));
  await engine.open([...again, ...again.map((one) => ({ ...below(one, 'SELECT orders'), traceId: 'a2' }))], 'file:b');
  expect(await lenses(engine, places)).toEqual([
    '13 SELECT orders: 2 calls, 0 errors',
    '31 SELECT orders: 2 calls, 0 errors',
    '51 SELECT orders: 1 calls, 0 errors',
  ]);
  expect(source.asked.filter((one) => one.endsWith('SELECT orders'))).toHaveLength(3);
});

it('tells the second of equal calls from the first, and a function that calls itself from none of its calls', async () => {
  const engine = new InProcessEngine();
  const seen: string[] = [];
  const source = {
    resolveAttributes: async () => answer(),
    hintResolver:
      async () =>
      async ({ name, family }: CodeHint): Promise<ResolveResult> => {
        seen.push(
          `${family.before.map((one) => `${one.name}, then `).join('')}${[name, ...family.ancestors.map((one) => one.name)].join(' < ')}`,
        );
        return answer();
      },
  };
  const request = span('GET /', 2);
  const walk = [0, 1, 2, 3].map((depth) => span('walk', 1, { parent: depth === 0 ? request.spanId : String(id) }));
  const twice = [1, 2, 3, 4, 5, 6].map(() => span('load', 3, { parent: request.spanId }));
  await engine.open([request, ...walk, ...twice]);
  await new HintedPlaces(engine, source, new PlaceFinder(source)).in(server);
  expect(seen.sort()).toEqual([
    'GET /',
    'load < GET /',
    'load, then load < GET /',
    'load, then load, then load < GET /',
    'load, then load, then load, then load < GET /',
    'walk < GET /',
  ]);
});

it('counts spans that name a file of a package by whatever else they say', async () => {
  const engine = new InProcessEngine();
  const source = new Source({ 'GET /orders': at(12) });
  const places = new HintedPlaces(engine, source, new PlaceFinder(source));
  const hooked = {
    attributes: {
      'code.file.path': '/app/vendor/acme/framework/src/Kernel.php',
      'code.line.number': 40,
      'code.function.name': 'Acme.Kernel.handle',
      'http.route': '/orders',
    },
  };
  await engine.open([span('GET /orders', 2, hooked), span('GET /orders', 2, hooked)]);
  expect(await lenses(engine, places)).toEqual(['13 GET /orders: 2 calls, 0 errors']);
});

it('answers in time with what was found by then, and tells when there is all', async () => {
  const engine = new InProcessEngine();
  const source = new Source({ 'GET /orders': at(12), 'GET /carts': at(30) });
  let release = (): void => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const resolver = source.hintResolver;
  const places = new HintedPlaces(
    engine,
    {
      async hintResolver() {
        const resolve = await resolver();
        return async (hint) => {
          if (hint.name === 'GET /carts') await slow;
          return resolve(hint);
        };
      },
    },
    new PlaceFinder(source),
  );
  const found: string[] = [];
  places.onDidFind(() => found.push('found'));
  await engine.open([span('GET /orders', 2), span('GET /carts', 2)]);
  const early = await places.in(server, 50);
  expect(early.places.map(({ line }) => line)).toEqual([12]);
  expect(found).toEqual([]);
  release();
  const all = await places.in(server);
  expect(all.places.map(({ line }) => line)).toEqual([12, 30]);
  await Promise.resolve();
  expect(found).toEqual(['found']);
  expect((await places.in(server, 5_000)).places).toEqual(all.places);
});

it('knows the spans around one also where they came before it or after it, by themselves', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spanhop-hinted-'));
  const engine = await InProcessEngine.withCaptures(folder);
  const { httpPort } = await engine.call('startCapture', { wellKnownPort: false });
  const send = async (...spans: SpanSpec[]): Promise<void> => {
    const headers = { 'content-type': 'application/x-protobuf' };
    await fetch(`http://127.0.0.1:${httpPort}/v1/traces`, { method: 'POST', headers, body: new Uint8Array(requestBytes(spans)) });
  };
  try {
    const source = new Source({
      'SELECT < load < GET /orders': at(12),
      'SELECT < load < GET /carts': at(30),
      'SELECT < load': at(50),
    });
    const places = new HintedPlaces(engine, source, new PlaceFinder(source));
    const trace = (name: string, traceId: string): SpanSpec[] => {
      const request = span(name, 2, { traceId });
      const load = span('load', 1, { traceId, parent: request.spanId });
      return [span('SELECT', 3, { traceId, parent: load.spanId }), load, request];
    };
    const [select, load, request] = trace('GET /orders', 'b1');
    await send(select);
    expect(await lenses(engine, places)).toEqual([]);
    await send(load);
    expect(await lenses(engine, places)).toEqual(['51 SELECT: 1 calls, 0 errors']);
    await send(request);
    const first = (): Promise<string[]> => lenses(engine, places).then((all) => all.filter((one) => !one.includes(' 0 calls')));
    expect(await first()).toEqual(['13 SELECT: 1 calls, 0 errors']);
    const [select2, load2, request2] = trace('GET /carts', 'b2');
    await send(request2);
    await send(load2);
    expect(await first()).toEqual(['13 SELECT: 1 calls, 0 errors']);
    await send(select2);
    expect(await first()).toEqual(['13 SELECT: 1 calls, 0 errors', '31 SELECT: 1 calls, 0 errors']);
    // One of another service was called from outside.
    await send(span('SELECT', 3, { traceId: 'b1', parent: load.spanId, service: 'elsewhere' }));
    expect(await first()).toEqual(['13 SELECT: 1 calls, 0 errors', '31 SELECT: 1 calls, 0 errors']);
  } finally {
    await engine.call('stopCapture', {});
    rmSync(folder, { recursive: true, force: true });
  }
});

it('looks again for nothing that was not found while files are the same', async () => {
  const engine = new InProcessEngine();
  const source = new Source({ later: at(30) });
  const places = new HintedPlaces(engine, source, new PlaceFinder(source));
  await engine.open([span('unknown', 1)]);
  expect(await lenses(engine, places)).toEqual([]);
  await engine.open([span('later', 1)], 'file:b');
  expect(await lenses(engine, places)).toEqual(['31 later: 1 calls, 0 errors']);
  expect(source.asked).toEqual(['1 unknown', '1 later']);
});

it('tells what was found meanwhile where the rest takes long', async () => {
  const engine = new InProcessEngine();
  const source = new Source({ first: at(12), last: at(30) });
  let release = (): void => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const resolver = source.hintResolver;
  const hintResolver: typeof resolver = async () => {
    const resolve = await resolver();
    return async (hint) => {
      await (hint.name === 'last' ? slow : begun);
      return resolve(hint);
    };
  };
  const places = new HintedPlaces(engine, { hintResolver }, new PlaceFinder(source));
  const pass = ownClock();
  const told = new Promise<void>((resolve) => places.onDidFind(resolve));
  await engine.open([span('first', 2), span('last', 2)]);
  expect((await places.in(server, 10)).places).toEqual([]);
  pass(600);
  begin();
  await told;
  expect((await places.in(server, 10)).places).toHaveLength(1);
  release();
  expect((await places.in(server)).places).toHaveLength(2);
});

it('rests after a look that took long, and holds on to what it found', async () => {
  const engine = new InProcessEngine();
  const source = new Source({ 'GET /orders': at(12) });
  const resolver = source.hintResolver;
  const pass = ownClock();
  const hintResolver: typeof resolver = async () => {
    pass(250);
    return resolver();
  };
  const places = new HintedPlaces(engine, { hintResolver }, new PlaceFinder(source));
  await engine.open([span('GET /orders', 2)]);
  await places.in(server);
  source.known['GET /orders'] = at(20);
  places.forget();
  const lines = async (): Promise<number[]> => (await places.in(server)).places.map(({ line }) => line);
  const rested = new Promise<void>((resolve) => places.onDidFind(resolve));
  expect(await lines()).toEqual([12]);
  await rested;
  expect(await lines()).toEqual([20]);
  places.dispose();
});

it('tells the nearest eight spans around one, however many there are', async () => {
  const engine = new InProcessEngine();
  const seen: string[] = [];
  const source = {
    resolveAttributes: async () => answer(),
    hintResolver:
      async () =>
      async ({ name, family }: CodeHint): Promise<ResolveResult> => {
        seen.push([name, ...family.ancestors.map((one) => one.name)].join(' '));
        return answer();
      },
  };
  const deep = Array.from('abcdefghijklmn', (name, i) => span(name, 1, i === 0 ? {} : { parent: String(id) }));
  await engine.open(deep.reverse());
  await new HintedPlaces(engine, source, new PlaceFinder(source)).in(server);
  expect(seen).toContain('n m l k j i h g f');
  expect(seen).toContain('j i h g f e d c b');
  expect(seen).toContain('i h g f e d c b a');
});

it('looks for what else spans say where the file that they state is not here', async () => {
  const engine = new InProcessEngine();
  const source = new Source({ charge: at(20, { rung: 'symbol', confidence: 0.8 }) });
  const places = new HintedPlaces(engine, source, new PlaceFinder(source));
  const stating = (file: string): Partial<SpanSpec> => ({
    attributes: { 'code.file.path': file, 'code.function.name': 'charge', 'code.line.number': 40 },
  });
  const calls = [1, 2].map(() => span('charge', 1, stating('/app/build/charge.js')));
  await engine.open([...calls, span('charge', 1, stating('/app/src/pay.ts'))]);
  expect(await lenses(engine, places)).toEqual(['21 charge: 2 calls, 0 errors']);
  expect(source.asked).toEqual(['1 charge']);
});

it('tells apart what may be another place, and nothing else', async () => {
  const engine = new InProcessEngine();
  const source = new Source({});
  const places = new HintedPlaces(engine, source, new PlaceFinder(source));
  const saying = (name: string, attributes: Record<string, string>): SpanSpec => span(name, 2, { attributes });
  const rows = (text: string): SpanSpec => span('SELECT', 3, { attributes: { 'db.query.text': text } });
  await engine.open([
    saying('GET /api/v1/orders', { 'http.route': '/api/v1/orders', 'url.path': '/api/v1/orders' }),
    saying('GET /api/v2/orders', { 'http.route': '/api/v2/orders', 'url.path': '/api/v2/orders' }),
    // A route says it; one that takes all does not.
    ...['/shop/red', '/shop/blue'].map((path) => saying('GET /shop/:color', { 'http.route': '/shop/:color', 'url.path': path })),
    ...['/a/red', '/a/blue', '/a/blue?x=1'].map((path) => saying('GET *', { 'http.route': '*', 'url.path': path })),
    ...["name = 'Ann'", "name = 'It''s Bo'"].map((where) => rows(`SELECT id FROM people WHERE ${where}`)),
    ...['$1', '$1, $2, $3', '17,4'].map((list) => rows(`SELECT id FROM orders WHERE id IN (${list})`)),
    ...['(?, ?)', '(?, ?), (?, ?),(?, ?)'].map((values) => rows(`INSERT INTO lines (a, b) VALUES ${values}`)),
  ]);
  await places.in(server);
  const count = (one: string): number => source.asked.filter((asked) => asked === one).length;
  expect(count('2 GET /api/v1/orders') + count('2 GET /api/v2/orders')).toBe(2);
  expect(count('2 GET /shop/:color')).toBe(1);
  expect(count('2 GET *')).toBe(2);
  expect(count('3 SELECT')).toBe(4);
});
