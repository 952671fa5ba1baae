// Log records of OTLP: the same from protobuf and JSON, through our own encoding and back, and what is left when bytes are damaged.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeLogs } from '../../../src/core/format/otlp/encodeLogs';
import { decodeLogs } from '../../../src/core/format/otlp/otlpLogs';
import type { LogRecord } from '../../../src/core/model/logRecord';
import { sharedData, sharedPath } from '../../support/sharedData';

const traceId = '5b8efff798038103d269b633813fc60c';
const record: LogRecord = {
  traceId,
  spanId: 'eee19b7ec3c1b174',
  timeUnixNano: 1_790_000_000_123_456_789n,
  severityNumber: 17,
  severityText: 'ERROR',
  eventName: 'exception',
  body: 'payment refused — für €5',
  attributes: {
    count: 3,
    big: 9_007_199_254_740_993n,
    share: 0.5,
    ok: true,
    list: ['a', 1, [false]],
    'exception.type': 'Refused',
  },
  service: 'shop',
  scope: 'shop.routes',
};
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const asText = (records: readonly LogRecord[]): string[] =>
  records.map((one) => JSON.stringify(one, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))).sort();

describe('log records', () => {
  it.runIf(sharedData)('are the same from protobuf and JSON, in the exports of real programs', () => {
    for (const name of ['programs/python-flask/capture-logs.otlp', 'programs/java-spring/capture-code-logs.otlp']) {
      const framed = decodeLogs(readFileSync(sharedPath(`${name}.pb`)), 'framed');
      const json = decodeLogs(readFileSync(sharedPath(`${name}.json`)), 'json');
      expect(framed.records.length).toBeGreaterThan(3);
      expect(asText(framed.records)).toEqual(asText(json.records));
      expect([framed.total, framed.unreadable]).toEqual([json.total, json.unreadable]);
    }
  });

  it('come back from our own protobuf as they were', () => {
    const later = { ...record, spanId: '', body: { nested: { deep: 'x' } }, timeUnixNano: 5n, eventName: '' };
    const { records, total } = decodeLogs(encodeLogs([record, later]), 'protobuf');
    expect(total).toBe(2);
    expect(asText(records)).toEqual(asText([record, later]));
  });

  it('are read from snake_case, names of severities, base64 ids, and one request a line', () => {
    const request = (more: object): object => ({ resource_logs: [{ scope_logs: [{ log_records: [more] }] }] });
    const id = Buffer.from(traceId, 'hex').toString('base64');
    const span = Buffer.from(record.spanId, 'hex').toString('base64');
    const lines = [
      request({ trace_id: id, span_id: span, severity_number: 'SEVERITY_NUMBER_WARN2', observed_time_unix_nano: '7' }),
      request({ traceId: traceId.toUpperCase(), body: { stringValue: 'x' } }),
      request({ body: { stringValue: 'of no trace' } }),
      request({ traceId: '0'.repeat(32) }),
    ];
    const { records, total } = decodeLogs(new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join('\n')), 'json');
    expect(total).toBe(4);
    expect(records.map((one) => [one.traceId, one.spanId, one.severityNumber, one.timeUnixNano, one.body])).toEqual([
      [traceId, record.spanId, 14, 7n, undefined],
      [traceId, '', 0, 0n, 'x'],
    ]);
  });

  it('count damage and keep the rest', () => {
    const good = encodeLogs([record]);
    const framed = new Uint8Array([0, 0, 0, good.length, ...good, 0, 0, 0, 99, 1, 2]);
    if (good.length > 255) framed.set([0, 0, good.length >> 8, good.length & 255]);
    expect(decodeLogs(framed, 'framed')).toMatchObject({ total: 1, unreadable: 1 });
    expect(decodeLogs(good.subarray(0, good.length - 9), 'protobuf').unreadable).toBeGreaterThan(0);
    expect(decodeLogs(new TextEncoder().encode('no json'), 'json')).toMatchObject({ total: 0, unreadable: 1 });
    expect(decodeLogs(bytes([1, null, { resourceLogs: [7, { scopeLogs: 'x' }] }]), 'json')).toMatchObject({
      total: 0,
      records: [],
    });
    // Spans stand in the same place of their messages.
    if (sharedData) {
      const spans = readFileSync(sharedPath('programs/python-flask/capture.otlp.pb'));
      expect(decodeLogs(spans, 'framed')).toMatchObject({ total: 0, records: [] });
    }
  });
});
