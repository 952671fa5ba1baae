import type { SourceRung } from './types';

/** A place as somebody else's machine names it. */
export interface StatedPlace {
  readonly path: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  readonly functionName?: string;
  /** The span's name: often the function, or a text in the call that starts the span. */
  readonly spanName?: string;
  /** Package or namespace of the class, where the format prints file names only. */
  readonly qualifier?: readonly string[];
  /** The module that the span names, without a function: `orders::store`. */
  readonly module?: string;
  /** Begins the reason: `from code.file.path`. */
  readonly from: string;
  /** The rung of the answer; undefined: the last step of the ladder that was needed. */
  readonly rung?: SourceRung;
}
