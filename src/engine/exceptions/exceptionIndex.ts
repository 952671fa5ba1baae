/**
 * Distinct exceptions and how often each happened. One exception is often recorded on several spans of its trace: by each function that it
 * leaves, by a framework five times over. So what counts is worked out trace by trace, from all records of a trace, whenever one comes or goes
 * (`core/analysis/distinctErrors.ts`).
 *
 * Records are numbers, with a weak hold on their batch: texts are read again when somebody asks for them.
 */

import type { Slices } from '../../base/slices';
import { messageShape } from '../../code/messageShape';
import { distinctExceptions, type SpanAt, type ThrownRecord } from '../../core/analysis/distinctErrors';
import type { SpanBatch } from '../../core/model/batch';
import { traceIdHex } from '../../core/model/ids';
import { hashOfException, type ReadException } from './exceptionReader';

/** Where records come from: a batch of a dataset. */
export interface RecordSource {
  readonly dataset: string;
  readonly batch: WeakRef<SpanBatch>;
  readonly traces: Set<TraceRecords>;
}

export interface ExceptionRecord extends ThrownRecord {
  readonly trace: TraceRecords;
  readonly source: RecordSource;
  readonly group: ExceptionGroup;
  readonly row: number;
  readonly event: number;
  /** Of its group, whose key has the place. */
  readonly place: number;
  /** Epoch milliseconds. */
  readonly timeMs: number;
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
      const hash = hashOfException(one);
      const group = this.groupOf(one);
      group.records++;
      this.recordCount++;
      trace.records.push({ trace, source, group, place: group.id, row, event, placing, hash, timeMs });
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
    const counted = new Set(distinctExceptions(trace.records, spanOf));
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

function spanOf({ source, row }: ExceptionRecord): SpanAt | undefined {
  const batch = source.batch.deref();
  return batch && { source: batch, row };
}

/** Epoch milliseconds of two words of nanoseconds, to the microsecond. */
function milliseconds(words: Uint32Array, at: number): number {
  return Math.round((words[at * 2 + 1] * 4294967296 + words[at * 2]) / 1e3) / 1e3;
}

function endOffsetMs(batch: SpanBatch, row: number): number {
  const duration = batch.durationNs[row];
  return duration > 0 && duration < Number.POSITIVE_INFINITY ? duration / 1e6 : 0;
}
