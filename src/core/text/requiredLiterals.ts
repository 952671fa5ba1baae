/**
 * Texts that stand in all that a regular expression matches, as far as that is easy to see: to look for them first is a hundred times quicker than to
 * run the expression, and most texts do not have them.
 */

/** UTF-16 units of an expression that is looked at. Longer ones are made by programs, and groups in groups are gone through once a level. */
const MOST_LENGTH = 4_096;

/** All of them must be there; none where none was found. */
export function requiredLiterals(source: string): readonly string[] {
  if (source.length > MOST_LENGTH) return [];
  // Flags change what letters stand for.
  if (/\(\?[a-zA-Z-]+[):]/.test(source)) return [];
  const found = new Set<string>();
  let run = '';
  const end = (): void => {
    if (run !== '') found.add(run);
    run = '';
  };
  for (let at = 0; at < source.length; at++) {
    const character = source[at];
    if (character === '|') return [];
    if (character === '(') {
      const close = closeOf(source, at);
      if (close < 0) return [];
      const [, inside] = /^\(\?<?=(.*)\)$/s.exec(source.slice(at, close + 1)) ?? [];
      end();
      for (const literal of inside === undefined ? [] : requiredLiterals(inside)) found.add(literal);
      at = close;
      // What is in a group may be missing as a whole; and what follows it says how often it is there.
      continue;
    }
    if (character === '[') {
      end();
      at = classEnd(source, at);
      continue;
    }
    if ('*+?{'.includes(character)) {
      // The character before it may be missing.
      if (character !== '+') run = run.slice(0, -1);
      end();
      if (character === '{') at = Math.max(at, source.indexOf('}', at));
      continue;
    }
    if ('^$.)'.includes(character)) {
      end();
      continue;
    }
    if (character === '\\') {
      const escaped = source[++at];
      if (escaped === undefined || /[a-zA-Z0-9]/.test(escaped)) {
        end();
        // What belongs to the escape is no text: stay out of it.
        if (escaped !== undefined && /[pPxuQk0-9]/.test(escaped)) return [...found];
      } else run += escaped;
      continue;
    }
    run += character;
  }
  end();
  return [...found];
}

function closeOf(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '[') at = classEnd(source, at);
    else if (source[at] === '(') depth++;
    else if (source[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

function classEnd(source: string, open: number): number {
  let at = open + 1;
  if (source[at] === '^') at++;
  if (source[at] === ']') at++;
  for (; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === ']') return at;
  }
  return source.length;
}
