/**
 * The frame around a view: title line, overview, the view's body with its footer, a border, the details. It divides the page and reads the sizes;
 * what is in its parts it does not know.
 */

import { announce, element } from '../elements/dom';
import { FrameLoop } from '../elements/frameLoop';
import { splitter } from '../elements/splitter';
import type { View, ViewFrame } from '../views/view';
import {
  type Arrangement,
  arrangementOf,
  arrangements,
  defaultLayout,
  detailsHeight,
  detailsWidth,
  type PageLayout,
} from './layout';

export interface FrameOptions {
  /** What belongs to a view of a trace. */
  readonly trace: ViewFrame & { readonly overview: HTMLElement; readonly details: HTMLElement };
  /** Brings everything up to date, once a frame. */
  readonly render: () => void;
  readonly layoutChanged: () => void;
}

export class Frame {
  readonly root = element('div', { class: 'page' });
  readonly loop: FrameLoop;
  readonly layout: PageLayout = { ...defaultLayout };
  arrangement: Arrangement = 'wide';
  overviewWidth = 0;
  overviewHeight = 0;
  private readonly head = element('header', { class: 'title-line' });
  private readonly left = element('div', { class: 'left' });
  private readonly main = element('div', { class: 'main' });
  private readonly announcer = element('div', { class: 'hidden-text', role: 'status', attributes: { 'aria-live': 'polite' } });
  private readonly sizes: ResizeObserver;
  private view: View | undefined;
  private measured = false;
  /** In a narrow editor the details take the place of the rows: only when asked for, and not remembered. */
  private narrowDetails = false;

  constructor(private readonly own: FrameOptions) {
    const { overview, details } = own.trace;
    this.loop = new FrameLoop(own.render);
    this.main.append(this.left, this.detailsBorders(), details);
    this.root.append(this.head, overview, this.main, this.announcer);
    this.sizes = new ResizeObserver(() => this.remeasure());
    this.sizes.observe(this.root);
    this.sizes.observe(overview);
  }

  /** Shows this view, in place of another one. */
  show(view: View): void {
    if (this.view === view) return;
    if (this.view) {
      this.sizes.unobserve(this.view.body);
      this.sizes.unobserve((this.view.frame ?? this.own.trace).title);
    }
    this.view = view;
    const frame = view.frame ?? this.own.trace;
    this.root.classList.toggle('of-trace', view.frame === undefined);
    this.head.replaceChildren(frame.title, frame.tools);
    this.left.replaceChildren(view.body, frame.status);
    this.sizes.observe(view.body);
    this.sizes.observe(frame.title);
    this.remeasure();
  }

  /** Has a screen reader say it. */
  announce(text: string): void {
    announce(this.announcer, text);
  }

  changeLayout(change: Partial<PageLayout>): void {
    Object.assign(this.layout, change);
    this.own.layoutChanged();
    this.remeasure();
  }

  get hasDetails(): boolean {
    return this.arrangement === 'narrow' ? this.narrowDetails : this.layout.detailsOpen;
  }

  openDetails(open: boolean): void {
    if (this.arrangement === 'narrow') {
      this.narrowDetails = open;
      this.remeasure();
    } else this.changeLayout({ detailsOpen: open });
  }

  /** Sizes may have changed: they are read in the next frame. */
  remeasure(): void {
    this.measured = false;
    this.loop.request();
  }

  /** Reads sizes when something may have changed them: never while painting. */
  measure(): void {
    if (this.measured) return;
    this.measured = true;
    const width = this.root.clientWidth;
    this.arrangement = arrangementOf(width);
    const { classList, style } = this.root;
    for (const name of arrangements) classList.toggle(name, name === this.arrangement);
    classList.toggle('details-open', this.hasDetails);
    style.setProperty('--details-width', `${detailsWidth(this.layout, width).now}px`);
    style.setProperty('--details-height', `${detailsHeight(this.layout, this.main.clientHeight).now}px`);
    const { overview } = this.own.trace;
    this.overviewWidth = overview.clientWidth;
    this.overviewHeight = overview.clientHeight;
    const { view } = this;
    if (!view) return;
    (view.frame ?? this.own.trace).measure?.(this.arrangement === 'narrow');
    view.measure();
  }

  private detailsBorders(): HTMLElement {
    const beside = splitter({
      label: 'Size of the details',
      direction: 'horizontal',
      size: () => detailsWidth(this.layout, this.root.clientWidth),
      sign: -1,
      resize: (size) => this.changeLayout({ detailsWidthShare: size / this.root.clientWidth }),
      reset: () => this.changeLayout({ detailsWidthShare: undefined }),
    });
    const below = splitter({
      label: 'Size of the details',
      direction: 'vertical',
      size: () => detailsHeight(this.layout, this.main.clientHeight),
      sign: -1,
      resize: (size) => this.changeLayout({ detailsHeightShare: size / this.main.clientHeight }),
      reset: () => this.changeLayout({ detailsHeightShare: undefined }),
    });
    beside.classList.add('only-wide');
    below.classList.add('only-medium');
    return element('div', { class: 'details-borders' }, beside, below);
  }
}
