/** The value that a JSON text begins with, as far as the text goes: what it looks like can be told before all of it is there. */

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;

/** The first value of a text, an object or a list, without what is not complete of it; undefined where the text is no JSON. */
export function beginningOf(text: string): unknown {
  const open: string[] = [];
  /** Up to here, with what is open there closed, the text is JSON. */
  let whole = 0;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
      continue;
    }
    if (code === QUOTE) inString = true;
    else if (code === 123 || code === 91) {
      open.push(code === 123 ? '}' : ']');
      whole = at + 1;
      depth = open.length;
    } else if (code === 125 || code === 93) {
      open.pop();
      whole = at + 1;
      depth = open.length;
      if (depth === 0) break;
    } else if (code === COMMA) {
      whole = at;
      depth = open.length;
    }
  }
  if (whole === 0) return undefined;
  try {
    return JSON.parse(text.slice(0, whole) + open.slice(0, depth).reverse().join(''));
  } catch {
    return undefined;
  }
}
