/**
 * Decodes input of any length in pieces. Keeps the bytes of what is not complete yet, and batches under construction whose values are
 * copied out of the pieces, so that a piece may go as soon as it was pushed.
 */

import {
  type SpanBatch,
  VALUE_BASE64,
  VALUE_BIG_INT,
  VALUE_BYTES,
  VALUE_JSON,
  VALUE_JSON_ANY,
  VALUE_JSON_STRING,
  VALUE_PROTO,
  VALUE_STRING,
} from '../../model/batch';
import { BatchBuilder } from '../../model/batchBuilder';
import type { Carrier, PieceDecoder, Sink } from './sink';

/** How much is held back and put together. */
export interface StreamLimits {
  /** Decoding begins when so many bytes are there; less would be spent on the same unfinished span again and again. */
  readonly piece: number;
  /** A batch ends when it holds so many spans (with those of one more piece, not so many that columns double again), or so many bytes of values. */
  readonly batchSpans: number;
  readonly batchBytes: number;
}

const usual: StreamLimits = { piece: 1 << 18, batchSpans: 60_000, batchBytes: 1 << 24 };

const located = new Uint8Array(16);
for (const type of [
  VALUE_STRING,
  VALUE_JSON_STRING,
  VALUE_BIG_INT,
  VALUE_PROTO,
  VALUE_JSON_ANY,
  VALUE_BYTES,
  VALUE_BASE64,
  VALUE_JSON,
]) {
  located[type] = 1;
}

/** Bytes that grow at the end. */
class Arena {
  bytes = new Uint8Array(1 << 16);
  length = 0;

  /** What was written; without the reserve where that is much. */
  taken(): Uint8Array {
    return this.length * 1.25 < this.bytes.length ? this.bytes.slice(0, this.length) : this.bytes.subarray(0, this.length);
  }

  append(source: Uint8Array, from: number, length: number): number {
    const at = this.length;
    if (at + length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.bytes.length * 2, at + length));
      grown.set(this.bytes.subarray(0, at));
      this.bytes = grown;
    }
    // A loop beats `set` on the short values that most are: no view has to be made.
    if (length < 64) for (let i = 0; i < length; i++) this.bytes[at + i] = source[from + i];
    else this.bytes.set(source.subarray(from, from + length), at);
    this.length = at + length;
    return at;
  }
}

export class PieceStream {
  private pending: Uint8Array = new Uint8Array(0);
  private length = 0;
  /** No decoding before so many bytes are pending: doubles while nothing becomes complete. */
  private wanted: number;
  private arena = new Arena();
  /** Attribute rows up to here have their values in the arena. */
  private settled = 0;

  /** @param largest more pending bytes than this are refused by `onTooLarge` */
  constructor(
    private readonly sink: Sink,
    private readonly decoder: PieceDecoder,
    private readonly largest: number,
    private readonly onTooLarge: (bytes: number) => never,
    private readonly limits: StreamLimits = usual,
  ) {
    this.wanted = limits.piece;
  }

  /** Bytes of the input that is not decoded, and of values. */
  get byteLength(): number {
    return this.pending.length + this.arena.bytes.length;
  }

  push(chunk: Uint8Array): SpanBatch[] {
    this.append(chunk);
    return this.length >= this.wanted ? this.decode(false) : [];
  }

  end(): SpanBatch[] {
    const batches = this.decode(true);
    if (this.sink.builder.count > 0) batches.push(this.flush());
    return batches;
  }

  private append(chunk: Uint8Array): void {
    if (this.length + chunk.length > this.pending.length) {
      const grown = new Uint8Array(Math.max(this.pending.length * 2, this.length + chunk.length, this.limits.piece * 2));
      grown.set(this.pending.subarray(0, this.length));
      this.pending = grown;
    }
    this.pending.set(chunk, this.length);
    this.length += chunk.length;
  }

  private decode(last: boolean): SpanBatch[] {
    const { sink, decoder, limits } = this;
    const done = decoder.decode(this.pending, 0, this.length, last);
    this.keepValues(sink.builder);
    sink.base += done;
    this.pending.copyWithin(0, done, this.length);
    this.length -= done;
    if (done > 0) this.wanted = this.length + limits.piece;
    else this.wanted = Math.max(limits.piece, this.length * 2);
    if (this.length > this.largest) this.onTooLarge(this.length);
    const full = sink.builder.count >= limits.batchSpans || this.arena.length >= limits.batchBytes;
    return full && decoder.canFlush() && sink.builder.count > 0 ? [this.flush()] : [];
  }

  /** Copies the values of rows that are new into the arena. */
  private keepValues(builder: BatchBuilder): void {
    const { arena, pending } = this;
    const { attributeType, attributeNumber, attributeLength, attributeCount } = builder;
    for (let row = this.settled; row < attributeCount; row++) {
      if (located[attributeType[row]] === 1) {
        attributeNumber[row] = arena.append(pending, attributeNumber[row], attributeLength[row]);
      }
    }
    this.settled = attributeCount;
  }

  private flush(): SpanBatch {
    const { sink, decoder, arena } = this;
    const previous = sink.builder;
    decoder.finishBatch();
    sink.countLongValues();
    this.keepValues(previous);
    const next = new BatchBuilder(sink.strings);
    const nextArena = new Arena();
    const carrier: Carrier = { previous, next, copy: (owner) => this.copy(owner, previous, next, nextArena) };
    decoder.carry(carrier);
    sink.flushed += previous.count;
    sink.builder = next;
    this.arena = nextArena;
    this.settled = next.attributeCount;
    previous.blob = arena.taken();
    return previous.finish();
  }

  private copy<T extends { readonly attributeStart: number; readonly attributeEnd: number }>(
    owner: T,
    previous: BatchBuilder,
    next: BatchBuilder,
    nextArena: Arena,
  ): T {
    const attributeStart = next.attributeCount;
    for (let row = owner.attributeStart; row < owner.attributeEnd; row++) {
      const type = previous.attributeType[row];
      const length = previous.attributeLength[row];
      let number = previous.attributeNumber[row];
      if (located[type] === 1) number = nextArena.append(this.arena.bytes, number, length);
      next.attribute(previous.attributeKey[row], type, number, length);
    }
    return { ...owner, attributeStart, attributeEnd: next.attributeCount };
  }
}
