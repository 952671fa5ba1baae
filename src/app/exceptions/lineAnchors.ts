/**
 * A line that an error stands at, held on to while its file is edited: edits above move it, an edit of the line itself ends it. What the line
 * says decides, not what an edit touched: a formatter that writes a whole function anew edits no line that it leaves as it was.
 */

import type { TextChange, TextPosition } from '../ports/workspace';

/** A line of a file. */
export interface Anchor {
  /** URI. */
  readonly file: string;
  /** From 0. */
  readonly line: number;
  /** Where its text begins and ends, without white space around. */
  readonly first: number;
  readonly end: number;
  readonly text: string;
}

/** The lines of a file, however they are kept. */
export interface Lines {
  readonly count: number;
  at(line: number): string;
}

/** A longer line is generated; its head is enough to know it again. */
const maxText = 1000;
/** Lines around the place that are looked through for one that says the same. */
const maxDistance = 2000;

/** The anchor of a line; undefined where there is no such line or nothing stands in it. */
export function anchorAt(file: string, line: number, lines: Lines): Anchor | undefined {
  if (line < 0 || line >= lines.count) return undefined;
  const whole = lines.at(line);
  const text = textOf(whole);
  if (text === '') return undefined;
  const first = whole.length - whole.trimStart().length;
  return { file, line, first, end: first + text.length, text };
}

/** The anchor after changes, the document being `lines` now; undefined where the line itself was edited. */
export function anchorAfter(anchor: Anchor, changes: readonly TextChange[], lines: Lines): Anchor | undefined {
  const { line } = positionAfter({ line: anchor.line, character: anchor.first }, changes);
  const here = anchorAt(anchor.file, line, lines);
  if (here?.text === anchor.text) return here;
  // The text may stand elsewhere in what was written anew, but not where nobody wrote.
  const written = changes.map(({ range, text }) => [range.start.line, range.start.line + breaksIn(text)] as const);
  const within = (candidate: number): boolean => written.some(([from, to]) => candidate >= from && candidate <= to);
  return nearest(anchor, line, lines, within);
}

/** The anchor in a file that was changed in a way that nobody saw; undefined where its line is no more. */
export function anchorAgain(anchor: Anchor, lines: Lines): Anchor | undefined {
  return nearest(anchor, anchor.line, lines, () => true);
}

/** Where a position is after changes. */
export function positionAfter(position: TextPosition, changes: readonly TextChange[]): TextPosition {
  let { line, character } = position;
  for (const { range, text } of changes) {
    const { start, end } = range;
    if (isBefore({ line, character }, end)) {
      // Wholly after it, or around it: then what was written stands there now.
      if (!isBefore(start, { line, character })) continue;
      line = start.line;
      character = start.character;
      continue;
    }
    const breaks = breaksIn(text);
    if (line === end.line) {
      const head = breaks === 0 ? start.character + text.length : text.length - text.lastIndexOf('\n') - 1;
      character += head - end.character;
    }
    line += breaks - (end.line - start.line);
  }
  return { line, character };
}

function nearest(anchor: Anchor, line: number, lines: Lines, isCandidate: (line: number) => boolean): Anchor | undefined {
  for (let distance = 0; distance <= maxDistance; distance++) {
    for (const candidate of distance === 0 ? [line] : [line - distance, line + distance]) {
      if (candidate < 0 || candidate >= lines.count || !isCandidate(candidate)) continue;
      if (textOf(lines.at(candidate)) === anchor.text) return anchorAt(anchor.file, candidate, lines);
    }
  }
  return undefined;
}

function textOf(line: string): string {
  return line.trim().slice(0, maxText).trimEnd();
}

function isBefore(a: TextPosition, b: TextPosition): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function breaksIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
