/** When a span was, as a search of documents that have its start and its duration, in microseconds. */

import { allOf, anyOf, type Clause, range } from './clauses';
import type { Micros } from './documentServer';
import type { SpanFields } from './spanFields';

const MINUTE = 60_000_000;
/** A span that began so long before a range is found if it reached into it: 2^11 minutes, 34 hours. */
const STEPS = 11;

/**
 * Spans that were under way in the range; a trace may overlap it although the span that is looked for ended just before, so that those of the minute
 * before are found as well. Servers cannot add start and duration: what began longer ago has to have lasted half as long at least.
 * @param earliest the search may not reach further back
 */
export function spansOf(fields: SpanFields, { start, end }: Micros, earliest = 0): Clause[] {
  const from = Math.max(start - MINUTE, earliest);
  const longer: Clause[] = [];
  for (let step = 0, late = MINUTE; step < STEPS && start - late > earliest; step++, late *= 2) {
    const bounds = { gte: Math.max(start - 2 * late, earliest), lt: start - late };
    longer.push(allOf([range('startTime', bounds), range('duration', { gte: late })]));
  }
  const furthest = Math.max(start - MINUTE * 2 ** STEPS, earliest);
  return [
    ...coarse(fields, { start: furthest, end }),
    range('startTime', { lte: end }),
    anyOf([range('startTime', { gte: from }), ...longer]),
  ];
}

/** Spans that began in the range. */
export function begunIn(fields: SpanFields, { start, end }: Micros): Clause[] {
  return [...coarse(fields, { start, end }), range('startTime', { gte: start, lte: end })];
}

/** By this the servers leave out indices that have nothing of the time. */
function coarse({ millis }: SpanFields, { start, end }: Micros): Clause[] {
  return millis === undefined ? [] : [range(millis, { gte: Math.floor(start / 1000), lte: Math.ceil(end / 1000) })];
}
