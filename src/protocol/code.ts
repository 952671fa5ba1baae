/**
 * What the host asks of the engine from code to spans: places, their statistics, and what hovers, marks, callers and the trend show. Numbers of
 * places and of throws hold for one generation; an answer is undefined when that is over.
 */

import type { CallChoice, CodeRun, GroupStatistics } from '../code';
import type { SpanFamily } from '../source';
import type { TraceAt } from './traces';

/** A function or a line: places of which spans say that they ran there, or throws, of which spans recorded an exception. */
export interface CodeSubject {
  readonly generation: number;
  readonly places: readonly number[];
  /** Numbers of throws (`codeThrows`). With these, `places` is empty. */
  readonly throws?: readonly number[];
}

/** One value of an attribute, as it may be shown: redacted, cut. */
export interface CodeValue {
  readonly text: string;
  readonly count: number;
}

export interface CodeAttribute {
  readonly key: string;
  /** How many different values there were. */
  readonly distinct: number;
  /** Most frequent first. */
  readonly values: readonly CodeValue[];
}

/** Exceptions of one type and message; redacted. */
export interface CodeException {
  readonly type: string;
  readonly message: string;
  /** How often it came: once in a trace, however many spans of it recorded it. A failure that is no exception: failed spans. */
  readonly count: number;
  /** The span that recorded it last. */
  readonly last: CodeRun;
  /** Its stack as recorded, for finding the source, never for showing; empty where there is none. */
  readonly stack: string;
  /** `telemetry.sdk.language`. */
  readonly language?: string;
}

/** What a hover tells of a function beside its statistics. All of it is of the last calls; of how many, each part says. */
export interface CodeDetails {
  /** Latest first. */
  readonly runs: readonly CodeRun[];
  /** Calls whose attributes and exceptions were read. */
  readonly read: number;
  readonly attributes: readonly CodeAttribute[];
  /** Most frequent first; the first few. */
  readonly exceptions: readonly CodeException[];
  /** How often any came, also one that is not among these. */
  readonly thrown: number;
  /** Where the calls came into the system; undefined when finding out would have taken too long. */
  readonly entries?: { readonly calls: number; readonly spans: readonly ReachedSpan[] };
}

/** Spans of one service, kind and name that lead to some calls, or that those made. */
export interface ReachedSpan {
  readonly service: string;
  readonly name: string;
  /** As OTLP numbers them. */
  readonly kind: number;
  /** Spans. */
  readonly spans: number;
  /** The asked calls that they lead to, or that made them. */
  readonly calls: number;
  /** Callers: of these calls, those that failed. Callees: their own spans that failed. */
  readonly errors: number;
  /** Steps between the nearest of them and the call: 1 is its parent, or its child. */
  readonly distance: number;
  /** Callers: calls of which they are the topmost span that is known. */
  readonly entry: number;
  /** Callees: time of the calls that some of these spans took, nanoseconds; what ran side by side counts once. */
  readonly timeNs: number;
  /** The last of the spans, and where its trace is. */
  readonly sample: { readonly dataset: string; readonly traceId: string; readonly spanId: string };
}

export interface CodeReach {
  /** Calls that were looked at, of so many. */
  readonly calls: number;
  readonly of: number;
  /** Duration of the calls that were looked at, together. */
  readonly durationNs: number;
  /** Most calls first. */
  readonly spans: readonly ReachedSpan[];
  /** Kinds of spans that are left out because there are too many. */
  readonly more: number;
}

/** Where spans came from, as far as runs of a program can be told apart. */
export type CodeOrigin =
  | { readonly type: 'capture'; readonly startedAt: number }
  | { readonly type: 'backend'; readonly name: string };

/** A function in the latest capture against the one before, or against a backend. */
export interface CodeTrend {
  readonly calls: number;
  readonly p95Ns: number;
  readonly before: { readonly calls: number; readonly p95Ns: number; readonly origin: CodeOrigin };
}

/** Distinct stacks that spans recorded with an exception: a page of a table that only grows. */
export interface CodeThrows {
  readonly generation: number;
  readonly next: number;
  readonly throws: readonly CodeThrow[];
}

export interface CodeThrow {
  readonly number: number;
  /** As recorded, its beginning: for finding the source, never for showing. */
  readonly stack: string;
  readonly language?: string;
}

/** What was recorded of some throws together. */
export interface ThrownStatistics {
  readonly spans: number;
  /** Of the last one; redacted. Undefined when none of them is in memory. */
  readonly last?: { readonly type: string; readonly message: string; readonly run: CodeRun };
}

/**
 * Distinct places that spans name as their source (`code.*` attributes, or the first frame of a stack that is no library's): a page of the
 * engine's table of places, which only grows. Whoever knows the places below `next` asks for those after. Columns are parallel.
 */
export interface CodePlaces {
  /** Numbers of places hold for one generation; a new one means to ask for all of them again. */
  readonly generation: number;
  /** Grows with every change of what ran where. */
  readonly revision: number;
  /** Spans that name any place, of any document. */
  readonly spans: number;
  /** Places from this number on are not in this answer. */
  readonly next: number;
  /** Numbers of the places, ascending. */
  readonly place: Uint32Array;
  /** As the traces write them. */
  readonly files: readonly string[];
  readonly functions: readonly string[];
  /** Indices into `files` and `functions`; the name of an unknown function is empty. */
  readonly file: Uint32Array;
  readonly functionName: Uint32Array;
  /** From 1; 0 where unknown. */
  readonly line: Uint32Array;
  readonly column: Uint32Array;
}

/** What a span says of its source, its exceptions left aside: what the ladder begins with. */
export interface CodeHint {
  readonly name: string;
  /** OTLP's number. */
  readonly kind: number;
  readonly service: string;
  /** All names of the service, where there are more. */
  readonly services?: readonly string[];
  /** `telemetry.sdk.language`; empty where unknown. */
  readonly language: string;
  /** Name of the instrumentation scope. */
  readonly scope: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The spans around those that say this, as far as they came along; the same one is the same object. */
  readonly family: SpanFamily;
}

/** Places of spans that say something of their source beside a file. `file` and the rest of a place are what they state or, where they don't, those of an exception. */
export interface HintedPlaces extends CodePlaces {
  /** Of each place, 1 where its spans state it: what else they say counts only where its file is not found. */
  readonly stated: Uint8Array;
  /** Of each place, index into `hints`. */
  readonly hint: Uint32Array;
  readonly hints: readonly CodeHint[];
}

/** What groups of places come to, in the order in which they were asked for; exact, over all spans of a group together. */
export interface CodeStatistics extends GroupStatistics {
  readonly revision: number;
}

export interface CodeMethods {
  /**
   * `sample` asks of the sample trace alone, which is left out otherwise. What follows is asked by generation, which tells the two apart.
   *
   * Places that may be in a document of this base name (letter case aside): of files of that name and, for a script, of all
   * compiled ones (`.js`, `.mjs`, `.cjs`), for a bundle has any name. The host finds out which are, and keeps it. `known` is of the
   * last answer for this document; places that were in it are left out. As the traces write them: to be found, never to be shown.
   */
  codePlaces(params: {
    baseName: string;
    sample?: boolean;
    known?: { readonly generation: number; readonly next: number };
  }): CodePlaces;
  /** Places whose spans say what may stand in the source as text or as a name, of all documents; to be found, never to be shown. `known` is of the last answer. */
  codeHints(params: { sample?: boolean; known?: { readonly generation: number; readonly next: number } }): HintedPlaces;
  /** Calls, errors and percentiles of groups of places; undefined when their numbers hold no more (`codePlaces` gives new ones). */
  codeStatistics(params: { generation: number; groups: readonly (readonly number[])[] }): CodeStatistics | undefined;
  /** Calls of some places, or of some throws, together: those that began last, or took longest, first. Undefined as above. */
  codeSpans(params: CodeSubject & CallChoice): CodeRun[] | undefined;
  /** Rows of one trace that ran at some places, ascending, of the revision of the trace that is told. Undefined as above. */
  rowsAtPlaces(
    params: TraceAt & { generation: number; places: readonly number[] },
  ): { revision: number; rows: Uint32Array } | undefined;
  /** `keys` are those of attributes to tell of, in this order; others follow where their values repeat. */
  codeDetails(params: CodeSubject & { keys: readonly string[] }): CodeDetails | undefined;
  /** Spans that lead to the last calls, or that these made. */
  codeReach(params: CodeSubject & { direction: 'callers' | 'callees' }): CodeReach | undefined;
  /** Of each group of places; undefined where there is nothing to compare with, or too little. */
  codeTrends(params: { generation: number; groups: readonly (readonly number[])[] }): (CodeTrend | undefined)[] | undefined;
  codeThrows(params: { sample?: boolean; known?: { readonly generation: number; readonly next: number } }): CodeThrows;
  codeThrown(params: { generation: number; groups: readonly (readonly number[])[] }): ThrownStatistics[] | undefined;
}
