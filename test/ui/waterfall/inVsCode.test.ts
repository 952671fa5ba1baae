/** The waterfall in the real workbench: what only VS Code can show. The rest is tested beside it (waterfall.test.ts), which is quicker. */

import { join } from 'node:path';
import AxeSource from 'axe-core';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildAll } from '../../../src/build/build.mjs';
import { openWorkbench, type Workbench } from '../../vscode/workbench.mjs';

const root = process.cwd();
const shop = join(root, 'test', 'fixtures', 'sample', 'shop.otlp.json');

let workbench: Workbench;
let frame: Frame;

const selected = (): Promise<string | null> => frame.locator('.row.selected').getAttribute('aria-label');

/** From error to error, around to the span that threw. */
async function goToThrower(): Promise<void> {
  const isThere = async (): Promise<boolean> => (await selected())?.startsWith('PaymentService.charge') === true;
  for (let i = 0; i < 6 && !(await isThere()); i++) {
    const before = await selected();
    await workbench.page.keyboard.press('e');
    await expect.poll(selected).not.toBe(before);
  }
  expect(await isThere()).toBe(true);
}

beforeAll(async () => {
  await buildAll({ quiet: true });
  workbench = await openWorkbench({ workspace: join(root, 'test', 'sample'), width: 1400, height: 800 });
  await workbench.host(
    ({ vscode }, path) => vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path)).then(() => true),
    shop,
  );
  frame = await workbench.webview('.list-body .row');
});
afterAll(async () => {
  await workbench?.close();
});

it('goes from the list of a file to a trace, its error, and the line that threw', async () => {
  const { page } = workbench;
  await frame.locator('.list-body .row.error', { hasText: 'POST /checkout' }).first().click();
  frame = await workbench.webview('[role=treegrid] .row.selected');
  await goToThrower();
  await frame.getByText('Open paymentService.ts:').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: 'paymentService.ts' }).waitFor();
  // The waterfall stays visible beside the source.
  await expect.poll(() => frame.locator('.row.selected').isVisible()).toBe(true);
});

it('has in the menu of a row what keys do with it, and names the keys', async () => {
  const { page } = workbench;
  await frame.locator('.row .name', { hasText: 'POST /payments' }).first().click({ button: 'right' });
  const menu = page.locator('.monaco-menu');
  await menu.waitFor();
  const items = await menu.locator('.action-item').evaluateAll((found) =>
    found.map((item) => ({
      label: item.querySelector('.action-label')?.textContent ?? '',
      key: item.querySelector('.keybinding')?.textContent ?? '',
    })),
  );
  const keys = Object.fromEntries(items.map(({ label, key }) => [label, key]));
  expect(keys).toMatchObject({ 'Zoom to Span': 'Z', 'Make Root': 'R', 'Copy Span ID': 'I', 'Go to Source of Span': 'Enter' });
  expect(keys['Expand All Below']).toMatch(/^Shift\+(RightArrow|→)$/);
  await menu.locator('.action-item', { hasText: 'Make Root' }).click();
  await frame.locator('.rooted', { hasText: 'below POST /payments' }).click();
  await expect.poll(() => frame.locator('.rooted').count()).toBe(0);
  await goToThrower();
});

it('keeps its state while it is hidden', async () => {
  const { page } = workbench;
  // On the name: the middle of a narrow row is the link to its source.
  await frame.locator('.row.selected .name').click();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('w');
  await expect.poll(selected).toMatch(/^POST \/payments, payments/);
  const zoomStart = () => frame.locator('.handle.start').getAttribute('aria-valuenow');
  await expect.poll(zoomStart).not.toBe('0');
  const start = await zoomStart();
  const expanded = await frame.locator('.row.selected').getAttribute('aria-expanded');
  expect(expanded).toBe('false');
  // Both in the group of the waterfall: the other one has the focus until VS Code hears of the click into the page.
  const active = page.locator('.editor-group-container.active .tab.active');
  await active.filter({ hasText: 'shop.otlp.json' }).waitFor();
  await workbench.command('workbench.action.files.newUntitledFile');
  await active.filter({ hasText: 'Untitled' }).waitFor();
  await workbench.command('workbench.action.closeActiveEditor');
  await workbench.host(
    ({ vscode }, path) => vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path)).then(() => true),
    shop,
  );
  frame = await workbench.webview('[role=treegrid] .row.selected');
  await expect.poll(selected).toMatch(/^POST \/payments, payments/);
  expect(await frame.locator('.row.selected').getAttribute('aria-expanded')).toBe('false');
  expect(await zoomStart()).toBe(start);
});

it('has no accessibility violations in the three kinds of theme', async () => {
  for (const theme of ['dark', 'light', 'contrast']) {
    await workbench.setTheme(theme);
    const expected = { dark: 'vscode-dark', light: 'vscode-light', contrast: 'vscode-high-contrast' }[theme];
    await frame.waitForFunction((name) => document.body.classList.contains(name ?? ''), expected);
    // VS Code's policy for webviews holds for scripts of the page; the test's own goes around it.
    await frame.evaluate(AxeSource.source);
    const found = await frame.evaluate(async () => {
      type Found = { id: string; impact: string | null; nodes: { target: string[] }[] };
      const { axe } = window as unknown as { axe: { run: (context: Document) => Promise<{ violations: Found[] }> } };
      const { violations } = await axe.run(document);
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    });
    expect(found, theme).toEqual([]);
  }
});

it('takes no focus from the editor that it is opened beside, and has the keyboard when it gets it', async () => {
  const { page } = workbench;
  const single = join(root, 'test', 'fixtures', 'formats', 'example.otlp.json');
  await workbench.command('workbench.action.closeAllEditors');
  for (const [path, selector] of [
    [shop, '.list-body .row'],
    [single, '[role=treegrid] .row.selected'],
  ]) {
    await workbench.host(
      async ({ vscode }, files) => {
        await vscode.window.showTextDocument(vscode.Uri.file(files.text), { viewColumn: 1 });
        await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(files.trace), 'spanhop.traceEditor', {
          viewColumn: 2,
          preserveFocus: true,
        });
      },
      { text: join(root, 'test', 'sample', 'package.json'), trace: path },
    );
    frame = await workbench.webview(selector);
    await workbench.settled();
    expect(await page.evaluate(() => document.activeElement?.closest('.editor-group-container .monaco-editor') !== null)).toBe(
      true,
    );
    await workbench.command('workbench.action.focusSecondEditorGroup');
    await expect.poll(() => frame.evaluate(() => document.activeElement?.classList.contains('row'))).toBe(true);
    await workbench.command('workbench.action.closeAllEditors');
  }
});
