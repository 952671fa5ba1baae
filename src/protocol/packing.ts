/**
 * Columns of whole numbers in few bytes: what goes to a webview is copied several times on its way, and in a remote window compressed and sent
 * through a socket, so a byte costs more than the few instructions that save it.
 */

import { ranges, type Steps } from '../base/steps';

/** A column in the narrowest of 1, 2 and 4 bytes a number that holds all of it. In steps. */
export function* narrow(column: Uint32Array): Steps<ArrayBuffer> {
  let most = 0;
  yield* ranges(column.length, (from, to) => {
    for (let i = from; i < to; i++) if (column[i] > most) most = column[i];
  });
  const narrowed = most < 256 ? new Uint8Array(column.length) : new (most < 65_536 ? Uint16Array : Uint32Array)(column.length);
  yield* ranges(column.length, (from, to) => {
    for (let i = from; i < to; i++) narrowed[i] = column[i];
  });
  return narrowed.buffer;
}

/** A narrowed column of so many numbers. */
export function widen(narrowed: ArrayBuffer, count: number): Uint32Array<ArrayBuffer> {
  if (count === 0) return new Uint32Array(0);
  const width = narrowed.byteLength / count;
  if (width === 1) return Uint32Array.from(new Uint8Array(narrowed));
  if (width === 2) return Uint32Array.from(new Uint16Array(narrowed));
  if (width !== 4) throw new RangeError(`${narrowed.byteLength} bytes are no column of ${count} numbers.`);
  return new Uint32Array(narrowed);
}

/** A column as positions in the list of its distinct numbers, by first appearance. In steps. */
export function* distinct(column: Uint32Array): Steps<{ readonly distinct: Uint32Array<ArrayBuffer>; readonly at: ArrayBuffer }> {
  const places = new Map<number, number>();
  const at = new Uint32Array(column.length);
  let last = -1;
  let place = 0;
  yield* ranges(column.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const value = column[i];
      if (value !== last) {
        last = value;
        const known = places.get(value);
        place = known ?? places.size;
        if (known === undefined) places.set(value, place);
      }
      at[i] = place;
    }
  });
  return { distinct: Uint32Array.from(places.keys()), at: yield* narrow(at) };
}

/** Whole numbers below 2^33 as base-128 varints (protobuf.dev, "Encoding"), written one after the other. */
export class VarintWriter {
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private at = 0;

  /** @param most how many numbers will be written, at most */
  constructor(most: number) {
    this.bytes = new Uint8Array(most * 5);
  }

  write(value: number): void {
    // Beyond 31 bits there is no shifting.
    let rest = value;
    if (value > 0x7fffffff) {
      this.bytes[this.at++] = (value & 127) | 128;
      rest = Math.floor(value / 128);
    }
    let bits = rest | 0;
    while (bits >= 128) {
      this.bytes[this.at++] = (bits & 127) | 128;
      bits >>>= 7;
    }
    this.bytes[this.at++] = bits;
  }

  /** Signed: 0, -1, 1, -2 … become 0, 1, 2, 3 …; below 2^32 in size. */
  writeSigned(value: number): void {
    this.write(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** Exactly what was written. */
  finish(): ArrayBuffer {
    return this.bytes.buffer.slice(0, this.at);
  }
}

export class VarintReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(buffer: ArrayBuffer) {
    this.bytes = new Uint8Array(buffer);
  }

  read(): number {
    const { bytes } = this;
    let byte = bytes[this.at++];
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = bytes[this.at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    return value + bytes[this.at++] * 0x10000000;
  }

  readSigned(): number {
    const value = this.read();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
