/**
 * The waterfall as a whole: puts the parts together, answers input by changing the view's state, and renders the state once a frame.
 */

import type { TimeRange } from '../../../src/core/layout/timeScale';
import { formatCount } from '../../../src/core/text/formatText';
import type { ViewLayout, ViewState } from '../../../src/protocol/view';
import { FindBox } from '../../shell/findBox';
import { Footer } from '../../shell/footer';
import type { Host } from '../../shell/host';
import { handleKey } from '../../shell/keys';
import { Minimap } from '../../shell/minimap';
import { Title } from '../../shell/title';
import { readTheme, type Theme, watchTheme } from '../../theme/theme';
import { CodeMarks } from '../../trace/codeMarks';
import { DetailsLoader } from '../../trace/details';
import { EventTimes } from '../../trace/eventTimes';
import { Finder } from '../../trace/finder';
import { restore, type SpanIds, stateOf } from '../../trace/memory';
import { nameText, type TraceModel } from '../../trace/model';
import { positionIn } from '../../trace/navigate';
import { Sources } from '../../trace/sources';
import { NO_ENTRY, ViewModel } from '../../trace/state';
import { Commands } from './commands';
import { listenToMouse, type MouseTarget } from './mouse';
import { defaultLayout, type PageLayout, WaterfallPage } from './page';
import { showRange } from './rangeBox';
import { Timeline } from './timeline';

export interface WaterfallDeps {
  readonly host: Host;
  readonly report: (error: unknown) => void;
  readonly backToList: () => (() => void) | undefined;
  /** Keeps state in the webview, for when the host has forgotten it. */
  readonly remember: (trace: { readonly traceId: string; readonly dataset: string }, state: ViewState) => void;
}

/** A change is told at the latest after this (of large traces later): a hidden webview is gone, with what it has not told. */
const SAVE_MS = 60;
const LARGE_SAVE_MS = 250;
const ANNOUNCE_MS = 10_000;

export class Waterfall {
  readonly page: WaterfallPage;
  view: ViewModel | undefined;
  ids: SpanIds | undefined;
  theme: Theme = readTheme();
  readonly timeline = new Timeline();
  readonly commands: Commands;
  readonly finder: Finder;
  readonly findBox: FindBox;
  readonly marks: CodeMarks;
  private readonly title = new Title();
  private readonly footer: Footer;
  private readonly minimap: Minimap;
  private readonly details: DetailsLoader;
  private readonly folded = new Set<string>();
  readonly sources: Sources;
  private readonly eventTimes: EventTimes;
  private hover: MouseTarget | undefined;
  private told = '';
  /** What was selected when the trace was shown, by nobody. */
  private given = NO_ENTRY;
  private announcedAt = 0;
  private generation = 0;
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private layoutTimer: ReturnType<typeof setTimeout> | undefined;
  private rowsShown: unknown;
  private titleKey: unknown[] = [];

  constructor(private readonly deps: WaterfallDeps) {
    const { host, report } = deps;
    const requestFrame = (): void => this.page.loop.request();
    this.sources = new Sources(host, requestFrame);
    this.eventTimes = new EventTimes(host, this.timeline.events, requestFrame, report);
    this.finder = new Finder(
      host,
      report,
      () => this.view,
      () => this.changed('rows'),
    );
    this.commands = new Commands(this, deps);
    this.marks = new CodeMarks({
      view: () => this.view,
      changed: () => this.changed('rows'),
      announce: (text) => {
        this.page.announce(text);
      },
    });
    this.findBox = new FindBox({
      changed: (text) => void this.finder.search(text),
      next: (backwards) => this.commands.findNext(backwards),
      setFilter: (on) => this.finder.setFilter(on),
      leave: () => this.focusRows(),
    });
    this.footer = new Footer({
      toggleCritical: () => this.commands.toggleCritical(),
      toggleClock: () => this.commands.toggleClock(),
      goToSpanId: (id) => void this.selectSpanId(id, true),
      showKeys: () => this.commands.showKeys(),
      clearFilter: () => this.finder.setFilter(false),
      nextMark: (backwards) => this.commands.nextMark(backwards),
    });
    this.minimap = new Minimap({
      view: () => this.view,
      setView: (view) => this.setView(view),
      reset: () => this.commands.wholeTrace(),
    });
    const layout: PageLayout = { ...defaultLayout };
    this.page = new WaterfallPage(
      { title: this.title.root, find: this.findBox.root, minimap: this.minimap.root, footer: this.footer.root },
      this.timeline,
      layout,
      () => this.render(),
      () => this.saveLayout(),
      () => this.commands.closeDetails(),
    );
    this.details = new DetailsLoader({
      host,
      pane: this.page.details,
      sources: this.sources,
      filterBy: (query) => this.commands.filterBy(query),
      selectSpan: (span) => this.select(span, true),
      isFolded: (section) => this.folded.has(section),
      setFolded: (section, isFolded) => {
        if (isFolded) this.folded.add(section);
        else this.folded.delete(section);
        this.saveLayout();
      },
      report,
    });
    this.listen();
    watchTheme((theme) => {
      this.theme = theme;
      this.applyPalette();
      this.changed('rows');
    });
    this.applyPalette();
  }

  applyLayout(layout: ViewLayout): void {
    const target = this.page.layout;
    for (const name of ['treeWidth', 'detailsWidth', 'detailsHeight'] as const) {
      const value = layout[name];
      if (typeof value === 'number' && value > 0) target[name] = value;
    }
    if (layout.detailsOpen !== undefined) target.detailsOpen = layout.detailsOpen;
    this.folded.clear();
    for (const section of layout.foldedSections ?? []) this.folded.add(section);
  }

  /** Shows a trace for the first time, or a newer revision of the one that is shown. */
  async show(trace: TraceModel, ids: SpanIds | undefined, state: ViewState, selectSpanId: string | undefined): Promise<void> {
    const before = this.view;
    const same =
      before !== undefined &&
      before.trace.snapshot.traceId === trace.snapshot.traceId &&
      before.trace.snapshot.dataset === trace.snapshot.dataset;
    const kept = same && this.ids ? stateOf(before, this.ids, this.topRow()) : state;
    const anchor = same ? this.anchor() : undefined;
    const view = new ViewModel(trace);
    this.ids = ids;
    const top = restore(view, ids, kept);
    this.view = view;
    this.told = '';
    if (same) this.announceGrowth(trace.count - before.trace.count);
    this.sources.clear();
    this.eventTimes.clear();
    if (same) view.find.filter = before.find.filter;
    if (view.selected === NO_ENTRY && view.rows.count > 0 && !same) view.selected = view.rows.entryAt(0);
    this.changed('rows');
    this.page.measure();
    if (anchor && ids) this.keepAnchor(view, ids, anchor);
    else if (!same) {
      this.page.scroller.resize(this.page.bodyHeight, view.rows.count * this.page.geometry.rowHeight);
      this.page.scroller.top = 0;
      if (top >= 0) this.page.scroller.scrollTo(view.rowOf(top) * this.page.geometry.rowHeight);
    }
    if (selectSpanId !== undefined && ids) {
      const span = ids.spanOf(selectSpanId);
      if (span >= 0) this.select(span, true);
    }
    this.given = view.selected;
    const find = kept.find ?? '';
    if (find !== '') void this.finder.search(find, kept.filter === true);
  }

  /** Tells a screen reader of new spans, politely and seldom. */
  private announceGrowth(added: number): void {
    const now = performance.now();
    if (added <= 0 || now - this.announcedAt < ANNOUNCE_MS) return;
    this.announcedAt = now;
    this.page.announce(formatCount(added, 'new span'));
  }

  /** Ids that came after the first paint, with the remembered state that waited for them. */
  applyIds(ids: SpanIds, state: ViewState | undefined, selectSpanId: string | undefined): void {
    const { view } = this;
    this.ids = ids;
    if (!view) return;
    if (state) {
      const top = restore(view, ids, state);
      if (view.selected === NO_ENTRY && view.rows.count > 0) view.selected = view.rows.entryAt(0);
      if (top >= 0) this.page.scroller.scrollTo(view.rowOf(top) * this.page.geometry.rowHeight);
      this.changed('rows');
    }
    if (selectSpanId !== undefined) void this.selectSpanId(selectSpanId, true);
    if (state || selectSpanId !== undefined) this.given = view.selected;
  }

  /** The row that must not move when rows are added: under the pointer, else the selected one if it is in view, else the first in view. */
  private anchor(): { id: string; offset: number } | undefined {
    const { view, ids, page } = this;
    if (!view || !ids || view.rows.count === 0) return undefined;
    const { rowHeight } = page.geometry;
    const selected = view.selectedRow;
    const inView =
      selected >= 0 &&
      selected * rowHeight >= page.scroller.top &&
      (selected + 1) * rowHeight <= page.scroller.top + page.bodyHeight;
    const hovered = this.hover && this.hover.row >= 0 && this.hover.row < view.rows.count ? this.hover.row : -1;
    const row = hovered >= 0 ? hovered : inView ? selected : this.topRow();
    return { id: ids.idOf(view.rows.spanAt(row)), offset: row * rowHeight - page.scroller.top };
  }

  private keepAnchor(view: ViewModel, ids: SpanIds, anchor: { id: string; offset: number }): void {
    const { page } = this;
    const { rowHeight } = page.geometry;
    page.scroller.resize(page.bodyHeight, view.rows.count * rowHeight);
    const span = ids.spanOf(anchor.id);
    const row = span < 0 ? -1 : view.rowOf(span);
    if (row >= 0) page.scroller.scrollTo(row * rowHeight - anchor.offset);
  }

  private topRow(): number {
    return Math.floor(this.page.scroller.top / this.page.geometry.rowHeight);
  }

  select(entry: number, reveal: boolean): void {
    const { view } = this;
    if (!view || entry === NO_ENTRY) return;
    if (reveal && entry >= 0) view.reveal(entry);
    this.commands.remember(view.selected);
    view.selected = entry;
    if (reveal) {
      this.page.measure();
      this.page.scroller.resize(this.page.bodyHeight, view.rows.count * this.page.geometry.rowHeight);
      this.page.revealRow(view.selectedRow);
    }
    this.changed('selection');
  }

  async selectSpanId(id: string, reveal: boolean): Promise<boolean> {
    const span = this.ids?.spanOf(id.toLowerCase()) ?? -1;
    if (span >= 0) this.select(span, reveal);
    return span >= 0;
  }

  setView(range: TimeRange): void {
    this.view?.setView(range);
    this.changed('view');
  }

  /** Something of the state changed: a frame is needed, and saving. */
  changed(what: 'rows' | 'selection' | 'view' | 'hover'): void {
    if (what === 'rows') this.generation++;
    this.page.loop.request();
    if (what !== 'hover') this.saveSoon();
  }

  focusRows(): void {
    const { view } = this;
    if (!view) return;
    this.page.loop.flush();
    const row = this.page.rows.elementOf(Math.max(0, view.selectedRow));
    row?.focus({ preventScroll: true });
  }

  private render(): void {
    const { view, page } = this;
    if (!view) return;
    page.measure();
    const hoverRow = this.hover && this.hover.row < view.rows.count ? this.hover.row : -1;
    const hadFocus = document.activeElement instanceof HTMLElement && document.activeElement.classList.contains('row');
    page.paintList(view, this.theme, hoverRow, this.generation, (span) => this.sources.label(view, span));
    if (hadFocus) page.rows.elementOf(Math.max(0, view.selectedRow))?.focus({ preventScroll: true });
    if (this.rowsShown !== view.rows) {
      this.rowsShown = view.rows;
      page.grid.setAttribute('aria-rowcount', String(view.rows.count + 1));
    }
    this.minimap.update(view, this.theme, page.minimapWidth, page.minimapHeight, window.devicePixelRatio || 1);
    this.footer.update(view);
    this.findBox.show(view.find, positionIn(view.find.matches, view.selected >= 0 ? view.selected : -1));
    this.showTitle(view);
    showRange(page, view, () => this.commands.zoomToRange());
    this.askForEvents(view);
    this.tellSelection(view);
    if (page.detailsOpen) this.details.update(view);
  }

  /** The host follows the selection: menus and commands of the editor act on it. */
  private tellSelection(view: ViewModel): void {
    const span = view.spanOf(view.selected);
    if (!this.ids || span < 0) return;
    const spanId = this.ids.idOf(span);
    if (spanId === this.told) return;
    const byPerson = document.hasFocus() && (this.told !== '' || view.selected !== this.given);
    this.told = spanId;
    this.deps.host.emit('selected', { row: span, spanId, byPerson });
  }

  private showTitle(view: ViewModel): void {
    const key = [view.trace, view.root];
    if (key.every((value, index) => value === this.titleKey[index])) return;
    this.titleKey = key;
    const root = view.root >= 0 ? nameText(view.trace, view.root) : undefined;
    this.title.show(
      view.trace,
      {
        nextError: () => this.commands.nextError(false),
        nextFinding: () => this.commands.nextFinding(),
        leaveRoot: () => this.commands.leaveRoot(),
        backToList: this.deps.backToList(),
      },
      root,
    );
  }

  private askForEvents(view: ViewModel): void {
    const { rowHeight, narrow } = this.page.geometry;
    if (narrow) return;
    const first = Math.floor(this.page.scroller.top / rowHeight);
    this.eventTimes.want(view, first, Math.min(view.rows.count, first + Math.ceil(this.page.bodyHeight / rowHeight) + 1));
  }

  /** Colours that DOM and canvas share, on `body`: the variables on `html` are VS Code's, and watched. */
  private applyPalette(): void {
    const { style } = document.body;
    this.theme.services.forEach((colour, index) => {
      style.setProperty(`--service-${index}`, colour);
    });
    style.setProperty('--error', this.theme.errorText);
    style.setProperty('--warning', this.theme.warningText);
    style.setProperty('--quiet', this.theme.dimmed);
    style.setProperty('--link', this.theme.linkText);
    style.setProperty('--number', this.theme.numberText);
    style.setProperty('--boolean', this.theme.booleanText);
  }

  private listen(): void {
    const { page } = this;
    // VS Code throws the page of a hidden editor away without a word; who goes to another one takes the focus away first.
    for (const leaving of ['blur', 'pagehide'])
      window.addEventListener(leaving, () => this.saveTimer !== undefined && this.save(this.view));
    listenToMouse(page.grid, this.commands.mouse());
    document.addEventListener('keydown', (event) => {
      const { target } = event;
      const inList = target instanceof HTMLElement && (target.classList.contains('row') || target === document.body);
      if (!this.view || !page.root.isConnected || !handleKey(event, this.commands, inList)) return;
      event.preventDefault();
      // VS Code hears of every key of a webview that is not stopped here, and would run its own command besides.
      event.stopPropagation();
    });
  }

  setHover(target: MouseTarget | undefined): void {
    const before = this.hover;
    this.hover = target;
    this.timeline.hoverX = target && target.timelineX >= 0 ? target.timelineX : -1;
    if (before?.row !== target?.row || before?.timelineX !== target?.timelineX) this.changed('hover');
  }

  private saveSoon(): void {
    this.saveTimer ??= setTimeout(() => this.save(this.view), (this.view?.trace.count ?? 0) > 1e5 ? LARGE_SAVE_MS : SAVE_MS);
  }

  private save(view: ViewModel | undefined): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = undefined;
    if (!view) return;
    const state = stateOf(view, this.ids, this.topRow());
    this.deps.remember(view.trace.snapshot, state);
    this.deps.host.call('saveState', { state }).catch(this.deps.report);
  }

  private saveLayout(): void {
    clearTimeout(this.layoutTimer);
    this.layoutTimer = setTimeout(() => {
      const { treeWidth, detailsWidth, detailsHeight, detailsOpen } = this.page.layout;
      const layout: ViewLayout = { treeWidth, detailsWidth, detailsHeight, detailsOpen, foldedSections: [...this.folded] };
      this.deps.host.call('saveLayout', { layout }).catch(this.deps.report);
    }, LARGE_SAVE_MS);
  }
}
