/**
 * Distinct exceptions and how often each happened. One exception is often recorded on several spans of its trace: by each function that it
 * leaves, by a framework five times over. So what counts is worked out trace by trace, from all records of a trace, whenever one comes or goes:
 *
 * * Records of one type, message and place of throwing are one exception. The innermost span stands for it.
 * * A record that tells only where it was recorded counts when no other of its type and message tells where it was thrown; all such ones of
 *   a trace are one, at the innermost span.
 *
 * Records are numbers, with a weak hold on their batch: texts are read again when somebody asks for them.
 */

import type { Slices } from '../../base/slices';
import { messageShape } from '../../code/messageShape';
import type { SpanBatch } from '../../core/model/batch';
import { isZeroSpanId, spanIdHex, traceIdHex } from '../../core/model/ids';
import type { Placing } from './exceptionFacts';
import type { ReadException } from './exceptionReader';

/** Where records come from: a batch of a dataset. */
export interface RecordSource {
  readonly dataset: string;
  readonly batch: WeakRef<SpanBatch>;
  readonly traces: Set<TraceRecords>;
}

export interface ExceptionRecord {
  readonly trace: TraceRecords;
  readonly source: RecordSource;
  readonly group: ExceptionGroup;
  readonly row: number;
  readonly event: number;
  readonly placing: Placing;
  /** Of type and message: within a trace, two that differ have different ones for all purposes. */
  readonly hash: number;
  /** Epoch milliseconds. */
  readonly timeMs: number;
  /** Of its span. */
  readonly startMs: number;
}

export interface TraceRecords {
  readonly id: string;
  records: ExceptionRecord[];
  counted: ReadonlySet<ExceptionRecord>;
}

export interface ExceptionGroup {
  readonly id: number;
  readonly key: string;
  /** The same for groups of one type and shape. */
  readonly kind: number;
  readonly occurrences: Set<ExceptionRecord>;
  /** Records of it, counted or not. */
  records: number;
  /** Revision of the index when that last changed. */
  changedAt: number;
}

/** Of the objects, with their places in arrays, sets and maps. */
const RECORD_BYTES = 180;
const TRACE_BYTES = 350;
const GROUP_BYTES = 600;

const rank: Readonly<Record<Placing, number>> = { thrown: 3, recorded: 2, library: 1, none: 0 };

export class ExceptionIndex {
  /** Grows with every change. */
  revision = 0;
  readonly groups = new Map<string, ExceptionGroup>();
  private readonly traces = new Map<string, TraceRecords>();
  private readonly dirty = new Set<TraceRecords>();
  private readonly kinds = new Map<string, number>();
  private nextId = 1;
  private recordCount = 0;

  /** About. */
  get bytes(): number {
    return this.recordCount * RECORD_BYTES + this.traces.size * TRACE_BYTES + this.groups.size * GROUP_BYTES;
  }

  /** Takes in what was read of a batch. It counts after `settle`. */
  add(dataset: string, batch: SpanBatch, found: readonly ReadException[]): RecordSource {
    const source: RecordSource = { dataset, batch: new WeakRef(batch), traces: new Set() };
    for (const one of found) {
      const trace = this.traceOf(traceIdHex(batch.traceId, one.row));
      const startMs = milliseconds(batch.start, one.row);
      const timeMs = (one.event < 0 ? 0 : milliseconds(batch.events.time, one.event)) || startMs + endOffsetMs(batch, one.row);
      const { row, event, placing } = one;
      const hash = hashOf(`${one.type}\n${one.message}`);
      const group = this.groupOf(one);
      group.records++;
      this.recordCount++;
      trace.records.push({ trace, source, group, row, event, placing, hash, timeMs, startMs });
      source.traces.add(trace);
      this.dirty.add(trace);
    }
    return source;
  }

  /** Takes out records of a source: those of rows that `isHere` does not know, or all where it is not given. */
  remove(source: RecordSource, isHere?: (row: number) => boolean): void {
    for (const trace of source.traces) {
      const before = trace.records.length;
      let stay = 0;
      trace.records = trace.records.filter((record) => {
        if (record.source !== source) return true;
        if (isHere?.(record.row)) {
          stay++;
          return true;
        }
        record.group.records--;
        this.recordCount--;
        return false;
      });
      if (stay === 0) source.traces.delete(trace);
      if (trace.records.length < before) this.dirty.add(trace);
    }
  }

  /** Counts what changed. Cut; who gives up leaves the rest to the next one. */
  async countChanged(slices: Slices): Promise<void> {
    if (this.dirty.size === 0) return;
    this.revision++;
    for (const trace of this.dirty) {
      if (slices.due) await slices.pause();
      this.recount(trace);
      this.dirty.delete(trace);
    }
    for (const [key, group] of this.groups) if (group.records === 0) this.groups.delete(key);
    if (this.groups.size === 0) this.kinds.clear();
  }

  private recount(trace: TraceRecords): void {
    const counted = countedOf(trace.records);
    for (const record of trace.counted) {
      if (counted.has(record)) continue;
      record.group.occurrences.delete(record);
      record.group.changedAt = this.revision;
    }
    for (const record of counted) {
      if (trace.counted.has(record)) continue;
      record.group.occurrences.add(record);
      record.group.changedAt = this.revision;
    }
    trace.counted = counted;
    if (trace.records.length === 0) this.traces.delete(trace.id);
  }

  private traceOf(id: string): TraceRecords {
    let trace = this.traces.get(id);
    if (!trace) {
      trace = { id, records: [], counted: new Set() };
      this.traces.set(id, trace);
    }
    return trace;
  }

  private groupOf({ type, message, place }: ReadException): ExceptionGroup {
    const kindKey = `${type}\n${messageShape(message)}`;
    const key = `${kindKey}\n${place}`;
    const known = this.groups.get(key);
    if (known) return known;
    let kind = this.kinds.get(kindKey);
    if (kind === undefined) {
      kind = this.nextId++;
      this.kinds.set(kindKey, kind);
    }
    const group: ExceptionGroup = { id: this.nextId++, key, kind, occurrences: new Set(), records: 0, changedAt: 0 };
    this.groups.set(key, group);
    return group;
  }
}

/** The records of a trace that stand for an exception each. */
function countedOf(records: readonly ExceptionRecord[]): Set<ExceptionRecord> {
  const thrown = new Map<string, ExceptionRecord[]>();
  const placed = new Set<number>();
  for (const record of records) {
    if (record.placing !== 'thrown') continue;
    placed.add(record.hash);
    collect(thrown, `${record.group.id} ${record.hash}`, record);
  }
  const recorded = new Map<number, ExceptionRecord[]>();
  for (const record of records)
    if (record.placing !== 'thrown' && !placed.has(record.hash)) collect(recorded, record.hash, record);
  return new Set([...thrown.values(), ...[...recorded.values()].map(bestPlaced)].map(innermost));
}

function collect<K>(lists: Map<K, ExceptionRecord[]>, key: K, record: ExceptionRecord): void {
  const list = lists.get(key);
  if (list) list.push(record);
  else lists.set(key, [record]);
}

function bestPlaced(records: readonly ExceptionRecord[]): ExceptionRecord[] {
  const best = Math.max(...new Set(records.map(({ placing }) => rank[placing])));
  return records.filter(({ placing }) => rank[placing] === best);
}

/**
 * The record of the innermost span, whatever the order in which they came. A span whose child has the record too is not it. Where nothing
 * is known between two of them, the later start counts: a child begins after its parent. Clocks of whole milliseconds make many begin
 * together (JavaScript's SDK starts at `Date.now()` and measures durations finely): then the one that ended first.
 */
function innermost(records: readonly ExceptionRecord[]): ExceptionRecord {
  if (records.length === 1) return records[0];
  const parents = new Set<string>();
  for (const { source, row } of records) {
    const batch = source.batch.deref();
    if (batch && !isZeroSpanId(batch.parentSpanId, row)) parents.add(spanIdHex(batch.parentSpanId, row));
  }
  const leaves = parents.size === 0 ? records : records.filter((record) => !parents.has(spanIdOf(record)));
  // Spans that are each other's parents leave nobody.
  return (leaves.length === 0 ? records : leaves).reduce((inner, record) => (isInner(record, inner) ? record : inner));
}

/** Of those that began and ended together any is right, but always the same. */
function isInner(a: ExceptionRecord, b: ExceptionRecord): boolean {
  if (a.startMs !== b.startMs) return a.startMs > b.startMs;
  const [lengthA, lengthB] = [durationOf(a), durationOf(b)];
  if (lengthA !== lengthB) return lengthA < lengthB;
  return spanIdOf(a) > spanIdOf(b);
}

function spanIdOf({ source, row }: ExceptionRecord): string {
  const batch = source.batch.deref();
  return batch ? spanIdHex(batch.spanId, row) : '';
}

function durationOf({ source, row }: ExceptionRecord): number {
  const duration = source.batch.deref()?.durationNs[row] ?? 0;
  return Number.isNaN(duration) ? 0 : duration;
}

/** Epoch milliseconds of two words of nanoseconds, to the microsecond. */
function milliseconds(words: Uint32Array, at: number): number {
  return Math.round((words[at * 2 + 1] * 4294967296 + words[at * 2]) / 1e3) / 1e3;
}

function endOffsetMs(batch: SpanBatch, row: number): number {
  const duration = batch.durationNs[row];
  return duration > 0 && duration < Number.POSITIVE_INFINITY ? duration / 1e6 : 0;
}

/** 52 bits of a text: two rounds of FNV-1a with different primes. */
function hashOf(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x9e3779b1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return (a >>> 0) * 0x100000 + (b >>> 12);
}
