/** Tree and timeline side by side: their parts, their sizes, and painting the rows in sight. */

import { element } from '../../elements/dom';
import { Scroller } from '../../elements/scrollbar';
import { splitter } from '../../elements/splitter';
import type { Theme } from '../../theme/theme';
import type { ViewModel } from '../../trace/state';
import { type Geometry, narrowGeometry, wideGeometry } from './scene';
import { Timeline } from './timeline';
import { TreeRows } from './treeRows';

const MIN_TREE_PX = 160;
const TREE_SHARE = 0.44;
const MAX_AUTO_TREE_PX = 452;
const MIN_TIMELINE_PX = 160;
/** The most that a person's tree takes of a narrower window than it was dragged in. */
const MOST_TREE_SHARE = 0.65;

export interface RowsPaneOptions {
  readonly requestFrame: () => void;
  /** CSS pixels that a person gave the tree; undefined: a part of the width. */
  readonly treeWidth: () => number | undefined;
  readonly resizeTree: (widthPx: number | undefined) => void;
  /** Bars stand below the text, over the whole width. */
  readonly isNarrow: () => boolean;
}

export interface RowsInput {
  readonly view: ViewModel;
  readonly theme: Theme;
  readonly events: ReadonlyMap<number, Float64Array>;
  readonly hoverRow: number;
  /** Grows when anything that rows show has changed, other than scroll, hover and selection. */
  readonly generation: number;
  /** What stands at the right of a row. */
  readonly sourceLabel: (span: number) => string | undefined;
  readonly spanId: (span: number) => string | undefined;
}

export class RowsPane {
  readonly root: HTMLElement;
  readonly grid: HTMLElement;
  readonly body = element('div', { class: 'body', role: 'rowgroup' });
  readonly rows = new TreeRows(this.body);
  readonly timeline = new Timeline();
  readonly overlay = element('div', { class: 'range-box', hidden: true });
  readonly scroller: Scroller;
  bodyHeight = 0;
  listWidth = 0;
  private narrow = false;
  /** At the last painting. */
  private selectedInView = false;
  private revealSelected = false;

  constructor(private readonly own: RowsPaneOptions) {
    this.scroller = new Scroller(own.requestFrame);
    const head = element(
      'div',
      { class: 'grid-head', role: 'row', attributes: { 'aria-rowindex': '1' } },
      element('div', { class: 'head-tree', role: 'columnheader' }, 'Span'),
    );
    this.grid = element(
      'div',
      { class: 'grid', role: 'treegrid', attributes: { 'aria-label': 'Spans', 'aria-multiselectable': 'false' } },
      element('div', { role: 'rowgroup' }, head),
      this.body,
    );
    const border = splitter({
      label: 'Width of the tree column',
      direction: 'horizontal',
      size: () => ({ now: this.treeWidth, min: MIN_TREE_PX, max: this.mostTreeWidth }),
      sign: 1,
      resize: own.resizeTree,
      reset: () => own.resizeTree(undefined),
    });
    border.classList.add('tree-border');
    this.root = element('div', { class: 'list' }, this.grid, this.timeline.canvas, this.overlay, border, this.scroller.root);
  }

  get geometry(): Geometry {
    return this.narrow ? narrowGeometry : wideGeometry;
  }

  get treeWidth(): number {
    const wanted = this.own.treeWidth() ?? Math.min(MAX_AUTO_TREE_PX, Math.round(this.listWidth * TREE_SHARE));
    return Math.max(MIN_TREE_PX, Math.min(wanted, this.mostTreeWidth));
  }

  private get mostTreeWidth(): number {
    return Math.min(this.listWidth - MIN_TIMELINE_PX, Math.round(this.listWidth * MOST_TREE_SHARE));
  }

  get timelineLeft(): number {
    return this.narrow ? 0 : this.treeWidth;
  }

  get timelineWidth(): number {
    return this.listWidth - this.timelineLeft;
  }

  /** Rows that fit, less one that stays for the eye. */
  get rowsOfPage(): number {
    return Math.max(1, Math.floor(this.bodyHeight / this.geometry.rowHeight) - 1);
  }

  get topRow(): number {
    return Math.floor(this.scroller.top / this.geometry.rowHeight);
  }

  /** The selected row stays in view when it was. */
  measure(): void {
    const before = { height: this.bodyHeight, narrow: this.narrow };
    this.narrow = this.own.isNarrow();
    this.listWidth = this.root.clientWidth;
    this.root.style.setProperty('--tree-width', `${this.treeWidth}px`);
    this.bodyHeight = this.body.clientHeight;
    const moved = this.bodyHeight !== before.height || this.narrow !== before.narrow;
    this.revealSelected ||= moved && this.selectedInView;
  }

  /** The rows are others: what can be scrolled to follows at once. */
  fit(view: ViewModel): void {
    this.scroller.resize(this.bodyHeight, view.rows.count * this.geometry.rowHeight);
  }

  paint(input: RowsInput): void {
    const { view, theme, hoverRow, generation, sourceLabel, spanId, events } = input;
    const { rowHeight, rulerHeight } = this.geometry;
    this.fit(view);
    if (this.revealSelected) this.revealRow(view.selectedRow);
    this.revealSelected = false;
    const { top } = this.scroller;
    const firstRow = Math.max(0, Math.floor(top / rowHeight));
    const endRow = Math.min(view.rows.count, Math.ceil((top + this.bodyHeight) / rowHeight));
    const { selectedRow } = view;
    this.selectedInView = selectedRow * rowHeight >= top && (selectedRow + 1) * rowHeight <= top + this.bodyHeight;
    this.rows.update({
      view,
      firstRow,
      endRow,
      scrollTop: top,
      rowHeight,
      selectedRow,
      hoverRow,
      treeWidth: this.narrow ? this.listWidth : this.treeWidth,
      narrow: this.narrow,
      generation,
      sourceLabel,
      spanId,
    });
    this.timeline.paint({
      view,
      theme,
      events,
      geometry: this.geometry,
      left: this.timelineLeft,
      width: this.timelineWidth,
      height: this.bodyHeight + rulerHeight,
      scrollTop: top,
      firstRow,
      endRow,
      selectedRow,
    });
  }

  /** Scrolls as little as needed to bring a row into view; far away rows come to the middle. */
  revealRow(row: number): void {
    if (row < 0) return;
    const { rowHeight } = this.geometry;
    const top = row * rowHeight;
    const { scroller } = this;
    if (top >= scroller.top && top + rowHeight <= scroller.top + this.bodyHeight) return;
    const distance = top < scroller.top ? scroller.top - top : top + rowHeight - scroller.top - this.bodyHeight;
    if (distance > this.bodyHeight) scroller.scrollTo(top - this.bodyHeight / 2 + rowHeight / 2);
    else scroller.scrollTo(top < scroller.top ? top : top + rowHeight - this.bodyHeight);
  }
}
