/** Opens a file at a line, beside the waterfall, in the column that source was opened in before, and flashes the line once. */

import {
  type Disposable,
  Range,
  Selection,
  TabInputText,
  TextEditorRevealType,
  ThemeColor,
  type Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import type { Gate } from './gate';
import { LineRemarks } from './lineRemarks';

/** Milliseconds of the flash. */
const flashMs = 100;

export interface ShowOptions {
  /** The column that must stay visible: the waterfall's. */
  readonly keep?: ViewColumn;
  /** Always open a column of its own. */
  readonly beside?: boolean;
  readonly preserveFocus?: boolean;
  /** Stands dimmed behind the line until the next edit, or until another line is selected. */
  readonly remark?: string;
  /** Why it is this file: stands below the question that a file outside of the workspace needs. */
  readonly why?: string;
  /** The person picked this very file a moment ago. */
  readonly chosen?: boolean;
}

export class LineShower implements Disposable {
  private readonly flashing = window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor('editor.findMatchHighlightBackground'),
    overviewRulerColor: new ThemeColor('editorOverviewRuler.findMatchForeground'),
  });
  private readonly remarks = new LineRemarks();
  /** The column that source was shown in last. */
  lastColumn: ViewColumn | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly gate: Gate) {}

  /**
   * Opens nothing where the file is outside of the workspace and the person does not want it.
   * @param line from 0; beyond the file's end: its last line.
   */
  async show(uri: Uri, line: number, options: ShowOptions = {}): Promise<void> {
    const document = await (options.chosen ? this.gate.openChosen(uri) : this.gate.open(uri, options.why));
    if (!document) return;
    const editor = await window.showTextDocument(document, {
      viewColumn: this.columnFor(document.uri, options),
      preview: true,
      preserveFocus: options.preserveFocus,
    });
    this.lastColumn = editor.viewColumn;
    const target = document.lineAt(Math.min(Math.max(0, line), document.lineCount - 1));
    editor.selection = new Selection(
      target.range.end.with({ character: target.firstNonWhitespaceCharacterIndex }),
      target.range.end,
    );
    editor.revealRange(target.range, TextEditorRevealType.InCenterIfOutsideViewport);
    this.remarks.show(editor, target.lineNumber, options.remark ?? '');
    if (workspace.getConfiguration('workbench').get('reduceMotion') === 'on') return;
    editor.setDecorations(this.flashing, [new Range(target.range.start, target.range.end)]);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => editor.setDecorations(this.flashing, []), flashMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.flashing.dispose();
    this.remarks.dispose();
  }

  /** Where the file is open already, else the column used before, else any other column, else a new one beside. */
  private columnFor(uri: Uri, { keep, beside }: ShowOptions): ViewColumn {
    if (beside) return ViewColumn.Beside;
    if (keep === undefined) return ViewColumn.Active;
    const columns = window.tabGroups.all;
    const holds = columns.find(
      (group) =>
        group.viewColumn !== keep &&
        group.tabs.some((tab) => tab.input instanceof TabInputText && tab.input.uri.toString() === uri.toString()),
    );
    if (holds) return holds.viewColumn;
    const others = columns.map((group) => group.viewColumn).filter((column) => column !== keep);
    return others.find((column) => column === this.lastColumn) ?? others[0] ?? ViewColumn.Beside;
  }
}
