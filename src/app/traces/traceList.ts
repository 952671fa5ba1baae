/**
 * What the Traces view shows and how it gets it: the active backend's answer to the present search. The latest request wins, an older
 * one is cancelled, and the old answer stays until the new one is there. Search and filter are remembered in the workspace.
 */

import type { PushDown } from '../../backends/common/pushDown';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { type ErrorData, SpanhopError, toErrorData } from '../../base/errors';
import { Latest } from '../../base/latest';
import { Throttle } from '../../base/throttle';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { Backends } from '../backends/backends';
import type { Memento } from '../ports/memento';
import { isEmptySearch, queryOf, readSearch, type TraceSearch } from '../queries/traceSearch';
import type { Settings } from '../settings/settings';
import type { Attention } from './attention';
import { holdRows } from './heldRows';
import type { TraceNode } from './traceNodes';
import type { FoundTraces } from './tracePages';
import { datasetOf, type TraceService } from './traceService';

/** What the view's empty states depend on; also the context key `spanhop.tracesState`. */
export type TracesState =
  | 'loading'
  | 'listed'
  | 'noTraces'
  | 'nothingFound'
  | 'backendEmpty'
  | 'problem'
  | 'unauthorized'
  | 'stopped';

const searchKey = 'traces.search';
/** Live traces come in bursts: the first is shown at once, and the list is asked for again at most this often. */
const refreshMs = 300;
/** A shorter wait is shown neither as progress nor as something to stop: a live list would flicker. */
const slowMs = 250;

/** An answer and what it answers. */
interface Answer extends FoundTraces {
  readonly search: TraceSearch;
}

export class TraceList implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<void>());
  private readonly statusChanged = this.disposables.own(new Emitter<void>());
  /** Rows changed. */
  readonly onDidChange = this.changed.event;
  /** What is asked, whether it is being loaded, or what came of it changed. */
  readonly onDidChangeStatus = this.statusChanged.event;

  private found: Answer | undefined;
  /** What would be shown if the rows did not hold still. */
  private held: { readonly answer: Answer; readonly newer: number } | undefined;
  private failure: ErrorData | undefined;
  private readonly asking = this.disposables.own(new Latest());
  private readonly refreshing = this.disposables.own(
    new Throttle(() => this.load('live'), { waitMs: () => Math.max(0, this.loadedAtMs + refreshMs - Date.now()) }),
  );
  /** What a person stops. */
  private stopping = new AbortController();
  private slow = false;
  private pages = 1;
  private slowTimer: ReturnType<typeof setTimeout> | undefined;
  private loadedAtMs = 0;
  private visible = false;
  private stale = true;
  private current: TraceSearch;

  constructor(
    private readonly traces: Pick<TraceService, 'find' | 'onDidChange'>,
    private readonly backends: Pick<Backends, 'active' | 'onDidChange' | 'onDidChangeActive'>,
    private readonly settings: Pick<Settings, 'pageSize' | 'onDidChangeOf'>,
    private readonly memento: Memento,
    /** While somebody is at the list, what comes by itself moves no row. */
    private readonly attention: Pick<Attention, 'here' | 'onDidLeave'>,
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
      attention.onDidLeave(() => this.showNewer()),
      { dispose: () => clearTimeout(this.slowTimer) },
    );
  }

  get search(): TraceSearch {
    return this.current;
  }

  get backend(): string {
    return this.backends.active;
  }

  /** It takes long enough that a person may want to know, or to stop it. */
  get loading(): boolean {
    return this.slow;
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

  /** Traces that have come and are not listed yet, because the rows hold still. */
  get newer(): number {
    return this.held?.newer ?? 0;
  }

  get more(): boolean {
    return this.found?.more === true && this.list.length > 0;
  }

  /** Traces of the answer that are not listed, because their ids are none. */
  get leftOut(): number {
    return this.found?.leftOut ?? 0;
  }

  /** What the backend did with the search; undefined: nothing had to be done elsewhere. */
  get pushDown(): PushDown | undefined {
    return this.found?.pushDown;
  }

  /** Traces that were looked at here; undefined: the backend's answer is the answer. */
  get examined(): number | undefined {
    return this.found?.examined;
  }

  /** Why the answer is not whole, as a sentence. */
  get partial(): string | undefined {
    return this.found?.partial;
  }

  get state(): TracesState {
    if (this.list.length > 0) return 'listed';
    if (this.slow) return 'loading';
    switch (this.failure?.kind) {
      case undefined:
        break;
      case 'Unauthorized':
        return 'unauthorized';
      case 'Cancelled':
        return 'stopped';
      default:
        return 'problem';
    }
    if (this.found === undefined || this.found.backend !== this.backend) return 'loading';
    if (!isEmptySearch(this.current)) return 'nothingFound';
    return this.backend === LOCAL_DATASET ? 'noTraces' : 'backendEmpty';
  }

  /** The view came into sight, or left it: a list that nobody sees is not asked for. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    if (!visible) this.refreshing.cancel();
    else if (this.stale) void this.load();
  }

  /** Searches for something else. Rejects with BadQuery, and leaves things as they are, when the search cannot be read. */
  async setSearch(search: TraceSearch): Promise<void> {
    await queryOf(search, Date.now());
    this.current = search;
    this.pages = 1;
    this.failure = undefined;
    void this.memento.update(searchKey, isEmptySearch(search) ? undefined : search);
    await this.load();
  }

  /** Asks again. */
  refresh(): Promise<void> {
    return this.load();
  }

  loadMore(): Promise<void> {
    this.pages++;
    return this.load();
  }

  /** Lists what has come while the rows held still. */
  showNewer(): void {
    const { held } = this;
    if (!held) return;
    this.held = undefined;
    this.found = held.answer;
    this.publish();
  }

  /** Stops what is under way, for a person; the list stays as it was. */
  cancel(): void {
    this.stopping.abort();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Another backend, or other settings of it: what is listed is of the past. */
  private restart(): void {
    this.pages = 1;
    this.failure = undefined;
    this.found = undefined;
    this.held = undefined;
    this.asking.cancel();
    this.endSlow();
    this.stale = true;
    this.publish();
    if (this.visible) void this.load();
  }

  /** What comes while the list is asked for is asked for after it. */
  private refreshSoon(): void {
    this.stale = true;
    if (this.visible && !this.asking.underWay) this.refreshing.ask();
  }

  /**
   * Never rejects.
   * @param why a person asked for it, or traces came
   */
  private async load(why: 'asked' | 'live' = 'asked'): Promise<void> {
    this.refreshing.cancel();
    this.stale = false;
    this.slowTimer ??= setTimeout(() => {
      this.slow = true;
      this.publish();
    }, slowMs);
    this.statusChanged.fire();
    const search = this.current;
    const stop = new AbortController();
    this.stopping = stop;
    let mine: AbortSignal | undefined;
    try {
      const found = await this.asking.run(async (signal) => {
        mine = signal;
        const query = await queryOf(search, Date.now());
        return this.traces.find({ query, backend: this.backend, limit: this.pages * this.settings.pageSize }, signal);
      }, stop.signal);
      this.take({ ...found, search }, why);
      this.failure = undefined;
    } catch (error) {
      // Something newer took its place.
      if (mine?.aborted && !stop.signal.aborted) return;
      this.fail(error);
    }
    this.loadedAtMs = Date.now();
    this.endSlow();
    this.publish();
    if (this.stale && this.visible) this.refreshing.ask();
  }

  private take(answer: Answer, why: 'asked' | 'live'): void {
    const shown = this.found;
    const isSame = shown !== undefined && shown.search === answer.search && shown.backend === answer.backend;
    const rows = why === 'live' && this.attention.here && isSame ? holdRows(shown.traces, answer.traces, answer.more) : undefined;
    // Where nothing is left of what was shown, nothing is to hold still.
    const isHeld = rows !== undefined && rows.traces.length > 0 && shown !== undefined && shown.traces.length > 0;
    this.held = isHeld ? { answer, newer: rows.newer } : undefined;
    this.found = isHeld ? { ...answer, traces: rows.traces } : answer;
  }

  private fail(error: unknown): void {
    // Rows that answer another question would be taken for this one's answer.
    if (this.found !== undefined && (this.found.search !== this.current || this.found.backend !== this.backend)) {
      this.found = undefined;
      this.held = undefined;
    }
    const data = toErrorData(error);
    this.failure = error instanceof SpanhopError ? data : { ...data, kind: data.kind === 'Cancelled' ? data.kind : 'BadData' };
    this.pages = Math.max(1, Math.ceil((this.found?.traces.length ?? 0) / this.settings.pageSize));
    // What a person stopped is no failure: the list stays as it was.
    if (data.kind === 'Cancelled' && this.found !== undefined) this.failure = undefined;
  }

  private endSlow(): void {
    clearTimeout(this.slowTimer);
    this.slowTimer = undefined;
    this.slow = false;
  }

  private publish(): void {
    this.statusChanged.fire();
    this.changed.fire();
  }
}
