/**
 * The waterfall: builds its parts, lays them out, and renders a frame. Parts change the state through `WaterfallActions` (actions.ts) and
 * ask for a frame; nothing else writes to the screen.
 */

import { announce, element } from '../../elements/dom';
import { FrameLoop } from '../../elements/frameLoop';
import { Scroller } from '../../elements/scrollbar';
import { splitter } from '../../elements/splitter';
import { DetailsPane } from '../../shell/details/pane';
import type { Theme } from '../../theme/theme';
import type { ViewModel } from '../../trace/state';
import { type Geometry, narrowGeometry, wideGeometry } from './scene';
import type { Timeline } from './timeline';
import { TreeRows } from './treeRows';

export interface PageParts {
  readonly title: HTMLElement;
  readonly find: HTMLElement;
  readonly minimap: HTMLElement;
  readonly footer: HTMLElement;
}

export interface PageLayout {
  /** Undefined until a person has dragged it: a part of the width. */
  treeWidth: number | undefined;
  detailsWidth: number;
  detailsHeight: number;
  detailsOpen: boolean;
}

export const defaultLayout: PageLayout = { treeWidth: undefined, detailsWidth: 372, detailsHeight: 280, detailsOpen: true };

/** Width of the editor: details at the right, below, or in place of the rows. */
export type Arrangement = 'wide' | 'medium' | 'narrow';

const WIDE_PX = 900;
const NARROW_PX = 600;
const MIN_TREE_PX = 160;
const TREE_SHARE = 0.44;
const MAX_AUTO_TREE_PX = 452;
const MIN_TIMELINE_PX = 160;
const MIN_DETAILS_PX = 220;
const MIN_ROWS_PX = 110;

export class WaterfallPage {
  readonly root = element('div', { class: 'waterfall' });
  readonly grid: HTMLElement;
  readonly body = element('div', { class: 'body', role: 'rowgroup' });
  readonly rows = new TreeRows(this.body);
  readonly scroller: Scroller;
  readonly loop: FrameLoop;
  readonly details: DetailsPane;
  readonly overlay = element('div', { class: 'range-box', hidden: true });
  private readonly announcer = element('div', { class: 'hidden-text', role: 'status', attributes: { 'aria-live': 'polite' } });
  private readonly list: HTMLElement;
  private readonly left: HTMLElement;
  private readonly main: HTMLElement;
  private readonly minimapBox: HTMLElement;
  private readonly detailsBorder: HTMLElement;
  /** At the last painting. */
  private selectedInView = false;
  private revealSelected = false;
  private measured = false;
  arrangement: Arrangement = 'wide';
  /** In a narrow editor the details take the place of the rows: only when asked for, and not remembered. */
  private narrowDetails = false;
  bodyHeight = 0;
  listWidth = 0;
  minimapWidth = 0;
  minimapHeight = 0;

  constructor(
    parts: PageParts,
    readonly timeline: Timeline,
    readonly layout: PageLayout,
    render: () => void,
    private readonly layoutChanged: () => void,
    closeDetails: () => void,
  ) {
    this.loop = new FrameLoop(render);
    this.scroller = new Scroller(this.loop.request);
    this.details = new DetailsPane(closeDetails);
    const head = element(
      'div',
      { class: 'grid-head', role: 'row', attributes: { 'aria-rowindex': '1' } },
      element(
        'div',
        { class: 'head-tree', role: 'columnheader' },
        element('span', {}, 'Span'),
        element('span', { class: 'head-source', attributes: { 'aria-hidden': 'true' } }, 'Source'),
      ),
    );
    this.grid = element(
      'div',
      { class: 'grid', role: 'treegrid', attributes: { 'aria-label': 'Spans', 'aria-multiselectable': 'false' } },
      element('div', { role: 'rowgroup' }, head),
      this.body,
    );
    const treeBorder = splitter({
      label: 'Width of the tree column',
      direction: 'horizontal',
      size: () => ({ now: this.treeWidth, min: MIN_TREE_PX, max: this.listWidth - MIN_TIMELINE_PX }),
      sign: 1,
      resize: (size) => this.changeLayout({ treeWidth: size }),
      reset: () => this.changeLayout({ treeWidth: defaultLayout.treeWidth }),
    });
    treeBorder.classList.add('tree-border');
    this.list = element('div', { class: 'list' }, this.grid, timeline.canvas, this.overlay, treeBorder, this.scroller.root);
    this.detailsBorder = this.makeDetailsBorder();
    this.left = element('div', { class: 'left' }, this.list, parts.footer);
    this.main = element('div', { class: 'main' }, this.left, this.detailsBorder, this.details.root);
    this.minimapBox = parts.minimap;
    this.root.append(
      element('header', { class: 'title-line' }, parts.title, parts.find),
      parts.minimap,
      this.main,
      this.announcer,
    );
    const observer = new ResizeObserver(() => {
      this.measured = false;
      this.loop.request();
    });
    observer.observe(this.root);
    observer.observe(this.body);
    observer.observe(parts.minimap);
  }

  /** Has a screen reader say it. */
  announce(text: string): void {
    announce(this.announcer, text);
  }

  private makeDetailsBorder(): HTMLElement {
    const make = (direction: 'horizontal' | 'vertical'): HTMLElement => {
      const border = splitter({
        label: 'Size of the details',
        direction,
        size: () =>
          direction === 'horizontal'
            ? { now: this.layout.detailsWidth, min: MIN_DETAILS_PX, max: this.root.clientWidth - MIN_TREE_PX - MIN_TIMELINE_PX }
            : { now: this.layout.detailsHeight, min: 80, max: this.root.clientHeight - MIN_ROWS_PX },
        sign: -1,
        resize: (size) => this.changeLayout(direction === 'horizontal' ? { detailsWidth: size } : { detailsHeight: size }),
        reset: () =>
          this.changeLayout(
            direction === 'horizontal'
              ? { detailsWidth: defaultLayout.detailsWidth }
              : { detailsHeight: defaultLayout.detailsHeight },
          ),
      });
      border.classList.add(direction === 'horizontal' ? 'only-wide' : 'only-medium');
      return border;
    };
    return element('div', { class: 'details-borders' }, make('horizontal'), make('vertical'));
  }

  changeLayout(change: Partial<PageLayout>): void {
    Object.assign(this.layout, change);
    this.measured = false;
    this.layoutChanged();
    this.loop.request();
  }

  get detailsOpen(): boolean {
    return this.arrangement === 'narrow' ? this.narrowDetails : this.layout.detailsOpen;
  }

  openDetails(open: boolean): void {
    if (this.arrangement === 'narrow') {
      this.narrowDetails = open;
      this.measured = false;
      this.loop.request();
    } else this.changeLayout({ detailsOpen: open });
  }

  get geometry(): Geometry {
    return this.arrangement === 'narrow' ? narrowGeometry : wideGeometry;
  }

  get treeWidth(): number {
    const wanted = this.layout.treeWidth ?? Math.min(MAX_AUTO_TREE_PX, Math.round(this.listWidth * TREE_SHARE));
    return Math.max(MIN_TREE_PX, Math.min(wanted, this.listWidth - MIN_TIMELINE_PX));
  }

  get timelineLeft(): number {
    return this.arrangement === 'narrow' ? 0 : this.treeWidth;
  }

  /** Reads sizes when something may have changed them: never while painting. The selected row stays in view when it was. */
  measure(): void {
    if (this.measured) return;
    this.measured = true;
    const heightBefore = this.bodyHeight;
    const arrangementBefore = this.arrangement;
    const width = this.root.clientWidth;
    const arrangement: Arrangement = width >= WIDE_PX ? 'wide' : width >= NARROW_PX ? 'medium' : 'narrow';
    this.arrangement = arrangement;
    const { classList, style } = this.root;
    for (const name of ['wide', 'medium', 'narrow']) classList.toggle(name, name === arrangement);
    classList.toggle('details-open', this.detailsOpen);
    style.setProperty(
      '--details-width',
      `${Math.max(MIN_DETAILS_PX, Math.min(this.layout.detailsWidth, width - MIN_TREE_PX - MIN_TIMELINE_PX))}px`,
    );
    style.setProperty(
      '--details-height',
      `${Math.max(80, Math.min(this.layout.detailsHeight, this.main.clientHeight - MIN_ROWS_PX))}px`,
    );
    this.listWidth = this.list.clientWidth;
    style.setProperty('--tree-width', `${this.treeWidth}px`);
    this.bodyHeight = this.body.clientHeight;
    this.minimapWidth = this.minimapBox.clientWidth;
    this.minimapHeight = this.minimapBox.clientHeight;
    const moved = this.bodyHeight !== heightBefore || this.arrangement !== arrangementBefore;
    this.revealSelected ||= moved && this.selectedInView;
  }

  /** Shows rows and timeline. `sourceLabel` gives what stands at the right of a row. */
  paintList(
    view: ViewModel,
    theme: Theme,
    hoverRow: number,
    generation: number,
    sourceLabel: (span: number) => string | undefined,
  ): void {
    const { rowHeight, rulerHeight } = this.geometry;
    this.scroller.resize(this.bodyHeight, view.rows.count * rowHeight);
    if (this.revealSelected) this.revealRow(view.selectedRow);
    this.revealSelected = false;
    const { top } = this.scroller;
    const firstRow = Math.max(0, Math.floor(top / rowHeight));
    const endRow = Math.min(view.rows.count, Math.ceil((top + this.bodyHeight) / rowHeight));
    const selectedRow = view.selectedRow;
    this.selectedInView = selectedRow * rowHeight >= top && (selectedRow + 1) * rowHeight <= top + this.bodyHeight;
    const treeWidth = this.arrangement === 'narrow' ? this.listWidth : this.treeWidth;
    this.rows.update({
      view,
      firstRow,
      endRow,
      scrollTop: top,
      rowHeight,
      bodyHeight: this.bodyHeight,
      selectedRow,
      hoverRow,
      treeWidth,
      generation,
      sourceLabel,
    });
    this.timeline.paint({
      view,
      theme,
      geometry: this.geometry,
      left: this.timelineLeft,
      width: this.listWidth - this.timelineLeft,
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
