/**
 * Whether there may be something to hide in a text, told of its bytes in one go: what patterns need, a name that hides before a sign, as many digits as a card
 * has. Of a hundred texts one or two have any; so what takes a microsecond (making a text, running an expression) is done for those alone.
 */

import type { TextRules } from './textRules';

const DIGIT = 1;
const SIGN = 2;
const DASH = 4;
const TRIGGER = 8;

/** Digits of the shortest number of a card. */
const FEWEST_DIGITS = 13;
/** The longest name of a value. */
const LONGEST_NAME = 84;
const MOST_SPACE = 8;

const encoder = new TextEncoder();
const [EQUALS, COLON, DASH_BYTE, SLASH, QUOTE] = [0x3d, 0x3a, 0x2d, 0x2f, 0x27];

/** Letters, digits and `_ . $ -`: what names are made of. */
const isName = new Uint8Array(256);
for (let byte = 0; byte < 128; byte++) if (/[\w.$-]/.test(String.fromCharCode(byte))) isName[byte] = 1;
/** What may stand between the digits of a card: space, `-`, `+`, `%20` and the bytes of a space that does not break. */
const isBetween = new Uint8Array(256);
for (const byte of [0x20, DASH_BYTE, 0x2b, 0x25, 0xc2, 0xa0]) isBetween[byte] = 1;

export class SecretScan {
  private readonly flags = new Uint8Array(256);
  /** By their first byte. */
  private readonly triggers = new Map<number, Uint8Array[]>();
  private readonly always: boolean;

  /** @param hides whether the values of the name `bytes[from, to)` are hidden */
  constructor(
    { triggers, cards, named }: Pick<TextRules, 'triggers' | 'cards' | 'named'>,
    private readonly hides: (from: number, to: number) => boolean,
  ) {
    this.always = triggers === undefined;
    for (const trigger of triggers ?? []) {
      const bytes = encoder.encode(trigger);
      const known = this.triggers.get(bytes[0]);
      if (known) known.push(bytes);
      else this.triggers.set(bytes[0], [bytes]);
      this.flags[bytes[0]] |= TRIGGER;
    }
    if (cards) for (let digit = 0; digit < 10; digit++) this.flags[0x30 + digit] |= DIGIT;
    if (!named) return;
    for (const sign of [EQUALS, COLON, QUOTE]) this.flags[sign] |= SIGN;
    this.flags[DASH_BYTE] |= DASH;
  }

  mayHide(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.always) return to > from;
    const { flags } = this;
    let digits = 0;
    let lastDigit = -10;
    for (let at = from; at < to; at++) {
      const flag = flags[bytes[at]];
      if (flag === 0) continue;
      if ((flag & DIGIT) !== 0) {
        // Groups of digits with one or two signs between them, `%20` being the longest.
        if (at === lastDigit + 1) digits++;
        else digits = at - lastDigit <= 4 && areBetween(bytes, lastDigit + 1, at) ? digits + 1 : 1;
        lastDigit = at;
        if (digits >= FEWEST_DIGITS) return true;
      }
      if ((flag & SIGN) !== 0 && this.isNamed(bytes, from, at, to)) return true;
      if ((flag & DASH) !== 0 && this.isOption(bytes, from, at, to)) return true;
      if ((flag & TRIGGER) !== 0 && this.isTrigger(bytes, at, to)) return true;
    }
    return false;
  }

  /** Whether a name that hides stands before the sign at `at`. */
  private isNamed(bytes: Uint8Array, from: number, at: number, to: number): boolean {
    if (bytes[at] === COLON && at + 2 < to && bytes[at + 1] === SLASH && bytes[at + 2] === SLASH) return false;
    // `PASSWORD 'hunter2'`, and no quote that ends something.
    if (bytes[at] === QUOTE && (at === from || bytes[at - 1] > 0x20)) return false;
    let end = at;
    // White space, and the quotes of JSON.
    while (end > from && at - end < MOST_SPACE && bytes[end - 1] <= 0x20) end--;
    if (end > from && (bytes[end - 1] === 0x22 || bytes[end - 1] === 0x27)) {
      end--;
      for (let i = 0; i < MOST_SPACE && end > from && bytes[end - 1] === 0x5c; i++) end--;
    }
    let start = end;
    while (start > from && end - start < LONGEST_NAME && isName[bytes[start - 1]] === 1) start--;
    while (start < end && bytes[start] === DASH_BYTE) start++;
    return end - start > 1 && this.hides(start, end);
  }

  /** Whether a dash begins an option that hides, with its argument behind white space or as the next text of a list. */
  private isOption(bytes: Uint8Array, from: number, at: number, to: number): boolean {
    if (at > from && isName[bytes[at - 1]] === 1 && bytes[at - 1] !== DASH_BYTE) return false;
    let end = at + 1;
    while (end < to && end - at < LONGEST_NAME && isName[bytes[end]] === 1) end++;
    if (end >= to || (bytes[end] !== 0x20 && bytes[end] !== 0x09 && bytes[end] !== 0x22 && bytes[end] !== QUOTE)) return false;
    let start = at + 1;
    while (start < end && bytes[start] === DASH_BYTE) start++;
    return end - start > 1 && this.hides(start, end);
  }

  private isTrigger(bytes: Uint8Array, at: number, to: number): boolean {
    for (const trigger of this.triggers.get(bytes[at]) ?? []) {
      let same = at + trigger.length <= to;
      for (let i = 1; same && i < trigger.length; i++) same = bytes[at + i] === trigger[i];
      if (same) return true;
    }
    return false;
  }
}

function areBetween(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (isBetween[bytes[at]] !== 1 && bytes[at] !== 0x32 && bytes[at] !== 0x30) return false;
  return true;
}
