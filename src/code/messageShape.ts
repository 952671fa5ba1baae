/**
 * The shape of an exception's message: what stays when it is thrown again for another cart. "no answer after 3 tries for cart 42" and
 * "… for cart 77" are one error that happened twice, and a list of errors that is as long as the traffic helps nobody.
 *
 * What varies (addresses, paths, times, ids, quoted values, numbers) becomes a placeholder, words stay. Shapes are compared, never shown.
 * One expression goes over the text once. Its repetitions end at what begins the next alternative, and the text is bounded before, so any
 * message costs time in proportion to its length.
 */

/** UTF-16 units that are looked at; what two long messages differ in beyond that is data. */
const maxLength = 1000;

const months = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}';
const clock = '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?';
const zone = '(?: ?(?:Z|GMT|UTC|[+-]\\d{2}:?\\d{2}))?';
/** Letters and digits of any script. */
const word = '[\\p{L}\\p{N}]';
const units = '(?:ns|[uµμ]s|ms|s|sec|m|min|h|d|[KMGT]i?B|B|[kmgt]i?b|px|%)';

/** First come, first served: what may hold the others comes before them. */
const parts: readonly (readonly [placeholder: string, source: string])[] = [
  ['<url>', '\\b[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\\s"\'`<>()\\[\\]{}“”«»]{1,500}'],
  ['<email>', `(?<!${word})[\\w.+-]{1,64}@[\\w-]{1,64}(?:\\.[\\w-]{1,64}){1,8}`],
  ['<id>', `(?<!${word})[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?!${word})`],
  ['<time>', `(?<!${word})\\d{4}[-/]\\d{2}[-/]\\d{2}(?:[T ]${clock}${zone})?(?!${word})`],
  [
    '<time>',
    `(?<!${word})(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?(?:\\d{1,2} ${months}|${months} \\d{1,2}),?(?: \\d{4})?(?: ${clock}${zone})?(?: \\d{4})?(?!${word})`,
  ],
  ['<time>', `(?<!${word})\\d{1,2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9})?(?!${word})`],
  // A quote opens after something that is no word, and closes before such: the apostrophe of "can't" is neither.
  ['<value>', `(?<!${word})"(?:\\\\.|[^"\\\\])*"(?!${word})`],
  ['<value>', `(?<!${word})'(?:\\\\.|[^'\\\\]|(?<=${word})'(?=${word}))*'(?!${word})`],
  ['<value>', '`[^`]*`|“[^“”]*”|«[^«»]*»|(?<![\\p{L}\\p{N}])‘[^‘’]*’'],
  ['<path>', `(?<!${word})[A-Za-z]:[\\\\/][^\\s"'\`<>|*?]{0,400}`],
  ['<path>', `(?<![\\p{L}\\p{N}.~)\\]>])(?:~|\\.{1,2})?(?:/[\\p{L}\\p{N}._@%+~:{}$*=?&-]{1,200}){1,60}/?`],
  ['<path>', `(?<!${word})[\\w@.-]{1,100}(?:[/\\\\][\\w@.-]{1,100}){1,40}\\.\\w{1,8}(?::\\d{1,9}){0,2}(?!${word})`],
  ['<address>', `(?<!${word})\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d{1,5})?(?!${word})`],
  ['<address>', '\\[(?=[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:)[0-9a-fA-F:.]{2,45}\\](?::\\d{1,5})?'],
  ['<address>', `(?<![\\p{L}\\p{N}:])(?:[0-9a-fA-F]{0,4}:){2,8}[0-9a-fA-F]{1,5}(?!${word})`],
  ['<id>', `(?<!${word})0[xX][0-9a-fA-F]{1,64}(?!${word})`],
  ['<n>', `(?<!${word})[-+]?\\d+(?:[,_.]\\d+)*(?:[eE][-+]?\\d{1,4})?(?:${units}(?:\\d+(?:\\.\\d+)?${units})*)?(?!${word})`],
  ['', `${word}+`],
];

const varying = new RegExp(parts.map(([, source]) => `(${source})`).join('|'), 'gu');
const listed = /(<\w+>)(?:(?:, ?|; ?| \| ?| )\1)+/g;

/** Same for messages that differ in values only. */
export function messageShape(message: string): string {
  const text = message.slice(0, maxLength).replace(/\s+/g, ' ').trim();
  const shape = text.replace(varying, (found: string, ...groups: unknown[]) => {
    const part = groups.findIndex((group) => typeof group === 'string');
    const [placeholder] = parts[part];
    if (placeholder === '') return wordShape(found);
    // What ends a sentence is not of the address that ends it.
    return placeholder === '<url>' || placeholder === '<path>'
      ? placeholder + (/[.,:;!?]+$/.exec(found)?.[0] ?? '')
      : placeholder;
  });
  // "[1, 2, 3]" and "[1, 2]" are lists.
  return shape.replace(listed, '$1');
}

/** Letters and digits without anything between: a word, a numbered one (`cart42`, `sqlite3`), or an id (`8f3a2b`, `A3`, a token). */
function wordShape(word: string): string {
  if (!/\d/.test(word)) return word;
  const numbered = /^(\p{L}+)\d+$/u.exec(word);
  // A letter or two in capitals with a number is how seats, shelves and articles are called.
  if (numbered && !/^\p{Lu}{1,2}$/u.test(numbered[1])) return `${numbered[1]}<n>`;
  return '<id>';
}
