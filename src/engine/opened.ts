/** Traces that were opened: assembled and analysed once for each revision, the last used ones kept. */

import { analyseTrace, type TraceAnalysis } from '../core/analysis/analyse';
import { assembleTrace } from '../core/analysis/assemble';
import { SpanhopError } from '../core/errors';
import { parseTraceId } from '../core/model/ids';
import type { SpanTable } from '../core/model/table';
import type { TraceKey } from '../protocol/engineProtocol';
import type { Dataset, Datasets } from './dataset';
import { sourcesOf } from './store/sources';

/** Spans of all kept tables; a table takes about 70 bytes a span. */
const MAX_SPANS = 4_000_000;

export interface OpenedTrace {
  readonly dataset: Dataset;
  readonly slot: number;
  readonly revision: number;
  readonly table: SpanTable;
  /** Made when first asked for. */
  readonly analysis: TraceAnalysis;
}

export class OpenedTraces {
  /** Least recently used first. */
  private readonly kept = new Map<string, OpenedTrace>();
  private spans = 0;

  constructor(private readonly datasets: Datasets) {}

  /** The trace as it is now. Throws `NotFound`. */
  get(key: TraceKey): OpenedTrace {
    const { dataset, slot } = findTrace(this.datasets, key);
    const name = `${key.dataset}\n${key.traceId}`;
    const revision = dataset.store.changedAt[slot];
    const known = this.kept.get(name);
    if (known) this.forget(name, known);
    const opened =
      known && known.dataset === dataset && known.revision === revision ? known : assemble(dataset, slot, key.traceId);
    this.kept.set(name, opened);
    this.spans += opened.table.count;
    for (const [oldName, old] of this.kept) {
      if (this.spans <= MAX_SPANS || old === opened) break;
      this.forget(oldName, old);
    }
    return opened;
  }

  /** A dataset was dropped: its tables would hold all its spans in memory. */
  forgetDataset(name: string): void {
    for (const [key, opened] of this.kept) if (opened.dataset.name === name) this.forget(key, opened);
  }

  private forget(name: string, opened: OpenedTrace): void {
    this.kept.delete(name);
    this.spans -= opened.table.count;
  }
}

function assemble(dataset: Dataset, slot: number, traceId: string): OpenedTrace {
  const table = withCaptureDefects(assembleTrace(traceId, sourcesOf(dataset.store, slot)), dataset);
  let analysis: TraceAnalysis | undefined;
  return {
    dataset,
    slot,
    revision: dataset.store.changedAt[slot],
    table,
    get analysis() {
      analysis ??= analyseTrace(table);
      return analysis;
    },
  };
}

/** A trace whose first spans left memory before the last ones came says so. */
function withCaptureDefects(table: SpanTable, dataset: Dataset): SpanTable {
  const missing = dataset.store.evictedSpansOf(table.traceId);
  if (missing === 0) return table;
  const message = `${missing} earlier spans of this trace left memory; load its capture to read them from the log.`;
  return { ...table, defects: [...table.defects, { kind: 'capped', count: missing, message }] };
}

/** Where a trace is. Throws `NotFound`. */
export function findTrace(datasets: Datasets, { dataset: name, traceId }: TraceKey): { dataset: Dataset; slot: number } {
  const dataset = datasets.get(name);
  const id = parseTraceId(traceId);
  const slot = dataset && id !== undefined ? dataset.store.slotOf(id) : -1;
  if (!dataset || slot < 0) throw new SpanhopError('NotFound', `There is no trace ${traceId} here (${name}) any more.`);
  return { dataset, slot };
}
