/**
 * Names of tables, classes and columns as one key, whatever a language or a framework makes of them: `order_lines`, `OrderLine`, `orderLines`
 * and `ORDER_LINE` are one noun. Frameworks derive tables from classes by rules of their own (plural or not, snake or not); comparing
 * keys needs none of the rules.
 */

import { remembered } from '../../base/remembered';

/** Names are asked for over and over. */
const maxKept = 8_000;
/** Longer names are no person's. */
const maxName = 80;

/** Lower-case words: `OrderLineID` → order, line, id. */
export const wordsOf: (name: string) => readonly string[] = remembered(
  (name) =>
    name
      .slice(0, maxName)
      .replace(/([\p{Ll}\p{N}])(?=\p{Lu})/gu, '$1 ')
      .replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [],
  maxKept,
  maxName,
);

/** `applicationid` of `application_id`, `ApplicationID` and `applicationId`. */
export const columnKey: (name: string) => string = remembered(
  (name) =>
    name
      .slice(0, maxName)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, ''),
  maxKept,
  maxName,
);

/** The words in one, the last in the singular: `orderline` of `order_lines`. */
export const nounKey: (name: string) => string = remembered(
  (name) => {
    const words = wordsOf(name);
    const last = words[words.length - 1];
    return last === undefined ? '' : [...words.slice(0, -1), singular(last)].join('');
  },
  maxKept,
  maxName,
);

const irregular: Readonly<Record<string, string>> = {
  people: 'person',
  children: 'child',
  men: 'man',
  women: 'woman',
  mice: 'mouse',
  indices: 'index',
  vertices: 'vertex',
  matrices: 'matrix',
  criteria: 'criterion',
  media: 'medium',
  data: 'datum',
};
const plurals: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(irregular).map(([many, one]) => [one, many]));

/** A word that has no plural comes back as it is; so that two spellings agree, odd results are no harm. */
export function singular(word: string): string {
  if (Object.hasOwn(irregular, word)) return irregular[word];
  if (word.length < 4) return word.length === 3 && /[^s]s$/.test(word) && !/[iu]s$/.test(word) ? word.slice(0, -1) : word;
  // `analysis` is one, `emojis` and `wikis` are many.
  if (/(?:ss|us|sis|axis|tis|nis|dis|iris)$/.test(word)) return word;
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|zz|us)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

export function plural(word: string): string {
  if (Object.hasOwn(plurals, word)) return plurals[word];
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  if (/(?:s|sh|ch|x|z)$/.test(word)) return `${word}es`;
  return `${word}s`;
}

/** `OrderLine` of order, line. */
export function pascal(words: readonly string[]): string {
  return words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}
