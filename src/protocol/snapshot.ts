/**
 * A trace as it goes to the webview: exact-length buffers of about 10 bytes a span, every string once, the rest on demand. Numbers that need
 * 64 bits are decimal strings, because messages to a webview carry no bigint. `columns.ts` packs and unpacks.
 */

import type { Defect } from '../core/model/table';
import type { IdChanges } from './idChanges';

/** A group of siblings with the same name and service that are shown as one row until opened: `38×`. */
export interface GroupColumns {
  readonly count: number;
  /** Members of group g are `rows[start[g] … start[g + 1])`, ascending. Uint32 each. */
  readonly start: ArrayBuffer;
  readonly rows: ArrayBuffer;
}

export type FindingKind = 'nPlusOne' | 'retry';

/** Something that an analysis found and a person would want to know; a press on "findings" goes from one to the next. */
export interface Finding {
  readonly kind: FindingKind;
  /** Rows concerned, first = where to go. At most 1,000. */
  readonly rows: readonly number[];
  /** Short, for the chip: "N+1". For retries the chips are `try 1` … in the order of `rows`. */
  readonly chip: string;
  readonly message: string;
}

export interface TraceSnapshot {
  /** Grows whenever the trace changed; a view ignores an older one. */
  readonly revision: number;
  readonly dataset: string;
  readonly traceId: string;
  /** Empty when the root is missing. */
  readonly rootName: string;
  readonly rootService: string;
  /** Epoch nanoseconds, decimal. */
  readonly startUnixNano: string;
  readonly durationNs: number;
  readonly count: number;
  readonly errorCount: number;
  /** Nanoseconds of one unit of `times`. */
  readonly quantumNs: number;
  readonly services: readonly string[];
  readonly names: readonly string[];
  /** Varints, two a row: its start in quanta, as the signed distance from its last sibling's (a first child's from its parent's), its duration. */
  readonly times: ArrayBuffer;
  /** Narrowed, 0 for roots. Rows are in pre-order, so this is the tree. */
  readonly depth: ArrayBuffer;
  /** Narrowed, index into `names`. */
  readonly name: ArrayBuffer;
  /** Uint32, each different one once: bits 0–11 service, 12–13 status, 16–31 flags of `SpanTable`. */
  readonly words: ArrayBuffer;
  /** Narrowed, index into `words`. */
  readonly word: ArrayBuffer;
  /** Rows whose clock was corrected (Uint32), and by how much (Float64 nanoseconds). Same length. */
  readonly correctedRow: ArrayBuffer;
  readonly correctedNs: ArrayBuffer;
  readonly corrections: readonly { readonly service: string; readonly correctionNs: number }[];
  readonly groups: GroupColumns;
  readonly findings: readonly Finding[];
  readonly defects: readonly Defect[];
  /** Nanoseconds of the critical path, and its segments: row (Uint32), start and end (Float64 ns from the trace's start). Ordered by row; at most the 100,000 longest. */
  readonly criticalPathNs: number;
  readonly criticalRow: ArrayBuffer;
  readonly criticalStart: ArrayBuffer;
  readonly criticalEnd: ArrayBuffer;
  readonly minimap: MinimapRaster;
  /** Ids of all rows, where they were asked for: 2 Uint32 words a row, most significant first. Or what is new of them. */
  readonly spanIds?: ArrayBuffer;
  readonly idChanges?: IdChanges;
  /** More spans may come: a capture is running and this trace is young. */
  readonly live: boolean;
  /** Spans that have not ended; undefined where all have. */
  readonly running?: LiveSpans;
  /** Times for which a debugger held programs of the trace, by start. */
  readonly stops: readonly TraceStop[];
}

/** What became of a span without an end (`LiveSpans.state`): it goes on; its program ended; its program was not heard of any more. */
export const RUN_GOES_ON = 0;
export const RUN_ENDED = 1;
export const RUN_UNHEARD = 2;

/** Spans that have not ended, as they were at one moment. */
export interface LiveSpans {
  /** Epoch milliseconds of the engine's clock. */
  readonly madeAtMs: number;
  /** Uint32, ascending. */
  readonly rows: ArrayBuffer;
  /** Float64 nanoseconds: how long each had run by then, or until its program ended. */
  readonly elapsedNs: ArrayBuffer;
  /** Uint8: RUN_… */
  readonly state: ArrayBuffer;
}

/** Nanoseconds from the trace's start. */
export interface TraceStop {
  readonly startNs: number;
  /** Undefined: it is held still. */
  readonly endNs?: number;
  /** Why: `breakpoint`, `step`, `exception`. */
  readonly reason: string;
  /** Where: `app.ts:12`. */
  readonly place?: string;
}

/** Every span of a trace as a small picture: always the whole trace, one cell of density each (`layout/minimap.ts`). */
export interface MinimapRaster {
  readonly columns: number;
  readonly lanes: number;
  /** Uint8, lane-major: 0 empty, 1 + service modulo 254 for the service that covers most of the cell, 255 error. */
  readonly cells: ArrayBuffer;
}
