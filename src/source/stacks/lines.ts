/**
 * The lines of a stack trace, and the frame that a parser builds from one. Every parser goes over the text once,
 * line by line, with patterns that are anchored and have no nested repetition, so a megabyte of anything costs linear time.
 */

import type { ParsedException, StackFrame, StackLanguage } from '../model/types';
import { isLibraryPath } from '../uri/libraries';

/** One language's format. */
export interface StackParser {
  readonly language: StackLanguage;
  /** Empty where the text has no frame of this format. */
  parse(lines: readonly string[]): readonly ParsedException[];
}

/** A line beyond this cannot be a frame; patterns never see it. */
export const maxLineLength = 4096;

/** Without the line breaks (`\n` or `\r\n`) and the white space at the end. */
export function stackLines(text: string): readonly string[] {
  return text.split('\n').map((line) => line.trimEnd());
}

export interface FrameParts {
  readonly functionName?: string;
  readonly className?: string;
  readonly path?: string;
  readonly line?: string;
  readonly column?: string;
  readonly isNative?: boolean;
  readonly isLibrary?: boolean;
}

/** A frame of one line. */
export function makeFrame(line: string, parts: FrameParts): StackFrame {
  return {
    raw: line.trimStart(),
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
