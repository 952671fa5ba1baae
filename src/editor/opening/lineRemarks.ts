/** A few dimmed words behind the line that was opened from a trace. They go with the first thing that is done in the editor. */

import { type Disposable, Range, type TextEditor, ThemeColor, window, workspace } from 'vscode';
import { Disposables } from '../../base/disposables';
import { textBehind } from '../plain/code';

interface Remark {
  readonly editor: TextEditor;
  readonly line: number;
}

export class LineRemarks implements Disposable {
  private readonly disposables = new Disposables();
  private readonly decoration = this.disposables.own(window.createTextEditorDecorationType({}));
  private current: Remark | undefined;

  constructor() {
    this.disposables.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length && document === this.current?.editor.document) this.clear();
      }),
      window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        if (textEditor === this.current?.editor && selections.some(({ active }) => active.line !== this.current?.line))
          this.clear();
      }),
      window.onDidChangeVisibleTextEditors((editors) => {
        if (this.current && !editors.includes(this.current.editor)) this.current = undefined;
      }),
    );
  }

  /** Replaces the last remark; an empty text only removes it. */
  show(editor: TextEditor, line: number, text: string): void {
    this.clear();
    if (text === '') return;
    this.current = { editor, line };
    const end = editor.document.lineAt(line).range.end;
    const renderOptions = textBehind(text, { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 3ch' });
    editor.setDecorations(this.decoration, [{ range: new Range(end, end), renderOptions }]);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private clear(): void {
    this.current?.editor.setDecorations(this.decoration, []);
    this.current = undefined;
  }
}
