/**
 * Knows of the files of a folder which texts they may hold, so that a later text is looked for in those few alone: to start a search of the whole folder
 * takes longer than all else that is done for a span. It is made a moment after the first search, beside the extension host (`indexFiles` of the engine), and is
 * forgotten when very much changed.
 */

import { fileURLToPath } from 'node:url';
import { throwIfAborted } from '../../../base/errors';
import { joinUri } from '../../../source/uri/uri';
import type { EngineService } from '../../engine/engineService';
import { listSource } from './searchLines';
import type { SourceFolder } from './sourceFolders';

/** `indexFiles` and `filesHolding` of protocol/source.ts. */
export type FileGrams = Pick<EngineService, 'call'>;

/** Texts that are looked for in this way; for more of them, one search of all files is better. */
const maxTexts = 24;
/** Files that are looked through; reading more takes as long as ripgrep does. */
const maxRead = 80;
/** Files that changed since, which are looked through each time. */
const maxChanged = 60;

export class SourceIndex {
  private making: Promise<number | undefined> | undefined;
  /** By which the engine knows what was made. */
  private version: number | undefined;
  private readonly changed = new Set<string>();
  private readonly controller = new AbortController();

  /** @param waitMs from a search to the making: whoever asked first waits for their answer, and needs both processors */
  constructor(
    private readonly folder: SourceFolder,
    private readonly engine: FileGrams,
    private readonly waitMs: number,
  ) {}

  /** Begins to make it, once. What goes wrong leaves all as it is without one. */
  prepare(binary: string): void {
    if (this.making || this.controller.signal.aborted) return;
    const making = new Promise((resolve) => setTimeout(resolve, this.waitMs))
      .then(() => this.make(binary))
      .catch(() => undefined);
    this.making = making;
    void making.then((version) => {
      // What was forgotten meanwhile is of files that are others now.
      if (this.making === making) this.version = version;
    });
  }

  /**
   * URIs of the files that have to be looked through for some texts: no other has any. `changed` may be no source, or folders by now. Undefined where
   * a search of all files is better.
   */
  async filesFor(
    texts: readonly string[],
  ): Promise<{ readonly known: readonly string[]; readonly changed: readonly string[] } | undefined> {
    const { version } = this;
    if (version === undefined || texts.length > maxTexts) return undefined;
    const folder = this.root;
    const found = await this.engine
      .call('filesHolding', { folder, version, texts, most: maxRead }, { signal: this.controller.signal })
      .catch(() => undefined);
    if (this.version !== version) return undefined;
    // An engine that began anew knows nothing of it.
    if (!found?.isKnown) this.forget();
    if (!found?.paths) return undefined;
    const changed = [...this.changed];
    const known = found.paths.map((path) => joinUri(this.folder.uri, path.replace(/^\.\//, '').split('/')));
    return { known: known.filter((uri) => !this.changed.has(uri)), changed };
  }

  /** A file changed, came or went. */
  touch(uri: string): void {
    if (!this.making || this.folder.pathOf(uri) === undefined) return;
    this.changed.add(uri);
    if (this.changed.size > maxChanged) this.forget();
  }

  /** It is made again when `prepare` is called the next time. */
  private forget(): void {
    this.making = undefined;
    this.version = undefined;
    this.changed.clear();
  }

  dispose(): void {
    this.controller.abort();
    this.forget();
  }

  private get root(): string {
    return fileURLToPath(this.folder.uri);
  }

  private async make(binary: string): Promise<number | undefined> {
    throwIfAborted(this.controller.signal);
    const { root: folder } = this;
    const { excluded, useParentIgnores } = this.folder;
    const { signal } = this.controller;
    const paths = await listSource(binary, { folder, excluded, useParentIgnores }, signal);
    return paths === undefined ? undefined : this.engine.call('indexFiles', { folder, paths }, { signal, timeoutMs: 60_000 });
  }
}
