/**
 * What the Traces view shows and how it gets it: the answers of the active backend, and of others that are shown beside it, to the present search.
 * Search and filter are remembered in the workspace.
 */

import type { PushDown } from '../../backends/common/pushDown';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import type { ErrorData } from '../../base/errors';
import { Throttle } from '../../base/throttle';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { Backends } from '../backends/backends';
import type { Memento } from '../ports/memento';
import { isEmptySearch, queryOf, readSearch, type TraceSearch } from '../queries/traceSearch';
import type { Settings } from '../settings/settings';
import type { Attention } from './attention';
import { Listing, type LoadReason } from './listing';
import type { TraceNode } from './traceNodes';
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

export class TraceList implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<void>());
  private readonly statusChanged = this.disposables.own(new Emitter<void>());
  /** Rows changed. */
  readonly onDidChange = this.changed.event;
  /** What is asked, whether it is being loaded, or what came of it changed. */
  readonly onDidChangeStatus = this.statusChanged.event;

  private listing: Listing;
  private readonly refreshing = this.disposables.own(
    new Throttle(() => this.load('live'), { waitMs: () => Math.max(0, this.listing.loadedAtMs + refreshMs - Date.now()) }),
  );
  private visible = false;
  private stale = true;
  private current: TraceSearch;

  constructor(
    private readonly traces: Pick<TraceService, 'findPages' | 'onDidChange'>,
    private readonly backends: Pick<Backends, 'active' | 'onDidChange' | 'onDidChangeActive'>,
    private readonly settings: Pick<Settings, 'pageSize' | 'onDidChangeOf'>,
    private readonly memento: Memento,
    /** While somebody is at the list, what comes by itself moves no row. */
    private readonly attention: Pick<Attention, 'here' | 'onDidLeave'>,
  ) {
    this.current = readSearch(memento.get(searchKey));
    this.listing = this.makeListing();
    this.disposables.add(
      traces.onDidChange(({ dataset }) => {
        if (dataset === datasetOf(this.backends.active) && dataset === LOCAL_DATASET) this.refreshSoon();
      }),
      backends.onDidChangeActive(() => this.restart()),
      backends.onDidChange(() => this.restart()),
      settings.onDidChangeOf(['traces.pageSize'], () => this.restart()),
      settings.onDidChangeOf(['traces.groupBy'], () => this.changed.fire()),
      attention.onDidLeave(() => this.showNewer()),
      { dispose: () => this.listing.dispose() },
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
    return this.listing.loading;
  }

  get error(): ErrorData | undefined {
    return this.listing.error;
  }

  /** Newest first. */
  get list(): readonly TraceNode[] {
    const { found } = this;
    if (found === undefined) return [];
    return found.traces.map((overview) => ({ kind: 'trace', backend: found.backend, traceId: overview.traceId, overview }));
  }

  /** Traces that have come and are not listed yet, because the rows hold still. */
  get newer(): number {
    return this.listing.newer;
  }

  get more(): boolean {
    return this.found?.more === true && this.found.traces.length > 0;
  }

  /** Traces of the answer that are not listed, because their ids are none. */
  get leftOut(): number {
    return this.found?.leftOut ?? 0;
  }

  /** What the backend did with the search; undefined: there was no server to do it. */
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
    const { found, error } = this;
    if (found && found.traces.length > 0) return 'listed';
    if (this.loading) return 'loading';
    switch (error?.kind) {
      case undefined:
        break;
      case 'Unauthorized':
        return 'unauthorized';
      case 'Cancelled':
        return 'stopped';
      default:
        return 'problem';
    }
    if (found === undefined) return 'loading';
    if (!isEmptySearch(this.current)) return 'nothingFound';
    return this.backend === LOCAL_DATASET ? 'noTraces' : 'backendEmpty';
  }

  /** The view came into sight, or left it: a list that nobody sees is not asked for. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    if (!visible) this.refreshing.cancel();
    else if (this.stale) void this.load('asked');
  }

  /** Searches for something else. Rejects with BadQuery, and leaves things as they are, when the search cannot be read. */
  async setSearch(search: TraceSearch): Promise<void> {
    await queryOf(search, Date.now());
    this.current = search;
    void this.memento.update(searchKey, isEmptySearch(search) ? undefined : search);
    this.listing.restart();
    await this.load('asked');
  }

  /** Asks again. */
  refresh(): Promise<void> {
    return this.load('asked');
  }

  loadMore(): Promise<void> {
    return this.load('more');
  }

  /** Lists what has come while the rows held still. */
  showNewer(): void {
    this.listing.showNewer();
  }

  /** Stops what is under way, for a person; the list stays as it was. */
  cancel(): void {
    this.listing.cancel();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private get found(): Listing['found'] {
    return this.listing.backend === this.backend ? this.listing.found : undefined;
  }

  private makeListing(): Listing {
    const { traces, settings, attention } = this;
    return new Listing(this.backends.active, { traces, settings, attention }, () => this.publish());
  }

  /** Another backend, or other settings of it: what is listed is of the past. */
  private restart(): void {
    this.listing.dispose();
    this.listing = this.makeListing();
    this.stale = true;
    this.publish();
    if (this.visible) void this.load('asked');
  }

  /** What comes while the list is asked for is asked for after it. */
  private refreshSoon(): void {
    this.stale = true;
    if (this.visible && !this.listing.underWay) this.refreshing.ask();
  }

  /** Never rejects. */
  private async load(why: LoadReason): Promise<void> {
    this.refreshing.cancel();
    this.stale = false;
    const { listing } = this;
    const loading = listing.load(this.current, why);
    this.statusChanged.fire();
    const isLast = await loading;
    if (isLast && listing === this.listing && this.stale && this.visible) this.refreshing.ask();
  }

  private publish(): void {
    this.statusChanged.fire();
    this.changed.fire();
  }
}
