/**
 * The log records of a dataset, by trace. They are few beside spans and are looked at one span at a time, so they are kept as objects; when they
 * are too many, those of the traces that came first leave.
 */

import type { LogRecord } from '../core/model/logRecord';
import type { AttributeValue } from '../core/model/values';

interface TraceLogs {
  readonly records: LogRecord[];
  readonly captures: number[];
  bytes: number;
}

/** Memory that the records of one dataset may take. */
const maxBytes = 64 << 20;
/** Of one trace: a program in an endless loop logs millions. */
const maxPerTrace = 10_000;
/** What an object takes besides its texts, about. */
const objectBytes = 400;

export class LogStore {
  private readonly byTrace = new Map<string, TraceLogs>();
  private total = 0;

  constructor(private readonly limit = maxBytes) {}

  /** Bytes, about. */
  get bytes(): number {
    return this.total;
  }

  /** @param capture number of the capture that they are of, as spans have it */
  add(records: readonly LogRecord[], capture = 0): void {
    for (const record of records) {
      let trace = this.byTrace.get(record.traceId);
      if (!trace) {
        trace = { records: [], captures: [], bytes: 0 };
        this.byTrace.set(record.traceId, trace);
      }
      if (trace.records.length >= maxPerTrace) continue;
      const bytes = sizeOf(record);
      trace.records.push(record);
      trace.captures.push(capture);
      trace.bytes += bytes;
      this.total += bytes;
    }
    for (const [traceId, { bytes }] of this.byTrace) {
      if (this.total <= this.limit) break;
      this.byTrace.delete(traceId);
      this.total -= bytes;
    }
  }

  /** Records of one span, by time. */
  of(traceId: string, spanId: string): readonly LogRecord[] {
    const found = this.byTrace.get(traceId)?.records.filter((record) => record.spanId === spanId) ?? [];
    return found.sort((a, b) => (a.timeUnixNano < b.timeUnixNano ? -1 : a.timeUnixNano > b.timeUnixNano ? 1 : 0));
  }

  removeCapture(capture: number): void {
    for (const [traceId, trace] of this.byTrace) {
      if (!trace.captures.includes(capture)) continue;
      const kept = trace.records.filter((_, i) => trace.captures[i] !== capture);
      const captures = trace.captures.filter((each) => each !== capture);
      this.byTrace.delete(traceId);
      this.total -= trace.bytes;
      const bytes = kept.reduce((sum, record) => sum + sizeOf(record), 0);
      if (kept.length === 0) continue;
      this.byTrace.set(traceId, { records: kept, captures, bytes });
      this.total += bytes;
    }
  }
}

function sizeOf({ body, attributes }: LogRecord): number {
  let bytes = objectBytes + textSize(body);
  for (const key in attributes) bytes += 2 * key.length + textSize(attributes[key]);
  return bytes;
}

function textSize(value: AttributeValue): number {
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object') return 8;
  return value instanceof Uint8Array ? value.length : 2 * (JSON.stringify(value, plain)?.length ?? 0);
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
