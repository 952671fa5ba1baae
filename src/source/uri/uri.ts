/**
 * URIs of files, as far as source resolution needs them: taken apart, joined, compared. It mirrors `vscode.Uri` without importing
 * it: paths are decoded inside and encoded at the edge, in the same spelling (drive letters in lower case, `:` as `%3A`), so
 * that a URI that came in from the editor leaves it letter for letter.
 */

export interface FileUri {
  readonly scheme: string;
  readonly authority: string;
  /** Decoded, begins with `/` (`/c:/work/a.ts` on Windows). */
  readonly path: string;
}

/** Undefined where the text is no URI with a path. */
export function parseUri(text: string): FileUri | undefined {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)/.exec(text);
  if (!match) return undefined;
  const path = decode(match[3]);
  return { scheme: match[1].toLowerCase(), authority: decode(match[2] ?? ''), path: path.startsWith('/') ? path : `/${path}` };
}

export function formatUri(uri: FileUri): string {
  const path = uri.path.replace(/^\/([A-Z]):/, (_, drive: string) => `/${drive.toLowerCase()}:`);
  return `${uri.scheme}://${encode(uri.authority)}${path.split('/').map(encode).join('/')}`;
}

/** The file below a folder; `segments` are decoded and hold no `..`. */
export function joinUri(folder: string, segments: readonly string[]): string {
  const base = folder.endsWith('/') ? folder.slice(0, -1) : folder;
  return segments.length ? `${base}/${segments.map(encode).join('/')}` : base;
}

/** Decoded segments of a URI's path: `file:///home/a%20b/c.ts` is `['home', 'a b', 'c.ts']`. */
export function uriSegments(uri: string): readonly string[] {
  const path = parseUri(uri)?.path ?? uri;
  return path.split('/').filter((segment) => segment !== '');
}

/** The last segment of a URI's path, decoded; empty where there is none. */
export function fileNameOf(uri: string): string {
  return uriSegments(uri).at(-1) ?? '';
}

/** The part of a file's path below a folder, or undefined where it isn't below it, once `..` is resolved in both. */
export function relativeSegments(folder: string, file: string, caseSensitive: boolean): readonly string[] | undefined {
  const base = parseUri(folder);
  const inner = parseUri(file);
  if (!base || !inner || base.scheme !== inner.scheme || !same(base.authority, inner.authority, false)) return undefined;
  const above = resolved(base.path);
  const segments = resolved(inner.path);
  if (segments.length <= above.length) return undefined;
  for (let i = 0; i < above.length; i++) {
    const isDrive = i === 0 && above[0].endsWith(':');
    if (!same(above[i], segments[i], caseSensitive && !isDrive)) return undefined;
  }
  return segments.slice(above.length);
}

/** The segments of a decoded path, with `.` and `..` resolved: `/app/../etc/passwd` is not below `/app`. */
export function resolved(path: string): string[] {
  const all = path.split('/').filter((segment) => segment !== '');
  if (!path.includes('/.')) return all;
  const segments: string[] = [];
  for (const segment of all) {
    if (segment === '..') segments.pop();
    else if (segment !== '.') segments.push(segment);
  }
  return segments;
}

export function same(a: string, b: string, caseSensitive: boolean): boolean {
  return a === b || (!caseSensitive && a.toLowerCase() === b.toLowerCase());
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign (`100%.ts`) is itself.
    return text;
  }
}
