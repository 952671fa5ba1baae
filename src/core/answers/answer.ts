/**
 * What is read from an answer of a backend that is a list or an error; whole traces are the decoders'. However much an answer holds, what is taken
 * of it is bounded, because it crosses to a thread that must not be held. All kinds of backends share one form, so that hiding is done in one place.
 */

import type { TraceOverview } from '../model/table';

/** What is looked for in an answer. */
export interface AnswerWant {
  /** Whose answer it is: one of `answerKinds`. */
  readonly of: string;
  /** Which of that kind's answers, as its reader names them. `kind`: only what the answer is. */
  readonly what: string;
  /** Traces that are taken at most. */
  readonly limit?: number;
  /** The names go back to the server that told them and are shown to nobody: nothing of them is hidden. */
  readonly forAsking?: boolean;
  /** The attribute's key that `values` are of: values of some keys are hidden. */
  readonly key?: string;
}

/** Who calls whom. */
export interface Dependency {
  readonly parent: string;
  readonly child: string;
  readonly calls?: number;
  readonly errors?: number;
}

/** An answer that is JSON. */
export interface Answer {
  /** What the server says of itself when a request did not succeed. */
  readonly message?: string;
  /** Short facts of the answer itself and never of a trace, as the kind's reader names them: `enveloped`, `version`. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  /** In order; empty where none were wanted. */
  readonly names: readonly string[];
  /** Values of an attribute. */
  readonly values?: readonly (string | number | boolean)[];
  /** Newest first, each trace once, as many as were wanted. */
  readonly traces: readonly TraceOverview[];
  /** Traces that the answer held. */
  readonly traceCount: number;
  /** Those of them that have no id that could be asked for. */
  readonly leftOut: number;
  /** Ids as the server has them, which go back to it. */
  readonly ids?: readonly string[];
  /** Where the server says that the next page begins: goes back to it. */
  readonly next?: string;
  readonly dependencies?: readonly Dependency[];
}

/** Reads the answers of one kind. @param json as `JSON.parse` gives it */
export type ReadAnswer = (json: unknown, want: AnswerWant) => Answer;
