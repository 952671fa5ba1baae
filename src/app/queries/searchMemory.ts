/** Searches that are kept: those of late, and those with a name, which stand in the settings and may be shared through a workspace's. */

import type { Memento } from '../ports/memento';
import type { Settings } from '../settings/settings';
import { describeSearch, isEmptySearch, readSearch, type TraceSearch } from './traceSearch';

/** Where a saved search stands. */
export type SavedIn = 'user' | 'workspace';

export interface SavedSearch {
  readonly name: string;
  /** As it would be typed. */
  readonly query: string;
  readonly from: SavedIn;
}

const recentKey = 'spanhop.recentSearches';
const maxRecent = 10;
/** A list that is longer is nobody's. */
const maxSaved = 500;

export class SearchMemory {
  constructor(
    private readonly settings: Pick<Settings, 'writtenList' | 'writeList'>,
    private readonly memento: Memento,
  ) {}

  /** The newest first. */
  get recent(): readonly TraceSearch[] {
    const kept = this.memento.get(recentKey);
    if (!Array.isArray(kept)) return [];
    return kept
      .slice(0, maxRecent)
      .map(readSearch)
      .filter((search) => !isEmptySearch(search));
  }

  remember(search: TraceSearch): void {
    if (isEmptySearch(search)) return;
    const words = describeSearch(search);
    const others = this.recent.filter((each) => describeSearch(each) !== words);
    void this.memento.update(recentKey, [search, ...others].slice(0, maxRecent));
  }

  /** Of the workspace, then of the user; both have their own name for what they mean. */
  get saved(): readonly SavedSearch[] {
    const of = (from: SavedIn): SavedSearch[] =>
      this.settings
        .writtenList('savedSearches', from)
        .slice(0, maxSaved)
        .map(readEntry)
        .filter((entry) => entry !== undefined)
        .map((entry) => ({ ...entry, from }));
    return [...of('workspace'), ...of('user')];
  }

  /** Takes the place of one of the same name at the same place. */
  async save(name: string, query: string, from: SavedIn): Promise<void> {
    await this.write(from, name, [{ name, query }]);
  }

  async remove({ name, from }: SavedSearch): Promise<void> {
    await this.write(from, name, []);
  }

  /** What else is written there stays as it is, also what cannot be read. */
  private async write(from: SavedIn, name: string, entries: readonly unknown[]): Promise<void> {
    const others = this.settings.writtenList('savedSearches', from).filter((entry) => readEntry(entry)?.name !== name);
    await this.settings.writeList('savedSearches', from, [...others, ...entries]);
  }
}

function readEntry(entry: unknown): Omit<SavedSearch, 'from'> | undefined {
  if (typeof entry !== 'object' || entry === null || !('name' in entry) || !('query' in entry)) return undefined;
  const { name, query } = entry;
  return typeof name === 'string' && name.trim() !== '' && typeof query === 'string' && query.trim() !== ''
    ? { name: name.trim(), query }
    : undefined;
}
