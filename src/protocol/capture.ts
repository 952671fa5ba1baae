/** The capture: its receiver, its logs on disk, what it counted. */

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

export interface CaptureMethods {
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
}
