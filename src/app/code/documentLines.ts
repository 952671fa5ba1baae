/** Lines of documents that are open, followed through edits: where a place of the saved file is in the text that is on the screen. */

import { type Disposable, Disposables } from '../../base/disposables';
import { Lru } from '../../base/lru';
import type { LocatedPlace } from '../../code';
import { type LineEdit, type Lines, TrackedLines } from '../../code/lineTracking';
import type { DocumentEdit, Documents, OpenDocument, TextChange } from '../ports/workspace';

const maxDocuments = 200;

export class DocumentLines implements Disposable {
  private readonly disposables = new Disposables();
  private readonly tracked = new Lru<string, TrackedLines>({ maxSize: maxDocuments });
  private generation = -1;

  constructor(private readonly documents: Documents) {
    this.disposables.add(
      documents.onDidEdit((edit) => this.edited(edit)),
      documents.onDidSave((uri) => this.tracked.get(uri)?.saved()),
    );
  }

  /** The places with their lines as they are now. Of a document that is not open they are as found. */
  follow(document: string, generation: number, places: readonly LocatedPlace[]): readonly LocatedPlace[] {
    const open = this.documents.get(document);
    if (!open || open.isClosed || places.length === 0) return places;
    if (generation !== this.generation) {
      // Numbers stand for other places now.
      this.tracked.clear();
      this.generation = generation;
    }
    let tracked = this.tracked.get(document);
    if (!tracked) {
      tracked = new TrackedLines();
      this.tracked.set(document, tracked);
    }
    const lines = linesOf(open);
    return places.map((place) => {
      const line = tracked.follow(place.place, place.line, lines);
      return line === place.line ? place : { ...place, line };
    });
  }

  dispose(): void {
    this.disposables.dispose();
    this.tracked.clear();
  }

  private edited({ document, changes }: DocumentEdit): void {
    const tracked = this.tracked.get(document.uri);
    if (!tracked) return;
    tracked.edit(editsOf(document, changes), linesOf(document));
    // Undone, or read again from disk.
    if (!document.isDirty) tracked.saved();
  }
}

/** Changes of one event, from the top down. The ranges of all of them are in the document before the event. */
export function editsOf(document: OpenDocument, changes: readonly TextChange[]): LineEdit[] {
  let shift = 0;
  return [...changes]
    .sort(({ range: { start: a } }, { range: { start: b } }) => a.line - b.line || a.character - b.character)
    .map(({ range, text }) => {
      const startLine = range.start.line + shift;
      const endLine = range.end.line + shift;
      shift += text.split('\n').length - 1 - (endLine - startLine);
      const isAtLineStart = isBlankBefore(document, startLine, range.start.character);
      const isInsertion = range.start.line === range.end.line && range.start.character === range.end.character;
      return { startLine, endLine, isInsertion, isAtLineStart, text };
    });
}

/** What is in front of a change is the same before and after it. */
function isBlankBefore(document: OpenDocument, line: number, character: number): boolean {
  if (character === 0) return true;
  return line < document.lineCount && document.lineAt(line).slice(0, character).trim() === '';
}

function linesOf(document: OpenDocument): Lines {
  return { lineCount: document.lineCount, textOf: (line) => document.lineAt(line) };
}
