/**
 * Where a class is constructed: its constructors, in the notation of its language. A class that has none, or whose header is its constructor (Kotlin,
 * Scala, records), answers itself.
 */

import type { SourceLanguage } from '../search/languages';
import { word } from './notation';

/** Lines of a class that are looked through. */
const maxLines = 4_000;
const maxLine = 2_000;
const maxFound = 12;

const modifiers = `(?:(?:@${word}(?:\\([^()]*\\))?|\\[[^\\]]*\\]|public|protected|private|internal|static|extern|unsafe|explicit|inline|constexpr|const|factory|external|convenience|required|override)\\s+)*`;
const fixed: Partial<Record<SourceLanguage, RegExp>> = {
  javascript: new RegExp(`^\\s*${modifiers}constructor\\s*\\(`, 'u'),
  kotlin: new RegExp(`^\\s*${modifiers}constructor\\s*\\(`, 'u'),
  python: /^\s*(?:async\s+)?def\s+__(?:init|new)__\s*\(/,
  ruby: /^\s*(?:[a-z]\w*\s+)?def\s+initialize\b/,
  php: /\bfunction\s+__construct\s*\(/i,
  swift: new RegExp(`^\\s*${modifiers}init[?!]?\\s*(?:<[^()]*>)?\\(`, 'u'),
  fsharp: /^\s*new\s*\(/,
};
/** Those whose constructors are called like their class. */
const named: ReadonlySet<SourceLanguage> = new Set(['java', 'groovy', 'csharp', 'cpp', 'dart']);

/** From 0, in the order of the text; empty where the class has none of its own. `line` is the one that names the class. */
export function constructorsIn(
  lines: readonly string[],
  line: number,
  className: string,
  language: SourceLanguage,
): readonly number[] {
  const pattern = named.has(language)
    ? new RegExp(`^\\s*${modifiers}(?:<[^()]{0,200}>\\s*)?${asPattern(className)}\\s*(?:\\(|\\{\\s*$)`, 'u')
    : fixed[language];
  if (!pattern) return [];
  const end = endOfClass(lines, line);
  if (language === 'kotlin' && hasPrimary(lines, line, end)) return [];
  const found: number[] = [];
  let depth = Number.POSITIVE_INFINITY;
  for (let i = line + 1; i < end; i++) {
    const text = lines[i];
    // A call, or an overload that is only declared.
    if (text.length > maxLine || !pattern.test(text) || /;\s*$/.test(text)) continue;
    // Those of classes within it are further in.
    const indent = text.search(/\S/);
    if (indent < depth) found.length = 0;
    if (indent <= depth && found.length < maxFound) found.push(i);
    depth = Math.min(depth, indent);
  }
  return found;
}

/** Code that is no further in than the class itself ends it. */
function endOfClass(lines: readonly string[], line: number): number {
  const limit = Math.min(lines.length, line + maxLines);
  const own = lines[line].search(/\S/);
  for (let i = line + 1; i < limit; i++) {
    const indent = lines[i].search(/\S/);
    if (indent < 0 || indent > own) continue;
    if (/^\s*(?:[{)\]#]|\/\/|\/?\*|(?:extends|implements|where|with|permits|constructor)\b|:|@)/.test(lines[i])) continue;
    return i;
  }
  return limit;
}

function hasPrimary(lines: readonly string[], line: number, end: number): boolean {
  let head = '';
  for (let i = line; i < Math.min(end, line + 12); i++) {
    head += `${lines[i]}\n`;
    if (lines[i].includes('{')) break;
  }
  return /\bclass\s[^({:]*\(/.test(head.slice(0, maxLine));
}

function asPattern(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
