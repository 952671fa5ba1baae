// `npm start` as a person meets it: run the command, open the address, look at the tree.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from '../../vscode/browser.mjs';
import { projectRoot, resultsRoot } from '../../vscode/locations.mjs';
import { type OwnedProcess, startOwned, temporaryFolder } from '../../vscode/processes.mjs';

let start: OwnedProcess;
let page: Page;
let output = '';
const closers: Array<() => unknown> = [];

beforeAll(async () => {
  const data = temporaryFolder('start');
  closers.push(data.remove);
  // As an earlier start left it that did not bring the extension which opens the view.
  mkdirSync(join(data.path, 'ext'));
  writeFileSync(join(data.path, 'ext', 'extensions.json'), '[]');
  writeFileSync(join(data.path, 'ext', '.obsolete'), '{"spanhop-test.opener-0.0.1":true}');
  start = startOwned(process.execPath, ['test/start.mjs', '--server', '--data', data.path], { cwd: projectRoot });
  closers.push(start.stop);
  const address = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      output += String(chunk);
      const found = /^\s*(http:\S+)$/m.exec(output);
      if (found) resolve(found[1]);
    };
    start.child.stdout.on('data', listen);
    start.child.stderr.on('data', listen);
    start.exited.then((code) => reject(new Error(`npm start ended with ${code}:\n${output}`)), reject);
  });
  const browser = await startBrowser();
  closers.push(browser.stop);
  page = (await browser.connect()).pages()[0];
  await page.goto(address);
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

it("opens on the sample's traces without a click", async () => {
  const traces = page.locator('.pane', { hasText: 'Traces' }).locator('.monaco-list-row', { hasText: 'POST /checkout' });
  await traces.first().waitFor({ timeout: 90_000 });
  await page.screenshot({ path: join(resultsRoot, 'start.png') });
  expect(output).toContain('The shop is open.');
});

it('leads from the failing trace to the line that threw', async () => {
  const failing = page.locator('.monaco-list-row[aria-label*=", with errors"]', { hasText: 'GET /cart/:id/total' });
  await failing.first().click({ timeout: 60_000 });
  const waterfall = page.frameLocator('iframe.webview.ready').frameLocator('iframe');
  await waterfall.locator('[role=row]', { hasText: 'apply_discounts' }).click();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: 'discounts.ts' }).waitFor();
  await page.screenshot({ path: join(resultsRoot, 'start-source.png') });
  const source = readFileSync(join(projectRoot, 'test', 'sample', 'src', 'pricing', 'discounts.ts'), 'utf8').split('\n');
  const throwing = source.findIndex((text) => text.includes('return voucher.percent')) + 1;
  const place = page.locator('.statusbar-item', { hasText: /^Ln \d+/ });
  await expect.poll(() => place.innerText(), { timeout: 15_000 }).toContain(`Ln ${throwing},`);
  await page.screenshot({ path: join(resultsRoot, 'start-source.png') });
});

it('ends everything with Ctrl+C', async () => {
  const shop = /Capture will listen on port (\d+)/.exec(output);
  expect(shop).not.toBeNull();
  // The guard's shell is the leader of the group; the terminal sends the signal to all of it.
  process.kill(-(start.child.pid ?? 0), 'SIGINT');
  await start.exited;
  const answer = fetch(`http://127.0.0.1:${shop?.[1]}/v1/traces`, { method: 'POST' });
  await expect(answer).rejects.toThrow();
});
