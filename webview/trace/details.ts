/** Loads what the details show of the selected span; the latest selection wins, and the old picture stays until the new one is there. */

import { toErrorData } from '../../src/base/errors';
import type { DetailsContext } from '../shell/details/context';
import type { DetailsPane, GroupSummary } from '../shell/details/pane';
import type { Host } from '../shell/host';
import { isError, serviceOf } from './model';
import type { Sources } from './sources';
import { NO_ENTRY, type ViewModel } from './state';

export interface DetailsDeps {
  readonly host: Host;
  readonly pane: DetailsPane;
  readonly sources: Sources;
  readonly filterBy: (query: string) => void;
  readonly selectSpan: (span: number) => void;
  readonly isFolded: (section: string) => boolean;
  readonly setFolded: (section: string, folded: boolean) => void;
  readonly report: (error: unknown) => void;
}

export class DetailsLoader {
  private asked: { trace: unknown; entry: number; rawClock: boolean } | undefined;
  private abort: AbortController | undefined;
  /** Shows the source of the span anew. */
  private again: (() => void) | undefined;

  constructor(private readonly deps: DetailsDeps) {
    deps.sources.onChange = () => this.again?.();
  }

  /** Shows the selection; does nothing when that is what is shown. */
  update(view: ViewModel): void {
    const { asked } = this;
    const entry = view.selected;
    if (asked && asked.trace === view.trace && asked.entry === entry && asked.rawClock === view.rawClock) return;
    this.asked = { trace: view.trace, entry, rawClock: view.rawClock };
    this.abort?.abort();
    if (entry === NO_ENTRY) {
      this.deps.pane.clear('Select a span to see its details.');
      return;
    }
    const abort = new AbortController();
    this.abort = abort;
    void this.load(view, entry, abort.signal);
  }

  private async load(view: ViewModel, entry: number, signal: AbortSignal): Promise<void> {
    const { host, pane, report } = this.deps;
    const span = view.spanOf(entry);
    const { trace } = view;
    try {
      const details = await host.call('details', { row: span }, { signal });
      if (signal.aborted) return;
      const listeners: (() => void)[] = [];
      const context: DetailsContext = {
        host,
        details,
        shiftNs: view.startNs[span] - trace.rawStartNs[span],
        filterBy: this.deps.filterBy,
        selectSpan: this.deps.selectSpan,
        isFolded: this.deps.isFolded,
        setFolded: this.deps.setFolded,
        onSourcesChanged: (listener) => listeners.push(listener),
        report,
      };
      this.again = () => {
        void pane.refreshSource(details.spanId, this.deps.sources.get(span));
        for (const listener of listeners) listener();
      };
      pane.show({
        context,
        traceId: trace.snapshot.traceId,
        colour: trace.colourOf[serviceOf(trace, span)],
        source: this.deps.sources.get(span),
        group: entry < 0 ? summary(view, ~entry) : undefined,
        findings: trace.snapshot.findings.filter((finding) => finding.rows.includes(span)).map((finding) => finding.message),
      });
    } catch (error) {
      if (signal.aborted) return;
      report(error);
      pane.clear(toErrorData(error).message);
    }
  }
}

function summary(view: ViewModel, group: number): GroupSummary {
  const { groups, durationNs } = view.trace;
  const members = groups.rows.subarray(groups.start[group], groups.start[group + 1]);
  const sorted = Float64Array.from(members, (span) => durationNs[span]).sort();
  let errors = 0;
  for (const span of members) if (isError(view.trace, span)) errors++;
  return {
    count: members.length,
    errors,
    totalNs: sorted.reduce((sum, ns) => sum + ns, 0),
    leastNs: sorted[0],
    medianNs: sorted[(sorted.length - 1) >> 1],
    mostNs: sorted[sorted.length - 1],
  };
}
