// What is written anew: no frame is longer than a reader takes, and what is not the same when it is read again is noticed.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRequest, MAX_FRAME_BYTES } from '../../../src/capture/log/logFormat';
import { spansSentAsJson, spansSentAsProto } from '../../../src/capture/otlp/sentSpans';
import { decodeBytes } from '../../../src/core/format/format';
import { decodeLogs } from '../../../src/core/format/otlp/otlpLogs';
import type { SpanBatch } from '../../../src/core/model/batch';
import type { LogRecord } from '../../../src/core/model/logRecord';
import { StringTable } from '../../../src/core/model/strings';
import { holdSameSpans } from '../../../src/engine/capture/sameSpans';
import { encodeRecords } from '../../../src/engine/store/encodeRecords';
import { encodeBatches } from '../../../src/engine/store/encodeSpans';
import { requestBytes, type SpanSpec } from '../../support/otlp';

const strings = new StringTable();
const batchesOf = (bytes: Uint8Array): readonly SpanBatch[] => decodeBytes(bytes, { strings }).batches;

const some: SpanSpec[] = Array.from({ length: 100 }, (_, i) => ({
  traceId: `${i + 1}`,
  spanId: `${i + 1}`,
  service: i % 3 === 0 ? 'web' : 'db',
  attributes: { text: 'x'.repeat(i * 10) },
}));

describe('requests that are written anew', () => {
  it('are split between spans where one would be too long, and hold the same spans', () => {
    const batches = batchesOf(requestBytes(some));
    const frames = encodeBatches(batches, 5_000);
    expect(frames.length).toBeGreaterThan(10);
    expect(frames.every((frame) => frame.length <= 5_000 && isRequest(frame))).toBe(true);
    expect(holdSameSpans(batches, frames.flatMap(batchesOf))).toBe(true);
    expect(() => encodeBatches(batches, 500)).toThrow(expect.objectContaining({ kind: 'TooLarge' }));
  });

  it('of log records as well', () => {
    const record = (i: number): LogRecord => ({
      traceId: 'a'.repeat(32),
      spanId: '',
      timeUnixNano: BigInt(i),
      severityNumber: 9,
      severityText: '',
      eventName: '',
      body: 'x'.repeat(i * 10),
      attributes: {},
      service: 'web',
      scope: '',
    });
    const records = Array.from({ length: 50 }, (_, i) => record(i));
    const frames = encodeRecords(records, 2_000);
    expect(frames.every((frame) => frame.length <= 2_000 && isRequest(frame))).toBe(true);
    expect(
      frames.flatMap((frame) => decodeLogs(frame, 'protobuf').records.map(({ timeUnixNano }) => Number(timeUnixNano))),
    ).toEqual(records.map((_, i) => i));
    expect(() => encodeRecords([record(900)], 2_000)).toThrow(expect.objectContaining({ kind: 'TooLarge' }));
  });

  it('are never longer than a reader believes', () => {
    expect(isRequest(new Uint8Array(0))).toBe(false);
    expect(MAX_FRAME_BYTES).toBe(128 << 20);
  });

  it('are the same when they are read again, whatever format they came in', () => {
    const folder = join(__dirname, '..', '..', 'fixtures', 'formats');
    for (const name of readdirSync(folder)) {
      const batches = batchesOf(new Uint8Array(readFileSync(join(folder, name))));
      const again = encodeBatches(batches).flatMap((bytes) => (bytes.length > 0 ? batchesOf(bytes) : []));
      expect(holdSameSpans(batches, again), name).toBe(true);
    }
  });

  it('are not the same when a span, an id or an event is missing', () => {
    const whole = batchesOf(requestBytes(some));
    expect(holdSameSpans(whole, batchesOf(requestBytes(some.slice(1))))).toBe(false);
    expect(holdSameSpans(whole, batchesOf(requestBytes(some.with(4, { ...some[4], spanId: 'ff' }))))).toBe(false);
    expect(holdSameSpans(whole, batchesOf(requestBytes(some.with(4, { ...some[4], events: [{ name: 'e' }] }))))).toBe(false);
  });
});

describe('spans that were sent', () => {
  it('are counted in damaged requests as well', () => {
    expect(spansSentAsJson(requestBytes(some))).toBe(100);
    expect(spansSentAsJson(Buffer.from('{"resourceSpans":[{"scopeSpans":[{"spans":[1,null,{}]},7]},{}]}'))).toBe(3);
    expect(spansSentAsJson(Buffer.from('{'))).toBe(0);
    const [proto] = encodeBatches(batchesOf(requestBytes(some)));
    expect(spansSentAsProto(proto)).toBe(100);
    // A span that goes beyond its group: what follows in the group is one.
    const damaged = proto.slice();
    damaged[damaged.length - 3] = 0xff;
    expect(spansSentAsProto(damaged)).toBe(100);
  });
});
