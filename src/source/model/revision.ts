/** What names the state of the source that ran: a commit, a tag or a branch. */

export type RevisionKind = 'commit' | 'tag' | 'branch';

export interface Revision {
  /** For a person: `1a2b3c4`, `v1.4.2`, `main`. */
  readonly name: string;
  readonly kind: RevisionKind;
  /** The attribute that named it. */
  readonly from: string;
  /** What to ask Git for, first the likeliest: `1a2b3c4`, `refs/tags/v1.4.2`. */
  readonly refs: readonly string[];
  /** It was built from this commit and changes that were not committed. */
  readonly dirty: boolean;
}
