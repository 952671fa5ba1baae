/**
 * Marks the line that a hop led to, and lets the mark fade: the colour of a highlighted range in layers, of which one after the other goes. In high
 * contrast, where that colour is none, a border marks it. Nothing is selected: what is selected the next key would replace.
 */

import { type Disposable, Range, type TextEditor, type TextEditorDecorationType, ThemeColor, window, workspace } from 'vscode';

/** Milliseconds from the hop until each layer goes, the one with the border last. */
const layersEndMs = [700, 1100, 1500];

export class LineMark implements Disposable {
  private readonly layers: readonly TextEditorDecorationType[] = layersEndMs.map((_, at) =>
    window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new ThemeColor('editor.rangeHighlightBackground'),
      ...(at === layersEndMs.length - 1
        ? {
            border: '1px solid',
            borderColor: new ThemeColor('editor.rangeHighlightBorder'),
            overviewRulerColor: new ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
          }
        : {}),
    }),
  );
  private timers: NodeJS.Timeout[] = [];
  private marked: TextEditor | undefined;

  /** In place of the mark before. */
  show(editor: TextEditor, line: number): void {
    this.clear();
    this.marked = editor;
    const range = new Range(line, 0, line, 0);
    for (const layer of this.layers) editor.setDecorations(layer, [range]);
    // Where nothing is to move, nothing fades either: the mark is there, and then it is not.
    const isStill = workspace.getConfiguration('workbench').get('reduceMotion') === 'on';
    const last = layersEndMs[layersEndMs.length - 1];
    this.timers = layersEndMs.map((ms, at) => setTimeout(() => editor.setDecorations(this.layers[at], []), isStill ? last : ms));
  }

  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    for (const layer of this.layers) this.marked?.setDecorations(layer, []);
    this.marked = undefined;
  }

  dispose(): void {
    this.clear();
    for (const layer of this.layers) layer.dispose();
  }
}
