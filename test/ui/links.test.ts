/** Trace ids as links, where people meet them: a terminal, a log file, an output channel; and ids that nobody has. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildAll } from '../../src/build/build.mjs';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

interface Expected {
  readonly failing: readonly { traceId: string; spanId: string }[];
}

const fixture = (name: string): string => readFileSync(join(projectRoot, 'test', 'fixtures', 'sample', name), 'utf8');
const [{ traceId, spanId }] = (JSON.parse(fixture('expected.json')) as Expected).failing;
const nobodys = 'ab'.repeat(16);
const later = { timeout: 30_000 };

let window: Workbench;
let folder: string;

beforeAll(async () => {
  await buildAll({ quiet: true });
  folder = mkdtempSync(join(tmpdir(), 'spanhop-links-'));
  writeFileSync(join(folder, 'shop.otlp.json'), fixture('shop.otlp.json'));
  window = await openWorkbench({
    workspace: folder,
    height: 900,
    settings: {
      'spanhop.capture.wellKnownPort': false,
      // Lines of a terminal as elements, which can be found and clicked.
      'terminal.integrated.gpuAcceleration': 'off',
      'terminal.integrated.hideOnStartup': 'always',
    },
  });
  const endpoint = await window.host(
    async ({ api }) => `http://127.0.0.1:${(await (await api()).capture.start()).httpPort}/v1/traces`,
    undefined,
  );
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(endpoint, { method: 'POST', headers, body: fixture('shop.otlp.json') })).status).toBe(200);
});
afterAll(async () => {
  await window?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await window.command('workbench.action.closeAllEditors');
  await window.command('workbench.action.closePanel');
  await window.command('notifications.clearAll');
});

/** Ctrl+click on the middle of a text within an element. */
async function press(line: Locator, text: string): Promise<void> {
  const at = await line.first().evaluate((element, wanted) => {
    const range = document.createRange();
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const from = node.textContent?.indexOf(wanted) ?? -1;
      if (from < 0) continue;
      range.setStart(node, from);
      range.setEnd(node, from + wanted.length);
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    }
    throw new Error(`"${wanted}" is not shown.`);
  }, text);
  const { page } = window;
  await page.mouse.move(at.x - 3, at.y);
  await page.mouse.move(at.x, at.y, { steps: 3 });
  await page.locator('.monaco-hover:visible, .xterm-hover:visible', { hasText: 'Open trace' }).first().waitFor();
  await page.keyboard.down('Control');
  await page.mouse.move(at.x + 2, at.y);
  await page.mouse.click(at.x + 2, at.y);
  await page.keyboard.up('Control');
}

const selected = async (): Promise<string | null> => {
  const frame = await window.webview('[role=treegrid] .row.selected');
  return frame.locator('.row.selected').getAttribute('aria-label');
};

it('opens the trace of a traceparent that a terminal shows, at its span', async () => {
  await window.host(({ vscode, memory }, line: string) => {
    const written = new vscode.EventEmitter<string>();
    const pty = { onDidWrite: written.event, open: () => written.fire(line), close: () => {} };
    memory.terminal = vscode.window.createTerminal({ name: 'shop', pty });
    (memory.terminal as { show(): void }).show();
    return true;
  }, `\u001b[32mINFO\u001b[0m paid \u001b[2mtraceparent=00-${traceId}-${spanId}-01\u001b[0m in 12 ms\r\n`);
  const line = window.page.locator('.xterm-rows > div', { hasText: traceId });
  await line.waitFor();
  await press(line, traceId);
  await expect.poll(selected, later).toContain('PaymentService.charge');
});

it('opens the trace of an id in a log file, whatever else is hexadecimal there', async () => {
  const log = [
    `{"level":30,"trace_id":"${traceId}","span_id":"${spanId}","msg":"declined"}`,
    `md5 ${'0123456789abcdef'.repeat(2)}`,
    `known without a context: ${traceId}`,
  ];
  const path = join(folder, 'shop.log');
  writeFileSync(path, log.join('\n'));
  const links = await window.host(async ({ vscode }, file: string) => {
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const all = (await vscode.commands.executeCommand('vscode.executeLinkProvider', document.uri)) as {
      range: import('vscode').Range;
      tooltip?: string;
    }[];
    return all.map(({ range, tooltip }) => `${range.start.line}:${range.start.character} ${document.getText(range)} ${tooltip}`);
  }, path);
  expect(links).toEqual([
    `0:24 ${traceId} Open trace ${traceId.slice(0, 8)}…`,
    `2:25 ${traceId} Open trace ${traceId.slice(0, 8)}…`,
  ]);
  await window.page.locator('.detected-link').first().waitFor();
  await press(window.page.locator('.view-line', { hasText: 'declined' }), traceId);
  await expect.poll(selected, later).toContain('PaymentService.charge');
});

it('opens the trace of an id in an output channel', async () => {
  await window.host(({ vscode, memory }, line: string) => {
    const channel = vscode.window.createOutputChannel('Shop', { log: true });
    memory.channel = channel;
    channel.info(line);
    channel.show();
    return true;
  }, `request done traceId=${traceId}`);
  const line = window.page.locator('.output-view .view-line, .panel .view-line', { hasText: 'request done' });
  await line.first().waitFor();
  await window.page.locator('.panel .detected-link').first().waitFor();
  await press(line, traceId);
  const frame = await window.webview('[role=treegrid] .row.selected');
  expect(await frame.locator('h1').innerText()).toBe('POST /checkout');
});

it('says where it looked for a trace that nobody has, and what would help', async () => {
  const path = join(folder, 'old.log');
  writeFileSync(path, `trace_id=${nobodys} gone`);
  await window.host(async ({ vscode }, file: string) => {
    await vscode.window.showTextDocument(vscode.Uri.file(file));
  }, path);
  await window.page.locator('.detected-link').first().waitFor();
  await press(window.page.locator('.view-line', { hasText: 'gone' }), nobodys);
  await expect.poll(() => window.notifications(), later).toContain(`There is no trace ${nobodys}`);
  const text = await window.notifications();
  expect(text).toContain('open files and captures; no backend is configured');
  expect(text).toContain('Add the backend that has it');
  await window.listNotifications();
  await window.page.locator('.notifications-center').getByText('Add Backend…').first().waitFor();
  await window.page.locator('.notifications-center').getByRole('button', { name: 'Try Again' }).first().waitFor();
  // No empty waterfall was left behind.
  expect(await window.page.locator('.tab', { hasText: /^Trace / }).count()).toBe(0);
});

it('proposes the id at the cursor when a trace is to be opened', async () => {
  const path = join(folder, 'shop.log');
  await window.host(async ({ vscode }, file: string) => {
    await vscode.window.showTextDocument(vscode.Uri.file(file));
  }, path);
  await window.palette('Spanhop: Open Trace…');
  const first = window.page.locator('.quick-input-list .monaco-list-row').first();
  await expect.poll(() => first.innerText(), later).toContain(traceId);
  expect(await first.innerText()).toContain('at the cursor');
  await window.page.keyboard.press('Enter');
  await expect.poll(selected, later).toContain('PaymentService.charge');
});

it('is switched off by the settings', async () => {
  const count = await window.host(
    async ({ vscode }, file: string) => {
      const settings = vscode.workspace.getConfiguration('spanhop');
      await settings.update('links.documents', false, vscode.ConfigurationTarget.Global);
      const links = (await vscode.commands.executeCommand('vscode.executeLinkProvider', vscode.Uri.file(file))) as unknown[];
      await settings.update('links.documents', undefined, vscode.ConfigurationTarget.Global);
      return links.length;
    },
    join(folder, 'shop.log'),
  );
  expect(count).toBe(0);
});
