/**
 * What became of one line between two texts of a file: where it stands now, and whether its function is still the one that ran.
 *
 * A line that the diff pairs is there. One that it does not may have moved (the same line elsewhere, with neighbours that agree), may have
 * been edited (a line like it where it stood, or in the function of its name), or is gone. An answer of the diff is doubted where it leads
 * from one function into another one that was there before: braces and `return` are paired by chance.
 */

import type { Drift } from '../model/types';
import { type FunctionText, functionAt, functionsNamed } from '../outline/functions';
import { sameFunction } from './functionText';
import type { LineMap } from './lineDiff';
import { isTelling, lineSimilarity } from './similar';

export interface LineDrift {
  /** From 0: where the line is now, or the nearest sensible line. */
  readonly line: number;
  readonly kind: Drift['kind'];
  /** The function around the line then. */
  readonly functionName?: string;
  /** The name that the function has now, where only that tells it from the one that ran. */
  readonly calledNow?: string;
  /** The line itself has no counterpart; `line` is near to where it stood. */
  readonly lineGone?: true;
}

/** From here on an edited line is taken for what a line became. */
const alike = 0.5;
/** Neighbours that are compared on each side of a line that may have moved. */
const maxNeighbours = 40;
const maxPlaces = 200;

/** `line` from 0, within `map.before`. `file` tells the language. */
export function driftOfLine(file: string, map: LineMap, line: number): LineDrift {
  const { before, after, toAfter } = map;
  const was = functionAt(before, line);
  const paired = toAfter[line];
  const now = paired >= 0 && !isChance(map, line, paired, was) ? paired : undefined;
  const target = was && counterpart(map, was, now ?? nearest(map, line));
  const found = now ?? sameIn(map, line, was, target) ?? movedTo(map, line, target) ?? editedTo(map, line, target);
  const name = was?.name === undefined ? {} : { functionName: was.name };
  if (found === undefined) {
    if (!target) return { line: nearest(map, line), kind: 'gone', ...name, lineGone: true };
    return { line: within(target, nearestIn(map, line, target)), kind: 'changed', ...name, lineGone: true };
  }
  const around = target ?? (was && functionAt(after, found));
  const isSame = (text: FunctionText): boolean =>
    was !== undefined && sameFunction(file, before.slice(was.start, was.end), after.slice(text.start, text.end));
  const changed = was ? !around || !isSame(around) : lineSimilarity(before[line], after[found]) < 1;
  if (!changed) return { line: found, kind: found === line ? 'same' : 'moved', ...name };
  const renamed = !target && around?.name !== undefined && around.name !== was?.name ? { calledNow: around.name } : {};
  return { line: found, kind: 'changed', ...name, ...renamed };
}

/** The function of the same name now: the one around the line, else the one in the same class, else the nearest. */
function counterpart({ after }: LineMap, was: FunctionText, line: number): FunctionText | undefined {
  const around = functionAt(after, line);
  if (was.name === undefined) return around?.name === undefined ? around : undefined;
  if (around?.name === was.name && sameNames(around.containers, was.containers)) return around;
  let best: FunctionText | undefined;
  const cost = (one: FunctionText): number => (sameNames(one.containers, was.containers) ? 0 : 1e9) + Math.abs(one.start - line);
  for (const one of functionsNamed(after, was.name)) if (!best || cost(one) < cost(best)) best = one;
  return best;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

/** Whether the diff paired a line of one function with one of another that was there before too. */
function isChance({ before, after }: LineMap, line: number, now: number, was: FunctionText | undefined): boolean {
  if (was?.name === undefined) return false;
  const around = functionAt(after, now);
  if (around?.name === undefined || around.name === was.name) return false;
  if (functionsNamed(before, around.name).length > 0) return true;
  // Into a new function while its own is still there: taken out of it, if the line says enough to be known again.
  return functionsNamed(after, was.name).length > 0 && !isTelling(before[line].trim());
}

/** The line in a function that moved as a whole; its lines may have been paired with those of a function like it. */
function sameIn(
  { before, after }: LineMap,
  line: number,
  was: FunctionText | undefined,
  target: FunctionText | undefined,
): number | undefined {
  if (!was || !target || was.end - was.start !== target.end - target.start) return undefined;
  for (let i = was.start; i < was.end; i++) {
    if (before[i].trim() !== after[target.start + i - was.start].trim()) return undefined;
  }
  return target.start + line - was.start;
}

/** Where the same text stands now, in lines without a counterpart, with neighbours that agree. */
function movedTo({ before, after, toBefore }: LineMap, line: number, target: FunctionText | undefined): number | undefined {
  const text = before[line].trim();
  if (text === '') return undefined;
  let best: number | undefined;
  let bestScore = 0;
  let places = 0;
  for (let now = 0; now < after.length && places < maxPlaces; now++) {
    if (toBefore[now] >= 0 || after[now].length < text.length || after[now].trim() !== text) continue;
    places++;
    const inside = target !== undefined && now >= target.start && now < target.end;
    const score = agreement(before, after, line, now) + (isTelling(text) ? 1 : 0) + (inside ? 2 : 0);
    if (score > bestScore) {
      best = now;
      bestScore = score;
    }
  }
  return bestScore >= 2 ? best : undefined;
}

/** How many telling lines around two places agree, without a gap. */
function agreement(before: readonly string[], after: readonly string[], line: number, now: number): number {
  let count = 0;
  for (const step of [-1, 1]) {
    for (let i = 1; i <= maxNeighbours; i++) {
      const left = before[line + step * i];
      const right = after[now + step * i];
      if (left === undefined || right === undefined || left.trim() !== right.trim()) break;
      if (isTelling(left.trim())) count++;
    }
  }
  return count;
}

/** What the line became: the line most like it between the lines that stayed around it, or in the function of its name. */
function editedTo(map: LineMap, line: number, target: FunctionText | undefined): number | undefined {
  const { before, after, toAfter, toBefore } = map;
  let from = line;
  let to = line + 1;
  while (from > 0 && toAfter[from - 1] < 0) from--;
  while (to < before.length && toAfter[to] < 0) to++;
  const start = from > 0 ? toAfter[from - 1] + 1 : 0;
  const end = to < before.length ? toAfter[to] : after.length;
  const here = mostAlike(before[line], after, toBefore, start, Math.min(end, start + 500), start + (line - from));
  const isHere = here !== undefined && (!target || (here >= target.start && here < target.end));
  if (isHere || !target) return here;
  const expected = target.start + (line - (functionAt(before, line)?.start ?? line));
  return mostAlike(before[line], after, toBefore, target.start, Math.min(target.end, target.start + 500), expected);
}

function mostAlike(
  text: string,
  lines: readonly string[],
  toBefore: Int32Array,
  from: number,
  to: number,
  expected: number,
): number | undefined {
  let best: number | undefined;
  let bestScore = alike;
  for (let i = from; i < to; i++) {
    if (toBefore[i] >= 0) continue;
    const similarity = lineSimilarity(text, lines[i]);
    // Of two that are equally alike, the one nearer to where it would stand.
    const score = similarity - Math.abs(i - expected) * 1e-4;
    if (similarity >= alike && (best === undefined || score > bestScore)) {
      best = i;
      bestScore = score;
    }
  }
  return best;
}

/** Where a line stood: after the last line above it that is still there. */
function nearest({ after, toAfter }: LineMap, line: number): number {
  let above = line;
  while (above >= 0 && toAfter[above] < 0) above--;
  const place = above < 0 ? 0 : above === line ? toAfter[above] : toAfter[above] + 1;
  return Math.max(0, Math.min(place, after.length - 1));
}

function nearestIn({ toAfter }: LineMap, line: number, target: FunctionText): number {
  for (let above = line - 1; above >= 0 && above > line - 2000; above--) {
    const now = toAfter[above];
    if (now >= target.start && now < target.end) return now + (now + 1 < target.end ? 1 : 0);
  }
  return target.start;
}

function within(target: FunctionText, line: number): number {
  return Math.max(target.start, Math.min(line, target.end - 1));
}
