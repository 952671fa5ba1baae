// Pages of servers that have none: whatever order a server answers in, no trace is missed, and it comes to an end.
import { expect, it } from 'vitest';
import { cursorAfter, stepOf } from '../../../src/backends/jaeger/jaegerPaging';
import type { TraceOverview } from '../../../src/core/model/table';

interface Trace {
  readonly id: number;
  readonly start: number;
  /** Of the span that matches. */
  readonly matches: number;
}

const second = 1_000_000_000n;
const window = { startUnixNano: 0n, endUnixNano: 100_000n * second };

const overview = ({ id, start, matches }: Trace): TraceOverview => ({
  traceId: String(id),
  rootName: '',
  rootService: '',
  startUnixNano: BigInt(start) * second,
  durationNs: (matches - start + 1) * 1e9,
});

/** What a walk through all pages finds, and how many requests it takes. */
function walk(traces: readonly Trace[], order: (a: Trace, b: Trace) => number, pageSize = 20) {
  const found = new Set<string>();
  const requests: number[] = [];
  let givesNewest: boolean | undefined;
  let cursor: string | undefined;
  do {
    const step = stepOf(cursor, window);
    const limit = pageSize + step.again;
    const inWindow = traces.filter(({ matches }) => {
      const at = BigInt(matches) * second;
      return at >= step.startUnixNano && at <= step.endUnixNano;
    });
    const answer = inWindow.toSorted(order).slice(0, limit).map(overview);
    for (const { traceId } of answer) found.add(traceId);
    requests.push(limit);
    cursor = cursorAfter([answer], limit, step, window.startUnixNano, givesNewest, (isSo) => {
      givesNewest = isSo && givesNewest !== false;
    });
  } while (cursor !== undefined && requests.length < 1_000);
  return { found: found.size, requests };
}

let state = 1;
const random = (below: number): number => {
  state = (state * 48_271) % 2_147_483_647;
  return state % below;
};

const spread = Array.from({ length: 1_000 }, (_, id): Trace => ({ id, start: 1_000 + id * 3, matches: 1_000 + id * 3 }));

it('asks a server that gives the newest for one page after the other, once it has seen that it does', () => {
  const { found, requests } = walk(spread, (a, b) => b.start - a.start);
  expect(found).toBe(1_000);
  // The 50 pages that there are, and the check.
  expect(requests.length).toBeLessThanOrEqual(55);
  expect(Math.max(...requests)).toBeLessThanOrEqual(40);
});

it.each([
  ['the oldest first', (a: Trace, b: Trace) => a.start - b.start],
  [
    'in the order of ids that have nothing to do with time',
    (a: Trace, b: Trace) => ((a.id * 7919) % 1009) - ((b.id * 7919) % 1009),
  ],
  ['what came last, some of it late', (a: Trace, b: Trace) => b.start + (b.id % 17) * 40 - (a.start + (a.id % 17) * 40)],
])('misses no trace of one that gives %s', (_, order) => {
  expect(walk(spread, order).found).toBe(1_000);
});

it('misses none that begins before a window and matches within it', () => {
  const long = spread.map((trace): Trace => ({ ...trace, matches: trace.start + random(50) }));
  expect(walk(long, (a, b) => b.start - a.start).found).toBe(1_000);
  expect(walk(long, (a, b) => b.matches - a.matches).found).toBe(1_000);
});

it('comes to an end where more traces begin in one moment than a page has', () => {
  const crowd = Array.from(
    { length: 300 },
    (_, id): Trace => ({ id, start: 5_000 + Math.floor(id / 150), matches: 5_000 + Math.floor(id / 150) }),
  );
  const { found, requests } = walk(crowd, (a, b) => b.start - a.start || a.id - b.id);
  expect(found).toBe(300);
  expect(requests.length).toBeLessThan(40);
});

it('takes what is no cursor for the beginning', () => {
  for (const text of ['', 'next', 'next,-1,2,3', `next,${'9'.repeat(30)},2,3`, '{}'])
    expect(stepOf(text, window)).toMatchObject({ kind: 'next', ...window, again: 0 });
  expect(stepOf('next,1,2,999999', window).again).toBe(2_000);
});
