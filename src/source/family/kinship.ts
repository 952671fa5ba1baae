/**
 * How a place is related to the functions that the spans around led to: it stands in one of them, or in a function that one of them calls,
 * directly or through one more. Deeper than that, text alone does not tell.
 */

import { type Call, callsIn } from '../outline/calls';
import { type FunctionText, functionAt, functionsNamed } from '../outline/functions';
import type { Caller, Family } from './family';

export type Kinship = 'inside' | 'called' | 'reached' | 'file' | 'none';

interface Place {
  /** URI. */
  readonly file: string;
  /** From 0. */
  readonly line: number;
}

/** Functions between a caller and a place that are looked at. */
const maxBetween = 12;

/** The nearest kinship with any of the callers, nearest caller first; undefined: there are no callers. */
export async function kinshipOf(place: Place, family: Family): Promise<{ kinship: Kinship; caller: Caller } | undefined> {
  const callers = await family.callers();
  if (!callers.length) return undefined;
  const lines = await family.lines(place.file);
  const own = lines && (functionAt(lines, place.line) ?? statedAt(lines, place));
  for (const caller of callers) {
    if (caller.file === place.file && place.line >= caller.start && place.line < caller.end) return { kinship: 'inside', caller };
  }
  for (const caller of callers) {
    const calls = await family.calls(caller);
    const called = new Set(calls.map(({ name }) => name));
    if (own?.name !== undefined && isTelling(own.name) && called.has(own.name)) {
      // Its own head is no call.
      const named = calls.filter(({ name, line }) => name === own.name && (line !== caller.start || name !== caller.name));
      return {
        kinship: caller.file === place.file || named.some((call) => mayBeOn(call, own, place)) ? 'called' : 'reached',
        caller,
      };
    }
    if (own?.name !== undefined && (await isReached(own.name, place.file, caller, called, family)))
      return { kinship: 'reached', caller };
  }
  const [caller] = callers.filter(({ file }) => file === place.file);
  return caller ? { kinship: 'file', caller } : { kinship: 'none', caller: callers[0] };
}

/** Lines of an annotation that holds a statement. */
const maxStated = 150;

/** The method of an interface of Java or Kotlin, of which the annotation or the statement in it is that a place is in. */
function statedAt(lines: readonly string[], { file, line }: Place): FunctionText | undefined {
  if (!/\.(?:java|kt)$/.test(file)) return undefined;
  const first = lines.slice(Math.max(0, line - maxStated), line + 1).findLastIndex((text) => /^\s*@\w/.test(text.slice(0, 200)));
  if (first < 0) return undefined;
  for (let i = line; i < Math.min(lines.length, line + maxStated); i++) {
    const text = lines[i].slice(0, 500);
    // Behind the end of what the annotation is given.
    if (i > line && !/\)\s*$/.test(lines[i - 1].slice(-200)) && !/^\s*@\w+\s*$/.test(lines[i - 1].slice(0, 200))) continue;
    const name = /^\s*(?!@)(?:[\w<>,.?[\]]+\s+){1,6}(\w+)\s*\(/.exec(text)?.[1];
    if (name !== undefined) return { name, containers: [], start: i, end: i + 1 };
  }
  return undefined;
}

/** `orderService.create(` is no call of what `TillService` has. */
export function mayBeOn({ receiver }: Call, { containers }: FunctionText, { file }: Pick<Place, 'file'>): boolean {
  const plain = (text: string | undefined): string => (text ?? '').toLowerCase().replace(/[^a-z0-9]|impl$/g, '');
  const on = plain(
    receiver
      .split(/[^\w$]+/)
      .filter((part) => !/^(?:this|self|cls|super|)$/.test(part))
      .pop(),
  );
  const of = plain(containers[containers.length - 1]);
  if (on.length < 4 || of === '') return true;
  const stem = plain(decodeURIComponent(file.slice(file.lastIndexOf('/') + 1)).replace(/\.\w+$/, ''));
  return (
    [of, stem].some((each) => each.includes(on) || on.includes(each)) ||
    !/service|repo|store|client|controller|dao|model/.test(on)
  );
}

/** Through one function that stands in the caller's file or in the place's. */
async function isReached(
  name: string,
  file: string,
  caller: Caller,
  called: ReadonlySet<string>,
  family: Family,
): Promise<boolean> {
  if (!isTelling(name)) return false;
  for (const each of new Set([caller.file, file])) {
    const lines = (await family.lines(each)) ?? [];
    let looked = 0;
    for (const between of called) {
      if (!isTelling(between) || looked >= maxBetween) continue;
      for (const { start, end } of functionsNamed(lines, between).slice(0, 2)) {
        looked++;
        if (callsIn(lines, start + 1, end).some((call) => call.name === name)) return true;
      }
    }
  }
  return false;
}

/** Names that collections and promises have as well say nothing. */
function isTelling(name: string): boolean {
  return (
    name.length >= 3 &&
    !/^(?:map|filter|find|get|set|add|all|then|catch|next|each|forEach|push|send|run|call|apply|json|query|first|where|new)$/.test(
      name,
    )
  );
}
