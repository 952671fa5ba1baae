/**
 * Lines of texts, split once. Spans of one trace lead to the same files, whose text is the same string as long as it is kept; whoever works
 * something out of lines may keep it by them, and has it for the next span.
 */

import { Lru } from '../../base/lru';

const maxTexts = 1_200;
/** A longer text is split each time: it is one of few, and would hold much memory. UTF-16 units. */
const maxLength = 128 * 1024;

const known = new Lru<string, readonly string[]>({ maxSize: maxTexts });

export function splitLines(text: string): readonly string[] {
  if (text.length > maxLength) return split(text);
  let lines = known.get(text);
  if (!lines) {
    lines = split(text);
    known.set(text, lines);
  }
  return lines;
}

/** No expression that ends with the line gets past a carriage return. */
function split(text: string): string[] {
  return text.includes('\r') ? text.split(/\r?\n/) : text.split('\n');
}
