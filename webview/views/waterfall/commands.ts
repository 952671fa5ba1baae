/** What keys, mouse and buttons do to the view. Each is a small change of state; the next frame shows it. */

import { foldAll, foldToLevel } from '../../../src/core/layout/fold';
import { pan, viewAround, zoomAt } from '../../../src/core/layout/timeScale';
import { showKeys } from '../../shell/help';
import type { KeyCommands } from '../../shell/keys';
import { entryAt, firstChildRow, nextOf, parentRow, sameSibling } from '../../trace/navigate';
import { NO_ENTRY } from '../../trace/state';
import type { Waterfall, WaterfallDeps } from './controller';
import type { MouseActions, MouseTarget } from './mouse';

const ZOOM_STEP = 0.7;
const PAN_STEP = 0.2;
const HISTORY_LIMIT = 200;
const ARROW_HIT_PX = 14;

export class Commands implements KeyCommands {
  private back: number[] = [];
  private forward: number[] = [];
  private findingIndex = -1;
  private moving = false;

  constructor(
    private readonly waterfall: Waterfall,
    private readonly deps: WaterfallDeps,
  ) {}

  private get view() {
    return this.waterfall.view;
  }

  /** The row that has the selection, or would get it. */
  private row(): number {
    return Math.max(0, this.view?.selectedRow ?? 0);
  }

  private goToRow(row: number): void {
    const { view } = this;
    if (!view) return;
    const entry = entryAt(view, row);
    if (entry === NO_ENTRY) return;
    this.waterfall.select(entry, false);
    this.waterfall.page.revealRow(view.selectedRow);
  }

  moveBy(rows: number): void {
    this.goToRow(this.view?.selected === NO_ENTRY ? 0 : this.row() + rows);
  }

  moveByPage(pages: number): void {
    const { page } = this.waterfall;
    this.moveBy(pages * Math.max(1, Math.floor(page.bodyHeight / page.geometry.rowHeight) - 1));
  }

  moveTo(end: 'first' | 'last'): void {
    this.goToRow(end === 'first' ? 0 : (this.view?.rows.count ?? 1) - 1);
  }

  expandOrEnter(): void {
    const { view } = this;
    if (!view || view.rows.count === 0) return;
    const row = this.row();
    const entry = view.rows.entryAt(row);
    if (view.canFold(entry) && !view.isOpen(entry)) this.setOpen(entry, true);
    else {
      const child = firstChildRow(view, row);
      if (child >= 0) this.goToRow(child);
    }
  }

  collapseOrLeave(): void {
    const { view } = this;
    if (!view || view.rows.count === 0) return;
    const row = this.row();
    const entry = view.rows.entryAt(row);
    if (view.canFold(entry) && view.isOpen(entry) && !view.rows.isFiltered) this.setOpen(entry, false);
    else {
      const parent = parentRow(view, row);
      if (parent >= 0) this.goToRow(parent);
    }
  }

  setOpen(entry: number, open: boolean): void {
    const { view } = this;
    if (!view) return;
    view.setOpen(entry, open);
    // A selection that went out of sight moves to what hides it.
    const row = view.selectedRow;
    if (row >= 0 && view.selected !== NO_ENTRY) view.selected = view.rows.entryAt(row);
    this.waterfall.changed('rows');
  }

  openSource(beside: boolean): void {
    const span = this.view?.spanOf(this.view.selected) ?? -1;
    if (span >= 0) this.deps.host.call('openSource', { row: span, beside }, { timeoutMs: 0 }).catch(this.deps.report);
  }

  toggleDetails(): void {
    const { page } = this.waterfall;
    const open = !page.detailsOpen;
    page.openDetails(open);
    if (page.arrangement !== 'narrow') return;
    if (open) {
      page.loop.flush();
      page.details.focus();
    } else this.waterfall.focusRows();
  }

  closeDetails(): void {
    this.waterfall.page.openDetails(false);
    this.waterfall.focusRows();
  }

  find(): void {
    this.waterfall.findBox.focus();
  }

  findNext(backwards: boolean): void {
    this.goToNextOf(this.view?.find.matches, backwards);
  }

  nextError(backwards: boolean): void {
    this.goToNextOf(this.view?.trace.errors, backwards);
  }

  nextMark(backwards: boolean): void {
    this.goToNextOf(this.view?.marks.spans, backwards);
  }

  nextFinding(): void {
    const findings = this.view?.trace.snapshot.findings ?? [];
    if (findings.length === 0) return;
    this.findingIndex = (this.findingIndex + 1) % findings.length;
    const finding = findings[this.findingIndex];
    const { view } = this;
    const first = finding.rows[0];
    if (!view || first === undefined) return;
    // A finding about a group is shown on the group's row, which need not be opened.
    const group = view.trace.groups.count > 0 ? view.trace.groups.groupOf[first] : 0;
    if (group > 0 && view.fold.openGroups[group - 1] === 0) {
      const parent = view.trace.tree.parent[first];
      if (parent >= 0) view.reveal(parent);
      if (parent >= 0 && view.fold.collapsed[parent] === 1) view.setOpen(parent, true);
      this.waterfall.select(~(group - 1), true);
    } else this.goToSpan(first);
    this.waterfall.page.announce(finding.message);
  }

  private goToSpan(span: number): void {
    if (span >= 0) this.waterfall.select(span, true);
  }

  private goToNextOf(list: Uint32Array = new Uint32Array(0), backwards = false): void {
    this.goToSpan(nextOf(list, this.view?.spanOf(this.view.selected) ?? -1, backwards));
  }

  zoom(direction: 'in' | 'out'): void {
    const { view } = this;
    if (!view) return;
    const { startNs, endNs } = view.view;
    const selected = view.selected === NO_ENTRY ? view.view : view.entryTimes(view.selected);
    const middle = (selected.startNs + selected.endNs) / 2;
    const anchor = middle >= startNs && middle <= endNs ? middle : (startNs + endNs) / 2;
    this.waterfall.setView(zoomAt(view.view, anchor, direction === 'in' ? ZOOM_STEP : 1 / ZOOM_STEP, view.bounds));
  }

  panBy(direction: -1 | 1): void {
    const { view } = this;
    if (view) this.waterfall.setView(pan(view.view, direction * PAN_STEP * (view.view.endNs - view.view.startNs), view.bounds));
  }

  wholeTrace(): void {
    const { view } = this;
    if (view) this.waterfall.setView(view.bounds);
  }

  zoomToSpan(): void {
    const { view } = this;
    if (view && view.selected !== NO_ENTRY) this.waterfall.setView(viewAround(view.entryTimes(view.selected), view.bounds));
  }

  zoomToRange(): void {
    const { view } = this;
    if (!view?.range) return;
    const { range } = view;
    view.range = undefined;
    this.waterfall.setView(range);
    this.waterfall.focusRows();
  }

  expandBelow(): void {
    const { view } = this;
    if (!view) return;
    const span = view.spanOf(view.selected);
    if (view.selected < 0 && view.selected !== NO_ENTRY) view.fold.openGroups[~view.selected] = 1;
    foldAll(view.trace.tree, view.trace.groups, view.fold, false, span < 0 ? undefined : span);
    this.afterFold();
  }

  expandToLevel(levels: number): void {
    const { view } = this;
    if (!view) return;
    foldToLevel(view.trace.tree, view.fold, levels, view.root >= 0 ? view.root : undefined);
    this.afterFold();
  }

  private afterFold(): void {
    const { view } = this;
    if (!view) return;
    view.relayout();
    const row = view.selectedRow;
    if (row >= 0) view.selected = view.rows.entryAt(row);
    const { page } = this.waterfall;
    page.scroller.resize(page.bodyHeight, view.rows.count * page.geometry.rowHeight);
    page.revealRow(row);
    this.waterfall.changed('rows');
  }

  sibling(backwards: boolean): void {
    const { view } = this;
    const span = view?.spanOf(view.selected) ?? -1;
    if (view && span >= 0) this.goToSpan(sameSibling(view, span, backwards));
  }

  makeRoot(): void {
    const { view } = this;
    const span = view?.spanOf(view.selected) ?? -1;
    if (!view || span < 0 || view.root === span) return;
    view.root = span;
    view.relayout();
    view.view = view.bounds;
    this.waterfall.page.scroller.scrollTo(0);
    this.waterfall.changed('rows');
  }

  leaveRoot(): void {
    const { view } = this;
    if (!view || view.root < 0) return;
    view.root = -1;
    view.relayout();
    view.view = view.bounds;
    this.afterFold();
  }

  /** Esc: the innermost thing that is open goes; false when there was nothing. */
  undo(): boolean {
    const { view } = this;
    const { page } = this.waterfall;
    if (!view) return false;
    if (view.range) {
      view.range = undefined;
      this.waterfall.changed('view');
      return true;
    }
    if (page.detailsOpen && (page.arrangement === 'narrow' || page.details.root.contains(document.activeElement))) {
      if (page.arrangement === 'narrow') this.closeDetails();
      else this.waterfall.focusRows();
      return true;
    }
    if (view.root >= 0) {
      this.leaveRoot();
      return true;
    }
    if (view.find.filter) {
      this.waterfall.finder.setFilter(false);
      return true;
    }
    return false;
  }

  toggleCritical(): void {
    const { view } = this;
    if (!view) return;
    view.criticalPath = !view.criticalPath;
    this.waterfall.changed('view');
  }

  toggleClock(): void {
    const { view } = this;
    if (!view) return;
    view.rawClock = !view.rawClock;
    view.setView(view.view);
    this.waterfall.changed('rows');
  }

  filterBy(query: string): void {
    void this.waterfall.finder.search(query, true);
  }

  /** Notes where the selection was, for Alt+←. */
  remember(entry: number): void {
    if (this.moving || entry === NO_ENTRY || this.back[this.back.length - 1] === entry) return;
    this.back.push(entry);
    if (this.back.length > HISTORY_LIMIT) this.back.shift();
    this.forward = [];
  }

  history(direction: -1 | 1): void {
    const { view } = this;
    if (!view) return;
    const from = direction < 0 ? this.back : this.forward;
    const to = direction < 0 ? this.forward : this.back;
    const entry = from.pop();
    if (entry === undefined) return;
    to.push(view.selected);
    this.moving = true;
    this.waterfall.select(entry, true);
    this.moving = false;
  }

  forgetHistory(): void {
    this.back = [];
    this.forward = [];
    this.findingIndex = -1;
  }

  showKeys(): void {
    showKeys(this.waterfall.page.root, () => this.waterfall.focusRows());
  }

  mouse(): MouseActions {
    const { waterfall } = this;
    return {
      locate: (event) => this.locate(event),
      hover: (target) => waterfall.setHover(target),
      press: (target, event) => this.press(target, event),
      doublePress: (target) => {
        if (target.timelineX < 0 || target.row < 0) return;
        const { view } = this;
        if (view) waterfall.setView(viewAround(view.entryTimes(view.rows.entryAt(target.row)), view.bounds));
      },
      scrollBy: (px) => waterfall.page.scroller.scrollTo(waterfall.page.scroller.top + px),
      panByPx: (px) => {
        const { view } = this;
        if (view) waterfall.setView(pan(view.view, px / waterfall.timeline.pxPerNs, view.bounds));
      },
      zoomAtPx: (x, factor) => {
        const { view } = this;
        if (view) waterfall.setView(zoomAt(view.view, view.view.startNs + x / waterfall.timeline.pxPerNs, factor, view.bounds));
      },
      toNs: (x) => (this.view ? this.view.view.startNs + x / waterfall.timeline.pxPerNs : 0),
      setRange: (range) => {
        const { view } = this;
        if (!view) return;
        view.range = range;
        waterfall.changed('view');
      },
    };
  }

  private locate(event: MouseEvent): MouseTarget {
    const { page } = this.waterfall;
    const box = page.body.getBoundingClientRect();
    const y = event.clientY - box.top;
    const row = y < 0 ? -1 : Math.floor((y + page.scroller.top) / page.geometry.rowHeight);
    const count = this.view?.rows.count ?? 0;
    const timelineX = page.arrangement === 'narrow' ? -1 : event.clientX - box.left - page.timelineLeft;
    return { row: row < count ? row : -1, timelineX, inRuler: y < 0 };
  }

  private press(target: MouseTarget, event: MouseEvent): void {
    const { view } = this;
    const { page } = this.waterfall;
    if (!view) return;
    if (view.range) {
      view.range = undefined;
      this.waterfall.changed('view');
    }
    if (target.row < 0) return;
    const entry = view.rows.entryAt(target.row);
    const hit = event.target instanceof Element ? event.target : undefined;
    if (event.type !== 'contextmenu' && hit?.closest('.twisty') && view.canFold(entry)) {
      this.setOpen(entry, !view.isOpen(entry));
      this.waterfall.focusRows();
      return;
    }
    this.waterfall.select(entry, false);
    this.waterfall.focusRows();
    if (event.type === 'contextmenu') return;
    const beside = event.ctrlKey || event.metaKey;
    if (hit?.closest('.source') || beside) this.openSource(beside);
    else if (target.timelineX >= 0) this.followArrow(target, entry);
    else if (page.arrangement === 'narrow') page.openDetails(true);
  }

  /** A press on the arrow of a bar outside of the view scrolls there. */
  private followArrow(target: MouseTarget, entry: number): void {
    const { view } = this;
    if (!view) return;
    const times = view.entryTimes(entry);
    const width = this.waterfall.page.listWidth - this.waterfall.page.timelineLeft;
    const visibleEnd = view.view.startNs + width / this.waterfall.timeline.pxPerNs;
    const before = times.endNs < view.view.startNs && target.timelineX <= ARROW_HIT_PX;
    const after = times.startNs > visibleEnd && target.timelineX >= width - ARROW_HIT_PX;
    if (!before && !after) return;
    const length = view.view.endNs - view.view.startNs;
    const start = (times.startNs + times.endNs - length) / 2;
    this.waterfall.setView({ startNs: start, endNs: start + length });
  }
}
