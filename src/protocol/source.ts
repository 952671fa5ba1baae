/** What is asked of the engine to find source: source maps, and mappings of paths. */

import type { OriginalPosition, SourceMapProblem, SpanFamily } from '../source';
import type { Inference, InferenceInput } from '../source/inference/infer';
import type { SpanData, TraceAt, TraceKey } from './traces';

/** A span as the ladder reads it. */
export interface SourceSpan extends SpanData {
  readonly family: SpanFamily;
}

export interface SourceMethods {
  /**
   * What of the spans of a trace may stand in the source (`needlesOf` in source/hints.ts), each once, at most `limit`: of this trace
   * first, then of the others of its dataset, for a trace seldom comes alone. Takes a tenth of a second at most; of very many spans a sample.
   * To be looked for, never to be shown.
   */
  sourceNeedles(params: TraceKey & { limit: number }): string[];
  /** Ids of spans of a trace that say different things of their source, at most `limit`; of very many spans a sample. */
  sourceSample(params: TraceKey & { limit: number }): string[];
  /**
   * A span as the ladder reads it, and the revision of its trace. `known`: the revision in which the caller has it; the span is left out
   * where the trace still is at that one.
   */
  sourceSpan(params: TraceAt & ({ row: number } | { spanId: string }) & { known?: number }): {
    revision: number;
    span?: SourceSpan;
  };
  /**
   * Where a place of generated code comes from; lines and columns from 0. For files on disk (`file:`). See `SourceMapPort`. Nothing is read whose
   * real path is in none of the folders (URIs).
   */
  originalPosition(params: {
    file: string;
    line: number;
    column?: number;
    folders: readonly string[];
  }): OriginalPosition | SourceMapProblem | undefined;
  originalContent(params: { file: string; source: string; folders: readonly string[] }): string | undefined;
  /** These files, generated ones or maps, changed; without `uris`, any may have. */
  forgetSourceMaps(params: { uris?: readonly string[] }): void;
  /** Loads what the first map needs. */
  prepareSourceMaps(params: Record<never, never>): void;
  /**
   * Remembers of files which texts they may hold, in place of what was known of the folder. Answers a number to ask with; undefined where there is too
   * much, or the same folder was asked for again meanwhile.
   * @param folder its path on disk
   * @param paths relative to it, each with a NUL behind it: one text costs who sends it no time, however many there are
   */
  indexFiles(params: { folder: string; paths: string }): number | undefined;
  /**
   * Paths of files that were indexed and may hold any of the texts: a few of them do not. No `paths`: more than `most` may, or a text is shorter than
   * three bytes.
   */
  filesHolding(params: { folder: string; version: number; texts: readonly string[]; most: number }): {
    isKnown: boolean;
    paths?: string[];
  };
  /** Path mappings out of files of the workspace. Here, because parsing them takes longer than the extension host may be held. */
  inferMappings(params: InferenceInput): Inference;
}
