/** The waterfall: a view of the trace as rows of a tree and bars over time. It observes the trace and renders once a frame. */

import type { SpanGlance } from '../../../src/protocol/view';
import type { Theme } from '../../theme/theme';
import type { SpanIds } from '../../trace/spanIds';
import type { TraceStore } from '../../trace/traceStore';
import type { Command } from '../commands';
import type { View } from '../view';
import { HoverCard } from './hoverCard';
import { listenToMouse, type MouseTarget } from './mouse';
import { pointerActions } from './pointer';
import { showRange } from './rangeBox';
import { rowCommands } from './rowCommands';
import { RowsPane } from './rowsPane';

export interface WaterfallOptions {
  readonly store: TraceStore;
  readonly theme: () => Theme;
  readonly requestFrame: () => void;
  /** Sizes are read, if any may have changed. */
  readonly readSizes: () => void;
  readonly treeWidth: () => number | undefined;
  readonly resizeTree: (widthPx: number | undefined) => void;
  readonly isNarrow: () => boolean;
  readonly openSource: (beside: boolean) => void;
  readonly openDetails: () => void;
  /** The scroll position, which is kept with the trace, changed. */
  readonly scrolled: () => void;
  readonly glance: (span: number, fromNs: number, toNs: number) => Promise<SpanGlance | undefined>;
  readonly announce: (text: string) => void;
}

/** The row that must not move when rows are added, and where it is. */
interface Anchor {
  readonly ids: SpanIds;
  readonly span: number;
  readonly offsetPx: number;
}

export class WaterfallView implements View {
  readonly commands: readonly Command[];
  private readonly pane: RowsPane;
  private readonly card: HoverCard;
  private hover: MouseTarget | undefined;
  private generation = 0;
  private rowsShown: unknown;
  private anchor: Anchor | undefined;
  private topShown = 0;
  private secondsShown = 0;

  constructor(private readonly own: WaterfallOptions) {
    const { store } = own;
    this.pane = new RowsPane(own);
    this.card = new HoverCard({ pane: this.pane, view: () => store.view, ask: own.glance, announce: own.announce });
    const look: Command = {
      id: 'look',
      group: 'Source and details',
      keys: ['h'],
      keyLabel: 'h',
      text: 'what the bar says',
      run: () => this.card.showSelected(),
    };
    this.commands = [...rowCommands(store, this.pane), look];
    const focusRows = (): void => this.focus();
    listenToMouse(
      this.pane.grid,
      pointerActions({ ...own, pane: this.pane, focusRows, hover: (target) => this.setHover(target) }),
    );
    store.onWillLeave((where) => {
      this.anchor = where === 'newer' ? this.anchorNow() : undefined;
    });
    store.onDidReveal(() => this.revealSelected());
    store.onDidChange((change) => {
      if (change === 'rows' || change === 'trace') this.generation++;
      if (change === 'rows' || change === 'view') this.card.hide();
      if (change === 'trace') {
        this.place();
        this.card.again(this.hover);
      }
    });
  }

  get body(): HTMLElement {
    return this.pane.root;
  }

  takesKeys(target: HTMLElement): boolean {
    return target.classList.contains('row');
  }

  /** Something that all rows show has changed: the theme. */
  restyle(): void {
    this.generation++;
  }

  measure(): void {
    this.pane.measure();
  }

  focus(): void {
    const { view } = this.own.store;
    if (!view) return;
    this.pane.rows.elementOf(Math.max(0, view.selectedRow))?.focus({ preventScroll: true });
  }

  render(): void {
    const { store, theme } = this.own;
    const { view, ids } = store;
    const { pane } = this;
    if (!view) return;
    // How long spans have run stands in rows, and is said of them.
    if (view.seconds !== this.secondsShown) this.generation++;
    this.secondsShown = view.seconds;
    const hoverRow = this.hover && this.hover.row < view.rows.count ? this.hover.row : -1;
    const hadFocus = document.activeElement instanceof HTMLElement && document.activeElement.classList.contains('row');
    pane.paint({
      view,
      theme: theme(),
      events: store.events.times,
      hoverRow,
      generation: this.generation,
      sourceLabel: (span) => store.sources.label(view, ids, span),
      spanId: (span) => ids?.idOf(span),
    });
    if (hadFocus) this.focus();
    if (this.rowsShown !== view.rows) {
      this.rowsShown = view.rows;
      pane.grid.setAttribute('aria-rowcount', String(view.rows.count + 1));
    }
    this.noteTop();
    this.card.scrolled(pane.scroller.top);
    showRange(pane, view, () => this.zoomToRange());
    if (!pane.geometry.narrow) {
      const last = pane.topRow + Math.ceil(pane.bodyHeight / pane.geometry.rowHeight) + 1;
      store.events.want(view, pane.topRow, Math.min(view.rows.count, last));
    }
  }

  private setHover(target: MouseTarget | undefined): void {
    const before = this.hover;
    this.hover = target;
    this.card.point(target);
    this.pane.timeline.hoverX = target && target.timelineX >= 0 ? target.timelineX : -1;
    if (before?.row !== target?.row || before?.timelineX !== target?.timelineX) this.own.requestFrame();
  }

  /** The trace keeps where its rows were scrolled to. */
  private noteTop(): void {
    const { view } = this.own.store;
    const { top } = this.pane.scroller;
    if (!view || top === this.topShown) return;
    this.topShown = top;
    view.topSpan = top > 0 && this.pane.topRow < view.rows.count ? view.rows.spanAt(this.pane.topRow) : -1;
    this.own.scrolled();
  }

  private revealSelected(): void {
    const { view } = this.own.store;
    if (!view) return;
    this.own.readSizes();
    this.pane.fit(view);
    this.pane.revealRow(view.selectedRow);
  }

  /** Another picture: a newer one leaves the anchor where it was, the first one begins where the trace was left. */
  private place(): void {
    const { view, ids } = this.own.store;
    const { pane, anchor } = this;
    this.anchor = undefined;
    if (!view) return;
    this.own.readSizes();
    pane.fit(view);
    const { rowHeight } = pane.geometry;
    if (anchor && ids) {
      const row = view.rowOf(ids.spanFrom(anchor.ids, anchor.span));
      if (row >= 0) pane.scroller.scrollTo(row * rowHeight - anchor.offsetPx);
      return;
    }
    pane.scroller.scrollTo(view.topSpan < 0 ? 0 : view.rowOf(view.topSpan) * rowHeight);
  }

  /** Under the pointer, else the selected one if it is in view, else the first in view. */
  private anchorNow(): Anchor | undefined {
    const { view, ids } = this.own.store;
    const { pane } = this;
    if (!view || !ids || view.rows.count === 0) return undefined;
    const { rowHeight } = pane.geometry;
    const { top } = pane.scroller;
    const selected = view.selectedRow;
    const inView = selected >= 0 && selected * rowHeight >= top && (selected + 1) * rowHeight <= top + pane.bodyHeight;
    const hovered = this.hover && this.hover.row >= 0 && this.hover.row < view.rows.count ? this.hover.row : -1;
    const row = hovered >= 0 ? hovered : inView ? selected : pane.topRow;
    if (row >= view.rows.count) return undefined;
    return { ids, span: view.rows.spanAt(row), offsetPx: row * rowHeight - top };
  }

  private zoomToRange(): void {
    const { store } = this.own;
    const range = store.view?.range;
    if (!range) return;
    store.setRange(undefined);
    store.setView(range);
    this.focus();
  }
}
