/** The capture: its receiver, its logs on disk, what it counted. */

export interface CaptureState {
  readonly running: boolean;
  /** The window's own port. Like every port it takes OTLP over HTTP and over gRPC, and Zipkin. */
  readonly httpPort?: number;
  /** The ports of default settings that were asked for, 4318 first, and whose each is; one of others is taken over when it becomes free. */
  readonly registered: readonly RegisteredPort[];
  /** The address beside loopback at which it listens, for programs of other machines that have the token. */
  readonly foreignHost?: string;
  readonly counts: CaptureCounts;
  /** Why what comes cannot be kept, and so is not acknowledged, just now: a sentence. */
  readonly trouble?: string;
  /** What came since the capture began and was not taken, the newest kind first. */
  readonly untaken?: readonly Untaken[];
}

/** Another window that captures, or a program that is none of ours. */
export type PortHolder = 'window' | 'program';

/** A port where programs send that were told nothing else: 4318, 4317, 9411. */
export interface RegisteredPort {
  readonly port: number;
  readonly holder: 'here' | PortHolder;
  /** What is captured is forwarded there: the port is never taken over. */
  readonly left?: boolean;
  /** Of a program, where the system tells: `otelcol (process 1234)`. Its name is its own. */
  readonly program?: string;
}

/** A port that listens. */
export interface ListeningPort {
  readonly port: number;
  readonly isRegistered: boolean;
}

/** How a capture begins. */
export interface CaptureStart {
  /** Listen on 4318 and 4317 as well, as soon as they are free. */
  readonly wellKnownPort: boolean;
  /** And on 9411. */
  readonly zipkinPort?: boolean;
  /** The window's own port; undefined: any. */
  readonly port?: number | undefined;
  /** An IP address of this machine beside loopback, and the token that programs of other machines need there. */
  readonly foreign?: { readonly host: string; readonly token: string } | undefined;
}

/** What is not taken, of one kind. */
export interface Untaken {
  /** A sentence about the last that was told, and what would help. */
  readonly message: string;
  /** How many of its kind came. */
  readonly count: number;
}

export interface CaptureCounts {
  readonly spans: number;
  readonly traces: number;
  /** Spans that were sent and are not kept; a request whose spans nobody can count is one. */
  readonly rejected: number;
  /** Requests that held no spans, for the empty state: "12 metric requests, no spans". */
  readonly metricRequests: number;
  readonly logRequests: number;
}

/** What one session sent, or what came without one between a start and a stop of the receiver: a log file. */
export interface CaptureInfo {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** When its last request came; undefined while it runs. */
  readonly endedAt?: number;
  /** Of its launch, or as a person named it; undefined: it has none. */
  readonly name?: string;
  /** Id of the session that it is of. */
  readonly session?: string;
  /** What was launched, as the launch configuration says it. */
  readonly program?: string;
  /** Hexadecimal: HEAD of the folder's repository when it was launched. */
  readonly commit?: string;
  /** The working tree had changes then. */
  readonly changes?: boolean;
  /** No limit deletes it. */
  readonly pinned?: boolean;
  readonly live: boolean;
  readonly spans: number;
  /** Spans whose status is an error. */
  readonly errors: number;
  readonly traces: number;
  /** It has log records. */
  readonly hasRecords?: true;
  readonly bytes: number;
  /** Path of the log, readable by any tool that knows the Collector's file format. */
  readonly path: string;
  readonly services: readonly string[];
  /** Spans are in memory, so that its traces can be listed. */
  readonly loaded: boolean;
  /** It is being read into memory. */
  readonly reading?: true;
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

/** Log records of a capture, redacted. */
export interface CaptureRecords {
  readonly records: readonly CaptureRecord[];
  /** How many it has; more than are given are the older ones. */
  readonly total: number;
}

export interface CaptureRecord {
  /** Epoch nanoseconds; 0n where unknown. */
  readonly timeUnixNano: bigint;
  /** `INFO`, or as the program names it; may be empty. */
  readonly severity: string;
  readonly service: string;
  /** The name of its event, and what it says; may have several lines. */
  readonly text: string;
  /** `[key, value]`. */
  readonly attributes: readonly (readonly [string, string])[];
  /** Name of the logger. */
  readonly scope: string;
  /** 32 hex digits; empty: none. */
  readonly traceId: string;
}

/** What is known of a session before its program sends. */
export interface SessionAbout {
  readonly name?: string;
  readonly program?: string;
  readonly commit?: string;
  readonly changes?: boolean;
}

/** OTLP/JSON; one OTLP/JSON request a line; what the Collector writes as protobuf: a length of four bytes before each request. */
export type CaptureFormat = 'otlp-json' | 'otlp-jsonl' | 'otlp-proto';

export interface ExportedCapture {
  readonly spans: number;
  readonly records: number;
  /** Where log records were written; undefined where there are none. */
  readonly recordsPath?: string;
}

export interface CaptureMethods {
  /** Where logs go. Reads no more of the kept captures than a list shows. */
  openCaptures(params: { directory: string }): CaptureInfo[];
  /**
   * Reads the newest kept capture's spans into 'local' (after a reload of the window), once, and resolves when that is over, also when it was
   * stopped. Starting, stopping and clearing do not wait for it. `begin` false: waits for it only where it is under way.
   */
  restoreCaptures(params: { begin: boolean }): void;
  /** Ends what is being read of kept captures; what was not read to its end is not in memory then. */
  stopReadingCaptures(params: Record<never, never>): void;
  startCapture(params: CaptureStart): CaptureState;
  stopCapture(params: Record<never, never>): CaptureState;
  /** Deletes the captured spans: of memory and, with them, the logs; of one capture or of all. */
  clearCapture(params: { capture?: string }): void;
  /** Loads a kept capture's spans into 'local'. */
  loadCapture(params: { capture: string }): CaptureInfo;
  /** A session is about to begin, or more is known of it. */
  beginSession(params: { session: string; about: SessionAbout }): void;
  /** A session is over. What is under way still goes to its capture. */
  endSession(params: { session: string }): void;
  /** Names a capture, or keeps it whatever the limits say. What is undefined stays; an empty name is none. */
  describeCapture(params: { capture: string; name?: string; pinned?: boolean }): CaptureInfo;
  /** The log records of a capture that came last, oldest first, whether they belong to a trace or not. */
  captureRecords(params: { capture: string }): CaptureRecords;
  /** Writes a capture to a file, in the place of what it held, with redaction applied; its log records to another beside it. */
  exportCapture(params: { capture: string; format: CaptureFormat; path: string }): ExportedCapture;
  captureState(params: Record<never, never>): CaptureState;
  captures(params: Record<never, never>): CaptureInfo[];
}
