/**
 * Records in few buffers: what is too much to cross between threads as objects, because a whole message is read in one go. A piece has numbers in
 * one buffer and all texts, one after the other, in another; texts that come again in it are numbered. Pieces are read one by one, with turns
 * of others in between.
 */

import { SpanhopError } from '../base/errors';
import { ProtoWriter } from '../core/format/proto/writer';
import type { AttributeValue } from '../core/model/attributeValue';

/** Some records; its buffers are moved. */
export interface RecordPiece {
  readonly count: number;
  readonly numbers: ArrayBuffer;
  /** UTF-8. */
  readonly texts: ArrayBuffer;
}

/** A piece that is longer is ended: it takes a millisecond or two to read. */
const PIECE_BYTES = 1 << 17;

const NOTHING = 0;
const FALSE = 1;
const TRUE = 2;
const WHOLE = 3;
const NEGATIVE = 4;
const DOUBLE = 5;
const BIG = 6;
const TEXT = 7;
const BYTES = 8;
const LIST = 9;
const MAP = 10;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Writes one piece. */
export class RecordWriter {
  private readonly numbers = new ProtoWriter(1 << 12);
  private readonly texts: string[] = [];
  private textLength = 0;
  private readonly words = new Map<string, number>();
  private readonly maps = new Map<object, number>();
  private count = 0;

  /** Whether the piece is long enough. */
  get isFull(): boolean {
    return this.numbers.length + this.textLength > PIECE_BYTES;
  }

  /** A record begins. */
  begin(): void {
    this.count++;
  }

  finish(): RecordPiece {
    return { count: this.count, numbers: exact(this.numbers.finish()), texts: exact(encoder.encode(this.texts.join(''))) };
  }

  /** A whole number from 0 to 2^53 − 1. */
  whole(value: number): void {
    this.numbers.varint(value);
  }

  double(value: number): void {
    this.numbers.double(value);
  }

  /** An unsigned 64-bit number. */
  unsigned64(value: bigint): void {
    this.numbers.fixed64(Number(value & 0xffffffffn), Number((value >> 32n) & 0xffffffffn));
  }

  text(value: string): void {
    this.whole(value.length);
    this.texts.push(value);
    this.textLength += value.length;
  }

  /** A text that may come again. */
  word(value: string): void {
    const known = this.words.get(value);
    this.whole(known === undefined ? 0 : known + 1);
    if (known !== undefined) return;
    this.words.set(value, this.words.size);
    this.text(value);
  }

  optionalWord(value: string | undefined): void {
    this.whole(value === undefined ? 0 : 1);
    if (value !== undefined) this.word(value);
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.whole(items.length);
    for (const item of items) write(item);
  }

  map(values: Readonly<Record<string, AttributeValue>>): void {
    const keys = Object.keys(values);
    this.whole(keys.length);
    for (const key of keys) {
      this.word(key);
      this.value(values[key]);
    }
  }

  /** `map`, of which the same object may come again. */
  sharedMap(values: Readonly<Record<string, AttributeValue>>): void {
    const known = this.maps.get(values);
    this.whole(known === undefined ? 0 : known + 1);
    if (known !== undefined) return;
    this.maps.set(values, this.maps.size);
    this.map(values);
  }

  value(value: AttributeValue): void {
    if (typeof value === 'string') {
      this.whole(TEXT);
      this.text(value);
    } else if (typeof value === 'number') this.number(value);
    else if (typeof value === 'boolean') this.whole(value ? TRUE : FALSE);
    else if (value === undefined) this.whole(NOTHING);
    else if (typeof value === 'bigint') {
      this.whole(BIG);
      this.text(String(value));
    } else if (value instanceof Uint8Array) {
      this.whole(BYTES);
      this.whole(value.length);
      this.numbers.raw(value, 0, value.length);
    } else if (isList(value)) {
      this.whole(LIST);
      this.list(value, (item) => this.value(item));
    } else {
      this.whole(MAP);
      this.map(value);
    }
  }

  private number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.whole(DOUBLE);
      this.double(value);
    } else {
      this.whole(value < 0 ? NEGATIVE : WHOLE);
      this.whole(Math.abs(value));
    }
  }
}

/** Reads one piece. What is not all of what a writer wrote throws `BadData`. */
export class RecordReader {
  private readonly numbers: Uint8Array;
  private readonly view: DataView;
  private readonly texts: string;
  private readonly words: string[] = [];
  private readonly maps: Record<string, AttributeValue>[] = [];
  private at = 0;
  private textAt = 0;

  constructor({ numbers, texts }: RecordPiece) {
    this.numbers = new Uint8Array(numbers);
    this.view = new DataView(numbers);
    this.texts = decoder.decode(texts);
  }

  whole(): number {
    const { numbers } = this;
    let byte = numbers[this.at++];
    if (byte < 128) return byte;
    if (byte === undefined) throw notWhole();
    let value = byte & 127;
    for (let scale = 128; byte >= 128; scale *= 128) {
      byte = numbers[this.at++];
      if (byte === undefined || scale > Number.MAX_SAFE_INTEGER) throw notWhole();
      value += (byte & 127) * scale;
    }
    return value;
  }

  double(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  unsigned64(): bigint {
    this.at += 8;
    return this.view.getBigUint64(this.at - 8, true);
  }

  text(): string {
    const from = this.textAt;
    this.textAt = from + this.whole();
    if (this.textAt > this.texts.length) throw notWhole();
    return this.texts.slice(from, this.textAt);
  }

  word(): string {
    const number = this.whole();
    if (number > this.words.length) throw notWhole();
    if (number > 0) return this.words[number - 1];
    const text = this.text();
    this.words.push(text);
    return text;
  }

  optionalWord(): string | undefined {
    return this.whole() === 0 ? undefined : this.word();
  }

  list<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.whole(); left > 0; left--) items.push(read());
    return items;
  }

  /** Without a prototype: any key is harmless. */
  map(): Record<string, AttributeValue> {
    const values: Record<string, AttributeValue> = Object.create(null);
    for (let left = this.whole(); left > 0; left--) {
      const key = this.word();
      values[key] = this.value();
    }
    return values;
  }

  /** The same object where the writer had the same. */
  sharedMap(): Record<string, AttributeValue> {
    const number = this.whole();
    if (number > this.maps.length) throw notWhole();
    if (number > 0) return this.maps[number - 1];
    const values = this.map();
    this.maps.push(values);
    return values;
  }

  value(): AttributeValue {
    const type = this.whole();
    switch (type) {
      case TEXT:
        return this.text();
      case WHOLE:
        return this.whole();
      case NEGATIVE:
        return -this.whole();
      case DOUBLE:
        return this.double();
      case FALSE:
      case TRUE:
        return type === TRUE;
      case BIG:
        return BigInt(this.text());
      case BYTES: {
        const length = this.whole();
        this.at += length;
        if (this.at > this.numbers.length) throw notWhole();
        return this.numbers.slice(this.at - length, this.at);
      }
      case LIST:
        return this.list(() => this.value());
      case MAP:
        return this.map();
      default:
        return undefined;
    }
  }
}

function notWhole(): SpanhopError {
  return new SpanhopError('BadData', 'An answer of the trace engine is not whole.');
}

function exact(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy.buffer;
}

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}
