/**
 * The function around a line, from the symbols that the language's own extension knows. A language server may take long to start, so
 * nothing waits for it: until its symbols are there a lens stands at the span's own line, afterwards at the head of the function.
 */

import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { Lru } from '../../base/lru';
import { movedLine } from '../../code/lineTracking';
import type { FunctionRange, SymbolProviders } from '../ports/symbolProviders';
import type { DocumentEdit, Documents, OpenDocument } from '../ports/workspace';
import { editsOf } from './documentLines';

interface Known {
  readonly version: number;
  /** As they are now: they move with edits until the language tells the new ones. */
  readonly ranges: readonly FunctionRange[];
}

/** A document at a moment. */
export type DocumentNow = Pick<OpenDocument, 'uri' | 'version'>;

const maxKept = 200;

export class EnclosingFunctions implements Disposable {
  private readonly disposables = new Disposables();
  private readonly known = new Lru<string, Known>({ maxSize: maxKept });
  private readonly asking = new Set<string>();
  private readonly arrived = this.disposables.own(new Emitter<string>());
  /** The functions of a document (URI) are known now, or are others than before. */
  readonly onDidArrive = this.arrived.event;

  /** @param providers undefined: nobody knows functions, and each line stands for itself */
  constructor(
    documents: Documents,
    private readonly providers: Pick<SymbolProviders, 'functionsIn'> | undefined,
  ) {
    this.disposables.add(documents.onDidEdit((edit) => this.edited(edit)));
  }

  /** First line of the innermost function around a line; the line itself where none is known. */
  headOf(document: DocumentNow, line: number): number {
    const best = this.around(document, line);
    return best ? Math.min(best.headLine, line) : line;
  }

  /** The innermost function around a line, as far as the language has told. */
  around(document: DocumentNow, line: number): FunctionRange | undefined {
    let best: FunctionRange | undefined;
    for (const range of this.rangesOf(document)) {
      // A callback within one line is no head of its own.
      if (range.startLine > line || range.endLine < line || range.startLine === range.endLine) continue;
      if (!best || range.endLine - range.startLine <= best.endLine - best.startLine) best = range;
    }
    return best;
  }

  /** Functions of a document as far as they are known; `onDidArrive` tells when there are more. */
  rangesOf(document: DocumentNow): readonly FunctionRange[] {
    const known = this.known.get(document.uri);
    if (known?.version !== document.version) void this.ask(document);
    return known?.ranges ?? [];
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private edited({ document, changes }: DocumentEdit): void {
    const known = this.known.get(document.uri);
    if (!known) return;
    const edits = editsOf(document, changes);
    const moved = (line: number): number => edits.reduce((at, edit) => (at < 0 ? at : (movedLine(at, edit) ?? -1)), line);
    const ranges = known.ranges
      .map((range) => ({
        ...range,
        headLine: moved(range.headLine),
        startLine: moved(range.startLine),
        endLine: moved(range.endLine),
      }))
      .filter(({ headLine, startLine, endLine }) => headLine >= 0 && startLine >= 0 && endLine >= startLine);
    this.known.set(document.uri, { version: known.version, ranges });
  }

  private async ask({ uri, version }: DocumentNow): Promise<void> {
    if (!this.providers || this.asking.has(uri)) return;
    this.asking.add(uri);
    try {
      const ranges = await this.providers.functionsIn(uri);
      this.known.set(uri, { version, ranges: ranges ?? [] });
      if (ranges) this.arrived.fire(uri);
    } finally {
      this.asking.delete(uri);
    }
  }
}
