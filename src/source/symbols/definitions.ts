/**
 * Whether a line defines a function or a class of a name, by the language's notation (notations.ts). No parser: a line is enough for the
 * notations that people use, and enclosing.ts looks at what is around it. Calls and uses must not pass; a definition in an odd layout may be
 * missed.
 */

import type { SourceLanguage } from '../search/languages';
import type { DefinitionMatch, Pattern } from './notation';
import { patternsOf } from './notations';

/** Gives the match of a line, or undefined. */
export type DefinitionMatcher = (line: string) => DefinitionMatch | undefined;

const maxLine = 2_000;

/** `name` is letters, digits, `_` and `$`; of Ruby and Elixir also a `?`, `!` or `=` at its end. */
export function definitionMatcher(name: string, language: SourceLanguage): DefinitionMatcher {
  const matchers = patternsOf(language, name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).map(compile);
  return (line) => {
    if (line.length > maxLine || !line.includes(name)) return undefined;
    for (const matcher of matchers) {
      const match = matcher(line);
      if (match) return { ...match, column: line.indexOf(name, match.column) };
    }
    return undefined;
  };
}

function compile({ kind, pattern, unless, follows }: Pattern): DefinitionMatcher {
  const expression = new RegExp(pattern, 'u');
  return (line) => {
    const match = expression.exec(line);
    if (!match || unless?.test(line)) return undefined;
    const container = match.groups?.c;
    const found = { kind, column: match.index, ...(container ? { container } : {}) };
    if (!follows) return found;
    const open = match.index + match[0].length - 1;
    const more = follows(afterParameters(line, open), line.slice(open));
    return more && { ...found, ...more };
  };
}

/** What follows the closing parenthesis; undefined where it is on another line. */
function afterParameters(line: string, open: number): string | undefined {
  let depth = 0;
  for (let i = open; i < line.length; i++) {
    if (line[i] === '(') depth++;
    else if (line[i] === ')' && --depth === 0) return line.slice(i + 1);
  }
  return undefined;
}
