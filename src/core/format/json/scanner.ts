/**
 * Reads JSON from bytes: a cursor that makes no objects. Strings are ranges of the input, everything else is skipped without
 * looking inside; `numbers.ts` reads numbers. Nothing here recurses, so that input may nest as deep as it likes. It is lenient where leniency
 * loses nothing (commas), and strict about structure.
 * Source of the grammar: RFC 8259.
 */

import { spanIdWords, traceIdWords } from '../../model/ids';
import { shortJson } from '../../model/int64';
import { jsonText, utf8Text } from '../../model/jsonText';
import { idHexOf } from '../../model/oddIds';
import type { StringTable } from '../../model/strings';
import { Damage } from '../sink/damage';

const QUOTE = 34;
const BACKSLASH = 92;
const NULL = 110;

/** -1 where a byte is no hex digit. */
const hexDigit = new Int8Array(256).fill(-1);
/** -1 where a byte is no base64 digit, of either alphabet (RFC 4648, sections 4 and 5). */
const base64Digit = new Int8Array(256).fill(-1);
for (let i = 0; i < 10; i++) hexDigit[48 + i] = i;
for (let i = 0; i < 6; i++) hexDigit[65 + i] = hexDigit[97 + i] = 10 + i;
for (const [i, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  base64Digit[char.charCodeAt(0)] = i;
}
base64Digit[45] = 62;
base64Digit[95] = 63;

/** Longer texts are no ids. */
const LONGEST_ID = 100;

/** Whether 24 digits of base64 may be the text of an id in hex: of every third byte in it, whether its upper bits are those of a digit of hex. */
function mayHoldHex(bytes: Uint8Array, start: number): boolean {
  for (let at = start; at < start + 24; at += 4) {
    const upper = base64Digit[bytes[at]];
    if (upper !== 12 && upper !== 13 && upper !== 14 && upper !== 16 && upper !== 17 && upper !== 24 && upper !== 25)
      return false;
  }
  return true;
}

export class JsonScanner {
  bytes: Uint8Array = new Uint8Array(0);
  /** The cursor. */
  at = 0;
  end = 0;
  /** The inside of the last string read, and whether it has escapes. */
  start = 0;
  length = 0;
  escaped = false;

  open(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Moves over white space and returns the byte at the cursor. @throws Damage when there is none */
  next(): number {
    const { bytes, end } = this;
    let at = this.at;
    while (at < end) {
      const byte = bytes[at];
      if (byte > 32 || (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9)) {
        this.at = at;
        return byte;
      }
      at++;
    }
    this.at = at;
    throw new Damage(at, 'ends early', true);
  }

  /** Like `next`, commas being white space. */
  nextItem(): number {
    for (;;) {
      const byte = this.next();
      if (byte !== 44) return byte;
      this.at++;
    }
  }

  /** Reads a member's name and colon; its value is at the cursor afterwards. */
  key(): void {
    this.string();
    if (this.next() !== 58) throw this.unexpected('a colon');
    this.at++;
    this.next();
  }

  /** The string at the cursor, into `start`, `length`, `escaped`. */
  string(): void {
    const { bytes, end } = this;
    let at = this.at;
    if (bytes[at] !== QUOTE || at >= end) throw this.unexpected('a string');
    const start = ++at;
    while (at < end) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.start = start;
        this.length = at - start;
        this.escaped = false;
        this.at = at + 1;
        return;
      }
      if (byte === BACKSLASH) {
        this.escapedString(start, at);
        return;
      }
      at++;
    }
    throw new Damage(end, 'ends within a string', true);
  }

  private escapedString(start: number, firstEscape: number): void {
    const { bytes, end } = this;
    let at = firstEscape;
    while (at < end) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.start = start;
        this.length = at - start;
        this.escaped = true;
        this.at = at + 1;
        return;
      }
      at += byte === BACKSLASH ? 2 : 1;
    }
    throw new Damage(end, 'ends within a string', true);
  }

  /** Index in `strings` of the string read last. */
  intern(strings: StringTable): number {
    if (!this.escaped) return strings.internBytes(this.bytes, this.start, this.length);
    return strings.intern(jsonText(this.bytes, this.start, this.length));
  }

  /** The string read last. */
  text(): string {
    return jsonText(this.bytes, this.start, this.length);
  }

  /** Moves over the value at the cursor, of any kind. Only brackets and strings are looked at. */
  skip(): void {
    const first = this.next();
    if (first === QUOTE) {
      this.string();
      return;
    }
    if (first !== 123 && first !== 91) {
      this.skipWord();
      return;
    }
    const { bytes, end } = this;
    let depth = 0;
    let at = this.at;
    while (at < end) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.at = at;
        this.string();
        at = this.at;
        continue;
      }
      at++;
      if (byte === 123 || byte === 91) depth++;
      else if (byte === 125 || byte === 93) {
        if (--depth === 0) {
          this.at = at;
          return;
        }
      }
    }
    throw new Damage(end, 'ends within an object', true);
  }

  /** Moves over a number, `true`, `false` or `null`; must be followed by something, because it might go on. */
  private skipWord(): void {
    const { bytes, end } = this;
    const start = this.at;
    let at = start;
    while (at < end) {
      const byte = bytes[at];
      const inWord =
        (byte >= 48 && byte <= 57) ||
        (byte >= 97 && byte <= 122) ||
        (byte >= 65 && byte <= 90) ||
        byte === 43 ||
        byte === 45 ||
        byte === 46;
      if (!inWord) {
        if (at === start) throw this.unexpected('a value');
        this.at = at;
        return;
      }
      at++;
    }
    throw new Damage(at, 'ends early', true);
  }

  /** ASCII text of a range. */
  slice(start: number, stop: number): string {
    return jsonText(this.bytes, start, stop - start);
  }

  /**
   * An id in hex of any case, in base64, or as `idHexOf` says, into `count` words from `words[first]` on, short ones padded on the left. Returns
   * false when it is none of these, too long, or empty; the words are zeros then.
   */
  id(words: Uint32Array, first: number, count: number): boolean {
    if (this.bytes[this.at] !== QUOTE) {
      const from = this.at;
      this.skip();
      words.fill(0, first, first + count);
      return this.bytes[from] !== NULL && this.rareId(shortJson(utf8Text(this.bytes, from, this.at - from)), words, first, count);
    }
    this.string();
    return this.idWords(words, first, count);
  }

  /** The same for the string read last. */
  idWords(words: Uint32Array, first: number, count: number): boolean {
    const { bytes, start, length } = this;
    if (length === count * 8) {
      let bad = 0;
      for (let word = 0, at = start; word < count; word++, at += 8) {
        const a = (hexDigit[bytes[at]] << 4) | hexDigit[bytes[at + 1]];
        const b = (hexDigit[bytes[at + 2]] << 4) | hexDigit[bytes[at + 3]];
        const c = (hexDigit[bytes[at + 4]] << 4) | hexDigit[bytes[at + 5]];
        const d = (hexDigit[bytes[at + 6]] << 4) | hexDigit[bytes[at + 7]];
        bad |= a | b | c | d;
        words[first + word] = (a << 24) | (b << 16) | (c << 8) | d;
      }
      if (bad >= 0) return true;
    }
    return this.oddId(words, first, count);
  }

  private oddId(words: Uint32Array, first: number, count: number): boolean {
    const { bytes, start, length } = this;
    let stop = start + length;
    const padded = length > 0 && bytes[stop - 1] === 61;
    while (stop > start && bytes[stop - 1] === 61) stop--;
    let hex = !padded && length > 0 && length <= count * 8;
    for (let at = start; at < stop && hex; at++) hex = hexDigit[bytes[at]] >= 0;
    words.fill(0, first, first + count);
    if (hex) {
      for (let at = stop - 1, nibble = 0; at >= start; at--, nibble++) {
        words[first + count - 1 - (nibble >> 3)] |= hexDigit[bytes[at]] << ((nibble & 7) * 4);
      }
      return true;
    }
    const size = Math.floor(((stop - start) * 6) / 8);
    // As many bytes as digits: the base64 of a shorter id in hex, or of none. `idHexOf` tells.
    if (size !== count * 4 || (count === 4 && mayHoldHex(bytes, start))) return this.rareText(words, first, count);
    let bits = 0;
    let held = 0;
    let byteAt = 0;
    for (let at = start; at < stop; at++) {
      const digit = base64Digit[bytes[at]];
      if (digit < 0) {
        words.fill(0, first, first + count);
        return this.rareText(words, first, count);
      }
      bits = (bits << 6) | digit;
      held += 6;
      if (held >= 8) {
        held -= 8;
        words[first + (byteAt >> 2)] |= ((bits >>> held) & 255) << (24 - (byteAt & 3) * 8);
        byteAt++;
      }
    }
    return true;
  }

  private rareText(words: Uint32Array, first: number, count: number): boolean {
    return this.length <= LONGEST_ID && this.rareId(this.text(), words, first, count);
  }

  private rareId(value: unknown, words: Uint32Array, first: number, count: number): boolean {
    const hex = idHexOf(value, count === 4 ? 16 : 8);
    if (hex === undefined) return false;
    words.set(count === 4 ? traceIdWords(hex) : spanIdWords(hex), first);
    return true;
  }

  unexpected(wanted: string): Damage {
    if (this.at >= this.end) return new Damage(this.end, 'ends early', true);
    const byte = this.bytes[this.at];
    const found = byte > 32 && byte < 127 ? `"${String.fromCharCode(byte)}"` : `the byte ${byte}`;
    return new Damage(this.at, `has ${found} where ${wanted} should be`, false);
  }
}
