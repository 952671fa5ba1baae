// A server without order that stops at a limit: the pages have each trace of the range once, newest first, however they are spread over it.

import { describe, expect, it } from 'vitest';
import type { Transport } from '../../../src/backends/common/transport';
import { TempoBackend } from '../../../src/backends/tempo/tempo';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext } from '../../support/backend';

const now = 1_800_000_000;
const nano = 1_000_000_000;

interface Stored {
  readonly id: number;
  /** Seconds. */
  readonly start: number;
  readonly length: number;
}

/** A Tempo: any matches first, the last 15 minutes in the place of a window within the last 30 seconds, windows of at most `longest` seconds. */
function server(
  stored: readonly Stored[],
  { longest = 604_800, most = 262_144 } = {},
): { transport: Transport; asked: URLSearchParams[] } {
  const asked: URLSearchParams[] = [];
  const answer = (body: string, status = 200) => ({ status, headers: {}, body: new TextEncoder().encode(body) });
  // The order in which it comes upon them has nothing to do with their times.
  const shuffled = stored.toSorted((a, b) => ((a.id * 7919) % 10_007) - ((b.id * 7919) % 10_007));
  const transport: Transport = {
    async request({ url }) {
      const { searchParams } = new URL(url);
      asked.push(searchParams);
      let [from, to, limit] = ['start', 'end', 'limit'].map((name) => Number(searchParams.get(name)));
      if (from >= to) return answer(`http parameter start must be before end. received start=${from} end=${to}`, 400);
      if (to - from > longest)
        return answer(`range specified by start and end exceeds ${longest / 3600}h0m0s. received start=${from} end=${to}`, 400);
      if (limit > most) return answer(`limit ${limit} exceeds max limit ${most}`, 400);
      if (from > now - 30) [from, to] = [now - 900, now - 30];
      const found = shuffled.filter(({ start, length }) => start < to && start + length > from).slice(0, limit);
      const traces = found.map(({ id, start, length }) => ({
        traceID: id.toString(16),
        startTimeUnixNano: String(BigInt(Math.round(start * 1000)) * 1_000_000n),
        durationMs: Math.floor(length * 1000),
        rootTraceName: `trace ${id}`,
      }));
      return answer(JSON.stringify({ traces, metrics: {} }));
    },
  };
  return { transport, asked };
}

async function all(
  stored: readonly Stored[],
  {
    from = now - 6 * 3600,
    to = now + 60,
    pageSize = 20,
    longest,
    most,
  }: { from?: number; to?: number; pageSize?: number; longest?: number; most?: number } = {},
) {
  const { transport, asked } = server(stored, { longest, most });
  const tempo = new TempoBackend(backendContext({ type: 'tempo' }, { transport, nowMs: () => now * 1000 }));
  const query = {
    ...parseQuery('{ status = error }'),
    startUnixNano: BigInt(from) * BigInt(nano),
    endUnixNano: BigInt(to) * BigInt(nano),
  };
  const pages: number[][] = [];
  const requests: number[] = [];
  const partial: string[] = [];
  let cursor: string | undefined;
  do {
    const before = asked.length;
    // Each page by a search of its own, as after "load more".
    for await (const page of tempo.find(query, { pageSize, cursor })) {
      pages.push(page.traces.map(({ traceId }) => Number.parseInt(traceId, 16)));
      if (page.partial !== undefined) partial.push(page.partial);
      cursor = page.next?.([page.traces]);
      break;
    }
    requests.push(asked.length - before);
    if (pages.length > 5000) throw new Error('It does not end.');
  } while (cursor !== undefined);
  return { ids: pages.flat(), pages, requests, asked, partial };
}

const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

function many(
  count: number,
  start: (k: number, at: () => number) => number,
  length: (k: number) => number = () => 0.2,
): Stored[] {
  const at = random(count);
  return Array.from({ length: count }, (_, k) => ({
    id: k + 1,
    start: Math.round(start(k, at) * 1000) / 1000,
    length: length(k),
  }));
}

const spread = {
  'evenly over six hours': many(1200, (_, at) => now - at() * 6 * 3600 + 0),
  'all within ten seconds, hours ago': many(700, (_, at) => now - 7200 + at() * 10),
  'all within one second': many(400, (k) => now - 7200 + k / 1000),
  'in the last two minutes': many(600, (_, at) => now - at() * 120),
  'some of them an hour long': many(
    900,
    (_, at) => now - at() * 6 * 3600,
    (k) => (k % 10 === 0 ? 3600 : 0.05),
  ),
  'all begun before the range, and running through it': many(
    150,
    (k) => now - 7 * 3600 - k,
    () => 8 * 3600,
  ),
  'in two bursts with nothing between': many(500, (k, at) => (k % 2 ? now - 5 * 3600 : now - 600) + at() * 30),
  few: many(3, (k) => now - 3600 * (k + 1)),
  none: [],
} satisfies Readonly<Record<string, Stored[]>>;

const inRange = (stored: readonly Stored[], from: number, to: number): number[] =>
  stored.filter(({ start, length }) => start <= to && start + length + 0.001 >= from).map(({ id }) => id);

describe('pages of traces', () => {
  it.each(Object.entries(spread))('%s', async (_, stored) => {
    const { ids, pages, partial } = await all(stored);
    expect(ids.toSorted((a, b) => a - b)).toEqual(inRange(stored, now - 6 * 3600, now + 60).toSorted((a, b) => a - b));
    const starts = ids.map((id) => stored[id - 1].start);
    expect(starts).toEqual(starts.toSorted((a, b) => b - a));
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(20);
    expect(partial.filter((one) => !/by its id/.test(one))).toEqual([]);
  });

  it('cost one request each, once the windows are small enough', async () => {
    const { requests } = await all(spread['evenly over six hours']);
    expect(requests[0]).toBeLessThan(8);
    const later = requests.slice(1);
    expect(later.reduce((sum, one) => sum + one, 0) / later.length).toBeLessThan(1.2);
  });

  it('are of small windows, where the server allows no longer ones', async () => {
    const stored = spread['evenly over six hours'];
    const { ids, asked } = await all(stored, { longest: 3600 });
    expect(ids).toHaveLength(inRange(stored, now - 6 * 3600, now + 60).length);
    // It is told that once.
    expect(asked.filter((one) => Number(one.get('end')) - Number(one.get('start')) > 3600)).toHaveLength(1);
  });

  it('are of small answers, where the server allows no larger ones', async () => {
    const stored = spread['evenly over six hours'];
    const { ids, asked } = await all(stored, { most: 30 });
    expect(ids).toHaveLength(inRange(stored, now - 6 * 3600, now + 60).length);
    expect(asked.filter((one) => Number(one.get('limit')) > 30)).toHaveLength(1);
  });

  it('are of several windows, where the range is longer than any server allows', async () => {
    const stored = many(50, (k) => now - k * 86_400);
    const { ids, pages } = await all(stored, { from: now - 60 * 86_400 });
    expect(ids).toEqual(stored.map(({ id }) => id));
    expect(pages.length).toBeLessThan(16);
  });

  it('hold nothing from outside of a range within the last seconds, which the server takes for the last minutes', async () => {
    const stored = many(100, (k) => now - k * 5);
    const { ids } = await all(stored, { from: now - 20, to: now });
    expect(ids.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });

  it('say so where more happen in a second than any answer holds', async () => {
    const stored = many(400, () => now - 7200);
    const { ids, partial } = await all(stored, { most: 300 });
    expect(ids.length).toBeLessThan(400);
    expect(partial[0]).toMatch(/^More than 300 traces match within a short time, and not all of them are listed\.$/);
  });

  it.each(['', 'x', '1 2 3 whole <b>', '99999999999 1 0 whole', '5 5 0 other', '{"to":1}'])(
    'begin anew from what is no place: %s',
    async (cursor) => {
      const { transport } = server(spread.few);
      const tempo = new TempoBackend(backendContext({ type: 'tempo' }, { transport, nowMs: () => now * 1000 }));
      for await (const page of tempo.find(parseQuery('{}'), { pageSize: 20, cursor })) {
        expect(page.traces).toHaveLength(3);
        break;
      }
    },
  );

  it('tell who searches for what has just happened that it may be between two places', async () => {
    expect((await all([], { from: now - 1800, to: now })).partial).toEqual([
      'Tempo may not list yet what ended 15 to 20 minutes ago. A trace of that time opens by its id.',
    ]);
    expect((await all(spread.few)).partial).toEqual([]);
    expect((await all([])).partial).toHaveLength(1);
    expect((await all([], { from: now - 7200, to: now - 3600 })).partial).toEqual([]);
  });
});

it('a list of names is of what the server allows to search', async () => {
  const windows: number[] = [];
  const transport: Transport = {
    async request({ url }) {
      const { searchParams } = new URL(url);
      const [from, to] = ['start', 'end'].map((name) => Number(searchParams.get(name)));
      windows.push(to - from);
      const isLong = to - from > 3600;
      const body = isLong
        ? `range specified by start and end exceeds 1h0m0s. received start=${from} end=${to}`
        : '{"tagValues":[{"type":"string","value":"cart"}]}';
      return { status: isLong ? 400 : 200, headers: {}, body: new TextEncoder().encode(body) };
    },
  };
  const tempo = new TempoBackend(backendContext({ type: 'tempo' }, { transport, nowMs: () => now * 1000 }));
  expect(await tempo.services()).toEqual(['cart']);
  expect(await tempo.operations('cart')).toEqual(['cart']);
  expect(windows).toEqual([6 * 3600, 3600, 3600]);
});
