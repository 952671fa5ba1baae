/**
 * The fence around the workspace folders as the editor knows them (`source/fence.ts`). What is opened or shown is decided anew each time;
 * resolving asks about the same few files thousands of times, and may know an answer for a moment.
 */

import { FileType, Uri, workspace } from 'vscode';
import { diskPaths } from '../../engine/files/realPaths';
import { mayAsk, plainUri, type RealPathPort, readableAt, type Standing, standingOf } from '../../source/fence';
import { parseUri, relativeSegments } from '../../source/paths/uri';

/** Milliseconds that resolving believes an answer. */
const keptMs = 2000;
const maxKept = 5000;

interface Kept<T> {
  readonly answer: Promise<T>;
  readonly atMs: number;
}

export class WorkspaceFence {
  private readonly opened = new Map<string, Kept<Standing>>();
  private readonly read = new Map<string, Kept<string | undefined>>();

  /**
   * @param mapped URIs of the folders that the user's path mappings name
   * @param caseSensitive whether names of the workspace's files are
   */
  constructor(
    private readonly mapped: () => readonly string[],
    private readonly caseSensitive: boolean,
  ) {}

  /** Where a file is now. The only answer on which something may be opened or shown. */
  now(uri: string): Promise<Standing> {
    return standingOf(uri, workspaceFolders(), portOf(uri));
  }

  /** For resolving: as `now`, as it was a moment ago. */
  async isInside(uri: string): Promise<boolean> {
    return (await keep(this.opened, uri, () => this.now(uri))).inside;
  }

  /** Where a file's text may be read for resolving: its real path, as it was a moment ago. Undefined where it may not. */
  async readable(uri: string): Promise<Uri | undefined> {
    const look = (): Promise<string | undefined> => readableAt(uri, this.readFolders(), portOf(uri), this.caseSensitive);
    const real = await keep(this.read, uri, look);
    return real === undefined ? undefined : Uri.parse(real);
  }

  /** The URI under which a file may be asked for; undefined where it may not. */
  askable(uri: string): Uri | undefined {
    const { windows } = diskPaths;
    const plain = mayAsk(uri, this.readFolders(), windows, this.caseSensitive) ? plainUri(uri, windows) : undefined;
    return plain === undefined ? undefined : Uri.parse(plain);
  }

  /** URIs of the folders whose files may be read. */
  readFolders(): readonly string[] {
    return [...workspaceFolders(), ...this.mapped()];
  }

  /** Folders, mappings or files changed. */
  forget(): void {
    this.opened.clear();
    this.read.clear();
  }
}

/** URIs of the workspace folders, without a slash at the end. */
export function workspaceFolders(): readonly string[] {
  return (workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString().replace(/\/$/, ''));
}

function keep<T>(known: Map<string, Kept<T>>, uri: string, ask: () => Promise<T>): Promise<T> {
  const before = known.get(uri);
  const now = performance.now();
  if (before && now - before.atMs < keptMs) return before.answer;
  if (known.size >= maxKept) known.clear();
  const answer = ask();
  known.set(uri, { answer, atMs: now });
  return answer;
}

function portOf(uri: string): RealPathPort {
  return parseUri(uri)?.scheme === 'file' ? diskPaths : virtualPaths;
}

/** File systems of other extensions: they tell that something is a link, and not where it leads. What is behind one cannot be told. */
const virtualPaths: RealPathPort = {
  windows: false,
  async realPath(uri) {
    const folder = workspaceFolders().find((each) => relativeSegments(each, uri, true));
    const names = folder === undefined ? [] : (relativeSegments(folder, uri, true) ?? []);
    try {
      for (let at = Uri.parse(folder ?? uri), i = 0; i < names.length; i++) {
        at = Uri.joinPath(at, names[i]);
        if ((await workspace.fs.stat(at)).type & FileType.SymbolicLink) return undefined;
      }
    } catch {
      return undefined;
    }
    return uri;
  },
  identity: async (uri) => uri,
};
