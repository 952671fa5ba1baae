/**
 * The trace on the screen, as all views of it observe it: its columns, what a person has done to it, and where the rest of it is asked for. Input
 * changes the state here and nowhere else; views hear of it and show it in their next frame.
 */

import { Emitter } from '../../src/base/emitter';
import { SpanhopError } from '../../src/base/errors';
import type { TimeRange } from '../../src/core/layout/timeScale';
import type { SpanKey, ViewState } from '../../src/protocol/view';
import type { Host } from '../host';
import { CodeMarks } from './codeMarks';
import { EventTimes } from './eventTimes';
import { Finder } from './finder';
import { SelectionHistory, type Visited } from './history';
import { litServices } from './litServices';
import { carryOver, restore, stateOf } from './memory';
import { failingSpan, type TraceModel } from './model';
import { Sources } from './sources';
import type { SpanIds } from './spanIds';
import { NO_ENTRY, ViewModel } from './state';

export type Change =
  /** Another trace, or another revision of it. */
  | 'trace'
  /** What its rows are, or what they show. */
  | 'rows'
  | 'selection'
  /** The range of time in view, and how it is shown. */
  | 'view';

export interface SelectOptions {
  /** Opens what hides it and scrolls to it; only scrolls to what shows it; or neither. */
  readonly reveal: boolean | 'scroll';
  /** Who selects: a person, or the host, for whom something is opened. */
  readonly by?: 'person' | 'host';
}

export interface TraceStoreOptions {
  readonly host: Pick<Host, 'call' | 'emit'>;
  readonly report: (error: unknown) => void;
  /** Has a screen reader say it. */
  readonly announce: (text: string) => void;
  /** A person is at the keyboard of this page. */
  readonly hasFocus: () => boolean;
  /** Brings the screen up to date with what came of itself: sources, times of events. */
  readonly requestFrame: () => void;
}

export class TraceStore {
  view: ViewModel | undefined;
  /** Undefined while the ids of a large trace are on their way. */
  ids: SpanIds | undefined;
  private readonly changedEmitter = new Emitter<Change>();
  private readonly leavingEmitter = new Emitter<'newer' | 'another'>();
  private readonly revealingEmitter = new Emitter<void>();
  readonly onDidChange = this.changedEmitter.event;
  /** A newer revision takes the place of this one, or another trace: the last moment to note what must stay where it is, or be kept. */
  readonly onWillLeave = this.leavingEmitter.event;
  /** What is selected is to be brought into sight. */
  readonly onDidReveal = this.revealingEmitter.event;
  readonly history = new SelectionHistory();
  readonly finder: Finder;
  readonly marks: CodeMarks;
  readonly sources: Sources;
  readonly events: EventTimes;
  private reportedSpanId = '';
  /** What is selected was chosen here, and not when something was opened. */
  private byPerson = false;
  /** What is selected is the span that failed, because nobody had chosen one. */
  private atFailure = false;
  private waiting: ((ids: SpanIds | undefined) => void)[] = [];

  constructor(private readonly own: TraceStoreOptions) {
    const { host, report } = own;
    const view = (): ViewModel | undefined => this.view;
    this.finder = new Finder({ host, report, view, changed: () => this.changed('rows') });
    this.marks = new CodeMarks({ view, changed: () => this.changed('rows'), announce: own.announce });
    this.sources = new Sources(host, own.requestFrame);
    this.events = new EventTimes({ host, report, changed: own.requestFrame });
  }

  /** Shows a trace for the first time. */
  open(trace: TraceModel, ids: SpanIds | undefined, state: ViewState): void {
    if (this.view) this.leavingEmitter.fire('another');
    this.finder.cancel();
    this.history.forget();
    this.sources.clear();
    this.events.clear();
    this.reportedSpanId = '';
    this.byPerson = false;
    const view = new ViewModel(trace);
    restore(view, ids, state);
    this.put(view, ids);
    if (state.find !== undefined) void this.finder.search(state.find, state.filter === true);
  }

  /** Shows a newer revision of the trace that is shown. What a person has done to it stays. */
  replace(trace: TraceModel, ids: SpanIds, remembered: ViewState): void {
    const { view: before, ids: beforeIds } = this;
    if (!before) return;
    this.leavingEmitter.fire('newer');
    const view = new ViewModel(trace);
    if (beforeIds) {
      carryOver(before, beforeIds, view, ids);
      this.events.carryOver(beforeIds, ids);
    } else {
      // Its ids were still on their way: of its rows only what was remembered is known.
      restore(view, ids, { ...remembered, ...stateOf(before, undefined) });
      this.events.clear();
    }
    this.sources.refresh();
    const { asked, filter } = before.find;
    this.put(view, ids);
    // Also what was not answered of the picture before.
    if (asked !== '' || before.find.text !== '') void this.finder.search(asked, filter);
  }

  /** Ids that came after the first paint, with the remembered state that waited for them. */
  takeIds(ids: SpanIds, state: ViewState): void {
    const { view } = this;
    if (!view) return;
    if (!this.byPerson) {
      const { selected } = view;
      restore(view, ids, { ...state, ...stateOf(view, undefined) });
      if (view.selected !== selected) this.atFailure = false;
    }
    this.setIds(ids);
    this.changed(this.byPerson ? 'rows' : 'trace');
    if (!this.byPerson && this.atFailure) this.revealingEmitter.fire();
  }

  /** Nothing of a trace is on the screen any more. */
  close(): void {
    if (this.view) this.leavingEmitter.fire('another');
    this.finder.cancel();
    this.setIds(undefined);
    this.view = undefined;
  }

  select(entry: number, options: SelectOptions): void {
    const { view } = this;
    if (!view || entry === NO_ENTRY) return;
    if (options.reveal === true && entry >= 0) view.reveal(entry);
    const from = this.visited();
    if (from) this.history.note(from);
    view.selected = entry;
    this.byPerson = options.by !== 'host';
    this.changed('selection');
    if (options.reveal !== false) this.revealingEmitter.fire();
  }

  /** False when there is no such span, or when that is not known yet. */
  selectSpanId(spanId: string, options: SelectOptions): boolean {
    const span = this.ids?.spanOf(spanId.toLowerCase()) ?? -1;
    if (span >= 0) this.select(span, options);
    return span >= 0;
  }

  /** Back to what was selected before, or forward again. */
  goInHistory(direction: -1 | 1): void {
    const { view, ids } = this;
    if (!view || !ids) return;
    this.history.step(direction, this.visited(), ({ spanId, isGroup }) => {
      const span = ids.spanOf(spanId);
      if (span < 0) return false;
      const group = isGroup ? (view.trace.groups.groupOf[span] ?? 0) : 0;
      if (group === 0) view.reveal(span);
      view.selected = group > 0 ? ~(group - 1) : span;
      this.byPerson = true;
      this.changed('selection');
      this.revealingEmitter.fire();
      return true;
    });
  }

  /** Opens or closes what is below an entry. A selection that goes out of sight moves to what hides it. */
  setOpen(entry: number, open: boolean): void {
    const { view } = this;
    if (!view) return;
    view.setOpen(entry, open);
    this.followFold();
  }

  /** After folding: a selection that went out of sight moves to what hides it. */
  followFold(): void {
    const { view } = this;
    const row = view && view.selected !== NO_ENTRY ? view.selectedRow : -1;
    if (view && row >= 0 && view.selected !== view.rows.entryAt(row)) {
      view.selected = view.rows.entryAt(row);
      this.byPerson = true;
    }
    this.changed('rows');
  }

  /** Brings what is selected into sight. */
  reveal(): void {
    this.revealingEmitter.fire();
  }

  /** A span as the root of what is shown; -1: the whole trace again. */
  setRoot(span: number): void {
    const { view } = this;
    if (!view || view.root === span) return;
    view.root = span;
    view.relayout();
    view.view = view.bounds;
    this.followFold();
    this.reveal();
  }

  /** A range of time that is dragged over; undefined: none. */
  setRange(range: TimeRange | undefined): void {
    if (!this.view || this.view.range === range) return;
    this.view.range = range;
    this.changed('view');
  }

  toggleCritical(): void {
    if (!this.view) return;
    this.view.criticalPath = !this.view.criticalPath;
    this.changed('view');
  }

  /** Times with clocks corrected, or as the data has them. */
  toggleClock(): void {
    const { view } = this;
    if (!view) return;
    view.rawClock = !view.rawClock;
    view.setView(view.view);
    this.changed('rows');
  }

  /** With the time for which a debugger held the programs, or without. */
  toggleStops(): void {
    const { view } = this;
    if (!view || (view.trace.base ?? view.trace).snapshot.stops.length === 0) return;
    view.setWithoutStops(!view.withoutStops);
    this.own.announce(view.withoutStops ? 'Durations are without stopped time' : 'Durations are with stopped time');
    this.changed('rows');
  }

  /** These services stand out, the others are dimmed; none: all are as ever. */
  setLit(names: readonly string[]): void {
    if (!this.view) return;
    this.view.lit = litServices(this.view.trace, names);
    this.changed('rows');
  }

  setView(range: TimeRange): void {
    this.view?.setView(range);
    this.changed('view');
  }

  changed(what: Change): void {
    if (this.view) this.changedEmitter.fire(what);
  }

  /** What actions on a span name. Resolves when the ids are here; rejects with `Cancelled` when another picture is. */
  async spanKey(span: number): Promise<SpanKey> {
    const { view } = this;
    const ids = this.ids ?? (await new Promise<SpanIds | undefined>((resolve) => this.waiting.push(resolve)));
    if (!view || !ids || this.view !== view) throw new SpanhopError('Cancelled', 'Another trace is shown by now.');
    return { trace: view.trace.key, spanId: ids.idOf(span) };
  }

  /** The host follows the selection: menus and commands of the editor act on it. */
  tellSelection(): void {
    const { view, ids } = this;
    const span = view ? view.spanOf(view.selected) : -1;
    if (!view || !ids || span < 0) return;
    const spanId = ids.idOf(span);
    if (spanId === this.reportedSpanId) return;
    this.reportedSpanId = spanId;
    const { dataset, traceId } = view.trace.key;
    this.own.host.emit('selected', { trace: { dataset, traceId }, spanId, byPerson: this.byPerson && this.own.hasFocus() });
  }

  private put(view: ViewModel, ids: SpanIds | undefined): void {
    this.atFailure = false;
    if (view.selected === NO_ENTRY && view.rows.count > 0) this.selectFirst(view);
    this.view = view;
    this.setIds(ids);
    this.changed('trace');
    if (this.atFailure) this.revealingEmitter.fire();
  }

  /** The span that failed the trace, or else the one of the first row. */
  private selectFirst(view: ViewModel): void {
    const failing = failingSpan(view.trace);
    this.atFailure = failing >= 0;
    if (this.atFailure) view.reveal(failing);
    view.selected = this.atFailure ? failing : view.rows.entryAt(0);
    this.byPerson = false;
  }

  private setIds(ids: SpanIds | undefined): void {
    this.ids = ids;
    const waiting = this.waiting;
    this.waiting = [];
    for (const take of waiting) take(ids);
  }

  private visited(): Visited | undefined {
    const { view, ids } = this;
    const span = view ? view.spanOf(view.selected) : -1;
    if (!view || !ids || span < 0) return undefined;
    return { spanId: ids.idOf(span), isGroup: view.selected < 0 };
  }
}
