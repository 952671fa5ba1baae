/**
 * The text search as resolution sees it, loaded with its first question, and warmed by traces: who opens one span of a trace opens others, so
 * with the first text that is looked for, the engine tells what else may be, and one search answers for all.
 */

import { type Disposable, Disposables } from '../../base/disposables';
import { Lru } from '../../base/lru';
import type { TraceKey } from '../../protocol/traces';
import type { SearchReach, TextSearchAnswer, TextSearchPort } from '../../source';
import type { EngineService } from '../engine/engineService';
import type { Log } from '../ports/log';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';
import type { WorkspaceTextSearch } from './textSearch/textSearch';

/** Texts of one trace, and of the others beside it. */
const maxNeedles = 2000;
/**
 * How long the first text waits for the others, so that they go into one search. A search for two thousand texts takes hardly longer than one for
 * five, for most of it is opening files; two searches at the same time take twice as long. The engine answers in a few milliseconds unless the
 * trace is very large, and then the first text goes alone.
 */
const waitMs = 50;
const maxTraces = 200;

export interface SourceSearchOptions {
  readonly files: WorkspaceFiles;
  readonly engine: Pick<EngineService, 'call' | 'started'>;
  readonly log: Log;
}

export class SourceSearch implements TextSearchPort, Disposable {
  private readonly disposables = new Disposables();
  private loaded: Promise<WorkspaceTextSearch> | undefined;
  /** Traces whose texts were looked for, or are. */
  private readonly warmed = new Lru<string, Promise<void>>({ maxSize: maxTraces });

  constructor(private readonly options: SourceSearchOptions) {
    // Answers that were forgotten are to be found by one search again.
    this.disposables.add(options.files.onDidChange(() => this.warmed.clear()));
  }

  async find(text: string, signal?: AbortSignal, reach?: SearchReach): Promise<TextSearchAnswer> {
    return (await this.load()).find(text, signal, reach);
  }

  /** The same for a span of a trace, whose other texts are looked for along with it. */
  ofTrace(trace: TraceKey): TextSearchPort {
    return {
      find: async (text, signal, reach) => {
        const search = await this.load();
        await Promise.race([this.warm(trace), new Promise((resolve) => setTimeout(resolve, waitMs))]);
        return search.find(text, signal, reach);
      },
    };
  }

  /** Has the texts of a trace looked for, once. Resolves when that has begun. */
  warm({ dataset, traceId }: TraceKey): Promise<void> {
    const label = `${dataset} ${traceId}`;
    const known = this.warmed.get(label);
    if (known) return known;
    const warming = this.load().then(async (search) => {
      try {
        const needles = await this.options.engine.call('sourceNeedles', { dataset, traceId, limit: maxNeedles });
        // It ends with whoever asked for it.
        search.warm(needles).catch(() => {});
      } catch (error) {
        this.options.log.debug(`The texts of trace ${traceId} are looked for one by one: ${String(error)}`);
      }
    });
    this.warmed.set(label, warming);
    return warming;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private load(): Promise<WorkspaceTextSearch> {
    this.loaded ??= import('./textSearch/textSearch').then(({ WorkspaceTextSearch: Search }) =>
      this.disposables.own(new Search(this.options)),
    );
    return this.loaded;
  }
}
