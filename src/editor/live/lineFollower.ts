/**
 * Shows the line of what is selected in a waterfall, in a column beside it, without taking anything from the person: not the focus, not
 * the cursor of a file that is open, not a column that is used for something else. The line stays marked while its span is selected.
 */

import {
  type Disposable,
  OverviewRulerLane,
  Range,
  TabInputText,
  type TextEditor,
  TextEditorRevealType,
  ThemeColor,
  type Uri,
  type ViewColumn,
  window,
  workspace,
} from 'vscode';
import { columnForSource } from '../../app/views/columns';
import { sampleScheme } from '../../protocol/sample';
import { editorColumns } from '../opening/editorColumns';
import type { Gate } from '../opening/gate';

export interface FollowOptions {
  /** The column of the waterfall. */
  readonly keep: ViewColumn;
  /** A column is opened where there is none. */
  readonly mayOpenColumn: boolean;
  /** Where source was opened last. */
  readonly preferred: ViewColumn | undefined;
  /** Somebody else is selected by now. */
  readonly signal: AbortSignal;
}

export class LineFollower implements Disposable {
  private readonly marking = window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor('editor.rangeHighlightBackground'),
    borderStyle: 'solid',
    borderWidth: '0 0 0 3px',
    borderColor: new ThemeColor('editorCursor.foreground'),
    overviewRulerColor: new ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
    overviewRulerLane: OverviewRulerLane.Full,
  });
  private marked: TextEditor | undefined;

  constructor(private readonly gate: Gate) {}

  /** @param line from 0; beyond the file's end: its last line */
  async show(uri: Uri, line: number, options: FollowOptions): Promise<void> {
    const open = visibleSource(options.keep).find(({ document }) => document.uri.toString() === uri.toString());
    const editor = open ?? (await this.open(uri, line, options));
    if (options.signal.aborted) return;
    this.clear();
    if (!editor) return;
    const target = editor.document.lineAt(Math.min(Math.max(0, line), editor.document.lineCount - 1)).range;
    editor.setDecorations(this.marking, [target]);
    editor.revealRange(target, TextEditorRevealType.InCenterIfOutsideViewport);
    this.marked = editor;
  }

  clear(): void {
    this.marked?.setDecorations(this.marking, []);
    this.marked = undefined;
  }

  dispose(): void {
    this.marking.dispose();
  }

  private async open(uri: Uri, line: number, options: FollowOptions): Promise<TextEditor | undefined> {
    const viewColumn = columnFor(uri, options);
    if (viewColumn === undefined) return undefined;
    // Nobody wants to be asked in passing: what is not in the workspace by now is not shown.
    const document = await this.gate.openInside(uri);
    if (!document || options.signal.aborted) return undefined;
    // Where the file has been before, its cursor is the person's.
    const isNew = !isTabIn(uri, viewColumn);
    const at = Math.min(Math.max(0, line), document.lineCount - 1);
    const start = document.lineAt(at).firstNonWhitespaceCharacterIndex;
    return window.showTextDocument(document, {
      viewColumn,
      preview: true,
      preserveFocus: true,
      selection: isNew ? new Range(at, start, at, start) : undefined,
    });
  }
}

/** Editors in columns other than the waterfall's. */
export function visibleSource(keep: ViewColumn): readonly TextEditor[] {
  return window.visibleTextEditors.filter(
    ({ viewColumn, document }) => viewColumn !== undefined && viewColumn !== keep && isSource(document.uri),
  );
}

/** Of the workspace, or of the sample: no page of settings, output or another extension. */
function isSource(uri: Uri): boolean {
  return uri.scheme === sampleScheme || workspace.getWorkspaceFolder(uri) !== undefined;
}

/** A column that shows the file's tab, else the one of the last source, else any with source; a new one only where that is allowed. */
function columnFor(uri: Uri, { keep, mayOpenColumn, preferred }: FollowOptions): ViewColumn | undefined {
  const columns = visibleSource(keep).map(({ viewColumn }) => viewColumn);
  const holds = columns.find((column) => column !== undefined && isTabIn(uri, column));
  const column = holds ?? columns.find((one) => one === preferred) ?? columns[0];
  if (column !== undefined || !mayOpenColumn) return column;
  return columnForSource(editorColumns(uri), { keep, last: preferred });
}

function isTabIn(uri: Uri, viewColumn: ViewColumn): boolean {
  return window.tabGroups.all.some(
    (group) =>
      group.viewColumn === viewColumn &&
      group.tabs.some(({ input }) => input instanceof TabInputText && input.uri.toString() === uri.toString()),
  );
}
