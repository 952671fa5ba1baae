/**
 * Names that are made: a template with holes in any language's notation (`process ${id}`, `f"x.{y}"`, `$"{x} publish"`, `"%s.list"`), and a text to
 * which something is added before it or behind it (`"x." + y`, `x << ".list"`).
 */

/** `${x}`, `#{x}`, `{x}`, `{0:N2}`, `%s`, `$x`. */
const hole = /\$\{[^{}]*\}|#\{[^{}]*\}|\{[^{}]*\}|%[-+\d.]*[sdvqxif@]|\$[A-Za-z_]\w*/g;
const maxTemplate = 300;
/** Letters of a template that are fixed: fewer give too many names. */
const leastFixed = 5;
const leastFixedAtStart = 3;

export interface Filled {
  /** What stands in the holes, as code: `id` of `${id}`; empty for what is added. */
  readonly holes: readonly string[];
  /** And what the name has there. */
  readonly values: readonly string[];
}

/**
 * How a string of the source gives a name; undefined where it doesn't.
 * @param before @param after the code around its quotes
 * @param isStart it stands where a span begins, which takes less of it
 */
export function fill(template: string, name: string, before: string, after: string, isStart: boolean): Filled | undefined {
  if (template.length > maxTemplate || template.includes('\n')) return undefined;
  const least = isStart ? leastFixedAtStart : leastFixed;
  const pieces = template.split(hole);
  if (pieces.length > 1) return fillHoles(pieces, template.match(hole) ?? [], name, least);
  if (template.length < least || template.length >= name.length) return undefined;
  if (
    name.startsWith(template) &&
    /^\s*(?:\+|\.|<<|<>|%|,|&|\|\|)/.test(after) &&
    isBoundary(template.slice(-1), name[template.length])
  )
    return { holes: [''], values: [name.slice(template.length)] };
  const rest = name.length - template.length;
  if (name.endsWith(template) && /(?:\+|\.|<<|<>|&|\|\|)\s*$/.test(before) && isBoundary(name[rest - 1], template[0]))
    return { holes: [''], values: [name.slice(0, rest)] };
  return undefined;
}

function fillHoles(pieces: readonly string[], holes: readonly string[], name: string, least: number): Filled | undefined {
  if (pieces.join('').trim().length < least) return undefined;
  const values: string[] = [];
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    const isLast = i === pieces.length - 1;
    const found = isLast && piece !== '' ? name.lastIndexOf(piece) : isLast ? name.length : name.indexOf(piece, at);
    if (found < at || (i === 0 && found !== 0)) return undefined;
    if (i > 0) values.push(name.slice(at, found));
    at = found + piece.length;
  }
  if (at !== name.length || values.some((value) => value === '')) return undefined;
  return { holes: holes.map((each) => each.replace(/^[$#%]?\{?|[}]$/g, '').trim()), values };
}

/** A word ends, or begins, where two pieces meet. */
function isBoundary(left: string | undefined, right: string | undefined): boolean {
  return /\W/.test(left ?? ' ') || /\W/.test(right ?? ' ') || left === '_' || right === '_';
}

/** Parts that change from call to call. */
const changing = /\b(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|\d+(?:\.\d+)*)\b/gi;

/** Fixed strings that find a name, or what it is made of, most telling first. */
export function spanNameNeedles(name: string): readonly string[] {
  const whole = name.trim();
  return [whole, ...piecesOf(whole)].filter((needle) => needle.length >= 3 && !/[\n\r\u2028\u2029]/.test(needle));
}

function piecesOf(name: string): readonly string[] {
  const pieces = name.split(changing);
  if (pieces.length > 1) {
    const [longest = ''] = pieces.map(fromWordToWord).sort((a, b) => b.length - a.length);
    return longest.length >= 5 && /\p{L}{3}/u.test(longest) ? [longest] : [];
  }
  const separators = [...name.matchAll(/[\s./:>_-]+/g)].map(({ index, 0: text }) => ({ from: index, to: index + text.length }));
  const first = separators[0];
  const last = separators[separators.length - 1];
  if (!first || !last || first.from === 0) return [];
  const begin = name.slice(0, last.to);
  const end = name.slice(first.from);
  // With a space it stands nowhere but in a text; else only behind its quote.
  const begins = begin.includes(' ') ? [begin] : [`"${begin}`, `'${begin}`, `\`${begin}`];
  const ends = [`}${end}`, `"${end}"`, `'${end}'`];
  return [...(/\p{L}{2}/u.test(begin) ? begins : []), ...(/\p{L}{3}/u.test(end) ? ends : [])];
}

/** Without what stands before the first and behind the last letter or digit. */
function fromWordToWord(piece: string): string {
  let end = piece.length;
  while (end > 0 && !/\w/.test(piece[end - 1])) end--;
  let start = 0;
  while (start < end && !/\w/.test(piece[start])) start++;
  return piece.slice(start, end);
}
