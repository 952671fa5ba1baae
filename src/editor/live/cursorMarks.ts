/**
 * From the cursor to its spans: the function that the cursor is in is marked in every waterfall that can be seen. While none can be seen
 * nothing happens here but noting which editor was used last.
 */

import { type Disposable, type TextDocument, type TextEditor, window } from 'vscode';
import type { App } from '../../app/app';
import { nameOf } from '../../app/files/traceFiles';
import type { CodeMark } from '../../app/views/spanMarks';
import type { TraceViews } from '../../app/views/traceViews';
import { Disposables } from '../../base/disposables';
import { Latest } from '../../base/latest';
import { Throttle } from '../../base/throttle';
import { placesAtLine, shortFunctionName } from '../../code/placesAtLine';
import { documentOf } from '../adapters/workspace';
import { sourceSchemes } from '../opening/ownSchemes';

/** A cursor that rests so long is looked at: holding an arrow key asks nothing. */
const restMs = 150;

export interface CursorMarksOptions extends Pick<App, 'settings' | 'problems' | 'code' | 'enclosing'> {
  readonly views: TraceViews;
}

export class CursorMarks implements Disposable {
  private readonly disposables = new Disposables();
  /** Where the cursor was last; a waterfall that has the focus now does not change it. */
  private editor: TextEditor | undefined;
  private readonly latest = this.disposables.own(new Latest());
  private readonly looks = this.disposables.own(new Throttle(() => this.begin(), { waitMs: restMs, after: 'last' }));

  constructor(private readonly services: CursorMarksOptions) {
    const { views, code, settings } = services;
    const soon = (): void => this.schedule();
    this.editor = window.activeTextEditor;
    this.disposables.add(
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        // An editor that only follows the waterfall has no cursor of the person's.
        if (textEditor === window.activeTextEditor) soon();
      }),
      window.onDidChangeActiveTextEditor((editor) => {
        this.editor = editor ?? this.editor;
        soon();
      }),
      window.onDidChangeVisibleTextEditors(soon),
      views.onDidChangeVisible(soon),
      code.onDidChange(soon),
      services.enclosing.onDidArrive(soon),
      settings.onDidChangeOf(['source.markAtCursor'], soon),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private schedule(): void {
    if (this.services.views.visible.length === 0) this.looks.cancel();
    else this.looks.ask();
  }

  private begin(): void {
    this.latest.run((signal) => this.look(signal)).catch((error: unknown) => this.services.problems.record(error));
  }

  private async look(signal: AbortSignal): Promise<void> {
    const { views, settings } = this.services;
    const editor = this.seen();
    const mark = editor && settings.markAtCursor ? await this.markAt(editor.document, editor.selection.active.line) : undefined;
    if (signal.aborted) return;
    await Promise.all(views.visible.map((session) => session.marks.set(mark)));
  }

  /** The editor of the cursor, while it can be seen. */
  private seen(): TextEditor | undefined {
    const { editor } = this;
    return editor && window.visibleTextEditors.includes(editor) && sourceSchemes.has(editor.document.uri.scheme)
      ? editor
      : undefined;
  }

  private async markAt(document: TextDocument, line: number): Promise<CodeMark | undefined> {
    const { generation, places } = await this.services.code.located(document.uri.toString());
    if (places.length === 0) return undefined;
    const here = placesAtLine(places, line, this.services.enclosing.rangesOf(documentOf(document)));
    if (here.length === 0) return undefined;
    const names = new Set(here.map(({ name }) => name));
    const [name] = names;
    const first = Math.min(...here.map((place) => place.line));
    const label = names.size === 1 && name !== '' ? shortFunctionName(name) : `${nameOf(document.uri)}:${first + 1}`;
    return { label, generation, places: here.map(({ place }) => place) };
  }
}
