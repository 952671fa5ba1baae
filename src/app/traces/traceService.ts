/**
 * Traces wherever they are: the capture, open files, backends. Trees, waterfalls and the exported API ask here. A trace that a backend
 * has is fetched once and is then the engine's; everybody names it by its key (dataset and id) afterwards.
 */

import type { FoundTrace } from '../../backends/common/backend';
import { abortable } from '../../base/abortable';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { SpanhopError, throwIfAborted, toErrorData } from '../../base/errors';
import { Lru } from '../../base/lru';
import { SharedWork } from '../../base/sharedWork';
import { wait } from '../../base/wait';
import { parseTraceId } from '../../core/model/ids';
import type { TraceOverview } from '../../core/model/table';
import { LOCAL_DATASET, type TraceKey } from '../../protocol/traces';
import { backendPrefix, datasetOf } from '../backends/backendDataset';
import type { Backends } from '../backends/backends';
import type { EngineService } from '../engine/engineService';
import { TraceFiles } from '../files/traceFiles';
import { askInOrder } from './askInOrder';
import { GrowingTraces } from './growing';
import {
  type FindPagesRequest,
  type FindRequest,
  type FoundPage,
  FoundPages,
  type FoundTraces,
  pagesOfBackend,
  pagesOfDataset,
} from './tracePages';

export interface LocateOptions {
  /** Look only there: 'local', or the name of a backend. */
  readonly backend?: string;
  readonly signal?: AbortSignal;
  /** Ask the backend again even when the engine has the trace already. */
  readonly fresh?: boolean;
}

const maxListed = 10_000;
/** Traces of a page, where only a few are wanted. */
const leastPage = 20;
/** Milliseconds that a trace that is here already is held back for what may have come to it. */
const patienceMs = 3_000;

export class TraceService implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<{ dataset: string; traceIds: readonly string[] }>());
  /** Traces of a dataset changed (`traceIds` empty: perhaps all); at most four times a second. */
  readonly onDidChange = this.changed.event;
  private readonly fetching = new SharedWork((label: string, signal) => this.fetchNow(label, signal));
  private readonly askingOthers = new SharedWork((label: string, signal) => this.askBackends(label, signal));
  private readonly growing = new GrowingTraces();
  /** Traces of which a backend gave an overview: its name, by trace. The latest are kept. */
  private readonly listed = new Lru<string, string>({ maxSize: maxListed });

  constructor(
    private readonly engine: Pick<EngineService, 'call' | 'started' | 'capturesOpened' | 'onDidChangeTraces'>,
    private readonly backends: Pick<Backends, 'active' | 'names' | 'require' | 'get' | 'onDidChangeActive'>,
    files: Pick<TraceFiles, 'onDidReload'>,
  ) {
    this.disposables.add(
      engine.onDidChangeTraces((event) => this.changed.fire(event)),
      files.onDidReload((uri) => this.changed.fire({ dataset: TraceFiles.datasetOf(uri), traceIds: [] })),
      backends.onDidChangeActive((name) => this.changed.fire({ dataset: datasetOf(name), traceIds: [] })),
    );
  }

  /** Name of the backend that a dataset belongs to: 'local' for captures, the file's address for a file. */
  static backendOf(dataset: string): string {
    return dataset.startsWith(backendPrefix) ? dataset.slice(backendPrefix.length) : dataset;
  }

  /** The newest traces of one backend, or of an open file. Rejects with `SpanhopError`. */
  async find({ limit, ...request }: FindRequest & { readonly limit: number }, signal?: AbortSignal): Promise<FoundTraces> {
    const all = new FoundPages(request.backend ?? this.backends.active);
    // Of small pages that are filtered here, many would be asked for.
    for await (const page of this.findPages({ ...request, pageSize: Math.max(limit, leastPage) }, signal)) {
      all.add(page);
      if (all.count >= limit || all.isEnough) break;
    }
    return all.found(limit);
  }

  /** Traces of one backend, or of an open file, as they come, each once. Rejects with `SpanhopError`. */
  async *findPages(request: FindPagesRequest, signal?: AbortSignal): AsyncGenerator<FoundPage, void, undefined> {
    const { query, pageSize, cursor, capture } = request;
    const backend = request.backend ?? this.backends.active;
    const isFile = backend.startsWith('file:');
    if (!isFile) this.backends.require(backend);
    if (isFile || backend === LOCAL_DATASET) {
      if (!isFile) await this.engine.capturesOpened(signal);
      yield* pagesOfDataset(this.engine, { dataset: backend, query, pageSize, cursor, capture }, signal);
      return;
    }
    const found = await this.backends.get(backend);
    for await (const page of pagesOfBackend(this.engine, found, datasetOf(backend), { query, pageSize, cursor }, signal)) {
      this.remember(backend, page.traces);
      yield page;
    }
  }

  /**
   * Where a trace is, and it is in the engine then: in open files, the captures, the active backend, or the others, in this order.
   * Takes any form of a trace id, or a `traceparent`. Rejects with NotFound, or with what the only backend asked said.
   */
  async locate(traceId: string, options: LocateOptions = {}): Promise<TraceKey> {
    const id = requireTraceId(traceId);
    const { backend, signal, fresh } = options;
    if (backend !== undefined) {
      if (backend.startsWith('file:')) return this.inFile(id, backend, signal);
      this.backends.require(backend);
      if (backend === LOCAL_DATASET) await this.engine.capturesOpened(signal);
      const known = fresh && backend !== LOCAL_DATASET ? undefined : await this.ask(id, datasetOf(backend), signal);
      if (known) return this.renewed(known, signal);
      if (backend === LOCAL_DATASET) throw notFound(id, 'the captures of this window');
      return this.fetch(id, backend, signal);
    }
    const known = await this.askAnywhere(id, signal);
    if (known.key === undefined) return this.fetchFromAny(id, known.trouble, signal);
    // What is here already is as fresh as it gets.
    const isBackends = known.key.dataset.startsWith(backendPrefix);
    return fresh && isBackends
      ? this.fetch(id, TraceService.backendOf(known.key.dataset), signal)
      : this.renewed(known.key, signal);
  }

  /** Where a trace is that was found, opened or captured before. Rejects with NotFound; a backend that listed it is asked for it. */
  async known(traceId: string): Promise<TraceKey> {
    const id = requireTraceId(traceId);
    const { key, trouble } = await this.askAnywhere(id, undefined);
    if (key) return key;
    const backend = this.listed.get(id);
    if (backend !== undefined) return this.fetch(id, backend, undefined);
    if (trouble) throw trouble;
    throw new SpanhopError('NotFound', `Trace ${id} is not known. Find, open or capture it first.`);
  }

  /** Where a trace is in the engine. It is looked for at once, and once more when kept captures were read; that they cannot be is no obstacle. */
  private async askAnywhere(
    id: string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly key: TraceKey | undefined; readonly trouble?: SpanhopError }> {
    const key = await this.ask(id, undefined, signal);
    if (key) return { key };
    try {
      await this.engine.capturesOpened(signal);
    } catch (error) {
      throwIfAborted(signal);
      return { key: undefined, trouble: SpanhopError.from(toErrorData(error)) };
    }
    return { key: await this.ask(id, undefined, signal) };
  }

  /** Where a trace is in the engine; undefined when it is not there. */
  ask(traceId: string, dataset: string | undefined, signal?: AbortSignal): Promise<TraceKey | undefined> {
    return this.engine.call('locateTrace', { traceId, dataset }, { signal });
  }

  /**
   * Of each id (32 digits) whether there is such a trace as far as this window knows: in the engine, or listed by a backend. Nobody is asked
   * for it, and an engine that does not run holds none.
   */
  async areKnown(traceIds: readonly string[]): Promise<readonly boolean[]> {
    if (!this.engine.started || traceIds.length === 0) return traceIds.map((id) => this.listed.has(id));
    const inEngine = await this.engine.call('knownTraces', { traceIds });
    return traceIds.map((id, i) => inEngine[i] || this.listed.has(id));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private remember(backend: string, traces: readonly TraceOverview[]): void {
    for (const { traceId } of traces) this.listed.set(traceId, backend);
  }

  private async inFile(id: string, dataset: string, signal: AbortSignal | undefined): Promise<TraceKey> {
    const key = await this.ask(id, dataset, signal);
    if (!key) throw notFound(id, 'this file');
    return key;
  }

  /** @param trouble with the captures: they were not looked through */
  private async fetchFromAny(id: string, trouble: SpanhopError | undefined, signal: AbortSignal | undefined): Promise<TraceKey> {
    const names = this.backends.names.filter((name) => name !== LOCAL_DATASET);
    names.sort((a, b) => Number(b === this.backends.active) - Number(a === this.backends.active));
    const found = await this.askingOthers.get(JSON.stringify([id, names]), signal);
    if ('taken' in found) return found.taken;
    const troubles = found.errors.filter(({ kind }) => kind !== 'NotFound');
    const [first] = troubles;
    if (first && troubles.length === names.length) throw new SpanhopError(first.kind, sentences(troubles), first.detail);
    const asked =
      names.length === 0 ? 'open files and captures; no backend is configured' : `open files, captures, ${names.join(', ')}`;
    const unanswered = [...(trouble ? [trouble] : []), ...troubles];
    throw new SpanhopError('NotFound', [`There is no trace ${id} (looked in ${asked}).`, sentences(unanswered)].join(' ').trim());
  }

  /**
   * A trace that may have grown since a backend gave it is asked for again. What is here is as good where the backend does not answer; where that takes
   * long, what comes is added later.
   */
  private async renewed(key: TraceKey, signal: AbortSignal | undefined): Promise<TraceKey> {
    const backend = TraceService.backendOf(key.dataset);
    if (!key.dataset.startsWith(backendPrefix) || !this.growing.mayHaveGrown(backend, key.traceId)) return key;
    const asking = this.fetch(key.traceId, backend, undefined).catch(() => key);
    return abortable(Promise.race([asking, wait(patienceMs).then(() => key)]), signal);
  }

  /** Gets a trace from a backend into the engine; callers that ask at the same time share one request. */
  private fetch(traceId: string, backend: string, signal: AbortSignal | undefined): Promise<TraceKey> {
    return this.fetching.get(JSON.stringify([traceId, backend]), signal);
  }

  private askBackends(label: string, signal: AbortSignal) {
    const [id, names]: [string, readonly string[]] = JSON.parse(label);
    return askInOrder(names, {
      ask: async (name, asking) => (await this.backends.get(name)).get(id, asking),
      take: (name, found) => this.take(id, name, found, signal),
      signal,
    });
  }

  private async fetchNow(label: string, signal: AbortSignal): Promise<TraceKey> {
    const [id, backend]: [string, string] = JSON.parse(label);
    const asked = await this.backends.get(backend);
    return this.take(id, backend, await asked.get(id, signal), signal);
  }

  /** What a backend answered goes into the engine. */
  private async take(
    id: string,
    backend: string,
    { bodies, traceId = id, partial }: FoundTrace,
    signal: AbortSignal,
  ): Promise<TraceKey> {
    const dataset = datasetOf(backend);
    const overviews: TraceOverview[] = [];
    for (const bytes of bodies) {
      const options = { signal, timeoutMs: 0, transfer: [bytes.buffer] };
      overviews.push(...(await this.engine.call('addBytes', { dataset, name: backend, bytes, partial }, options)).traces);
    }
    this.growing.fetched(backend, traceId, overviews);
    const key = await this.ask(traceId, dataset, signal);
    if (!key) throw notFound(id, `the answer of "${backend}"`);
    return key;
  }
}

/** 32 hex digits from what a person gave; throws BadQuery. */
export function requireTraceId(text: string): string {
  const id = parseTraceId(text);
  if (id === undefined) {
    const excerpt = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    throw new SpanhopError('BadQuery', `"${excerpt}" is no trace id: it has up to 32 hexadecimal digits, or is a traceparent.`);
  }
  return id;
}

/** What several said, each once. */
function sentences(errors: readonly SpanhopError[]): string {
  return [...new Set(errors.map(({ message }) => message))].join(' ');
}

function notFound(id: string, where: string): SpanhopError {
  return new SpanhopError('NotFound', `There is no trace ${id} in ${where}.`);
}
