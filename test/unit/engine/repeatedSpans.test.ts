// Spans that a program sent twice: they count once wherever a trace is told of, and a defect says so.

import { beforeEach, describe, expect, it } from 'vitest';
import { parseQuery } from '../../../src/core/query/parse';
import { InProcessEngine } from '../../support/inProcessEngine';
import type { SpanSpec } from '../../support/otlp';

const twice: SpanSpec = { traceId: 'a1', spanId: '2', parent: '1', name: 'SELECT', service: 'db', startMs: 5, error: true };
const spans: readonly SpanSpec[] = [
  { traceId: 'a1', spanId: '1', name: 'GET /', service: 'web', durationMs: 50 },
  twice,
  twice,
  // Another span with the same id is none that came twice.
  { ...twice, name: 'INSERT', error: false },
  { traceId: 'b2', spanId: '1', name: 'GET /other', service: 'web' },
];
const key = { dataset: 'file:a', traceId: 'a1'.padStart(32, '0') };

describe('a span that came twice', () => {
  let engine: InProcessEngine;
  beforeEach(() => {
    engine = new InProcessEngine();
  });

  it('counts once in the list, in the trace, in its picture and in its export', async () => {
    const { spanCount, traces, defects } = await engine.open(spans);
    // What the file holds.
    expect(spanCount).toBe(5);
    expect(traces.map((trace) => [trace.spanCount, trace.errorCount])).toEqual(
      expect.arrayContaining([
        [3, 1],
        [1, 0],
      ]),
    );
    expect(defects).toEqual([{ kind: 'duplicateId', count: 1, message: '1 span came twice and counts once in its trace.' }]);
    const listed = await engine.call('findTraces', { dataset: 'file:a', query: parseQuery('{ status = error }'), limit: 5 });
    expect(listed.traces).toMatchObject([{ spanCount: 3, errorCount: 1 }]);
    const data = await engine.call('traceData', key);
    expect(data.overview).toMatchObject({ spanCount: 3, errorCount: 1 });
    expect(data.spans).toHaveLength(3);
    expect(data.defects.map(({ message }) => message)).toContain('1 span came twice and is shown once.');
    expect(await engine.call('openTrace', key)).toMatchObject({ count: 3, errorCount: 1 });
    const exported = await engine.call('exportTrace', { ...key, format: 'otlp-proto' });
    expect(exported.spanCount).toBe(3);
    const again = new InProcessEngine();
    const { bytes } = exported;
    const content = await again.call('openFile', { dataset: 'file:b', name: 'b', bytes });
    expect(content).toMatchObject({ spanCount: 3, defects: [] });
  });

  it('counts once in a trace of many spans, too', async () => {
    const many = Array.from({ length: 500 }, (_, i): SpanSpec => ({ traceId: 'c3', spanId: (i + 1).toString(16) }));
    const { spanCount, traces } = await engine.open([...many, ...many.slice(100, 140)]);
    expect([spanCount, traces[0].spanCount]).toEqual([540, 500]);
  });

  it('counts once above its function, in hovers and among its calls, and is marked in its trace', async () => {
    const code = { 'code.file.path': '/app/cart.ts', 'code.function.name': 'add', 'code.line.number': 7 };
    const call: SpanSpec = { ...twice, attributes: code, durationMs: 30 };
    await engine.open([spans[0], call, call, { ...call, spanId: '3', error: false, durationMs: 10 }]);
    const { generation, place } = await engine.call('codePlaces', { baseName: 'cart.ts' });
    const places = [...place];
    const measured = await engine.call('codeStatistics', { generation, groups: [places] });
    expect([measured?.calls[0], measured?.errors[0], measured?.p50Ns[0]]).toEqual([2, 1, 10e6]);
    const listed = await engine.call('codeSpans', { generation, places, limit: 9 });
    expect(listed?.map(({ spanId }) => Number(spanId))).toEqual(expect.arrayContaining([2, 3]));
    expect(listed).toHaveLength(2);
    expect(await engine.call('codeDetails', { generation, places, keys: [] })).toMatchObject({
      read: 2,
      exceptions: [{ count: 1 }],
    });
    expect([...((await engine.call('rowsAtPlaces', { ...key, generation, places }))?.rows ?? [])]).toEqual([1, 2]);
  });
});

describe('a span that was told of when it began, and when it had ended', () => {
  const request = (...spans: object[]): Uint8Array =>
    new TextEncoder().encode(
      JSON.stringify({
        resourceSpans: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'web' } }] },
            scopeSpans: [{ spans: spans.map((one) => ({ traceId: 'a1'.padStart(32, '0'), ...one })) }],
          },
        ],
      }),
    );
  const id = (n: number): string => `${n}`.padStart(16, '0');
  const begun = { spanId: id(1), name: 'GET /', startTimeUnixNano: '1000000000000000000' };
  const ended = { ...begun, endTimeUnixNano: '1000000000050000000', status: { code: 2 }, attributes: [] };
  const child = { spanId: id(2), parentSpanId: id(1), name: 'SELECT', startTimeUnixNano: '1000000000060000000' };
  const childEnded = { ...child, endTimeUnixNano: '1000000000061000000' };

  it.each([
    ['first', [begun, ended, childEnded]],
    ['last', [childEnded, ended, begun]],
    ['twice, with its child', [begun, child, begun, childEnded, ended]],
    // What it had when it began need not be all.
    ['with other attributes', [{ ...begun, attributes: [{ key: 'a', value: { boolValue: true } }] }, begun, ended, childEnded]],
    // A request's route is found out after its span began.
    ['with another name', [{ ...begun, name: 'GET' }, child, childEnded, ended]],
  ])('is one: its beginning %s', async (_, spans) => {
    const engine = new InProcessEngine();
    const { traces } = await engine.openAndList({ dataset: 'file:a', name: 'a', bytes: request(...spans) });
    expect(traces).toMatchObject([{ rootName: 'GET /', spanCount: 2, errorCount: 1, durationNs: 61e6 }]);
    const { spans: shown, defects } = await engine.call('traceData', key);
    expect(shown).toMatchObject([
      { name: 'GET /', durationNs: 50e6 },
      { name: 'SELECT', parentSpanId: id(1), durationNs: 1e6 },
    ]);
    expect(defects.filter(({ message }) => !message.includes('came twice'))).toEqual([]);
    expect(await engine.call('openTrace', key)).toMatchObject({ count: 2 });
  });

  it('is one under the name that it had at last, as routers give it, and told of again while it runs', async () => {
    const engine = new InProcessEngine();
    const renamed = { ...ended, name: 'GET /cart' };
    const spans = [begun, { ...begun, name: 'GET /c', attributes: [{ key: 'a', value: { boolValue: true } }] }];
    await engine.openAndList({ dataset: 'file:a', name: 'a', bytes: request(...spans) });
    const running = await engine.call('traceData', key);
    expect(running.spans).toMatchObject([{ name: 'GET /c' }]);
    expect(running.defects).toEqual([]);
    await engine.openAndList({ dataset: 'file:b', name: 'b', bytes: request(renamed, ...spans) });
    expect((await engine.call('traceData', { ...key, dataset: 'file:b' })).spans).toMatchObject([
      { name: 'GET /cart', durationNs: 50e6 },
    ]);
  });

  it('stays two where it is another span', async () => {
    const engine = new InProcessEngine();
    const other = { ...ended, startTimeUnixNano: '1000000000000000001' };
    await engine.openAndList({ dataset: 'file:a', name: 'a', bytes: request(begun, other) });
    const { spans, defects } = await engine.call('traceData', key);
    expect(spans).toHaveLength(2);
    expect(defects.map(({ message }) => message).join()).toContain('has the id of another, different span');
  });
});
