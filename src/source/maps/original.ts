/**
 * Rung 3: from generated code to what it was made of. Maps of maps are followed a few steps (TypeScript, then a bundler). The source that a map
 * names is looked for where the map says, then beside the generated file and in the folders above it (bundlers name sources
 * relative to the project: `webpack://shop/./src/a.ts`), then as any other foreign path.
 */

import { throwIfAborted } from '../../base/errors';
import type { Context } from '../context/context';
import type { Match } from '../model/confidence';
import type { OriginalPosition } from '../model/types';
import { locate, segmentsInWorkspace } from '../paths/locate';
import { plainUri } from '../uri/fence';
import { isLibraryPath } from '../uri/libraries';
import { display, parsePath } from '../uri/paths';
import { joinUri, parseUri, relativeSegments, uriSegments } from '../uri/uri';

export type Followed =
  | {
      readonly kind: 'original';
      readonly file: string;
      readonly line: number;
      readonly column: number;
      /** `through dist/server.js.map`. */
      readonly how: string;
      /** How the original was found, where that is less sure than the map's own word. */
      readonly match?: Match;
      readonly content?: string;
      /** The generated line comes from several places, and no column tells which. */
      readonly vague?: true;
    }
  | { readonly kind: 'library'; readonly source: string }
  | { readonly kind: 'unmapped'; readonly problem: string };

const maxMaps = 4;
/** Code without these endings has no source map worth asking for. */
const generatedFile = /\.(?:[cm]?jsx?|[cm]?tsx?|bundle|css|vue|svelte)$/i;

/** Undefined where the file has no map: it is its own source. Line and column from 0. */
export async function followMap(
  file: string,
  line: number,
  column: number | undefined,
  context: Context,
): Promise<Followed | undefined> {
  const { sourceMaps } = context.ports;
  let result: Followed | undefined;
  let at = { file, line, column };
  const seen = new Set<string>();
  for (let step = 0; sourceMaps && step < maxMaps && generatedFile.test(at.file) && !seen.has(at.file); step++) {
    throwIfAborted(context.signal);
    seen.add(at.file);
    const original = await sourceMaps.originalPosition(at.file, at.line, at.column);
    if (!original) break;
    if ('problem' in original) {
      if (!result) result = { kind: 'unmapped', problem: original.problem };
      break;
    }
    const found = await findOriginal(at.file, original, context);
    const isVague = original.vague === true || (result?.kind === 'original' && result.vague === true);
    const next: Followed = found.kind === 'original' && isVague ? { ...found, vague: true } : found;
    if (next.kind !== 'original') return result?.kind === 'original' ? result : next;
    result = result?.kind === 'original' ? { ...next, how: `${result.how} and ${next.how.replace(/^through /, '')}` } : next;
    if (next.content !== undefined) break;
    at = { file: next.file, line: next.line, column: next.column };
  }
  return result;
}

async function findOriginal(generated: string, original: OriginalPosition, context: Context): Promise<Followed> {
  const { workspace } = context.ports;
  const { source, line, column } = original;
  const mapName = segmentsInWorkspace(original.map, context)?.join('/') ?? uriSegments(original.map).slice(-2).join('/');
  const how = `through ${original.map === generated ? 'its inline source map' : display(mapName)}`;
  const isUri = /^[a-z][a-z0-9+.-]*:\/\/[^/]*\/(?!\.\/)/i.test(source) && parseUri(source) !== undefined;
  if (isUri && segmentsInWorkspace(source, context) && (await workspace.exists(source))) {
    if (isLibraryPath((segmentsInWorkspace(source, context) ?? []).join('/'))) return { kind: 'library', source };
    return { kind: 'original', file: plainUri(source, false) ?? source, line, column, how };
  }
  if (isRuntimeSource(source)) return { kind: 'library', source };
  const path = parsePath(source.replace(/\[project\]\//, ''));
  if (!path) return { kind: 'unmapped', problem: `its source map names ${display(source)}, which is no file` };
  if (isLibraryPath(path.segments.join('/'))) return { kind: 'library', source };
  // From `dist/main.js` and `./src/a.ts`: dist/src/a.ts, then src/a.ts in the folder above, up to the workspace folder.
  const depth = segmentsInWorkspace(generated, context)?.length ?? 0;
  // A relative source has been joined to the map's folder already.
  const besideMap = relativeSegments(original.map.replace(/\/[^/]*$/, ''), source, true);
  const segments = path.kind === 'absolute' ? besideMap : path.segments;
  for (let up = 1; segments && up <= depth; up++) {
    const file = ancestor(generated, up, segments);
    if (file && (await workspace.exists(file))) return { kind: 'original', file, line, column, how };
  }
  const located = await locate(path, undefined, context);
  const [hit] = located.found;
  if (hit) return { kind: 'original', file: hit.file, line, column, how: `${how}, ${hit.how}`, match: hit.match };
  const content = original.hasContent ? await context.ports.sourceMaps?.content(generated, source) : undefined;
  if (content !== undefined) {
    return {
      kind: 'original',
      file: source,
      line,
      column,
      how: `${how}, from the text that the map carries`,
      content,
    };
  }
  const problem = `${how} it is ${display(source)}, which is not in the workspace`;
  return located.isLibrary ? { kind: 'library', source } : { kind: 'unmapped', problem };
}

/** Code that the bundler added: `webpack/bootstrap`, `external "fs"`, `(webpack)/buildin/module.js`, `[synthetic:util]`. */
function isRuntimeSource(source: string): boolean {
  return /^(?:[a-z-]+:\/\/[^/]*\/)?(?:webpack\/|external |\(webpack\)|\[synthetic|ignored |\0|rollup\/|vite\/)/.test(source);
}

function ancestor(file: string, up: number, segments: readonly string[]): string | undefined {
  const uri = parseUri(file);
  if (!uri) return undefined;
  const folders = uri.path.split('/');
  return joinUri(file.split('/').slice(0, -up).join('/'), segments.length && folders.length > up ? segments : []);
}
