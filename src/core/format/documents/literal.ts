/**
 * Reads one value as JSON has it, or as Node prints it (`util.inspect`): names without quotes, quotes of three kinds, texts in parts joined by `+`,
 * names of classes before objects, maps and sets, `undefined`, `[Object]`, commas behind the last, colours. Integers beyond 2^53 are exact, as
 * `bigint`.
 * Sources: RFC 8259; nodejs.org, "util.inspect".
 */

import { jsonText, utf8Text } from '../../model/jsonText';
import { asDamage, Damage } from '../sink/damage';

/** An object of a document. Has no prototype, so that any name may stand in it. */
export type Members = Readonly<Record<string, unknown>>;

/** Deeper values are refused: no trace data nests so, and reading recurses. */
const DEEPEST = 200;
/** A value may always have so many members and elements; of more, each has so many bytes on average. Those of few become far more than they were. */
const ALWAYS_PARTS = 1 << 16;
const PART_BYTES = 8;
/** Of one object. */
const MOST_MEMBERS = 1 << 16;
/** What stands between brackets in place of a value, and is not read: `[Function: x]`, `(2)`, `... 3 more items`. */
const LONGEST_ASIDE = 1_000;
/** `ESC [ 38 ; 2 ; 255 ; 255 ; 255 m` */
const LONGEST_COLOUR = 32;

const QUOTE = 34;
const APOSTROPHE = 39;
const BACKTICK = 96;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const PLUS = 43;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const LINE_END = 10;
const ESCAPE = 27;
const EQUALS = 61;
const GREATER = 62;
const LETTER_M = 109;
const DOT = 46;
const SLASH = 47;

const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

const isWordByte = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$.+-') isWordByte[char.charCodeAt(0)] = 1;

export class LiteralReader {
  /** Where reading stands. */
  at = 0;
  /** Members and elements that were read of the value at hand: what breaks off before the first is no value, but text with a bracket in it. */
  parts = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private from = 0;
  private end = 0;

  /**
   * The object or list that begins at `from`, before `end`.
   * @throws Damage at the byte that fits no value; `incomplete` when the bytes end first
   */
  read(bytes: Uint8Array, from: number, end: number): unknown {
    this.bytes = bytes;
    this.end = end;
    this.from = from;
    this.at = from;
    this.parts = 0;
    return this.value(0);
  }

  private value(depth: number): unknown {
    if (depth > DEEPEST) throw new Damage(this.at, `nests deeper than ${DEEPEST} levels`, false);
    if (this.parts > ALWAYS_PARTS + (this.at - this.from) / PART_BYTES)
      throw new Damage(this.at, 'has more members and elements than trace data of its length has', false);
    const first = this.next();
    if (first === OPEN_OBJECT) return this.object(depth);
    if (first === OPEN_LIST) return this.list(depth);
    if (first === QUOTE || first === APOSTROPHE || first === BACKTICK) return this.text(first);
    return this.word(depth);
  }

  private object(depth: number): Members {
    const found: Record<string, unknown> = Object.create(null);
    this.at++;
    for (let count = 0; ; count++) {
      const first = this.nextItem();
      if (first === CLOSE_OBJECT) {
        this.at++;
        return found;
      }
      if (count > MOST_MEMBERS) throw new Damage(this.at, `has more than ${MOST_MEMBERS} members in one object`, false);
      const name = this.name(first);
      if (this.next() !== COLON) throw this.unexpected('":"');
      this.at++;
      // Of a name without a value, as hand-made documents have, nothing is told.
      if (this.next() === COMMA) continue;
      found[name] = this.value(depth + 1);
      this.parts++;
    }
  }

  /** `{ 'a' => 1 }` of a map as a list of pairs, `{ 'a', 'b' }` of a set as a list. */
  private collection(depth: number): readonly unknown[] {
    const found: unknown[] = [];
    this.at++;
    for (;;) {
      if (this.nextItem() === CLOSE_OBJECT) {
        this.at++;
        return found;
      }
      const item = this.value(depth + 1);
      if (this.next() === EQUALS && this.bytes[this.at + 1] === GREATER) {
        this.at += 2;
        found.push([item, this.value(depth + 1)]);
      } else found.push(item);
      this.parts++;
    }
  }

  private name(first: number): string {
    if (first === QUOTE || first === APOSTROPHE || first === BACKTICK) return this.text(first);
    // `[Symbol(x)]: 1`, of which nothing is wanted but that it ends.
    if (first === OPEN_LIST) return this.bracketed();
    const name = this.plain();
    if (name === '') throw this.unexpected('a name');
    return name;
  }

  private list(depth: number): unknown {
    const start = this.at;
    this.at++;
    const found: unknown[] = [];
    for (;;) {
      const first = this.nextItem();
      if (first === CLOSE_LIST) {
        this.at++;
        return found;
      }
      // `[Object]`, `[Circular *1]`, `[Function: x]`, `[Getter]`: what is not shown.
      if (found.length === 0 && depth > 0 && first >= 65 && first <= 90) {
        this.at = start;
        const shown = this.bracketed();
        return shown.startsWith('[Object:') && this.peek() === OPEN_OBJECT ? this.object(depth) : shown;
      }
      found.push(this.value(depth + 1));
      this.parts++;
    }
  }

  /** The text of `[…]` on one line. */
  private bracketed(): string {
    const { bytes } = this;
    const start = this.at;
    this.aside(CLOSE_LIST);
    if (bytes[this.at] !== CLOSE_LIST) throw this.unexpected('"]"');
    this.at++;
    return utf8Text(bytes, start, this.at - start);
  }

  /** Moves to `close`, or to the end of the line where that comes first. */
  private aside(close: number): void {
    const { bytes } = this;
    const stop = Math.min(this.end, this.at + LONGEST_ASIDE);
    while (this.at < stop && bytes[this.at] !== close && bytes[this.at] !== LINE_END) this.at++;
    if (this.at >= this.end) throw this.early();
    if (this.at >= stop) throw this.unexpected(`"${String.fromCharCode(close)}"`);
  }

  /** Strings are one or more parts with `+` between. */
  private text(quote: number): string {
    let text = this.part(quote);
    for (;;) {
      const stop = this.at;
      const following = this.peek();
      if (following !== PLUS) {
        this.at = stop;
        return text;
      }
      this.at++;
      const next = this.next();
      if (next !== QUOTE && next !== APOSTROPHE && next !== BACKTICK) throw this.unexpected('a string');
      text += this.part(next);
    }
  }

  private part(quote: number): string {
    const { bytes, end } = this;
    const start = ++this.at;
    let at = start;
    while (at < end && bytes[at] !== quote) {
      if (bytes[at] === LINE_END) throw new Damage(at, 'has a string that does not end', false);
      at += bytes[at] === BACKSLASH ? 2 : 1;
    }
    if (at >= end) {
      this.at = end;
      throw this.early();
    }
    this.at = at + 1;
    return jsonText(bytes, start, at - start);
  }

  /** A number, a word, or a class with its members. */
  private word(depth: number): unknown {
    const start = this.at;
    const word = this.plain();
    if (this.at >= this.end) throw this.early();
    if (words.has(word)) return words.get(word);
    if (/^-?\d+n?$/.test(word)) return integerOf(word);
    if (/^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(word)) return Number(word);
    // `2024-06-01T10:00:00.000Z`, as dates are printed.
    if (/^\d{4}-\d\d-\d\dT\d\d$/.test(word)) {
      while (this.at < this.end && (isWordByte[this.bytes[this.at]] === 1 || this.bytes[this.at] === COLON)) this.at++;
      return utf8Text(this.bytes, start, this.at - start);
    }
    if (!/^[A-Za-z_$]/.test(word)) throw this.unexpected('a value', start);
    return this.named(depth, start);
  }

  /** `Resource {…}`, `Map(2) {…}`, `[Object: null prototype] {…}` after its name. */
  private named(depth: number, start: number): unknown {
    if (depth === 0) throw this.unexpected('a value', start);
    let following = this.peek();
    if (following === 40) {
      this.aside(41);
      this.at++;
      following = this.peek();
      // Of maps and sets the size stands there.
      if (following === OPEN_OBJECT) return this.collection(depth);
    }
    if (following === OPEN_OBJECT) return this.object(depth);
    if (following === OPEN_LIST) return this.list(depth);
    throw this.unexpected('a value', start);
  }

  private plain(): string {
    const start = this.at;
    while (this.at < this.end && isWordByte[this.bytes[this.at]] === 1) this.at++;
    return utf8Text(this.bytes, start, this.at - start);
  }

  /** Moves to the next byte that is no space, which is not at the end. */
  private next(): number {
    const byte = this.peek();
    if (byte < 0) throw this.early();
    return byte;
  }

  /** -1 at the end. */
  private peek(): number {
    const { bytes, end } = this;
    while (this.at < end && bytes[this.at] <= 32) {
      // `ESC [ 32 m` begins a colour.
      if (bytes[this.at] === ESCAPE) {
        const stop = Math.min(end - 1, this.at + LONGEST_COLOUR);
        while (this.at < stop && bytes[this.at] !== LETTER_M && bytes[this.at] !== LINE_END) this.at++;
      }
      this.at++;
    }
    return this.at < end ? bytes[this.at] : -1;
  }

  /** To the next item. People leave some out, and say so: `// …`, `...`. */
  private nextItem(): number {
    const { bytes } = this;
    for (;;) {
      const byte = this.next();
      const isSame = bytes[this.at + 1] === byte;
      if (byte === COMMA) this.at++;
      else if (byte === SLASH && isSame) this.skipTo(LINE_END, LINE_END);
      else if (byte === DOT && isSame) this.skipTo(CLOSE_OBJECT, CLOSE_LIST);
      else return byte;
    }
  }

  /** To the first of two bytes, or the end of the line. */
  private skipTo(first: number, second: number): void {
    const { bytes, end } = this;
    while (this.at < end && bytes[this.at] !== LINE_END && bytes[this.at] !== first && bytes[this.at] !== second) this.at++;
  }

  private early(): Damage {
    return new Damage(this.end, 'ends early', true);
  }

  private unexpected(wanted: string, at = this.at): Damage {
    if (at >= this.end) return this.early();
    this.at = at;
    const byte = this.bytes[at];
    const found = byte > 32 && byte < 127 ? `"${String.fromCharCode(byte)}"` : `the byte ${byte}`;
    return new Damage(at, `has ${found} where ${wanted} should be`, false);
  }
}

function integerOf(word: string): number | bigint {
  const digits = word.endsWith('n') ? word.slice(0, -1) : word;
  if (digits.length > 400) return Number(digits);
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

const encoder = new TextEncoder();

/** The object that a text is, as a document may hold it; undefined for any other text. */
export function parseDocument(text: string): Members | undefined {
  const bytes = encoder.encode(text);
  const reader = new LiteralReader();
  try {
    const value = reader.read(bytes, 0, bytes.length);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    asDamage(error);
    return undefined;
  }
}
