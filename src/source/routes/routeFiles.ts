/**
 * What files say of routes, kept as long as their text is the same: the spans of one trace come to the same routers again and again, and
 * reading one takes longer than all that is asked of it.
 */

import { throwIfAborted } from '../../base/errors';
import { Lru } from '../../base/lru';
import type { Steps } from '../../base/steps';
import type { WorkspacePort } from '../model/types';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { type RouteFile, readRouteFile } from './declarations';
import { type Mount, mountsOf } from './mounts';
import { drawsRoutes, railsDeclarations } from './rails';

export interface ReadRouteFile {
  readonly source: SourceFile;
  readonly file: RouteFile;
  readonly mounts: readonly Mount[];
}

interface Kept {
  readonly text: string;
  readonly read: ReadRouteFile;
}

/** Files that are kept at least. */
const maxKept = 128;
const kept = new WeakMap<WorkspacePort, Lru<string, Kept>>();

/** Undefined where the file cannot be read. */
export async function routeFileOf(source: SourceFile, search: SourceSearch): Promise<ReadRouteFile | undefined> {
  const { context } = search;
  throwIfAborted(context.signal);
  const text = await context.text(source.file);
  const lines = await context.lines(source.file);
  if (text === undefined || !lines) return undefined;
  let files = kept.get(context.ports.workspace);
  if (!files) {
    files = new Lru({ maxSize: maxKept });
    kept.set(context.ports.workspace, files);
  }
  const known = files.get(source.file);
  if (known?.text === text) return known.read;
  const answer = await context.inSlices(read(lines, source));
  files.set(source.file, { text, read: answer });
  return answer;
}

function* read(lines: readonly string[], source: SourceFile): Steps<ReadRouteFile> {
  const { language } = source;
  const file: RouteFile =
    language === 'ruby' && drawsRoutes(lines)
      ? { lines, language, forms: [], declarations: yield* railsDeclarations(lines), classes: [] }
      : yield* readRouteFile(lines, language);
  return { source, file, mounts: yield* mountsOf(source, file) };
}
