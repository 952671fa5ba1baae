/**
 * What is listed of one backend, and how it gets there: its answer to the present search, page by page. The latest request wins, an older one is cancelled, and the old answer
 * stays until the new one is there; where there was none, pages are shown as they come.
 */

import type { PushDown } from '../../backends/common/pushDown';
import { type Disposable, Disposables } from '../../base/disposables';
import { type ErrorData, SpanhopError, toErrorData } from '../../base/errors';
import { Latest } from '../../base/latest';
import { LOCAL_DATASET } from '../../protocol/traces';
import { isEmptySearch, queryOf, type TraceSearch } from '../queries/traceSearch';
import type { Settings } from '../settings/settings';
import type { Attention } from './attention';
import type { BackendFacts } from './backendFacts';
import { holdRows } from './heldRows';
import type { TraceNode } from './traceNodes';
import { FoundPages, type FoundTraces } from './tracePages';
import type { TraceService } from './traceService';

/** A shorter wait is shown neither as progress nor as something to stop: a live list would flicker. */
const slowMs = 250;

/** An answer and what it answers. */
interface Answer extends FoundTraces {
  readonly search: TraceSearch;
}

/** What a list's empty states depend on; of the active backend also the context key `spanhop.tracesState`. */
export type TracesState =
  | 'loading'
  | 'listed'
  | 'noTraces'
  | 'nothingFound'
  | 'backendEmpty'
  | 'problem'
  | 'unauthorized'
  | 'stopped';

/** A person asked for it, for what is behind it, or traces came. */
export type LoadReason = 'asked' | 'more' | 'live';

export interface ListingServices {
  readonly traces: Pick<TraceService, 'findPages'>;
  readonly facts: Pick<BackendFacts, 'canArchive' | 'windowOf'>;
  readonly settings: Pick<Settings, 'pageSize'>;
  /** While somebody is at the list, what comes by itself moves no row. */
  readonly attention: Pick<Attention, 'here'>;
}

export class Listing implements Disposable {
  private readonly disposables = new Disposables();
  private answer: Answer | undefined;
  /** What would be shown if the rows did not hold still. */
  private held: { readonly answer: Answer; readonly newer: number } | undefined;
  private failure: ErrorData | undefined;
  private readonly asking = this.disposables.own(new Latest());
  /** What a person stops. */
  private stopping = new AbortController();
  private slow = false;
  /** Rows that are wanted, in pages. */
  private pages = 1;
  private slowTimer: ReturnType<typeof setTimeout> | undefined;
  /** Epoch milliseconds; 0: never. */
  loadedAtMs = 0;
  /** When what is listed was answered, in epoch milliseconds. */
  answeredAtMs = 0;

  /**
   * @param asked what is going to be asked for
   * @param changed is called when anything of it changed
   */
  constructor(
    readonly backend: string,
    private asked: TraceSearch,
    private readonly services: ListingServices,
    private readonly changed: () => void,
  ) {
    this.disposables.add({ dispose: () => clearTimeout(this.slowTimer) });
  }

  /** It takes long enough that a person may want to know, or to stop it. */
  get loading(): boolean {
    return this.slow;
  }

  get underWay(): boolean {
    return this.asking.underWay;
  }

  get error(): ErrorData | undefined {
    return this.failure;
  }

  /** How far back it goes where that is not said, in milliseconds; undefined: to the first trace. */
  get windowMs(): number | undefined {
    return this.services.facts.windowOf(this.backend);
  }

  /** What was asked for last. */
  get search(): TraceSearch {
    return this.asked;
  }

  /** Newest first. */
  get list(): readonly TraceNode[] {
    const { answer, backend } = this;
    const canArchive = this.services.facts.canArchive(backend);
    return (answer?.traces ?? []).map((overview) => ({
      kind: 'trace',
      backend,
      traceId: overview.traceId,
      overview,
      canArchive,
    }));
  }

  get count(): number {
    return this.answer?.traces.length ?? 0;
  }

  get more(): boolean {
    return this.answer?.more === true;
  }

  /** Traces of the answer that are not listed, because their ids are none. */
  get leftOut(): number {
    return this.answer?.leftOut ?? 0;
  }

  /** What the backend did with the search; undefined: there was no server to do it. */
  get pushDown(): PushDown | undefined {
    return this.answer?.pushDown;
  }

  /** Traces that were looked at here; undefined: the backend's answer is the answer. */
  get examined(): number | undefined {
    return this.answer?.examined;
  }

  /** Why the answer is not whole, as a sentence. */
  get partial(): string | undefined {
    return this.answer?.partial;
  }

  get state(): TracesState {
    const { answer, failure } = this;
    if (this.count > 0) return 'listed';
    if (this.slow) return 'loading';
    switch (failure?.kind) {
      case undefined:
        break;
      case 'Unauthorized':
        return 'unauthorized';
      case 'Cancelled':
        return 'stopped';
      default:
        return 'problem';
    }
    if (answer === undefined) return 'loading';
    if (!isEmptySearch(this.asked)) return 'nothingFound';
    return this.backend === LOCAL_DATASET ? 'noTraces' : 'backendEmpty';
  }

  /** Traces that have come and are not listed yet, because the rows hold still. */
  get newer(): number {
    return this.held?.newer ?? 0;
  }

  /** The next search begins at the first page. */
  restart(): void {
    this.pages = 1;
    this.failure = undefined;
  }

  /** Lists what has come while the rows held still. */
  showNewer(): void {
    const { held } = this;
    if (!held) return;
    this.held = undefined;
    this.answer = held.answer;
    this.changed();
  }

  /** Stops what is under way, for a person; the list stays as it was. */
  cancel(): void {
    this.stopping.abort();
  }

  /** Never rejects. False: something newer took its place. */
  async load(search: TraceSearch, why: LoadReason): Promise<boolean> {
    if (why === 'more') this.pages++;
    this.asked = search;
    this.slowTimer ??= setTimeout(() => {
      this.slow = true;
      this.changed();
    }, slowMs);
    const stop = new AbortController();
    this.stopping = stop;
    let mine: AbortSignal | undefined;
    try {
      await this.asking.run((signal) => {
        mine = signal;
        return this.read(search, why, signal);
      }, stop.signal);
      this.failure = undefined;
      this.answeredAtMs = Date.now();
    } catch (error) {
      // Something newer took its place.
      if (mine?.aborted && !stop.signal.aborted) return false;
      this.fail(error, search);
    }
    this.loadedAtMs = Date.now();
    this.endSlow();
    this.changed();
    return true;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async read(search: TraceSearch, why: LoadReason, signal: AbortSignal): Promise<void> {
    const query = await queryOf(search, Date.now());
    const { backend, answer } = this;
    const { pageSize: page } = this.services.settings;
    const before = why === 'more' && answer?.search === search ? answer : undefined;
    const wanted = before ? before.traces.length + page : this.pages * page;
    // What is here already is asked for at once.
    const pageSize = backend === LOCAL_DATASET ? wanted - (before?.traces.length ?? 0) : page;
    const pages = new FoundPages(backend, before);
    const isShownAsItComes = before !== undefined || answer?.search !== search;
    for await (const found of this.services.traces.findPages({ query, backend, pageSize, cursor: before?.cursor }, signal)) {
      signal.throwIfAborted();
      pages.add(found);
      if (pages.count >= wanted || pages.isEnough || found.cursor === undefined) break;
      if (isShownAsItComes && found.traces.length > 0) this.show({ ...pages.found(), search });
    }
    signal.throwIfAborted();
    this.take({ ...pages.found(), search }, why);
  }

  private show(answer: Answer): void {
    this.held = undefined;
    this.answer = answer;
    this.changed();
  }

  private take(answer: Answer, why: LoadReason): void {
    const shown = this.answer;
    const isSame = shown !== undefined && shown.search === answer.search;
    const holds = why === 'live' && this.services.attention.here && isSame;
    const rows = holds ? holdRows(shown.traces, answer.traces, answer.more) : undefined;
    // Where nothing is left of what was shown, nothing is to hold still.
    const isHeld = rows !== undefined && rows.traces.length > 0 && shown !== undefined && shown.traces.length > 0;
    this.held = isHeld ? { answer, newer: rows.newer } : undefined;
    this.answer = isHeld ? { ...answer, traces: rows.traces } : answer;
  }

  private fail(error: unknown, search: TraceSearch): void {
    // Rows that answer another question would be taken for this one's answer.
    if (this.answer !== undefined && this.answer.search !== search) {
      this.answer = undefined;
      this.held = undefined;
    }
    const data = toErrorData(error);
    this.failure = error instanceof SpanhopError ? data : { ...data, kind: data.kind === 'Cancelled' ? data.kind : 'BadData' };
    this.pages = Math.max(1, Math.ceil((this.answer?.traces.length ?? 0) / this.services.settings.pageSize));
    // What a person stopped is no failure: the list stays as it was.
    if (data.kind === 'Cancelled' && this.answer !== undefined) this.failure = undefined;
  }

  private endSlow(): void {
    clearTimeout(this.slowTimer);
    this.slowTimer = undefined;
    this.slow = false;
  }
}
