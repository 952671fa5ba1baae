/**
 * Traces wherever they are: the capture, open files, backends. Trees, waterfalls and the exported API ask here. A trace that a backend
 * has is fetched once and is then the engine's; everybody names it by its key (dataset and id) afterwards.
 */

import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { SpanhopError, throwIfAborted, toErrorData } from '../../base/errors';
import { Lru } from '../../base/lru';
import { SharedWork } from '../../base/sharedWork';
import { parseTraceId } from '../../core/model/ids';
import type { TraceOverview } from '../../core/model/table';
import type { Query } from '../../core/query/query';
import { LOCAL_DATASET, type TraceKey } from '../../protocol/traces';
import type { Backends } from '../backends/backends';
import type { EngineService } from '../engine/engineService';
import { TraceFiles } from '../files/traceFiles';
import { askInOrder } from './askInOrder';

export interface FindRequest {
  readonly query: Query;
  /** 'local', the name of a backend, or the dataset of an open file; without it: the active one. */
  readonly backend?: string;
  readonly limit: number;
  /** Local traces of one capture only. */
  readonly capture?: string;
}

export interface FoundTraces {
  readonly backend: string;
  /** Newest first. */
  readonly traces: readonly TraceOverview[];
  readonly more: boolean;
  /** Parts of the query that were filtered here and not by the backend, as text. */
  readonly filteredHere: readonly string[];
  /** Traces that the backend answered with and that are not listed, because their ids are none. */
  readonly leftOut?: number;
}

export interface LocateOptions {
  /** Look only there: 'local', or the name of a backend. */
  readonly backend?: string;
  readonly signal?: AbortSignal;
  /** Ask the backend again even when the engine has the trace already. */
  readonly fresh?: boolean;
}

const backendPrefix = 'backend:';
const maxListed = 10_000;

export class TraceService implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<{ dataset: string; traceIds: readonly string[] }>());
  /** Traces of a dataset changed (`traceIds` empty: perhaps all); at most four times a second. */
  readonly onDidChange = this.changed.event;
  private readonly fetching = new SharedWork((label: string, signal) => this.fetchNow(label, signal));
  private readonly askingOthers = new SharedWork((label: string, signal) => this.askBackends(label, signal));
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

  /** Traces of one backend, or of an open file. Rejects with `SpanhopError`. */
  async find(request: FindRequest, signal?: AbortSignal): Promise<FoundTraces> {
    const backend = request.backend ?? this.backends.active;
    const { query, limit, capture } = request;
    const isFile = backend.startsWith('file:');
    if (!isFile) this.backends.require(backend);
    if (isFile || backend === LOCAL_DATASET) {
      if (!isFile) await this.engine.capturesOpened(signal);
      const found = await this.engine.call('findTraces', { dataset: backend, query, limit, capture }, { signal });
      return { backend, ...found, filteredHere: [] };
    }
    const answer = await this.backends.get(backend).find(query, { limit }, signal);
    if (answer.bodies === undefined) {
      this.remember(backend, answer.traces);
      return { backend, traces: answer.traces, more: answer.more, filteredHere: answer.notPushedDown, leftOut: answer.leftOut };
    }
    const local = await this.filterHere(backend, answer.bodies, answer.tracesPerBody, query, limit, signal);
    return { backend, traces: local.traces, more: answer.more || local.more, filteredHere: answer.notPushedDown };
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
      if (known) return known;
      if (backend === LOCAL_DATASET) throw notFound(id, 'the captures of this window');
      return this.fetch(id, backend, signal);
    }
    const known = await this.askAnywhere(id, signal);
    if (known.key === undefined) return this.fetchFromAny(id, known.trouble, signal);
    // What is here already is as fresh as it gets.
    const isBackends = known.key.dataset.startsWith(backendPrefix);
    return fresh && isBackends ? this.fetch(id, TraceService.backendOf(known.key.dataset), signal) : known.key;
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

  /** Gets a trace from a backend into the engine; callers that ask at the same time share one request. */
  private fetch(traceId: string, backend: string, signal: AbortSignal | undefined): Promise<TraceKey> {
    return this.fetching.get(JSON.stringify([traceId, backend]), signal);
  }

  private askBackends(label: string, signal: AbortSignal) {
    const [id, names]: [string, readonly string[]] = JSON.parse(label);
    return askInOrder(names, {
      ask: async (name, asking) => this.backends.get(name).get(id, asking),
      take: (name, bytes) => this.take(id, name, bytes, signal),
      signal,
    });
  }

  private async fetchNow(label: string, signal: AbortSignal): Promise<TraceKey> {
    const [id, backend]: [string, string] = JSON.parse(label);
    return this.take(id, backend, await this.backends.get(backend).get(id, signal), signal);
  }

  /** What a backend answered goes into the engine. */
  private async take(id: string, backend: string, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<TraceKey> {
    const dataset = datasetOf(backend);
    await this.engine.call('addBytes', { dataset, name: backend, bytes }, { signal, timeoutMs: 0, transfer: [bytes.buffer] });
    const key = await this.ask(id, dataset, signal);
    if (!key) throw notFound(id, `the answer of "${backend}"`);
    return key;
  }

  /** Whole traces that came with a search go into the engine, which filters what the backend did not. */
  private async filterHere(
    backend: string,
    bodies: readonly Uint8Array<ArrayBuffer>[],
    tracesPerBody: number | undefined,
    query: Query,
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly traces: readonly TraceOverview[]; readonly more: boolean }> {
    const dataset = datasetOf(backend);
    const answered = new Set<string>();
    let cut = false;
    for (const bytes of bodies) {
      const content = await this.engine.call(
        'addBytes',
        { dataset, name: backend, bytes },
        { signal, timeoutMs: 0, transfer: [bytes.buffer] },
      );
      for (const trace of content.traces) answered.add(trace.traceId);
      cut ||= content.traces.length >= (tracesPerBody ?? Number.POSITIVE_INFINITY);
    }
    const { traces } = await this.engine.call('findTraces', { dataset, query, limit: answered.size + limit }, { signal });
    const matching = traces.filter((trace) => answered.has(trace.traceId));
    return { traces: matching.slice(0, limit), more: cut || matching.length > limit };
  }
}

/** The dataset of a backend's traces; 'local' and files are datasets themselves. */
export function datasetOf(backend: string): string {
  return backend === LOCAL_DATASET || backend.startsWith('file:') ? backend : `${backendPrefix}${backend}`;
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
