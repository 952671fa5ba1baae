/**
 * The mapping that says no more than it must for a path of a trace to lead to a file here: what both have in common at their ends is taken
 * away. `/usr/src/app/src/a.ts` and `services/cart/src/a.ts` make `/usr/src/app` -> `services/cart`. It is what pinning writes,
 * and what is learned from files that were found.
 */

import { parsePath, type SourcePath } from '../uri/paths';
import { formatUri, joinUri, parseUri, relativeSegments, same, uriSegments } from '../uri/uri';

export interface ShortestMapping {
  /** As traces have it: `/usr/src/app`, `C:\build`, `webpack://shop/`. */
  readonly prefix: string;
  /** URI of the folder here, or of the file where the two have not even their names in common. */
  readonly target: string;
  /** Path segments that both end in. */
  readonly shared: number;
}

/** Undefined where the path is none. Never reaches above the workspace folder that holds the file. */
export function shortestMapping(
  text: string,
  file: string,
  folders: readonly string[],
  caseSensitive: boolean,
): ShortestMapping | undefined {
  const path = parsePath(text);
  const uri = parseUri(file);
  if (!path || !uri) return undefined;
  const holder = innermost(file, folders, caseSensitive);
  const base = holder?.folder ?? formatUri({ ...uri, path: '/' });
  const inside = holder?.inside ?? uriSegments(file);
  // A prefix of nothing would map every path there is.
  const most = Math.min(inside.length, path.segments.length - leastPrefix(path));
  let shared = 0;
  const exact = caseSensitive && !path.windows;
  while (shared < most && same(inside[inside.length - 1 - shared], path.segments[path.segments.length - 1 - shared], exact))
    shared++;
  const prefix = formatPrefix(path, path.segments.slice(0, path.segments.length - shared));
  return { prefix, target: joinUri(base, inside.slice(0, inside.length - shared)), shared };
}

function innermost(
  file: string,
  folders: readonly string[],
  caseSensitive: boolean,
): { folder: string; inside: readonly string[] } | undefined {
  let best: { folder: string; inside: readonly string[] } | undefined;
  for (const folder of folders) {
    const inside = relativeSegments(folder, file, caseSensitive);
    if (inside && (!best || inside.length < best.inside.length)) best = { folder, inside };
  }
  return best;
}

function leastPrefix({ kind, segments }: SourcePath): number {
  if (kind === 'url') return 0;
  return segments[0].endsWith(':') ? 2 : 1;
}

function formatPrefix(path: SourcePath, segments: readonly string[]): string {
  const { kind, windows, scheme, authority, up } = path;
  if (kind === 'url') return `${scheme}://${authority ?? ''}/${segments.join('/')}`;
  if (kind === 'relative') return `${'../'.repeat(up)}${segments.join(windows ? '\\' : '/')}`;
  if (!windows) return `/${segments.join('/')}`;
  const [first, ...rest] = segments;
  return /^[a-z]:$/.test(first) ? [first.toUpperCase(), ...rest].join('\\') : `\\\\${segments.join('\\')}`;
}
