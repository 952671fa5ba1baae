/** From a line of a document to the code that it is in: the places that spans name in the function around it. */

import type { LocatedPlace } from './codeFunctions';

/** Lines of a function, from 0, the last included. */
export interface LineRange {
  readonly startLine: number;
  readonly endLine: number;
}

/**
 * Places of the innermost function around a line, or, where there are none, of the functions around that one, without what belongs to
 * other functions in them. Where no function is known, those of the line and of what it is a line of. Empty when there is none.
 */
export function placesAtLine(
  places: readonly LocatedPlace[],
  line: number,
  functions: readonly LineRange[],
): readonly LocatedPlace[] {
  const around = functions.filter((range) => contains(range, line)).sort((a, b) => size(a) - size(b));
  for (const [level, range] of around.entries()) {
    const inside = places.filter((place) => contains(range, place.line));
    const own = level === 0 ? inside : inside.filter((place) => innermost(functions, place.line) === range);
    if (own.length > 0) return own;
  }
  if (around.length > 0) return [];
  const names = new Set(places.filter((place) => place.line === line).map(({ name }) => name));
  return places.filter((place) => place.line === line || (place.name !== '' && names.has(place.name)));
}

/**
 * The last two parts of a name: `com.example.pricing.PricingService.total` is `PricingService.total` to a person. What is no function's name
 * (`GET /cart/:id`, where a span was found by its route) stays as it is.
 */
export function shortFunctionName(name: string): string {
  if (/\s|^\//.test(name)) return name;
  return /(?:[^.\\#:/]+(?:::|[.\\#]))?[^.\\#:/]+$/.exec(name)?.[0] ?? name;
}

function contains({ startLine, endLine }: LineRange, line: number): boolean {
  return startLine <= line && line <= endLine;
}

function size({ startLine, endLine }: LineRange): number {
  return endLine - startLine;
}

function innermost(functions: readonly LineRange[], line: number): LineRange | undefined {
  let best: LineRange | undefined;
  for (const range of functions) if (contains(range, line) && (!best || size(range) < size(best))) best = range;
  return best;
}
