/**
 * Writes the protobuf wire format into a buffer that grows. The length of a message stands before it and is known after it, so room for a
 * likely one is left, and the message is moved by some bytes when it was not. A number that its place cannot hold is refused: bytes that
 * nobody can read are worse than none.
 * Source of the format: protobuf.dev, "Encoding", and "Proto Limits" for the size of messages.
 */

import { SpanhopError } from '../../../base/errors';

/** No reader takes a longer message. */
const LARGEST_MESSAGE = 0x7fffffff;

/** Characters; their number is one byte. */
const SHORT_TEXT = 80;

const encoder = new TextEncoder();

export class ProtoWriter {
  private buffer: Uint8Array;
  private view: DataView;
  private at = 0;

  constructor(expectedBytes = 1 << 12) {
    this.buffer = new Uint8Array(expectedBytes);
    this.view = new DataView(this.buffer.buffer);
  }

  /** Bytes that were written. */
  get length(): number {
    return this.at;
  }

  /** What was written, in a buffer of its own. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.at);
  }

  /** Copies what was written to a place in other bytes, and forgets it. */
  moveTo(target: Uint8Array, offset: number): void {
    target.set(this.buffer.subarray(0, this.at), offset);
    this.at = 0;
  }

  /** Forgets what was written. */
  reset(): void {
    this.at = 0;
  }

  /** What was written, in a buffer of its own; what comes now is another message. The room that was made stays. */
  take(): Uint8Array {
    const taken = this.finish();
    this.at = 0;
    return taken;
  }

  private reserve(more: number): void {
    const needed = this.at + more;
    if (needed <= this.buffer.length) return;
    if (needed > LARGEST_MESSAGE) throw new SpanhopError('TooLarge', 'More than 2 GB do not fit into one protobuf message.');
    const grown = new Uint8Array(Math.min(Math.max(this.buffer.length * 2, needed), LARGEST_MESSAGE));
    grown.set(this.buffer.subarray(0, this.at));
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }

  /** A whole number from 0 to 2^53 − 1. @throws SpanhopError `BadData` for any other */
  varint(value: number): void {
    if (!(value >= 0 && Number.isSafeInteger(value))) refuse(value);
    this.reserve(10);
    let rest = value;
    while (rest > 127) {
      this.buffer[this.at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.at++] = rest;
  }

  /** An int64, as its unsigned 64 bits. @throws SpanhopError `BadData` when it is none */
  int64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) refuse(value);
    this.reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      this.buffer[this.at++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.buffer[this.at++] = Number(rest);
  }

  /** 64 bits, in two words. @throws SpanhopError `BadData` when one is no uint32 */
  fixed64(low: number, high: number): void {
    if (low >>> 0 !== low) refuse(low);
    if (high >>> 0 !== high) refuse(high);
    this.reserve(8);
    this.view.setUint32(this.at, low, true);
    this.view.setUint32(this.at + 4, high, true);
    this.at += 8;
  }

  /** @throws SpanhopError `BadData` when it is no uint32 */
  fixed32(value: number): void {
    if (value >>> 0 !== value) refuse(value);
    this.reserve(4);
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  double(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** A field of bytes: tag, length, `source[from, from + length)`. */
  bytes(tag: number, source: Uint8Array, from = 0, length: number = source.length): void {
    this.varint(tag);
    this.varint(length);
    this.raw(source, from, length);
  }

  /** Bytes as they are. */
  raw(source: Uint8Array, from: number, length: number): void {
    this.reserve(length);
    if (length < 48) for (let i = 0; i < length; i++) this.buffer[this.at + i] = source[from + i];
    else this.buffer.set(source.subarray(from, from + length), this.at);
    this.at += length;
  }

  text(tag: number, text: string): void {
    if (text.length > SHORT_TEXT || !this.shortText(tag, text)) this.bytes(tag, encoder.encode(text));
  }

  /** A short text of ASCII, as nearly all are, three times as fast as by an encoder; nothing is written, and false returned, where it is none. */
  private shortText(tag: number, text: string): boolean {
    const before = this.at;
    this.varint(tag);
    this.reserve(SHORT_TEXT + 1);
    const { buffer, at } = this;
    const { length } = text;
    buffer[at] = length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        this.at = before;
        return false;
      }
      buffer[at + 1 + i] = code;
    }
    this.at = at + 1 + length;
    return true;
  }

  /** An id: a field of big-endian words. */
  words(tag: number, words: Uint32Array, first: number, count: number): void {
    this.varint(tag);
    this.varint(count * 4);
    this.reserve(count * 4);
    for (let i = 0; i < count; i++) this.view.setUint32(this.at + i * 4, words[first + i]);
    this.at += count * 4;
  }

  /** Begins a message; `room` bytes are left for its length. Pass the result to `close`. */
  open(tag: number, room: number): number {
    this.varint(tag);
    this.reserve(room);
    this.at += room;
    return this.at;
  }

  close(start: number, room: number): void {
    const length = this.at - start;
    let size = 1;
    for (let rest = length; rest > 127; rest = Math.floor(rest / 128)) size++;
    if (size !== room) {
      this.reserve(size);
      this.buffer.copyWithin(start - room + size, start, this.at);
    }
    this.at = start - room;
    this.varint(length);
    this.at += length;
  }
}

function refuse(value: number | bigint): never {
  throw new SpanhopError('BadData', `The number ${value} cannot be written as protobuf.`);
}
