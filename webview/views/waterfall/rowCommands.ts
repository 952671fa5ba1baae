/** Keys of the tree of rows: moving, folding, siblings, another root. Each is a small change of state; the next frame shows it. */

import { foldAll, foldToLevel } from '../../../src/core/layout/fold';
import { entryAt, firstChildRow, parentRow, sameSibling } from '../../trace/navigate';
import { NO_ENTRY, type ViewModel } from '../../trace/state';
import type { TraceStore } from '../../trace/traceStore';
import type { Command } from '../commands';
import type { RowsPane } from './rowsPane';

export function rowCommands(store: TraceStore, pane: Pick<RowsPane, 'rowsOfPage' | 'scroller'>): readonly Command[] {
  const on = (work: (view: ViewModel) => void) => () => {
    const { view } = store;
    if (view && view.rows.count > 0) work(view);
  };
  /** The row that has the selection, or would get it. */
  const rowOf = (view: ViewModel): number => Math.max(0, view.selectedRow);
  const goTo = (view: ViewModel, row: number): void => store.select(entryAt(view, row), { reveal: 'scroll' });
  const moveBy = (rows: () => number) => on((view) => goTo(view, view.selected === NO_ENTRY ? 0 : rowOf(view) + rows()));
  const sibling = (backwards: boolean) =>
    on((view) => {
      const span = view.spanOf(view.selected);
      const found = span < 0 ? -1 : sameSibling(view, span, backwards);
      if (found >= 0) store.select(found, { reveal: true });
    });
  const refold = (view: ViewModel): void => {
    view.relayout();
    store.followFold();
    store.reveal();
  };
  const level = (digit: number): Command => ({
    id: `level${digit}`,
    group: 'Fold',
    keys: [String(digit)],
    keyLabel: digit === 1 ? '1 – 9' : '',
    text: 'expand to that depth',
    run: on((view) => {
      foldToLevel(view.trace.tree, view.fold, digit, view.root >= 0 ? view.root : undefined);
      refold(view);
    }),
  });
  return [
    { id: 'nextRow', group: 'Move', keys: ['ArrowDown'], keyLabel: '↓', text: 'next row', run: moveBy(() => 1) },
    { id: 'previousRow', group: 'Move', keys: ['ArrowUp'], keyLabel: '↑', text: 'previous row', run: moveBy(() => -1) },
    { id: 'firstRow', group: 'Move', keys: ['Home'], keyLabel: 'Home', text: 'first row', run: on((view) => goTo(view, 0)) },
    {
      id: 'lastRow',
      group: 'Move',
      keys: ['End'],
      keyLabel: 'End',
      text: 'last row',
      run: on((view) => goTo(view, view.rows.count - 1)),
    },
    {
      id: 'pageUp',
      group: 'Move',
      keys: ['PageUp'],
      keyLabel: 'PageUp',
      text: 'one page up',
      run: moveBy(() => -pane.rowsOfPage),
    },
    {
      id: 'pageDown',
      group: 'Move',
      keys: ['PageDown'],
      keyLabel: 'PageDown',
      text: 'one page down',
      run: moveBy(() => pane.rowsOfPage),
    },
    {
      id: 'expand',
      group: 'Fold',
      keys: ['ArrowRight'],
      keyLabel: '→',
      text: 'expand, or go to the first child',
      run: on((view) => {
        const row = rowOf(view);
        const entry = view.rows.entryAt(row);
        if (view.canFold(entry) && !view.isOpen(entry)) store.setOpen(entry, true);
        else {
          const child = firstChildRow(view, row);
          if (child >= 0) goTo(view, child);
        }
      }),
    },
    {
      id: 'collapse',
      group: 'Fold',
      keys: ['ArrowLeft'],
      keyLabel: '←',
      text: 'collapse, or go to the parent',
      run: on((view) => {
        const row = rowOf(view);
        const entry = view.rows.entryAt(row);
        if (view.canFold(entry) && view.isOpen(entry) && !view.rows.isFiltered) store.setOpen(entry, false);
        else {
          const parent = parentRow(view, row);
          if (parent >= 0) goTo(view, parent);
        }
      }),
    },
    {
      id: 'expandBelow',
      group: 'Fold',
      keys: ['*', 'Shift+ArrowRight'],
      keyLabel: '*',
      text: 'expand all below',
      run: on((view) => {
        const span = view.spanOf(view.selected);
        if (view.selected < 0 && view.selected !== NO_ENTRY) view.fold.openGroups[~view.selected] = 1;
        foldAll(view.trace.tree, view.trace.groups, view.fold, false, span < 0 ? undefined : span);
        refold(view);
      }),
    },
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(level),
    {
      id: 'previousSibling',
      group: 'Move',
      keys: ['['],
      keyLabel: '[',
      text: 'previous sibling of the same name',
      run: sibling(true),
    },
    { id: 'nextSibling', group: 'Move', keys: [']'], keyLabel: ']', text: 'next sibling of the same name', run: sibling(false) },
    {
      id: 'makeRoot',
      group: 'Fold',
      keys: ['r'],
      keyLabel: 'r',
      text: 'make it the root',
      run: on((view) => {
        const span = view.spanOf(view.selected);
        if (span < 0 || view.root === span) return;
        store.setRoot(span);
        pane.scroller.scrollTo(0);
      }),
    },
  ];
}
