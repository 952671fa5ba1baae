/** Where a name stands in code, and what is called on it there. */

import { indentOf, isBlank } from '../outline/textLines';
import type { SourceLanguage } from '../search/languages';
import type { CodeWindow } from './codeWindow';

const chainVerbs =
  /\.\s*(get|post|put|patch|delete|head|options|request|send|execute|exchange|retrieve|fetch|open(?:Connection|Stream)|do)(?:\w*Async)?\b/gi;

/** A line that gives a variable back; Ruby does so by its name alone. */
export function returned(language: SourceLanguage, name: string): RegExp {
  const before = language === 'ruby' || language === 'elixir' ? '(?:return\\s+)?' : 'return\\s+';
  return new RegExp(`^\\s*${before}(?:[\\w.@?()]{1,80}\\s*(?:\\|\\||\\?\\?|\\?:)\\s*)?${name}\\s*;?\\s*$`);
}

/** What is called on a name, over some lines, if it asks for something. */
export function chainOf(code: string, at: number, name: string): { readonly verbs: readonly string[] } | undefined {
  const rest = code.slice(at + name.length, at + name.length + 400);
  if (!/^\s*[?!]{0,2}\./.test(rest)) return undefined;
  const end = rest.search(/;|\n\s*\n|\n\s*[}\w]/);
  const found = [...rest.slice(0, end < 0 ? rest.length : end).matchAll(chainVerbs)].map(([, verb]) => verb.toUpperCase());
  if (!found.length) return undefined;
  return { verbs: found.filter((verb) => /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/.test(verb)).slice(0, 1) };
}

/** Where a line's code has a name, which it gives to something else only where it has it nowhere else; -1 where it has not. @param isLast the last one */
export function nameIn({ code, starts }: CodeWindow, line: number, name: string, isLast = false): number {
  const start = starts.find((each) => each.line === line)?.offset;
  if (start === undefined) return -1;
  const next = starts.find((each) => each.line > line)?.offset ?? code.length;
  let given = -1;
  for (let at = code.indexOf(name, start); at >= 0 && at < next; at = code.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (/\w/.test(code[at - 1] ?? '') || /\w/.test(code[end] ?? '')) continue;
    // `.uri(uri)`: the first is what it is given to.
    const isMethod = code[at - 1] === '.' && code[end] === '(' && code.startsWith(name, end + 1);
    if (!isLast && !isMethod && !/^\s*(?:=(?![=>])|:(?!:))/.test(code.slice(end, end + 20))) return at;
    if (isLast || given < 0) given = at;
  }
  return given;
}

const above = 30;

/** `const url = useMemo(() => {` around what is returned. */
export function memoAround(lines: readonly string[], line: number): string | undefined {
  let indent = indentOf(lines[line]);
  for (let i = line - 1; i >= Math.max(0, line - above) && indent > 0; i--) {
    const text = lines[i].slice(0, 300);
    if (isBlank(text) || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    const name =
      /^\s*(?:const|let|var)\s+([\w$]+)\s*(?::[^=]{1,80})?=\s*[\w.]+(?:<[^<>]{0,80}>)?\(\s*(?:async\s*)?\(\s*\)\s*=>/.exec(
        text,
      )?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}
