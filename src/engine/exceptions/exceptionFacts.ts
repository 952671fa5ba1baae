/**
 * What a stack's text says of its exception, as far as it decides which exceptions are the same: where it was thrown. The same error comes
 * again and again with the same text, which is parsed once.
 */

import type { Placing } from '../../core/analysis/distinctErrors';
import { type ParsedStack, parseStack, type StackLanguage } from '../../source';

export interface StackFacts {
  /** As the stack prints it; empty where it does not. */
  readonly type: string;
  /** Of one of the stacks that differ in it alone. */
  readonly message: string;
  readonly placing: Placing;
  /** Tells places apart. */
  readonly place: string;
}

/** UTF-16 units of a stack that are parsed: the line that threw is at its head, of Python at its end. */
const maxParsed = 65_536;
/** Of all texts that are kept. */
const maxKeptLength = 16 << 20;

export class StackFactsReader {
  private readonly known = new Map<string, StackFacts>();
  private length = 0;

  /** @param message of the exception, where it is known: stacks that differ in it alone were thrown at the same line */
  read(text: string, message: string, language: StackLanguage | undefined): StackFacts {
    const at = message === '' ? -1 : text.indexOf(message);
    const key = at < 0 ? text : `${text.slice(0, at)}\0${text.slice(at + message.length)}`;
    const known = this.known.get(key);
    if (known) return known;
    if (this.length > maxKeptLength) {
      this.known.clear();
      this.length = 0;
    }
    const facts = factsOf(parseStack(headOf(text), language));
    this.known.set(key, facts);
    this.length += key.length;
    return facts;
  }
}

function headOf(text: string): string {
  if (text.length <= maxParsed) return text;
  return text.includes('Traceback (most recent call last)') ? text.slice(-maxParsed) : text.slice(0, maxParsed);
}

function factsOf(stack: ParsedStack | undefined): StackFacts {
  const [exception] = stack?.exceptions ?? [];
  if (!stack || !exception) return { type: '', message: '', placing: 'none', place: '' };
  const { type, message, frames, throwFrame } = exception;
  const placed = frames.slice(throwFrame).filter(({ path, line }) => path !== undefined && line !== undefined);
  const own = placed.find(({ isLibrary, isNative }) => !isLibrary && !isNative);
  const frame = own ?? placed[0];
  const place = frame ? `${frame.className ?? ''} ${frame.path}:${frame.line}:${frame.column ?? ''}` : '';
  // Go's errors have no stack: what is recorded is the stack of the recording.
  const placing: Placing = own ? (stack.language === 'go' ? 'recorded' : 'thrown') : 'library';
  return { type, message, placing, place };
}
