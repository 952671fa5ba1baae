/**
 * Where generated code says that its source map is, and how the sources in a map are spelled. Follows the source map format, ECMA-426
 * (https://tc39.es/ecma426/): the last comment counts, and it counts only if no code comes after it.
 */

import { formatUri, parseUri } from '../uri/uri';

/** The URL of the last `//# sourceMappingURL=` (or `//@`, or `/*# … *\/`) comment; undefined where there is none. */
export function findSourceMappingUrl(text: string): string | undefined {
  let at = text.lastIndexOf('sourceMappingURL=');
  for (let end = text.length; end > 0 && at >= 0; ) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    if (at > end) at = text.lastIndexOf('sourceMappingURL=', end);
    // A bundle may be one line of megabytes: only what could be the comment is looked at.
    const line = at >= start ? text.slice(Math.max(start, at - 8), end) : text.slice(start, Math.min(end, start + 200));
    const match = /(?:\/\/|\/\*)[#@][ \t]*sourceMappingURL=([^\s'"*]+)[ \t]*(?:\*\/)?[ \t\r;]*$/.exec(line);
    if (match && at >= start) return match[1];
    if (!/^[ \t\r]*(?:\/\/[^\n]*|\/\*[^\n]*\*\/[ \t\r]*)?$/.test(line) || end - start > 200) return undefined;
    end = start - 1;
  }
  return undefined;
}

/** The text in a `data:` URL; undefined where it can't be decoded. */
export function decodeDataUrl(url: string): string | undefined {
  const comma = url.indexOf(',');
  if (!url.startsWith('data:') || comma < 0) return undefined;
  const body = url.slice(comma + 1);
  try {
    if (!/;base64$/i.test(url.slice(0, comma))) return decodeURIComponent(body);
    const bytes = Uint8Array.from(atob(body.trim()), (char) => char.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}

/** The URI that `reference` names beside `base` (a file's URI). Undefined where it is of another scheme, such as http. */
export function resolveBeside(base: string, reference: string): string | undefined {
  const uri = parseUri(base);
  if (!uri) return undefined;
  if (hasScheme(reference)) {
    const other = parseUri(reference);
    return other?.scheme === 'file'
      ? formatUri(uri.scheme === 'file' ? other : { ...other, scheme: uri.scheme, authority: uri.authority })
      : undefined;
  }
  const path = decode(reference.replace(/[?#].*$/, '').replaceAll('\\', '/'));
  const folder = path.startsWith('/') ? '' : uri.path.slice(0, uri.path.lastIndexOf('/'));
  const segments: string[] = [];
  for (const segment of `${folder}/${path}`.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.length ? formatUri({ ...uri, path: `/${segments.join('/')}` }) : undefined;
}

/**
 * A source as a map names it, with its `sourceRoot`: as a URI where it is relative to the map or a `file:` URL, else as it is
 * (`webpack://shop/./src/a.ts`, `/usr/src/app/src/a.ts`, `C:\build\a.ts`).
 */
export function resolveSource(map: string, sourceRoot: string | undefined, source: string): string {
  const rooted = sourceRoot && !isAbsolute(source) ? `${sourceRoot.replace(/[\\/]$/, '')}/${source}` : source;
  if (isAbsolute(rooted)) return rooted;
  return resolveBeside(map, rooted) ?? rooted;
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || path.startsWith('\\\\') || /^[A-Za-z]:[\\/]/.test(path) || hasScheme(path);
}

function hasScheme(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:/.test(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
