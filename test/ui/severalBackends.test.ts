// Pages of a list, and several backends in it at once, each under its name.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PagedJaeger, startPagedJaeger } from '../support/pagedJaeger';
import { SideBarView } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
let window: Workbench;
let traces: SideBarView;
let shop: PagedJaeger;
let bank: PagedJaeger;

beforeAll(async () => {
  shop = await startPagedJaeger(45);
  bank = await startPagedJaeger(3, 'bank');
  window = await openWorkbench({
    settings: {
      'spanhop.traces.groupBy': 'none',
      'spanhop.backends': [
        { name: 'Shop', type: 'jaeger', url: shop.url },
        { name: 'Bank', type: 'jaeger', url: bank.url },
        { name: 'Gone', type: 'jaeger', url: 'http://127.0.0.1:9' },
      ],
      'spanhop.activeBackend': 'Shop',
    },
  });
  traces = new SideBarView(window, 'Traces');
  await window.command('spanhop.traces.focus');
});

afterAll(async () => {
  await window?.close();
  await shop?.stop();
  await bank?.stop();
});

const message = () => expect.poll(() => traces.message.innerText(), later);
const command = (id: string, ...given: unknown[]): Promise<unknown> => window.command(id, ...given);

it('lists a page, and one more for one request that asks for little more than a page', async () => {
  await message().toBe('Shop · newest 20 traces');
  const [first] = shop.limits;
  expect([shop.limits.length, first]).toEqual([1, 20]);
  await command('spanhop.loadMore');
  await message().toBe('Shop · newest 40 traces');
  // The first time, it is looked whether the server gives the newest.
  expect(shop.limits).toHaveLength(3);
  expect(shop.limits[2]).toBeLessThanOrEqual(22);
  await command('spanhop.loadMore');
  await message().toBe('Shop · 45 traces');
  expect(shop.limits).toHaveLength(4);
});

it('lists several, each with what it has or what is wrong with it', async () => {
  await command('spanhop.showBackendBeside', 'Bank');
  await command('spanhop.showBackendBeside', 'Gone');
  await expect.poll(() => traces.row('Bank').count(), later).toBe(1);
  await expect.poll(async () => (await traces.texts())[0], later).toBe('Shop | newest 20 traces');
  // The others are further down than the view is high.
  await traces.toggle(traces.row('Shop'));
  await expect
    .poll(() => traces.texts(), later)
    .toEqual([
      'Shop | newest 20 traces',
      'Bank | 3 traces',
      ...[0, 1, 2].map((i) => expect.stringContaining(`GET /bank/${i}`)),
      expect.stringMatching(/^Gone \| .*nothing listens there/),
      'Try again',
      expect.any(String),
      expect.any(String),
    ]);
});

it('lists one no more, and makes another the active one, by their rows', async () => {
  await traces.pressInline(traces.row('Gone'), 'List Backend No More');
  await expect.poll(() => traces.row('Gone').count(), later).toBe(0);
  expect(await traces.menuOf(traces.row('Bank'))).toEqual(
    expect.arrayContaining(['Select Backend…', 'Change Address of Backend…']),
  );
  // Rows have moved up: what is pressed stands still.
  await expect
    .poll(async () => (await traces.texts()).slice(0, 2), later)
    .toEqual(['Shop | newest 20 traces', 'Bank | 3 traces']);
  await window.settled();
  await traces.pressInline(traces.row('Shop'), 'List Backend No More');
  await message().toBe('Bank · 3 traces');
});
