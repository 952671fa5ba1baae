/** What is wrong with a query, and where. */

/** UTF-16 offsets of the text, for an input that marks them. */
export interface QueryIssue {
  readonly from: number;
  readonly to: number;
  /** A sentence that says what to write instead. */
  readonly message: string;
}

/** A problem at `[from, to)` of the text. Stays within this folder: callers get a `SpanhopError`. */
export class QueryProblem extends Error {
  /** @param isFinal nothing behind it is worth reading */
  constructor(
    readonly from: number,
    readonly to: number,
    message: string,
    readonly isFinal = false,
  ) {
    super(message);
  }
}
