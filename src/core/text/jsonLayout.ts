/**
 * JSON in lines, two spaces a level. Only the space between its parts changes: parsed and written again, a number of 64 bits would lose its last
 * digits, and of a member that is there twice one would be gone.
 */

/** UTF-16 units; longer texts stay as they are, for checking them takes longer than anybody may be held. */
const MOST = 2_000_000;
/** Deeper levels are not moved further in: the space alone would be many times the text. */
const MAX_INDENT = 40;

/** Undefined when it is no JSON, a single value without parts, or very long. */
export function layOutJson(text: string): string | undefined {
  if (text.length > MOST) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? inLines(text) : undefined;
  } catch {
    return undefined;
  }
}

const parts = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g;

function inLines(text: string): string {
  let out = '';
  let depth = 0;
  let before = '';
  const line = (): string => `\n${'  '.repeat(Math.min(depth, MAX_INDENT))}`;
  for (const [part] of text.matchAll(parts)) {
    const closes = part === ']' || part === '}';
    if (closes) depth--;
    const isEmpty = closes && (before === '[' || before === '{');
    if (!isEmpty && (closes || before === '[' || before === '{' || before === ',')) out += line();
    out += part === ':' ? ': ' : part;
    if (part === '[' || part === '{') depth++;
    before = part;
  }
  return out;
}
