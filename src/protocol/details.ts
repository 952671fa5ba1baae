/** One span in full, made for the span that a person selected, with redaction applied. Plain data without bigint: it goes to a webview. */

/** A value as it is shown: its text and its type. Nested values are pretty-printed JSON. */
export interface ShownValue {
  readonly text: string;
  readonly type: 'string' | 'int' | 'double' | 'bool' | 'bytes' | 'list' | 'map' | 'empty' | 'redacted';
  /** UTF-16 units of the whole value when `text` is cut. */
  readonly fullLength?: number;
}

export interface ShownAttribute {
  readonly key: string;
  readonly value: ShownValue;
}

export interface ShownEvent {
  readonly name: string;
  /** Nanoseconds from the trace's start; undefined: not known. */
  readonly atNs?: number;
  readonly attributes: readonly ShownAttribute[];
}

/** A log record of the span. */
export interface ShownLog {
  /** Nanoseconds from the trace's start; undefined: not known. */
  readonly atNs?: number;
  /** `ERROR`, as the program says it; else from the number. */
  readonly severity: string;
  /** OTLP's number, 1 to 24; 0 where unknown. */
  readonly severityNumber: number;
  /** Name of the logger. */
  readonly logger: string;
  readonly body: ShownValue;
  readonly attributes: readonly ShownAttribute[];
  /** It states where it was logged: its place among those of `HostMethods.logSource`. */
  readonly hasSource: boolean;
}

export interface ShownLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: readonly ShownAttribute[];
  /** The linked span is in this trace: its row. */
  readonly row?: number;
}

/** An exception of the span: its type, message and whole stack text; the host adds frames (`ShownStack`). */
export interface ShownException {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  /** UTF-16 units of the whole where what is here is cut. */
  readonly messageLength?: number;
  readonly stackLength?: number;
  /** Nanoseconds from the trace's start; undefined when it stands in the span's attributes, or is not known. */
  readonly atNs?: number;
}

export interface SpanDetails {
  readonly revision: number;
  readonly row: number;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** UTF-16 units of the whole name, message or stack where what is here is cut. */
  readonly nameLength?: number;
  readonly service: string;
  readonly kind: string;
  readonly status: 'unset' | 'ok' | 'error';
  readonly statusMessage?: string;
  readonly statusLength?: number;
  /** Epoch nanoseconds as the data says, decimal; 0: it does not. */
  readonly startUnixNano: string;
  readonly startNs: number;
  readonly correctionNs: number;
  readonly durationNs: number;
  /** Duration less the time covered by children. */
  readonly selfNs: number;
  /** Part of the trace's duration, 0 to 1. */
  readonly share: number;
  readonly running: boolean;
  readonly attributes: readonly ShownAttribute[];
  readonly events: readonly ShownEvent[];
  readonly links: readonly ShownLink[];
  /** By time; the first ones, where there are very many. */
  readonly logs: readonly ShownLog[];
  /** All of them. */
  readonly logCount: number;
  readonly exceptions: readonly ShownException[];
  readonly resource: readonly ShownAttribute[];
  readonly scope?: { readonly name: string; readonly version?: string; readonly attributes: readonly ShownAttribute[] };
  readonly traceState?: string;
  /** What is wrong with this span, in words. */
  readonly defects: readonly string[];
}
