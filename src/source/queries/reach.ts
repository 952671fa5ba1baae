/**
 * The functions from which a query was made: those that the spans around lead to, and what they call, to a bounded depth, nearest first. Calls
 * that are named after the table or do what the query does are followed before others.
 */

import { throwIfAborted } from '../../base/errors';
import { Callees, type PlacedFunction } from '../callees/callees';
import { handler } from '../callees/messageCalls';
import type { Caller } from '../family/family';
import type { Call } from '../outline/calls';
import type { SourceSearch } from '../search/sourceSearch';
import type { ModelNames } from './models';
import { wordsOf } from './nouns';
import type { Operation } from './statement';
import { fitsOperation } from './verbs';

export interface Reached {
  /** URI. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** Calls between the span's function and this one. */
  readonly depth: number;
}

/** A call that leads from one function that was reached to another. */
export interface Step {
  readonly file: string;
  /** Of the call. */
  readonly line: number;
  /** What is called. */
  readonly name: string;
  readonly to: Reached;
}

/** A call that leads nowhere that is known. */
export interface Unknown extends Call {
  readonly depth: number;
}

export interface Reach {
  readonly functions: readonly Reached[];
  readonly steps: readonly Step[];
  readonly unknown: readonly Unknown[];
}

/** Calls that are followed. */
export const maxDepth = 4;
const maxFunctions = 70;
const maxSteps = 600;
/** Calls of one function that are followed. */
const maxCalls = 30;

const middleware = /middlewares?\b|interceptor|\bmw[A-Z_]|(?:Mw|MW)\b/i;

export async function reachedFrom(
  callers: readonly Caller[],
  names: ModelNames,
  operation: Operation | undefined,
  search: SourceSearch,
): Promise<Reach> {
  const callees = new Callees(search);
  const found: Reached[] = callers.map(({ file, start, end }) => ({ file, start, end, depth: 0 }));
  for (const { file, start } of callers)
    for (const each of await callees.filtersOf(file, start))
      found.push({ file: each.file, start: each.start, end: each.end, depth: 1 });
  const steps: Step[] = [];
  const unknown: Unknown[] = [];
  const seen = new Map(found.map((each) => [`${each.file}:${each.start}`, each]));
  // Of a handler and the middlewares below it, the one first that calls what is named after the table: searches are few.
  const telling = new Map<Reached, number>();
  for (const each of found) {
    const weight = (await ranked(callees, each, names, operation))[0]?.weight ?? 0;
    const name = callers.find(({ file, start }) => file === each.file && start === each.start)?.name ?? '';
    telling.set(each, middleware.test(`${each.file.split('/').pop()} ${name}`) ? weight - 1 : weight);
  }
  const queue = [...found].sort((a, b) => (telling.get(b) ?? 0) - (telling.get(a) ?? 0));
  for (let i = 0; i < queue.length && found.length < maxFunctions; i++) {
    throwIfAborted(search.context.signal);
    const { file, start, depth } = queue[i];
    if (depth >= maxDepth) continue;
    for (const { call, weight } of await ranked(callees, queue[i], names, operation)) {
      const next: readonly PlacedFunction[] = await callees.definitions(call, file, weight > 0 || depth <= 1);
      if (!next.length && unknown.length < maxSteps) unknown.push({ ...call, depth });
      for (const each of next) {
        const key = `${each.file}:${each.start}`;
        if (each.file === file && each.start === start) continue;
        let to = seen.get(key);
        if (!to && found.length < maxFunctions) {
          // Who sends a message to its handler calls that.
          to = { file: each.file, start: each.start, end: each.end, depth: call.name === handler ? depth : depth + 1 };
          seen.set(key, to);
          found.push(to);
          queue.push(to);
        }
        if (to && steps.length < maxSteps) steps.push({ file, line: call.line, name: call.name, to });
      }
    }
  }
  return { functions: found, steps, unknown };
}

/** Tells what the function of the nearest span leads to; undefined where there is but one. */
export function isBelowNearest({
  functions,
  steps,
}: Reach): ((place: { readonly file: string; readonly line: number }) => boolean) | undefined {
  const [nearest, ...others] = functions.filter(({ depth }) => depth === 0);
  if (!nearest || !others.length) return undefined;
  const below = new Set([nearest]);
  for (const one of below)
    for (const { file, line, to } of steps) if (file === one.file && line >= one.start && line < one.end) below.add(to);
  return ({ file, line }) => [...below].some((one) => one.file === file && line >= one.start && line < one.end);
}

/** Distinct calls of a function, the most telling first, else in the order of the text. */
async function ranked(
  callees: Callees,
  { file, start, end }: Reached,
  names: ModelNames,
  operation: Operation | undefined,
): Promise<readonly { readonly call: Call; readonly weight: number }[]> {
  const distinct = new Map<string, { readonly call: Call; readonly weight: number }>();
  for (const call of await callees.callsOf(file, start, end)) {
    const key = `${call.receiver}.${call.name}`;
    if (!distinct.has(key)) distinct.set(key, { call, weight: weightOf(call, names, operation) });
  }
  return [...distinct.values()].sort((a, b) => b.weight - a.weight || a.call.line - b.call.line).slice(0, maxCalls);
}

const maxWords = 8;

/** Whether a name has the table's among its words: `GetPilotByBadge`, `list_pilots_of_quay`. */
export function mentions(name: string, names: ModelNames): number {
  if (!names.mayBeIn(name)) return 0;
  const words = wordsOf(name).slice(0, maxWords);
  for (let from = 0; from < words.length; from++)
    for (let to = from + 1; to <= Math.min(words.length, from + 3); to++)
      if (names.means(words.slice(from, to).join('_')) >= 0.9) return 0.8;
  return 0;
}

function weightOf({ name, receiver }: Call, names: ModelNames, operation: Operation | undefined): number {
  // Who handles a message does what it is for.
  if (name.startsWith('@')) return 1;
  const words = [...receiver.split(/[^\p{L}\p{N}_]+/u), name, name.replace(/^[a-z]+_?/, '')].slice(-5);
  const means = Math.max(0, mentions(name, names), ...words.map((word) => names.means(word)));
  // `readProgressRepository` may well be what reaches `read_progress_series`.
  const kin = means === 0 && words.some((word) => names.isKin(word)) ? 0.5 : 0;
  return means + kin + Math.max(0, fitsOperation(name, operation)) * 0.4;
}
