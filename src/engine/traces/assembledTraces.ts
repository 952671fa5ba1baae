/** Traces that were opened: assembled and analysed once for each revision, the last used ones kept. */

import { SpanhopError } from '../../base/errors';
import { analyseTrace, type TraceAnalysis } from '../../core/analysis/analyse';
import { assembleTrace } from '../../core/analysis/assemble';
import { parseTraceId } from '../../core/model/ids';
import type { Defect, SpanTable } from '../../core/model/table';
import type { TraceKey } from '../../protocol/traces';
import type { DerivedAccount } from '../memory/account';
import { describeLeft, describePart, type MemoryLimit } from '../memory/limits';
import type { Dataset, Datasets } from '../store/dataset';
import { copiedBytes, sourcesOf } from '../store/sources';

/** Spans of all kept tables, and tables. */
const MAX_SPANS = 4_000_000;
const MAX_TABLES = 500;
/** Of a table's columns (75) with its analysis (40). */
const SPAN_BYTES = 115;
/** Of the objects of each. */
const TABLE_BYTES = 5_000;
/** Tables are compared with their traces at most so often. */
const STALE_MS = 250;

export interface OpenedTrace {
  readonly dataset: Dataset;
  readonly slot: number;
  readonly revision: number;
  readonly table: SpanTable;
  /** Made when first asked for. */
  readonly analysis: TraceAnalysis;
  /** Bytes of the table, its analysis, and batches that are its own. */
  readonly bytes: number;
}

interface Kept {
  readonly opened: OpenedTrace;
  usedAt: number;
}

export class OpenedTraces implements DerivedAccount {
  readonly name = 'tables of opened traces';
  readonly kind = 'derived';
  /** Least recently used first. */
  private readonly kept = new Map<string, Kept>();
  private spans = 0;
  private total = 0;
  private comparedAt = 0;

  /** @param limitFor the limit that traces are under, for saying why spans are missing */
  constructor(
    private readonly datasets: Datasets,
    private readonly limitFor: (kind: Dataset['kind']) => MemoryLimit,
  ) {}

  get bytes(): number {
    return this.total;
  }

  /** The trace as it is now. Throws `NotFound`. */
  get(key: TraceKey): OpenedTrace {
    const { dataset, slot } = this.find(key);
    const name = `${key.dataset}\n${key.traceId}`;
    const revision = dataset.store.changedAt[slot];
    const known = this.kept.get(name);
    if (known) this.forget(name, known.opened);
    const isSame = known?.opened.dataset === dataset && known.opened.revision === revision;
    const opened = known && isSame ? known.opened : assemble(dataset, slot, key.traceId, this.limitFor(dataset.kind));
    this.kept.set(name, { opened, usedAt: performance.now() });
    this.spans += opened.table.count;
    this.total += opened.bytes;
    for (const [oldName, { opened: old }] of this.kept) {
      if ((this.spans <= MAX_SPANS && this.kept.size <= MAX_TABLES) || old === opened) break;
      this.forget(oldName, old);
    }
    return opened;
  }

  /** Says of a trace that left memory that it did. */
  private find(key: TraceKey): { dataset: Dataset; slot: number } {
    const dataset = this.datasets.get(key.dataset);
    const traceId = parseTraceId(key.traceId);
    if (dataset && traceId !== undefined && dataset.store.slotOf(traceId) < 0 && dataset.store.evictedSpansOf(traceId) > 0) {
      throw new SpanhopError('NotFound', describeLeft(traceId, dataset.kind, this.limitFor(dataset.kind)));
    }
    return findTrace(this.datasets, key);
  }

  /** A dataset was dropped: its tables would hold all its spans in memory. */
  forgetDataset(name: string): void {
    for (const [key, { opened }] of this.kept) if (opened.dataset.name === name) this.forget(key, opened);
  }

  /** Spans left: tables of traces as they were hold batches that are gone. */
  forgetStale(): void {
    const now = performance.now();
    if (now - this.comparedAt < STALE_MS) return;
    this.comparedAt = now;
    for (const [key, { opened }] of this.kept) {
      const { dataset, slot, revision, table } = opened;
      if (dataset.store.slotOf(table.traceId) !== slot || dataset.store.changedAt[slot] !== revision) this.forget(key, opened);
    }
  }

  letGo(usedBefore: number): void {
    for (const [key, { opened, usedAt }] of this.kept) if (usedAt < usedBefore) this.forget(key, opened);
  }

  private forget(name: string, opened: OpenedTrace): void {
    this.kept.delete(name);
    this.spans -= opened.table.count;
    this.total -= opened.bytes;
  }
}

function assemble(dataset: Dataset, slot: number, traceId: string, limit: MemoryLimit): OpenedTrace {
  const table = withMissing(assembleTrace(traceId, sourcesOf(dataset.store, slot)), dataset, limit);
  let analysis: TraceAnalysis | undefined;
  return {
    dataset,
    slot,
    revision: dataset.store.changedAt[slot],
    table,
    bytes: TABLE_BYTES + table.count * SPAN_BYTES + copiedBytes(table.batches),
    get analysis() {
      analysis ??= analyseTrace(table);
      return analysis;
    },
  };
}

/** A trace of which spans or log records left memory says so. */
function withMissing(table: SpanTable, dataset: Dataset, limit: MemoryLimit): SpanTable {
  const { store, logs, kind } = dataset;
  const { traceId, count } = table;
  const defects: Defect[] = [];
  const spans = store.evictedSpansOf(traceId);
  if (spans > 0) defects.push({ kind: 'capped', count: spans, message: describePart(count, spans, kind, limit) });
  const records = logs.leftOutOf(traceId);
  if (records > 0) {
    const message = `${records.toLocaleString('en-US')} log records of this trace are not in memory: there are too many to keep.`;
    defects.push({ kind: 'capped', count: records, message });
  }
  // A file that was read in part: any of its traces may be one of which more would have come.
  if (kind === 'files') defects.push(...dataset.defects.filter((defect) => defect.kind === 'capped'));
  const remark = dataset.remarkOf(traceId);
  if (remark) defects.push(remark);
  return defects.length === 0 ? table : { ...table, defects: [...table.defects, ...defects] };
}

/** Where a trace is. Throws `NotFound`. */
export function findTrace(datasets: Datasets, { dataset: name, traceId }: TraceKey): { dataset: Dataset; slot: number } {
  const dataset = datasets.get(name);
  const id = parseTraceId(traceId);
  const slot = dataset && id !== undefined ? dataset.store.slotOf(id) : -1;
  if (!dataset || slot < 0) throw new SpanhopError('NotFound', `There is no trace ${traceId} here (${name}) any more.`);
  return { dataset, slot };
}
