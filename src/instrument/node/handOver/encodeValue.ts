/** Values of attributes as protobuf. Source: opentelemetry/proto/common/v1/common.proto. */

import type { ProtoWriter } from '../../../core/format/proto/writer';
import { MAX_PAYLOAD_BYTES } from '../../../core/spanStream/wire';

const LEN = 2;
const KEY = (1 << 3) | LEN;
const VALUE = (2 << 3) | LEN;
const TEXT = (1 << 3) | LEN;
const BOOLEAN = 2 << 3;
const INTEGER = 3 << 3;
const DOUBLE = (4 << 3) | 1;
const LIST = (5 << 3) | LEN;
const MEMBERS = (6 << 3) | LEN;
const BYTES = (7 << 3) | LEN;
const ITEM = (1 << 3) | LEN;

/** Values in values. What is deeper, or goes round in a circle, is left out. */
const DEEPEST = 12;

/** What does not fit into a frame. */
export class TooLong extends Error {}

/** A list of `KeyValue`. */
export function attributes(writer: ProtoWriter, tag: number, values: object | undefined, depth = 0): void {
  if (!values) return;
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const start = writer.open(tag, 1);
    writer.text(KEY, key);
    anyValue(writer, VALUE, value, depth);
    writer.close(start, 1);
  }
  if (writer.length > MAX_PAYLOAD_BYTES) throw new TooLong();
}

/** A number that is 0 where nothing stands. */
export function count(writer: ProtoWriter, tag: number, value: number | undefined): void {
  if (value === undefined || !(value > 0)) return;
  writer.varint(tag);
  writer.varint(Math.min(Math.floor(value), 0xffff_ffff));
}

function anyValue(writer: ProtoWriter, tag: number, value: unknown, depth: number): void {
  const start = writer.open(tag, 1);
  switch (typeof value) {
    case 'string':
      writer.text(TEXT, value);
      break;
    case 'boolean':
      writer.varint(BOOLEAN);
      writer.varint(value ? 1 : 0);
      break;
    case 'number':
      number(writer, value);
      break;
    case 'bigint':
      if (BigInt.asIntN(64, value) === value) integer(writer, value);
      else writer.text(TEXT, String(value));
      break;
    case 'object':
      if (value !== null && depth < DEEPEST) composed(writer, value, depth);
      break;
  }
  writer.close(start, 1);
  if (writer.length > MAX_PAYLOAD_BYTES) throw new TooLong();
}

function number(writer: ProtoWriter, value: number): void {
  if (!Number.isSafeInteger(value)) {
    writer.varint(DOUBLE);
    writer.double(value);
  } else if (value < 0) {
    integer(writer, BigInt(value));
  } else {
    writer.varint(INTEGER);
    writer.varint(value);
  }
}

function integer(writer: ProtoWriter, value: bigint): void {
  writer.varint(INTEGER);
  writer.int64(value);
}

function composed(writer: ProtoWriter, value: object, depth: number): void {
  if (value instanceof Uint8Array) {
    writer.bytes(BYTES, value);
  } else if (Array.isArray(value)) {
    const start = writer.open(LIST, 1);
    for (const item of value) anyValue(writer, ITEM, item, depth + 1);
    writer.close(start, 1);
  } else {
    const start = writer.open(MEMBERS, 1);
    attributes(writer, ITEM, value, depth + 1);
    writer.close(start, 1);
  }
}
