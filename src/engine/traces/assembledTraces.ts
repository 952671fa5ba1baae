/**
 * Traces that somebody looks at: assembled once for each revision, in turns with other work, and analysed when somebody asks for that.
 *
 * What is assembled is the trace as it was in one turn: the lists of its rows are taken then, and the batches that they are of do not change.
 * What comes or leaves meanwhile is of the next revision, so nothing is begun again, however busy the trace is. Who asks for the same is
 * given the same work. The last two revisions of a trace are kept, so that what a view shows can be asked about when spans came since.
 */

import { SpanhopError } from '../../base/errors';
import { SharedWork } from '../../base/sharedWork';
import { Slices } from '../../base/slices';
import { inSlices } from '../../base/steps';
import { analysing, type TraceAnalysis } from '../../core/analysis/analyse';
import { assembling } from '../../core/analysis/assemble';
import { traceIdOfData } from '../../core/model/ids';
import type { Defect, SpanTable } from '../../core/model/table';
import { formatNumber } from '../../core/text/formatText';
import { LOCAL_DATASET, type TraceAt, type TraceKey } from '../../protocol/traces';
import type { Recall } from '../recall/recall';
import type { Dataset, Datasets } from '../store/dataset';
import type { DerivedAccount } from '../store/memoryAccount';
import { describeLeft, describePart, type MemoryLimit } from '../store/memoryLimits';
import { copiedBytes, rebasing } from '../store/sources';

/** Spans of all kept tables, and tables. */
const MAX_SPANS = 4_000_000;
const MAX_TABLES = 500;
/** Of one trace. */
const MAX_REVISIONS = 2;
/** Of a table's columns (75) with its analysis (40). */
const SPAN_BYTES = 115;
/** What assembling takes for a span beside the table. */
const SCRATCH_BYTES = 100;
/** Of the objects of each. */
const TABLE_BYTES = 5_000;
/** Tables are compared with their traces at most so often. */
const STALE_MS = 250;

export interface AssembledTrace {
  readonly dataset: Dataset;
  readonly revision: number;
  readonly table: SpanTable;
  /** Spans of the trace that had left memory when it was taken. */
  readonly missing: number;
  /** Bytes of the table, its analysis, and batches that are its own. */
  readonly bytes: number;
}

interface Kept {
  readonly name: string;
  readonly trace: AssembledTrace;
}

export class AssembledTraces implements DerivedAccount {
  readonly name = 'tables of assembled traces';
  readonly kind = 'derived';
  /** When each was last used (`performance.now()`), least recently used first. */
  private readonly kept = new Map<Kept, number>();
  private readonly analyses = new WeakMap<AssembledTrace, TraceAnalysis>();
  private readonly analysisWork = new SharedWork((trace: AssembledTrace, signal) => this.analyse(trace, signal));
  private readonly assemblyWork = new SharedWork((key: string, signal) => this.assemble(key, signal));
  /** How many hold a revision. */
  private readonly pins = new Map<string, number>();
  private spans = 0;
  private total = 0;
  private underWay = 0;
  private comparedAt = 0;

  /** @param limitFor the limit that traces are under, for saying why spans are missing */
  constructor(
    private readonly datasets: Datasets,
    private readonly limitFor: (kind: Dataset['kind']) => MemoryLimit,
  ) {}

  /** Has a captured trace that left memory be read again; set once that can be. */
  recall: Pick<Recall, 'has' | 'get'> | undefined;

  /** Whether it left memory as a whole and can be read again. */
  isLeft({ dataset, traceId }: TraceKey): boolean {
    const id = traceIdOfData(traceId);
    return dataset === LOCAL_DATASET && id !== undefined && this.recall?.has(id) === true;
  }

  get bytes(): number {
    return this.total + this.underWay;
  }

  /** The trace as it is now, or at the revision that is named. Rejects with `NotFound`, also where that revision is gone. */
  async get({ revision, ...key }: TraceAt, signal?: AbortSignal): Promise<AssembledTrace> {
    if (revision === undefined && this.isLeft(key)) await this.recall?.get(key.traceId, signal);
    const { dataset, slot } = this.find(key);
    const now = dataset.store.changedAt[slot];
    const name = nameOf(key);
    for (const kept of this.kept.keys()) {
      if (kept.name !== name || kept.trace.dataset !== dataset || kept.trace.revision !== (revision ?? now)) continue;
      this.use(kept);
      return kept.trace;
    }
    if (revision !== undefined && revision !== now) {
      const message = `Trace ${key.traceId} changed, and is not kept as it was then. Ask for it as it is now.`;
      throw new SpanhopError('NotFound', message);
    }
    return this.assemblyWork.get(JSON.stringify([key.dataset, key.traceId, now]), signal);
  }

  /** Keeps a revision beside the last ones while somebody holds it. One that has left already is no loss: nothing is asked about it then. */
  pin({ revision, ...key }: Required<TraceAt>, pinned: boolean): void {
    const name = pinOf(nameOf(key), revision);
    const holders = (this.pins.get(name) ?? 0) + (pinned ? 1 : -1);
    if (holders > 0) this.pins.set(name, holders);
    else this.pins.delete(name);
  }

  /** Of all that are kept. */
  keys(): TraceKey[] {
    return Array.from(this.kept.keys(), ({ trace: { dataset, table } }) => ({ dataset: dataset.name, traceId: table.traceId }));
  }

  /** What is worked out about a trace, once. */
  async analysisOf(trace: AssembledTrace, signal?: AbortSignal): Promise<TraceAnalysis> {
    return this.analyses.get(trace) ?? this.analysisWork.get(trace, signal);
  }

  /** A dataset was dropped: its tables would hold all its spans in memory. */
  forgetDataset(name: string): void {
    for (const kept of this.kept.keys()) if (kept.trace.dataset.name === name) this.forget(kept);
  }

  /** Spans left: tables of traces as they were hold batches that are gone. One of which only more came does not. */
  forgetStale(): void {
    const now = performance.now();
    if (now - this.comparedAt < STALE_MS) return;
    this.comparedAt = now;
    for (const kept of this.kept.keys()) if (!this.isWhole(kept.trace)) this.forget(kept);
  }

  letGo(usedBefore: number): void {
    for (const [kept, usedAt] of this.kept) if (usedAt < usedBefore) this.forget(kept);
  }

  /** Begins in the turn in which it is asked for: what the store holds then is what is assembled. */
  private async assemble(key: string, signal: AbortSignal): Promise<AssembledTrace> {
    const [name, traceId]: readonly string[] = JSON.parse(key);
    const { dataset, slot } = this.find({ dataset: name, traceId });
    const { store } = dataset;
    const rows = store.rowsOf(slot);
    const revision = store.changedAt[slot];
    const missing = store.missingOf(slot);
    const scratch = store.spanCount[slot] * (SPAN_BYTES + SCRATCH_BYTES);
    this.underWay += scratch;
    try {
      const slices = new Slices(signal);
      const sources = await inSlices(rebasing(rows), slices);
      const assembled = await inSlices(assembling(traceId, sources), slices);
      const defects = defectsOf(dataset, assembled, missing, this.limitFor(dataset.kind));
      const table = defects.length === 0 ? assembled : { ...assembled, defects: [...assembled.defects, ...defects] };
      const bytes = TABLE_BYTES + table.count * SPAN_BYTES + copiedBytes(table.batches);
      const trace: AssembledTrace = { dataset, revision, table, missing, bytes };
      if (this.datasets.get(name) === dataset && this.isWhole(trace))
        this.keep({ name: nameOf({ dataset: name, traceId }), trace });
      return trace;
    } finally {
      this.underWay -= scratch;
    }
  }

  private async analyse(trace: AssembledTrace, signal: AbortSignal): Promise<TraceAnalysis> {
    const analysis = await inSlices(analysing(trace.table), new Slices(signal));
    this.analyses.set(trace, analysis);
    return analysis;
  }

  /** Whether all spans that it was made of are still in memory. */
  private isWhole({ dataset, table, missing }: AssembledTrace): boolean {
    const slot = dataset.store.slotOf(table.traceId);
    return slot >= 0 && dataset.store.missingOf(slot) === missing;
  }

  /** Says of a trace that left memory that it did. */
  private find(key: TraceKey): { dataset: Dataset; slot: number } {
    const dataset = this.datasets.get(key.dataset);
    const traceId = traceIdOfData(key.traceId);
    if (dataset && traceId !== undefined && dataset.store.slotOf(traceId) < 0 && dataset.store.evictedSpansOf(traceId) > 0) {
      throw new SpanhopError('NotFound', describeLeft(traceId, dataset.kind, this.limitFor(dataset.kind)));
    }
    return findTrace(this.datasets, key);
  }

  private use(kept: Kept): void {
    this.kept.delete(kept);
    this.kept.set(kept, performance.now());
  }

  private keep(kept: Kept): void {
    this.use(kept);
    this.spans += kept.trace.table.count;
    this.total += kept.trace.bytes;
    const revisions = [...this.kept.keys()].filter(({ name }) => name === kept.name);
    revisions.sort((a, b) => b.trace.revision - a.trace.revision);
    for (const older of revisions.slice(MAX_REVISIONS))
      if (!this.pins.has(pinOf(older.name, older.trace.revision))) this.forget(older);
    // What somebody may still look at leaves after what nobody asked for in a while.
    for (const old of this.kept.keys()) {
      if ((this.spans <= MAX_SPANS && this.kept.size <= MAX_TABLES) || old === kept) break;
      this.forget(old);
    }
  }

  private forget(kept: Kept): void {
    if (!this.kept.delete(kept)) return;
    this.spans -= kept.trace.table.count;
    this.total -= kept.trace.bytes;
  }
}

function pinOf(name: string, revision: number): string {
  return `${name}\n${revision}`;
}

function nameOf({ dataset, traceId }: TraceKey): string {
  return `${dataset}\n${traceIdOfData(traceId) ?? traceId}`;
}

/** A trace of which spans or log records left memory says so. */
function defectsOf(dataset: Dataset, { traceId, count }: SpanTable, missing: number, limit: MemoryLimit): Defect[] {
  const { logs, kind, store } = dataset;
  const defects: Defect[] = [];
  if (missing > 0) defects.push({ kind: 'capped', count: missing, message: describePart(count, missing, kind, limit) });
  const records = logs.leftOutOf(traceId);
  if (records > 0) {
    const message = `${formatNumber(records)} log records of this trace are not in memory: there are too many to keep.`;
    defects.push({ kind: 'capped', count: records, message });
  }
  // A file that was read in part: any of its traces may be one of which more would have come.
  // What of it is damaged is said in its list, and where there is none at the only trace.
  const told = (defect: Defect): boolean => defect.kind === 'capped' || (defect.kind === 'unreadable' && store.traceCount === 1);
  if (kind === 'files') defects.push(...dataset.defects.filter(told));
  const remark = dataset.remarkOf(traceId);
  if (remark) defects.push(remark);
  return defects;
}

/** Where a trace is. Throws `NotFound`. */
export function findTrace(datasets: Datasets, { dataset: name, traceId }: TraceKey): { dataset: Dataset; slot: number } {
  const dataset = datasets.get(name);
  const id = traceIdOfData(traceId);
  const slot = dataset && id !== undefined ? dataset.store.slotOf(id) : -1;
  if (!dataset || slot < 0) throw new SpanhopError('NotFound', `There is no trace ${traceId} here (${name}) any more.`);
  return { dataset, slot };
}
