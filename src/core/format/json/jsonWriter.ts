/**
 * Writes JSON as UTF-8 into a buffer that grows. Texts that stand as bytes somewhere go from there where no character of them is written differently
 * in JSON; no JavaScript string is made of them. Source of the format: RFC 8259, section 7.
 */

const encoder = new TextEncoder();

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = encoder.encode('0123456789abcdef');

export class JsonWriter {
  private buffer = new Uint8Array(1 << 16);
  private at = 0;

  /** Bytes that were written. */
  get length(): number {
    return this.at;
  }

  /** What was written, in a buffer of its own; what comes now is after it. The room that was made stays. */
  take(): Uint8Array {
    const taken = this.buffer.slice(0, this.at);
    this.at = 0;
    return taken;
  }

  /** JSON as it is, of ASCII characters alone. */
  ascii(json: string): void {
    this.reserve(json.length);
    const { buffer, at } = this;
    for (let i = 0; i < json.length; i++) buffer[at + i] = json.charCodeAt(i);
    this.at = at + json.length;
  }

  /** JSON as it is. A lone surrogate, which UTF-8 cannot hold, must be escaped. */
  json(json: string): void {
    this.reserve(json.length * 3);
    this.at += encoder.encodeInto(json, this.buffer.subarray(this.at)).written;
  }

  string(text: string): void {
    this.json(JSON.stringify(text));
  }

  /** The ASCII text in `source[from, from + length)` as a string. Returns false, and has written nothing, where it must be written differently. */
  plain(source: Uint8Array, from: number, length: number): boolean {
    this.reserve(length + 2);
    const { buffer } = this;
    const to = this.at + 1;
    for (let i = 0; i < length; i++) {
      const byte = source[from + i];
      if (byte < 0x20 || byte > 0x7e || byte === QUOTE || byte === BACKSLASH) return false;
      buffer[to + i] = byte;
    }
    buffer[this.at] = QUOTE;
    buffer[to + length] = QUOTE;
    this.at = to + length + 1;
    return true;
  }

  /** An id as a string of hex digits: `count` big-endian words. */
  id(words: ArrayLike<number>, first: number, count: number): void {
    this.reserve(count * 8 + 2);
    const { buffer } = this;
    buffer[this.at++] = QUOTE;
    for (let word = first; word < first + count; word++) {
      for (let shift = 28; shift >= 0; shift -= 4) buffer[this.at++] = HEX[(words[word] >>> shift) & 15];
    }
    buffer[this.at++] = QUOTE;
  }

  private reserve(more: number): void {
    const needed = this.at + more;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, needed));
    grown.set(this.buffer.subarray(0, this.at));
    this.buffer = grown;
  }
}
