/** What is asked of Git: files as they were at the commit of a trace. */

/** What Git knows of a file. */
export interface HistoryPort {
  /**
   * The text of a file as it was at a revision, under the name that it had then. `refs` are names of one revision (a hash, `refs/tags/…`,
   * `refs/heads/…`), the likeliest first; the first that is there counts. A problem is a sentence for a user: no Git, no repository, an
   * unknown commit (then `missing` says so). The same text is answered as the same object as long as it is kept.
   */
  textAt(file: string, refs: readonly string[], signal?: AbortSignal): Promise<TextAtRevision | HistoryProblem>;
  /** Files of the workspace's repositories that had this file name at a revision, and have another path today. */
  renamedSince(baseName: string, refs: readonly string[], signal?: AbortSignal): Promise<RenamedFiles | HistoryProblem>;
}

export interface RenamedFiles {
  /** URIs: of the path then, and of today. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
}

export interface TextAtRevision {
  /** Full hash. */
  readonly commit: string;
  readonly text: string;
  /** URI of the name that it had then, where that is another. */
  readonly renamedFrom?: string;
}

export interface HistoryProblem {
  readonly problem: string;
  readonly missing?: string;
}
