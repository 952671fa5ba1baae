/** Where telemetry goes that was received, whatever the protocol. */

import type { Steps } from '../base/steps';
import type { DecodeResult } from '../core/format/format';
import type { LogRecords } from '../core/model/logRecord';
import type { StringTable } from '../core/model/strings';

/** What became of a request's records. */
export interface Taken {
  readonly rejected: number;
  /** Empty where there is nothing to say. */
  readonly message: string;
  /** There was nothing of what was asked for in the request; but, where this says so, something else. */
  readonly held?: 'nothing' | 'logs' | 'metrics';
  /** What else there was beside spans, as in lines of a Collector's file. */
  readonly beside?: { readonly logs: boolean; readonly metrics: boolean };
}

/** A request of spans. */
export interface SpanExport {
  /** Reads them, in steps. Throws SpanhopError: `BadData` where nothing can be read, `TooLarge`. */
  decode(strings: StringTable): Steps<DecodeResult>;
  /** The request itself where it is an `ExportTraceServiceRequest`, as which it may be kept; else it is written anew. */
  readonly otlp: Uint8Array | undefined;
  /** How many spans were sent. Only asked where some could not be read. */
  sent(): number;
  /** The stream that it came by, which lives as long as its program does. */
  readonly stream?: object;
}

/** A request of log records. */
export interface RecordExport {
  /** Reads them. Throws SpanhopError: `BadData` where nothing can be read, `TooLarge`. */
  decode(): LogRecords;
  /** The request itself where it is an `ExportLogsServiceRequest`, as which it may be kept; else it is written anew. */
  readonly otlp: Uint8Array | undefined;
}

export interface TelemetrySink {
  /**
   * Takes a request of spans, and resolves when it is safe: with how many of its spans are not kept, and a message also where all are but some have
   * a flaw. Rejects with `BadData` for one that cannot be read, with `TooLarge`, and with anything else when it cannot be kept now: the program is
   * to send it again.
   */
  spans(request: SpanExport): Promise<Taken>;
  /** Takes a request of log records, as `spans` does. */
  records(request: RecordExport): Promise<Taken>;
  /** A request of metrics came. */
  metrics(): void;
  /** A request of spans was refused before it got to `spans`. */
  refused(message: string): void;
}

/** Where streams of spans go. */
export interface StreamSink extends Pick<TelemetrySink, 'spans'> {
  /** A program says that it could not hand over so many spans. `message` is a sentence for a person. */
  lost(spans: number, message: string): void;
  /** A stream is over, and all that came by it was taken. */
  over(stream: object): void;
}
