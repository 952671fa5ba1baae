/** Rows of the search form for searches that are kept, and how one is saved. */

import { QuickPickItemKind, ThemeIcon } from 'vscode';
import type { SavedIn, SavedSearch, SearchMemory } from '../../app/queries/searchMemory';
import { describeSearch, type TraceSearch } from '../../app/queries/traceSearch';
import { askForText } from '../plain/inputBox';
import { type PickItem, pickOne } from '../plain/quickPick';

export interface KeptRow extends PickItem {
  /** What is searched when it is chosen. */
  readonly search?: TraceSearch;
  /** It may be removed by its button. */
  readonly saved?: SavedSearch;
}

const removeButton = { iconPath: new ThemeIcon('trash'), tooltip: 'Remove from the settings' };

/** @param now what is searched; saved searches have no time range of their own */
export function keptRows(memory: Pick<SearchMemory, 'saved' | 'recent'>, now: TraceSearch): KeptRow[] {
  const { lookbackMs } = now;
  const saved = memory.saved.map(
    (each): KeptRow => ({
      label: each.name,
      description: each.from === 'workspace' ? `${each.query} · of the workspace` : each.query,
      iconPath: new ThemeIcon('bookmark'),
      search: { text: each.query, lookbackMs },
      saved: each,
      buttons: [removeButton],
    }),
  );
  const shown = new Set([describeSearch(now), ...memory.saved.map(({ query }) => describeSearch({ text: query, lookbackMs }))]);
  const recent = memory.recent
    .filter((search) => !shown.has(describeSearch(search)))
    .map((search): KeptRow => ({ label: describeSearch(search), iconPath: new ThemeIcon('history'), search }));
  return [...titled('Saved', saved), ...titled('Recent', recent)];
}

function titled(label: string, rows: readonly KeptRow[]): KeptRow[] {
  return rows.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...rows];
}

/** Asks for a name and keeps the query under it; false when the person gave up. */
export async function saveSearch(
  query: string,
  memory: Pick<SearchMemory, 'saved' | 'save'>,
  hasWorkspace: boolean,
): Promise<boolean> {
  const name = await askForText({
    title: 'Save search',
    prompt: `A name for ${query}`,
    ignoreFocusOut: true,
    validate: (value) => (value.trim() === '' ? 'A name is needed to find it again' : undefined),
  });
  if (name === undefined) return false;
  const from = hasWorkspace ? await askWhere() : 'user';
  if (from === undefined) return false;
  const isTaken = memory.saved.some((each) => each.name === name.trim() && each.from === from);
  if (isTaken && !(await confirmReplacing(name.trim()))) return false;
  await memory.save(name.trim(), query, from);
  return true;
}

async function askWhere(): Promise<SavedIn | undefined> {
  const places: readonly (PickItem & { readonly from: SavedIn })[] = [
    { from: 'user', label: 'For me', description: 'in my own settings' },
    { from: 'workspace', label: 'For all who open this workspace', description: 'in its settings' },
  ];
  return (await pickOne(places, { title: 'Save search', ignoreFocusOut: true }))?.from;
}

async function confirmReplacing(name: string): Promise<boolean> {
  const choices = [
    { label: 'Replace it', replaces: true },
    { label: 'Keep it', replaces: false },
  ];
  return (await pickOne(choices, { title: `There is a search ${name} already`, ignoreFocusOut: true }))?.replaces === true;
}
