/** Git for the files of the workspace: when its refs change, and fetching, which only a person starts. */

import { type Disposable, Disposables } from '../../../base/disposables';
import { Emitter } from '../../../base/emitter';
import { Throttle } from '../../../base/throttle';
import type { GitProgram } from '../../ports/gitProgram';
import { uriOfPath } from '../../workspace/rawFiles';
import type { WorkspaceFiles } from '../../workspace/workspaceFiles';
import { findGit } from './findGit';
import { GitHistory } from './gitHistory';
import type { Repository } from './repositories';

/** Refs change in bursts: a fetch writes many. */
const burstMs = 200;

export class WorkspaceGit implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<void>());
  /** Refs, the program or trust changed: what Git said may be wrong now. */
  readonly onDidChange = this.changed.event;
  readonly history: GitHistory;
  private readonly watched = new Set<string>();
  private readonly refsChanged = this.disposables.own(new Throttle(() => this.forgetRefs(), { waitMs: burstMs }));

  constructor(
    private readonly files: Pick<WorkspaceFiles, 'folders' | 'fence' | 'workspace'>,
    private readonly program: GitProgram,
  ) {
    const { workspace } = files;
    this.history = new GitHistory({
      findGit: async () => (await findGit(program.own(), '')) ?? findGit(await program.found()),
      isTrusted: () => workspace.isTrusted,
      mayRead: async (file) => (await files.fence.readable(file)) !== undefined,
      folders: () => files.folders(),
      opened: (repository) => this.watch(repository),
    });
    const another = (): void => {
      this.history.forgetProgram();
      this.changed.fire();
    };
    this.disposables.add(workspace.onDidTrust(another), program.onDidChange(another));
  }

  /** Rejects where the person's Git does. */
  async fetch(): Promise<void> {
    await this.program.fetch();
    this.forgetRefs();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private forgetRefs(): void {
    this.history.forgetRefs();
    this.changed.fire();
  }

  private watch({ gitDir, commonDir }: Repository): void {
    const watch = (folder: string, pattern: string): void => {
      const label = `${folder}\0${pattern}`;
      if (this.watched.has(label) || this.disposables.isDisposed) return;
      this.watched.add(label);
      this.disposables.add(
        this.files.workspace.watchFolder(uriOfPath(folder), pattern, ({ uri }) => {
          if (!uri.endsWith('.lock')) this.refsChanged.ask();
        }),
      );
    };
    watch(gitDir, 'HEAD');
    watch(commonDir, '{packed-refs,shallow}');
    watch(commonDir, 'refs/**');
  }
}
