/**
 * Captured traces that left memory, as lists and searches know them: of each its times and counts, and of its spans the root and the first error, so
 * that it is found by service, name, duration, status and attributes of these. In columns, with the spans of some hundred traces in one batch.
 * Bounded: what left first goes first. The rest of a trace is read from its capture's log when somebody opens it.
 */

import type { SpanBatch } from '../../core/model/batch';
import { STATUS_ERROR } from '../../core/model/batch';
import { isRootSpan, traceIdHex, traceIdWords } from '../../core/model/ids';
import type { TraceOverview } from '../../core/model/table';
import { Arrivals } from './arrivals';
import { bytesOf } from './batchBytes';
import { IdIndex } from './idIndex';
import { type LogPlace, WHOLE_LOG } from './logPlaces';
import { NONE } from './none';
import { sessionOf } from './sessionOf';
import type { RowsOfBatch } from './storedBatch';
import type { TraceStore } from './traceStore';
import { grownFloat64, grownUint32 } from './typed';

const MAX_TRACES = 100_000;
const MAX_BYTES = 64 << 20;
const LEAST_RATIO = 8;
/** Traces that leave in a moment are put together. */
const GATHERED = 256;
/** Of each, beside the batch that it is in. */
const GOING_BYTES = 600;
const MAX_GOING_BYTES = 4 << 20;
/** With more than so many in a second, the next ones would push these out before anybody has looked. */
const MAX_PER_SECOND = 10_000;

/** A span that is kept. */
export interface Kept {
  readonly batch: SpanBatch;
  readonly row: number;
}

/** A trace that leaves, and what is kept of it. */
interface Going {
  readonly words: readonly [number, number, number, number];
  readonly start: readonly [number, number];
  readonly durationNs: number;
  readonly spans: number;
  readonly errors: number;
  readonly capture: number;
  readonly place: LogPlace;
  readonly kept: readonly Kept[];
}

interface Block {
  readonly batch: SpanBatch;
  readonly bytes: number;
  live: number;
}

/** Makes one batch of some spans, in any order; undefined where that cannot be. */
export type Gather = (spans: readonly Kept[]) => SpanBatch | undefined;

export class LeftTraces {
  private readonly ids = new IdIndex();
  private readonly order = new Arrivals();
  /** By slot. */
  start = new Uint32Array(this.ids.capacity * 2);
  private durations = new Float64Array(this.ids.capacity);
  private spans = new Uint32Array(this.ids.capacity);
  private errors = new Uint32Array(this.ids.capacity);
  private captures = new Uint32Array(this.ids.capacity);
  private from = new Float64Array(this.ids.capacity);
  private to = new Float64Array(this.ids.capacity);
  private blockOf = new Uint32Array(this.ids.capacity);
  /** Rows of its block, + 1; 0: none. */
  private root = new Uint32Array(this.ids.capacity);
  private error = new Uint32Array(this.ids.capacity);
  private readonly blocks = new Map<number, Block>();
  private nextBlock = 0;
  private blockBytes = 0;
  private going: Going[] = [];
  /** Bytes of the batches that these are in, about: they stay until then. */
  private goingBytes = 0;
  /** Bytes that what is kept may take: a small part of what is in memory. */
  private room = MAX_BYTES;
  private gather: Gather = () => undefined;
  private second = 0;
  private inSecond = 0;
  /** Counts changes: whoever keeps an order of them knows whether it is still right. */
  revision = 0;

  /** @param nowMs any clock */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  get size(): number {
    this.flush();
    return this.ids.size;
  }

  get bytes(): number {
    const held = this.going.length > 0 ? this.goingBytes + this.going.length * GOING_BYTES : 0;
    return (this.ids.size === 0 ? 0 : this.ids.bytes + this.order.bytes + this.start.length * 28 + this.blockBytes) + held;
  }

  /** A trace is about to leave the store. What is kept of it is put together with that of others (`flush`). */
  leaving(store: TraceStore, slot: number, gather: Gather): void {
    const second = Math.floor(this.nowMs() / 1000);
    if (second !== this.second) this.inSecond = 0;
    this.second = second;
    if (this.inSecond++ >= MAX_PER_SECOND) return;
    const rows = store.rowsOf(slot).filter(({ stored }) => !stored.leaving);
    if (rows.length === 0) return;
    const { words } = store.ids;
    const { capture } = rows[0].stored;
    this.going.push({
      words: [words[slot * 4], words[slot * 4 + 1], words[slot * 4 + 2], words[slot * 4 + 3]],
      start: [store.start[slot * 2], store.start[slot * 2 + 1]],
      durationNs: store.durationNs(slot),
      spans: store.spanCount[slot] + store.missingOf(slot),
      errors: store.errorCount[slot],
      capture,
      place: store.places.of(slot, capture),
      kept: keptOf(rows),
    });
    this.gather = gather;
    this.room = Math.min(MAX_BYTES, store.bytes / LEAST_RATIO);
    for (const { stored } of rows) this.goingBytes += stored.bytes / Math.max(1, stored.live);
    if (this.going.length >= GATHERED || this.goingBytes >= MAX_GOING_BYTES) this.flush();
  }

  /** Puts together what left lately. A batch of few takes more than what it stands for, so this waits until there are many, or somebody looks. */
  private flush(): void {
    const { going, gather } = this;
    if (going.length === 0) return;
    this.going = [];
    this.goingBytes = 0;
    const wanted = going.flatMap(({ kept }) => kept);
    const batch = gather(wanted);
    // Counts must be right whatever an encoder does with odd data.
    if (!batch || batch.count !== wanted.length) return;
    this.revision++;
    const number = this.nextBlock++;
    const bytes = bytesOf(batch) + batch.blob.buffer.byteLength;
    this.blocks.set(number, { batch, bytes, live: going.length });
    this.blockBytes += bytes;
    const rows = rowsBySpan(batch);
    for (const one of going) this.add(one, number, (span) => (span ? (rows.get(keyOf(span.batch, span.row)) ?? -1) + 1 : 0));
    while (this.ids.size > MAX_TRACES || (this.blockBytes > this.room && this.blocks.size > 0)) this.remove(this.order.oldest);
  }

  /** Slot of a trace id of 32 hex digits, or -1. */
  slotOf(traceId: string): number {
    return this.size === 0 ? -1 : this.ids.find(traceIdWords(traceId), 0);
  }

  isLive(slot: number): boolean {
    return this.root[slot] > 0;
  }

  /** All slots, in no order. */
  *slots(): IterableIterator<number> {
    for (let slot = this.order.oldest; slot !== NONE; slot = this.order.after(slot)) yield slot;
  }

  /** Spans that it had, all in all. */
  spansOf(slot: number): number {
    return this.spans[slot];
  }

  captureOf(slot: number): number {
    return this.captures[slot];
  }

  placeOf(slot: number): LogPlace {
    return { from: this.from[slot], to: this.to[slot] };
  }

  startUnixNano(slot: number): bigint {
    return (BigInt(this.start[slot * 2 + 1]) << 32n) | BigInt(this.start[slot * 2]);
  }

  durationNs(slot: number): number {
    return this.durations[slot];
  }

  /** What is kept of its spans: the root, or the first, and the first error. */
  rowsOf(slot: number): { readonly batch: SpanBatch; readonly rows: readonly number[] } {
    const block = this.blocks.get(this.blockOf[slot]);
    if (!block) throw new Error('a trace without a block');
    return { batch: block.batch, rows: [this.root[slot], this.error[slot]].filter((row) => row > 0).map((row) => row - 1) };
  }

  overview(slot: number): TraceOverview {
    const { batch, rows } = this.rowsOf(slot);
    const [row] = rows;
    const isRoot = isRootSpan(batch, row);
    const text = (index: number): string => batch.strings.get(index);
    const services = [...new Set(rows.map((one) => text(batch.resources[batch.resource[one]].service)))].filter(
      (name) => name !== '',
    );
    const session = sessionOf(batch, batch.resource[row]);
    return {
      traceId: traceIdHex(this.ids.words, slot),
      rootName: isRoot ? text(batch.name[row]) : '',
      rootService: isRoot ? text(batch.resources[batch.resource[row]].service) : '',
      startUnixNano: this.startUnixNano(slot),
      durationNs: this.durations[slot],
      spanCount: this.spans[slot],
      errorCount: this.errors[slot],
      services,
      inLog: true,
      ...(session === undefined ? {} : { session }),
    };
  }

  /** The trace is in memory again. */
  forget(traceId: string): void {
    const slot = this.slotOf(traceId);
    if (slot < 0) return;
    this.revision++;
    this.remove(slot);
  }

  /** The log of a capture is gone, or is read back whole. */
  forgetCapture(capture: number): void {
    this.revision++;
    this.going = this.going.filter((one) => one.capture !== capture);
    for (const slot of [...this.slots()]) if (this.captures[slot] === capture) this.remove(slot);
  }

  /** @param rowOf place of a span in its block, + 1; 0 where it is not there */
  private add(going: Going, block: number, rowOf: (span: Kept | undefined) => number): void {
    const words = Uint32Array.from(going.words);
    const known = this.ids.find(words, 0);
    // It left before, and its last spans came since: both parts are in the log.
    const place = known >= 0 ? this.joined(known, going) : going.place;
    if (known >= 0) this.remove(known);
    const slot = this.ids.add(words, 0);
    if (this.ids.capacity > this.spans.length) this.grow(this.ids.capacity);
    this.start[slot * 2] = going.start[0];
    this.start[slot * 2 + 1] = going.start[1];
    this.durations[slot] = going.durationNs;
    this.spans[slot] = going.spans;
    this.errors[slot] = going.errors;
    this.captures[slot] = going.capture;
    this.from[slot] = place.from;
    this.to[slot] = place.to;
    this.blockOf[slot] = block;
    this.root[slot] = rowOf(going.kept[0]);
    this.error[slot] = rowOf(going.kept[1]);
    this.order.append(slot);
  }

  private joined(known: number, { capture, place }: Going): LogPlace {
    if (this.captures[known] !== capture) return WHOLE_LOG;
    return { from: Math.min(this.from[known], place.from), to: Math.max(this.to[known], place.to) };
  }

  private remove(slot: number): void {
    const block = this.blocks.get(this.blockOf[slot]);
    if (block && --block.live === 0) {
      this.blocks.delete(this.blockOf[slot]);
      this.blockBytes -= block.bytes;
    }
    this.root[slot] = 0;
    this.order.remove(slot);
    this.ids.remove(slot);
  }

  private grow(slots: number): void {
    this.start = grownUint32(this.start, slots * 2);
    this.durations = grownFloat64(this.durations, slots);
    this.spans = grownUint32(this.spans, slots);
    this.errors = grownUint32(this.errors, slots);
    this.captures = grownUint32(this.captures, slots);
    this.from = grownFloat64(this.from, slots);
    this.to = grownFloat64(this.to, slots);
    this.blockOf = grownUint32(this.blockOf, slots);
    this.root = grownUint32(this.root, slots);
    this.error = grownUint32(this.error, slots);
  }
}

function rowsBySpan(batch: SpanBatch): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (let row = batch.count - 1; row >= 0; row--) rows.set(keyOf(batch, row), row);
  return rows;
}

function keyOf({ traceId, spanId }: SpanBatch, row: number): string {
  return `${traceId[row * 4 + 2]} ${traceId[row * 4 + 3]} ${spanId[row * 2]} ${spanId[row * 2 + 1]}`;
}

/** The longest span without a parent, else the first; and the first error. */
function keptOf(all: readonly RowsOfBatch[]): Going['kept'] {
  let root: Kept | undefined;
  let error: Kept | undefined;
  let longest = Number.NEGATIVE_INFINITY;
  for (const { stored, rows } of all) {
    const { batch } = stored;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (error === undefined && batch.status[row] === STATUS_ERROR) error = { batch, row };
      if (!isRootSpan(batch, row) || !((batch.durationNs[row] || 0) > longest)) continue;
      longest = batch.durationNs[row] || 0;
      root = { batch, row };
    }
  }
  const first = root ?? { batch: all[0].stored.batch, row: all[0].rows[0] };
  return error && (error.batch !== first.batch || error.row !== first.row) ? [first, error] : [first];
}
