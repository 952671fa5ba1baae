// The search form: it writes its fields as a query, saves searches under names, and keeps the last ones.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { QuickInput, SideBarView } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
const form = 'Search traces of local';
let window: Workbench;
let traces: SideBarView;
let input: QuickInput;

beforeAll(async () => {
  window = await openWorkbench({ settings: { 'spanhop.capture.wellKnownPort': false, 'spanhop.traces.groupBy': 'none' } });
  traces = new SideBarView(window, 'Traces');
  input = new QuickInput(window.page);
  await window.command('spanhop.traces.focus');
});

afterAll(() => window?.close());

const message = () => expect.poll(() => traces.message.innerText(), later);
const savedIn = (place: 'globalValue' | 'workspaceValue'): Promise<unknown> =>
  window.host(
    async ({ vscode }, at: 'globalValue' | 'workspaceValue') =>
      vscode.workspace.getConfiguration('spanhop').inspect('savedSearches')?.[at],
    place,
  );
const open = async (): Promise<void> => {
  await traces.press('Search Traces…');
  await input.title.filter({ hasText: form }).waitFor();
};

it('writes its fields as a query, to go on with it', async () => {
  await open();
  await input.choose(form, /^Service/);
  await input.type('Service', 'payments');
  await input.choose(form, /^Errors only/);
  await input.title.filter({ hasText: form }).waitFor();
  const written = '{ resource.service.name = "payments" && status = error }';
  await input
    .entry(/^Go on as a query/)
    .filter({ hasText: written })
    .click();
  await input.title.filter({ hasText: 'Text or query' }).waitFor();
  await expect.poll(() => input.input.inputValue(), later).toBe(written);
  await input.input.fill('{ resource.service.name = "payments" && status = error } >> { .retry }');
  await input.entry(/^Look for it/).click();
  await input.title.filter({ hasText: form }).waitFor();
  // The fields are in the query now, and not beside it.
  await input
    .entry(/^Service/)
    .filter({ hasText: 'any' })
    .waitFor();
});

it('saves a search under a name, for oneself or in the workspace', async () => {
  for (const [place, key] of [
    [/^For me/, 'globalValue'],
    [/^For all/, 'workspaceValue'],
  ] as const) {
    await input.choose(form, /^Save this search/);
    await input.type('Save search', 'payments that fail');
    await input.choose('Save search', place);
    const query = '{ resource.service.name = "payments" && status = error } >> { .retry }';
    await expect.poll(() => savedIn(key), later).toEqual([{ name: 'payments that fail', query }]);
  }
  await input.title.filter({ hasText: form }).waitFor();
  await expect.poll(() => input.entry(/^payments that fail/).count(), later).toBe(2);
  await input
    .entry(/^payments that fail/)
    .filter({ hasText: 'of the workspace' })
    .click();
  await message().toBe('Local · { resource.service.name = "payments" && status = error } >> { .retry } · nothing found');
});

it('has the last searches at hand', async () => {
  await window.command('spanhop.search', { text: '{ .cart.id = 7 }' });
  await message().toBe('Local · { .cart.id = 7 } · nothing found');
  await open();
  await input.entry('payments that fail').first().waitFor();
  await input.input.press('Escape');
  await window.command('spanhop.search', { text: 'some words' });
  await message().toBe('Local · "some words" · nothing found');
  await open();
  await input.entry(/^\{ \.cart\.id = 7 \}/).click();
  await message().toBe('Local · { .cart.id = 7 } · nothing found');
});

it('tells of each place that is wrong', async () => {
  await open();
  await input.input.fill('{ foo = 1 && status = "error" && kind = server }');
  await input
    .entry(/^\{ foo/)
    .filter({ hasText: 'foo is no field' })
    .waitFor();
  await input
    .entry(/^"error"/)
    .filter({ hasText: 'without quotes' })
    .waitFor();
  await input.input.press('Escape');
});

it('removes one that was saved', async () => {
  await open();
  const row = input.entry(/^payments that fail/).filter({ hasText: 'of the workspace' });
  await row.hover();
  await row.getByRole('button', { name: 'Remove from the settings' }).click();
  await expect.poll(() => input.entry(/^payments that fail/).count(), later).toBe(1);
  expect(await savedIn('workspaceValue')).toBeUndefined();
  await input.input.press('Escape');
});
