/**
 * The lines of a stack trace with their offsets, and the frame that a parser builds from one. Every parser goes over the text once,
 * line by line, with patterns that are anchored and have no nested repetition, so a megabyte of anything costs linear time.
 */

import type { ParsedException, StackFrame, StackLanguage } from '../model/types';
import { isLibraryPath } from '../uri/libraries';

export interface TextLine {
  /** Without the line break (`\n` or `\r\n`) and the white space at the end. */
  readonly text: string;
  /** Offset of the first character. */
  readonly start: number;
}

/** One language's format. */
export interface StackParser {
  readonly language: StackLanguage;
  /** Empty where the text has no frame of this format. */
  parse(lines: readonly TextLine[]): readonly ParsedException[];
}

/** A line beyond this cannot be a frame; patterns never see it. */
export const maxLineLength = 4096;

export function splitLines(text: string): readonly TextLine[] {
  const lines: TextLine[] = [];
  for (let start = 0; start <= text.length; ) {
    const next = text.indexOf('\n', start);
    const end = next < 0 ? text.length : next;
    lines.push({ text: text.slice(start, end).trimEnd(), start });
    start = end + 1;
  }
  return lines;
}

export interface FrameParts {
  readonly functionName?: string;
  readonly className?: string;
  readonly path?: string;
  readonly line?: string;
  readonly column?: string;
  /** The place as it stands in the line, `path:line:column`; found by search when it isn't given. */
  readonly place?: string;
  readonly isNative?: boolean;
  readonly isLibrary?: boolean;
}

/** A frame of one line. */
export function makeFrame(line: TextLine, parts: FrameParts): StackFrame {
  const lead = line.text.length - line.text.trimStart().length;
  const raw = line.text.slice(lead);
  const place = parts.place ?? parts.path ?? '';
  // The last occurrence: a function may be called like its file.
  const at = place === '' ? -1 : raw.lastIndexOf(place);
  const start = line.start + lead;
  return {
    raw,
    start,
    end: start + raw.length,
    linkStart: at < 0 ? start : start + at,
    linkEnd: at < 0 ? start : start + at + place.length,
    functionName: parts.functionName === '' ? undefined : parts.functionName,
    className: parts.className,
    path: parts.path,
    line: number(parts.line),
    column: number(parts.column),
    isLibrary: parts.isLibrary ?? (parts.path !== undefined && isLibraryPath(parts.path)),
    isNative: parts.isNative ?? parts.path === undefined,
  };
}

function number(text: string | undefined): number | undefined {
  if (text === undefined || text.length > 10) return undefined;
  const value = Number(text);
  return value >= 1 && value <= 0x7fffffff ? value : undefined;
}

/** `Type: message`, as most languages print it; a first line without a type is all message. */
export function splitHeader(text: string): { type: string; message: string } {
  const match = /^([\w$.:\\+`[\]<>-]{1,300}?)(?::\s+|:?$)/.exec(text.slice(0, 400));
  if (!match || /^\d/.test(match[1])) return { type: '', message: text };
  return { type: match[1], message: text.slice(match[0].length) };
}

/** Adds to a list and returns what was added. */
export function append<Item>(list: Item[], item: Item): Item {
  list.push(item);
  return item;
}

/** Collects one exception while its lines come in. */
export class ExceptionBuilder {
  readonly type: string;
  message: string;
  readonly relation: ParsedException['relation'];
  readonly frames: StackFrame[] = [];
  throwFrame = 0;

  constructor(header: { type: string; message: string }, relation?: ParsedException['relation']) {
    this.type = header.type;
    this.message = header.message;
    this.relation = relation;
  }

  build(): ParsedException {
    const { type, message, frames, relation, throwFrame } = this;
    return { type, message: message.trim(), frames, relation, throwFrame: Math.min(throwFrame, frames.length) };
  }
}
