/** A few dimmed words behind the line that was opened from a trace. They go with the first thing that is done in the editor. */

import { type Disposable, Range, type TextEditor, ThemeColor, window, workspace } from 'vscode';
import { Disposables } from '../../base/disposables';
import { wordsBehind } from '../plain/code';

interface Shown {
  readonly editor: TextEditor;
  readonly line: number;
}

export class LineRemarks implements Disposable {
  private readonly disposables = new Disposables();
  private readonly decoration = this.disposables.own(window.createTextEditorDecorationType({}));
  private shown: Shown | undefined;

  constructor() {
    this.disposables.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length && document === this.shown?.editor.document) this.clear();
      }),
      window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        if (textEditor === this.shown?.editor && selections.some(({ active }) => active.line !== this.shown?.line)) this.clear();
      }),
      window.onDidChangeVisibleTextEditors((editors) => {
        if (this.shown && !editors.includes(this.shown.editor)) this.shown = undefined;
      }),
    );
  }

  /** Replaces the last remark; an empty text only removes it. */
  show(editor: TextEditor, line: number, text: string): void {
    this.clear();
    if (text === '') return;
    this.shown = { editor, line };
    const end = editor.document.lineAt(line).range.end;
    const renderOptions = wordsBehind(text, { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 3ch' });
    editor.setDecorations(this.decoration, [{ range: new Range(end, end), renderOptions }]);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private clear(): void {
    this.shown?.editor.setDecorations(this.decoration, []);
    this.shown = undefined;
  }
}
