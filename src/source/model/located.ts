/** Files of the workspace that a path of elsewhere may be. */

import type { Match } from './confidence';
import type { SourceCandidate } from './types';

export interface Located {
  /** URI. */
  readonly file: string;
  readonly match: Match;
  /** In words, after "found": "as src/a.ts, by the mapping of /usr/src/app". */
  readonly how: string;
  readonly mapping?: SourceCandidate['mapping'];
}

export interface LocateResult {
  /** Best first. */
  readonly found: readonly Located[];
  /** What was tried in words, where nothing was found. */
  readonly outcome: string;
  readonly isLibrary: boolean;
}
