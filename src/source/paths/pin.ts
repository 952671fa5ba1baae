/**
 * What pinning a place writes. A place that was found through a source map is pinned by its generated file: that is the file the trace
 * names, and the map goes on from there.
 */

import type { SourceCandidate } from '../model/types';
import { parsePath } from '../uri/paths';
import { same, uriSegments } from '../uri/uri';
import { type ShortestMapping, shortestMapping } from './shortestMapping';

export interface Pin extends ShortestMapping {
  /** As the trace writes it. */
  readonly path: string;
  /** URI of the file that the path is to lead to: the generated one of a place behind a source map. */
  readonly file: string;
}

/** Undefined where pinning would say nothing new: no path led here, it is the path of the file itself, or a mapping of the user did. */
export function pinOf(candidate: SourceCandidate, folders: readonly string[], caseSensitive: boolean): Pin | undefined {
  const { statedPath, mapping, generated } = candidate;
  if (statedPath === undefined || (mapping && mapping.origin === undefined)) return undefined;
  return pinTo(statedPath, generated?.file ?? candidate.file, folders, caseSensitive);
}

/** The pin of a path to a file that a person chose. */
export function pinTo(path: string, file: string, folders: readonly string[], caseSensitive: boolean): Pin | undefined {
  const stated = parsePath(path);
  const own = uriSegments(file);
  const isItself =
    stated?.kind === 'absolute' &&
    stated.segments.length === own.length &&
    own.every((name, i) => same(name, stated.segments[i], caseSensitive && !stated.windows));
  const made = isItself ? undefined : shortestMapping(path, file, folders, caseSensitive);
  return made && { ...made, path, file };
}
