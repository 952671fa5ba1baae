/** A named collection of traces: the local captures, a file, what a backend answered. */

import type { LogRecord } from '../core/model/logRecord';
import { StringTable } from '../core/model/strings';
import type { Defect } from '../core/model/table';
import { type FileFormat, LOCAL_DATASET } from '../protocol/engineProtocol';
import { LogStore } from './logs';
import { Overviews } from './overviews';
import { TraceOrder } from './store/order';
import { TraceStore } from './store/traceStore';

/** Names beyond this many bytes go to a new table: a capture runs for days, and names of spans are not always few. */
const MAX_STRING_BYTES = 16 << 20;

export class Dataset {
  readonly store: TraceStore;
  readonly order: TraceOrder;
  readonly overviews: Overviews;
  readonly logs = new LogStore();
  format: FileFormat = 'otlp-proto';
  defects: readonly Defect[] = [];
  private table = new StringTable();

  /** @param nextRevision counts for all datasets, so that a file that is opened again is newer than before */
  constructor(
    readonly name: string,
    nextRevision: () => number,
  ) {
    this.store = new TraceStore(nextRevision);
    this.order = new TraceOrder(this.store);
    this.overviews = new Overviews(this.store);
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

  get(name: string): Dataset | undefined {
    return this.all.get(name);
  }

  set(dataset: Dataset): void {
    this.revision++;
    this.all.set(dataset.name, dataset);
  }

  getOrAdd(name: string): Dataset {
    const known = this.all.get(name);
    if (known) return known;
    const dataset = new Dataset(name, this.nextRevision);
    this.all.set(name, dataset);
    return dataset;
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

  /** Where a trace is looked for: files first, then local, then backends. */
  inSearchOrder(): Dataset[] {
    return this.values().sort((a, b) => rank(a.name) - rank(b.name));
  }
}

function rank(name: string): number {
  return name.startsWith('file:') ? 0 : name === LOCAL_DATASET ? 1 : 2;
}
