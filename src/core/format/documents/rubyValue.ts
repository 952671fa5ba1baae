/**
 * Reads one value as Ruby prints it (`inspect`, `pp`): objects and structs with their members, hashes in both notations, symbols, texts with escapes.
 * Texts are their bytes, for ids of OpenTelemetry's are bytes.
 * Source: docs.ruby-lang.org, Object#inspect, Struct#inspect, String#inspect.
 */

import { utf8Text } from '../../model/jsonText';
import type { Members } from './literal';

/** Deeper values are refused. */
const DEEPEST = 50;
const encoder = new TextEncoder();
const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, e: 27, s: 32, '0': 0 };

/** A text: what its bytes are as UTF-8, and themselves. */
export class RubyText {
  constructor(readonly bytes: Uint8Array) {}

  get text(): string {
    return utf8Text(this.bytes, 0, this.bytes.length);
  }
}

/** The value that a text is; undefined where it is none, or does not end. Objects have the names of their variables without `@`. */
export function rubyValue(text: string): unknown {
  const reader = new Reader(text);
  try {
    const value = reader.value(0);
    return reader.isAtEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Unreadable extends Error {}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  isAtEnd(): boolean {
    this.space();
    return this.at >= this.text.length;
  }

  value(depth: number): unknown {
    if (depth > DEEPEST) throw new Unreadable();
    this.space();
    const { text, at } = this;
    switch (text[at]) {
      case '#':
        return this.object(depth);
      case '{':
        this.at++;
        return this.members(depth, '}');
      case '[':
        return this.list(depth);
      case '"':
        return this.quoted();
      case ':':
        this.at++;
        return text[this.at] === '"' ? this.quoted().text : this.word();
      default:
        return wordValue(this.word());
    }
  }

  /** `#<struct Name a=1>`, `#<Name:0x01 @a=1, @b=2>`. */
  private object(depth: number): Members {
    const { text } = this;
    let end = this.at;
    while (end < text.length && !' \n>'.includes(text[end])) end++;
    // A struct has its name after the word.
    if (text.slice(this.at, end) === '#<struct') {
      end++;
      while (end < text.length && !' \n>'.includes(text[end])) end++;
    }
    this.at = end;
    return this.members(depth, '>');
  }

  private members(depth: number, close: string): Members {
    const found: Record<string, unknown> = Object.create(null);
    for (;;) {
      this.space();
      const char = this.text[this.at];
      if (char === close) {
        this.at++;
        return found;
      }
      if (char === ',') {
        this.at++;
        continue;
      }
      found[this.name()] = this.value(depth + 1);
    }
  }

  /** Of a member, up to its value: `@a=`, `a=`, `"a"=>`, `:a=>`, `a: `. */
  private name(): string {
    const { text } = this;
    if (text[this.at] === ':' || text[this.at] === '@') this.at++;
    const name = text[this.at] === '"' ? this.quoted().text : this.word();
    this.space();
    if (text.startsWith('=>', this.at)) this.at += 2;
    else if (text[this.at] === '=' || text[this.at] === ':') this.at++;
    else throw new Unreadable();
    return name;
  }

  private list(depth: number): unknown[] {
    const found: unknown[] = [];
    this.at++;
    for (;;) {
      this.space();
      const char = this.text[this.at];
      if (char === ']') {
        this.at++;
        return found;
      }
      if (char === ',') this.at++;
      else found.push(this.value(depth + 1));
    }
  }

  private quoted(): RubyText {
    const { text } = this;
    const bytes: number[] = [];
    let at = this.at + 1;
    for (;;) {
      if (at >= text.length) throw new Unreadable();
      const char = text[at];
      if (char === '"') break;
      if (char === '\\') {
        const hex = /^x([0-9A-Fa-f]{1,2})|^u([0-9A-Fa-f]{4})|^u\{([0-9A-Fa-f]{1,6})\}/.exec(text.slice(at + 1, at + 12));
        if (hex?.[1] !== undefined) bytes.push(Number.parseInt(hex[1], 16));
        else if (hex) bytes.push(...encoder.encode(codePoint(hex[2] ?? hex[3])));
        else {
          const next = text[at + 1] ?? '';
          if (Object.hasOwn(escapes, next)) bytes.push(escapes[next]);
          else bytes.push(...encoder.encode(next));
        }
        at += 1 + (hex ? hex[0].length : 1);
        continue;
      }
      let end = at + 1;
      while (end < text.length && text[end] !== '"' && text[end] !== '\\') end++;
      for (const byte of encoder.encode(text.slice(at, end))) bytes.push(byte);
      at = end;
    }
    this.at = at + 1;
    return new RubyText(Uint8Array.from(bytes));
  }

  private word(): string {
    const { text, at } = this;
    let end = at;
    while (end < text.length && /[\w.+?!-]/.test(text[end])) end++;
    if (end === at) throw new Unreadable();
    this.at = end;
    return text.slice(at, end);
  }

  private space(): void {
    const { text } = this;
    while (this.at < text.length && text.charCodeAt(this.at) <= 32) this.at++;
  }
}

function codePoint(hex: string): string {
  return String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff));
}

function wordValue(word: string): unknown {
  if (word === 'nil') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  if (/^-?\d{1,30}$/.test(word)) return BigInt(word);
  const number = Number(word);
  return Number.isNaN(number) ? word : number;
}
