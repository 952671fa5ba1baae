/**
 * The fence around the workspace folders (`source/uri/fence.ts`). What is opened or shown is decided anew each time; resolving asks about the same
 * few files thousands of times, and may know an answer for a moment.
 */

import { Lru } from '../../base/lru';
import { diskPaths } from '../../engine/disk/realPaths';
import { mayAsk, plainUri, type RealPathPort, readableAt, type Standing, standingOf } from '../../source/uri/fence';
import { joinUri, relativeSegments } from '../../source/uri/uri';
import type { Workspace } from '../ports/workspace';
import { isOnDisk } from './rawFiles';

/** Milliseconds that resolving believes an answer. */
const keptMs = 2000;
const maxKept = 5000;

interface Kept<T> {
  readonly answer: Promise<T>;
  readonly atMs: number;
}

export class WorkspaceFence {
  private readonly standings = new Lru<string, Kept<Standing>>({ maxSize: maxKept });
  private readonly realFolders = new Lru<string, Kept<string | undefined>>({ maxSize: maxKept });
  private readonly readableUris = new Lru<string, Kept<string | undefined>>({ maxSize: maxKept });

  /**
   * @param mapped URIs of the folders that the user's path mappings name
   * @param caseSensitive whether names of the workspace's files are
   */
  constructor(
    private readonly workspace: Pick<Workspace, 'folders' | 'virtualFiles'>,
    private readonly mapped: () => readonly string[],
    private readonly caseSensitive: boolean,
  ) {}

  /** Where a file is now. The only answer on which something may be opened or shown. */
  now(uri: string): Promise<Standing> {
    return standingOf(uri, this.folders(), this.portOf(uri));
  }

  /** For resolving: as `now`, as it was a moment ago. */
  async isInside(uri: string): Promise<boolean> {
    return (await keep(this.standings, uri, () => standingOf(uri, this.folders(), this.recent(uri)))).inside;
  }

  /** Where a file's text may be read for resolving: its real URI, as it was a moment ago. Undefined where it may not. */
  readable(uri: string): Promise<string | undefined> {
    return keep(this.readableUris, uri, () => readableAt(uri, this.readFolders(), this.recent(uri), this.caseSensitive));
  }

  /** As `readable`, as it is now: also of a file that was not there a moment ago. */
  readableNow(uri: string): Promise<string | undefined> {
    return readableAt(uri, this.readFolders(), this.portOf(uri), this.caseSensitive);
  }

  /** The URI under which a file may be asked for; undefined where it may not. */
  askable(uri: string): string | undefined {
    const { windows } = diskPaths;
    return mayAsk(uri, this.readFolders(), windows, this.caseSensitive) ? plainUri(uri, windows) : undefined;
  }

  /** URIs of the folders whose files may be read. */
  readFolders(): readonly string[] {
    return [...this.folders(), ...this.mapped()];
  }

  /** Folders, mappings or files changed. */
  forget(): void {
    this.realFolders.clear();
    this.standings.clear();
    this.readableUris.clear();
  }

  private folders(): readonly string[] {
    return this.workspace.folders().map(({ uri }) => uri);
  }

  /** As `portOf`, and where the folders really are as it was a moment ago: each file of theirs asks for that. */
  private recent(uri: string): RealPathPort {
    const port = this.portOf(uri);
    return {
      windows: port.windows,
      realPath: (of) =>
        this.readFolders().includes(of) ? keep(this.realFolders, of, () => port.realPath(of)) : port.realPath(of),
      identity: (of) => port.identity(of),
    };
  }

  private portOf(uri: string): RealPathPort {
    return isOnDisk(uri) ? diskPaths : this.virtualPaths;
  }

  /** File systems of others: they tell that something is a link, and not where it leads. What is behind one cannot be told. */
  private readonly virtualPaths: RealPathPort = {
    windows: false,
    realPath: async (uri) => {
      const folder = this.folders().find((each) => relativeSegments(each, uri, true));
      const names = folder === undefined ? [] : (relativeSegments(folder, uri, true) ?? []);
      for (let i = 1; i <= names.length; i++) {
        const found = await this.workspace.virtualFiles?.stat(joinUri(folder ?? uri, names.slice(0, i)));
        if (!found || found.isLink) return undefined;
      }
      return uri;
    },
    identity: async (uri) => uri,
  };
}

function keep<T>(known: Lru<string, Kept<T>>, uri: string, ask: () => Promise<T>): Promise<T> {
  const before = known.get(uri);
  const now = performance.now();
  if (before && now - before.atMs < keptMs) return before.answer;
  const answer = ask();
  known.set(uri, { answer, atMs: now });
  return answer;
}
