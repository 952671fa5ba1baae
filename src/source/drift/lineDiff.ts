/**
 * Which line of a text is which line of another. Head and tail that are the same are cut off first; lines that stand once in both texts are
 * anchors (the idea of the patience diff), so that a rewrite of half a file costs as little as a small edit; between anchors the `diff`
 * package (Myers) decides, within bounds. What it gives up on stays without a counterpart.
 */

import { diffArrays } from 'diff';

export interface LineMap {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** For each line before, the same line after, or -1. Ascending, apart from the -1. */
  readonly toAfter: Int32Array;
  /** For each line after, the same line before, or -1. */
  readonly toBefore: Int32Array;
}

/** Edits between two anchors; more is a rewrite, in which no line is worth finding by its order. */
const maxEdits = 300;
/** Milliseconds for the parts that anchors do not divide. */
const maxMs = 30;

/** A stretch of both texts that is not compared yet; ends are exclusive. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly fromAfter: number;
  readonly toAfter: number;
}

export function mapLines(before: readonly string[], after: readonly string[]): LineMap {
  const toAfter = new Int32Array(before.length).fill(-1);
  const toBefore = new Int32Array(after.length).fill(-1);
  const pair = (line: number, now: number): void => {
    toAfter[line] = now;
    toBefore[now] = line;
  };
  const whole = trim(before, after, { from: 0, to: before.length, fromAfter: 0, toAfter: after.length }, pair);
  if (whole) {
    const numbers = new Map<string, number>();
    const numberOf = (line: string): number => {
      const known = numbers.get(line);
      if (known !== undefined) return known;
      numbers.set(line, numbers.size);
      return numbers.size - 1;
    };
    const a = numbered(before, whole.from, whole.to, numberOf);
    const b = numbered(after, whole.fromAfter, whole.toAfter, numberOf);
    const deadline = Date.now() + maxMs;
    const open: Stretch[] = [{ from: 0, to: a.length, fromAfter: 0, toAfter: b.length }];
    const inside = (line: number, now: number): void => pair(whole.from + line, whole.fromAfter + now);
    for (let next = open.pop(); next; next = open.pop()) {
      const stretch = trim(a, b, next, inside);
      if (!stretch) continue;
      const parts = divide(a, b, stretch, inside);
      if (parts) open.push(...parts);
      else compare(a, b, stretch, deadline, inside);
    }
  }
  return { before, after, toAfter, toBefore };
}

function numbered(lines: readonly string[], from: number, to: number, numberOf: (line: string) => number): number[] {
  const numbers = new Array<number>(to - from);
  for (let i = from; i < to; i++) numbers[i - from] = numberOf(lines[i]);
  return numbers;
}

/** Pairs the lines at both ends that are the same; undefined where one side has nothing left. */
function trim<T>(
  a: readonly T[],
  b: readonly T[],
  stretch: Stretch,
  pair: (line: number, now: number) => void,
): Stretch | undefined {
  let { from, to, fromAfter, toAfter } = stretch;
  while (from < to && fromAfter < toAfter && a[from] === b[fromAfter]) pair(from++, fromAfter++);
  while (from < to && fromAfter < toAfter && a[to - 1] === b[toAfter - 1]) pair(--to, --toAfter);
  return from < to && fromAfter < toAfter ? { from, to, fromAfter, toAfter } : undefined;
}

/** Pairs the longest run of lines that are unique in both and in the same order; the stretches between them remain. */
function divide(
  a: readonly number[],
  b: readonly number[],
  { from, to, fromAfter, toAfter }: Stretch,
  pair: (line: number, now: number) => void,
): readonly Stretch[] | undefined {
  if (to - from < 4 || toAfter - fromAfter < 4) return undefined;
  const once = uniqueIn(b, fromAfter, toAfter);
  const lines: number[] = [];
  const places: number[] = [];
  const mine = uniqueIn(a, from, to);
  for (let i = from; i < to; i++) {
    const place = once.get(a[i]);
    if (place === undefined || place < 0 || mine.get(a[i]) !== i) continue;
    lines.push(i);
    places.push(place);
  }
  const anchors = longestAscending(places);
  if (!anchors.length) return undefined;
  const parts: Stretch[] = [];
  let line = from;
  let now = fromAfter;
  for (const anchor of anchors) {
    parts.push({ from: line, to: lines[anchor], fromAfter: now, toAfter: places[anchor] });
    pair(lines[anchor], places[anchor]);
    line = lines[anchor] + 1;
    now = places[anchor] + 1;
  }
  parts.push({ from: line, to, fromAfter: now, toAfter });
  return parts.filter((part) => part.from < part.to && part.fromAfter < part.toAfter);
}

/** Where each value of a stretch stands, -1 for those that stand there more than once. */
function uniqueIn(values: readonly number[], from: number, to: number): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (let i = from; i < to; i++) places.set(values[i], places.has(values[i]) ? -1 : i);
  return places;
}

/** Indices of the longest ascending subsequence (patience sorting with back pointers). */
function longestAscending(values: readonly number[]): readonly number[] {
  const tops: number[] = [];
  const previous = new Int32Array(values.length).fill(-1);
  for (let i = 0; i < values.length; i++) {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[tops[middle]] < values[i]) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[i] = tops[low - 1];
    tops[low] = i;
  }
  const chain: number[] = [];
  for (let i = tops.length ? tops[tops.length - 1] : -1; i >= 0; i = previous[i]) chain.push(i);
  return chain.reverse();
}

function compare(
  a: readonly number[],
  b: readonly number[],
  { from, to, fromAfter, toAfter }: Stretch,
  deadline: number,
  pair: (line: number, now: number) => void,
): void {
  // Both ends are trimmed, so a single line can only be one in the middle. A rewritten file is made of thousands of these.
  if (to - from === 1 || toAfter - fromAfter === 1) {
    for (let line = from; line < to; line++) {
      for (let now = fromAfter; now < toAfter; now++) {
        if (a[line] !== b[now]) continue;
        pair(line, now);
        return;
      }
    }
    return;
  }
  const timeout = deadline - Date.now();
  if (timeout <= 0) return;
  const changes = diffArrays(a.slice(from, to), b.slice(fromAfter, toAfter), { maxEditLength: maxEdits, timeout });
  let line = from;
  let now = fromAfter;
  for (const { added, removed, count } of changes ?? []) {
    if (added) now += count;
    else if (removed) line += count;
    else for (let i = 0; i < count; i++) pair(line++, now++);
  }
}
