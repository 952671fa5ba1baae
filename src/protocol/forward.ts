/** Captured telemetry on its way to another endpoint: the engine has it, the host sends it. */

/** A request, ready to be sent. */
export interface ForwardedPiece {
  readonly signal: 'traces' | 'logs';
  /** Spans or log records in it. */
  readonly items: number;
  /** `ExportTraceServiceRequest` or `ExportLogsServiceRequest`. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** The body is packed with gzip. */
  readonly zipped: boolean;
}

/** What waits, and what became of the rest. */
export interface ForwardedState {
  /** The next request; undefined: nothing waits. */
  readonly piece?: ForwardedPiece;
  /** Spans and log records that wait behind it. */
  readonly waiting: number;
  /** Those that did not fit into the queue, since forwarding began. */
  readonly dropped: number;
  /** Those that came back here and were not sent again, since forwarding began. */
  readonly returned: number;
}

export interface ForwardMethods {
  /**
   * Begins to keep what is to be forwarded, or ends it: what waits is gone then. `leave`: ports of this machine that are the endpoint's, and are not taken
   * over while it is away.
   */
  setForwarding(params: { on: boolean; leave: readonly number[] }): void;
  /** Takes the next piece. Where there is none, the event `forwardWaiting` tells when there is, or something else to say. */
  takeForwarded(params: { zipped: boolean }): ForwardedState;
}
