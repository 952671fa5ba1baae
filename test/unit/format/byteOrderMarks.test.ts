// Files with a byte order mark that were put together have one in the middle, before each.

import { describe, expect, it } from 'vitest';
import { StreamDecoder } from '../../../src/core/format/format';
import { JsonDecoder } from '../../../src/core/format/json/machine';
import { OtlpJsonGrammar } from '../../../src/core/format/otlp/otlpJson';
import { PieceStream } from '../../../src/core/format/sink/pieceStream';
import { Sink } from '../../../src/core/format/sink/sink';
import { StringTable } from '../../../src/core/model/strings';
import { decode } from './spans';

const mark = '\ufeff';
const request = (id: number, space?: number): string =>
  JSON.stringify(
    {
      resourceSpans: [
        { scopeSpans: [{ spans: [{ traceId: '1'.repeat(32), spanId: `${id}`.padStart(16, '0'), name: `s${id}` }] }] },
      ],
    },
    null,
    space,
  );
const go = (id: number): string =>
  JSON.stringify({ Name: `s${id}`, SpanContext: { TraceID: '1'.repeat(32), SpanID: `${id}`.padStart(16, '0') } });

describe('a byte order mark before each', () => {
  it.each([
    ['line', [request(1), request(2), request(3)].map((line) => `${mark}${line}\n`).join('')],
    ['line but the first', [request(1), request(2), request(3)].join(`\n${mark}`)],
    ['document of several lines', [request(1, 1), request(2, 1), request(3, 1)].map((each) => `${mark}${each}\n`).join('')],
    ['document without a line’s end', [request(1), request(2), request(3)].map((each) => mark + each).join('')],
    ['span that a program printed', [go(1), go(2), go(3)].map((each) => `${mark}${each}\n`).join('')],
  ])('%s is no part of it', (_, text) => {
    const { spans, defects } = decode(text);
    expect([spans.map(({ name }) => name), defects]).toEqual([['s1', 's2', 's3'], []]);
    const decoder = new StreamDecoder({ strings: new StringTable() });
    decoder.push(new TextEncoder().encode(text));
    expect(decoder.end()).toMatchObject({ spanCount: 3, defects: [] });
  });

  it.each([1, 2, 3, 5])('is none when pieces of %i bytes end in it', (size) => {
    const bytes = new TextEncoder().encode([request(1), request(2)].map((each) => mark + each).join(''));
    const sink = new Sink(new StringTable(), 'it');
    const limits = { piece: 1, batchSpans: 100, batchBytes: 1 << 20 };
    const stream = new PieceStream(
      sink,
      new JsonDecoder(sink, new OtlpJsonGrammar(sink), false),
      Infinity,
      () => {
        throw new Error('too large');
      },
      limits,
    );
    for (let at = 0; at < bytes.length; at += size) stream.push(bytes.subarray(at, at + size));
    stream.end();
    expect([sink.spanCount, sink.defects()]).toEqual([2, []]);
  });

  it('that is none is told', () => {
    expect(decode(`${request(1)}\n\u{ffff}${request(2)}\n${request(3)}`).defects).toHaveLength(1);
  });
});
