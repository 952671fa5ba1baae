/**
 * Path mappings that nobody had to write: read from the build and launch files of the workspace, and learned from what was found. The files are
 * looked for when a trace first names a path that leads nowhere, and again when one of them changes; they are parsed in the engine.
 */

import { type Disposable, Disposables } from '../../../base/disposables';
import { Emitter } from '../../../base/emitter';
import { OneAtATime } from '../../../base/limit';
import { Throttle } from '../../../base/throttle';
import type { InferredMapping, ResolveOptions, ResolveResult } from '../../../source';
import { configGlob, configKind } from '../../../source/inference/configFiles';
import type { Inference } from '../../../source/inference/infer';
import { Learning } from '../../../source/paths/learning';
import type { EngineService } from '../../engine/engineService';
import type { Problems } from '../../messages/problems';
import type { Log } from '../../ports/log';
import type { WorkspaceFolder } from '../../ports/workspace';
import type { Settings } from '../../settings/settings';
import type { WorkspaceFiles } from '../../workspace/workspaceFiles';
import type { Refusal, Refusals } from './refusals';

export interface InferredMappingsOptions {
  readonly files: WorkspaceFiles;
  readonly engine: Pick<EngineService, 'call'>;
  readonly settings: Pick<Settings, 'inferMappings' | 'onDidChangeOf'>;
  readonly problems: Pick<Problems, 'record'>;
  readonly refusals: Refusals;
  readonly log: Log;
}

const excluded = '**/{node_modules,.git,.hg,.svn,.venv,venv,site-packages,vendor,dist,target}/**';
const maxFiles = 300;
/** A build file of this size is generated; its parser takes a while even in the engine. */
const maxBytes = 128 * 1024;
/** Files that are read at the same time. */
const together = 8;
/** Between a change of files, or something learned, and telling of it. */
const quietMs = 500;

const nothing: Inference = { mappings: [], problems: [], skipped: 0 };

export class InferredMappings implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<void>());
  /** What `options` gives is another now. */
  readonly onDidChange = this.changed.event;
  private readonly learning = new Learning();
  private readonly found = new Map<string, Set<string>>();
  private inference = nothing;
  private looking: Promise<void> | undefined;
  private underWay = 0;
  private readonly reading = new OneAtATime();
  private readonly looks = this.disposables.own(new Throttle(() => this.readAgain(), { waitMs: quietMs, after: 'last' }));
  private readonly tells = this.disposables.own(new Throttle(() => this.changed.fire(), { waitMs: quietMs }));

  constructor(private readonly own: InferredMappingsOptions) {
    this.disposables.add(
      own.files.onDidTouch((file) => this.touched(file?.uri)),
      // A workspace file is in no folder, so that no watcher tells of it.
      own.files.workspace.onDidChangeLaunch(() => this.lookAgain()),
      own.settings.onDidChangeOf(['source.inferMappings'], () => {
        this.learning.clear();
        this.inference = nothing;
        this.looking = undefined;
        this.changed.fire();
      }),
    );
  }

  get folders(): readonly WorkspaceFolder[] {
    return this.own.files.workspace.folders();
  }

  get isOn(): boolean {
    return this.own.settings.inferMappings;
  }

  /** What resolution takes of it. */
  options(): Pick<ResolveOptions, 'inferredMappings' | 'affinity'> {
    if (!this.isOn) return {};
    return { inferredMappings: this.all.filter((each) => !this.own.refusals.has(each)), affinity: this.learning.affinity() };
  }

  /** Those in use and those refused. */
  get all(): readonly InferredMapping[] {
    return [...this.inference.mappings, ...this.learning.mappings()];
  }

  get refused(): readonly Refusal[] {
    return this.own.refusals.all;
  }

  /** Parts of files that were not understood. */
  get problems(): Inference['problems'] {
    return this.inference.problems;
  }

  /** Places that a mapping led to, of a user or inferred, in this window. */
  placesOf({ prefix, target }: Pick<InferredMapping, 'prefix' | 'target'>): number {
    return this.found.get(`${prefix}\n${target}`)?.size ?? 0;
  }

  /** Reads the files, once. */
  look(): Promise<void> {
    if (!this.isOn || this.disposables.isDisposed) return Promise.resolve();
    this.looking ??= this.reading.run(() => this.read());
    return this.looking;
  }

  /**
   * Takes from an answer what there is to learn; looks for build files if it has paths that lead nowhere and they were not looked for
   * yet. Answers whether that was done within `waitMs`, so that asking once more is worth while.
   */
  async heed(service: string, result: ResolveResult, waitMs = 0): Promise<boolean> {
    this.count(result);
    if (!this.isOn) return false;
    const { folders, caseSensitive } = { folders: this.own.files.folders(), caseSensitive: this.own.files.caseSensitive };
    if (this.learning.add(service, result.votes ?? [], folders, caseSensitive)) this.tells.ask();
    if (this.looking || !result.foreign?.length || !folders.length) return false;
    const work = this.look();
    if (waitMs === 0) return false;
    const inTime = await within(work, waitMs);
    return inTime && this.inference.mappings.length > 0;
  }

  /** Waits for a look that is under way. Answers whether there was one. */
  async settled(waitMs: number): Promise<boolean> {
    if (this.underWay === 0 || !this.looking) return false;
    await within(this.looking, waitMs);
    return true;
  }

  async refuse(mapping: InferredMapping): Promise<void> {
    await this.own.refusals.add(mapping);
    this.changed.fire();
  }

  async allow(mapping: Refusal): Promise<void> {
    await this.own.refusals.remove(mapping);
    this.changed.fire();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async read(): Promise<void> {
    this.underWay++;
    try {
      const begun = performance.now();
      const before = JSON.stringify(this.inference.mappings);
      const folders = this.own.files.workspace.folders();
      const files = folders.length ? await this.texts() : [];
      const readMs = Math.round(performance.now() - begun);
      const inference = files.length ? await this.own.engine.call('inferMappings', { files, folders }) : nothing;
      if (this.disposables.isDisposed) return;
      this.inference = inference;
      const { mappings, problems, skipped } = inference;
      const took = `${readMs} ms to read and ${Math.round(performance.now() - begun) - readMs} ms to parse`;
      this.own.log.info(
        `Inferred ${mappings.length} path mappings from ${files.length} files (${took}; ${skipped} entries skipped, ${problems.length} not understood).`,
      );
      if (JSON.stringify(inference.mappings) !== before) this.changed.fire();
    } catch (error) {
      // Source is found without them; the next change of a file tries again.
      this.own.problems.record(error);
    } finally {
      this.underWay--;
    }
  }

  private async texts(): Promise<readonly { uri: string; text: string }[]> {
    const { workspace } = this.own.files;
    const found = await workspace.findFiles({ include: configGlob, exclude: excluded, most: maxFiles });
    const uris = [...found, ...(workspace.file === undefined ? [] : [workspace.file])]
      .filter((uri) => configKind(uri) !== undefined)
      .sort();
    const texts: { uri: string; text: string }[] = [];
    for (let begin = 0; begin < uris.length; begin += together) {
      const some = uris.slice(begin, begin + together).map(async (uri) => ({
        uri,
        text: await this.own.files.readText(uri, maxBytes),
      }));
      for (const { uri, text } of await Promise.all(some)) if (text !== undefined) texts.push({ uri, text });
    }
    return texts;
  }

  private touched(uri: string | undefined): void {
    if (uri === undefined) this.learning.clear();
    if (uri === undefined || configKind(uri)) this.lookAgain();
  }

  /** Only what was looked for once is kept true. */
  private lookAgain(): void {
    if (this.looking) this.looks.ask();
  }

  private readAgain(): void {
    this.looking = this.reading.run(() => this.read());
  }

  private count({ candidates }: ResolveResult): void {
    const [best] = candidates;
    if (!best?.mapping) return;
    const key = `${best.mapping.prefix}\n${best.mapping.target}`;
    const places = this.found.get(key) ?? new Set();
    if (places.size < 10_000) places.add(`${best.file}:${best.line}`);
    if (this.found.size < 1000) this.found.set(key, places);
  }
}

/** Whether work was done in time. It goes on in any case. */
async function within(work: Promise<void>, waitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), waitMs);
  });
  const inTime = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
