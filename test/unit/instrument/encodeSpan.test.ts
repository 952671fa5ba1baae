// Spans as they are handed over are those that the SDK's own exporter would send.

import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { TraceState } from '@opentelemetry/core';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { beforeEach, describe, expect, it } from 'vitest';
import { GatheredSpans } from '../../../src/capture/stream/gatheredSpans';
import { ProtoWriter } from '../../../src/core/format/proto/writer';
import { FRAME } from '../../../src/core/spanStream/wire';
import { Contexts } from '../../../src/instrument/node/handOver/contextFrames';
import { encodeSpan } from '../../../src/instrument/node/handOver/encodeSpan';
import type { SpanLike } from '../../../src/instrument/node/spans/spanProcessor';
import { compareSpans } from '../../support/compareSpans';
import { decodedSpans, type PlainSpan } from '../../support/plainSpans';

const resource = resourceFromAttributes({ 'service.name': 'shop', 'process.pid': 7, list: ['a', 'b'] });
let exporter: InMemorySpanExporter;
let provider: BasicTracerProvider;
beforeEach(() => {
  exporter = new InMemorySpanExporter();
  provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    spanLimits: { attributeCountLimit: 12, eventCountLimit: 2, linkCountLimit: 1 },
  });
});

/** What the editor reads of spans that were handed over. */
function handedOver(spans: readonly SpanLike[], ended = true): PlainSpan[] {
  const gathered = new GatheredSpans();
  const contexts = new Contexts();
  for (const span of spans) {
    const { id, payload } = contexts.of(span);
    gathered.add({ kind: FRAME.context, payload });
    const writer = new ProtoWriter();
    encodeSpan(writer, span, ended);
    gathered.add({ kind: FRAME.span, payload: Buffer.concat([Buffer.from([id >> 8, id & 255]), writer.finish()]) });
  }
  return decodedSpans(gathered.take());
}

const exported = (spans: readonly ReadableSpan[]): PlainSpan[] =>
  decodedSpans(ProtobufTraceSerializer.serializeRequest([...spans]) ?? new Uint8Array(0));

type Made = ReadableSpan & SpanLike;

function made(): Made[] {
  const spans = exporter.getFinishedSpans() as Made[];
  expect(spans.length).toBeGreaterThan(0);
  return spans;
}

describe('a span that is handed over', () => {
  it('has all that the exporter sends of it', () => {
    const tracer = provider.getTracer('http', '1.2', { schemaUrl: 'https://opentelemetry.io/schemas/1.30.0' });
    const remote = {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
      traceState: new TraceState('vendor=1,other=2'),
    };
    const parent = trace.setSpanContext(ROOT_CONTEXT, remote);
    const span = tracer.startSpan(
      'GET /über/\u{1F980}',
      {
        kind: SpanKind.SERVER,
        startTime: [1_760_000_000, 999_999_999],
        attributes: {
          text: 'x',
          long: 'y'.repeat(3_000),
          'lone \ud800': '\udfff',
          yes: true,
          no: false,
          zero: 0,
          negative: -5,
          large: Number.MAX_SAFE_INTEGER,
          larger: 1e300,
          minus: -0,
          half: 0.5,
          nan: Number.NaN,
        },
        links: [{ context: remote, attributes: { why: 'because' } }, { context: remote }],
      },
      parent,
    );
    span.setAttributes({ texts: ['a', 'b'], 'one too many': 1 });
    span.addEvent('first', { n: 1 }, [1_760_000_001, 5]);
    span.addEvent('second', [1_760_000_001, 6]);
    span.recordException(new Error('it broke'));
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'bad' });
    span.end([1_760_000_002, 0]);
    const child = tracer.startSpan('child', { kind: SpanKind.CLIENT }, trace.setSpan(ROOT_CONTEXT, span));
    child.setStatus({ code: SpanStatusCode.OK });
    child.setAttributes({ empty: [], numbers: [1, 2.5, -3], flags: [true, false] });
    child.end();
    provider.getTracer('other').startSpan('').end();
    expect(compareSpans(exported(made()), handedOver(made()))).toEqual([]);
  });

  it('is one that has not ended while it is in progress, whatever it says', () => {
    provider.getTracer('t').startSpan('a').end();
    expect(handedOver(made(), false)).toMatchObject([{ name: 'a', end: 0n }]);
  });

  it('may be of SDK 1.x, whose members have other names', () => {
    const span = provider.getTracer('t', '3').startSpan('a', { attributes: { n: 1 } });
    span.end();
    const [{ instrumentationScope, parentSpanContext: _, ...members }] = [...made()].map((one) => ({ ...one }));
    const old: SpanLike = {
      ...members,
      name: 'a',
      kind: 0,
      ended: true,
      parentSpanId: 'c'.repeat(16),
      instrumentationLibrary: instrumentationScope,
      spanContext: () => span.spanContext(),
      setAttribute: () => undefined,
      resource,
      attributes: { n: 1 },
      links: [],
      events: [],
      status: { code: 0 },
      startTime: [5, 6],
      endTime: [5, 7],
    };
    expect(handedOver([old])).toMatchObject([
      {
        name: 'a',
        parentSpanId: 'c'.repeat(16),
        scopeName: 't',
        scopeVersion: '3',
        start: 5_000_000_006n,
        end: 5_000_000_007n,
        flags: 1,
      },
    ]);
  });

  it('has what is known of a resource, of which more is being found out', async () => {
    let found: (id: string) => void = () => {};
    const slow = resource.merge(
      resourceFromAttributes({
        'host.id': new Promise<string>((resolve) => {
          found = resolve;
        }),
      }),
    );
    provider = new BasicTracerProvider({ resource: slow, spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const tracer = provider.getTracer('t');
    const before = tracer.startSpan('before');
    const contexts = new Contexts();
    const first = contexts.of(before as unknown as SpanLike);
    expect(Buffer.from(first.payload).toString('latin1')).toContain('shop');
    found('h1');
    await slow.waitForAsyncAttributes?.();
    const second = contexts.of(before as unknown as SpanLike);
    expect(Buffer.from(second.payload).toString('latin1')).toContain('h1');
    expect(contexts.of(before as unknown as SpanLike)).toBe(second);
  });

  it('is left out where it has values that cannot be read, or are too long, or endless', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    provider.getTracer('t').startSpan('a').end();
    const [span] = made();
    const withValue = (value: unknown): SpanLike =>
      Object.create(span, { attributes: { value: { value } }, spanContext: { value: () => span.spanContext() } });
    expect(handedOver([withValue(circle)])).toMatchObject([{ name: 'a' }]);
    expect(
      handedOver([withValue({ f: () => {}, s: Symbol('s'), n: null, b: 2n ** 70n, bytes: new Uint8Array(3) })]),
    ).toMatchObject([{ attributes: { value: { kvlistValue: {} } } }]);
    expect(() => handedOver([withValue('x'.repeat(1 << 25))])).toThrow();
    const wide = Array.from({ length: 2_000 }, () => circle);
    circle.more = wide;
    expect(() => handedOver([withValue(wide)])).toThrow();
  });
});
