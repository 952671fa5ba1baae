/** The Git of a machine, as its surroundings know it. */

import type { Event } from '../../base/emitter';

/** Paths are absolute. */
export interface GitProgram {
  /** What the person set. */
  own(): readonly string[];
  /** What somebody else found; asked where the person's is not there. */
  found(): Promise<readonly string[]>;
  /** It may be another one now. */
  readonly onDidChange: Event<void>;
  /** Fetches, with questions to the person and progress. */
  fetch(): Promise<void>;
}
