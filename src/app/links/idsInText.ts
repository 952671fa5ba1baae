/** Ids of traces that a person means: what they typed, copied, selected, or have the cursor on. */

import { parseTraceId, parseTraceparent } from '../../core/model/ids';
import { findTraceIds } from '../../core/text/traceIds';
import type { SpanArgument } from './spanArgument';

/**
 * The id that the cursor is on, else the first one of its line that is surely a trace's.
 * @param character UTF-16 unit of the line
 */
export function idAt(line: string, character: number): SpanArgument | undefined {
  const all = findTraceIds(line);
  return all.find(({ start, end }) => start <= character && character <= end) ?? all.find(({ sure }) => sure);
}

/** An id that is the whole text, or stands in it. Stricter than what may be typed: a copied "cafe" is a word. */
export function idIn(text: string): SpanArgument | undefined {
  const trimmed = text.trim();
  if (trimmed.length >= 16 && trimmed.length <= 64) {
    const whole = argumentOf(trimmed);
    if (whole) return whole;
  }
  return findTraceIds(text)[0];
}

/** What was typed, where it is an id in any of its forms. */
export function argumentOf(text: string): SpanArgument | undefined {
  const traceId = parseTraceId(text);
  return traceId === undefined ? undefined : { traceId, spanId: parseTraceparent(text)?.spanId };
}
