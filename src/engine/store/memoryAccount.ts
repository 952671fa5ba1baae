/** What owners of memory tell the ledger. */

/**
 * `captures`, `files`, `answers`: spans and their log records, by where they came from. `derived`: can be made again from those.
 * `reading`: a file, an answer or a request that is being decoded.
 */
export type AccountKind = 'captures' | 'files' | 'answers' | 'derived' | 'reading';

export interface Account {
  /** For the log and tests. */
  readonly name: string;
  readonly kind: AccountKind;
  /** Bytes that it takes now. Asked with every request: an addition or two. */
  readonly bytes: number;
}

/** What can be made again when somebody asks for it. */
export interface DerivedAccount extends Account {
  readonly kind: 'derived';
  /** Would be made again at once by who uses it, so it leaves only when nobody did for long. */
  readonly staysInUse?: boolean;
  /** Lets go of what was not used since `usedBefore` (`performance.now()`). */
  letGo(usedBefore: number): void;
}
