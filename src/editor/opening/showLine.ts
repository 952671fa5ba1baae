/**
 * Opens a file at a line, where source belongs: never over a trace. The cursor goes to the line, nothing is selected, and a mark that fades tells
 * which line it is.
 */

import { type Disposable, Position, Range, Selection, TextEditorRevealType, type Uri, type ViewColumn, window } from 'vscode';
import { columnBeside, columnForSource } from '../../app/views/columns';
import { Emitter } from '../../base/emitter';
import { editorColumns } from './editorColumns';
import type { Gate } from './gate';
import { LineMark } from './lineMark';
import { LineRemarks } from './lineRemarks';

export interface ShowOptions {
  /** The column that must stay visible: the waterfall's. */
  readonly keep?: ViewColumn;
  /** A column of its own. */
  readonly beside?: boolean;
  /** From 0; left out: where the line's text begins. */
  readonly column?: number;
  /** Only the file is known: no line of it is marked. */
  readonly lineUnknown?: boolean;
  /** Stands dimmed behind the line until the next edit, or until another line is selected. */
  readonly remark?: string;
  /** Why it is this file: stands below the question that a file outside of the workspace needs. */
  readonly why?: string;
  /** The person picked this very file a moment ago. */
  readonly chosen?: boolean;
}

export class LineShower implements Disposable {
  private readonly shown = new Emitter<void>();
  /** A line was opened. */
  readonly onDidShow = this.shown.event;
  private readonly mark = new LineMark();
  private readonly remarks = new LineRemarks();
  /** The column that source was shown in last. */
  lastColumn: ViewColumn | undefined;

  constructor(private readonly gate: Gate) {}

  /**
   * Opens nothing where the file is outside of the workspace and the person does not want it.
   * @param line from 0; beyond the file's end: its last line.
   */
  async show(uri: Uri, line: number, options: ShowOptions = {}): Promise<void> {
    const document = await (options.chosen ? this.gate.openChosen(uri) : this.gate.open(uri, options.why));
    if (!document) return;
    const columns = editorColumns(document.uri);
    const viewColumn = options.beside ? columnBeside(columns) : columnForSource(columns, { ...options, last: this.lastColumn });
    const wasVisible = window.visibleTextEditors.some((one) => one.document === document && one.viewColumn === viewColumn);
    const target = document.lineAt(Math.min(Math.max(0, line), document.lineCount - 1));
    const start = target.firstNonWhitespaceCharacterIndex;
    const column = Math.min(Math.max(start, options.column ?? 0), target.range.end.character);
    const at = new Position(target.lineNumber, column);
    const editor = await window.showTextDocument(document, { viewColumn, preview: true, selection: new Range(at, at) });
    this.lastColumn = editor.viewColumn;
    editor.selection = new Selection(at, at);
    const { InCenter, InCenterIfOutsideViewport } = TextEditorRevealType;
    // A text that a person sees already stays as it is where the line is in sight.
    editor.revealRange(new Range(at, at), wasVisible ? InCenterIfOutsideViewport : InCenter);
    this.remarks.show(editor, at.line, options.remark ?? '');
    if (options.lineUnknown) this.mark.clear();
    else this.mark.show(editor, at.line);
    this.shown.fire();
  }

  dispose(): void {
    this.shown.dispose();
    this.mark.dispose();
    this.remarks.dispose();
  }
}
