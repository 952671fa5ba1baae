/**
 * Which column of the editor something opens in. A trace takes the column that traces are in, and never covers a document that a person reads or
 * writes; source goes where documents are, and never covers a trace.
 */

import { activeColumn, besideColumn, type ViewColumn } from './stage';

/** One column, from left to right. */
export interface EditorColumn {
  readonly column: ViewColumn;
  /** It has the focus, or had it last. */
  readonly active: boolean;
  /** What can be seen in it. `other`: pages that nobody writes in (welcome, settings, web pages). */
  readonly front: 'trace' | 'document' | 'other' | 'nothing';
  /** What it has besides, behind. */
  readonly hasTrace: boolean;
  readonly hasDocument: boolean;
  /** The file that is asked for is open in it. */
  readonly file?: 'front' | 'behind';
}

/**
 * For a trace: the column that shows one, else one that has one, else one where it covers no document, else a new one.
 * @param wish a column; `activeColumn`: the usual one; `besideColumn`: beside the trace that has the focus, to compare the two
 */
export function columnForTrace(columns: readonly EditorColumn[], wish: ViewColumn): ViewColumn {
  if (wish !== activeColumn && wish !== besideColumn) return wish;
  const isBeside = wish === besideColumn && columns.some(({ active, front }) => active && front === 'trace');
  const free = byFocus(columns).filter(({ active, front }) => front !== 'document' && !(isBeside && active));
  const best = free.find(({ front }) => front === 'trace') ?? free.find(({ hasTrace }) => hasTrace) ?? free[0];
  return best?.column ?? newColumn(columns);
}

export interface SourceColumnWish {
  /** The column that stays as it is: the one of the trace that it belongs to. */
  readonly keep?: ViewColumn;
  /** Where source was opened last. */
  readonly last?: ViewColumn;
}

/** For source: where its file is open, else where source was last, else where documents are, else any that shows no trace, else a new one. */
export function columnForSource(columns: readonly EditorColumn[], { keep, last }: SourceColumnWish): ViewColumn {
  const free = byFocus(columns).filter(({ column, front }) => column !== keep && front !== 'trace');
  const best =
    free.find(({ file }) => file === 'front') ??
    free.find(({ file }) => file === 'behind') ??
    (keep === undefined ? free.find(({ active }) => active) : undefined) ??
    free.find(({ column }) => column === last) ??
    free.find(({ front }) => front === 'document') ??
    free.find(({ hasDocument }) => hasDocument) ??
    free.find(({ front }) => front === 'nothing') ??
    free[0];
  return best?.column ?? newColumn(columns);
}

/** For source in a column of its own: to the right of the one with the focus, unless a trace is there. */
export function columnBeside(columns: readonly EditorColumn[]): ViewColumn {
  const right = columns[columns.findIndex(({ active }) => active) + 1];
  return right?.front === 'trace' ? newColumn(columns) : besideColumn;
}

/** The one with the focus first. */
function byFocus(columns: readonly EditorColumn[]): readonly EditorColumn[] {
  return [...columns].sort((a, b) => Number(b.active) - Number(a.active));
}

/** At the end, where it takes no other's place: VS Code's "beside" is the next one where there is one. */
function newColumn(columns: readonly EditorColumn[]): ViewColumn {
  return columns.length > 1 ? columns.length + 1 : besideColumn;
}
