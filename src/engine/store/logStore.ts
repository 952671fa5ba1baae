/**
 * The log records of a dataset, by trace. They are few beside spans and are looked at one span at a time, so they are kept as objects; when they
 * are too many, the oldest leave: those of the traces that came first, and of a trace that logs without end its first ones, but not its errors
 * as long as there is anything else. Each trace says how many of its records are not here. They leave with the spans of their trace as well.
 */

import type { AttributeValue } from '../../core/model/attributeValue';
import type { LogRecord } from '../../core/model/logRecord';

/** Memory that the records of one dataset may take. */
export const MAX_LOG_BYTES = 64 << 20;
/** What an object takes besides its texts, about. */
const OBJECT_BYTES = 400;
/** Traces of which it is known that records left. */
const MAX_LEFT = 65_536;
/** A trace with more than this part of the limit loses some of its records, another one all. */
const LARGE_PART = 1 / 4;
/** Of the data model of logs, ERROR. */
const ERROR = 17;

interface Entry {
  readonly record: LogRecord;
  readonly capture: number;
  readonly bytes: number;
}

interface TraceLogs {
  entries: Entry[];
  bytes: number;
  /** Made when a span is first asked for. */
  bySpan: Map<string, LogRecord[]> | undefined;
}

export class LogStore {
  private readonly byTrace = new Map<string, TraceLogs>();
  /** Records that left, by trace and capture. */
  private readonly left = new Map<string, Map<number, number>>();
  private total = 0;

  constructor(private readonly limit = MAX_LOG_BYTES) {}

  /** Bytes, about. */
  get bytes(): number {
    return this.total;
  }

  /**
   * Returns how many records left for these, by trace.
   * @param capture number of the capture that they are of, as spans have it
   */
  add(records: readonly LogRecord[], capture = 0): ReadonlyMap<string, number> {
    for (const record of records) {
      let trace = this.byTrace.get(record.traceId);
      if (!trace) {
        trace = { entries: [], bytes: 0, bySpan: undefined };
        this.byTrace.set(record.traceId, trace);
      }
      const bytes = sizeOf(record);
      trace.entries.push({ record, capture, bytes });
      trace.bytes += bytes;
      trace.bySpan = undefined;
      this.total += bytes;
    }
    const gone = new Map<string, number>();
    for (const [traceId, trace] of this.byTrace) {
      if (this.total <= this.limit) break;
      let count = 0;
      while (this.total > this.limit && trace.bytes > this.limit * LARGE_PART) count += this.cut(traceId, trace);
      if (this.total > this.limit) count += this.evict(traceId);
      gone.set(traceId, count);
    }
    return gone;
  }

  /** All that are here. */
  records(): LogRecord[] {
    return [...this.byTrace.values()].flatMap(({ entries }) => entries.map(({ record }) => record));
  }

  has(traceId: string): boolean {
    return this.byTrace.has(traceId);
  }

  /** Records of a trace that are not here because there were too many. */
  leftOutOf(traceId: string): number {
    let sum = 0;
    for (const count of this.left.get(traceId)?.values() ?? []) sum += count;
    return sum;
  }

  /** Forgets the records of a trace. */
  remove(traceId: string): void {
    this.total -= this.byTrace.get(traceId)?.bytes ?? 0;
    this.byTrace.delete(traceId);
  }

  /** Forgets the records of a trace, and remembers that they were here. Returns how many there were. */
  evict(traceId: string): number {
    const entries = this.byTrace.get(traceId)?.entries ?? [];
    this.note(traceId, entries);
    this.remove(traceId);
    return entries.length;
  }

  /** Forgets the records of the trace that came first, and remembers that they were here. Returns its id; undefined where there is none. */
  evictFirst(): string | undefined {
    for (const traceId of this.byTrace.keys()) {
      this.evict(traceId);
      return traceId;
    }
    return undefined;
  }

  /** Forgets the records of some spans of a trace, and remembers that they were here. */
  evictSpans(traceId: string, spanIds: ReadonlySet<string>): void {
    const trace = this.byTrace.get(traceId);
    if (!trace) return;
    const [gone, kept] = split(trace.entries, ({ record }) => spanIds.has(record.spanId));
    this.note(traceId, gone);
    this.keep(traceId, trace, kept);
  }

  /** Records of one span, by time. */
  of(traceId: string, spanId: string): readonly LogRecord[] {
    return this.bySpan(traceId).get(spanId) ?? [];
  }

  /** Records of a trace, by span, each span's by time. */
  bySpan(traceId: string): ReadonlyMap<string, readonly LogRecord[]> {
    const trace = this.byTrace.get(traceId);
    if (!trace) return new Map();
    trace.bySpan ??= groupedBySpan(trace.entries);
    return trace.bySpan;
  }

  /** Forgets the records of a capture, and what left of it. */
  removeCapture(capture: number): void {
    for (const [traceId, trace] of this.byTrace) {
      const [gone, kept] = split(trace.entries, (entry) => entry.capture === capture);
      if (gone.length > 0) this.keep(traceId, trace, kept);
    }
    for (const [traceId, counts] of this.left) if (counts.delete(capture) && counts.size === 0) this.left.delete(traceId);
  }

  /** The first half of a trace's records leaves; errors among them only when there is little else. */
  private cut(traceId: string, trace: TraceLogs): number {
    const half = Math.max(1, trace.entries.length >> 1);
    const early = new Set(trace.entries.slice(0, half));
    let [gone, kept] = split(trace.entries, (entry) => early.has(entry) && entry.record.severityNumber < ERROR);
    if (gone.length < half / 4) [gone, kept] = [trace.entries.slice(0, half), trace.entries.slice(half)];
    this.note(traceId, gone);
    this.keep(traceId, trace, kept);
    return gone.length;
  }

  private keep(traceId: string, trace: TraceLogs, kept: Entry[]): void {
    if (kept.length === 0) {
      this.remove(traceId);
      trace.bytes = 0;
      return;
    }
    this.total -= trace.bytes;
    trace.entries = kept;
    trace.bytes = kept.reduce((sum, { bytes }) => sum + bytes, 0);
    trace.bySpan = undefined;
    this.total += trace.bytes;
  }

  private note(traceId: string, gone: readonly Entry[]): void {
    if (gone.length === 0) return;
    const counts = this.left.get(traceId) ?? new Map<number, number>();
    for (const { capture } of gone) counts.set(capture, (counts.get(capture) ?? 0) + 1);
    // What left last is remembered longest.
    this.left.delete(traceId);
    this.left.set(traceId, counts);
    for (const oldest of this.left.keys()) {
      if (this.left.size <= MAX_LEFT) break;
      this.left.delete(oldest);
    }
  }
}

function split(entries: readonly Entry[], goes: (entry: Entry) => boolean): [gone: Entry[], kept: Entry[]] {
  const gone: Entry[] = [];
  const kept: Entry[] = [];
  for (const entry of entries) (goes(entry) ? gone : kept).push(entry);
  return [gone, kept];
}

function groupedBySpan(entries: readonly Entry[]): Map<string, LogRecord[]> {
  const found = new Map<string, LogRecord[]>();
  for (const { record } of entries) {
    const records = found.get(record.spanId);
    if (records) records.push(record);
    else found.set(record.spanId, [record]);
  }
  for (const records of found.values())
    records.sort((a, b) => (a.timeUnixNano < b.timeUnixNano ? -1 : a.timeUnixNano > b.timeUnixNano ? 1 : 0));
  return found;
}

function sizeOf({ body, attributes }: LogRecord): number {
  let bytes = OBJECT_BYTES + textSize(body);
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
