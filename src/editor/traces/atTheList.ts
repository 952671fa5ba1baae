/**
 * What tells that a person is at the Traces view, or has gone. VS Code gives no events of the pointer and none of the focus in a tree: a row that is
 * chosen, opened, closed or hovered says that somebody is there; what is done in an editor, a terminal or a waterfall, that they are not.
 */

import { type Disposable, TextEditorSelectionChangeKind, type TreeView, window } from 'vscode';
import type { Attention } from '../../app/traces/attention';
import type { TracesNode } from '../../app/traces/traceNodes';
import type { TraceViews } from '../../app/views/traceViews';
import { Disposables } from '../../base/disposables';

export function watchPerson(
  view: TreeView<TracesNode>,
  attention: Attention,
  views: Pick<TraceViews, 'onDidSelect'>,
): Disposable {
  return new Disposables(
    view.onDidChangeSelection(({ selection }) => {
      // It is empty when the chosen row is gone. Rows that do something go with what they are for.
      if (selection.some(({ kind }) => kind !== 'action')) attention.came();
    }),
    view.onDidExpandElement(() => attention.came()),
    view.onDidCollapseElement(() => attention.came()),
    view.onDidChangeVisibility(({ visible }) => {
      if (!visible) attention.left();
    }),
    window.onDidChangeWindowState(({ focused }) => {
      if (!focused) attention.left();
    }),
    window.onDidChangeTextEditorSelection(({ kind }) => {
      const { Keyboard, Mouse } = TextEditorSelectionChangeKind;
      if (kind === Keyboard || kind === Mouse) attention.left();
    }),
    window.onDidStartTerminalShellExecution(() => attention.left()),
    views.onDidSelect(({ byPerson }) => {
      if (byPerson) attention.left();
    }),
  );
}
