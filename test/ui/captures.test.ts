// The Captures view and the capture in the status bar: live and kept captures, deleting after a question.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { QuickInput, SideBarView } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
const folder = mkdtempSync(join(tmpdir(), 'spanhop-captures-'));
let window: Workbench;
let traces: SideBarView;
let captures: SideBarView;
let input: QuickInput;

beforeAll(async () => {
  window = await openWorkbench({
    workspace: folder,
    settings: {
      'spanhop.capture.wellKnownPort': false,
      'spanhop.traces.groupBy': 'session',
      'window.dialogStyle': 'custom',
    },
  });
  traces = new SideBarView(window, 'Traces');
  captures = new SideBarView(window, 'Captures');
  input = new QuickInput(window.page);
  await window.command('spanhop.traces.focus');
});

afterAll(async () => {
  await window?.close();
  rmSync(folder, { recursive: true, force: true });
});

const port = (): Promise<number | undefined> => window.host(async ({ api }) => (await api()).capture.httpPort);
const statusBar = () => window.page.locator('.statusbar-item', { hasText: /\d+ · [\d,]+ spans?/ });
const texts = (view: SideBarView) => expect.poll(() => view.texts(), later);

async function send(name: string): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = {
    spanId: '00f067aa0ba902b7',
    name,
    kind: 2,
    startTimeUnixNano: String(now),
    endTimeUnixNano: String(now + 5_000_000n),
  };
  const traceId = Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'prober' } }] };
  const answer = await fetch(`http://127.0.0.1:${await port()}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [{ ...span, traceId }] }] }] }),
  });
  expect(answer.status).toBe(200);
}

it('starts from the welcome text, and shows port and count in the status bar', async () => {
  await captures.pane.locator('.welcome-view-content').getByText('Start Capture').click();
  await texts(captures).toEqual([expect.stringMatching(/^Running now \| 0 spans · 0 traces · /)]);
  await send('first');
  await expect.poll(async () => (await statusBar().innerText()).trim(), later).toBe(`${await port()} · 1 span`);
  await texts(captures).toEqual([expect.stringMatching(/^Running now \| 1 span · 1 trace · /)]);
  await statusBar().click();
  await input.entry('Stop capture').waitFor();
  await input.choose('Spanhop capture', 'Stop capture');
  await statusBar().waitFor({ state: 'hidden' });
  await texts(captures).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d \| 1 span · 1 trace · /)]);
});

it('has the traces, and goes on capturing, after a reload of the window', async () => {
  await captures.press('Start Capture');
  await texts(captures).toHaveLength(2);
  await send('second');
  await traces.row('second').waitFor();
  await window.reload();
  await window.command('spanhop.traces.focus');
  await traces.row('second').waitFor();
  expect(await port()).toBeGreaterThan(0);
  await texts(captures).toEqual([
    expect.stringMatching(/^Running now/),
    expect.stringMatching(/1 span · 1 trace/),
    expect.stringMatching(/1 span · 1 trace/),
  ]);
});

it('lists the traces of an older capture when it is opened', async () => {
  await captures.rows.nth(2).locator('.label-name').click();
  await traces.row('first').waitFor();
});

it('deletes a capture after a question only', async () => {
  const dialog = window.page.locator('.monaco-dialog-box');
  await captures.pressInline(captures.rows.nth(2), 'Delete Capture');
  await dialog.getByText('The log is deleted from disk.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await captures.rows.count()).toBe(3);
  await captures.pressInline(captures.rows.nth(2), 'Delete Capture');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await texts(captures).toHaveLength(2);
  await expect.poll(() => traces.row('first').count(), later).toBe(0);
  expect(await traces.row('second').count()).toBe(1);
});

it('clears all captures after a question', async () => {
  const cleared = window.command('spanhop.clearCapture');
  const dialog = window.page.locator('.monaco-dialog-box');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await cleared;
  await texts(captures).toEqual([expect.stringMatching(/^Running now \| 0 spans/)]);
  await traces.row('Copy endpoint').waitFor();
});

/** VS Code waits for `deactivate` when a window closes or is loaded again. */
it('leaves the capture with its index when the extension ends, so that the next window need not count it', async () => {
  await send('last');
  await traces.row('last').waitFor();
  await window.host(async ({ extension, require }) => {
    await require(`${extension?.extensionPath}/dist/extension.js`).deactivate();
  });
  const files = readdirSync(window.dataFolder, { recursive: true, encoding: 'utf8' }).map((path) =>
    join(window.dataFolder, path),
  );
  const log = files.filter((path) => path.endsWith('.otlp.pb')).sort((a, b) => (basename(a) < basename(b) ? 1 : -1))[0];
  const index: unknown = JSON.parse(readFileSync(log.replace(/\.otlp\.pb$/, '.json'), 'utf8'));
  expect(index).toMatchObject({ spans: 1, traces: 1, bytes: statSync(log).size });
  expect(files.filter((path) => dirname(path) === dirname(log) && path.endsWith('.lock'))).toEqual([]);
});
