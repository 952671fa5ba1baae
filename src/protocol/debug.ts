/**
 * What the host tells the engine of debug sessions: which programs are being debugged, and when a debugger held them. Times are epoch
 * milliseconds of the host's clock.
 */

/** A time for which a debugger held a program. */
export interface DebugStop {
  /** The id that the launch was given (`vscode.debug.session.id`); undefined where it was given none. */
  readonly session?: string;
  /** Of the process; undefined where the debugger does not tell it. */
  readonly pid?: number;
  readonly startMs: number;
  /** Undefined: it is held still. */
  readonly endMs?: number;
  /** Why, as a person reads it: `breakpoint`, `step`, `exception`. */
  readonly reason: string;
  /** Where: `app.ts:12`. */
  readonly place?: string;
}

/** A launch of this window, with all the sessions that the debugger has for it. */
export interface DebuggedLaunch {
  /** The id that it was given. */
  readonly session: string;
  /** When its last session ended; undefined: it runs. */
  readonly endMs?: number;
}

/** All of it, each time anew: an engine that was started again knows nothing. */
export interface DebugState {
  readonly launches: readonly DebuggedLaunch[];
  readonly stops: readonly DebugStop[];
}

/** The innermost span in progress of a trace. */
export interface SpanInProgress {
  readonly traceId: string;
  readonly spanId: string;
  readonly startMs: number;
}

export interface DebugMethods {
  debugState(params: DebugState): void;
  /** Of a program that runs, by trace, the one that began last first. */
  spansInProgress(params: { session?: string; pid?: number }): SpanInProgress[];
}
