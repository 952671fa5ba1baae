/**
 * Code that was compiled elsewhere and is not here: `/usr/src/app/dist/pricing.js` of a container, where the workspace has only
 * `src/pricing.ts`. Without the build there is no source map and the line means nothing, but the file of the same name is likely the source,
 * and the function that the frame names stands somewhere in it. A guess, and it says so.
 *
 * A minified bundle is made of many files, and `cart/main.js` is least of all `cart/main.ts`: there the name alone is no guess.
 */

import type { Context } from './context/context';
import { findDefinition } from './context/evidence';
import { confidence } from './model/confidence';
import type { StatedPlace } from './model/statedPlace';
import type { SourceCandidate } from './model/types';
import { locate, outputFolder, segmentsInWorkspace } from './paths/locate';
import { isLibraryPath } from './uri/libraries';
import { baseName, display, type SourcePath } from './uri/paths';

const sourceEndings: readonly string[] = ['ts', 'tsx', 'mts', 'cts'];
/** Descriptions of packages that are read for their name. */
const maxPackages = 12;

/** What is said of minified code whose build isn't here. */
export const buildMissing = 'it is minified, and the build that has its source map is not in the workspace';

/** Lines of code that a person wrote, or that was compiled line by line, are not that long; and nothing starts a span in its first. */
const longestLine = 300;

/** Whether a place is in minified code, as far as its name and its numbers tell. */
export function isMinified({ path, line, column }: StatedPlace): boolean {
  return /\.[cm]?js$/i.test(path) && line !== undefined && (line === 1 || (column ?? 0) > longestLine);
}

/**
 * `node_modules/@shop/core/dist/pay.js`, where the package of that name is of the workspace: as a path below its folder here.
 * https://docs.npmjs.com/cli/using-npm/workspaces
 */
export async function inOwnPackage(path: SourcePath, context: Context): Promise<SourcePath | undefined> {
  if (path.text.endsWith('.py')) return inOwnDistribution(path, context);
  const at = path.segments.lastIndexOf('node_modules') + 1;
  const isScoped = path.segments[at]?.startsWith('@') === true;
  const name = path.segments.slice(at, isScoped ? at + 2 : at + 1);
  const rest = path.segments.slice(at + name.length);
  const [last = ''] = name.slice(-1);
  if (at === 0 || last === '' || !rest.length) return undefined;
  let read = 0;
  for (const uri of (await context.ports.workspace.findByBaseName('package.json')).slice(0, 200)) {
    const inside = segmentsInWorkspace(uri, context) ?? [];
    const folder = inside[inside.length - 2] ?? '';
    if (folder.length < 2 || isLibraryPath(inside.join('/')) || !(last.includes(folder) || folder.includes(last))) continue;
    if (read++ >= maxPackages) return undefined;
    const stated = /"name"\s*:\s*"([^"]{1,200})"/.exec((await context.text(uri))?.slice(0, 4_000) ?? '')?.[1];
    const segments = [...inside.slice(0, -1), ...rest];
    if (stated === name.join('/')) return { ...path, text: segments.join('/'), segments };
  }
  return undefined;
}

/**
 * `site-packages/shop/orders/views.py`, where the workspace has that file in a package which it describes how to install.
 * https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/
 */
async function inOwnDistribution(path: SourcePath, context: Context): Promise<SourcePath | undefined> {
  const at = Math.max(path.segments.lastIndexOf('site-packages'), path.segments.lastIndexOf('dist-packages')) + 1;
  const rest = path.segments.slice(at);
  if (at === 0 || rest.length < 2) return undefined;
  const { workspace } = context.ports;
  const below = new Set<string>();
  for (const name of ['pyproject.toml', 'setup.py', 'setup.cfg'])
    for (const uri of (await workspace.findByBaseName(name)).slice(0, 40)) {
      const folder = (segmentsInWorkspace(uri, context) ?? ['']).slice(0, -1).join('/');
      if (!isLibraryPath(folder)) below.add(folder).add(folder === '' ? 'src' : `${folder}/src`);
    }
  if (!below.size) return undefined;
  for (const uri of (await workspace.findByBaseName(baseName(path))).slice(0, 200)) {
    const segments = segmentsInWorkspace(uri, context) ?? [];
    const root = segments.slice(0, -rest.length).join('/');
    if (below.has(root) && segments.slice(-rest.length).join('/') === rest.join('/'))
      return { ...path, text: segments.join('/'), segments };
  }
  return undefined;
}

const named = new WeakMap<Context, Map<string, Promise<boolean>>>();

/** Asked once for all frames of a span. */
function isThere(name: string, context: Context): Promise<boolean> {
  const known = named.get(context) ?? new Map<string, Promise<boolean>>();
  named.set(context, known);
  const found = known.get(name) ?? context.ports.workspace.findByBaseName(name).then((hits) => hits.length > 0);
  known.set(name, found);
  return found;
}

export async function findSourceOfOutput(
  place: StatedPlace,
  path: SourcePath,
  context: Context,
): Promise<SourceCandidate | undefined> {
  const stem = /^(.+)\.[cm]?jsx?$/i.exec(baseName(path))?.[1];
  if (stem === undefined) return undefined;
  const own = path.segments.slice(0, -1);
  const folders = own.map((folder) => (outputFolder.test(folder) ? 'src' : folder));
  const isOutput = folders.some((folder, i) => folder !== own[i]);
  // `dist/src/pay.js`; a package whose source is beside its output; `lib` may be either.
  const others = [own.filter((folder) => !outputFolder.test(folder)), own.map((folder) => (folder === 'lib' ? 'src' : folder))];
  const ways = [folders, ...others.filter((way) => (isOutput ? way.length < own.length : way.join() !== own.join()))];
  const names = [...sourceEndings, ...(isOutput ? ['js', 'jsx'] : [])].map((ending) => `${stem}.${ending}`);
  const there: string[] = [];
  for (const name of names) if (await isThere(name, context)) there.push(name);
  for (const [way, name] of ways.flatMap((each) => there.map((one) => [each, one] as const))) {
    const segments = [...way, name];
    if (segments.join('/') === path.segments.join('/')) continue;
    const source = { ...path, text: `${path.text} from ${segments.join('/')}`, segments };
    const [hit] = (await locate(source, undefined, context)).found;
    // The name alone is no evidence: every project has an index.ts.
    if (!hit || hit.match.ties > 1 || hit.match.segments < 2) continue;
    const definition = place.functionName === undefined ? undefined : await findDefinition(hit.file, place.functionName, context);
    if (!definition && isMinified(place)) continue;
    const shown = display((segmentsInWorkspace(hit.file, context) ?? [name]).join('/'));
    const where = definition ? `${definition.name} is defined there` : 'its lines are others';
    return {
      file: hit.file,
      line: definition?.line ?? 0,
      rung: place.rung ?? 'pathMapping',
      confidence: !definition
        ? confidence.sameStem
        : hit.match.segments >= 3 && isOutput
          ? confidence.builtFunction
          : confidence.sameStemFunction,
      reason: `${place.from}, ${display(path.segments.slice(-2).join('/'))} is not in the workspace, ${shown} has its name, ${where}`,
      guessed: true,
      ...(definition ? {} : { lineUnknown: true }),
    };
  }
  return undefined;
}
