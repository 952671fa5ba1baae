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
/** To make one takes longer than to ask it of a hundred lines. */
const kept = new Map<string, DefinitionMatcher>();
const maxKept = 500;

/** `name` is letters, digits, `_` and `$`; of Ruby and Elixir also a `?`, `!` or `=` at its end. */
export function definitionMatcher(name: string, language: SourceLanguage): DefinitionMatcher {
  const key = `${language} ${name}`;
  const known = kept.get(key);
  if (known) return known;
  if (kept.size >= maxKept) kept.clear();
  const matcher = makeMatcher(name, language);
  kept.set(key, matcher);
  return matcher;
}

function makeMatcher(name: string, language: SourceLanguage): DefinitionMatcher {
  const matchers = patternsOf(language, name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).map(compile);
  return (line) => {
    if (line.length > maxLine || !mayDefine(line, name, language)) return undefined;
    for (const matcher of matchers) {
      const match = matcher(line);
      if (match) return { ...match, column: line.indexOf(name, match.column) };
    }
    return undefined;
  };
}

/** A cheap look: of most lines that have a name, the name is a part of another one, or a member that is used. */
function mayDefine(line: string, name: string, language: SourceLanguage): boolean {
  for (let at = line.indexOf(name); at >= 0; at = line.indexOf(name, at + name.length)) {
    if (isWord(line.charCodeAt(at - 1)) || isWord(line.charCodeAt(at + name.length))) continue;
    if (line[at - 1] !== '.') return true;
    if (
      language === 'kotlin' ? line.includes('fun ') : language === 'javascript' ? line.includes('=', at) : !isMemberUsed(language)
    )
      return true;
  }
  return false;
}

/** Where a name behind a dot is a use, and never what is defined. */
function isMemberUsed(language: SourceLanguage): boolean {
  return (
    language === 'python' ||
    language === 'java' ||
    language === 'go' ||
    language === 'rust' ||
    language === 'php' ||
    language === 'scala'
  );
}

/** Letters beyond ASCII count as none: the patterns look closer. NaN is what is beyond the line. */
function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
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
