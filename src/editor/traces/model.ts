/**
 * What the Traces view shows and how it gets it: the active backend's answer to the present search. The latest request wins, an older
 * one is cancelled, and the old answer stays until the new one is there. Search and filter are remembered in the workspace.
 */

import { commands, type Disposable, EventEmitter, type Memento } from 'vscode';
import { type ErrorData, SpanhopError, toErrorData } from '../../core/errors';
import { LOCAL_DATASET } from '../../protocol/engineProtocol';
import type { Backends } from '../services/backends';
import type { CaptureService } from '../services/capture';
import { Disposables } from '../services/disposables';
import type { Settings } from '../services/settings';
import { datasetOf, type FoundTraces, type TraceService } from '../services/traces';
import type { TraceNode } from './nodes';
import { isEmptySearch, readSearch, type TraceSearch, toQuery } from './search';

/** What the view's empty states depend on; also the context key `spanhop.tracesState`. */
export type TracesState = 'loading' | 'listed' | 'noTraces' | 'nothingFound' | 'backendEmpty' | 'problem' | 'unauthorized';

const searchKey = 'traces.search';
/** Live traces come in bursts: the list is asked for again at most this often. */
const refreshMs = 300;

export class TracesModel implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new EventEmitter<void>());
  /** The list, its state or the search changed. */
  readonly onDidChange = this.changed.event;

  private found: FoundTraces | undefined;
  private failure: ErrorData | undefined;
  private running: AbortController | undefined;
  private pages = 1;
  private timer: NodeJS.Timeout | undefined;
  private waiting = false;
  private visible = false;
  private stale = true;
  private current: TraceSearch;

  constructor(
    private readonly traces: TraceService,
    private readonly backends: Backends,
    private readonly settings: Settings,
    private readonly memento: Memento,
    capture: CaptureService,
  ) {
    this.current = readSearch(memento.get(searchKey));
    this.disposables.add(
      traces.onDidChange(({ dataset }) => {
        if (dataset === datasetOf(this.backends.active) && dataset === LOCAL_DATASET) this.refreshSoon();
      }),
      backends.onDidChangeActive(() => this.restart()),
      backends.onDidChange(() => this.restart()),
      settings.onDidChangeOf(['traces.pageSize'], () => this.restart()),
      settings.onDidChangeOf(['traces.groupBy'], () => this.changed.fire()),
      capture.onDidChange(() => {
        if (this.state === 'noTraces') this.changed.fire();
      }),
      { dispose: () => clearTimeout(this.timer) },
      { dispose: () => this.running?.abort() },
    );
    this.publish();
  }

  get search(): TraceSearch {
    return this.current;
  }

  get backend(): string {
    return this.backends.active;
  }

  get loading(): boolean {
    return this.running !== undefined;
  }

  get error(): ErrorData | undefined {
    return this.failure;
  }

  /** Newest first. */
  get list(): readonly TraceNode[] {
    const { found } = this;
    if (found === undefined || found.backend !== this.backend) return [];
    return found.traces.map((overview) => ({ kind: 'trace', backend: found.backend, traceId: overview.traceId, overview }));
  }

  get more(): boolean {
    return this.found?.more === true && this.list.length > 0;
  }

  /** Parts of the search that the backend did not take. */
  get filteredHere(): readonly string[] {
    return this.found?.filteredHere ?? [];
  }

  get state(): TracesState {
    if (this.failure) return this.failure.kind === 'Unauthorized' ? 'unauthorized' : 'problem';
    if (this.found === undefined || this.found.backend !== this.backend) return 'loading';
    if (this.list.length > 0) return 'listed';
    if (!isEmptySearch(this.current)) return 'nothingFound';
    return this.backend === LOCAL_DATASET ? 'noTraces' : 'backendEmpty';
  }

  /** The view came into sight, or left it: a list that nobody sees is not asked for. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible && this.stale) void this.load();
  }

  setSearch(search: TraceSearch): Promise<void> {
    this.current = search;
    void this.memento.update(searchKey, isEmptySearch(search) ? undefined : search);
    return this.restart();
  }

  /** Asks again. */
  refresh(): Promise<void> {
    return this.load();
  }

  loadMore(): Promise<void> {
    this.pages++;
    return this.load();
  }

  cancel(): void {
    this.running?.abort();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private restart(): Promise<void> {
    this.pages = 1;
    this.failure = undefined;
    this.found = undefined;
    return this.load();
  }

  private refreshSoon(): void {
    this.stale = true;
    if (!this.visible) return;
    if (this.timer !== undefined || this.running !== undefined) {
      this.waiting = true;
      return;
    }
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        void this.load();
      },
      this.found === undefined ? 0 : refreshMs,
    );
  }

  private async load(): Promise<void> {
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    this.stale = false;
    this.publish();
    try {
      const query = toQuery(this.current, Date.now());
      const limit = this.pages * this.settings.pageSize;
      const found = await this.traces.find({ query, backend: this.backend, limit }, controller.signal);
      if (this.running !== controller) return;
      this.found = found;
      this.failure = undefined;
    } catch (error) {
      if (this.running !== controller) return;
      const data = toErrorData(error);
      // What a person stopped is no failure: the list stays as it was.
      this.failure = data.kind === 'Cancelled' && this.found !== undefined ? undefined : data;
      if (!(error instanceof SpanhopError)) this.failure = { ...data, kind: 'BadData' };
    }
    this.running = undefined;
    this.publish();
    if (this.waiting) {
      this.waiting = false;
      this.refreshSoon();
    }
  }

  private publish(): void {
    const keys: readonly (readonly [string, unknown])[] = [
      ['spanhop.tracesState', this.state === 'loading' ? undefined : this.state],
      ['spanhop.loading', this.loading],
      ['spanhop.searching', !isEmptySearch(this.current)],
      ['spanhop.errorsOnly', this.current.errorsOnly === true],
      ['spanhop.hasMore', this.more],
    ];
    for (const [key, value] of keys) void commands.executeCommand('setContext', key, value);
    this.changed.fire();
  }
}
