/**
 * What files say of routes, kept as long as their text is the same: the spans of one trace come to the same routers again and again, and
 * reading one takes longer than all that is asked of it.
 */

import { throwIfAborted } from '../../base/errors';
import type { Steps } from '../../base/steps';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { type RouteFile, readRouteFile } from './declarations';
import { type Mount, mountsOf } from './mounts';
import { drawsRoutes, railsDeclarations } from './rails';

export interface ReadRouteFile {
  readonly source: SourceFile;
  readonly file: RouteFile;
  readonly mounts: readonly Mount[];
}

/** By the lines, which are the same object as long as the text is. */
const kept = new WeakMap<readonly string[], ReadRouteFile>();

/** Undefined where the file cannot be read. */
export async function routeFileOf(source: SourceFile, search: SourceSearch): Promise<ReadRouteFile | undefined> {
  const { context } = search;
  throwIfAborted(context.signal);
  const lines = await context.lines(source.file);
  if (!lines) return undefined;
  const known = kept.get(lines);
  // Two files may say the same.
  if (known?.source.file === source.file) return known;
  const answer = await context.inSlices(read(lines, source));
  kept.set(lines, answer);
  return answer;
}

/** @param constants lines of another file that say what names of this one stand for */
export async function routeFileWith(
  source: SourceFile,
  constants: readonly string[],
  { context }: SourceSearch,
): Promise<ReadRouteFile | undefined> {
  const lines = await context.lines(source.file);
  return lines && context.inSlices(read([...lines, ...constants], source));
}

function* read(lines: readonly string[], source: SourceFile): Steps<ReadRouteFile> {
  const { language } = source;
  const file: RouteFile =
    language === 'ruby' && drawsRoutes(lines)
      ? { lines, language, forms: [], declarations: yield* railsDeclarations(lines), classes: [] }
      : yield* readRouteFile(lines, language);
  return { source, file, mounts: yield* mountsOf(source, file) };
}
