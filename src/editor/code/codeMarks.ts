/**
 * Marks beside lines that threw and, where a person wants them, at functions that ran. VS Code moves them with the text; they are set anew
 * when traces came or went.
 */

import { type Disposable, Range, type TextEditor, type TextEditorDecorationType, window } from 'vscode';
import type { MarkStyle } from '../../app/settings/settings';
import { Disposables } from '../../base/disposables';
import { Throttle } from '../../base/throttle';
import { documentOf } from '../adapters/workspace';
import type { CodeContext } from './codeContext';
import { createMark, type MarkKind } from './markDecorations';

const kinds: readonly MarkKind[] = ['thrown', 'ran'];
/** Marks of one editor; a file of which every line threw is told by the first of them. */
const maxMarks = 2_000;

export class CodeMarks implements Disposable {
  private readonly disposables = new Disposables();
  private readonly types = new Map<string, TextEditorDecorationType>();
  private readonly updates = this.disposables.own(new Throttle(() => this.update(), { waitMs: 0 }));

  constructor(private readonly context: CodeContext) {
    const { code, settings, source } = context.services;
    const update = (): void => this.updates.ask();
    this.disposables.add(
      code.onDidChange(update),
      source.onDidInvalidate(update),
      context.services.enclosing.onDidArrive(update),
      settings.onDidChangeOf(['codeMarks'], update),
      window.onDidChangeVisibleTextEditors(update),
      { dispose: () => this.types.forEach((type) => void type.dispose()) },
    );
    update();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Brings all visible editors up to date. */
  private async update(): Promise<void> {
    try {
      for (const editor of window.visibleTextEditors) await this.mark(editor);
    } catch (error) {
      this.context.services.problems.record(error);
    }
  }

  private async mark(editor: TextEditor): Promise<void> {
    const { document } = editor;
    const { services } = this.context;
    const { errors, functions, style } = services.settings.codeMarks(document);
    const { version } = document;
    const lines: Record<MarkKind, readonly number[]> = {
      thrown: errors ? await this.thrownLines(editor) : [],
      ran: errors && functions ? await this.ranLines(editor) : [],
    };
    // Typed meanwhile: lines are not those any more.
    if (document.version !== version) {
      this.updates.ask();
      return;
    }
    for (const kind of kinds) this.set(editor, kind, style, lines[kind]);
  }

  /** Of lines whose spans have left memory nothing is said. */
  private async thrownLines({ document }: TextEditor): Promise<readonly number[]> {
    const { services, thrown } = this.context;
    const lines = await thrown.in(document.uri.toString());
    if (lines.length === 0) return [];
    const answer = await services.engine.call('codeThrown', {
      generation: lines[0].generation,
      groups: lines.map(({ throws }) => throws),
    });
    return lines.filter((_, i) => (answer?.[i].spans ?? 0) > 0).map(({ line }) => line);
  }

  private async ranLines({ document }: TextEditor): Promise<readonly number[]> {
    const { code, enclosing } = this.context.services;
    const now = documentOf(document);
    const statistics = await code.statistics(now.uri);
    return statistics.filter(({ line }) => line < document.lineCount).map(({ line }) => enclosing.headOf(now, line));
  }

  private set(editor: TextEditor, kind: MarkKind, style: MarkStyle, lines: readonly number[]): void {
    const ranges = [...new Set(lines)].slice(0, maxMarks).map((line) => new Range(line, 0, line, 0));
    for (const other of ['bar', 'icon'] as const) {
      const name = `${kind} ${other}`;
      const isWanted = other === style && ranges.length > 0;
      let type = this.types.get(name);
      if (!type && !isWanted) continue;
      if (!type) {
        type = createMark(kind, other, this.context.services.extensionUri);
        this.types.set(name, type);
      }
      editor.setDecorations(type, isWanted ? ranges : []);
    }
  }
}
