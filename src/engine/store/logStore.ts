/**
 * The log records of a dataset, by trace. They are few beside spans and are looked at one span at a time, so they are kept as objects; when they
 * are too many, those of the traces that came first leave, and the trace says so. They leave with the spans of their trace as well.
 */

import type { LogRecord } from '../../core/model/logRecord';
import type { AttributeValue } from '../../core/model/values';

interface TraceLogs {
  readonly records: LogRecord[];
  readonly captures: number[];
  bytes: number;
  /** Records that came beyond the limit of one trace. */
  leftOut: number;
}

/** Memory that the records of one dataset may take. */
const maxBytes = 64 << 20;
/** Of one trace: a program in an endless loop logs millions. */
const maxPerTrace = 10_000;
/** What an object takes besides its texts, about. */
const objectBytes = 400;
/** Traces of which it is known that their records left. */
const maxLeft = 65_536;

export class LogStore {
  private readonly byTrace = new Map<string, TraceLogs>();
  /** Records that left, by trace. */
  private readonly left = new Map<string, number>();
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
        trace = { records: [], captures: [], bytes: 0, leftOut: 0 };
        this.byTrace.set(record.traceId, trace);
      }
      if (trace.records.length >= maxPerTrace) {
        trace.leftOut++;
        continue;
      }
      const bytes = sizeOf(record);
      trace.records.push(record);
      trace.captures.push(capture);
      trace.bytes += bytes;
      this.total += bytes;
    }
    for (const [traceId, { records, leftOut }] of this.byTrace) {
      if (this.total <= this.limit) break;
      this.remove(traceId);
      const before = this.left.get(traceId) ?? 0;
      this.left.delete(traceId);
      this.left.set(traceId, before + records.length + leftOut);
      for (const oldest of this.left.keys()) {
        if (this.left.size <= maxLeft) break;
        this.left.delete(oldest);
      }
    }
  }

  has(traceId: string): boolean {
    return this.byTrace.has(traceId);
  }

  /** Records of a trace that are not here because there were too many. */
  leftOutOf(traceId: string): number {
    return (this.left.get(traceId) ?? 0) + (this.byTrace.get(traceId)?.leftOut ?? 0);
  }

  /** Forgets the records of a trace. */
  remove(traceId: string): void {
    this.total -= this.byTrace.get(traceId)?.bytes ?? 0;
    this.byTrace.delete(traceId);
  }

  /** Forgets the records of some spans of a trace. */
  removeSpans(traceId: string, spanIds: ReadonlySet<string>): void {
    this.filter(traceId, ({ spanId }) => !spanIds.has(spanId));
  }

  /** Records of one span, by time. */
  of(traceId: string, spanId: string): readonly LogRecord[] {
    const found = this.byTrace.get(traceId)?.records.filter((record) => record.spanId === spanId) ?? [];
    return found.sort(byTime);
  }

  /** Records of a trace, by span, each span's by time. */
  bySpan(traceId: string): ReadonlyMap<string, readonly LogRecord[]> {
    const found = new Map<string, LogRecord[]>();
    for (const record of this.byTrace.get(traceId)?.records ?? []) {
      const known = found.get(record.spanId);
      if (known) known.push(record);
      else found.set(record.spanId, [record]);
    }
    for (const records of found.values()) records.sort(byTime);
    return found;
  }

  removeCapture(capture: number): void {
    for (const [traceId, trace] of this.byTrace) {
      if (trace.captures.includes(capture)) this.filter(traceId, (_, of) => of !== capture);
    }
  }

  private filter(traceId: string, keep: (record: LogRecord, capture: number) => boolean): void {
    const trace = this.byTrace.get(traceId);
    if (!trace) return;
    const kept = trace.records.flatMap((record, i) =>
      keep(record, trace.captures[i]) ? [{ record, capture: trace.captures[i] }] : [],
    );
    if (kept.length === trace.records.length) return;
    this.remove(traceId);
    if (kept.length === 0) return;
    const bytes = kept.reduce((sum, { record }) => sum + sizeOf(record), 0);
    const records = kept.map(({ record }) => record);
    this.byTrace.set(traceId, { records, captures: kept.map((one) => one.capture), bytes, leftOut: trace.leftOut });
    this.total += bytes;
  }
}

function byTime(a: LogRecord, b: LogRecord): number {
  return a.timeUnixNano < b.timeUnixNano ? -1 : a.timeUnixNano > b.timeUnixNano ? 1 : 0;
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
