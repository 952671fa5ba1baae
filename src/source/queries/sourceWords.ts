/** Words of a piece of source: its identifiers, what is called in it, and what looks like a column that is compared or assigned. */

import { remembered } from '../../base/remembered';
import { columnKey, nounKey } from './nouns';

export interface Identifier {
  readonly name: string;
  readonly at: number;
  readonly end: number;
}

const maxIdentifiers = 600;
/** Statements are judged for one query after the other. */
const maxKept = 3_000;
const maxText = 2_000;

export const identifiersOf: (text: string) => readonly Identifier[] = remembered(
  (text) => {
    const found: Identifier[] = [];
    for (const match of text.matchAll(/[\p{L}_$@][\p{L}\p{N}_$]*/gu)) {
      if (found.length >= maxIdentifiers) break;
      if (match[0].length <= 100) found.push({ name: match[0], at: match.index, end: match.index + match[0].length });
    }
    return found;
  },
  maxKept,
  maxText,
);

/** `Order.where().first()` of `Order.where(code: given(code)).first()`. */
export function withoutArguments(text: string): string {
  let depth = 0;
  let rest = '';
  for (const char of text.slice(0, 4_000)) {
    if (char === ')' || char === ']' || char === '}') depth = Math.max(0, depth - 1);
    if (depth === 0) rest += char;
    if (char === '(' || char === '[' || char === '{') depth++;
  }
  return rest;
}

/** What is called: before a parenthesis, or a member (languages that leave parentheses out). */
export const methodsOf: (text: string) => readonly string[] = remembered(
  (text) => {
    const found = new Set<string>();
    // `Map<List<Order>>(` calls no list.
    for (const match of text.matchAll(
      /(?:(\.|->|::)\s*)?([\p{L}_$][\p{L}\p{N}_$]{0,80})[!?]?(?:::)?(?:<[\w\s.,<>?]{0,80}>)?\s{0,3}(\()?/gu,
    ))
      if ((match[1] !== undefined || (match[3] !== undefined && text[match.index - 1] !== '<')) && found.size < 100)
        found.add(match[2]);
    return [...found];
  },
  maxKept,
  maxText,
);

/** Of a piece of source, for columns to be looked up in. */
export class Words {
  /** `columnKey`s of all identifiers. */
  readonly keys = new Set<string>();
  /** Of names that hold several: `findbyaccountidandstatus`. */
  readonly long: string[] = [];
  readonly #names = new Set<string>();
  #nouns: Set<string> | undefined;

  constructor(text: string) {
    this.add(text);
  }

  add(text: string): void {
    this.#nouns = undefined;
    for (const { name } of identifiersOf(text)) {
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      const key = columnKey(name);
      this.keys.add(key);
      if (key.length >= 8) this.long.push(key);
    }
  }

  /** As they are written, each once. */
  get names(): readonly string[] {
    return [...this.#names];
  }

  /** `nounKey`s of them. */
  get nouns(): ReadonlySet<string> {
    this.#nouns ??= new Set([...this.#names].map(nounKey));
    return this.#nouns;
  }
}

/** How surely a column is among words: 1 by its name, 0.8 inside of a longer one, 0.6 by what a foreign key points to. */
export function holdsColumn(column: string, words: Words): number {
  const { keys, long } = words;
  const key = columnKey(column);
  if (keys.has(key) || keys.has(`${key}s`)) return 1;
  if (key.length >= 4 && long.some((word) => word.includes(key))) return 0.8;
  if (
    key.length > 4 &&
    key.endsWith('id') &&
    [key.slice(0, -2), nounKey(column.replace(/_?id$/i, '')), `current${key.slice(0, -2)}`].some((noun) => words.nouns.has(noun))
  )
    return 0.6;
  return 0;
}

/** Options of calls, and words around columns. */
const noKey =
  /^(?:where|data|select|include|includes|orderby|order|take|skip|limit|offset|with|by|and|or|not|in|is|eq|ne|gt|gte|lt|lte|contains|startswith|endswith|mode|insensitive|equals|true|false|null|nil|none|undefined|asc|desc|some|every|connect|create|update|set|distinct|cursor|attributes|transaction|raw|relations|params|param|req|res|body|query|join|left|inner|on|as|from|like|between|lean|new|upsert|async|await|return|const|let|var|val|if|else|error|err|result|ctx|context|db|tx|session|required|through|model|scope|exists|count|int|string|bool|now|self|this|final|def|fun|func|columns|fields|having|group|value|values|type|returning|filter|by_|criteria|entity|table|has|hassome|hasevery|isempty|isset|isnot|notin|search|multiply|divide|disconnect|skipduplicates)$/;

/** Names of what is compared or assigned, as far as the notation tells: `status:`, `status=`, `"status = ?"`, `.Status ==`, `status.eq(`. */
export const keysIn: (text: string) => readonly string[] = remembered(
  (text) => {
    const found = new Set<string>();
    const note = (name: string): void => {
      const key = columnKey(name.replace(/__\w+$/, ''));
      if (key.length >= 2 && !noKey.test(key) && found.size < 60) found.add(key);
    };
    const whole = text.slice(0, 4_000);
    for (const [, name] of whole.matchAll(
      /([\p{L}_][\p{L}\p{N}_]{0,60})\s{0,2}(?::(?![:=])|=(?![=>])(?=\s{0,2}[\w"'?:$@{])|=>|[!=]==?|[<>]=?(?=\s{0,2}[\w"'?:$@]))/gu,
    ))
      note(name);
    for (const [, name] of whole.matchAll(
      /([\p{L}_][\p{L}\p{N}_]{0,60})\.(?:eq|ne|gt|ge|lt|le|like|ilike|in_?|is_?|isNull|isNotNull|isTrue|isFalse|asc|desc|between|contains)\b/gu,
    ))
      note(name);
    for (const [, name] of whole.matchAll(
      /\b(?:n?eq|ne|[gl]te?|like|ilike|in|isNull|notNull|(?:and|or)?_?[wW]here\w{0,12}|filter)\(\s{0,20}["'`](?:\w{1,60}\.)?(\w{1,60})["'`]\s{0,4}[,)]/g,
    ))
      note(name);
    return [...found];
  },
  maxKept,
  maxText,
);

/** Columns that the name of a method is made of: `findByDeckAndClosedOrderByNumber` compares deck and closed. */
export function derivedKeys(text: string): readonly string[] {
  const found = new Set<string>();
  for (const [, by] of text
    .slice(0, 4_000)
    .matchAll(/\b(?:find|get|count|exists|delete|remove|read|query|stream|search)\w{0,30}?By([A-Z]\w{0,80})\s*\(/g))
    for (const part of by.split(/OrderBy|Or(?:Null|Throw|Else|Fail)$/)[0].split(/And(?=[A-Z])|Or(?=[A-Z])/)) {
      const key = columnKey(
        part.replace(
          /(?:In|Not|IsNull|IsNotNull|True|False|Containing|IgnoreCase|GreaterThan|LessThan|Before|After|Between|Like|Equals?)+$/,
          '',
        ),
      );
      if (key !== '' && found.size < 12) found.add(key);
    }
  return [...found];
}

/** `{ where: { paid: false }, select: { lines: { where: …` compares what is in the first of them. */
const whereObject = /\bwhere\s?:\s?\{/;

/** What calls are given that compare. */
export function askedIn(text: string): string {
  let found = '';
  const note = (from: number): void => {
    let depth = 0;
    for (let i = from; i < text.length && i < from + 600; i++) {
      if (/[({]/.test(text[i])) depth++;
      else if (/[)}]/.test(text[i]) && --depth === 0) break;
      found += text[i];
    }
  };
  for (const { index, 0: whole } of text
    .slice(0, 4_000)
    .matchAll(/(?:\.|->)\s*(?:and|or)?_?(?:where|filter|exclude|find_?by)\w{0,20}\(/gi))
    note(index + whole.length - 1);
  const object = whereObject.exec(text.slice(0, 2_000));
  if (object) note(object.index + object[0].length - 1);
  return found;
}

export function asksByObject(text: string): boolean {
  return whereObject.test(text.slice(0, 2_000));
}
