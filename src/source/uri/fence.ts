/**
 * The fence: what of the files that a trace leads to is in the workspace. Decided in one way for whatever led there (a path of a span, a mapping,
 * a source map, a stack, a symbol, Git), and of the real path: `.` and `..` are resolved as they are written, then every link is followed, of the
 * file and of the workspace folders. A workspace folder that is a link itself is a workspace folder.
 *
 * Three answers come of it:
 * - a file is *opened* without a question where its real path is below the real path of a workspace folder;
 * - it is *read* for resolving there, and below the folders that the user's own mappings name (`readableAt`), nowhere else;
 * - it is *asked for* (a `stat`) where its name is in there (`mayAsk`). What has a host of its own is never touched unless such a folder has the
 *   same one: on Windows, asking for `\\host\share` already sends the user's name and a hash of the password.
 *
 * What cannot be told counts as outside. That a file is a second name of one elsewhere (a hard link) cannot be told at all.
 */

import { formatUri, parseUri, relativeSegments, same } from './uri';

/** What is asked of a file system. Both are undefined for what is not there, or cannot be told. */
export interface RealPathPort {
  /** The file systems are those of Windows: `\` divides a path, and some names mean others. */
  readonly windows: boolean;
  /** URI of a file or folder with every link on the way followed, spelt as the disk has it. */
  realPath(uri: string): Promise<string | undefined>;
  /** A text that is the same for two names of the same file or folder, and for no others. */
  identity(uri: string): Promise<string | undefined>;
}

export interface Standing {
  readonly inside: boolean;
  /** Where it really is, to be shown and opened; undefined where there is nothing, or it may not be asked for. */
  readonly real: string | undefined;
}

const nowhere: Standing = { inside: false, real: undefined };

/**
 * A file's URI as it is to be asked for and opened: decoded once, without `.`, `..` and doubled slashes. Undefined for what is no path of a file,
 * or would be another on Windows than it seems (`a.js.`, `a.js::$DATA`, `..\a.js` is resolved).
 */
export function plainUri(uri: string, windows: boolean): string | undefined {
  const parsed = parseUri(uri);
  if (!parsed || parsed.path.includes('\0')) return undefined;
  const segments: string[] = [];
  for (const segment of parsed.path.split(windows ? /[\\/]/ : '/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const isStrange = (segment: string, at: number): boolean =>
    /[. ]$|[<>"|?*]/.test(segment) || (segment.includes(':') && !(at === 0 && /^[a-z]:$/i.test(segment)));
  if (windows && parsed.scheme === 'file' && segments.some(isStrange)) return undefined;
  return formatUri({ ...parsed, path: `/${segments.join('/')}` });
}

/** Where a file stands to these folders (URIs). Asks the file system each time: what a link leads to may change at any moment. */
export async function standingOf(uri: string, folders: readonly string[], port: RealPathPort): Promise<Standing> {
  const plain = plainUri(uri, port.windows);
  if (plain === undefined || !folders.some((folder) => isSameHost(folder, plain))) return nowhere;
  const real = await port.realPath(plain);
  if (real === undefined) return nowhere;
  const outside: Standing = { inside: false, real };
  if (!isSameHost(plain, real) || !(await isBelowAny(real, folders, port))) return outside;
  if (real === plain) return { inside: true, real };
  // Links of /proc say where they lead in words that may be another file's: `/proc/7/root/app/a.js` of a container is not `/app/a.js`.
  const [given, found] = await Promise.all([port.identity(plain), port.identity(real)]);
  return given !== undefined && given === found ? { inside: true, real } : { inside: false, real: plain };
}

/** Whether a file may be asked for: by its name it is in one of these folders, or one of them itself. Touches no file system. */
export function mayAsk(uri: string, folders: readonly string[], windows: boolean, caseSensitive: boolean): boolean {
  const plain = plainUri(uri, windows);
  return plain !== undefined && folders.some((folder) => isWithin(plainUri(folder, windows), plain, caseSensitive));
}

/**
 * Real URI of a file that may be read for resolving, undefined where it may not: what is in none of these folders by its name is not asked for,
 * what is in none of them by its real path is not read.
 */
export async function readableAt(
  uri: string,
  folders: readonly string[],
  port: RealPathPort,
  caseSensitive = !port.windows,
): Promise<string | undefined> {
  if (!mayAsk(uri, folders, port.windows, caseSensitive)) return undefined;
  const { inside, real } = await standingOf(uri, folders, port);
  return inside ? real : undefined;
}

async function isBelowAny(real: string, folders: readonly string[], port: RealPathPort): Promise<boolean> {
  for (const folder of folders) {
    const above = await port.realPath(folder);
    if (isWithin(above, real, true)) return true;
    // Where letter case does not count, a folder may be opened by another spelling than the disk's.
    if (above === undefined || !isWithin(above, real, false)) continue;
    const spelt = firstSegments(real, segmentsOf(above).length);
    const [one, other] = await Promise.all([port.identity(spelt), port.identity(above)]);
    if (one !== undefined && one === other) return true;
  }
  return false;
}

function isWithin(folder: string | undefined, file: string, caseSensitive: boolean): boolean {
  if (folder === undefined) return false;
  if (relativeSegments(folder, file, caseSensitive)) return true;
  const [a, b] = [segmentsOf(folder), segmentsOf(file)];
  return isSameHost(folder, file) && a.length === b.length && a.every((name, i) => same(name, b[i], caseSensitive));
}

function isSameHost(a: string, b: string): boolean {
  const [one, other] = [parseUri(a), parseUri(b)];
  return one?.scheme === other?.scheme && same(one?.authority ?? '', other?.authority ?? '', false);
}

function segmentsOf(uri: string): readonly string[] {
  return (parseUri(uri)?.path ?? '').split('/').filter((segment) => segment !== '');
}

function firstSegments(uri: string, count: number): string {
  const parsed = parseUri(uri);
  return parsed ? formatUri({ ...parsed, path: `/${segmentsOf(uri).slice(0, count).join('/')}` }) : uri;
}
