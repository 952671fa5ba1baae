/** What is told of forwarding, to views. */

export interface ForwardNotes {
  /** How it goes, in one line; undefined: nothing is forwarded. */
  readonly line: string | undefined;
  /** Sentences of what a person should know or do. */
  readonly notes: readonly string[];
}
