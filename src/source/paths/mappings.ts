/**
 * The user's path mappings: a prefix as traces have it to a folder as it is here. The longest prefix that fits wins; where the file
 * isn't there, the next one is tried. A mapping may lead out of the workspace, because the user wrote it; what is found there is opened after a
 * question only (`fence.ts`).
 */

import type { Context } from '../context/context';
import { parsePrefix, type SourcePath } from '../uri/paths';
import { formatUri, joinUri, parseUri, resolved, same } from '../uri/uri';

export interface MappedFile {
  /** URI of the file, if it exists. */
  readonly found?: string;
  /** The mapping's prefix, of what was found or of the last one that fitted. */
  readonly prefix?: string;
  /** Of what was found, as the setting has it. */
  readonly target?: string;
  /** Where the last one that fitted leads to, and nothing is. */
  readonly missing?: string;
}

export async function mapPath(path: SourcePath, context: Context): Promise<MappedFile> {
  const { workspace } = context.ports;
  let miss: MappedFile = {};
  const mappings = Object.entries(context.options.pathMappings).map(([prefix, target]) => ({ prefix, target }));
  for (const { mapping, rest } of fitting(path, mappings)) {
    const { prefix, target } = mapping;
    for (const folder of targetFolders(target, workspace.folders())) {
      const file = joinUri(folder, rest);
      if (await workspace.exists(file)) return { found: file, prefix, target };
      miss = { prefix, missing: `${target.replace(/[\\/]$/, '')}/${rest.join('/')}` };
    }
  }
  return miss;
}

/** Prefixes of mappings that live long are taken apart once: a document may have thousands of paths. */
const prefixes = new WeakMap<object, SourcePath | undefined>();

function prefixOf(mapping: { readonly prefix: string }): SourcePath | undefined {
  if (!prefixes.has(mapping)) prefixes.set(mapping, parsePrefix(mapping.prefix));
  return prefixes.get(mapping);
}

export interface Fit<T> {
  readonly mapping: T;
  /** What of the path is below the prefix. */
  readonly rest: readonly string[];
  /** Segments of the prefix. */
  readonly length: number;
}

/** The mappings whose prefix this path has, longest first; those of the same length in the order given. */
export function fitting<T extends { readonly prefix: string; readonly target: string }>(
  path: SourcePath,
  mappings: readonly T[],
): readonly Fit<T>[] {
  const result: Fit<T>[] = [];
  for (const mapping of mappings) {
    const prefix = prefixOf(mapping);
    if (!prefix || typeof mapping.target !== 'string' || mapping.target.trim() === '') continue;
    if (prefix.kind !== path.kind || prefix.up !== path.up) continue;
    if (prefix.kind === 'url' && (prefix.scheme !== path.scheme || (prefix.authority && prefix.authority !== path.authority)))
      continue;
    const caseSensitive = !(path.windows || prefix.windows);
    const length = prefix.segments.length;
    if (length > path.segments.length || !prefix.segments.every((name, i) => same(name, path.segments[i], caseSensitive)))
      continue;
    result.push({ mapping, rest: path.segments.slice(length), length });
  }
  return result.sort((a, b) => b.length - a.length);
}

/** The folders that mappings lead to, in the workspace or not. */
export function mappedFolders(mappings: Readonly<Record<string, string>>, folders: readonly string[]): readonly string[] {
  return Object.values(mappings).flatMap((target) => targetFolders(target, folders));
}

/**
 * A mapping's target as folder URIs: of the scheme and host of the workspace unless it is a URI itself. `..` is resolved before anything is put
 * behind it: `${workspaceFolder}/../lib` names a folder beside the workspace's.
 */
function targetFolders(target: string, folders: readonly string[]): readonly string[] {
  const trimmed = target.trim();
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(trimmed)) {
    const uri = parseUri(trimmed);
    return uri
      ? [
          formatUri({
            ...uri,
            path: resolved(uri.path)
              .map((segment) => `/${segment}`)
              .join(''),
          }),
        ]
      : [];
  }
  const path = parsePrefix(trimmed);
  if (!path) return [];
  if (path.kind === 'absolute') {
    const first = parseUri(folders[0] ?? 'file:///');
    return first ? [formatUri({ scheme: first.scheme, authority: first.authority, path: `/${path.segments.join('/')}` })] : [];
  }
  return path.up > 0 ? [] : folders.map((folder) => joinUri(folder, path.segments));
}
