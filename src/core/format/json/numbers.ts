/**
 * Numbers in JSON, checked against what their fields can hold. OTLP's counts and flags are uint32 and its times 64 bits, and JSON can
 * say anything: what a field cannot hold is taken as the nearest that it can, and noted in `flaws`, so that a person hears of it.
 * Source: protobuf.dev, "ProtoJSON Format".
 */

import { oddTimeOfJson } from '../../model/int64';
import { utf8Text } from '../../model/jsonText';
import { isNoId } from '../../model/oddIds';
import { FLAW_NUMBER } from '../sink/flaws';
import { JsonScanner } from './scanner';

const QUOTE = 34;
/** Begins `null`, which stands for a field that is not given. */
export const NULL = 110;
const WORD = 4294967296;
/** `perNano` of times in nanoseconds and in microseconds. */
const NANOS = 1n;
const MICROS = 1000n;
/** Nanoseconds that an int64 can hold, as a double. */
const LARGEST_INT64 = 2 ** 63;

export class JsonNumbers extends JsonScanner {
  /** FLAW_… of the record being read; its reader clears it. */
  flaws = 0;
  /** Words of the last integer read by `integer64`. */
  low = 0;
  high = 0;

  /** A number, or a string with one in it, `"NaN"`, `"Infinity"`; NaN when it is none of these. Exact for integers to 2^53. */
  number(): number {
    const { bytes } = this;
    let start: number;
    let stop: number;
    if (bytes[this.at] === QUOTE) {
      this.string();
      start = this.start;
      stop = start + this.length;
    } else {
      start = this.at;
      this.skip();
      stop = this.at;
    }
    const negative = bytes[start] === 45;
    let at = negative ? start + 1 : start;
    if (stop - at > 15 || at === stop) return Number(this.slice(start, stop));
    let value = 0;
    for (; at < stop; at++) {
      const digit = bytes[at] - 48;
      if (digit < 0 || digit > 9) return Number(this.slice(start, stop));
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  /** A whole number from 0 to `most`, at most 2^32 − 1; 0 for `null`. */
  unsigned(most = 0xffffffff): number {
    const isNull = this.bytes[this.at] === NULL;
    const value = this.number();
    if (value >>> 0 === value && value <= most) return value >>> 0;
    if (isNull) return 0;
    this.flaws |= FLAW_NUMBER;
    return value > 0 ? Math.min(Math.trunc(value), most) : 0;
  }

  /**
   * An unsigned integer of 64 bits, as a number or in a string, into `low` and `high`. What is written otherwise (a fraction, an exponent) is
   * read as a double and cut to an integer; `null` is 0. Halves, seconds and dates are read as `oddTime` says.
   * @param perNano of `oddTime`
   */
  integer64(perNano = NANOS): void {
    const { bytes } = this;
    const from = this.at;
    const isNull = bytes[this.at] === NULL;
    let at: number;
    let stop: number;
    if (bytes[this.at] === QUOTE) {
      this.string();
      at = this.start;
      stop = at + this.length;
    } else {
      at = this.at;
      this.skip();
      stop = this.at;
    }
    const start = at;
    const split = Math.max(at, stop - 9);
    let front = 0;
    let back = 0;
    if (stop - at <= 20) {
      while (at < split && bytes[at] >= 48 && bytes[at] <= 57) front = front * 10 + bytes[at++] - 48;
      if (at === split) while (at < stop && bytes[at] >= 48 && bytes[at] <= 57) back = back * 10 + bytes[at++] - 48;
    }
    if (at === stop) this.compose(front, back);
    else if (isNull) this.words(0, 0);
    else {
      const value = Math.floor(Number(this.slice(start, stop)));
      if (value >= 0 && value < 2 ** 64) this.words(value % WORD, Math.floor(value / WORD));
      else this.oddInteger64(oddTimeOfJson(utf8Text(bytes, from, this.at - from), perNano), value > 0);
    }
  }

  private oddInteger64(value: bigint | undefined, tooLarge: boolean): void {
    if (value === undefined) this.outOfRange(tooLarge);
    else if (value < 0n || value >= 2n ** 64n) this.outOfRange(value > 0n);
    else this.words(Number(value & 0xffffffffn), Number(value >> 32n));
  }

  private words(low: number, high: number): void {
    this.low = low;
    this.high = high;
  }

  /** The largest number that there is, or none. */
  private outOfRange(tooLarge: boolean): void {
    this.flaws |= FLAW_NUMBER;
    this.low = this.high = tooLarge ? 0xffffffff : 0;
  }

  /** `front * 10^9 + back` as two words; products stay below 2^53. */
  private compose(front: number, back: number): void {
    const frontLow = front % 65536;
    const upper = ((front - frontLow) / 65536) * 1e9;
    const upperLow = upper % 65536;
    const lower = upperLow * 65536 + frontLow * 1e9 + back;
    const high = (upper - upperLow) / 65536 + Math.floor(lower / WORD);
    if (high < WORD) this.words((lower % WORD) >>> 0, high);
    else this.outOfRange(true);
  }

  /** Epoch microseconds into two words of nanoseconds, which stay within an int64. */
  micros(words: Uint32Array, first: number): void {
    this.integer64(MICROS);
    const low = this.low * 1000;
    const high = this.high * 1000 + Math.floor(low / WORD);
    if (high <= 0x7fffffff) {
      words[first] = (low % WORD) >>> 0;
      words[first + 1] = high;
      return;
    }
    this.flaws |= FLAW_NUMBER;
    words[first] = 0xffffffff;
    words[first + 1] = 0x7fffffff;
  }

  /**
   * A length of time in microseconds, as whole nanoseconds. A negative one may be written as the unsigned number with the same 64 bits.
   * What an int64 of nanoseconds cannot hold is ±2^63.
   */
  microsLong(): number {
    const start = this.at;
    const isNull = this.bytes[start] === NULL;
    let micros = this.number();
    if (micros >= 2 ** 53 && micros <= 2 ** 64) {
      this.at = start;
      this.integer64();
      micros = (this.high | 0) * WORD + this.low;
    }
    const ns = Math.round(micros * 1000);
    if (Math.abs(ns) <= LARGEST_INT64) return ns;
    if (!isNull) this.flaws |= FLAW_NUMBER;
    return Number.isNaN(ns) ? 0 : Math.sign(ns) * LARGEST_INT64;
  }

  /** The id of another span, or of its trace, into words like `id`. What is there and is no id is noted as `flaw`. */
  reference(words: Uint32Array, first: number, count: number, flaw: number): void {
    const from = this.at;
    const byte = this.bytes[from];
    if (this.id(words, first, count)) return;
    if (byte !== NULL && !isNoId(utf8Text(this.bytes, from, this.at - from))) this.flaws |= flaw;
  }
}
