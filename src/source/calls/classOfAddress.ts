/** The class that says an address for what goes on from it. */

import { functionAt } from '../outline/functions';
import type { SourceLanguage } from '../search/languages';
import { enclosing } from '../symbols/enclosing';
import { hasName } from './addressNames';

/** Lines of a member that says the address of its class. */
const maxMember = 16;
/** Lines with the name that are in no function. */
const maxSeen = 60;

/** The class in which a place is, where that goes on from another: what is asked for with one is what it says. `line` from 0. */
export function classAround(
  lines: readonly string[],
  line: number,
  member: string | undefined,
  language: SourceLanguage,
): string | undefined {
  const around = functionAt(lines, line);
  // What a member gives, or the class itself has.
  if (around?.containers.length && (around.name !== member || around.end - around.start > maxMember)) return undefined;
  const name = enclosing(lines, line, language).containers.at(-1)?.split('::').pop();
  if (name === undefined || name.length < 6) return undefined;
  const head = new RegExp(`\\b(?:class|object)\\s+(?:\\w+::)*${name.replace(/\W/g, '')}\\b`);
  const at = lines.findIndex((text) => text.length < 500 && head.test(text));
  const rest =
    at < 0
      ? ''
      : lines
          .slice(at, at + 3)
          .join(' ')
          .replace(head, '')
          .split('{', 1)[0];
  // What a class of Kotlin is made with is no base of it.
  const own = language === 'python' ? rest : rest.replace(/\([^()]*\)/g, '').split('(', 1)[0];
  return /\b(?:extends|implements)\s|[:<(]\s*(?!object\b)[\w:.\\]+/.test(own) ? name : undefined;
}

/** Whether functions of a file use the name of a constant that stands in none. */
export function isUsedBelow(lines: readonly string[], line: number, name: string): boolean {
  if (functionAt(lines, line)) return false;
  let seen = 0;
  for (let at = 0; at < lines.length && seen < maxSeen; at++) {
    if (at === line || lines[at].length >= 2_000 || !hasName(lines[at], name)) continue;
    if (functionAt(lines, at)) return true;
    seen++;
  }
  return false;
}
