/**
 * Host and waterfall. The host pushes whole snapshots with a revision (a hidden webview loses messages, so never deltas); the webview
 * asks for everything else. Messages carry JSON values and ArrayBuffers only: no bigint, no Map.
 */

import type { Defect } from '../core/model/table';
import type { ShownException, SpanDetails } from './details';
import type { TraceSnapshot } from './snapshot';
import type { TextAddress } from './texts';
import type { TraceAt, TraceKey } from './traces';

/** The trace that a request is about, as the page has it on the screen: rows hold for this revision. */
export type PictureKey = Required<TraceAt>;

/** A span of it. Actions go by its id, which holds whatever became of the rows meanwhile. */
export interface SpanKey {
  readonly trace: PictureKey;
  readonly spanId: string;
}

/** What the webview remembers of a trace, kept by `setState` and by the host across reloads. */
export interface ViewState {
  readonly selectedSpanId?: string;
  /** Nanoseconds from the trace's start. */
  readonly viewStartNs?: number;
  readonly viewEndNs?: number;
  /** Span ids; long lists are cut to the rows that differ from the default. */
  readonly collapsed?: readonly string[];
  readonly expandedGroups?: readonly string[];
  readonly rootSpanId?: string;
  readonly find?: string;
  readonly filter?: boolean;
  readonly rawClock?: boolean;
  readonly criticalPath?: boolean;
  /** Without the time for which a debugger held the programs. */
  readonly withoutStops?: boolean;
  readonly scrollTopSpanId?: string;
  /** Names of the services that stand out. */
  readonly litServices?: readonly string[];
}

/** Remembered for all traces. */
export interface ViewLayout {
  readonly treeWidth?: number;
  /** Shares of the page, above 0 and below 1. */
  readonly detailsWidthShare?: number;
  readonly detailsHeightShare?: number;
  readonly detailsOpen?: boolean;
  readonly foldedSections?: readonly string[];
}

/** One trace of a file with many. Times as decimal strings. */
export interface ListedTrace {
  readonly traceId: string;
  readonly rootName: string;
  readonly rootService: string;
  readonly startUnixNano: string;
  readonly durationNs: number;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly services: readonly string[];
}

export interface TraceList {
  readonly title: string;
  /** Its name for a person. */
  readonly format: string;
  readonly spanCount: number;
  readonly traces: readonly ListedTrace[];
  readonly defects: readonly Defect[];
}

/** Where a span's source is, as far as the host could resolve it. */
export interface SourceTarget {
  /** `cartStore.ts:31` */
  readonly label: string;
  /** `from exception.stacktrace, first frame in the workspace` */
  readonly reason: string;
  readonly rung: string;
  readonly confidence: number;
  readonly candidates: number;
  /** No place is sure enough to be opened: a click offers those that were found. */
  readonly isOnlyOffered?: true;
  /** What happened to the line since the commit of the trace, in a few words and as sentences; undefined: nothing, or not known. */
  readonly drift?: { readonly kind: 'moved' | 'changed' | 'gone' | 'unknown'; readonly text: string; readonly note: string };
}

/** A stack as the details show it: library frames folded by the view. */
export interface ShownFrame {
  readonly text: string;
  readonly location: string;
  readonly library: boolean;
  /** The frame's file is in the workspace: a click opens it. */
  readonly target?: SourceTarget;
}

export interface ShownStack {
  readonly exceptions: readonly {
    readonly type: string;
    readonly message: string;
    readonly relation?: string;
    readonly frames: readonly ShownFrame[];
  }[];
}

/** What of a trace is a service's. */
export interface ServiceShare {
  readonly name: string;
  readonly spans: number;
  readonly errors: number;
  /** Nanoseconds of its spans less the time covered by their children. */
  readonly selfNs: number;
}

/** What a look at a span needs besides its columns. */
export interface SpanGlance {
  readonly selfNs: number;
  /** Of a range of time, the first ones. Nanoseconds from the trace's start, as the data has them. */
  readonly events: readonly { readonly name: string; readonly atNs: number }[];
  /** All of that range. */
  readonly eventCount: number;
}

/** A problem instead of a trace: what, why, and buttons that run a command of the host. */
export interface ShownProblem {
  readonly title: string;
  readonly message: string;
  /** Nothing failed: there is nothing to show. */
  readonly isNote?: boolean;
  readonly actions: readonly { readonly id: string; readonly label: string }[];
}

/** Spans of some code: those of the function that the cursor is in. */
export interface ShownMarks {
  /** What the rows are of; undefined with no rows. */
  readonly trace?: PictureKey;
  /** Uint32, ascending. */
  readonly rows: ArrayBuffer;
  /** `PricingService.total` */
  readonly label: string;
}

/** What became of a picture. Milliseconds. */
export interface PaintedPicture {
  /** Rows on the screen; the same as before where the picture was older than what is shown, and so was dropped. */
  readonly rows: number;
  readonly unpackMs: number;
  readonly layoutMs: number;
  readonly paintMs: number;
  /** Of what is on the screen now, and whether the page has the ids of its spans. */
  readonly revision: number;
  readonly hasIds: boolean;
  /** The span that was asked for is selected. Otherwise it will be, as soon as a picture has it, unless a person selects another one. */
  readonly hasSelected: boolean;
}

/** What the webview offers. */
export interface ViewMethods {
  /** Resolves when the first rows are painted. */
  show(params: {
    snapshot: TraceSnapshot;
    state: ViewState;
    layout: ViewLayout;
    selectSpanId?: string;
    marks?: ShownMarks;
  }): PaintedPicture;
  showList(params: { list: TraceList }): { rows: number };
  showProblem(params: { problem: ShownProblem }): void;
  /** Thin progress and what is going on; undefined step: done. */
  showProgress(params: { text?: string; fraction?: number; cancellable: boolean }): void;
  /** Selects a span of a trace: now, which is told, or as soon as a picture has it. */
  select(params: { trace: TraceKey; spanId: string; reveal: boolean }): boolean;
  /** Files, mappings or the history changed: what `source` answered may be wrong now. */
  sourcesChanged(params: Record<never, never>): void;
  /** Marks these spans and no others; none where there are no rows. Of another revision than is shown: nothing changes. */
  markSpans(params: ShownMarks): void;
  /** Whether the picture of the trace is held still, and how many spans came meanwhile. */
  showPaused(params: { paused: boolean; newSpans: number }): void;
  /** Runs a command of the view that is shown, by its id: those that VS Code has keybindings for. */
  command(params: { command: string }): void;
}

/** What the host offers. Where a request names a revision that is gone, it is refused with `NotFound`: a newer picture follows. */
export interface HostMethods {
  /** The view's script runs and listens; the answer says what to expect. */
  ready(params: Record<never, never>): { layout: ViewLayout };
  /** By row, for the first look comes before the ids. */
  details(params: { trace: PictureKey; row: number }): SpanDetails;
  /** Span ids of all rows, where the snapshot came without: 2 Uint32 words a row, most significant first. */
  spanIds(params: { trace: PictureKey }): { words: ArrayBuffer };
  stack(params: SpanKey & { exception: ShownException }): ShownStack;
  eventTimes(params: { trace: PictureKey; rows: readonly number[] }): { row: readonly number[]; atNs: readonly number[] };
  glance(params: { trace: PictureKey; row: number; fromNs: number; toNs: number }): SpanGlance;
  /** Of the trace as it is now, by time. */
  services(params: { trace: PictureKey }): { services: readonly ServiceShare[] };
  find(params: { trace: PictureKey; text: string }): { rows: ArrayBuffer };
  /** Keys of attributes of what the trace lies with, most frequent first, for queries that are being typed. */
  attributeKeys(params: { trace: TraceKey }): readonly string[];
  /** Values of an attribute there, most frequent first. `field` is as a query writes it: `span.http.route`. */
  attributeValues(params: { trace: TraceKey; field: string }): readonly (string | number | boolean)[];
  /** The best source of a span; undefined: none found. Cheap to ask again. */
  source(params: SpanKey): SourceTarget | undefined;
  openSource(params: SpanKey & { beside: boolean; exception?: number; frame?: number; log?: number }): void;
  /** Where a log record was logged; undefined: not found. `log` counts through the records of the details. */
  logSource(params: SpanKey & { log: number }): SourceTarget | undefined;
  /** "Why this line?": shows the rungs that were tried. */
  explainSource(params: SpanKey): void;
  /** A span link, or a trace of the list. `from` is the trace whose link it is. */
  openTrace(params: { from?: TraceKey; traceId: string; spanId?: string; beside: boolean }): void;
  backToList(params: Record<never, never>): void;
  copy(params: { text: string; what: string }): void;
  /** The whole of a text of which the page has the beginning. `what` names it: "Value of http.request.body". */
  copyText(params: SpanKey & { address: TextAddress; what: string }): void;
  /** The whole text in an editor of its own, to be read. `name` is a key, or what the details call it. */
  openText(params: SpanKey & { address: TextAddress; name: string }): void;
  /** Searches traces with this attribute: opens the tree's search. */
  searchAttribute(params: { key: string; value: string }): void;
  openExternal(params: { url: string }): void;
  saveState(params: { trace: TraceKey; state: ViewState }): void;
  saveLayout(params: { layout: ViewLayout }): void;
  runAction(params: { id: string }): void;
  cancel(params: Record<never, never>): void;
  /** Holds the picture still while the trace goes on, or goes on. What became of it is told by `showPaused`. */
  setPaused(params: { paused: boolean }): void;
}

export interface ViewEvents {
  /** A span was selected (for following in the editor). */
  selected: {
    readonly trace: TraceKey;
    readonly spanId: string;
    /** With the keyboard or the mouse, and not because something was opened. */
    readonly byPerson: boolean;
  };
  /** Something went wrong in the view; goes to the log. */
  trouble: { readonly message: string };
}
