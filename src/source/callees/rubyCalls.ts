/** Calls of Ruby that no parenthesis tells. */

import type { Call } from '../outline/calls';
import { basesOf } from './bindings';

/** Methods of Ruby that are called by their name alone, and those that run before an action. */
export function bareCalls(lines: readonly string[], start: number, end: number): readonly Call[] {
  const found: Call[] = [...filtersIn(lines)];
  const variables = variablesIn(lines, start, end);
  for (let line = start; line < Math.min(end, lines.length); line++)
    for (const match of lines[line].slice(0, 1_000).matchAll(/(?<![\w.:@$'"])([a-z_]\w{2,60})[!?]?(?![\w:(])/g))
      if (found.length < 200 && !variables.has(match[1])) found.push({ name: match[1], receiver: '', line, column: match.index });
  return found;
}

/** What is given to a function or a block, and what is assigned there, is no call from then on. */
function variablesIn(lines: readonly string[], start: number, end: number): ReadonlySet<string> {
  const found = new Set<string>();
  for (const text of lines.slice(start, end)) {
    const line = text.slice(0, 1_000);
    const given = /^\s*def\s+[\w.]+[!?=]?\s*\(?([^)]{0,400})|\|([^|]{1,200})\|/.exec(line);
    for (const [name] of (given?.[1] ?? given?.[2] ?? '').matchAll(/(?<![\w.:@$])[a-z_]\w*/g)) found.add(name);
    for (const [, names] of line.matchAll(/(?<![\w.:@$])([a-z_]\w*(?:\s?,\s?[@a-z_]\w*){0,6})\s*(?:\|\||&&|\+)?=(?![=~>])/g))
      for (const name of names.split(/\s?,\s?/)) found.add(name);
  }
  return found;
}

export function filtersIn(lines: readonly string[]): readonly Call[] {
  const found: Call[] = [];
  for (const [line, text] of lines.slice(0, 400).entries()) {
    const filter =
      /^\s*(?:prepend_|append_)?(?:before|around|after)_(?:action|perform|save|create|update|destroy|validation|commit)\s+(.{1,300})$/.exec(
        text.slice(0, 400),
      );
    for (const match of filter?.[1].replace(/\b(?:only|except|if|unless)\s*:.*$/, '').matchAll(/:(\w+[!?]?)/g) ?? [])
      if (found.length < 60) found.push({ name: match[1].replace(/[!?]$/, ''), receiver: '', line, column: 0 });
  }
  return found;
}

/** What writes a record of ActiveRecord, beside which its callbacks run. */
export const writes = /^(?:save|create|update|destroy|update_attributes?|find_or_create_by|touch|toggle|increment|destroy_all)$/;

/** `CabinBed` of `cabin_bed` and `cabin_beds`. */
export function recordOf(receiver: string): string {
  const words = receiver
    .replace(/ies$/, 'y')
    .replace(/(?<=s|sh|ch|x)es$|(?<!s)s$/, '')
    .split('_');
  return words.map((word) => (word[0] ?? '').toUpperCase() + word.slice(1)).join('');
}

/** What runs before an action: filters that the base classes of its controller and their concerns ask for. */
export async function filtersAbove<T>(
  file: string,
  ask: {
    readonly lines: (file: string) => Promise<readonly string[] | undefined>;
    readonly named: (file: string, name: string) => Promise<readonly T[]>;
    readonly files: (type: string) => Promise<readonly string[]>;
  },
): Promise<readonly T[]> {
  const found: T[] = [];
  let files = [file];
  for (let level = 0; level < 3 && files.length; level++) {
    const above: string[] = [];
    for (const each of files) {
      const lines = await ask.lines(each);
      if (!lines) continue;
      for (const { name } of level ? filtersIn(lines) : []) found.push(...(await ask.named(each, name)));
      for (const base of basesOf(lines).slice(0, 16)) above.push(...(await ask.files(base)).slice(0, 1));
    }
    files = [...new Set(above)].slice(0, 24);
  }
  return found.slice(0, 24);
}
