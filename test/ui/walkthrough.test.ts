/** The walkthrough: the empty view leads to it, and its steps tick themselves off when they were really done, and not before. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildAll } from '../../src/build/build.mjs';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 30_000 };
let window: Workbench;
const step = (title: string) => window.page.locator('.getting-started-step', { hasText: title });
/** Whether each step is ticked off, in their order. */
const done = (): Promise<boolean[]> =>
  window.page
    .locator('.getting-started-step [role=checkbox]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-checked') === 'true'));

beforeAll(async () => {
  await buildAll({ quiet: true });
  window = await openWorkbench({ width: 1500, height: 900, settings: { 'spanhop.capture.wellKnownPort': false } });
});
afterAll(() => window?.close());

it('is a link away from the empty view', async () => {
  await window.command('spanhop.traces.focus');
  await window.page.locator('.welcome-view-content a', { hasText: 'take the first steps' }).first().click();
  await step('See a trace').first().waitFor(later);
  await expect.poll(done, later).toEqual([false, false, false, false]);
  await window.screenshot('walkthrough-1500-dark');
});

it('ticks off what was done: a trace seen, a hop, spans captured, a backend connected', async () => {
  await window.page.locator('.getting-started-step.expanded .monaco-button', { hasText: 'Open Sample Trace' }).click();
  const frame = await window.webview('[role=treegrid] .row.selected');
  await frame.locator('.row:not([hidden])', { hasText: 'PaymentService.charge' }).first().locator('.name').click();
  await window.page.keyboard.press('Enter');
  await window.page.locator('.tab.active', { hasText: 'paymentService.ts' }).waitFor(later);
  await window.command('spanhop.openWalkthrough');
  await expect.poll(done, later).toEqual([true, true, false, false]);

  const endpoint = await window.host(
    async ({ api }) => `http://127.0.0.1:${(await (await api()).capture.start()).httpPort}/v1/traces`,
    undefined,
  );
  const body = readFileSync(join(projectRoot, 'test', 'fixtures', 'sample', 'shop.otlp.json'), 'utf8');
  // That a capture runs is not what the step is about.
  expect(await done()).toEqual([true, true, false, false]);
  expect((await fetch(endpoint, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status).toBe(200);
  await expect.poll(done, later).toEqual([true, true, true, false]);

  await window.host(async ({ vscode }) => {
    const backends = [{ name: 'jaeger', type: 'jaeger', url: 'http://127.0.0.1:9' }];
    await vscode.workspace.getConfiguration('spanhop').update('backends', backends, vscode.ConfigurationTarget.Global);
  }, undefined);
  await expect.poll(done, later).toEqual([true, true, true, true]);
  await window.screenshot('walkthrough-done-1500-dark');
});
