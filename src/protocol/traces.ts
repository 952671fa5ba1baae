/** What is asked of traces in the engine: which there are, what is in one, where it goes. */

import type { ServiceCall } from '../core/analysis/serviceCall';
import type { AttributeValue } from '../core/model/attributeValue';
import type { Defect, TraceOverview } from '../core/model/table';
import type { Query } from '../core/query/query';
import type { SpanDetails } from './details';
import type { TraceSnapshot } from './snapshot';

export const LOCAL_DATASET = 'local';

export interface TraceKey {
  readonly dataset: string;
  readonly traceId: string;
}

/**
 * A trace as somebody has it on the screen. Rows hold for one revision: with `revision` the answer is of that one, and `NotFound` when it is gone
 * (the last two that were asked for are kept). Without it: the trace as it is now.
 */
export interface TraceAt extends TraceKey {
  readonly revision?: number;
}

export interface FindTracesParams {
  readonly dataset: string;
  readonly query: Query;
  readonly limit: number;
  /** Skip this many (paging; the order is newest first). */
  readonly offset?: number;
  /** Only the traces of one capture. */
  readonly capture?: string;
  /** Only these traces, by their ids of 32 digits. */
  readonly among?: readonly string[];
}

/** A span as plain data for the exported API. */
export interface SpanData {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly service: string;
  readonly kind: number;
  readonly startTimeUnixNano: bigint;
  readonly durationNs: number;
  readonly status: number;
  readonly statusMessage?: string;
  readonly attributes: Record<string, AttributeValue>;
  readonly resource: Record<string, AttributeValue>;
  readonly scope?: { readonly name: string; readonly version?: string };
  readonly events: readonly {
    readonly name: string;
    readonly timeUnixNano: bigint;
    readonly attributes: Record<string, AttributeValue>;
  }[];
  /** Log records of the span, by time. */
  readonly logs: readonly {
    readonly timeUnixNano: bigint;
    readonly severityNumber: number;
    readonly severityText: string;
    readonly body: AttributeValue;
    readonly attributes: Record<string, AttributeValue>;
  }[];
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: Record<string, AttributeValue>;
  }[];
}

export interface TraceData {
  readonly overview: TraceOverview;
  readonly spans: readonly SpanData[];
  readonly defects: readonly Defect[];
}

/** What a tree shows below a trace: its errors, its slowest spans (by self time), its services. */
export interface TraceHighlights {
  readonly errors: readonly HighlightSpan[];
  readonly errorCount: number;
  readonly slowest: readonly HighlightSpan[];
  readonly services: readonly {
    readonly name: string;
    readonly spans: number;
    readonly errors: number;
    readonly selfNs: number;
  }[];
}

export interface HighlightSpan {
  readonly spanId: string;
  readonly name: string;
  readonly service: string;
  readonly durationNs: number;
  readonly selfNs: number;
  readonly message?: string;
}

export interface TraceMethods {
  findTraces(params: FindTracesParams): { traces: TraceOverview[]; more: boolean };
  /** The dataset that holds a trace: files first, then local, then backends; undefined when none does. */
  locateTrace(params: { traceId: string; dataset?: string }): TraceKey | undefined;
  /** Of each id whether any dataset holds its trace. */
  knownTraces(params: { traceIds: readonly string[] }): boolean[];
  /**
   * A trace of at most `idsUpTo` spans (default: none) comes with the ids of its spans, so that both are of one revision; only with what is new of
   * them where the caller has those of the revision `idsSince`, and it is still kept.
   */
  openTrace(params: TraceAt & { idsUpTo?: number; idsSince?: number }): TraceSnapshot;
  /** Its revision now: whether there is anything new to be opened. Rejects with `NotFound`. */
  traceRevision(params: TraceKey): number;
  /** How many spans it has now. Rejects with `NotFound`. */
  traceSize(params: TraceKey): number;
  /** Keeps a revision for as long as somebody holds it, beside the last ones, or not any more. */
  pinRevision(params: Required<TraceAt> & { pinned: boolean }): void;
  traceData(params: TraceKey): TraceData;
  highlights(params: TraceKey & { limit: number }): TraceHighlights;
  spanDetails(params: TraceAt & ({ row: number } | { spanId: string })): SpanDetails;
  /** Span as data with redaction not applied to `code.*` and stacks: what the source resolver reads, never to be shown. */
  spanData(params: TraceAt & ({ row: number } | { spanId: string })): SpanData;
  /** Self time of a span, and its first events from `fromNs` to `toNs` (nanoseconds from the trace's start): what a hover tells. */
  spanGlance(params: TraceAt & { row: number; fromNs: number; toNs: number }): {
    revision: number;
    selfNs: number;
    events: { name: string; atNs: number }[];
    eventCount: number;
  };
  /** Offsets of events of the given rows, for the diamonds: parallel arrays. */
  eventTimes(params: TraceAt & { rows: readonly number[] }): { revision: number; row: Uint32Array; atNs: Float64Array };
  /** Rows that match, ascending. `text` is free text or a query of the search language. Rejects with BadQuery. */
  findSpans(params: TraceAt & { text: string }): { revision: number; rows: Uint32Array };
  /** Span ids of all rows (a copy of the table's column, 2 Uint32 words a row), for the waterfall's memory of rows across revisions. */
  spanIds(params: TraceAt): { revision: number; words: ArrayBuffer };
  services(params: { dataset: string }): string[];
  operations(params: { dataset: string; service?: string }): string[];
  /** Keys of attributes seen in the dataset, most frequent first, for completion. */
  attributeKeys(params: { dataset: string }): string[];
  /** The same by where they stand, as a query names them: `span.http.route`. */
  tags(params: { dataset: string }): string[];
  /** Plain values of an attribute (`span.http.route`; `.http.route`: anywhere), most frequent first. Rejects with BadQuery. */
  tagValues(params: { dataset: string; key: string }): (string | number | boolean)[];
  /** Who calls whom in the traces that overlap a time range (epoch nanoseconds), most calls first. */
  serviceCalls(params: { dataset: string; startUnixNano?: bigint; endUnixNano?: bigint }): ServiceCall[];
  exportTrace(params: TraceKey & { format: 'otlp-json' | 'otlp-proto'; path?: string }): {
    bytes?: Uint8Array;
    spanCount: number;
  };
  /** The traces that views show, all of them: they leave memory after others. */
  showing(params: { traces: readonly TraceKey[] }): void;
}
