// Pages of a list: shown as they come, each trace once, one more at a time, and stopped.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Settings } from '../../../../src/app/settings/settings';
import { Listing } from '../../../../src/app/traces/listing';
import type { FindPagesRequest, FoundPage } from '../../../../src/app/traces/tracePages';
import { SpanhopError } from '../../../../src/base/errors';
import { type Waiting, waiting } from '../support/fakeEngine';
import { FakeSettings, silentLog } from '../support/fakePorts';

interface Asked {
  readonly cursor: string | undefined;
  readonly pageSize: number;
  readonly page: Waiting<FoundPage>;
}

let asked: Asked[];
/** Searches that were left before their end. */
let left: number;
let listing: Listing;
let changes: string[];
const search = { service: 'web' };

const page = (ids: string, cursor?: string, more: Partial<FoundPage> = {}): FoundPage => ({
  backend: 'Jaeger',
  traces: [...ids].map((traceId) => ({ traceId, rootName: '', rootService: '', startUnixNano: 0n, durationNs: 1 })),
  cursor,
  ...more,
});

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  asked = [];
  left = 0;
  changes = [];
  const traces = {
    async *findPages({ pageSize, cursor: first }: FindPagesRequest) {
      try {
        for (let cursor = first; ; ) {
          const answer = waiting<FoundPage>();
          asked.push({ cursor, pageSize, page: answer });
          const found = await answer.promise;
          yield found;
          if (found.cursor === undefined) return;
          cursor = found.cursor;
        }
      } finally {
        left++;
      }
    },
  };
  const settings = new Settings(new FakeSettings({ 'traces.pageSize': 4 }), silentLog);
  listing = new Listing(
    'Jaeger',
    {},
    { traces, facts: { canArchive: () => false, windowOf: () => undefined }, settings, attention: { here: false } },
    () => changes.push(ids()),
  );
});

afterEach(() => {
  listing.dispose();
  vi.useRealTimers();
});

const ids = (): string => listing.list.map(({ traceId }) => traceId).join('');
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

async function comes(found: FoundPage): Promise<void> {
  await settled();
  asked.at(-1)?.page.resolve(found);
  await settled();
}

it('shows the first traces before the last page has come, and asks for no page too many', async () => {
  void listing.load(search, 'asked');
  await comes(page('ab', '2'));
  expect(ids()).toBe('ab');
  expect(listing.underWay).toBe(true);
  await comes(page('cde', '3'));
  expect([ids(), listing.more, listing.underWay]).toEqual(['abcde', true, false]);
  expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, '2']);
  expect(left).toBe(1);
});

it('asks for one page more, from where it was, and lists each trace once', async () => {
  void listing.load(search, 'asked');
  await comes(page('abcd', '2'));
  void listing.load(search, 'more');
  await comes(page('defg', '3'));
  expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, '2', '3']);
  await comes(page('h'));
  expect([ids(), listing.more]).toEqual(['abcdefgh', false]);
});

it('keeps what it shows until the answer to the same search is there', async () => {
  void listing.load(search, 'asked');
  await comes(page('abcd'));
  void listing.load(search, 'asked');
  await comes(page('x', '2'));
  expect(ids()).toBe('abcd');
  await comes(page('yz'));
  expect(ids()).toBe('xyz');
});

it('stops by itself after many pages in vain, says so, and goes on when asked', async () => {
  void listing.load(search, 'asked');
  await settled();
  while (listing.underWay) await comes(page('', 'on', { examined: 500 }));
  expect(asked).toHaveLength(4);
  expect(listing).toMatchObject({ more: true, examined: 2000 });
  void listing.load(search, 'more');
  await comes(page('a', undefined, { examined: 10 }));
  expect(listing).toMatchObject({ more: false, examined: 2010 });
  expect(ids()).toBe('a');
});

it('keeps the pages that came when it is stopped or one fails, and says why', async () => {
  void listing.load(search, 'asked');
  await comes(page('ab', '2'));
  listing.cancel();
  await settled();
  expect([ids(), listing.error, listing.more]).toEqual(['ab', undefined, true]);
  void listing.load(search, 'more');
  await settled();
  asked.at(-1)?.page.reject(new SpanhopError('Unreachable', 'gone.'));
  await settled();
  expect([ids(), listing.error?.message]).toEqual(['ab', 'gone.']);
});

it('says each reason why an answer is not whole once', async () => {
  void listing.load(search, 'asked');
  await comes(page('a', '2', { partial: 'A shard failed.', leftOut: 1 }));
  await comes(page('b', '3', { partial: 'A shard failed.', leftOut: 1 }));
  await comes(page('c', undefined, { partial: 'It is late.' }));
  expect(listing).toMatchObject({ partial: 'A shard failed. It is late.', leftOut: 2 });
});

it('lets a newer search take over, whose pages alone are shown', async () => {
  void listing.load(search, 'asked');
  await comes(page('ab', '2'));
  void listing.load({ service: 'other' }, 'asked');
  await settled();
  const [, old, fresh] = asked;
  old?.page.resolve(page('c'));
  await settled();
  expect(ids()).toBe('ab');
  fresh?.page.resolve(page('x'));
  await settled();
  expect(ids()).toBe('x');
});
