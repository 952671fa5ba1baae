/** Git as the editor knows it: where the program is, when refs change, and fetching, which only a person starts. */

import { commands, type Disposable, EventEmitter, extensions, RelativePattern, Uri, workspace } from 'vscode';
import { findGit } from '../../../app/source/git/findGit';
import { GitHistory } from '../../../app/source/git/gitHistory';
import type { Repository } from '../../../app/source/git/repositories';
import { Disposables } from '../../../base/disposables';
import type { WorkspaceFiles } from '../workspaceFiles';

/** Milliseconds that the built-in Git extension may take to say which program it uses. */
const extensionMs = 2000;
/** Refs change in bursts: a fetch writes many. */
const settleMs = 200;

export class EditorGit implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new EventEmitter<void>());
  /** Refs, the program or trust changed: what Git said may be wrong now. */
  readonly onDidChange = this.changed.event;
  readonly history: GitHistory;
  private readonly watched = new Set<string>();
  private settling: NodeJS.Timeout | undefined;

  constructor(files: Pick<WorkspaceFiles, 'folders' | 'fence'>) {
    this.history = new GitHistory({
      findGit: async () => (await findGit(ownPrograms(), '')) ?? findGit(await programsOfExtension()),
      isTrusted: () => workspace.isTrusted,
      mayRead: async (file) => (await files.fence.readable(file)) !== undefined,
      folders: () => files.folders(),
      opened: (repository) => this.watch(repository),
    });
    const another = (): void => {
      this.history.forgetProgram();
      this.changed.fire();
    };
    this.disposables.add(
      workspace.onDidGrantWorkspaceTrust(another),
      workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('git.path') && another()),
      { dispose: () => clearTimeout(this.settling) },
    );
  }

  /** Fetches as the Git extension does, with its questions and progress. */
  async fetch(): Promise<void> {
    await commands.executeCommand('git.fetch');
    this.history.forgetRefs();
    this.changed.fire();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private watch({ gitDir, commonDir }: Repository): void {
    const watch = (folder: string, pattern: string): void => {
      const label = `${folder}\0${pattern}`;
      if (this.watched.has(label) || this.disposables.isDisposed) return;
      this.watched.add(label);
      const watcher = this.disposables.own(workspace.createFileSystemWatcher(new RelativePattern(Uri.file(folder), pattern)));
      const touched = (uri: Uri): void => {
        if (!uri.path.endsWith('.lock')) this.settle();
      };
      this.disposables.add(watcher.onDidChange(touched), watcher.onDidCreate(touched), watcher.onDidDelete(touched));
    };
    watch(gitDir, 'HEAD');
    watch(commonDir, '{packed-refs,shallow}');
    watch(commonDir, 'refs/**');
  }

  private settle(): void {
    this.settling ??= setTimeout(() => {
      this.settling = undefined;
      this.history.forgetRefs();
      this.changed.fire();
    }, settleMs);
  }
}

/** What the user set. A workspace cannot set it. */
function ownPrograms(): readonly string[] {
  const inspected = workspace.getConfiguration('git').inspect<unknown>('path');
  const own = inspected?.globalValue ?? inspected?.defaultValue;
  return (Array.isArray(own) ? own : [own]).filter((path): path is string => typeof path === 'string');
}

/** What the built-in extension found, if it says so in time. */
async function programsOfExtension(): Promise<readonly string[]> {
  const known = await Promise.race([
    programOfExtension(),
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), extensionMs)),
  ]);
  return known === undefined ? [] : [known];
}

async function programOfExtension(): Promise<string | undefined> {
  try {
    const exported: unknown = await extensions.getExtension('vscode.git')?.activate();
    if (typeof exported !== 'object' || exported === null || !('getAPI' in exported) || typeof exported.getAPI !== 'function')
      return undefined;
    // Throws where Git is switched off (git.enabled), or not installed.
    const api: unknown = exported.getAPI(1);
    if (typeof api !== 'object' || api === null || !('git' in api)) return undefined;
    const { git } = api;
    return typeof git === 'object' && git !== null && 'path' in git && typeof git.path === 'string' ? git.path : undefined;
  } catch {
    return undefined;
  }
}
