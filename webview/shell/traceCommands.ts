/** What every view of a trace can do with it: find, walk through errors and marks, zoom, source, details. */

import { pan, viewAround, zoomAt } from '../../src/core/layout/timeScale';
import { nextOf } from '../trace/navigate';
import { NO_ENTRY } from '../trace/state';
import type { TraceStore } from '../trace/traceStore';
import type { Command } from '../views/commands';
import type { Legend } from './legend';

const ZOOM_STEP = 0.7;
const PAN_STEP = 0.2;

export interface TraceCommandsOptions {
  readonly store: TraceStore;
  readonly openSource: (beside: boolean) => void;
  readonly focusFind: () => void;
  readonly toggleDetails: () => void;
  /** Closes the details if Esc is for them. */
  readonly leaveDetails: () => boolean;
  readonly showKeys: () => void;
  readonly copy: (text: string, what: string) => void;
  readonly legend: Pick<Legend, 'toggle' | 'close'>;
  readonly announce: (text: string) => void;
  readonly togglePause: () => void;
}

/** Goes to the next or previous of some spans, and around their end. */
export function goToNext(store: TraceStore, list: Uint32Array = new Uint32Array(0), backwards = false): void {
  const { view } = store;
  const span = view ? nextOf(list, view.spanOf(view.selected), backwards) : -1;
  if (span >= 0) store.select(span, { reveal: true });
}

export class Findings {
  private at = -1;

  constructor(
    private readonly store: TraceStore,
    private readonly announce: (text: string) => void,
  ) {
    store.onWillLeave((where) => {
      if (where === 'another') this.at = -1;
    });
  }

  readonly next = (): void => {
    const { store } = this;
    const { view } = store;
    const findings = view?.trace.snapshot.findings ?? [];
    if (!view || findings.length === 0) return;
    this.at = (this.at + 1) % findings.length;
    const finding = findings[this.at];
    const first = finding.rows[0];
    if (first === undefined) return;
    // A finding about a group is shown on the group's row, which need not be opened.
    const group = view.trace.groups.count > 0 ? view.trace.groups.groupOf[first] : 0;
    if (group > 0 && view.fold.openGroups[group - 1] === 0) {
      const parent = view.trace.tree.parent[first];
      if (parent >= 0) view.reveal(parent);
      if (parent >= 0 && view.fold.collapsed[parent] === 1) view.setOpen(parent, true);
      store.select(~(group - 1), { reveal: true });
    } else store.select(first, { reveal: true });
    this.announce(finding.message);
  };
}

function zoom(store: TraceStore, factor: number): void {
  const { view } = store;
  if (!view) return;
  const { startNs, endNs } = view.view;
  const selected = view.selected === NO_ENTRY ? view.view : view.entryTimes(view.selected);
  const middle = (selected.startNs + selected.endNs) / 2;
  const anchor = middle >= startNs && middle <= endNs ? middle : (startNs + endNs) / 2;
  store.setView(zoomAt(view.view, anchor, factor, view.bounds));
}

function panBy(store: TraceStore, direction: -1 | 1): void {
  const { view } = store;
  if (view) store.setView(pan(view.view, direction * PAN_STEP * (view.view.endNs - view.view.startNs), view.bounds));
}

export function showWholeTrace(store: TraceStore): void {
  if (store.view) store.setView(store.view.bounds);
}

function zoomToSpan(store: TraceStore): void {
  const { view } = store;
  if (view && view.selected !== NO_ENTRY) store.setView(viewAround(view.entryTimes(view.selected), view.bounds));
}

async function copySpanId({ store, copy }: TraceCommandsOptions): Promise<void> {
  const span = store.view?.spanOf(store.view.selected) ?? -1;
  if (span >= 0) copy((await store.spanKey(span)).spanId, 'span id');
}

/** Esc: the innermost thing that is open goes; false when there was nothing. */
function undo({ store, legend, leaveDetails }: TraceCommandsOptions): boolean {
  const { view } = store;
  if (!view) return false;
  if (legend.close()) return true;
  if (view.range) store.setRange(undefined);
  else if (leaveDetails()) return true;
  else if (view.root >= 0) store.setRoot(-1);
  else if (view.find.filter) store.finder.setFilter(false);
  else if (view.lit.names.length > 0) store.setLit([]);
  else return false;
  return true;
}

export function traceCommands(options: TraceCommandsOptions, findings: Findings): readonly Command[] {
  const { store } = options;
  const matches = (backwards: boolean) => goToNext(store, store.view?.find.matches, backwards);
  const errors = (backwards: boolean) => goToNext(store, store.view?.trace.errors, backwards);
  const marks = (backwards: boolean) => goToNext(store, store.view?.marks.spans, backwards);
  return [
    {
      id: 'openSource',
      group: 'Source and details',
      keys: ['Enter', 'Mod+Enter'],
      keyLabel: 'Enter',
      text: 'open the source (with Ctrl: beside)',
      run: (event) => options.openSource(event !== undefined && (event.ctrlKey || event.metaKey)),
    },
    {
      id: 'copySpanId',
      group: 'Source and details',
      keys: ['i'],
      keyLabel: 'i',
      text: 'copy the id of the span',
      run: () => copySpanId(options),
    },
    {
      id: 'details',
      group: 'Source and details',
      keys: [' '],
      keyLabel: 'Space',
      text: 'show or hide the details',
      run: options.toggleDetails,
    },
    { id: 'find', group: 'Find', keys: ['Mod+f'], keyLabel: 'Ctrl+F', text: 'find', everywhere: true, run: options.focusFind },
    {
      id: 'findNext',
      group: 'Find',
      keys: ['F3'],
      keyLabel: 'F3',
      text: 'next match',
      everywhere: true,
      run: () => matches(false),
    },
    {
      id: 'findPrevious',
      group: 'Find',
      keys: ['Shift+F3'],
      keyLabel: 'Shift+F3',
      text: 'previous match',
      everywhere: true,
      run: () => matches(true),
    },
    { id: 'nextError', group: 'Find', keys: ['e'], keyLabel: 'e', text: 'next error', run: () => errors(false) },
    {
      id: 'previousError',
      group: 'Find',
      keys: ['Shift+e'],
      keyLabel: 'Shift+E',
      text: 'previous error',
      run: () => errors(true),
    },
    { id: 'nextFinding', group: 'Find', keys: ['f'], keyLabel: 'f', text: 'next finding', run: findings.next },
    {
      id: 'nextMark',
      group: 'Source and details',
      keys: ['m'],
      keyLabel: 'm',
      text: 'next span of the code at the cursor',
      run: () => marks(false),
    },
    {
      id: 'previousMark',
      group: 'Source and details',
      keys: ['Shift+m'],
      keyLabel: 'Shift+M',
      text: 'previous span of the code at the cursor',
      run: () => marks(true),
    },
    {
      id: 'zoomIn',
      group: 'Time',
      keys: ['w'],
      keyLabel: 'w',
      text: 'zoom in around the selection',
      run: () => zoom(store, ZOOM_STEP),
    },
    { id: 'zoomOut', group: 'Time', keys: ['s'], keyLabel: 's', text: 'zoom out', run: () => zoom(store, 1 / ZOOM_STEP) },
    { id: 'earlier', group: 'Time', keys: ['a'], keyLabel: 'a', text: 'earlier', run: () => panBy(store, -1) },
    { id: 'later', group: 'Time', keys: ['d'], keyLabel: 'd', text: 'later', run: () => panBy(store, 1) },
    { id: 'wholeTrace', group: 'Time', keys: ['0'], keyLabel: '0', text: 'the whole trace', run: () => showWholeTrace(store) },
    { id: 'zoomToSpan', group: 'Time', keys: ['z'], keyLabel: 'z', text: 'zoom to the span', run: () => zoomToSpan(store) },
    {
      id: 'undo',
      group: 'Page',
      keys: ['Escape'],
      keyLabel: 'Esc',
      text: 'undo that; close what is open',
      everywhere: true,
      run: () => undo(options),
    },
    { id: 'criticalPath', group: 'Time', keys: ['c'], keyLabel: 'c', text: 'critical path', run: () => store.toggleCritical() },
    {
      id: 'stops',
      group: 'Time',
      keys: ['b'],
      keyLabel: 'b',
      text: 'durations without the time that a debugger held',
      run: () => store.toggleStops(),
    },
    {
      id: 'pause',
      group: 'Page',
      keys: ['p'],
      keyLabel: 'p',
      text: 'hold the picture still, or go on',
      run: options.togglePause,
    },
    {
      id: 'back',
      group: 'Move',
      keys: ['Alt+ArrowLeft'],
      keyLabel: 'Alt+←',
      text: 'back to the selection before',
      everywhere: true,
      run: () => store.goInHistory(-1),
    },
    {
      id: 'forward',
      group: 'Move',
      keys: ['Alt+ArrowRight'],
      keyLabel: 'Alt+→',
      text: 'forward again',
      everywhere: true,
      run: () => store.goInHistory(1),
    },
    {
      id: 'legend',
      group: 'Source and details',
      keys: ['l'],
      keyLabel: 'l',
      text: 'services: colours, shares, dim the others',
      run: () => options.legend.toggle(),
    },
    { id: 'keys', group: 'Page', keys: ['?'], keyLabel: '?', text: 'these keys', run: options.showKeys },
  ];
}
