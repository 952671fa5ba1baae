// Input that is cut anywhere, into two pieces: what is read, and what is told of damage, is the same as of the whole.

import { describe, expect, it } from 'vitest';
import { decoderFor } from '../../../src/core/format/decoders';
import { ProtoWriter } from '../../../src/core/format/proto/writer';
import { PieceStream } from '../../../src/core/format/sink/pieceStream';
import { Sink } from '../../../src/core/format/sink/sink';
import { layoutOf } from '../../../src/core/format/sniff';
import { StringTable } from '../../../src/core/model/strings';
import { decode, type PlainSpan, spansOf } from './spans';

const encoder = new TextEncoder();
const LIMITS = { piece: 1, batchSpans: 1 << 16, batchBytes: 1 << 24 };

/** Spans and messages of the input cut at `at`. */
function inTwo(bytes: Uint8Array, at: number): { spans: PlainSpan[]; messages: string[] } {
  const sink = new Sink(new StringTable(), 'input');
  const layout = layoutOf(bytes);
  if (!layout) throw new Error('no format');
  const stream = new PieceStream(sink, decoderFor(layout, sink), 1 << 20, () => expect.unreachable(), LIMITS);
  const batches = [...stream.push(bytes.slice(0, at)), ...stream.push(bytes.slice(at)), ...stream.end()];
  return { spans: spansOf(batches), messages: sink.defects().map(({ message }) => message) };
}

function sameWhereverCut(bytes: Uint8Array, spans: number): void {
  const whole = decode(bytes);
  expect(whole.spans.length).toBe(spans);
  const wanted = { spans: whole.spans, messages: whole.defects.map(({ message }) => message) };
  for (let at = 0; at <= bytes.length; at++) expect(inTwo(bytes, at), `cut at ${at}`).toEqual(wanted);
}

const span = (id: number, more = '') =>
  `{"traceId":"11111111111111111111111111111111","spanId":"000000000000000${id}","name":"n"${more}}`;
const otlp = (spans: string, resourceMore = '', scopeMore = '') =>
  `{"resourceSpans":[{${resourceMore}"scopeSpans":[{${scopeMore}"spans":[${spans}]}]}]}`;

describe('JSON', () => {
  it.each(['null', 'true', '-12.5e3', '"text\\""', '[1,{"a":null}]'])('with a member that nobody reads: %s', (value) => {
    const member = `"other":${value},`;
    sameWhereverCut(encoder.encode(otlp(`${span(1)},${value},${span(2)}`, member, member)), 2);
  });

  it('with damage inside of a span', () => {
    sameWhereverCut(encoder.encode(otlp(`${span(1)},${span(2, ',,"kind":?,"events":[{}]')},${span(3)}`)), 2);
  });

  it('behind a byte order mark', () => sameWhereverCut(encoder.encode(`\ufeff${otlp(span(1))}`), 1));

  it('of Jaeger and Zipkin', () => {
    const jaeger =
      '{"data":[{"x":null,"spans":[{"traceID":"1","spanID":"2","processID":"p"}],"y":12,"processes":{"p":{"serviceName":"s"}}}]}';
    sameWhereverCut(encoder.encode(jaeger), 1);
    sameWhereverCut(encoder.encode('[null,{"traceId":"1","id":"2","x":null},12,{"traceId":"1","id":"3"}]'), 2);
  });
});

describe('protobuf', () => {
  /** @param other writes a field that nobody reads */
  function message(other: (writer: ProtoWriter) => void): Uint8Array {
    const writer = new ProtoWriter();
    for (let id = 1; id <= 2; id++) {
      const resource = writer.open(0x0a, 2);
      writer.text(0x0a, '');
      other(writer);
      const scope = writer.open(0x12, 2);
      writer.text(0x0a, '');
      other(writer);
      const start = writer.open(0x12, 1);
      writer.bytes(0x0a, new Uint8Array(16).fill(1));
      writer.bytes(0x12, new Uint8Array(8).fill(id));
      writer.text(0x2a, 'n');
      writer.close(start, 1);
      writer.close(scope, 2);
      writer.close(resource, 2);
    }
    return writer.finish();
  }

  it.each([
    ['a varint', (writer: ProtoWriter) => [writer.varint(99 << 3), writer.varint(2 ** 40)]],
    ['eight bytes', (writer: ProtoWriter) => [writer.varint((99 << 3) | 1), writer.fixed64(1, 2)]],
    ['four bytes', (writer: ProtoWriter) => [writer.varint((99 << 3) | 5), writer.fixed32(7)]],
    ['bytes', (writer: ProtoWriter) => writer.text((99 << 3) | 2, 'some more text')],
    [
      'a group',
      (writer: ProtoWriter) => [writer.varint((99 << 3) | 3), writer.text((1 << 3) | 2, 'inside'), writer.varint((99 << 3) | 4)],
    ],
  ])('with a field that nobody reads: %s', (_, other) =>
    sameWhereverCut(
      message((writer) => void other(writer)),
      2,
    ),
  );

  it('with a length before each message', () => {
    const one = message(() => undefined);
    const frames = new Uint8Array((one.length + 4) * 2);
    for (const at of [0, one.length + 4]) {
      new DataView(frames.buffer).setUint32(at, one.length);
      frames.set(one, at + 4);
    }
    sameWhereverCut(frames, 4);
  });
});
