// What a hover, the marks and the trend ask of the engine: values of attributes, exceptions and throws with redaction applied, and captures told
// apart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CodeDetails, CodeSubject } from '../../../src/protocol/code';
import { InProcessEngine } from '../../support/inProcessEngine';
import { BASE_MS, request, type SpanSpec } from '../../support/otlp';

vi.setConfig({ testTimeout: 30_000 });

const place = { 'code.file.path': '/app/pay.ts', 'code.function.name': 'charge', 'code.line.number': 20 };
const call = (id: number, more: Partial<SpanSpec> = {}): SpanSpec => ({
  traceId: (0xa00 + id).toString(16),
  spanId: id.toString(16),
  startMs: id,
  ...more,
  attributes: { ...place, ...more.attributes },
});
const thrown = (type: string, message: string, stack: string): NonNullable<SpanSpec['events']>[number] => ({
  name: 'exception',
  attributes: { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack },
});
const stackAt = (line: number): string =>
  `GatewayTimeout: no\n    at charge (/app/pay.ts:${line}:9)\n    at next (/app/other.ts:3:1)`;

async function subject(engine: InProcessEngine): Promise<CodeSubject> {
  const { generation, place: places } = await engine.call('codePlaces', { baseName: 'pay.ts' });
  return { generation, places: [...places] };
}

async function details(engine: InProcessEngine, keys: readonly string[] = []): Promise<CodeDetails> {
  const answer = await engine.call('codeDetails', { ...(await subject(engine)), keys });
  if (!answer) throw new Error('another generation');
  return answer;
}

const valuesOf = ({ attributes }: CodeDetails): string[] =>
  attributes.map(
    ({ key, values, distinct }) => `${key} (${distinct}): ${values.map(({ text, count }) => `${count}× ${text}`).join(', ')}`,
  );

describe('codeDetails', () => {
  it('tells the last runs, the wanted attributes in their order, then those whose values repeat', async () => {
    const engine = new InProcessEngine();
    await engine.open(
      Array.from({ length: 30 }, (_, i) =>
        call(i + 1, {
          error: i === 29,
          attributes: {
            'http.route': i % 3 === 0 ? '/pay' : '/charge',
            'order.id': i,
            'payment.cents': i * 100,
            currency: i < 20 ? 'EUR' : 'USD',
            'db.query.text': 'select 1',
            password: 'hunter2',
          },
        }),
      ),
    );
    const found = await details(engine, ['http.route', 'http.response.status_code', 'payment.cents']);
    expect(valuesOf(found)).toEqual([
      'http.route (2): 20× /charge, 10× /pay',
      'payment.cents (30): 1× 2900, 1× 2800, 1× 2700',
      'password (1): 30× hunter2',
      'currency (2): 20× EUR, 10× USD',
    ]);
    expect(found.read).toBe(30);
    expect(found.runs.map(({ startMs, error }) => [startMs - BASE_MS, error])).toEqual([
      [30, true],
      [29, false],
      [28, false],
      [27, false],
      [26, false],
    ]);
    // A failure without an exception tells its status.
    expect(found.exceptions.map(({ type, message, count }) => [type, message, count])).toEqual([['', 'it broke', 1]]);
  });

  it('hides what the settings hide, in values, messages and statuses, whatever is asked for', async () => {
    const engine = new InProcessEngine();
    await engine.call('configure', {
      redactKeys: ['*password*'],
      redactPatterns: ['tok_[a-z]+'],
      captureMemoryBytes: 1 << 28,
      captureLogBytes: 1 << 28,
    });
    await engine.open(
      Array.from({ length: 8 }, (_, i) =>
        call(i + 1, {
          attributes: {
            password: 'hunter2',
            session: 'key tok_abcdef',
            long: `${'x'.repeat(60)} tok_secret ${'y'.repeat(5000)}`,
          },
          events: [thrown('Error', 'refused tok_abcdef', stackAt(21))],
          error: true,
        }),
      ),
    );
    const found = await details(engine, ['password', 'long', 'session']);
    expect(valuesOf(found)).toEqual([
      'password (1): 8× ••••',
      `long (1): 8× ${'x'.repeat(60)} •••• ${'y'.repeat(53)}…`,
      'session (1): 8× key ••••',
    ]);
    expect(found.exceptions[0].message).toBe('refused ••••');
    const { generation } = await subject(engine);
    const [{ last }] = (await engine.call('codeThrown', { generation, groups: [[0]] })) ?? [];
    expect(last?.message).toBe('refused ••••');
    expect(JSON.stringify({ ...found, exceptions: [] })).not.toMatch(/hunter2|tok_/);
  });

  it('counts exceptions by type and message, also rare ones of long ago, and tells of the last', async () => {
    const engine = new InProcessEngine();
    const failing = (id: number, message: string): SpanSpec =>
      call(id, { error: true, events: [thrown('GatewayTimeout', message, stackAt(21))] });
    await engine.open([
      failing(1, 'rare'),
      ...Array.from({ length: 600 }, (_, i) => call(i + 2)),
      failing(700, 'often'),
      failing(701, 'often'),
    ]);
    const { exceptions, read } = await details(engine);
    expect(read).toBe(200);
    expect(exceptions.map(({ message, count, last }) => [message, count, last.startMs - BASE_MS])).toEqual([
      ['often', 2, 701],
      ['rare', 1, 1],
    ]);
    expect(exceptions[0].stack).toBe(stackAt(21));
  });

  it('tells where the calls came in, and says nothing of it where that would take long', async () => {
    const engine = new InProcessEngine();
    const below = (id: number): SpanSpec[] => [
      { traceId: (0xa00 + id).toString(16), spanId: `f${id}`, name: 'POST /checkout', service: 'storefront', kind: 2 },
      call(id, { parent: `f${id}` }),
    ];
    await engine.open([...below(1), ...below(2), call(3)]);
    const { entries } = await details(engine);
    expect(entries?.calls).toBe(3);
    expect(entries?.spans.map(({ name, service, entry }) => [name, service, entry])).toEqual([
      ['POST /checkout', 'storefront', 2],
    ]);
    const large = new InProcessEngine();
    await large.open([
      call(1),
      ...Array.from({ length: 50_000 }, (_, i) => ({ traceId: 'a01', spanId: (i + 16).toString(16), parent: '1' })),
    ]);
    expect(await details(large)).not.toHaveProperty('entries');
  });
});

describe('an exception that several nested spans recorded', () => {
  it('counts once in its trace, in hovers as in Problems', async () => {
    const engine = new InProcessEngine();
    const nested = (trace: number): SpanSpec[] =>
      [1, 2, 3].map((depth) => ({
        ...call(trace * 10 + depth, { events: [thrown('GatewayTimeout', 'no', stackAt(21))], error: true }),
        traceId: (0xb00 + trace).toString(16),
        ...(depth > 1 ? { parent: (trace * 10 + depth - 1).toString(16) } : {}),
      }));
    // A failure without an exception is one for each span.
    await engine.open([...nested(1), ...nested(2), call(90, { error: true }), call(91, { error: true })]);
    const { exceptions, thrown: all } = await details(engine);
    expect(exceptions.map(({ type, count }) => `${type} ${count}`).sort()).toEqual([' 2', 'GatewayTimeout 2']);
    expect(all).toBe(4);
    const { changed } = await engine.call('exceptions', {});
    expect(changed.map(({ type, count }) => [type, count])).toEqual([['GatewayTimeout', 2]]);
    const { generation } = await subject(engine);
    const line = await engine.call('codeDetails', { generation, places: [], throws: [0], keys: [] });
    expect([line?.read, line?.thrown]).toEqual([6, 2]);
  });
});

describe('codeThrows and codeThrown', () => {
  it('number each distinct stack once, however often and with whatever message, and count its spans', async () => {
    const engine = new InProcessEngine();
    const at = (id: number, line: number, message: string): SpanSpec => ({
      traceId: (0xa00 + id).toString(16),
      spanId: id.toString(16),
      startMs: id,
      events: [thrown('GatewayTimeout', message, stackAt(line).replace('no', message))],
    });
    await engine.open([at(1, 21, 'one'), at(2, 21, 'two'), at(3, 33, 'three'), call(4)]);
    const { generation, next, throws } = await engine.call('codeThrows', {});
    expect(throws.map(({ number, stack }) => [number, /pay\.ts:(\d+)/.exec(stack)?.[1]])).toEqual([
      [0, '21'],
      [1, '33'],
    ]);
    const ask = async (groups: number[][]): Promise<unknown> =>
      (await engine.call('codeThrown', { generation, groups }))?.map(({ spans, last }) => [spans, last?.message]);
    expect(await ask([[0], [1], [0, 1], []])).toEqual([
      [2, 'two'],
      [1, 'three'],
      [3, 'three'],
      [0, undefined],
    ]);
    expect(await engine.call('codeSpans', { generation, places: [], throws: [0], limit: 9 })).toHaveLength(2);
    expect((await engine.call('codeThrows', { known: { generation, next } })).throws).toEqual([]);
    await engine.call('dropDataset', { dataset: 'file:a' });
    await engine.call('codeThrows', {});
    expect(await ask([[0], [1]])).toEqual([
      [0, undefined],
      [0, undefined],
    ]);
  });

  it('count a span once that records the same throw twice, and no stack without a frame of its own', async () => {
    const engine = new InProcessEngine();
    const native = 'Error: no\n    at JSON.parse (<anonymous>)\n    at lib (/app/node_modules/x/y.js:1:1)';
    await engine.open([
      {
        traceId: '1',
        spanId: '1',
        events: [thrown('E', 'a', stackAt(1)), thrown('E', 'b', stackAt(1)), thrown('E', 'c', native)],
      },
    ]);
    const { generation, throws } = await engine.call('codeThrows', {});
    expect(throws).toHaveLength(1);
    expect(await engine.call('codeThrown', { generation, groups: [[0]] })).toMatchObject([{ spans: 1 }]);
  });
});

describe('codeSpans', () => {
  it('lists the slowest first, or only those that failed', async () => {
    const engine = new InProcessEngine();
    await engine.open(Array.from({ length: 50 }, (_, i) => call(i + 1, { durationMs: ((i * 7) % 50) + 1, error: i % 10 === 0 })));
    const of = await subject(engine);
    const slowest = await engine.call('codeSpans', { ...of, limit: 3, order: 'slowest' });
    expect(slowest?.map(({ durationNs }) => durationNs / 1e6)).toEqual([50, 49, 48]);
    const failed = await engine.call('codeSpans', { ...of, limit: 10, errorsOnly: true });
    expect(failed?.map(({ startMs }) => startMs - BASE_MS)).toEqual([41, 31, 21, 11, 1]);
  });
});

describe('codeTrends', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spanhop-trend-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('compares the latest capture with the one before, and with a backend where there is none', async () => {
    const engine = new InProcessEngine();
    await engine.call('configure', { redactKeys: [], redactPatterns: [], captureMemoryBytes: 1 << 28, captureLogBytes: 1 << 28 });
    await engine.call('openCaptures', { directory: folder });
    const capture = async (spans: readonly SpanSpec[]): Promise<void> => {
      const { httpPort } = await engine.call('startCapture', { wellKnownPort: false });
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify(request(spans));
      await fetch(`http://127.0.0.1:${httpPort}/v1/traces`, { method: 'POST', headers, body });
    };
    const trends = async (): Promise<unknown> => {
      const { generation, places } = await subject(engine);
      return engine.call('codeTrends', { generation, groups: places.map((one) => [one]) });
    };
    const times = (count: number, ms: number, first: number, more: Partial<SpanSpec> = {}): SpanSpec[] =>
      Array.from({ length: count }, (_, i) => call(first + i, { durationMs: ms + i, ...more }));
    try {
      await capture(times(10, 100, 1));
      expect(await trends()).toEqual([undefined]);
      await engine.call('stopCapture', {});
      const [first] = await engine.call('captures', {});
      await capture(times(4, 300, 100));
      expect(await trends()).toEqual([undefined]);
      await capture([
        ...times(4, 300, 200),
        ...times(9, 1, 300, { attributes: { 'code.function.name': 'drop', 'code.line.number': 40 } }),
      ]);
      expect(await trends()).toEqual([
        { calls: 8, p95Ns: 303e6, before: { calls: 10, p95Ns: 109e6, origin: { type: 'capture', startedAt: first.startedAt } } },
        undefined,
      ]);
      const bytes = new TextEncoder().encode(
        JSON.stringify(request(times(6, 50, 400, { attributes: { 'code.function.name': 'drop', 'code.line.number': 40 } }))),
      );
      await engine.call('addBytes', { dataset: 'backend:Jaeger', name: 'Jaeger', bytes });
      expect(await trends()).toMatchObject([
        { calls: 8, before: { calls: 10 } },
        { calls: 9, p95Ns: 9e6, before: { calls: 6, p95Ns: 55e6, origin: { type: 'backend', name: 'Jaeger' } } },
      ]);
      await engine.call('stopCapture', {});
      await capture(times(6, 20, 500));
      const settings = { redactKeys: [], redactPatterns: [], captureLogBytes: 1 << 28 };
      expect(await trends()).toMatchObject([
        { calls: 6, before: { calls: 8 } },
        { calls: 9, before: { calls: 6 } },
      ]);
      await engine.call('configure', { ...settings, compareWith: first.id });
      expect(await trends()).toMatchObject([
        { calls: 6, before: { calls: 10, origin: { startedAt: first.startedAt } } },
        { calls: 9 },
      ]);
    } finally {
      await engine.call('stopCapture', {});
    }
  });
});
