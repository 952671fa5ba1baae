/** Waterfall and code, live both ways: the selected span's line beside it, and the spans of the function at the cursor. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildAll } from '../../src/build/build.mjs';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

interface Expected {
  readonly failing: readonly { traceId: string; span: string; file: string; line: number }[];
}

const fixture = (name: string): string => readFileSync(join(projectRoot, 'test', 'fixtures', 'sample', name), 'utf8');
const [{ traceId, file: payments, line: threw }] = (JSON.parse(fixture('expected.json')) as Expected).failing;
const workspace = join(projectRoot, 'test', 'sample');
const cartStore = 'src/cart/cartStore.ts';
const later = { timeout: 30_000 };

let window: Workbench;
let frame: Frame;

/** Editors that can be seen: `column file:line of the cursor | first line in sight - last line in sight`, lines from 1. */
interface Seen {
  readonly file: string;
  readonly column: number | undefined;
  readonly cursor: number;
  readonly first: number;
  readonly last: number;
}
const editors = (): Promise<Seen[]> =>
  window.host(
    ({ vscode }) =>
      vscode.window.visibleTextEditors.map(({ document, viewColumn, selection, visibleRanges }) => ({
        file: vscode.workspace.asRelativePath(document.uri),
        column: viewColumn as number | undefined,
        cursor: selection.active.line + 1,
        first: (visibleRanges[0]?.start.line ?? -1) + 1,
        last: (visibleRanges.at(-1)?.end.line ?? -1) + 1,
      })),
    undefined,
  );
const files = async (): Promise<string[]> => (await editors()).map(({ file }) => file);
const showFile = (path: string, line: number): Promise<boolean> =>
  window.host(
    async ({ vscode }, at: { path: string; line: number }) => {
      const selection = new vscode.Range(at.line - 1, 0, at.line - 1, 0);
      await vscode.window.showTextDocument(vscode.Uri.file(at.path), { viewColumn: 1, preview: false, selection });
      return true;
    },
    { path: join(workspace, path), line },
  );
const selected = async (): Promise<string> => (await frame.locator('.row.selected').getAttribute('aria-label')) ?? '';
const marked = (): Promise<string[]> => frame.locator('.row.at-cursor:not([hidden]) .name').allInnerTexts();
const focusRows = (name: string): Promise<void> =>
  frame.locator('.row:not([hidden])', { hasText: name }).first().locator('.name').click();

beforeAll(async () => {
  await buildAll({ quiet: true });
  window = await openWorkbench({ workspace, width: 1700, height: 1300, settings: { 'spanhop.capture.wellKnownPort': false } });
  const endpoint = await window.host(
    async ({ api }) => `http://127.0.0.1:${(await (await api()).capture.start()).httpPort}/v1/traces`,
    undefined,
  );
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(endpoint, { method: 'POST', headers, body: fixture('shop.otlp.json') })).status).toBe(200);
  await showFile(cartStore, 2);
  await window.command('spanhop.openTraceBeside', traceId);
  frame = await window.webview('[role=treegrid] .row.selected');
});
afterAll(() => window?.close());

it('shows the line of the selected span beside it, and the keyboard stays in the waterfall', async () => {
  const { page } = window;
  await focusRows('PaymentService.charge');
  await expect.poll(files, later).toContain(payments);
  await expect
    .poll(async () => (await editors()).find(({ file }) => file === payments), later)
    .toMatchObject({ column: 1, cursor: threw });
  const shown = (await editors()).find(({ file }) => file === payments);
  expect(shown && shown.first <= threw && threw <= shown.last).toBe(true);
  // The line is marked while its span is selected.
  await page
    .locator('.editor-group-container')
    .first()
    .locator('.cdr.ced-1-TextEditorDecorationType, .view-overlays [class*="TextEditorDecorationType"]')
    .first()
    .waitFor();
  expect(await frame.evaluate(() => document.activeElement?.classList.contains('row'))).toBe(true);
  const before = await selected();
  await page.keyboard.press('ArrowDown');
  await expect.poll(selected).not.toBe(before);
  await page.keyboard.press('ArrowUp');
  await expect.poll(selected).toBe(before);
});

it('does not move the cursor of a file that was open', async () => {
  await focusRows('SELECT cart_item');
  await expect.poll(files, later).toContain(cartStore);
  const shown = await editors();
  expect(shown.find(({ file }) => file === cartStore)).toMatchObject({ column: 1, cursor: 2 });
  expect(shown.filter(({ column }) => column === 1)).toHaveLength(1);
});

it('stops following when it is switched off, and begins again', async () => {
  const { page } = window;
  await window.command('spanhop.toggleFollowSelection');
  await focusRows('validate basket');
  await expect.poll(selected).toMatch(/^validate basket/);
  // What follows a selection that is switched on again shows that the one before was left alone.
  await window.command('spanhop.toggleFollowSelection');
  await focusRows('PaymentService.charge');
  await expect.poll(files, later).toContain(payments);
  const tabs = await page.locator('.tab .label-name').allInnerTexts();
  expect(tabs).not.toContain('basket.ts');
});

it('marks the spans of the function that the cursor is in, and goes through them', async () => {
  const { page } = window;
  await showFile(cartStore, 34);
  await expect.poll(marked, later).toEqual(['SELECT cart_item', 'SELECT product']);
  const bar = frame.locator('.code-marks');
  await expect.poll(() => bar.innerText(), later).toMatch(/^39 spans of CartStore\.lines at the cursor$/);
  expect(await frame.locator('.row.at-cursor').first().getAttribute('aria-label')).toContain('at the cursor');
  await frame.locator('.row.selected .name').click();
  await page.keyboard.press('m');
  await expect.poll(selected).toMatch(/^SELECT/);
  await bar.getByRole('button', { name: 'Next span at the cursor' }).click();
  await expect.poll(() => bar.innerText(), later).toMatch(/\d+ of 39/);
  // With the waterfall in use, the marks stay as long as the editor is to be seen.
  expect((await marked()).length).toBeGreaterThan(0);
});

it('takes the marks away when the cursor leaves, or its editor goes', async () => {
  await showFile(cartStore, 1);
  await expect.poll(marked, later).toEqual([]);
  expect(await frame.locator('.code-marks').isVisible()).toBe(false);
  await showFile('src/payments/paymentService.ts', 24);
  const bar = frame.locator('.code-marks');
  await expect.poll(() => bar.innerText(), later).toMatch(/^1 span of PaymentService\.charge at the cursor$/);
  await window.command('workbench.action.closeEditorsInGroup');
  await expect.poll(() => bar.isVisible(), later).toBe(false);
});
