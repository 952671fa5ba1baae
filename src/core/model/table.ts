/**
 * One trace, assembled: struct of arrays, one row a span, sorted in pre-order (parents before children, siblings by start), so that a
 * subtree is a range of rows and collapsing is arithmetic. Attributes, events and links stay in the batches the spans came from;
 * `batch` and `batchRow` lead there. Made by `analysis/assemble.ts`; pictures of it are made by `layout/`.
 */

import type { SpanBatch } from './batch';
import type { StringTable } from './strings';

export type DefectKind =
  | 'orphan'
  | 'cycle'
  | 'duplicateId'
  | 'negativeDuration'
  | 'clockSkew'
  | 'missingRoot'
  | 'valueTooLong'
  | 'unreadable'
  | 'capped';

/** Something wrong in the data that was repaired or left as it is, and is shown. */
export interface Defect {
  readonly kind: DefectKind;
  readonly count: number;
  /** A sentence: what is wrong, and what was done about it. */
  readonly message: string;
  /** The first of the spans concerned (at most 100), 16 hex digits each. */
  readonly spanIds?: readonly string[];
}

/** Bits of `SpanTable.flags`. */
export const FLAG_EVENTS = 1;
export const FLAG_LINKS = 1 << 1;
/** The span has an exception, as an event or in its attributes. */
export const FLAG_EXCEPTION = 1 << 2;
/** Its parent is named but is not in the trace. */
export const FLAG_ORPHAN = 1 << 3;
/** A defect other than a missing parent concerns this span. */
export const FLAG_DEFECT = 1 << 4;
/** Started and not ended. */
export const FLAG_RUNNING = 1 << 5;
/** `correctionNs` of this row is not zero. */
export const FLAG_CORRECTED = 1 << 6;
/** The span names its source (`code.*`), or has a stack trace. */
export const FLAG_SOURCE = 1 << 7;
/** The span or one of its descendants is in error. */
export const FLAG_ERROR_BELOW = 1 << 8;
/** Some of the span's own time lies on the critical path. */
export const FLAG_CRITICAL = 1 << 9;
/** Neither when it began nor how long it took is known: its duration of 0 is none that anybody measured. */
export const FLAG_NO_LENGTH = 1 << 10;

export interface SpanTable {
  /** 32 hex digits. */
  readonly traceId: string;
  readonly count: number;
  /** Epoch nanoseconds of the earliest start that is shown: with clocks corrected. */
  readonly startUnixNano: bigint;
  /** Latest end less earliest start, as shown, nanoseconds. */
  readonly durationNs: number;
  readonly strings: StringTable;
  /** Row of the parent, -1 for roots. Orphans are roots. */
  readonly parent: Int32Array;
  readonly depth: Uint32Array;
  /** First row after the subtree of this row. */
  readonly subtreeEnd: Uint32Array;
  /** Nanoseconds from `startUnixNano`, as the data says: below 0 where a clock was wrong. */
  readonly startNs: Float64Array;
  /** Never negative: a negative one is shown as 0 and counted as a defect. */
  readonly durationNsOf: Float64Array;
  readonly kind: Uint8Array;
  readonly status: Uint8Array;
  readonly flags: Uint16Array;
  readonly name: Uint32Array;
  /** Index of the service's name in `strings`. */
  readonly service: Uint32Array;
  /** 2 words a row. */
  readonly spanId: Uint32Array;
  /** What to add to `startNs` for display, to put spans of a skewed clock inside their parents; undefined: nothing to correct. */
  readonly correctionNs: Float64Array | undefined;
  /** Per service (index in `strings`) the largest correction, for the footer: "clock of pricing corrected by 41 ms". */
  readonly corrections: readonly { readonly service: string; readonly correctionNs: number }[];
  readonly errorCount: number;
  readonly defects: readonly Defect[];
  readonly batches: readonly SpanBatch[];
  readonly batch: Uint32Array;
  readonly batchRow: Uint32Array;
}

/** What a list needs to know about a trace. */
export interface TraceOverview {
  readonly traceId: string;
  /** Empty when the root is missing. */
  readonly rootName: string;
  readonly rootService: string;
  readonly startUnixNano: bigint;
  readonly durationNs: number;
  /** As far as the source tells without fetching the trace. */
  readonly spanCount?: number;
  readonly errorCount?: number;
  /** Spans that left memory, which `spanCount` does not count. */
  readonly missingSpans?: number;
  /** Spans that have not ended, and of which programs run that may end them. */
  readonly running?: number;
  /** It left memory, and is read from its capture's log when it is opened. */
  readonly inLog?: boolean;
  readonly services?: readonly string[];
  /** Debug session that the trace belongs to, when it was captured under one. */
  readonly session?: string;
  /** Spans that a query found: how many, and the ids of the first ones by start. */
  readonly matched?: { readonly count: number; readonly spanIds: readonly string[] };
}
