/**
 * A path as somebody else's machine wrote it, taken apart: POSIX, Windows, UNC, `file:` and other URLs, `webpack://` and its
 * kin, relative paths. The host that runs the editor doesn't matter: `C:\build\a.cs` is understood on Linux too.
 *
 * `.` and `..` are resolved here, and a path cannot climb above its start: `/app/../../etc/passwd` is `etc/passwd`, and nothing
 * outside of a workspace folder can come of it. Text that cannot be a path (control characters, absurd length) is refused.
 */

export interface SourcePath {
  /** As it was given. */
  readonly text: string;
  readonly kind: 'absolute' | 'relative' | 'url';
  /** Scheme of a URL (`file` has become `absolute`). */
  readonly scheme?: string;
  /** Host or name of a URL: `webpack://shop/./src/a.ts` has `shop`. */
  readonly authority?: string;
  /** Written as Windows writes paths, so letter case doesn't count. The drive is the first segment: `c:`. */
  readonly windows: boolean;
  /** Without empty ones, `.` and `..`. */
  readonly segments: readonly string[];
  /** How many `..` a relative path began with. */
  readonly up: number;
}

const maxLength = 4096;

/** Undefined where the text cannot name a file. */
export function parsePath(text: string): SourcePath | undefined {
  const path = parsePrefix(text);
  return path && !isBare(path) ? path : undefined;
}

/** A folder's path as well: `/`, `C:\\` and `webpack:///` are prefixes, with no segments. */
export function parsePrefix(text: string): SourcePath | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > maxLength || hasControl(trimmed)) return undefined;
  if (trimmed.startsWith('<')) return undefined;
  const url = /^([A-Za-z][A-Za-z0-9+.-]+):(?!\\)(\/\/)?(.*)$/.exec(trimmed);
  if (url && (url[2] || /^(webpack|webpack-internal|file|vscode-remote|app|node)$/i.test(url[1])))
    return parseUrl(trimmed, url[1], url[3]);
  const windows =
    /^[A-Za-z]:([\\/]|$)/.test(trimmed) || trimmed.startsWith('\\\\') || (trimmed.includes('\\') && !trimmed.includes('/'));
  // `\\?\C:\x` and `\\?\UNC\server\share` are long spellings of the same.
  const plain = windows ? trimmed.replace(/^\\\\[?.]\\(UNC\\)?/i, (_, unc) => (unc ? '\\\\' : '')) : trimmed;
  const parts = plain.split(windows ? /[\\/]/ : '/');
  const absolute = /^[A-Za-z]:/.test(plain) ? windows : parts[0] === '';
  return finish(text, absolute ? 'absolute' : 'relative', windows, parts);
}

function parseUrl(text: string, rawScheme: string, afterColon: string): SourcePath | undefined {
  const scheme = rawScheme.toLowerCase();
  if (scheme === 'node') return undefined;
  // `?t=123` and `#x` are no part of the file; in the file name itself they arrive encoded.
  const rest = afterColon.replace(/^\/\//, '').replace(/[?#].*$/, '');
  const hasAuthority = text.slice(scheme.length + 1).startsWith('//');
  const slash = rest.indexOf('/');
  const authority = hasAuthority ? (slash < 0 ? '' : rest.slice(0, slash)) : '';
  const path = decode(hasAuthority && slash >= 0 ? rest.slice(slash) : rest);
  if (hasControl(path)) return undefined;
  if (scheme === 'file' || scheme.startsWith('vscode-')) {
    const drive = /^\/?[A-Za-z]:/.test(path);
    const parts = path.split(drive ? /[\\/]/ : '/');
    const unc = scheme === 'file' && authority !== '' && authority !== 'localhost' ? [authority, ...parts] : parts;
    return finish(text, 'absolute', drive, unc);
  }
  const parsed = finish(text, 'url', false, path.split('/'));
  return { ...parsed, scheme, authority };
}

function finish(text: string, kind: SourcePath['kind'], windows: boolean, parts: readonly string[]): SourcePath {
  const segments: string[] = [];
  let up = 0;
  for (const part of parts) {
    if (part === '' || part === '.') continue;
    if (part !== '..') segments.push(part);
    else if (segments.length) segments.pop();
    else up++;
  }
  if (kind === 'absolute' && segments.length && /^[A-Za-z]:$/.test(segments[0])) segments[0] = segments[0].toLowerCase();
  return { text, kind, windows, segments, up: kind === 'relative' ? up : 0 };
}

function isBare(path: SourcePath): boolean {
  return path.segments.length === 0 || (path.windows && path.segments.length === 1 && path.segments[0].endsWith(':'));
}

/** Last segment. */
export function baseName(path: SourcePath): string {
  return path.segments[path.segments.length - 1];
}

/** For a person: short, without control characters. */
export function display(text: string, max = 120): string {
  const clean = replaceControl(text.length > max * 4 ? text.slice(0, max * 4) : text).trim();
  return clean.length > max ? `${clean.slice(0, max - 1)}…` : clean;
}

function hasControl(text: string): boolean {
  return replaceControl(text) !== text;
}

function replaceControl(text: string): string {
  // C0, C1, DEL and the marks that turn the direction of text around.
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
