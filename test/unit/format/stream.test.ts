// Input in pieces gives what input as a whole gives, wherever it is cut, and batches own what they refer to.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FillingDecoder, StreamDecoder } from '../../../src/core/format/format';
import type { SpanBatch } from '../../../src/core/model/batch';
import { StringTable } from '../../../src/core/model/strings';
import { decode, spansOf } from './spans';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', 'formats', name)));

/** Pushes pieces of `size` bytes from one buffer that is overwritten each time. */
function stream(bytes: Uint8Array, size: number) {
  const decoder = new StreamDecoder({ strings: new StringTable(), name: 'input' });
  const batches: SpanBatch[] = [];
  const piece = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    piece.fill(0xff);
    piece.set(part);
    batches.push(...decoder.push(piece.subarray(0, part.length)));
  }
  const result = decoder.end();
  return { ...result, spans: spansOf([...batches, ...result.batches]), batchCount: batches.length + result.batches.length };
}

describe('a buffer that is being filled', () => {
  it.each(['example.otlp.json', 'tickets.otlp.pb', 'types.tempo.pb', 'ui_01.jaeger.json', 'shared.zipkin.json', 'logs.otlp.pb'])(
    '%s',
    (name) => {
      const source = fixture(name);
      // Longer than the head that is looked at first, so that decoding begins before the end.
      const copies = name.endsWith('tickets.otlp.pb') ? 60 : 1;
      const bytes = new Uint8Array(source.length * copies);
      for (let copy = 0; copy < copies; copy++) bytes.set(source, copy * source.length);
      const whole = decode(bytes);
      for (const size of [997, 100_003, bytes.length]) {
        const buffer = new Uint8Array(bytes.length);
        const decoder = new FillingDecoder(buffer, { strings: new StringTable(), name: 'input' });
        for (let at = 0; at < bytes.length; at += size) {
          buffer.set(bytes.subarray(at, at + size), at);
          decoder.advance(Math.min(bytes.length, at + size));
        }
        const result = decoder.end(bytes.length);
        expect(spansOf(result.batches)).toEqual(whole.spans);
        expect(result.defects).toEqual(whole.defects);
        expect(result.format).toBe(whole.format);
      }
    },
  );

  it('says where it ends early', () => {
    const bytes = fixture('tickets.otlp.pb');
    const decoder = new FillingDecoder(new Uint8Array(bytes), { strings: new StringTable(), name: 'tickets.otlp.pb' });
    const result = decoder.end(bytes.length - 100);
    expect(result.defects[0].message).toContain('ends in the middle of');
    expect(result.spanCount).toBeGreaterThan(0);
  });
});

describe('input in pieces', () => {
  it.each([
    'example.otlp.json',
    'types-v3.otlp.json',
    'tickets.otlp.pb',
    'tickets.otlp.json',
    'types.tempo.pb',
    'queue-database.tempo.json',
    'ui_01.jaeger.json',
    'types.jaeger.json',
    'shared.zipkin.json',
    'logs.otlp.pb',
  ])('%s', (name) => {
    const bytes = fixture(name);
    const whole = decode(bytes);
    for (const size of [1, 7, 1000, bytes.length]) {
      const pieces = stream(bytes, size);
      expect(pieces.spans).toEqual(whole.spans);
      expect(pieces.defects).toEqual(whole.defects);
      expect(pieces.otherSignals).toEqual(whole.otherSignals);
      expect(pieces.spanCount).toBe(whole.spanCount);
      expect(pieces.format).toBe(whole.format);
    }
  });

  it.each([
    [
      'one resource',
      (spans: string) =>
        `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"big"},"spans":[${spans}]}]}]}`,
    ],
  ])('goes on with the resource and scope in the next batch: %s', (_, wrap) => {
    const count = 150_000;
    const spans = Array.from({ length: count }, (_unused, i) => {
      const id = (i + 1).toString(16).padStart(16, '0');
      return `{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"${id}","name":"n${i % 5}","startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"i","value":{"stringValue":"value ${i}"}}]}`;
    });
    const result = stream(new TextEncoder().encode(wrap(spans.join(','))), 100_000);
    expect(result.batchCount).toBeGreaterThan(1);
    expect(result.spanCount).toBe(count);
    expect(result.spans.length).toBe(count);
    const last = result.spans[count - 1];
    expect(last.service).toBe('shop');
    expect(last.scope.name).toBe('big');
    expect(last.attributes).toEqual({ i: `value ${count - 1}` });
    expect(result.spans.every(({ service }, i) => service === 'shop' && result.spans[i].attributes.i === `value ${i}`)).toBe(
      true,
    );
  });

  it('ends in the middle of a span', () => {
    const bytes = fixture('tickets.otlp.json');
    const pieces = stream(bytes.subarray(0, 20_000), 999);
    const whole = decode(bytes.subarray(0, 20_000));
    expect(pieces.spans).toEqual(whole.spans);
    expect(pieces.defects).toEqual(whole.defects);
  });

  it('refuses what is no trace data when enough of it is there', () => {
    const decoder = new StreamDecoder({ strings: new StringTable(), name: 'page' });
    const html = new TextEncoder().encode(`<!DOCTYPE html>${'<p>hello</p>'.repeat(6000)}`);
    expect(() => decoder.push(html)).toThrow('page is an HTML page, no trace data');
  });
});
