// @ts-check
// The pictures of the README: the sample shop in a real window. Each scene captures real traces of one round of requests, then shows one thing.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyShop } from '../support/copyShop.mjs';

/** @typedef {import('../vscode/workbench.mjs').Workbench} Workbench */

// The shop is run in a folder of its own, so that its paths are nobody's.
const workspace = '/srv/shop';
const { prepare, runOnce } = await copyShop(workspace);
process.once('exit', () => rmSync(workspace, { recursive: true, force: true }));
// One clock for all services: the skew that the sample has on purpose needs more room to be explained than a picture has.
const env = { SHOP_CLOCK_AHEAD_MS: '0' };
const settings = {
  'spanhop.capture.autoStart': false,
  'spanhop.traces.groupBy': 'none',
  'editor.minimap.enabled': false,
  'breadcrumbs.enabled': false,
};

/**
 * Captures one round of the shop's requests.
 * @param {Workbench} workbench
 */
async function capture(workbench) {
  await prepare();
  const { httpPort } = await workbench.host(async ({ api }) => (await api()).capture.start());
  const expected = await runOnce({ endpoint: `http://127.0.0.1:${httpPort}`, env });
  const checkout = expected.find(
    (/** @type {import('../sample/start.mjs').Expected} */ one) => one.failing?.service === 'payments',
  );
  if (!checkout?.traceId) throw new Error('The failing checkout has no trace.');
  return { traceId: checkout.traceId, failing: checkout.failing };
}

/**
 * Opens the failing checkout and waits for its rows.
 * @param {Workbench} workbench @param {string} traceId
 */
async function openTrace(workbench, traceId) {
  await workbench.host(async ({ api }, id) => {
    await (await api()).openTrace(id);
  }, traceId);
  return workbench.webview('[role=treegrid]');
}

/** @param {Workbench} workbench */
async function showTraces(workbench) {
  await workbench.command('spanhop.traces.focus');
  await workbench.page.locator('.monaco-list-row', { hasText: 'POST /checkout' }).first().waitFor();
}

/**
 * Drags the side bar's edge to a width in CSS px.
 * @param {Workbench} workbench @param {number} width
 */
async function widenSideBar({ page }, width) {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (!box) throw new Error('There is no side bar.');
  await page.mouse.move(box.x + box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + width, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
}

/** @type {readonly import('../pictures.mjs').Scene[]} */
export const scenes = [
  {
    name: 'overview',
    window: { workspace, theme: 'dark', width: 1700, height: 820, settings },
    async play(workbench) {
      const { traceId } = await capture(workbench);
      await showTraces(workbench);
      await widenSideBar(workbench, 420);
      const frame = await openTrace(workbench, traceId);
      await frame.locator('[role=row]', { hasText: 'PaymentService.charge' }).first().click();
      await frame.locator('[role=treegrid]').focus();
      await workbench.page.keyboard.press('Enter');
      await workbench.page.locator('.tab.active', { hasText: 'paymentService.ts' }).waitFor();
    },
  },
  {
    name: 'waterfall',
    window: { workspace, theme: 'light', width: 1400, height: 720, settings },
    async play(workbench) {
      const { traceId } = await capture(workbench);
      await workbench.command('workbench.action.closeSidebar');
      const frame = await openTrace(workbench, traceId);
      await frame.locator('[role=row]', { hasText: 'PaymentService.charge' }).first().click();
    },
  },
  {
    name: 'traces',
    window: { workspace, theme: 'dark', width: 1300, height: 700, settings },
    async play(workbench) {
      await capture(workbench);
      await showTraces(workbench);
      const row = workbench.page.locator('.monaco-list-row', { hasText: 'POST /checkout' }).filter({ hasText: 'error' }).first();
      await row.locator('.monaco-tl-twistie').click();
      await workbench.page.locator('.monaco-list-row', { hasText: 'POST /v1/charges' }).first().waitFor();
      await widenSideBar(workbench, 460);
      const box = await workbench.page.locator('.part.sidebar').boundingBox();
      return { clip: box ?? undefined };
    },
  },
  {
    name: 'narrow',
    window: { workspace, theme: 'dark', width: 420, height: 760, settings },
    async play(workbench) {
      const { traceId } = await capture(workbench);
      await workbench.command('workbench.action.closeSidebar');
      await workbench.command('workbench.action.activityBarLocation.hide');
      const frame = await openTrace(workbench, traceId);
      await frame.locator('[role=row]', { hasText: 'PaymentService.charge' }).first().hover();
    },
  },
  {
    name: 'codelens',
    window: { workspace, theme: 'light', width: 900, height: 520, settings },
    async play(workbench) {
      const { failing } = await capture(workbench);
      await workbench.command('workbench.action.closeSidebar');
      await workbench.host(
        async ({ vscode }, file) => {
          await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(vscode.Uri.file(file)));
        },
        join(workspace, failing?.file ?? ''),
      );
      await workbench.page.locator('.codelens-decoration', { hasText: /call/ }).first().waitFor({ timeout: 30_000 });
    },
  },
];
