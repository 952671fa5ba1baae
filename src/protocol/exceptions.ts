/** What the engine tells of the exceptions of the spans at hand, summed up for Problems. Plain data between threads. */

import type { SpanSource } from '../source';

/** A span that recorded an exception. */
export interface ExceptionRun {
  readonly dataset: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Epoch milliseconds of the exception. */
  readonly timeMs: number;
}

/** Exceptions of one type, one shape of message and one place, as far as traces tell it. Texts are redacted. */
export interface ExceptionSummary {
  /** Stays the same while there are such exceptions, within one generation. */
  readonly id: number;
  /** The same for exceptions of one type and shape of message, wherever they were thrown. */
  readonly kind: number;
  /** As recorded: `GatewayTimeout`, `com.acme.OutOfStock`, `ECONNREFUSED`; may be empty. */
  readonly type: string;
  /** Of the last one. */
  readonly message: string;
  /** Each counts once in a trace, however many spans recorded it. */
  readonly count: number;
  /** Epoch milliseconds. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Names, at most 5. */
  readonly services: readonly string[];
  /** Latest first, each of another trace, at most 20. */
  readonly runs: readonly ExceptionRun[];
}

export interface Exceptions {
  /** Ids hold for one generation. */
  readonly generation: number;
  /** Grows with every change. */
  readonly revision: number;
  /** All that there are now, the last one first. */
  readonly ids: readonly number[];
  /** Those of `ids` that are new or others since the revision that the caller knows. */
  readonly changed: readonly ExceptionSummary[];
}

/** What leads to the line of an exception: of the last one that the summary stands for. */
export interface ExceptionSource {
  readonly id: number;
  /** Its span, not redacted where it leads to source: with a stack only what belongs to this exception, else the whole of it. */
  readonly span: SpanSource;
  /** Not redacted; to be resolved, never to be shown. */
  readonly stack: string | undefined;
  /** Redacted, for a person. */
  readonly redacted: { readonly type: string; readonly message: string; readonly stack: string };
}

export interface ExceptionMethods {
  /** Distinct exceptions of the spans of all datasets; summaries of those that changed since the answer that `known` is of. */
  exceptions(params: { known?: { readonly generation: number; readonly revision: number } }): Exceptions;
  /** What leads to the lines of some of them. What is gone is left out; of another generation, all. */
  exceptionSources(params: { generation: number; ids: readonly number[] }): ExceptionSource[];
}
