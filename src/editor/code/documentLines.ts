/** Lines of documents that are open, followed through edits: where a place of the saved file is in the text that is on the screen. */

import { type Disposable, type TextDocument, type TextDocumentChangeEvent, workspace } from 'vscode';
import { Disposables } from '../../base/disposables';
import type { LocatedPlace } from '../../code';
import { type LineEdit, type Lines, TrackedLines } from '../../code/lineTracking';

const maxDocuments = 200;

export class DocumentLines implements Disposable {
  private readonly disposables = new Disposables();
  private readonly tracked = new Map<string, TrackedLines>();
  private generation = -1;

  constructor() {
    this.disposables.add(
      workspace.onDidChangeTextDocument((event) => this.changed(event)),
      workspace.onDidSaveTextDocument((document) => this.tracked.get(document.uri.toString())?.saved()),
    );
  }

  /** The places with their lines as they are now. Of a document that is not open they are as found. */
  follow(document: string, generation: number, places: readonly LocatedPlace[]): readonly LocatedPlace[] {
    const open = openDocument(document);
    if (!open || places.length === 0) return places;
    if (generation !== this.generation) {
      // Numbers stand for other places now.
      this.tracked.clear();
      this.generation = generation;
    }
    let tracked = this.tracked.get(document);
    if (!tracked) {
      if (this.tracked.size >= maxDocuments) this.tracked.clear();
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

  private changed({ document, contentChanges }: TextDocumentChangeEvent): void {
    const tracked = contentChanges.length > 0 && this.tracked.get(document.uri.toString());
    if (!tracked) return;
    tracked.edit(editsOf(document, contentChanges), linesOf(document));
    // Undone, or read again from disk.
    if (!document.isDirty) tracked.saved();
  }
}

/** Changes of one event, from the top down. VS Code gives the ranges of all of them in the document before the event. */
export function editsOf(document: TextDocument, changes: TextDocumentChangeEvent['contentChanges']): LineEdit[] {
  let shift = 0;
  return [...changes]
    .sort((a, b) => a.range.start.compareTo(b.range.start))
    .map(({ range, text }) => {
      const startLine = range.start.line + shift;
      const endLine = range.end.line + shift;
      shift += text.split('\n').length - 1 - (endLine - startLine);
      const isAtLineStart = isBlankBefore(document, startLine, range.start.character);
      return { startLine, endLine, isInsertion: range.isEmpty, isAtLineStart, text };
    });
}

/** What is in front of a change is the same before and after it. */
function isBlankBefore(document: TextDocument, line: number, character: number): boolean {
  if (character === 0) return true;
  return line < document.lineCount && document.lineAt(line).text.slice(0, character).trim() === '';
}

function openDocument(uri: string): TextDocument | undefined {
  return workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === uri);
}

function linesOf(document: TextDocument): Lines {
  return { lineCount: document.lineCount, textOf: (line) => document.lineAt(line).text };
}
