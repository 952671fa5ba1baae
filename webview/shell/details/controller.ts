/** Shows in the details pane what is known of the selected span, and again where that changed. */

import type { Host } from '../../host';
import type { Selected, SelectedSpan } from '../../trace/details';
import { type ShownTimes, shownTimesOf } from '../../trace/shownTimes';
import type { TraceStore } from '../../trace/traceStore';
import type { DetailsContext } from './context';
import { DetailsPane } from './pane';

export interface DetailsControllerOptions {
  readonly host: Host;
  readonly store: TraceStore;
  readonly close: () => void;
  /** Sections were folded or unfolded. */
  readonly foldedChanged: () => void;
  readonly report: (error: unknown) => void;
}

export class DetailsController {
  readonly pane: DetailsPane;
  readonly folded = new Set<string>();
  private current = '';
  /** Who shows something of source in these details. */
  private listeners: (() => void)[] = [];

  constructor(private readonly own: DetailsControllerOptions) {
    this.pane = new DetailsPane(own.close);
    own.store.sources.onDidChange(() => {
      for (const listener of this.listeners) listener();
    });
  }

  show(selected: Selected): void {
    switch (selected.type) {
      case 'span':
        this.showSpan(selected.span);
        return;
      case 'nothing':
        this.clear('Select a span to see its details.');
        return;
      case 'problem':
        this.clear(selected.message);
        return;
    }
  }

  private clear(text: string): void {
    this.current = '';
    this.listeners = [];
    this.pane.clear(text);
  }

  private showSpan(selected: SelectedSpan): void {
    const { host, store, report } = this.own;
    const { span, details } = selected;
    // A trace that grows asks anew with each picture; what is read meanwhile, or has the focus, is not made anew for nothing.
    const isWithout = store.view?.withoutStops === true;
    const { stops: held, run } = shownIn(store, span.spanId) ?? {};
    const said = JSON.stringify({
      ...selected,
      span: span.spanId,
      details: { ...details, revision: 0, row: 0 },
      isWithout,
      held,
      run,
    });
    if (said === this.current) {
      void this.pane.refreshSource(span.spanId, store.sources.get(span));
      return;
    }
    this.current = said;
    const listeners: (() => void)[] = [];
    this.listeners = listeners;
    const context: DetailsContext = {
      host,
      span,
      details,
      shiftNs: selected.shiftNs,
      shown: () => shownIn(store, span.spanId),
      filterBy: (query) => void store.finder.search(query, true),
      selectSpan: (spanId) => void store.selectSpanId(spanId, { reveal: true }),
      isFolded: (section) => this.folded.has(section),
      setFolded: (section, isFolded) => {
        if (isFolded) this.folded.add(section);
        else this.folded.delete(section);
        this.own.foldedChanged();
      },
      onSourcesChanged: (listener) => listeners.push(listener),
      report,
    };
    listeners.push(() => void this.pane.refreshSource(span.spanId, store.sources.get(span)));
    this.pane.show({ context, selected, source: store.sources.get(span) });
  }
}

function shownIn({ view, ids }: TraceStore, spanId: string): ShownTimes | undefined {
  const span = view && ids ? ids.spanOf(spanId) : -1;
  return view && span >= 0 ? shownTimesOf(view, span) : undefined;
}
