/**
 * Where lines of a document are after edits that nobody has saved: a lens, a mark or a hover must not stand at what has moved there meanwhile.
 * A line is known by its number and by its text, so that one that was cut and comes back (undo, a formatter that replaces the whole
 * document) is found again.
 */

/** One change of a document. Of several at once, each range is of the document after those above it: they are in order, from the top. */
export interface LineEdit {
  readonly startLine: number;
  readonly endLine: number;
  /** The range is empty: text was inserted. */
  readonly isInsertion: boolean;
  /** Nothing but white space is in front of the range. */
  readonly isAtLineStart: boolean;
  readonly text: string;
}

/**
 * The new number of a line from 0; undefined when it was deleted. Of a line that the edit ends in, the rest is what was behind it: whether
 * that is still the line its text must tell.
 */
export function movedLine(line: number, { startLine, endLine, isInsertion, isAtLineStart, text }: LineEdit): number | undefined {
  if (line < startLine) return line;
  const added = countLineBreaks(text);
  if (line > endLine) return line + added - (endLine - startLine);
  if (startLine === endLine) return isInsertion && isAtLineStart ? line + added : line;
  if (line === startLine) return isAtLineStart ? undefined : line;
  return line === endLine ? startLine + added : undefined;
}

interface Mark {
  /** As it was given. */
  readonly raw: number;
  line: number;
  text: string;
  isLost: boolean;
}

/** The document as it is now. */
export interface Lines {
  readonly lineCount: number;
  textOf(line: number): string;
}

const maxText = 200;
/** Of a text of lines that came back: one that is on many lines tells nothing. */
const tellingText = /[\p{L}\p{N}].*[\p{L}\p{N}].*[\p{L}\p{N}].*[\p{L}\p{N}]/u;

export class TrackedLines {
  private readonly marks = new Map<number, Mark>();
  /** By line of the saved document: where it is now, -1 where it was deleted. Undefined while the two are the same. */
  private fromSaved: Int32Array | undefined;

  /** The line now, of something that is at a line of the saved document; -1 where it is unknown or was deleted. */
  follow(id: number, savedLine: number, lines: Lines): number {
    if (savedLine < 0) return -1;
    let mark = this.marks.get(id);
    // Found anew elsewhere: a source map was written again, or the file.
    if (!mark || mark.raw !== savedLine) {
      const line = this.fromSaved && savedLine < this.fromSaved.length ? this.fromSaved[savedLine] : savedLine;
      const isLost = line < 0 || line >= lines.lineCount;
      mark = { raw: savedLine, line, text: isLost ? '' : anchorOf(lines.textOf(line)), isLost };
      this.marks.set(id, mark);
    }
    return mark.isLost ? -1 : mark.line;
  }

  /** Changes made at once; `lines` are those after all of them. */
  edit(edits: readonly LineEdit[], lines: Lines): void {
    const added = edits.reduce((sum, { text, startLine, endLine }) => sum + countLineBreaks(text) - (endLine - startLine), 0);
    for (const edit of edits) this.apply(edit, lines, lines.lineCount - added);
  }

  /** The document is as it was saved. */
  saved(): void {
    this.fromSaved = undefined;
  }

  private apply(edit: LineEdit, lines: Lines, linesBefore: number): void {
    const added = countLineBreaks(edit.text);
    const isWithinLine = added === 0 && edit.startLine === edit.endLine;
    if (!isWithinLine) this.moveSaved(edit, linesBefore);
    for (const mark of this.marks.values()) {
      if (!mark.isLost) move(mark, edit, lines, isWithinLine);
      if (mark.isLost && added > 0) this.findAgain(mark, edit.startLine, edit.startLine + added, lines);
    }
  }

  private moveSaved(edit: LineEdit, linesBefore: number): void {
    this.fromSaved ??= Int32Array.from({ length: linesBefore }, (_, line) => line);
    for (const [i, line] of this.fromSaved.entries()) {
      if (line >= edit.startLine) this.fromSaved[i] = movedLine(line, edit) ?? -1;
    }
  }

  private findAgain(mark: Mark, from: number, to: number, lines: Lines): void {
    if (!tellingText.test(mark.text)) return;
    for (let line = from; line <= to && line < lines.lineCount; line++) {
      if (anchorOf(lines.textOf(line)) !== mark.text) continue;
      mark.line = line;
      mark.isLost = false;
      return;
    }
  }
}

function move(mark: Mark, edit: LineEdit, lines: Lines, isWithinLine: boolean): void {
  if (mark.line < edit.startLine) return;
  const line = movedLine(mark.line, edit);
  const isEdge = mark.line === edit.endLine || mark.line === edit.startLine;
  if (line === undefined || line >= lines.lineCount) mark.isLost = true;
  else if (isWithinLine && isEdge) mark.text = anchorOf(lines.textOf(line));
  else if (isEdge && !isWithinLine && mark.line === edit.endLine && edit.startLine < edit.endLine) {
    mark.isLost = !lines.textOf(line).includes(mark.text);
  }
  if (!mark.isLost && line !== undefined) mark.line = line;
}

function anchorOf(text: string): string {
  return text.trim().slice(0, maxText);
}

function countLineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
