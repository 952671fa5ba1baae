/**
 * Rung 2: a path of somewhere else to files of this workspace. In this order, the first that finds something wins:
 *
 * 1. the path itself, where it lies in a workspace folder;
 * 2. the user's mappings, longest prefix first;
 * 3. mappings that were inferred from build files, or learned;
 * 4. a relative path below the workspace folders;
 * 5. for formats that print file names only, the file of that name whose `package` or `namespace` is the class's;
 * 6. the longest suffix that a file of the workspace shares, by an index of base names.
 *
 * Where none of these knows the path, the files that Git knows to have had it at the commit of the trace.
 *
 * Steps 4 to 6 are closed to libraries. Whatever is found by them lies in a workspace folder: a path can't climb out of it.
 */

import { throwIfAborted } from '../../base/errors';
import type { Context } from '../context/context';
import type { Match } from '../model/confidence';
import type { Located, LocateResult } from '../model/located';
import { isLibraryPath } from '../uri/libraries';
import { baseName, display, type SourcePath } from '../uri/paths';
import { joinUri, parseUri, relativeSegments, same, uriSegments } from '../uri/uri';
import { byInferredMapping } from './inferredPaths';
import { mapPath } from './mappings';

/** Build output: a copy there gives way to one that isn't there. */
export const outputFolder =
  /^(?:dist|out|build|lib-cov|coverage|target|bin|obj|\.next|\.nuxt|\.svelte-kit|\.output|\.turbo|\.cache)$/;
const maxTies = 10;
/** Files of one name that are looked at closely. */
const maxCompared = 200;

/** `qualifier` is the package or namespace that the file must belong to, as its segments, where the format tells it. */
export async function locate(
  path: SourcePath,
  qualifier: readonly string[] | undefined,
  context: Context,
): Promise<LocateResult> {
  const key = `${path.text}\n${qualifier?.join('.') ?? ''}`;
  const known = context.located.get(key);
  if (known) return known;
  const result = search(path, qualifier, context);
  context.located.set(key, result);
  return result;
}

/** As the files are called today; and where that finds nothing, or no more than a file name, as they were at the span's commit. */
async function search(path: SourcePath, qualifier: readonly string[] | undefined, context: Context): Promise<LocateResult> {
  const today = await searchToday(path, qualifier, context);
  const [best] = today.found;
  const isWeak = !best || (best.match.kind === 'suffix' && best.match.segments === 1 && path.segments.length > 1);
  if (!isWeak || today.isLibrary || !context.drifts.named) return today;
  const renamed = await findRenamed(path, context);
  return renamed.length ? { found: renamed, outcome: '', isLibrary: false } : today;
}

/** Files that had this path, or the end of it, at the commit of the trace. */
async function findRenamed(path: SourcePath, context: Context): Promise<readonly Located[]> {
  const renames = await context.drifts.renamed(baseName(path));
  throwIfAborted(context.signal);
  const olds = renames.map(({ from }) => from).filter((from) => segmentsInWorkspace(from, context) !== undefined);
  const hits = bySuffix(path.segments, olds, path.windows, context);
  return hits.flatMap((hit) => {
    const to = renames.find(({ from }) => from === hit.file)?.to;
    if (to === undefined) return [];
    const was = display((segmentsInWorkspace(hit.file, context) ?? []).join('/'));
    return [{ ...hit, file: to, how: `${hit.how}, which was ${was} at the commit of the trace` }];
  });
}

async function searchToday(path: SourcePath, qualifier: readonly string[] | undefined, context: Context): Promise<LocateResult> {
  const { workspace } = context.ports;
  throwIfAborted(context.signal);
  const exact = await findExact(path, context);
  if (exact) return exact;
  const mapped = await mapPath(path, context);
  if (mapped.found) {
    const match: Match = { kind: 'mapping', segments: path.segments.length, whole: true, bare: false, ties: 1 };
    const mapping = { prefix: mapped.prefix ?? '', target: mapped.target ?? '' };
    const found = [{ file: mapped.found, match, how: `by the path mapping of ${mapped.prefix}`, mapping }];
    return { found, outcome: '', isLibrary: isLibraryPath(path.text) };
  }
  const inferred = await byInferredMapping(path, context);
  if (inferred.found.length) return { found: inferred.found, outcome: '', isLibrary: isLibraryPath(path.text) };
  const noMapping = mapped.missing
    ? `the path mapping of ${mapped.prefix} leads to ${mapped.missing}, which is not there`
    : (inferred.missing ?? 'no path mapping fits');
  if (isLibraryPath(path.text)) return { found: [], outcome: `a library's file; ${noMapping}`, isLibrary: true };
  const relative = await findRelative(path, context);
  if (relative.length) return { found: passing(relative), outcome: '', isLibrary: false };
  const name = baseName(path);
  const hits = await workspace.findByBaseName(name, path.windows || undefined);
  throwIfAborted(context.signal);
  if (!hits.length) {
    const where = workspace.folders().length ? `no file named ${display(name)} is in the workspace` : 'no folder is open';
    return { found: [], outcome: `${noMapping}, and ${where}`, isLibrary: false };
  }
  const isNamed = qualifier !== undefined && path.segments.length === 1;
  const found = isNamed ? await byPackage(name, hits, qualifier, context) : bySuffix(path.segments, hits, path.windows, context);
  const many = hits.length > maxTies ? `too many files are named ${display(name)} to tell which` : 'no file fits';
  const unlike = isNamed ? `no file ${display(name)} is of ${display(qualifier.join('.')) || 'the default package'}` : many;
  return { found: passing(found), outcome: found.length ? '' : `${noMapping}, and ${unlike}`, isLibrary: false };

  /** A mapping that was passed over is told only where a person asks. */
  function passing(files: readonly Located[]): readonly Located[] {
    if (files.length && inferred.missing) context.note('pathMapping', display(path.text), inferred.missing);
    return files;
  }
}

/** The path itself, if it lies in a workspace folder. Schemes and hosts don't matter: a container's `/app` is the folder's. */
async function findExact(path: SourcePath, context: Context): Promise<LocateResult | undefined> {
  if (path.kind !== 'absolute') return undefined;
  const { workspace } = context.ports;
  for (const folder of workspace.folders()) {
    const above = folderSegments(folder);
    const caseSensitive = workspace.caseSensitive && !path.windows;
    if (path.segments.length <= above.length || !above.every((name, i) => same(name, path.segments[i], caseSensitive))) continue;
    const below = path.segments.slice(above.length);
    const file = joinUri(folder, below);
    if (!(await workspace.exists(file))) continue;
    const match: Match = { kind: 'exact', segments: path.segments.length, whole: true, bare: false, ties: 1 };
    return { found: [{ file, match, how: 'at its own path' }], outcome: '', isLibrary: isLibraryPath(below.join('/')) };
  }
  return undefined;
}

async function findRelative(path: SourcePath, context: Context): Promise<readonly Located[]> {
  if (path.kind === 'absolute' || path.up > 0) return [];
  const { workspace } = context.ports;
  const files: string[] = [];
  for (const folder of workspace.folders()) {
    const file = joinUri(folder, path.segments);
    if (await workspace.exists(file)) files.push(file);
  }
  const segments = path.segments.length;
  return files.map((file) => ({
    file,
    match: { kind: 'relative', segments, whole: true, bare: segments === 1, ties: files.length },
    how: files.length > 1 ? `in ${files.length} workspace folders` : 'below the workspace folder',
  }));
}

/** A file of the workspace that is not in a package: nobody wants to be led there by a suffix. */
function isOwn(file: string, context: Context): boolean {
  return !isLibraryPath((segmentsInWorkspace(file, context) ?? []).join('/'));
}

function bySuffix(segments: readonly string[], hits: readonly string[], windows: boolean, context: Context): readonly Located[] {
  const caseSensitive = context.ports.workspace.caseSensitive && !windows;
  const longest = longestSuffix(segments, hits, caseSensitive, context);
  if (!longest) return [];
  const { shared, ties } = longest;
  const scored = longest.files.map((file) => {
    const inside = segmentsInWorkspace(file, context) ?? uriSegments(file);
    return { file, whole: shared >= inside.length, output: inside.some((name) => outputFolder.test(name)) };
  });
  const sources = scored.filter((each) => !each.output);
  const best = sources.length ? sources : scored;
  const count = best.length < scored.length ? best.length : ties;
  if (count > maxTies) return [];
  // Of several, the one whose whole path fits is the likelier, but only that.
  best.sort((a, b) => Number(b.whole) - Number(a.whole));
  const what = shared === 1 ? 'the only file of this name' : `by its last ${shared} path segments`;
  return best.slice(0, maxTies).map(({ file, whole }) => ({
    file,
    match: { kind: 'suffix', segments: shared, whole, bare: segments.length === 1, ties: count },
    how: count > 1 ? `one of ${count} files that end in ${display(segments.slice(-shared).join('/'))}` : what,
  }));
}

/** The files with the longest common suffix, at most `maxCompared` of them; a workspace may hold thousands of `index.ts`. */
function longestSuffix(
  segments: readonly string[],
  hits: readonly string[],
  caseSensitive: boolean,
  context: Context,
): { shared: number; files: readonly string[]; ties: number } | undefined {
  const levels = new Map<number, string[]>();
  for (const file of hits) {
    const shared = sharedSuffix(segments, (file.includes('%') ? (parseUri(file)?.path ?? file) : file).split('/'), caseSensitive);
    const level = levels.get(shared);
    if (level) level.push(file);
    else levels.set(shared, [file]);
  }
  for (const [shared, files] of [...levels].sort(([a], [b]) => b - a)) {
    const own = files.slice(0, maxCompared).filter((file) => isOwn(file, context));
    if (shared > 0 && own.length) return { shared, files: own, ties: own.length + Math.max(0, files.length - maxCompared) };
  }
  return undefined;
}

/** File names without folders: the file says itself which package it is of. */
async function byPackage(
  name: string,
  hits: readonly string[],
  qualifier: readonly string[],
  context: Context,
): Promise<readonly Located[]> {
  const php = /\.php$/i.test(name);
  const wanted = qualifier.join(php ? '\\' : '.');
  const statement = php ? /^\s*(?:<\?php\s+)?namespace\s+([\w\\]+)/m : /^\s*package\s+([\w.`]+)/m;
  const same: string[] = [];
  const silent: string[] = [];
  for (const file of hits.filter((each) => isOwn(each, context)).slice(0, maxCompared)) {
    throwIfAborted(context.signal);
    const text = await context.text(file);
    const stated = text === undefined ? undefined : statement.exec(text.slice(0, 20_000))?.[1].replaceAll('`', '');
    if (stated === wanted || (stated === undefined && text !== undefined && wanted === '')) same.push(file);
    else if (text === undefined) silent.push(file);
  }
  const label = wanted === '' ? 'the default package' : `${php ? 'namespace' : 'package'} ${wanted}`;
  if (same.length) {
    return same.slice(0, maxTies).map((file) => ({
      file,
      match: { kind: 'package', segments: qualifier.length + 1, whole: true, bare: false, ties: same.length },
      how: same.length > 1 ? `one of ${same.length} files ${name} of ${label}` : `by its name and ${label}`,
    }));
  }
  return bySuffix([...qualifier, name], silent, false, context);
}

/** Segments of a folder's path; the host of a network share is one of them. */
function folderSegments(folder: string): readonly string[] {
  const uri = parseUri(folder);
  const segments = uriSegments(folder);
  return uri?.scheme === 'file' && uri.authority !== '' ? [uri.authority, ...segments] : segments;
}

/** The path of a file below the innermost workspace folder that holds it. */
export function segmentsInWorkspace(file: string, context: Context): readonly string[] | undefined {
  const { workspace } = context.ports;
  let shortest: readonly string[] | undefined;
  for (const folder of workspace.folders()) {
    const inside = relativeSegments(folder, file, workspace.caseSensitive);
    if (inside && (!shortest || inside.length < shortest.length)) shortest = inside;
  }
  return shortest;
}

function sharedSuffix(a: readonly string[], b: readonly string[], caseSensitive: boolean): number {
  let count = 0;
  while (count < a.length && count < b.length && same(a[a.length - 1 - count], b[b.length - 1 - count], caseSensitive)) count++;
  return count;
}
