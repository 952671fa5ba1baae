/**
 * Source maps for the ladder. Those of files on disk the engine reads and decodes; of other file systems it is
 * done here, with the package loaded when there is one.
 */

import type { Disposable } from '../../base/disposables';
import type { OriginalPosition, SourceMapPort, SourceMapProblem } from '../../source';
import { SourceMaps } from '../../source/maps/sourceMaps';
import type { EngineService } from '../engine/engineService';
import { isOnDisk } from '../workspace/rawFiles';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';

/** Files that are generated, or maps. */
const generated = /\.(?:map|[cm]?[jt]sx?|css|vue|svelte|bundle)$/i;

export class SourceMapReader implements SourceMapPort, Disposable {
  private elsewhere: SourceMaps | undefined;
  private readonly changed = new Set<string>();
  private telling = false;
  private prepared = false;

  constructor(
    private readonly engine: Pick<EngineService, 'call' | 'started'>,
    private readonly files: Pick<WorkspaceFiles, 'readText' | 'fence'>,
  ) {}

  async originalPosition(
    file: string,
    line: number,
    column: number | undefined,
  ): Promise<OriginalPosition | SourceMapProblem | undefined> {
    if (!isOnDisk(file)) return this.local().originalPosition(file, line, column);
    try {
      return await this.engine.call('originalPosition', {
        file,
        line,
        ...(column === undefined ? {} : { column }),
        folders: this.files.fence.readFolders(),
      });
    } catch (error) {
      return { problem: `its source map cannot be read: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  async content(file: string, source: string): Promise<string | undefined> {
    if (!isOnDisk(file)) return this.local().content(file, source);
    const folders = this.files.fence.readFolders();
    return this.engine.call('originalContent', { file, source, folders }).catch(() => undefined);
  }

  /** A file changed; undefined: any may have. A build changes hundreds, which are told at once. */
  forget(uri: string | undefined): void {
    this.elsewhere?.forget(uri);
    if (!this.engine.started || (uri !== undefined && !generated.test(uri))) return;
    this.changed.add(uri ?? '');
    if (this.telling) return;
    this.telling = true;
    queueMicrotask(() => {
      this.telling = false;
      const uris = [...this.changed];
      this.changed.clear();
      const params = uris.includes('') ? {} : { uris };
      // The engine went down: what comes up knows no maps.
      this.engine.call('forgetSourceMaps', params).catch(() => {});
    });
  }

  /** Has loaded what the first map needs, so that who asks for it does not wait. */
  prepare(): void {
    if (this.prepared) return;
    this.prepared = true;
    this.engine.call('prepareSourceMaps', {}).catch(() => {});
  }

  dispose(): void {
    this.elsewhere?.dispose();
  }

  private local(): SourceMaps {
    this.elsewhere ??= new SourceMaps({
      readText: (uri, maxBytes) => this.files.readText(uri, maxBytes),
      loadConsumer: async (map) => (await import('./mapConsumer')).consumerOf(map),
    });
    return this.elsewhere;
  }
}
