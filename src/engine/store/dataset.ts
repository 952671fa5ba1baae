/** A named collection of traces: the local captures, a file, what a backend answered. */

import type { SpanBatch } from '../../core/model/batch';
import type { LogRecord } from '../../core/model/logRecord';
import { StringTable } from '../../core/model/strings';
import type { Defect } from '../../core/model/table';
import type { FileFormat } from '../../protocol/files';
import { LOCAL_DATASET } from '../../protocol/traces';
import { LeftTraces } from './leftTraces';
import { LogStore } from './logStore';
import type { Account, DerivedAccount } from './memoryAccount';
import { TraceOrder } from './order';
import { Overviews } from './overviews';
import { TraceStore } from './traceStore';

/** Traces of which something is remarked. */
const MAX_REMARKS = 1_000;
/** Names beyond this many bytes go to a new table: a capture runs for days, and names of spans are not always few. */
const MAX_STRING_BYTES = 16 << 20;

/** A trace that was read again stays so long at least. */
const RECALLED_MS = 30_000;

export class Dataset {
  readonly store: TraceStore;
  readonly order: TraceOrder;
  readonly overviews: Overviews;
  readonly logs = new LogStore();
  /** Captured traces that left memory, as lists know them. */
  readonly left = new LeftTraces();
  /** By slot of the store: when a trace that had left was read again (`performance.now()`). */
  private readonly recalledAt = new Map<number, number>();
  format: FileFormat = 'otlp-proto';
  defects: readonly Defect[] = [];
  private readonly remarks = new Map<string, Defect>();
  private table = new StringTable();

  /**
   * @param nextRevision counts for all datasets, so that a file that is opened again is newer than before
   * @param given its kind, where its name does not tell
   */
  constructor(
    readonly name: string,
    nextRevision: () => number,
    private readonly given?: 'files',
    runs: (batch: SpanBatch, resource: number) => boolean = () => false,
  ) {
    this.store = new TraceStore(nextRevision);
    this.order = new TraceOrder(this.store);
    this.overviews = new Overviews(this.store, runs);
  }

  get kind(): 'captures' | 'files' | 'answers' {
    if (this.given) return this.given;
    return this.name === LOCAL_DATASET ? 'captures' : this.name.startsWith('file:') ? 'files' : 'answers';
  }

  /** Bytes of spans, names, look-up and log records. Overviews have an account of their own. */
  get memory(): number {
    return this.store.memory + this.order.bytes + this.logs.bytes + this.left.bytes;
  }

  /** A trace that had left was read again, for somebody who looks at it now. */
  recalled(slot: number): void {
    for (const [old, atMs] of this.recalledAt) if (performance.now() - atMs > RECALLED_MS) this.recalledAt.delete(old);
    this.recalledAt.set(slot, performance.now());
  }

  wasRecalled(slot: number): boolean {
    const atMs = this.recalledAt.get(slot);
    return atMs !== undefined && performance.now() - atMs < RECALLED_MS;
  }

  /** Something is wrong with a trace as it was read; undefined: not any more. */
  remark(traceId: string, defect: Defect | undefined): void {
    this.remarks.delete(traceId);
    if (!defect) return;
    this.remarks.set(traceId, defect);
    for (const oldest of this.remarks.keys()) {
      if (this.remarks.size <= MAX_REMARKS) break;
      this.remarks.delete(oldest);
    }
  }

  remarkOf(traceId: string): Defect | undefined {
    return this.remarks.get(traceId);
  }

  /** Where names of the next batch go. */
  get strings(): StringTable {
    if (this.table.byteLength > MAX_STRING_BYTES) this.table = new StringTable();
    return this.table;
  }
}

export class Datasets {
  private readonly all = new Map<string, Dataset>();
  private revision = 0;
  readonly nextRevision = (): number => ++this.revision;
  /** Whether the program of a captured resource runs and may end its spans; set by who knows. */
  runs: (batch: SpanBatch, resource: number) => boolean = () => false;

  get(name: string): Dataset | undefined {
    return this.all.get(name);
  }

  has(name: string): boolean {
    return this.all.has(name);
  }

  set(dataset: Dataset): void {
    this.revision++;
    this.all.set(dataset.name, dataset);
  }

  getOrAdd(name: string): Dataset {
    const known = this.all.get(name);
    if (known) return known;
    const runs = (batch: SpanBatch, resource: number): boolean => name === LOCAL_DATASET && this.runs(batch, resource);
    const dataset = new Dataset(name, this.nextRevision, undefined, runs);
    this.all.set(name, dataset);
    return dataset;
  }

  get local(): Dataset | undefined {
    return this.all.get(LOCAL_DATASET);
  }

  /** Of all datasets. */
  get bytes(): number {
    let bytes = 0;
    for (const dataset of this.all.values()) bytes += dataset.memory;
    return bytes;
  }

  accounts(): Account[] {
    return this.values().flatMap((dataset) => {
      const { name, kind, logs, memory } = dataset;
      const spans = { name, kind, bytes: memory - logs.bytes };
      return logs.bytes > 0 ? [spans, { name: `${name}, log records`, kind, bytes: logs.bytes }] : [spans];
    });
  }

  /** Of all datasets, as an account: made again for what is listed. */
  get overviews(): DerivedAccount {
    const { all } = this;
    return {
      name: 'overviews of traces',
      kind: 'derived',
      get bytes() {
        let bytes = 0;
        for (const { overviews } of all.values()) bytes += overviews.bytes;
        return bytes;
      },
      letGo(usedBefore) {
        for (const { overviews } of all.values()) overviews.letGo(usedBefore);
      },
    };
  }

  /** Number of the last change of any dataset. */
  get latestRevision(): number {
    return this.revision;
  }

  delete(name: string): boolean {
    this.revision++;
    return this.all.delete(name);
  }

  values(): Dataset[] {
    return [...this.all.values()];
  }

  /** The log records of a span, from whichever dataset has them: logs are often in a file of their own. */
  logsOf(traceId: string, spanId: string): LogRecord[] {
    return this.inSearchOrder().flatMap(({ logs }) => logs.of(traceId, spanId));
  }

  /** `logsOf` for all spans of a trace. */
  logsBySpan(traceId: string): (spanId: string) => readonly LogRecord[] {
    const found = this.inSearchOrder().map(({ logs }) => logs.bySpan(traceId));
    const some = found.filter(({ size }) => size > 0);
    if (some.length === 0) return () => [];
    return (spanId) => some.flatMap((bySpan) => bySpan.get(spanId) ?? []);
  }

  /** Where a trace is looked for: files first, then local, then backends. */
  inSearchOrder(): Dataset[] {
    return this.values().sort((a, b) => rank(a.name) - rank(b.name));
  }
}

function rank(name: string): number {
  return name.startsWith('file:') ? 0 : name === LOCAL_DATASET ? 1 : 2;
}
