/**
 * The card of a bar, or of a name that is cut: shown where the pointer rests, above or below the row and never in its way, for it takes no pointer;
 * by a key for the selected row. It goes with the first thing that a person does next.
 */

import { serviceOf } from '../../../src/protocol/columns';
import type { TraceStop } from '../../../src/protocol/snapshot';
import type { SpanGlance } from '../../../src/protocol/view';
import { element } from '../../elements/dom';
import { type Glance, glanceAt, spokenGlance } from '../../trace/glance';
import { NO_ENTRY, type ViewModel } from '../../trace/state';
import { stopAt, stopText } from '../../trace/stops';
import type { MouseTarget } from './mouse';
import type { RowsPane } from './rowsPane';

const REST_MS = 300;
/** Around a bar, for bars of two pixels are looked at as well. */
const NEAR_PX = 5;
/** From a diamond's middle. */
const EVENT_PX = 6;
const GAP_PX = 4;

export interface HoverCardOptions {
  readonly pane: RowsPane;
  readonly view: () => ViewModel | undefined;
  /** What the engine tells of a span, with its events in a range of time; rejects never. */
  readonly ask: (span: number, fromNs: number, toNs: number) => Promise<SpanGlance | undefined>;
  readonly announce: (text: string) => void;
}

/** What is looked at. Pixels from the list's left edge. */
interface Looked {
  readonly entry: number;
  readonly row: number;
  readonly x: number;
  readonly fromNs: number;
  readonly toNs: number;
  /** It is of no row, but a time for which a debugger held the programs. */
  readonly stop?: TraceStop;
}

export class HoverCard {
  readonly root = element('div', { class: 'hover-card', hidden: true, attributes: { 'aria-hidden': 'true' } });
  private timer: ReturnType<typeof setTimeout> | undefined;
  private looked: Looked | undefined;
  private scrollTop = 0;

  constructor(private readonly own: HoverCardOptions) {
    const { pane } = own;
    pane.root.append(this.root);
    for (const doing of ['pointerdown', 'wheel', 'keydown', 'contextmenu'] as const)
      pane.root.addEventListener(doing, () => this.hide(), { passive: true, capture: true });
  }

  /** The pointer is here now, or nowhere. */
  point(target: MouseTarget | undefined): void {
    const looked = target && this.lookedAt(target);
    if (!looked) {
      this.hide();
      return;
    }
    if (isSame(this.looked, looked)) return;
    this.hide();
    this.looked = looked;
    this.timer = setTimeout(() => void this.show(looked, false), REST_MS);
  }

  /** Another picture is there, in which the row below the pointer stayed where it was. */
  again(target: MouseTarget | undefined): void {
    if (!this.looked) return;
    const looked = target && this.lookedAt(target);
    if (!looked || this.root.hidden) this.point(target);
    else {
      this.looked = looked;
      void this.show(looked, false);
    }
  }

  /** For the selected row, and said. */
  showSelected(): void {
    const view = this.own.view();
    if (!view || view.selectedRow < 0) return;
    const { pane } = this.own;
    const entry = view.rows.entryAt(view.selectedRow);
    const { startNs, endNs } = view.entryTimes(entry);
    const left = Math.max(0, (startNs - view.view.startNs) * pane.timeline.pxPerNs);
    this.hide();
    this.looked = { entry, row: view.selectedRow, x: pane.timelineLeft + left, fromNs: startNs, toNs: endNs };
    void this.show(this.looked, true);
  }

  /** Rows have moved below it. */
  scrolled(top: number): void {
    if (top !== this.scrollTop) this.hide();
    this.scrollTop = top;
  }

  hide(): void {
    clearTimeout(this.timer);
    this.looked = undefined;
    if (!this.root.hidden) this.root.hidden = true;
  }

  private lookedAt({ row, timelineX }: MouseTarget): Looked | undefined {
    const view = this.own.view();
    const { pane } = this.own;
    if (!view || row >= view.rows.count) return undefined;
    if (row < 0) return timelineX < 0 ? undefined : this.stopLookedAt(view, pane.topRow, timelineX);
    const entry = view.rows.entryAt(row);
    if (timelineX < 0) {
      // What is there as a whole needs no card.
      return { entry, row, x: -1, fromNs: 0, toNs: -1 };
    }
    const { pxPerNs } = pane.timeline;
    const { startNs, endNs } = view.entryTimes(entry);
    const x = (ns: number): number => (ns - view.view.startNs) * pxPerNs;
    const at = view.view.startNs + timelineX / pxPerNs;
    if (timelineX < x(startNs) - NEAR_PX || timelineX > Math.max(x(endNs), x(startNs) + 2) + NEAR_PX)
      return this.stopLookedAt(view, row, timelineX);
    const near = EVENT_PX / pxPerNs;
    return { entry, row, x: pane.timelineLeft + timelineX, fromNs: at - near, toNs: at + near };
  }

  /** A band between the bars, or its sign on the axis. */
  private stopLookedAt(view: ViewModel, row: number, timelineX: number): Looked | undefined {
    const { timeline, timelineLeft } = this.own.pane;
    const at = view.view.startNs + timelineX / timeline.pxPerNs;
    const stop = stopAt(view.trace, at);
    return stop && { entry: NO_ENTRY, row, x: timelineLeft + timelineX, fromNs: stop.startNs, toNs: at, stop };
  }

  private showStop(looked: Looked, stop: TraceStop, view: ViewModel): void {
    this.root.replaceChildren(element('div', { class: 'hover-note' }, stopText(stop, view.trace)));
    this.root.hidden = false;
    this.place(looked, this.own.pane);
  }

  private async show(looked: Looked, spoken: boolean): Promise<void> {
    const { pane, ask, announce } = this.own;
    const view = this.own.view();
    if (view && looked.stop) this.showStop(looked, looked.stop, view);
    if (!view || looked.stop || (looked.x < 0 && !this.isCut(looked.row))) return;
    const span = view.spanOf(looked.entry);
    const shiftNs = view.startNs[span] - view.trace.rawStartNs[span];
    const told = looked.entry < 0 ? undefined : await ask(span, looked.fromNs - shiftNs, looked.toNs - shiftNs);
    if (this.looked !== looked || this.own.view() !== view) return;
    const events = told && { ...told, events: told.events.map((event) => ({ ...event, atNs: event.atNs + shiftNs })) };
    const glance = glanceAt(view, looked.entry, events);
    this.write(view, glance, span);
    this.root.hidden = false;
    this.place(looked, pane);
    if (spoken) announce(spokenGlance(glance));
  }

  /** The name is cut, or something beside it had no room. */
  private isCut(row: number): boolean {
    const parts = this.own.pane.rows.elementOf(row)?.querySelectorAll('.row-label, .row-name, .name') ?? [];
    return [...parts].some((part) => part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight);
  }

  private write(view: ViewModel, { name, service, facts, notes }: Glance, span: number): void {
    const stripe = element('span', { class: 'stripe' });
    stripe.style.background = `var(--service-${view.trace.colourOf[serviceOf(view.trace, span)]})`;
    const list = element('dl', {});
    for (const [what, value] of facts) list.append(element('dt', {}, what), element('dd', {}, value));
    this.root.replaceChildren(
      element('bdi', { class: 'hover-name' }, name),
      element('div', { class: 'hover-service' }, stripe, element('bdi', {}, service)),
      list,
      ...notes.map((note) => element('div', { class: 'hover-note' }, note)),
    );
  }

  private place({ row, x }: Looked, { body, listWidth, scroller, geometry }: RowsPane): void {
    const { offsetWidth, offsetHeight } = this.root;
    const top = body.offsetTop + row * geometry.rowHeight - scroller.top;
    const room = body.offsetTop + body.clientHeight;
    const below = top + geometry.rowHeight + GAP_PX;
    const y = below + offsetHeight <= room || top < offsetHeight + GAP_PX ? below : top - GAP_PX - offsetHeight;
    const left = x < 0 ? 28 : x;
    this.root.style.transform = `translate(${Math.max(0, Math.min(left, listWidth - offsetWidth - 8))}px, ${y}px)`;
  }
}

/** The card of a bar stays while the pointer goes along it; that of an event is another one. */
function isSame(before: Looked | undefined, now: Looked): boolean {
  if (!before || before.entry !== now.entry || before.row !== now.row || before.x < 0 !== now.x < 0) return false;
  if (before.stop || now.stop) return before.stop?.startNs === now.stop?.startNs;
  return now.x < 0 || Math.abs(before.x - now.x) <= EVENT_PX;
}
