/**
 * The exported API: `vscode.extensions.getExtension<SpanhopApi>('spanhop.spanhop')?.activate()`.
 *
 * Other extensions, scripts and checks drive Spanhop through it. Ids are lower-case hex as OpenTelemetry writes them (32 and 16
 * digits); wherever an id goes in, a backend's own form of it is accepted too. A promise that rejects does so with an `Error` whose
 * `message` is a sentence for a user and whose `name` is a kind: NotFound, Unreachable, Unauthorized, Timeout, BadData, Cancelled,
 * TooLarge, BadQuery, NotSupported. Nothing is ever taken away from this file; members may be added.
 */

import type { CancellationToken, DebugConfiguration, Event, Uri, ViewColumn, WorkspaceFolder } from 'vscode';

export interface SpanhopApi {
  readonly apiVersion: 1;
  readonly capture: CaptureApi;
  /** Names of the configured backends; always with 'local', which is the running capture and the kept ones. */
  readonly backends: readonly string[];
  /**
   * Traces, newest first. `query` is text of the search language (`{ status = error && duration > 200ms }`), a plain object, or
   * nothing for the latest. Without `backend` the active one is asked.
   */
  findTraces(
    query?: string | TraceQuery,
    options?: { backend?: string; limit?: number; token?: CancellationToken },
  ): Promise<TraceSummary[]>;
  /**
   * The same page by page, as they come: `for await (const page of api.findTracePages('{ status = error }', { backend, pageSize: 20 }))`. A page is asked
   * for when it is read; leaving the loop asks for no more.
   */
  findTracePages(
    query?: string | TraceQuery,
    options?: { backend?: string; pageSize?: number; token?: CancellationToken },
  ): AsyncIterable<TracePage>;
  /**
   * Who calls whom, as the backend tells, or as its traces do that are here. `start` and `end` are epoch milliseconds; without them it is the last day,
   * or all of the traces that are here. Rejects with NotSupported where nobody tells.
   */
  dependencies(backend: string, options?: { start?: number; end?: number; token?: CancellationToken }): Promise<Dependency[]>;
  /** Keys of attributes that a backend knows, scoped as in a query: `span.http.route`, `resource.service.name`. */
  tags(backend: string, options?: { token?: CancellationToken }): Promise<string[]>;
  /** Values of one of `tags`. */
  tagValues(backend: string, key: string, options?: { token?: CancellationToken }): Promise<(string | number | boolean)[]>;
  /** A whole trace. Without `backend` open files are searched first, then captures, the active backend, and the others. */
  getTrace(traceId: string, options?: { backend?: string; token?: CancellationToken }): Promise<Trace>;
  /** Shows the waterfall. Resolves when its first rows are painted. `traceId` may be a W3C `traceparent`. */
  openTrace(traceId: string, options?: { backend?: string; spanId?: string; viewColumn?: ViewColumn }): Promise<void>;
  /** Opens a trace file of any supported format in the custom editor. Resolves when its first rows, or its list of traces, are painted. */
  openTraceFile(uri: Uri): Promise<TraceFile>;
  /** Where a span's source is: best first, empty when nothing was found. The trace must have been found, opened or captured before. */
  resolveSource(traceId: string, spanId: string): Promise<SourceCandidate[]>;
  /** "Why this line?": the places of a span, what was tried without result, and where nested exceptions were thrown. */
  explainSource(traceId: string, spanId: string): Promise<SourceExplanation>;
  /**
   * The places of a stack trace that stands alone: of a log, a terminal, a bug report. JavaScript, Python, Java and Kotlin, Go, .NET, Ruby,
   * PHP and Rust are told apart by their looks. Empty where it has no frames, or none that is in the workspace.
   */
  resolveStack(text: string): Promise<SourceCandidate[]>;
  /** What is known of a document's functions from the traces at hand: what CodeLens shows. */
  codeStatistics(uri: Uri): Promise<CodeStatistics[]>;
  /** The calls of the function around a line (zero-based) that began last: what the lens of that function leads to. */
  spansAt(uri: Uri, line: number, options?: { limit?: number }): Promise<CodeSpan[]>;
  /** Captures that run and kept ones, those that run first, then the newest. One is what a session (a debug session, a task, terminals) sent, or what came without. */
  captures(): Promise<Capture[]>;
  /**
   * The environment that a launch of this configuration would get now, by the same code that launches use: its own, and what capture and instrumentation add.
   * `${workspaceFolder}` and `${env:NAME}` in it are replaced. Each call is a session of its own. Empty while capture is off.
   */
  launchEnvironment(folder: WorkspaceFolder | undefined, configuration: DebugConfiguration): Promise<Record<string, string>>;
  /** Fires when traces of the active backend or of the capture changed, at most four times a second. */
  readonly onDidChangeTraces: Event<void>;
}

/** Calls from one service to another. */
export interface Dependency {
  parent: string;
  child: string;
  calls?: number;
  errors?: number;
}

/** A part of what was found. */
export interface TracePage {
  /** Newest first, as far as the backend has that order; each trace is on one page. */
  traces: TraceSummary[];
  /** How many traces were looked at for this page, here, after the server's own filter. */
  examined?: number;
  /** Parts of the query as text: filtered by the server exactly, by it as a superset, here only. */
  pushdown?: { exact: string[]; superset: string[]; here: string[] };
  /** Why the page is not whole, as a sentence. */
  partial?: string;
}

export interface CapturePort {
  readonly protocol: 'otlp-http' | 'otlp-grpc' | 'zipkin' | 'any';
  readonly port: number;
  readonly wellKnown: boolean;
}

export interface Capture {
  id: string;
  /** Of its launch, or as a person named it; else when it began. */
  name: string;
  /** Epoch milliseconds. */
  startMs: number;
  /** When its last request came; undefined while it runs. */
  endMs?: number;
  /** What was launched, without arguments. */
  program?: string;
  /** HEAD of the workspace folder when it was launched, hexadecimal. */
  commit?: string;
  /** Files were changed since that commit, and not committed. */
  changes?: boolean;
  spans: number;
  traces: number;
  errors: number;
  running: boolean;
  /** No limit of size or age deletes it. */
  pinned?: boolean;
}

export interface CaptureApi {
  readonly running: boolean;
  /** Loopback port of OTLP/HTTP that is listening now; undefined while stopped. */
  readonly httpPort: number | undefined;
  /** Loopback port of OTLP/gRPC, which is the same one: each port takes either; undefined while stopped. */
  readonly grpcPort: number | undefined;
  /**
   * Every port that listens, the window's own first. `any`: OTLP over HTTP and over gRPC, and Zipkin. `wellKnown`: one to which programs send that were
   * told nothing else (4318, 4317, 9411).
   */
  readonly ports: readonly CapturePort[];
  /** Resolves when the ports listen. Starting again while running answers the ports in use. */
  start(): Promise<{ httpPort: number; grpcPort: number | undefined }>;
  /** Stops listening; what was captured stays. */
  stop(): Promise<void>;
  /** Deletes what was captured. */
  clear(): Promise<void>;
  /** Since `start`, or since the window opened if that is later. */
  readonly counts: { readonly spans: number; readonly traces: number; readonly rejected: number };
  readonly onDidReceiveSpans: Event<{ spans: number; traceIds: string[] }>;
}

export interface TraceQuery {
  service?: string;
  operation?: string;
  status?: 'unset' | 'ok' | 'error';
  kind?: SpanKind;
  /** Milliseconds. */
  minDurationMs?: number;
  /** Milliseconds. */
  maxDurationMs?: number;
  /** Equal, all of them on one span. A key without a scope (`span.`, `resource.`, `event.`) is looked for in all three. */
  attributes?: Record<string, string | number | boolean>;
  /** Epoch milliseconds. */
  start?: number;
  /** Epoch milliseconds. */
  end?: number;
}

export type SpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export interface TraceSummary {
  traceId: string;
  backend: string;
  /** Empty when the root is missing. */
  rootService: string;
  /** Empty when the root is missing. */
  rootName: string;
  /** Epoch nanoseconds. */
  startTimeUnixNano: bigint;
  durationNs: number;
  /** As far as the backend tells without the trace being fetched. */
  spanCount?: number;
  errorCount?: number;
  /** Spans that left memory; `spanCount` does not count them. */
  missingSpans?: number;
  services?: string[];
  /** Spans that matched the query, as far as that is known: how many, and the ids of the first ten by start. Not where the query asks for nothing. */
  matched?: { count: number; spanIds: string[] };
}

export interface Trace extends TraceSummary {
  spanCount: number;
  errorCount: number;
  services: string[];
  /** In the order of the waterfall: parents before children, siblings by start. */
  spans: Span[];
  defects: Defect[];
}

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
  kind: SpanKind;
  startTimeUnixNano: bigint;
  durationNs: number;
  status: 'unset' | 'ok' | 'error';
  statusMessage?: string;
  /** An int64 beyond 2^53 is a bigint, bytes are a Uint8Array, lists and maps nest. */
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
  scope?: { name: string; version?: string };
  events: { name: string; timeUnixNano: bigint; attributes: Record<string, unknown> }[];
  links: { traceId: string; spanId: string; attributes: Record<string, unknown> }[];
  /** Log records of the span, by time. `severityNumber` is OTLP's, 1 to 24; 17 and above are errors. */
  logs: {
    timeUnixNano: bigint;
    severityNumber: number;
    severityText: string;
    body: unknown;
    attributes: Record<string, unknown>;
  }[];
}

/** Something wrong in the data that was repaired or left as it is, and is shown. */
export interface Defect {
  kind:
    | 'orphan'
    | 'cycle'
    | 'duplicateId'
    | 'negativeDuration'
    | 'clockSkew'
    | 'missingRoot'
    | 'valueTooLong'
    | 'unreadable'
    | 'capped';
  count: number;
  message: string;
  spanIds?: string[];
}

export interface TraceFile {
  format:
    | 'otlp-json'
    | 'otlp-jsonl'
    | 'otlp-proto'
    | 'jaeger'
    | 'zipkin'
    | 'zipkin-proto'
    | 'tempo'
    | 'python-console'
    | 'go-stdout'
    | 'js-console'
    | 'js-spans'
    | 'java-log'
    | 'dotnet-console'
    | 'php-console'
    | 'ruby-console'
    | 'rust-console'
    | 'cpp-console'
    | 'collector-debug'
    | 'zipkin-v1'
    | 'jaeger-documents'
    | 'jaeger-model'
    | 'xray'
    | 'cloud-trace'
    | 'swift-console'
    | 'datadog'
    | 'elastic-apm'
    | 'sentry'
    | 'langfuse'
    | 'langsmith'
    | 'openai-agents'
    | 'skywalking'
    | 'application-insights'
    | 'span-rows'
    /** Documents of several kinds. */
    | 'mixed';
  spanCount: number;
  traces: TraceSummary[];
  defects: Defect[];
}

export interface SourceCandidate {
  /** Of a file; or, where only a source map carries the original, of that text (read-only, while the window is open). */
  uri: Uri;
  /** Zero-based, as `vscode.Position`. */
  line: number;
  column?: number;
  rung: 'attributes' | 'pathMapping' | 'sourceMap' | 'stack' | 'symbol' | 'literal';
  /** 0 to 1; from 0.9 on it was never wrong in the tests. */
  confidence: number;
  reason: string;
  /** The file's real path, links followed, is in no workspace folder: ask the person before you open or read it, as Spanhop does. */
  outsideWorkspace?: true;
  /** Where the span names a commit or version that Git knows: the line then, and what became of it. `line` is today's. */
  drift?: {
    /** Full hash. */
    commit: string;
    /** Zero-based. */
    lineThen: number;
    kind: 'same' | 'moved' | 'changed' | 'gone';
    /** A sentence. */
    note: string;
  };
}

export interface SourceExplanation {
  /** Best first; what `resolveSource` answers. */
  candidates: SourceCandidate[];
  /** What was looked for without result, and what came of it. */
  tried: { rung: SourceCandidate['rung']; what: string; outcome: string }[];
  /** Nested exceptions of the stack that answered, from the outer one to the root. */
  causes: { type: string; message: string; candidates: SourceCandidate[] }[];
}

export interface CodeSpan {
  traceId: string;
  spanId: string;
  durationNs: number;
  /** It is in error, or recorded an exception. */
  error: boolean;
  /** Epoch milliseconds. */
  startMs: number;
}

export interface CodeStatistics {
  /** Zero-based. */
  line: number;
  name: string;
  calls: number;
  /** Of these calls, as CodeLens counts them: an exception once, however many nested spans recorded it. */
  errors: number;
  p50Ns: number;
  p95Ns: number;
  lastTraceId?: string;
}
