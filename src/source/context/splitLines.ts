/**
 * Lines of texts, split once. Spans of one trace lead to the same files, whose text is the same string as long as it is kept; whoever works
 * something out of lines may keep it by them, and has it for the next span.
 */

import { Lru } from '../../base/lru';

const maxTexts = 400;
/** A longer text is split each time: it is one of few, and would hold much memory. UTF-16 units. */
const maxLength = 128 * 1024;

const known = new Lru<string, readonly string[]>({ maxSize: maxTexts });

export function splitLines(text: string): readonly string[] {
  if (text.length > maxLength) return text.split('\n');
  let lines = known.get(text);
  if (!lines) {
    lines = text.split('\n');
    known.set(text, lines);
  }
  return lines;
}
