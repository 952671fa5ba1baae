// What ran where: sums and exact percentiles of any group of places as a plain list would give them, while spans come and go.
import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import {
  CodeIndex,
  type CodePlace,
  type CodeSource,
  functionsOf,
  isMangled,
  type LocatedPlace,
  statisticsOf,
} from '../../../src/code';
import type { CodeMeasure } from '../../../src/code/codeIndex';
import { percentiles } from '../../../src/code/percentiles';
import { StringTable } from '../../../src/core/model/strings';

interface Call {
  readonly place: number;
  readonly ns: number;
  readonly error?: boolean;
  /** Its trace and, on top, its span. */
  readonly trace: number;
  /** Microseconds. */
  readonly start: number;
}

function sourceOf(calls: readonly Call[]): CodeSource {
  return {
    traceId: Uint32Array.from(calls.flatMap(({ trace }) => [0, 0, 0, trace])),
    spanId: Uint32Array.from(calls.flatMap(({ trace }) => [1, trace])),
    start: Uint32Array.from(calls.flatMap(({ start }) => [start * 1e3, 0])),
    durationNs: Float64Array.from(calls, ({ ns }) => ns),
    status: Uint8Array.from(calls, ({ error }) => (error ? 2 : 0)),
    kind: new Uint8Array(calls.length),
    name: new Uint32Array(calls.length),
    parentSpanId: new Uint32Array(calls.length * 2),
    flags: new Uint32Array(calls.length),
    resource: new Uint32Array(calls.length),
    resources: [],
    strings: new StringTable(),
  };
}

/** Sources are kept here: the index does not keep them alive. */
const alive: CodeSource[] = [];

function add(index: CodeIndex, calls: readonly Call[]): number {
  const source = sourceOf(calls);
  alive.push(source);
  return index.add(source, {
    row: Uint32Array.from(calls, (_, row) => row),
    place: Uint32Array.from(calls, ({ place }) => place),
  });
}

const hex = (trace: number): string => trace.toString(16).padStart(32, '0');

/** By filtering and sorting a list. */
function plainly(calls: readonly Call[], group: readonly number[]): CodeMeasure {
  const own = calls.filter(({ place }) => group.includes(place));
  const sorted = own.map(({ ns }) => ns).sort((a, b) => a - b);
  const at = (fraction: number): number => sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)] ?? 0;
  const last = own.reduce<Call | undefined>((a, b) => (a && a.start > b.start ? a : b), undefined);
  return {
    calls: own.length,
    failed: own.filter(({ error }) => error).length,
    errors: own.filter(({ error }) => error).length,
    p50Ns: at(0.5),
    p95Ns: at(0.95),
    lastTraceId: last ? hex(last.trace) : '',
  };
}

function randomly(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('the code index', () => {
  it('says what a plain list would, of any group, however spans come and go', () => {
    const random = randomly(11);
    const pick = (below: number): number => Math.floor(random() * below);
    const index = new CodeIndex();
    const here = new Map<number, Call[]>();
    let trace = 0;
    for (let round = 0; round < 60; round++) {
      const calls = Array.from({ length: 1 + pick(400) }, () => ({
        place: pick(12) * pick(2) + pick(3),
        ns: Math.round(Math.exp(random() * 20)),
        error: random() < 0.1,
        trace: ++trace,
        // Not in the order of arrival, and all different.
        start: (trace * 7919) % 100_003,
      }));
      here.set(add(index, calls), calls);
      const gone = new Map<number, ((row: number) => boolean) | undefined>();
      for (const [source, held] of here) {
        const chance = random();
        if (chance < 0.05) {
          gone.set(source, undefined);
          here.delete(source);
        } else if (chance < 0.1) {
          // Rows keep their numbers: what is gone once is gone.
          const left = held.map((call) => (random() < 0.5 ? call : { ...call, place: -1 }));
          gone.set(source, (row) => left[row].place >= 0);
          here.set(source, left);
        }
      }
      finish(index.removing(gone));
      const all = [...here.values()].flat().filter(({ place }) => place >= 0);
      expect(index.count).toBe(all.length);
      for (const group of [[0], [1], [2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], [pick(14)], [99]]) {
        const expected = plainly(all, group);
        expect([round, group, finish(index.measure(group))]).toEqual([round, group, expected]);
        // Asked again it is the same, from memory.
        expect(finish(index.measure(group))).toBe(finish(index.measure(group)));
        const latest = all
          .filter(({ place }) => group.includes(place))
          .sort((a, b) => b.start - a.start)
          .slice(0, 7);
        expect(index.latest(group, 7)).toEqual(
          latest.map((call) => ({
            traceId: hex(call.trace),
            spanId: `00000001${call.trace.toString(16).padStart(8, '0')}`,
            durationNs: call.ns,
            error: call.error,
            startMs: call.start / 1e3,
          })),
        );
      }
    }
  });

  it('counts a span once that came twice, in whatever batches, whichever of them leaves first', () => {
    const random = randomly(23);
    const pick = (below: number): number => Math.floor(random() * below);
    const index = new CodeIndex();
    const here = new Map<number, readonly Call[]>();
    const sent: Call[] = [];
    let trace = 0;
    for (let round = 0; round < 80; round++) {
      const calls = Array.from({ length: 1 + pick(60) }, () => {
        const again = random() < 0.4 ? sent[pick(sent.length)] : undefined;
        return again ?? { place: pick(3), ns: pick(5), error: random() < 0.2, trace: ++trace, start: trace };
      });
      sent.push(...calls);
      here.set(add(index, calls), calls);
      const gone = [...here.keys()].filter(() => random() < 0.1);
      for (const source of gone) here.delete(source);
      finish(index.removing(new Map(gone.map((source) => [source, undefined]))));
      const once = new Map([...here.values()].flat().map((call) => [call.trace, call]));
      expect(index.count).toBe(once.size);
      for (const group of [[0], [0, 1, 2]]) expect(finish(index.measure(group))).toEqual(plainly([...once.values()], group));
      const listed = index.latest([0, 1, 2], 1000).map(({ traceId }) => traceId);
      expect(listed).toHaveLength(new Set(listed).size);
    }
  });

  it('finds both rows of a span that came twice: its trace shows one of them', () => {
    const index = new CodeIndex();
    const call = { place: 0, ns: 5, trace: 7, start: 1 };
    add(index, [call, call]);
    add(index, [call]);
    const rows: number[] = [];
    index.callsIn(Uint32Array.of(0, 0, 0, 7), [0], (_, row) => rows.push(row));
    expect(rows).toEqual([0, 1, 0]);
    expect(index.callsOf(0)).toBe(1);
  });

  it('tells spans apart that share their ids or their times, and is not held by many of them', () => {
    const index = new CodeIndex();
    const same = { place: 0, ns: 5, trace: 0, start: 1 };
    add(index, [same, { ...same, ns: 6 }, { ...same, error: true }, { ...same, start: 2 }, { ...same, trace: 1 }]);
    expect(finish(index.measure([0])).calls).toBe(5);
    const begun = performance.now();
    // All of no id and no duration, as a broken exporter sends them.
    add(
      index,
      Array.from({ length: 60_000 }, (_, i) => ({ place: 1, ns: 0, trace: 0, start: i })),
    );
    expect(finish(index.measure([1])).calls).toBe(60_000);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('takes bad durations for none', () => {
    const index = new CodeIndex();
    const bad = [Number.NaN, -5, Number.POSITIVE_INFINITY].map((ns, i) => ({ place: 0, ns, trace: i, start: i }));
    add(index, [...bad, { place: 0, ns: 6, trace: 9, start: 9 }]);
    expect(finish(index.measure([0]))).toEqual({ calls: 4, failed: 0, errors: 0, p50Ns: 0, p95Ns: 6, lastTraceId: hex(9) });
  });

  it('stays exact for a busy place, together with others and after some of it left', () => {
    const random = randomly(5);
    const index = new CodeIndex();
    const calls = Array.from({ length: 40_000 }, (_, i) => ({
      place: i % 5 === 0 ? 1 : i % 7 === 0 ? 2 : 0,
      ns: Math.round(Math.exp(random() * 20)),
      trace: i + 1,
      start: i,
    }));
    const source = add(index, calls);
    for (const group of [[0], [0, 1], [0, 1, 2]])
      expect(finish(index.measure(group))).toEqual({ ...plainly(calls, group), errors: 0 });
    finish(index.removing(new Map([[source, (row) => row % 3 !== 0]])));
    const left = calls.filter((_, row) => row % 3 !== 0);
    for (const group of [[0], [0, 1], [0, 1, 2]])
      expect(finish(index.measure(group))).toEqual({ ...plainly(left, group), errors: 0 });
  });

  it('asks no place again that did not change', () => {
    const index = new CodeIndex();
    add(index, [{ place: 0, ns: 1, trace: 1, start: 1 }]);
    const [zero, both] = [finish(index.measure([0])), finish(index.measure([0, 1]))];
    add(index, [{ place: 1, ns: 2, trace: 2, start: 2 }]);
    expect(finish(index.measure([0]))).toBe(zero);
    expect(finish(index.measure([0, 1]))).not.toBe(both);
    expect(finish(index.measure([0, 1])).calls).toBe(2);
  });

  it('numbers a place once, and no more of them than it may', () => {
    const index = new CodeIndex(3);
    const place = (more: Partial<CodePlace>): number =>
      index.places.number({ file: '/a.js', functionName: 'f', line: 1, column: 1, ...more });
    expect([place({}), place({ column: 2 }), place({}), place({ line: 5_000_000 }), place({ line: 5_000_000 })]).toEqual([
      0, 1, 0, 2, 2,
    ]);
    expect([place({ line: 7 }), place({ file: '/b.js' }), place({ column: 2 })]).toEqual([-1, -1, 1]);
    expect(index.places.named('A.js', 1)).toEqual([1, 2]);
    expect(index.places.at(2)).toEqual({ file: '/a.js', functionName: 'f', line: 5_000_000, column: 1 });
  });
});

describe('functions of a document', () => {
  const located = (...places: [name: string, line: number][]): LocatedPlace[] =>
    places.map(([name, line], place) => ({ place, name, line }));

  it('are those of one name, at their first line that still has calls; lines without a name stay apart', () => {
    const functions = functionsOf(
      located(['add', 12], ['add', 4], ['add', 9], ['', 9], ['', 10], ['lost', -1], ['gone', 3], ['', 9]),
    );
    expect(functions.map(({ places }) => places.map(({ place }) => place))).toEqual([[0, 1, 2], [3, 7], [4], [5], [6]]);
    const statistics = statisticsOf(functions, {
      calls: Uint32Array.of(5, 3, 1, 8, 0),
      failed: Uint32Array.of(2, 0, 0, 0, 0),
      errors: Uint32Array.of(1, 0, 0, 0, 0),
      p50Ns: Float64Array.of(10, 20, 30, 40, 0),
      p95Ns: Float64Array.of(11, 21, 31, 41, 0),
      lastTraceIds: ['a', 'b', 'c', 'd', ''],
      callsOfPlace: Uint32Array.of(2, 0, 3, 1, 2, 1, 8, 0),
    });
    expect(statistics.map(({ name, line, calls, errors, lastTraceId }) => [name, line, calls, errors, lastTraceId])).toEqual([
      ['', 9, 3, 0, 'b'],
      ['add', 9, 5, 1, 'a'],
      ['', 10, 1, 0, 'c'],
    ]);
  });

  it('are not told by what a minifier calls them', () => {
    expect(['e', 'Zt', 'a.b', 'new t', 'async e', '$', 'Object.a'].map(isMangled)).toEqual(Array(7).fill(true));
    expect(['add', 'Cart.add', 'PaymentService.charge', '', 'e.add'].map(isMangled)).toEqual(Array(5).fill(false));
  });
});

describe('percentiles', () => {
  it('are those of the sorted list, at every size and shape', () => {
    let seed = 3;
    const random = (): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 2 ** 32;
    };
    const shapes: Readonly<Record<string, (i: number, n: number) => number>> = {
      'wide range': () => Math.exp(random() * 40),
      'whole numbers': () => Math.floor(random() * 50),
      'all the same': () => 42,
      rising: (i) => i,
      falling: (i, n) => n - i,
      'zero and large': () => (random() < 0.5 ? 0 : 1e18),
      tiny: () => random() * 1e-300,
    };
    for (const [name, shape] of Object.entries(shapes)) {
      for (const n of [1, 2, 3, 47, 48, 49, 100, 1000, 20_000]) {
        const values = Float64Array.from({ length: n }, (_, i) => shape(i, n));
        const sorted = values.toSorted();
        const before = values.slice();
        const fractions = [0.01, 0.5, 0.95, 1];
        expect([name, n, ...percentiles([{ values }], fractions)]).toEqual([
          name,
          n,
          ...fractions.map((f) => sorted[Math.max(0, Math.ceil(f * n) - 1)]),
        ]);
        expect(values).toEqual(before);
      }
    }
    expect(percentiles([], [0.5])).toEqual([0]);
  });
});
