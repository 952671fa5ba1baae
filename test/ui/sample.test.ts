/** The sample trace in a window without a folder: it leads to its source, which tells of it, and neither has to do with anything else. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildAll } from '../../src/build/build.mjs';
import { temporaryFolder } from '../vscode/processes.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 30_000 };
const folder = temporaryFolder('no-folder');
const source = 'spanhop-sample://sample/shop/src/payments/paymentService.ts';
let window: Workbench;

/** The active text editor. */
const cursor = () =>
  window.host(({ vscode }) => {
    const { document, selection } = vscode.window.activeTextEditor ?? {};
    return {
      uri: document?.uri.toString(),
      text: selection && document?.lineAt(selection.active.line).text.trim(),
      isEmpty: selection?.isEmpty,
    };
  }, undefined);
const waterfall = () => window.webview('[role=treegrid] .row.selected');
async function hop(): Promise<void> {
  const frame = await waterfall();
  await frame.locator('.row:not([hidden])', { hasText: 'PaymentService.charge' }).first().locator('.name').click();
  await window.page.keyboard.press('Enter');
  await expect
    .poll(cursor, later)
    .toMatchObject({ uri: source, isEmpty: true, text: expect.stringContaining('throw new GatewayTimeout') });
}

beforeAll(async () => {
  await buildAll({ quiet: true });
  const workspace = join(folder.path, 'nothing.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: [] }));
  window = await openWorkbench({ workspace, width: 1500, height: 900, settings: { 'spanhop.capture.wellKnownPort': false } });
});
afterAll(async () => {
  await window?.close();
  folder.remove();
});

it('hops to the line that threw, in a window without a folder', async () => {
  expect(await window.host(({ vscode }) => vscode.workspace.workspaceFolders?.length ?? 0, undefined)).toBe(0);
  await window.command('spanhop.openSampleTrace');
  await hop();
});

it('shows source that nobody can write', async () => {
  const before = await cursor();
  await window.page.keyboard.type('x');
  await window.page.keyboard.press('Escape');
  expect(await cursor()).toEqual(before);
  const answers = await window.host(async ({ vscode }) => {
    const root = 'spanhop-sample://sample';
    const tried = [
      `${root}/shop/src/payments/other.ts`,
      `${root}/../package.json`,
      `${root}/shop/../../icon.png`,
      `${root}/%2e%2e/x`,
    ];
    const reads = await Promise.allSettled(tried.map((each) => vscode.workspace.fs.readFile(vscode.Uri.parse(each))));
    const written = await Promise.allSettled([
      vscode.workspace.fs.writeFile(vscode.Uri.parse(`${root}/shop/src/payments/paymentService.ts`), new Uint8Array(1)),
      vscode.workspace.fs.delete(vscode.Uri.parse(`${root}/checkout.otlp.json`)),
    ]);
    return {
      statuses: [...reads, ...written].map(({ status }) => status),
      isWritable: vscode.workspace.fs.isWritableFileSystem('spanhop-sample'),
    };
  }, undefined);
  expect(answers).toEqual({ statuses: Array(6).fill('rejected'), isWritable: false });
});

it('tells above its functions what ran there, and marks the line that threw', async () => {
  const lens = window.page.locator('.codelens-decoration a', { hasText: /^1 call · \d/ });
  await lens.first().waitFor(later);
  const bars = (): Promise<number> =>
    window.page.evaluate(
      () =>
        [...document.querySelectorAll('.view-overlays .cdr')].filter((one) => getComputedStyle(one).borderLeftWidth === '3px')
          .length,
    );
  await expect.poll(bars, later).toBe(1);
  await window.screenshot('sample-hop-1500-dark');
});

it('says why it is this line', async () => {
  const asked = window.command('spanhop.explainSource');
  await window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'paymentService.ts:37' }).first().waitFor(later);
  await window.page.keyboard.press('Escape');
  await asked;
});

it('is in no list of the person’s: no trace, no error', async () => {
  const seen = await window.host(
    async ({ vscode, api }) => ({
      traces: (await (await api()).findTraces('{ }')).length,
      problems: vscode.languages.getDiagnostics().flatMap(([, all]) => all.filter((one) => one.source === 'Spanhop')).length,
    }),
    undefined,
  );
  expect(seen).toEqual({ traces: 0, problems: 0 });
});

it('is there after a reload, and hops again', async () => {
  await window.reload();
  const tabs = (): Promise<string[]> =>
    window.host(({ vscode }) => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label)), undefined);
  await expect.poll(tabs, later).toContain('checkout.otlp.json');
  await hop();
});
