/**
 * Reads the protobuf wire format from bytes: a cursor and nothing else. Every read is bounded by the `end` that the caller passes, so that a
 * length from damaged data cannot lead beyond the message it stands in.
 * Source of the format: protobuf.dev, "Encoding".
 */

import { Damage } from '../sink/damage';

/** Why a field is not readable whose length leads out of the message. */
export const BEYOND = 'has a length that goes beyond what it is in';

export class ProtoReader {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  at = 0;
  /** Words of the last varint read by `varint64`. */
  low = 0;
  high = 0;

  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A varint as a number, exact to 2^53 (lengths, tags, enums, counts). */
  varint(end: number): number {
    const { bytes } = this;
    let at = this.at;
    if (at < end && bytes[at] < 128) {
      this.at = at + 1;
      return bytes[at];
    }
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (at >= end) throw new Damage(at, 'ends within a number', true);
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) {
        this.at = at;
        return value;
      }
      scale *= 128;
    }
    throw new Damage(at, 'has a number of more than ten bytes', false);
  }

  /** A varint of 64 bits, into `low` and `high` (both unsigned). */
  varint64(end: number): void {
    const { bytes } = this;
    let at = this.at;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) throw new Damage(at, 'ends within a number', true);
      const byte = bytes[at++];
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 128) {
        this.at = at;
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw new Damage(at, 'has a number of more than ten bytes', false);
  }

  /** The end of the length-delimited field at the cursor, which moves to its first byte. */
  limit(end: number): number {
    const length = this.varint(end);
    const stop = this.at + length;
    if (stop > end) throw new Damage(this.at, BEYOND, false);
    return stop;
  }

  /** Moves over 4 or 8 bytes and returns where they begin. */
  fixed(size: number, end: number): number {
    const at = this.at;
    if (at + size > end) throw new Damage(end, 'ends within a number', true);
    this.at = at + size;
    return at;
  }

  /** Moves over the value of a field with this tag. Groups (wire types 3 and 4, long out of use) are skipped whole. */
  skip(tag: number, end: number): void {
    switch (tag & 7) {
      case 0:
        this.varint(end);
        return;
      case 1:
        this.fixed(8, end);
        return;
      case 2:
        this.at = this.limit(end);
        return;
      case 3:
        this.skipGroup(end);
        return;
      case 5:
        this.fixed(4, end);
        return;
      default:
        throw new Damage(this.at, `has a field of the unknown wire type ${tag & 7}`, false);
    }
  }

  private skipGroup(end: number): void {
    let depth = 1;
    while (depth > 0) {
      const tag = this.varint(end);
      if ((tag & 7) === 3) depth++;
      else if ((tag & 7) === 4) depth--;
      else this.skip(tag, end);
    }
  }
}
