import { describe, expect, it } from 'vitest';
import { Slices } from '../../../src/base/slices';
import { traceIdWords } from '../../../src/core/model/ids';
import type { TraceOverview } from '../../../src/core/model/table';
import { createEngine } from '../../../src/engine/engine';
import { encodeBatches } from '../../../src/engine/store/encodeSpans';
import { type PackedTraceData, Packer, unpacked, writeOverview, writeSpan } from '../../../src/protocol/packedAnswers';
import type { CallContext } from '../../../src/protocol/rpc';
import type { SpanData } from '../../../src/protocol/traces';
import { wideBatch } from '../../support/bigTraces';
import { failure } from '../../support/inProcessEngine';
import { TEXT_TRACE_ID } from '../../support/traceText';

const traceId = TEXT_TRACE_ID;
const overview: TraceOverview = {
  traceId,
  rootName: 'GET /',
  rootService: 'shop',
  startUnixNano: 2n ** 64n - 1n,
  durationNs: 1.5,
};

const spans: readonly SpanData[] = [
  {
    traceId,
    spanId: '0000000000000001',
    name: '',
    service: '',
    kind: 0,
    startTimeUnixNano: 0n,
    durationNs: Number.POSITIVE_INFINITY,
    status: 0,
    attributes: {},
    resource: {},
    events: [],
    logs: [],
    links: [],
  },
  {
    traceId,
    spanId: '0000000000000002',
    parentSpanId: '0000000000000001',
    name: 'größer 😀',
    service: 'shop',
    kind: 5,
    startTimeUnixNano: 1_700_000_000_123_456_789n,
    durationNs: 12_345,
    status: 2,
    statusMessage: 'it broke',
    attributes: {
      text: 'é\u0000"',
      empty: '',
      int: 42,
      negative: -9_007_199_254_740_991,
      large: 9_007_199_254_740_991,
      zero: -0,
      double: 0.1,
      none: Number.NaN,
      big: -(2n ** 63n),
      yes: true,
      no: false,
      nothing: undefined,
      bytes: Uint8Array.of(0, 127, 128, 255),
      list: [1, 'a', [undefined, false]],
      map: { inner: { deep: 'x' }, __proto__key: 1 },
    },
    resource: { 'service.name': 'shop' },
    scope: { name: 'lib', version: '1' },
    events: [{ name: 'event', timeUnixNano: 5n, attributes: { a: 1 } }],
    logs: [{ timeUnixNano: 6n, severityNumber: 17, severityText: 'ERROR', body: { text: 'x' }, attributes: {} }],
    links: [{ traceId, spanId: '0000000000000001', attributes: { b: 'c' } }],
  },
  {
    traceId,
    spanId: '0000000000000003',
    name: 'größer 😀',
    service: 'shop',
    kind: 1,
    startTimeUnixNano: 1n,
    durationNs: 0,
    status: 1,
    attributes: { text: 'é' },
    resource: {},
    scope: { name: 'lib' },
    events: [],
    logs: [],
    links: [],
  },
];

function packedSpans(all: readonly SpanData[]): PackedTraceData {
  const packer = new Packer(writeSpan);
  for (const span of all) packer.add(span);
  return structuredClone({ packed: 'spans', overview, spans: packer.finish().pieces, defects: [] });
}

/** Maps without a prototype as others. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}n` : one)));

describe('packed answers', () => {
  it('bring spans back with values of every type', async () => {
    const { spans: read } = await unpacked<{ readonly spans: unknown }>(packedSpans(spans), new Slices());
    expect(plain(read)).toEqual(plain(spans));
    expect(read).toMatchObject([{ durationNs: Number.POSITIVE_INFINITY }, { attributes: { zero: -0, none: Number.NaN } }, {}]);
    expect(read).toMatchObject([{}, { attributes: { bytes: Uint8Array.of(0, 127, 128, 255), nothing: undefined } }, {}]);
  });

  it('bring overviews back, with what they have and without what they have not', async () => {
    const all: TraceOverview[] = [
      overview,
      { ...overview, spanCount: 0, errorCount: 3, missingSpans: 1, services: [], session: 's' },
      { ...overview, services: ['a', 'b'], startUnixNano: 0n },
    ];
    const packer = new Packer(writeOverview);
    for (const one of all) packer.add(one);
    const answer = { packed: 'traces', traces: packer.finish().pieces, more: true };
    expect(await unpacked<unknown>(structuredClone(answer), new Slices())).toEqual({ traces: all, more: true });
  });

  it('leave others as they are', async () => {
    const answer = { revision: 1 };
    expect(await unpacked(answer, new Slices())).toBe(answer);
    expect(await unpacked(undefined, new Slices())).toBeUndefined();
  });

  it('are read piece by piece, with turns of others in between, until the caller gives up', async () => {
    const answer = packedSpans(Array.from({ length: 20_000 }, () => spans[1]));
    expect(answer.spans.length).toBeGreaterThan(20);
    let turns = 0;
    const giveUp = new AbortController();
    const count = (): void => {
      if (++turns === 10) giveUp.abort();
      else setImmediate(count);
    };
    setImmediate(count);
    // A slice of no length: it is always time for others.
    expect(await failure(unpacked(answer, new Slices(giveUp.signal, -1)))).toBe('Cancelled: Cancelled.');
    expect(turns).toBe(10);
  });

  it('are what the engine gives: buffers that are moved, and hardly an object', async () => {
    const engine = createEngine(() => {});
    const moved: ArrayBufferLike[] = [];
    const context: CallContext = {
      signal: new AbortController().signal,
      progress: () => {},
      transfer: (...buffers) => void moved.push(...buffers),
    };
    const batch = wideBatch(20_000, 2);
    const id = traceIdWords(TEXT_TRACE_ID);
    for (let row = 0; row < batch.count; row++) batch.traceId.set(id, row * 4);
    const [bytes] = encodeBatches([batch]);
    await engine.openFile({ dataset: 'file:a', name: 'a.otlp.pb', bytes }, context);
    moved.splice(0);
    const answer = await engine.traceData({ dataset: 'file:a', traceId }, context);
    expect(answer.overview.spanCount).toBe(20_000);
    expect(moved).toHaveLength(answer.spans.length * 2);
    expect(answer.spans.length).toBeLessThan(200);
  });
});
