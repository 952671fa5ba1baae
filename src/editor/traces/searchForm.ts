/**
 * The search as quick picks: one list with a line for each thing that can be asked for, which comes back after each choice, and is carried
 * out by its first line. Nothing is drawn that VS Code has not.
 */

import { QuickPickItemKind, ThemeIcon } from 'vscode';
import type { SearchMemory } from '../../app/queries/searchMemory';
import {
  describeSearch,
  exactDuration,
  formatAttributes,
  loadLanguage,
  parseAttributes,
  parseDuration,
  type QueryLanguage,
  searchText,
  type TraceSearch,
  timeRanges,
} from '../../app/queries/traceSearch';
import { toErrorData } from '../../base/errors';
import type { Vocabulary } from '../../core/query/completion';
import type { Field as QueryField } from '../../core/query/query';
import { LOCAL_DATASET } from '../../protocol/traces';
import { askForText } from '../plain/inputBox';
import { type PickItem, PlainQuickPick, pickOne } from '../plain/quickPick';
import { type KeptRow, keptRows, saveSearch } from './keptSearches';
import { type QueryRow, QueryRows, type QueryRowsOptions } from './queryRows';

/** What the form asks of the backend, for completion; a failure gives no proposals and is no obstacle. */
export interface SearchProposals {
  services(): Promise<readonly string[]>;
  operations(service: string | undefined): Promise<readonly string[]>;
  attributeKeys(): Promise<readonly string[]>;
  attributeValues(field: QueryField): Promise<readonly (string | number | boolean)[]>;
}

/** Where searches are kept. */
export interface KeptSearches {
  readonly memory: Pick<SearchMemory, 'saved' | 'recent' | 'save' | 'remove'>;
  /** There are settings that others share. */
  readonly hasWorkspace: boolean;
}

type Field =
  | 'run'
  | 'clear'
  | 'write'
  | 'save'
  | 'service'
  | 'operation'
  | 'errors'
  | 'least'
  | 'most'
  | 'attributes'
  | 'time'
  | 'text';

interface FieldItem extends QueryRow, KeptRow {
  readonly field?: Field;
}

/** Asks a person; undefined when they leave without searching. */
export async function askForSearch(
  initial: TraceSearch,
  backend: string,
  proposals: SearchProposals,
  kept: KeptSearches,
): Promise<TraceSearch | undefined> {
  const language = await loadLanguage();
  let search = initial;
  for (;;) {
    const picked = await pickField(search, backend, proposals, kept, language);
    if (picked === undefined) return undefined;
    if (picked.typed !== undefined) return { ...search, text: picked.typed };
    if (picked.search) return picked.search;
    switch (picked.field) {
      case undefined:
        return undefined;
      case 'run':
        return search;
      case 'clear':
        return {};
      case 'save':
        await saveSearch(searchText(search, language) ?? '', kept.memory, kept.hasWorkspace);
        break;
      case 'write': {
        // From now on it is a query: its fields would stand beside it unseen.
        const written = { text: searchText(search, language), lookbackMs: search.lookbackMs };
        const asked = await askQuery(written, proposals, language);
        if (asked) search = { ...written, text: asked.text };
        break;
      }
      default:
        search = await change(search, backend, picked.field, proposals, language);
    }
  }
}

/** The form: its fields, and on top what Enter does, which is also to look for what was typed instead of a choice. */
function pickField(
  search: TraceSearch,
  backend: string,
  proposals: SearchProposals,
  { memory }: KeptSearches,
  language: QueryLanguage,
): Promise<FieldItem | undefined> {
  const all = (): FieldItem[] => [...fieldItems(search, backend, language), ...keptRows(memory, search)];
  let fields = all();
  const pick = new PlainQuickPick<FieldItem>({
    title: `Search traces of ${backend}`,
    placeholder: 'Choose, or type words or a query (TraceQL): { status = error && duration > 200ms }',
    ignoreFocusOut: true,
  });
  pick.items = fields;
  pick.onDidTriggerItemButton(async ({ item }) => {
    if (!item.saved) return;
    await memory.remove(item.saved);
    fields = all();
    pick.items = fields;
  });
  return pickTyped(pick, {
    language,
    values: (field) => proposals.attributeValues(field),
    vocabulary: () => vocabularyOf(proposals, search.service),
    describe: (typed) => describeSearch({ ...search, text: typed }),
    show: (rows) => {
      pick.items = rows.length === 0 ? fields : [...rows, ...fields.filter((item) => item.field !== 'run')];
    },
  });
}

/** Words or a query alone; an empty one is any. Undefined: given up. */
async function askQuery(
  search: TraceSearch,
  proposals: SearchProposals,
  language: QueryLanguage,
): Promise<{ readonly text: string | undefined } | undefined> {
  const pick = new PlainQuickPick<QueryRow>({
    title: 'Text or query',
    placeholder: 'Words, or a query (TraceQL): { span.http.response.status_code >= 500 }; empty: any',
    ignoreFocusOut: true,
  });
  const any: QueryRow = { label: 'Any', description: 'no text', typed: '', alwaysShow: true };
  pick.items = [any];
  pick.value = search.text ?? '';
  const picked = await pickTyped(pick, {
    language,
    values: (field) => proposals.attributeValues(field),
    vocabulary: () => vocabularyOf(proposals, search.service),
    describe: (typed) => typed,
    show: (rows) => {
      pick.items =
        rows.length === 0 ? [any] : rows.map((row) => (row.typed === undefined ? row : { ...row, label: 'Look for it' }));
    },
  });
  return picked && { text: picked.typed?.trim() || undefined };
}

/** Shows a pick into which a query may be typed, until something else is chosen in it. */
function pickTyped<T extends QueryRow>(
  pick: PlainQuickPick<T>,
  options: Omit<QueryRowsOptions<T>, 'pick'>,
): Promise<T | undefined> {
  const rows = new QueryRows({ ...options, pick });
  return new Promise((resolve) => {
    if (pick.value !== '') rows.check();
    pick.onDidAccept(() => {
      // Whoever types and presses Enter at once is faster than the rows: one of before is selected then.
      const [selected] = pick.selectedItems;
      const chosen = selected && pick.items.includes(selected) ? selected : pick.items[0];
      if (!chosen || rows.take(chosen)) return;
      resolve(chosen);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      rows.dispose();
      pick.dispose();
    });
    pick.show();
  });
}

/** What is not known is not proposed. */
async function vocabularyOf(proposals: SearchProposals, service: string | undefined): Promise<Vocabulary> {
  const known = (list: Promise<readonly string[]>): Promise<readonly string[]> => list.catch(() => []);
  const [keys, services, operations] = await Promise.all([
    known(proposals.attributeKeys()),
    known(proposals.services()),
    known(proposals.operations(service)),
  ]);
  return { keys, services, operations };
}

function fieldItems(search: TraceSearch, backend: string, language: QueryLanguage): FieldItem[] {
  const row = (field: Field, icon: string, label: string, description: string | undefined): FieldItem => ({
    field,
    label,
    iconPath: new ThemeIcon(icon),
    description: description ?? 'any',
  });
  const length = (ns: number | undefined): string | undefined => (ns === undefined ? undefined : exactDuration(ns));
  const described = describeSearch(search);
  const items: FieldItem[] = [
    {
      field: 'run',
      label: 'Search',
      iconPath: new ThemeIcon('search'),
      description: described === '' ? `all traces of ${backend}` : described,
    },
    { label: 'What to look for', kind: QuickPickItemKind.Separator },
    row('service', 'server', 'Service', search.service),
    row('operation', 'symbol-method', 'Operation', search.operation),
    row('errors', 'error', 'Errors only', search.errorsOnly ? 'yes' : 'no'),
    row('least', 'arrow-up', 'Duration at least', length(search.minDurationNs)),
    row('most', 'arrow-down', 'Duration at most', length(search.maxDurationNs)),
    row('attributes', 'tag', 'Attributes', search.attributes?.length ? formatAttributes(search.attributes) : undefined),
    row('time', 'calendar', 'Time range', timeRanges.find(([ms]) => ms === search.lookbackMs)?.[1] ?? unlimited(backend)),
    row('text', 'code', 'Text or query (TraceQL)', search.text ?? 'none'),
  ];
  const query = searchText(search, language);
  if (query !== undefined && query !== search.text) items.push(row('write', 'edit', 'Go on as a query (TraceQL)', query));
  if (query !== undefined) items.push(row('save', 'save', 'Save this search…', query));
  if (described !== '') {
    items.push(
      { kind: QuickPickItemKind.Separator, label: '' },
      { field: 'clear', label: 'Clear and show all', iconPath: new ThemeIcon('clear-all') },
    );
  }
  return items;
}

/** What is searched without a time range. */
function unlimited(backend: string): string {
  return backend === LOCAL_DATASET ? 'all' : 'default of the backend';
}

async function change(
  search: TraceSearch,
  backend: string,
  field: Exclude<Field, 'run' | 'clear' | 'write' | 'save'>,
  proposals: SearchProposals,
  language: QueryLanguage,
): Promise<TraceSearch> {
  switch (field) {
    case 'service': {
      const service = await pickOrType('Service', () => proposals.services());
      return service === undefined ? search : { ...search, service: service || undefined };
    }
    case 'operation': {
      const operation = await pickOrType('Operation: name of a span', () => proposals.operations(search.service));
      return operation === undefined ? search : { ...search, operation: operation || undefined };
    }
    case 'errors':
      return { ...search, errorsOnly: !search.errorsOnly };
    case 'least': {
      const value = await askDuration('Duration at least', search.minDurationNs, { mostNs: search.maxDurationNs });
      return value === undefined ? search : { ...search, minDurationNs: value.ns };
    }
    case 'most': {
      const value = await askDuration('Duration at most', search.maxDurationNs, { leastNs: search.minDurationNs });
      return value === undefined ? search : { ...search, maxDurationNs: value.ns };
    }
    case 'attributes':
      return askAttributes(search, proposals);
    case 'time': {
      const ranges = [{ label: unlimited(backend), ms: undefined }, ...timeRanges.map(([ms, label]) => ({ label, ms }))];
      const items = ranges.map((range) => ({ ...range, description: range.ms === search.lookbackMs ? 'now' : undefined }));
      const picked = await pickOne<PickItem & { ms: number | undefined }>(items, { title: 'Time range', ignoreFocusOut: true });
      return picked === undefined ? search : { ...search, lookbackMs: picked.ms };
    }
    case 'text': {
      const asked = await askQuery(search, proposals, language);
      return asked === undefined ? search : { ...search, text: asked.text };
    }
    default:
      return field satisfies never;
  }
}

/** A value from a list that is fetched while the list is open, or typed. Empty: any. */
function pickOrType(title: string, load: () => Promise<readonly string[]>): Promise<string | undefined> {
  const pick = new PlainQuickPick<PickItem & { value: string }>({
    title,
    placeholder: 'Choose, or type a name',
    ignoreFocusOut: true,
  });
  pick.busy = true;
  let loaded: readonly string[] = [];
  const show = (): void => {
    const typed = pick.value.trim();
    const own =
      typed !== '' && !loaded.includes(typed) ? [{ label: typed, value: typed, description: 'as typed', alwaysShow: true }] : [];
    pick.items = [{ label: 'Any', value: '' }, ...own, ...loaded.map((value) => ({ label: value, value }))];
  };
  show();
  load().then(
    (values) => {
      loaded = values;
      pick.busy = false;
      show();
    },
    (error: unknown) => {
      pick.busy = false;
      pick.setPlaceholder(`Type a name (${toErrorData(error).message})`);
    },
  );
  return new Promise((resolve) => {
    pick.onDidChangeValue(show);
    pick.onDidAccept(() => {
      // Whoever types and presses Enter at once is faster than the row with what was typed: the list still has its first row selected.
      const chosen = pick.selectedItems[0]?.value;
      const typed = pick.value.trim();
      resolve(chosen || (isAny(typed) ? '' : typed));
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** Nothing typed, or the beginning of the row `Any`. */
function isAny(typed: string): boolean {
  return 'any'.startsWith(typed.toLowerCase());
}

interface DurationLimits {
  readonly leastNs?: number;
  readonly mostNs?: number;
}

async function askDuration(
  title: string,
  present: number | undefined,
  { leastNs = 0, mostNs = Number.POSITIVE_INFINITY }: DurationLimits,
): Promise<{ readonly ns: number | undefined } | undefined> {
  const text = await askForText({
    title,
    value: present === undefined ? '' : exactDuration(present).replaceAll(' ', ''),
    prompt: 'With a unit: 200ms, 1.5s, 2m. Empty: any.',
    ignoreFocusOut: true,
    validate: (value) => {
      if (value.trim() === '') return undefined;
      const ns = parseDuration(value);
      if (ns === undefined) return 'A number with ns, µs, ms, s, m or h';
      if (ns < leastNs) return `Under the least that is asked for (${exactDuration(leastNs)}): nothing could match`;
      return ns > mostNs ? `Over the most that is asked for (${exactDuration(mostNs)}): nothing could match` : undefined;
    },
  });
  return text === undefined ? undefined : { ns: parseDuration(text) };
}

async function askAttributes(search: TraceSearch, proposals: SearchProposals): Promise<TraceSearch> {
  const keys = await proposals.attributeKeys().catch((): readonly string[] => []);
  const text = await askForText({
    title: 'Attributes',
    value: formatAttributes(search.attributes ?? []),
    prompt: `key=value, several separated by commas; all of them on one span.${keys.length === 0 ? '' : ` Seen here: ${keys.slice(0, 6).join(', ')}`}`,
    ignoreFocusOut: true,
    validate: (value) => (parseAttributes(value) === undefined ? 'Write key=value; put values with blanks in quotes' : undefined),
  });
  return text === undefined ? search : { ...search, attributes: parseAttributes(text) ?? [] };
}
