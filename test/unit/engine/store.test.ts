import { describe, expect, it } from 'vitest';
import { Slices } from '../../../src/base/slices';
import { BATCH_NO_END, type SpanBatch, STATUS_ERROR } from '../../../src/core/model/batch';
import { BatchBuilder } from '../../../src/core/model/batchBuilder';
import { traceIdHex, traceIdWords } from '../../../src/core/model/ids';
import { StringTable } from '../../../src/core/model/strings';
import { IdIndex } from '../../../src/engine/store/idIndex';
import { TraceOrder } from '../../../src/engine/store/order';
import type { StoredBatch } from '../../../src/engine/store/storedBatch';
import { TraceStore } from '../../../src/engine/store/traceStore';

/** A small generator, so that a failure can be repeated. */
function randomly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const strings = new StringTable();

interface Row {
  readonly trace: number;
  readonly start: bigint;
  readonly durationNs?: number;
  readonly error?: boolean;
  readonly noEnd?: boolean;
}

const hex = (trace: number): string => trace.toString(16).padStart(32, '0');

function batchOf(rows: readonly Row[], blob = new Uint8Array(100)): SpanBatch {
  const builder = new BatchBuilder(strings, blob, rows.length);
  for (const { trace, start, durationNs = 0, error = false, noEnd = false } of rows) {
    const row = builder.span();
    builder.traceId.set(traceIdWords(hex(trace)), row * 4);
    builder.start[row * 2] = Number(start & 0xffffffffn);
    builder.start[row * 2 + 1] = Number(start >> 32n);
    builder.durationNs[row] = durationNs;
    builder.status[row] = error ? STATUS_ERROR : 0;
    builder.flags[row] = noEnd ? BATCH_NO_END : 0;
  }
  return builder.finish();
}

/** Whole traces, the oldest first, but not the last one. */
function evictTo(store: TraceStore, limit: number): void {
  for (const slot of store.oldestFirst()) if (store.bytes > limit && slot !== store.newest) store.evict(slot);
}

function newStore(): TraceStore {
  let revision = 0;
  return new TraceStore(() => ++revision);
}

const rowsOf = (store: TraceStore, trace: number): number[][] =>
  store.rowsOf(store.slotOf(hex(trace))).map(({ rows }) => [...rows]);

/** Low words of the starts of a trace's spans, which tell them apart. */
function starts(store: TraceStore, trace: number): number[] {
  const slot = store.slotOf(hex(trace));
  return slot < 0 ? [] : store.rowsOf(slot).flatMap(({ stored, rows }) => [...rows].map((row) => stored.batch.start[row * 2]));
}

describe('IdIndex', () => {
  it('agrees with a map through additions and removals of ids of every kind', () => {
    const random = randomly(1);
    const index = new IdIndex();
    const known = new Map<string, number>();
    // Counters, 64-bit ids padded with zeros, and ids that differ in one word only collide most easily.
    const make = (): Uint32Array => {
      const n = random(3000);
      const kinds = [
        Uint32Array.of(0, 0, 0, n),
        Uint32Array.of(0, 0, n, 0),
        Uint32Array.of(n, n, n, n),
        Uint32Array.of(n, 7, 7, 7),
      ];
      return kinds[random(kinds.length)];
    };
    for (let step = 0; step < 60_000; step++) {
      const id = make();
      const key = id.join();
      const slot = index.find(id, 0);
      expect(slot).toBe(known.get(key) ?? -1);
      if (slot < 0) known.set(key, index.add(id, 0));
      else if (random(3) > 0) {
        index.remove(slot);
        known.delete(key);
      }
    }
    expect(index.size).toBe(known.size);
    for (const [key, slot] of known) expect(index.find(Uint32Array.from(key.split(',').map(Number)), 0)).toBe(slot);
  });
});

describe('TraceStore', () => {
  it('finds the rows of each trace, batch by batch', () => {
    const store = newStore();
    store.add(batchOf([1, 2, 1, 1, 3].map((trace) => ({ trace, start: 5n }))));
    store.add(batchOf([3, 3, 1].map((trace) => ({ trace, start: 5n }))));
    expect(rowsOf(store, 1)).toEqual([[0, 2, 3], [2]]);
    expect(rowsOf(store, 2)).toEqual([[1]]);
    expect(rowsOf(store, 3)).toEqual([[4], [0, 1]]);
    expect(store.slotOf(hex(4))).toBe(-1);
    expect([store.traceCount, store.spans]).toEqual([3, 8]);
  });

  it('knows start, duration and errors exactly, to the nanosecond and over the borders of words', () => {
    const store = newStore();
    const base = 1_763_725_000_123_456_789n;
    store.add(
      batchOf([
        { trace: 1, start: base + 10n, durationNs: 2 ** 33 + 3, error: true },
        { trace: 1, start: base, durationNs: 1 },
        { trace: 1, start: base + 4_294_967_296n, durationNs: 4_294_967_295 },
        { trace: 1, start: 0n },
        { trace: 1, start: base + 20n, durationNs: 5e15, noEnd: true },
        { trace: 1, start: base + 30n, durationNs: -7 },
        { trace: 2, start: 0n },
      ]),
    );
    const slot = store.slotOf(hex(1));
    expect(store.startUnixNano(slot)).toBe(base);
    expect(store.durationNs(slot)).toBe(10 + 2 ** 33 + 3);
    expect([store.spanCount[slot], store.errorCount[slot]]).toEqual([6, 1]);
    const unknown = store.slotOf(hex(2));
    expect([store.startUnixNano(unknown), store.durationNs(unknown)]).toEqual([0n, 0]);
  });

  it('evicts the oldest whole traces, lets go of batches that nobody needs, and keeps its counts', () => {
    const random = randomly(2);
    const store = newStore();
    const alive = new Map<number, number>();
    const limit = 400_000;
    for (let step = 0; step < 300; step++) {
      const rows = Array.from({ length: 20 }, () => ({ trace: step * 4 + random(8), start: 1n + BigInt(step) }));
      store.add(batchOf(rows, new Uint8Array(1000)));
      for (const { trace } of rows) alive.set(trace, (alive.get(trace) ?? 0) + 1);
      evictTo(store, limit);
      for (const trace of alive.keys()) if (store.slotOf(hex(trace)) < 0) alive.delete(trace);
      expect(store.bytes).toBeLessThanOrEqual(limit);
    }
    expect(store.traceCount).toBe(alive.size);
    for (const [trace, spans] of alive) expect([trace, rowsOf(store, trace).flat().length]).toEqual([trace, spans]);
    expect(store.spans).toBe([...alive.values()].reduce((a, b) => a + b, 0));
    expect(store.spans + store.left.spans).toBe(300 * 20);
    // The oldest are gone, the latest are here.
    expect(Math.min(...alive.keys())).toBeGreaterThan(900);
    for (const slot of [...alive.keys()].map((trace) => store.slotOf(hex(trace)))) store.remove(slot);
    expect([store.bytes, store.spans, [...store.batches()].length]).toEqual([0, 0, 0]);
  });

  it('says how many spans of a trace that goes on left before', () => {
    const store = newStore();
    store.add(
      batchOf([
        { trace: 1, start: 1n },
        { trace: 1, start: 2n },
      ]),
    );
    store.add(batchOf([{ trace: 2, start: 3n }]));
    evictTo(store, 0);
    expect(store.left).toEqual({ traces: 1, spans: 2 });
    store.add(batchOf([{ trace: 1, start: 4n }]));
    expect([store.evictedSpansOf(hex(1)), store.evictedSpansOf(hex(2))]).toEqual([2, 0]);
  });

  it('counts the bytes of an input once, however many batches look into it', () => {
    const store = newStore();
    const blob = new Uint8Array(1_000_000);
    store.add(batchOf([{ trace: 1, start: 1n }], blob));
    const one = store.bytes;
    store.add(batchOf([{ trace: 2, start: 1n }], blob));
    expect(store.bytes - one).toBeLessThan(50_000);
    store.remove(store.slotOf(hex(1)));
    expect(store.bytes).toBeGreaterThan(1_000_000);
    store.remove(store.slotOf(hex(2)));
    expect(store.bytes).toBe(0);
  });

  it('puts one batch in the place of several without losing a row, and evicts as before', () => {
    const random = randomly(5);
    const store = newStore();
    const rows = Array.from({ length: 400 }, (_, i) => ({ trace: 1 + random(40), start: 1n + BigInt(i) }));
    const parts = Array.from({ length: 100 }, (_, i) => store.add(batchOf(rows.slice(i * 4, i * 4 + 4)))).filter(
      (part) => part !== undefined,
    );
    store.remove(store.slotOf(hex(7)));
    const before = new Map(Array.from({ length: 40 }, (_, i) => [i + 1, starts(store, i + 1)]));
    const bytes = store.bytes;
    store.merge(parts.slice(10, 60), batchOf(rows.slice(40, 240)));
    store.merge(parts.slice(60), batchOf(rows.slice(240)));
    expect(store.bytes).toBeLessThan(bytes / 3);
    expect([...store.batches()]).toHaveLength(12);
    for (const [trace, known] of before) expect([trace, starts(store, trace)]).toEqual([trace, known]);
    store.add(batchOf([{ trace: 3, start: 9_999n }]));
    expect(starts(store, 3)).toEqual([...(before.get(3) ?? []), 9_999]);
    for (const slot of [...before.keys()].map((trace) => store.slotOf(hex(trace)))) if (slot >= 0) store.remove(slot);
    expect([store.bytes, store.spans, [...store.batches()].length]).toEqual([0, 0, 0]);
  });

  describe('of captures that share traces', () => {
    const row = (trace: number, start: number, error = false): Row => ({ trace, start: BigInt(start), durationNs: 1, error });
    const remove = (store: TraceStore, capture: number): Promise<void> => store.removeCapture(capture, new Slices());

    it('takes one out, and leaves the spans of the others as they are', async () => {
      const store = newStore();
      store.add(batchOf([row(1, 10), row(2, 20, true)]), 1);
      store.add(batchOf([row(2, 5, true), row(3, 30), row(2, 40)]), 2);
      store.add(batchOf([row(2, 50)]), 1);
      expect([store.spansOf(1), store.spansOf(2)]).toEqual([3, 3]);
      await remove(store, 1);
      expect([starts(store, 1), starts(store, 2), starts(store, 3)]).toEqual([[], [5, 40], [30]]);
      const slot = store.slotOf(hex(2));
      expect([store.spanCount[slot], store.errorCount[slot], store.startUnixNano(slot), store.durationNs(slot)]).toEqual([
        2,
        1,
        5n,
        36,
      ]);
      expect([store.spans, store.traceCount, store.hasCapture(1), store.isOf(slot, 1), store.isOf(slot, 2)]).toEqual([
        3,
        2,
        false,
        false,
        true,
      ]);
      await remove(store, 2);
      expect([store.bytes, store.spans, store.traceCount]).toEqual([0, 0, 0]);
    });

    it('takes out what was there when it began, and nothing that comes meanwhile', async () => {
      const store = newStore();
      for (let i = 0; i < 50; i++) store.add(batchOf([row(i + 1, i + 1)]), 1);
      const slices = { due: true, pause: async () => void store.add(batchOf([row(3, 1_000), row(60, 1_000)]), 1) };
      let pauses = 0;
      await store.removeCapture(1, {
        get due() {
          return pauses === 0;
        },
        pause: () => {
          pauses++;
          return slices.pause();
        },
      });
      expect([starts(store, 3), starts(store, 60), store.spans]).toEqual([[1_000], [1_000], 2]);
    });

    it('reads one back before what came since, whole traces and parts of them', () => {
      const store = newStore();
      store.add(batchOf([row(1, 10), row(2, 11)]), 2);
      store.add(batchOf([row(1, 12)]), 2);
      const restoring = { isLater: ({ capture }: StoredBatch) => capture === 2, leavesFirst: true };
      store.add(batchOf([row(1, 1), row(3, 2), row(1, 3)]), 1, undefined, restoring);
      store.add(batchOf([row(4, 4), row(1, 5), row(3, 6)]), 1, undefined, restoring);
      expect([1, 2, 3, 4].map((trace) => starts(store, trace))).toEqual([[1, 3, 5, 10, 12], [11], [2, 6], [4]]);
      const order = [...store.oldestFirst()].map((slot) => Number.parseInt(traceIdHex(store.ids.words, slot), 16));
      expect(order).toEqual([3, 4, 1, 2]);
    });

    it('reads the one that runs back before what comes of it', () => {
      const store = newStore();
      const read = new Set<StoredBatch>();
      const restoring = { isLater: (stored: StoredBatch) => !read.has(stored), leavesFirst: false };
      const restore = (...rows: Row[]): void => {
        const stored = store.add(batchOf(rows), 1, undefined, restoring);
        if (stored) read.add(stored);
      };
      store.add(batchOf([row(1, 50)]), 1);
      restore(row(1, 1), row(1, 2), row(2, 3), row(1, 4));
      store.add(batchOf([row(2, 60), row(1, 61)]), 1);
      restore(row(2, 5), row(1, 6), row(2, 7), row(3, 8), row(3, 9));
      expect([1, 2, 3].map((trace) => starts(store, trace))).toEqual([
        [1, 2, 4, 6, 50, 61],
        [3, 5, 7, 60],
        [8, 9],
      ]);
      expect(rowsOf(store, 1)).toHaveLength(4);
    });

    it('agrees with lists, whatever comes, leaves and is read back', async () => {
      const random = randomly(11);
      const store = newStore();
      let known: { trace: number; start: number; capture: number }[] = [];
      const check = (): void => {
        expect(store.spans).toBe(known.length);
        for (const trace of [1, 5, 9, 14, 20]) {
          const expected = known.filter((one) => one.trace === trace).map(({ start }) => start);
          expect([...starts(store, trace)].sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
        }
        for (const capture of [1, 2, 3])
          expect(store.spansOf(capture)).toBe(known.filter((one) => one.capture === capture).length);
      };
      for (let step = 1; step <= 200; step++) {
        const capture = 1 + random(3);
        const rows = Array.from({ length: 1 + random(6) }, (_, i) => ({ trace: 1 + random(20), start: step * 10 + i }));
        const restoring =
          random(2) === 0 ? undefined : { isLater: (one: StoredBatch) => one.capture > capture, leavesFirst: true };
        store.add(batchOf(rows.map(({ trace, start }) => row(trace, start))), capture, undefined, restoring);
        known.push(...rows.map((one) => ({ ...one, capture })));
        if (step % 25 === 0) {
          const gone = 1 + random(3);
          await remove(store, gone);
          known = known.filter((one) => one.capture !== gone);
        }
        if (step % 10 === 0) check();
      }
    });

    it('keeps what is said of missing spans apart', async () => {
      const store = newStore();
      store.add(batchOf([row(1, 1), row(1, 2)]), 1);
      store.add(batchOf([row(1, 3)]), 2);
      store.add(batchOf([row(2, 4), row(2, 5)]), 2);
      store.evict(store.slotOf(hex(1)));
      store.cut(store.slotOf(hex(2)), 1, () => undefined);
      store.add(batchOf([row(1, 6)]), 3);
      expect([store.evictedSpansOf(hex(1)), store.left]).toEqual([3, { traces: 2, spans: 3 }]);
      store.forgetEvicted(1);
      expect([store.evictedSpansOf(hex(1)), store.left]).toEqual([1, { traces: 1, spans: 1 }]);
      // All that is here of the trace goes; what is missing of another capture does not.
      await remove(store, 3);
      expect(store.evictedSpansOf(hex(1))).toBe(1);
      store.forgetEvicted(2);
      expect([store.evictedSpansOf(hex(1)), store.left]).toEqual([0, { traces: 0, spans: 0 }]);
    });
  });
});

describe('TraceOrder', () => {
  it('agrees with sorting anew, whatever comes, moves and leaves', async () => {
    const random = randomly(3);
    const store = newStore();
    const order = new TraceOrder(store);
    const starts = new Map<number, bigint>();
    for (let step = 0; step < 200; step++) {
      const rows = Array.from({ length: 5 }, () => ({
        trace: 1 + random(150),
        start: 1n + BigInt(random(1e9)) * 5_000_000_000n,
      }));
      store.add(batchOf(rows));
      for (const { trace, start } of rows) {
        const known = starts.get(trace);
        starts.set(trace, known === undefined || start < known ? start : known);
      }
      if (random(3) === 0) {
        const [gone] = [...starts.keys()];
        store.remove(store.slotOf(hex(gone)));
        starts.delete(gone);
      }
      if (random(2) === 0) continue;
      const listed = [...(await order.newestFirst(new Slices()))].map((slot) =>
        Number.parseInt(traceIdHex(store.ids.words, slot), 16),
      );
      expect(listed.map((trace) => starts.get(trace))).toEqual([...starts.values()].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
      expect(new Set(listed).size).toBe(starts.size);
    }
  });

  it('sorts many as it sorts few, those without a start last', async () => {
    const random = randomly(4);
    const store = newStore();
    const base = 1_763_725_000_000_000_000n;
    const starts = Array.from({ length: 10_000 }, (_, i) =>
      i === 0 ? 0n : base + BigInt(random(1e9)) * BigInt(1 + random(9_000)),
    );
    store.add(batchOf(starts.map((start, i) => ({ trace: i + 1, start }))));
    const listed = [...(await new TraceOrder(store).newestFirst(new Slices()))].map((slot) => store.startUnixNano(slot));
    expect(listed).toEqual([...starts].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
    expect(listed.at(-1)).toBe(0n);
  });

  it('loses none when a caller gives up in the middle, or when more come meanwhile', async () => {
    const store = newStore();
    const order = new TraceOrder(store);
    const count = 50_000;
    store.add(batchOf(Array.from({ length: count }, (_, i) => ({ trace: i + 1, start: BigInt(i + 1) }))));
    const impatient = new AbortController();
    // Slices of no length: it pauses after each step.
    const given = order.newestFirst(new Slices(impatient.signal, -1)).catch(String);
    const next = order.newestFirst(new Slices(undefined, -1));
    setImmediate(() => {
      impatient.abort();
      store.add(batchOf([{ trace: count + 1, start: BigInt(count + 1) }]));
    });
    expect(await given).toContain('Cancelled');
    await next;
    const slots = [...(await order.newestFirst(new Slices()))];
    expect(slots).toHaveLength(count + 1);
    expect(store.startUnixNano(slots[0])).toBe(BigInt(count + 1));
    expect(new Set(slots).size).toBe(count + 1);
  });
});
