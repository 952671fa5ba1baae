/**
 * What the Traces view shows and how it gets it: the answers of the active backend, and of others that are shown beside it, to the present search.
 * Search and filter are remembered in the workspace.
 */

import { mayComeBack } from '../../backends/common/failures';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { Throttle } from '../../base/throttle';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { Backends } from '../backends/backends';
import type { Memento } from '../ports/memento';
import { isEmptySearch, queryOf, readSearch, type TraceSearch } from '../queries/traceSearch';
import type { Settings } from '../settings/settings';
import type { Attention } from './attention';
import type { BackendFacts } from './backendFacts';
import { Listing } from './listing';
import type { TraceService } from './traceService';

const searchKey = 'traces.search';
/** Live traces come in bursts: the first is shown at once, and the list is asked for again at most this often. */
const refreshMs = 300;

/** Who goes to and fro between windows does not ask each time. */
const comeBackMs = 2_000;

export class TraceList implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<void>());
  private readonly statusChanged = this.disposables.own(new Emitter<void>());
  /** Rows changed. */
  readonly onDidChange = this.changed.event;
  /** What is asked, whether it is being loaded, or what came of it changed. */
  readonly onDidChangeStatus = this.statusChanged.event;

  private listing: Listing;
  private beside: readonly Listing[] = [];
  private readonly refreshing = this.disposables.own(
    new Throttle(() => this.load('live'), { waitMs: () => Math.max(0, this.lastLiveMs + refreshMs - Date.now()) }),
  );
  private visible = false;
  private stale = true;
  /** Backends to which traces came that are not listed yet. */
  private readonly grown = new Set<string>();
  private watching = new Disposables();
  private current: TraceSearch;

  constructor(
    private readonly traces: Pick<TraceService, 'findPages' | 'onDidChange'>,
    private readonly facts: Pick<BackendFacts, 'canArchive' | 'windowOf'>,
    private readonly backends: Pick<
      Backends,
      'active' | 'beside' | 'watch' | 'onDidChangeBeside' | 'onDidChange' | 'onDidChangeActive'
    >,
    private readonly settings: Pick<Settings, 'pageSize' | 'onDidChangeOf'>,
    private readonly memento: Memento,
    /** While somebody is at the list, what comes by itself moves no row. */
    private readonly attention: Pick<Attention, 'here' | 'onDidLeave'>,
  ) {
    this.current = readSearch(memento.get(searchKey));
    this.listing = this.makeListing(this.backends.active);
    this.beside = this.makeOthers();
    this.disposables.add(
      traces.onDidChange(({ dataset }) => {
        if (dataset === LOCAL_DATASET) this.refreshSoon(LOCAL_DATASET);
      }),
      backends.onDidChangeActive(() => this.restart()),
      backends.onDidChange(() => this.restart()),
      backends.onDidChangeBeside(() => this.restart()),
      settings.onDidChangeOf(['traces.pageSize'], () => this.restart()),
      settings.onDidChangeOf(['traces.groupBy'], () => this.changed.fire()),
      attention.onDidLeave(() => this.showNewer()),
      { dispose: () => this.disposeListings() },
      { dispose: () => this.watching.dispose() },
    );
  }

  get search(): TraceSearch {
    return this.current;
  }

  get backend(): string {
    return this.backends.active;
  }

  /** What is listed of the active backend. */
  get main(): Listing {
    return this.listing;
  }

  /** What is listed of others, below it. */
  get others(): readonly Listing[] {
    return this.beside;
  }

  /** When one of those to which traces came was loaded last. */
  private get lastLiveMs(): number {
    const live = this.listings.filter(({ backend }) => this.grown.has(backend));
    return Math.max(0, ...live.map(({ loadedAtMs }) => loadedAtMs));
  }

  /** Something takes long enough that a person may want to know, or to stop it. */
  get isLoading(): boolean {
    return this.listings.some(({ loading }) => loading);
  }

  /** The view came into sight, or left it: a list that nobody sees is not asked for. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    this.watch();
    if (!visible) this.refreshing.cancel();
    else if (this.stale) void this.load('asked');
  }

  /** Searches for something else. Rejects with BadQuery, and leaves things as they are, when the search cannot be read. */
  async setSearch(search: TraceSearch): Promise<void> {
    await queryOf(search, Date.now());
    this.current = search;
    void this.memento.update(searchKey, isEmptySearch(search) ? undefined : search);
    for (const listing of this.listings) listing.restart();
    await this.load('asked');
  }

  /** The person is at the window again: what was away may be there. */
  async cameBack(): Promise<void> {
    if (!this.visible) return;
    const away = this.listings.filter(({ error, underWay }) => error !== undefined && !underWay && mayComeBack(error));
    await Promise.all(
      away.filter(({ loadedAtMs }) => Date.now() - loadedAtMs > comeBackMs).map((each) => each.load(this.current, 'asked')),
    );
  }

  /** Asks again. */
  refresh(): Promise<void> {
    return this.load('asked');
  }

  /** @param backend whose; default: the active one's */
  async loadMore(backend = this.backend): Promise<void> {
    await this.listings.find((listing) => listing.backend === backend)?.load(this.current, 'more');
  }

  /** Lists what has come while the rows held still. */
  showNewer(): void {
    for (const listing of this.listings) listing.showNewer();
  }

  /** Stops what is under way, for a person; the lists stay as they were. */
  cancel(): void {
    for (const listing of this.listings) listing.cancel();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private get listings(): readonly Listing[] {
    return [this.listing, ...this.beside];
  }

  private makeListing(backend: string): Listing {
    const { traces, facts, settings, attention } = this;
    return new Listing(backend, this.current, { traces, facts, settings, attention }, () => this.publish());
  }

  private makeOthers(): readonly Listing[] {
    return [...new Set(this.backends.beside)].map((name) => this.makeListing(name));
  }

  private disposeListings(): void {
    for (const listing of this.listings) listing.dispose();
  }

  /** Another backend, or other settings of it: what is listed is of the past. */
  private restart(): void {
    this.disposeListings();
    this.listing = this.makeListing(this.backends.active);
    this.beside = this.makeOthers();
    this.watch();
    this.stale = true;
    this.publish();
    if (this.visible) void this.load('asked');
  }

  /** What comes while the list is asked for is asked for after it. */
  private refreshSoon(backend: string): void {
    const listing = this.listings.find((one) => one.backend === backend);
    if (!listing) return;
    this.stale = true;
    this.grown.add(backend);
    if (this.visible && !listing.underWay) this.refreshing.ask();
  }

  /** Backends that tell of new traces are listened to while they are seen. */
  private watch(): void {
    this.watching.dispose();
    this.watching = new Disposables();
    if (!this.visible) return;
    for (const { backend } of this.listings) {
      const watched = this.backends.watch(backend, () => this.refreshSoon(backend));
      if (watched) this.watching.add(watched);
    }
  }

  /** All of them, or of live ones those to which traces came. Never rejects. */
  private async load(why: 'asked' | 'live'): Promise<void> {
    this.refreshing.cancel();
    this.stale = false;
    const wanted = why === 'live' ? this.listings.filter(({ backend }) => this.grown.has(backend)) : this.listings;
    this.grown.clear();
    const loading = Promise.all(wanted.map((listing) => listing.load(this.current, why)));
    this.statusChanged.fire();
    const { listing } = this;
    const areLast = await loading;
    if (areLast.every(Boolean) && listing === this.listing && this.stale && this.visible) this.refreshing.ask();
  }

  private publish(): void {
    this.statusChanged.fire();
    this.changed.fire();
  }
}
