/** The function that a path of Rust names: in its module's file, by what that hands on, in this crate or another of the workspace. */

import { modulesOf } from '../callees/crateFiles';
import { usesOf } from '../callees/useTree';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { definitionsIn } from '../symbols/findDefinitions';
import { type Asked, type HandlerPlace, placeOf } from './handlerPlace';

const maxHops = 4;
const maxGlobs = 8;
/** Modules that are looked into for one handler. */
const maxModules = 24;

interface Budget {
  modules: number;
}

/** `names`: as the file writes them, without `crate` and the like. */
export async function rustPlace(names: readonly string[], { source, lines, search }: Asked): Promise<HandlerPlace | undefined> {
  return onward(names, source, lines, search, 0, { modules: maxModules });
}

/** Whether a name of the file is another's, by its own words. */
export function isUsed(name: string, lines: readonly string[]): boolean {
  return usesOf(lines).names.has(name);
}

async function onward(
  names: readonly string[],
  source: SourceFile,
  lines: readonly string[],
  search: SourceSearch,
  hops: number,
  budget: Budget,
): Promise<HandlerPlace | undefined> {
  const uses = usesOf(lines);
  const used = uses.names.get(names[0]);
  if (used !== undefined) return inPath([...used.split('::'), ...names.slice(1)], source, search, hops, budget);
  // `reeds::list` of a module or a crate that nothing is said of.
  const found = names.length > 1 ? await inPath(names, source, search, hops, budget) : undefined;
  if (found) return found;
  for (const glob of uses.globs.slice(0, maxGlobs)) {
    const place = await inPath([...glob.split('::'), ...names], source, search, hops, budget);
    if (place) return place;
  }
  return undefined;
}

async function inPath(
  path: readonly string[],
  from: SourceFile,
  search: SourceSearch,
  hops: number,
  budget: Budget,
): Promise<HandlerPlace | undefined> {
  for (const { file, rest } of await modulesOf(path, from, search)) {
    if (budget.modules-- <= 0) return undefined;
    const lines = await search.context.lines(file.file);
    if (!lines) continue;
    const owner = rest[rest.length - 2];
    const all = (await definitionsIn(file, rest[rest.length - 1], search)).filter(({ kind }) => kind === 'function');
    const best = all.find(({ containers }) => (owner === undefined ? !containers.length : containers.includes(owner)));
    if (best) return placeOf(best, 'import');
    if (hops >= maxHops || file.file === from.file) continue;
    const place = await onward(rest, file, lines, search, hops + 1, budget);
    if (place) return place;
  }
  return undefined;
}
