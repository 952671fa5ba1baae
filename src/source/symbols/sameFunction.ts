/** Whether two places are of the same function: a definition, and a text inside it or in the annotations above it. */

import type { Context } from '../context/context';
import type { SourceCandidate } from '../model/types';
import { functionAt } from '../outline/functions';

const maxAbove = 8;
const maxInside = 200;
const typeHead = /^\s*(?:[\w@]+ ){0,6}(?:class|record|struct|interface|trait|object) \w/;

export async function areOneFunction(a: SourceCandidate, b: SourceCandidate, context: Context): Promise<boolean> {
  if (a.file !== b.file) return false;
  if (a.line === b.line) return true;
  const definition = a.rung === 'symbol' ? a : b.rung === 'symbol' ? b : undefined;
  if (!definition) return false;
  const text = definition === a ? b : a;
  if (text.rung === 'symbol') return false;
  const lines = await context.lines(a.file);
  if (!lines) return false;
  // Where only the class is known, a text in one of its functions is of that.
  // In Ruby blocks in a class are what it is made of.
  const isType =
    !a.file.endsWith('.rb') && text.line > definition.line && typeHead.test((lines[definition.line] ?? '').slice(0, 300));
  if (isType && (functionAt(lines, text.line)?.start ?? -1) > definition.line) return false;
  return text.line < definition.line ? isAbove(lines, text.line, definition.line) : isInside(lines, definition.line, text.line);
}

/** Only annotations, attributes and decorators between. */
function isAbove(lines: readonly string[], line: number, definition: number): boolean {
  if (definition - line > maxAbove) return false;
  if (!/^\s*[@[#]/.test(lines[line])) return false;
  let depth = 0;
  for (let i = line; i < definition; i++) {
    if (depth <= 0 && !/^\s*(?:[@[#)]|\/\/|\/?\*)/.test(lines[i])) return false;
    for (const char of lines[i]) {
      if (char === '(' || char === '[') depth++;
      else if (char === ')' || char === ']') depth--;
    }
  }
  return true;
}

/** Every line from the definition to the text is indented further, or closes the head of the definition. */
function isInside(lines: readonly string[], definition: number, line: number): boolean {
  if (line - definition > maxInside) return false;
  const indent = indentation(lines[definition]);
  for (let i = definition + 1; i <= line; i++) {
    if (lines[i].trim() === '' || indentation(lines[i]) > indent) continue;
    if (i === line || !/^\s*(?:[{)\]]|where\b|:)/.test(lines[i])) return false;
  }
  return true;
}

function indentation(text: string): number {
  return text.search(/\S|$/);
}
