/**
 * What the host asks of the engine, and what the engine tells. The engine (one worker thread) owns decoding, the span store, queries,
 * analysis, the capture's receiver and its log. Between threads structured clone carries bigint and buffers.
 *
 * A dataset is a named collection of traces: 'local' (the running capture and the kept ones), `file:<uri>`, `backend:<name>`.
 */

import type { CallChoice, CodeRun, GroupStatistics } from '../code';
import type { JaegerAnswer, JaegerWant } from '../core/answers/jaeger';
import type { Defect, TraceOverview } from '../core/model/table';
import type { AttributeValue } from '../core/model/values';
import type { Query } from '../core/query/query';
import type { OriginalPosition, SourceMapProblem } from '../source';
import type { Inference, InferenceInput } from '../source/inference/infer';
import type { CodeMethods, CodeSubject } from './codeProtocol';
import type { SpanDetails } from './details';
import type { ExceptionSource, Exceptions } from './exceptions';
import type { MemoryReport, MemoryState } from './memory';
import type { TraceSnapshot } from './snapshot';

export const LOCAL_DATASET = 'local';

export interface EngineSettings {
  /** Keys whose values are never shown or exported: exact, or with `*` as wildcard; case-insensitive. */
  readonly redactKeys: readonly string[];
  /** Regular expressions (source text); what they match in a value is replaced by `••••`. */
  readonly redactPatterns: readonly string[];
  /** Bytes that all spans, log records and what is made of them may take; what can be had again leaves first. Default: 2 GiB. */
  readonly memoryBytes?: number;
  /** Bytes that captures may take of them; undefined: all. */
  readonly captureMemoryBytes?: number;
  /** Bytes of log that are kept on disk; the oldest captures are deleted first. */
  readonly captureLogBytes: number;
}

export type FileFormat = 'otlp-json' | 'otlp-jsonl' | 'otlp-proto' | 'jaeger' | 'zipkin' | 'tempo';

export interface DatasetContent {
  readonly dataset: string;
  readonly format: FileFormat;
  readonly spanCount: number;
  /** Newest first. */
  readonly traces: readonly TraceOverview[];
  readonly defects: readonly Defect[];
}

export interface CaptureState {
  readonly running: boolean;
  readonly httpPort?: number;
  /** Also listening on 4318: programs with default settings are captured. */
  readonly wellKnownPort: boolean;
  readonly counts: CaptureCounts;
  /** Why what comes cannot be kept, and so is not acknowledged, just now: a sentence. */
  readonly trouble?: string;
}

export interface CaptureCounts {
  readonly spans: number;
  readonly traces: number;
  readonly rejected: number;
  /** Requests that held no spans, for the empty state: "12 metric requests, no spans". */
  readonly metricRequests: number;
  readonly logRequests: number;
}

/** One start-to-stop of the receiver: a log file. */
export interface CaptureInfo {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly live: boolean;
  readonly spans: number;
  readonly traces: number;
  readonly bytes: number;
  /** Path of the log, readable by any tool that knows the Collector's file format. */
  readonly path: string;
  readonly services: readonly string[];
  /** Spans are in memory, so that its traces can be listed. */
  readonly loaded: boolean;
  /** Its logs were damaged. */
  readonly damage?: CaptureDamage;
}

export interface CaptureDamage {
  /** Places of the logs that could not be read, and their bytes. */
  readonly parts: number;
  readonly bytes: number;
  /** Spans that are missing; undefined when nobody knows how many there were. */
  readonly spans?: number;
  /** Where the damaged parts are kept. */
  readonly files: readonly string[];
}

export interface FindTracesParams {
  readonly dataset: string;
  readonly query: Query;
  readonly limit: number;
  /** Skip this many (paging; the order is newest first). */
  readonly offset?: number;
  /** Only the traces of one capture. */
  readonly capture?: string;
}

export interface TraceKey {
  readonly dataset: string;
  readonly traceId: string;
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

/** What a span says of its source otherwise than by a place: what rungs 5 and 6 of the ladder begin with. */
export interface CodeHint {
  readonly name: string;
  /** OTLP's number. */
  readonly kind: number;
  readonly service: string;
  /** `telemetry.sdk.language`; empty where unknown. */
  readonly language: string;
  /** Name of the instrumentation scope. */
  readonly scope: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Places of spans that state none themselves. `file` and the rest of a place are those of its stack, if it has one. */
export interface HintedPlaces extends CodePlaces {
  /** Of each place, index into `hints`. */
  readonly hint: Uint32Array;
  readonly hints: readonly CodeHint[];
}

/** What groups of places come to, in the order in which they were asked for; exact, over all spans of a group together. */
export interface CodeStatistics extends GroupStatistics {
  readonly revision: number;
}

export interface EngineMethods extends CodeMethods {
  configure(params: EngineSettings): void;

  /** Opens a trace file from disk (the engine reads and streams it) or from bytes (virtual file systems). Replaces the dataset. */
  openFile(params: { dataset: string; name: string; path?: string; bytes?: Uint8Array }): DatasetContent;
  /** Adds a backend's answer. */
  addBytes(params: { dataset: string; name: string; bytes: Uint8Array; format?: FileFormat }): DatasetContent;
  dropDataset(params: { dataset: string }): void;
  /** Reads a backend's list or error (`readJaegerAnswer`). Here, because parsing it takes longer than the extension host may be held. */
  readAnswer(params: { bytes: Uint8Array; want: JaegerWant }): JaegerAnswer | undefined;

  findTraces(params: FindTracesParams): { traces: TraceOverview[]; more: boolean };
  /** The dataset that holds a trace: files first, then local, then backends; undefined when none does. */
  locateTrace(params: { traceId: string; dataset?: string }): TraceKey | undefined;
  /** Of each id whether any dataset holds its trace. */
  knownTraces(params: { traceIds: readonly string[] }): boolean[];
  openTrace(params: TraceKey): TraceSnapshot;
  traceData(params: TraceKey): TraceData;
  highlights(params: TraceKey & { limit: number }): TraceHighlights;
  spanDetails(params: TraceKey & ({ row: number } | { spanId: string })): SpanDetails;
  /** Span as data with redaction not applied to `code.*` and stacks: what the source resolver reads. */
  spanData(params: TraceKey & ({ row: number } | { spanId: string })): SpanData;
  /**
   * What of the spans of a trace may stand in the source (`needlesOf` in source/hints.ts), each once, at most `limit`: of this trace
   * first, then of the others of its dataset, for a trace seldom comes alone. Takes a tenth of a second at most; of very many spans a sample.
   */
  sourceNeedles(params: TraceKey & { limit: number }): string[];
  /** Offsets of events of the given rows, for the diamonds: parallel arrays. */
  eventTimes(params: TraceKey & { rows: readonly number[] }): { row: Uint32Array; atNs: Float64Array };
  /** Rows that match, ascending. `text` is free text or a query of the search language. Rejects with BadQuery. */
  findSpans(params: TraceKey & { text: string }): { rows: Uint32Array };
  /** Span ids of all rows (a copy of the table's column, 2 Uint32 words a row), for the waterfall's memory of rows across revisions. */
  spanIds(params: TraceKey): { revision: number; words: ArrayBuffer };
  /** Rows for span ids (editor to waterfall). -1 where absent. */
  rowsOf(params: TraceKey & { spanIds: readonly string[] }): number[];
  services(params: { dataset: string }): string[];
  operations(params: { dataset: string; service?: string }): string[];
  /** Keys of attributes seen in the dataset, most frequent first, for completion. */
  attributeKeys(params: { dataset: string }): string[];
  exportTrace(params: TraceKey & { format: 'otlp-json' | 'otlp-proto'; path?: string }): {
    bytes?: Uint8Array;
    spanCount: number;
  };
  /**
   * Places that may be in a document of this base name (letter case aside): of files of that name and, for a script, of all
   * compiled ones (`.js`, `.mjs`, `.cjs`), for a bundle has any name. The host finds out which are, and keeps it. `known` is of the
   * last answer for this document; places that were in it are left out.
   */
  codePlaces(params: { baseName: string; known?: { readonly generation: number; readonly next: number } }): CodePlaces;
  /** Places whose spans say of their source only what may stand in it as text or as a name, of all documents. `known` is of the last answer. */
  codeHints(params: { known?: { readonly generation: number; readonly next: number } }): HintedPlaces;
  /** Calls, errors and percentiles of groups of places; undefined when their numbers hold no more (`codePlaces` gives new ones). */
  codeStatistics(params: { generation: number; groups: readonly (readonly number[])[] }): CodeStatistics | undefined;
  /** Calls of some places, or of some throws, together: those that began last, or took longest, first. Undefined as above. */
  codeSpans(params: CodeSubject & CallChoice): CodeRun[] | undefined;
  /** Rows of one trace that ran at some places, ascending, of the revision of the trace that is told. Undefined as above. */
  rowsAtPlaces(
    params: TraceKey & { generation: number; places: readonly number[] },
  ): { revision: number; rows: Uint32Array } | undefined;

  /**
   * Where a place of generated code comes from; lines and columns from 0. For files on disk (`file:`). See `SourceMapPort`. Nothing is read whose
   * real path is in none of the folders (URIs).
   */
  originalPosition(params: {
    file: string;
    line: number;
    column?: number;
    folders: readonly string[];
  }): OriginalPosition | SourceMapProblem | undefined;
  originalContent(params: { file: string; source: string; folders: readonly string[] }): string | undefined;
  /** These files, generated ones or maps, changed; without `uris`, any may have. */
  forgetSourceMaps(params: { uris?: readonly string[] }): void;
  /** Loads what the first map needs. */
  prepareSourceMaps(params: Record<never, never>): void;

  /** Path mappings out of files of the workspace. Here, because parsing them takes longer than the extension host may be held. */
  inferMappings(params: InferenceInput): Inference;

  /** Distinct exceptions of the spans of all datasets; summaries of those that changed since the answer that `known` is of. */
  exceptions(params: { known?: { readonly generation: number; readonly revision: number } }): Exceptions;
  /** What leads to the lines of some of them. What is gone is left out; of another generation, all. */
  exceptionSources(params: { generation: number; ids: readonly number[] }): ExceptionSource[];

  /** Where logs go. Reads the kept captures' headers, and loads the newest capture's spans when `load` says so (after a reload of the window). */
  openCaptures(params: { directory: string; load: 'none' | 'newest' }): CaptureInfo[];
  startCapture(params: { wellKnownPort: boolean; port?: number }): CaptureState;
  stopCapture(params: Record<never, never>): CaptureState;
  /** Deletes the captured spans: of memory and, with them, the logs; of one capture or of all. */
  clearCapture(params: { capture?: string }): void;
  /** Loads a kept capture's spans into 'local'. */
  loadCapture(params: { capture: string }): CaptureInfo;
  captureState(params: Record<never, never>): CaptureState;
  captures(params: Record<never, never>): CaptureInfo[];
  /** The traces that views show, all of them: they leave memory after others. */
  showing(params: { traces: readonly TraceKey[] }): void;
  memory(params: Record<never, never>): MemoryReport;
}

/** What a person must be told in the window, not only in the log: that spans are not kept, that something is missing. */
export interface EngineNotice {
  /** What it is about: `capture.disk`, `capture.damage:<id>`. A key is told once, and again only after it was over. */
  readonly key: string;
  readonly level: 'info' | 'warning' | 'error';
  /** One or two sentences: the fact, and what to do. */
  readonly message: string;
  /** What a button of the message leads to: the setting with redaction patterns, or starting the capture. */
  readonly step?: 'redaction' | 'capture';
  /** The trouble has passed: nothing is shown, and its next time is told again. */
  readonly over?: boolean;
}

export interface EngineEvents {
  /** At most four times a second. */
  captured: { readonly counts: CaptureCounts; readonly spans: number; readonly traceIds: readonly string[] };
  captureChanged: CaptureState;
  /** Traces of a dataset changed (captured spans included), at most four times a second. */
  changed: { readonly dataset: string; readonly traceIds: readonly string[] };
  log: { readonly level: 'info' | 'warn' | 'error'; readonly message: string };
  notice: EngineNotice;
  /** Captured traces left memory, or are back. At most once a second. */
  memory: MemoryState;
}
