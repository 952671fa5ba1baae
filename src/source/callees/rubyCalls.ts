/** Calls of Ruby that no parenthesis tells. */

import type { Call } from '../outline/calls';

/** Methods of Ruby that are called by their name alone, and those that run before an action. */
export function bareCalls(lines: readonly string[], start: number, end: number): readonly Call[] {
  const found: Call[] = [...filtersIn(lines)];
  for (let line = start; line < Math.min(end, lines.length); line++)
    for (const match of lines[line].slice(0, 1_000).matchAll(/(?<![\w.:@$'"])([a-z_]\w{2,60})[!?]?(?![\w:(])/g))
      if (found.length < 200) found.push({ name: match[1], receiver: '', line, column: match.index });
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
