/** Changes of protobuf that know its structure: varints at the ends of ranges, fields missing, doubled, renumbered, lengths that lie. */

import type { Buffer64 } from './edits';
import type { Random } from './random';

/** A field: a number, a wire type, and bytes or fields within. */
export interface ProtoField {
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly fields: readonly ProtoField[] | undefined;
}

interface Change {
  readonly field: ProtoField;
  readonly what: number;
}

const extremes = [
  [0],
  [1],
  [127],
  [128, 1],
  [255, 255, 3],
  [255, 255, 255, 255, 7],
  [255, 255, 255, 255, 15],
  [128, 128, 128, 128, 16],
  [255, 255, 255, 255, 255, 255, 255, 127],
  [255, 255, 255, 255, 255, 255, 255, 255, 127],
  [255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
  [255, 255, 255, 255, 255, 255, 255, 255, 255, 127],
  [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
  [128, 128, 128, 128, 0],
].map((bytes) => Uint8Array.from(bytes));

/** The fields of a message; undefined when it is none. */
export function parseProto(bytes: Uint8Array): readonly ProtoField[] | undefined {
  const fields: ProtoField[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      if (at >= bytes.length || scale > 2 ** 49) return -1;
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag < 8 || tag > 8192) return undefined;
    const from = at;
    const wire = tag & 7;
    if (wire === 0) {
      if (varint() < 0 && bytes[at - 1] >= 128) return undefined;
      fields.push({ tag, bytes: bytes.subarray(from, at), fields: undefined });
    } else if (wire === 1 || wire === 5) {
      at += wire === 1 ? 8 : 4;
      if (at > bytes.length) return undefined;
      fields.push({ tag, bytes: bytes.subarray(from, at), fields: undefined });
    } else if (wire === 2) {
      const length = varint();
      if (length < 0 || at + length > bytes.length) return undefined;
      const inner = bytes.subarray(at, at + length);
      at += length;
      fields.push({ tag, bytes: inner, fields: length < 2 ? undefined : parseProto(inner) });
    } else return undefined;
  }
  return fields;
}

export function allFields(fields: readonly ProtoField[]): ProtoField[] {
  return fields.flatMap((field) => [field, ...(field.fields ? allFields(field.fields) : [])]);
}

/** Kinds of changes below. */
const DELETE = 0;
const TWICE = 1;
const RENUMBER = 2;
const LENGTH = 3;
const VALUE = 4;
const REVERSE = 5;
const GROUP = 6;
const WIRE = 7;
const CHANGES = 10;

/** Writes the message with `count` changes. */
export function writeChanged(
  fields: readonly ProtoField[],
  all: readonly ProtoField[],
  count: number,
  random: Random,
  into: Buffer64,
): void {
  const changes: Change[] = [];
  for (let i = 0; i < count && all.length > 0; i++) changes.push({ field: random.of(all), what: random.below(CHANGES) });
  message(fields);

  function message(list: readonly ProtoField[], reversed = false): void {
    if (reversed) for (let i = list.length; i-- > 0; ) field(list[i]);
    else for (const each of list) field(each);
  }

  function field(each: ProtoField): void {
    let what = -1;
    for (const change of changes) if (change.field === each) what = change.what;
    if (what === DELETE) return;
    if (what === GROUP) {
      varint(8 * 99 + 3);
      varint(8 * 99 + (random.oneIn(3) ? 3 : 4));
    }
    one(each, what);
    if (what === TWICE) one(each, -1);
  }

  function one({ tag, bytes, fields: inner }: ProtoField, what: number): void {
    varint(what === RENUMBER ? (random.below(20) << 3) | (tag & 7) : what === WIRE ? (tag & ~7) | random.below(8) : tag);
    const isSized = (tag & 7) === 2;
    if (!isSized) {
      if (what >= VALUE && (tag & 7) === 0) into.append(random.of(extremes));
      else if (what >= VALUE)
        for (const _ of bytes) into.append(Uint8Array.of(random.of([0, 255, 128, 127, 240, random.below(256)])));
      else into.append(bytes);
      return;
    }
    // Room for a length of two bytes, which all messages here need at most; written as such, it is right for shorter ones too.
    const lengthAt = into.length;
    into.append(Uint8Array.of(0, 0));
    const start = into.length;
    if (inner && what !== VALUE) message(inner, what === REVERSE);
    else if (what >= VALUE) into.append(bytes, 0, random.below(bytes.length + 1));
    else into.append(bytes);
    let length = into.length - start;
    if (what === LENGTH) {
      if (random.oneIn(2)) {
        into.replace(lengthAt, start, random.of(extremes));
        return;
      }
      length = Math.max(0, length + random.of([-2, -1, 1, 2, 7, 100]));
    }
    if (length < 128) {
      into.replace(lengthAt, start, Uint8Array.of(length));
      return;
    }
    into.bytes[lengthAt] = (length & 127) | 128;
    into.bytes[lengthAt + 1] = (length >> 7) & 127;
  }

  function varint(value: number): void {
    into.append(value < 128 ? Uint8Array.of(value) : Uint8Array.of((value & 127) | 128, value >> 7));
  }
}
