// A program without any tracing, started under the real debugger with capture on, and stopped at a breakpoint within a request: its trace is a command
// away while it stands there, its spans grow, the time of the stop is told apart, and the picture can be held still.

import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const folder = join(projectRoot, 'test', 'fixtures', 'debugged');
const later = { timeout: 30_000 };
let window: Workbench;
let frame: Frame;

beforeAll(async () => {
  window = await openWorkbench({
    workspace: folder,
    width: 1500,
    settings: {
      'spanhop.capture.wellKnownPort': false,
      'spanhop.capture.debugSessions': 'always',
      'debug.openDebug': 'neverOpen',
      'debug.internalConsoleOptions': 'neverOpen',
    },
  });
  await window.command('spanhop.startCapture');
});
afterAll(() => window?.close());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

const labels = (): Promise<(string | null)[]> =>
  frame.locator('[role=row][aria-level]').evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')));
const footer = (): Promise<string> => frame.locator('.footer').innerText();

it('opens the trace of the request that stands at a breakpoint, at the span that is under way', async () => {
  const port = await freePort();
  await window.host(
    async ({ vscode }, { path, port }) => {
      const uri = vscode.Uri.file(path);
      const document = await vscode.workspace.openTextDocument(uri);
      const line = document
        .getText()
        .split('\n')
        .findIndex((text) => text.includes('return 42'));
      await vscode.window.showTextDocument(document);
      vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(line, 0)))]);
      const configuration = { type: 'node', request: 'launch', name: 'shop', program: path, env: { PORT: String(port) } };
      await vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], configuration);
      return true;
    },
    { path: join(folder, 'server.js'), port },
    { timeoutMs: 60_000 },
  );
  const asked = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
  await expect.poll(asked, { timeout: 60_000 }).toBe(true);
  void fetch(`http://127.0.0.1:${port}/checkout`).catch(() => {});
  await window.page.locator('.codicon-debug-stackframe').first().waitFor(later);
  // The debugger opens its own side bar.
  await window.command('workbench.action.closeSidebar');
  await window.command('spanhop.showTraceOfRequest');
  frame = await window.webview('[role=treegrid] [role=row][aria-selected=true]');
  await expect.poll(labels, later).toContainEqual(expect.stringMatching(/^GET.*, running for .* seconds?, .*level 1$/));
  await expect
    .poll(() => frame.locator('.details').innerText(), later)
    .toMatch(/running for \d[\s\S]*Stopped at a breakpoint in server\.js:\d+ for .* so far/);
  await window.screenshot('debug-stopped');
});

it('is held still by a key while it goes on, and says what came', async () => {
  await frame.locator('[role=row][aria-selected=true]').press('p');
  const pause = frame.locator('.pause');
  await expect.poll(() => pause.getAttribute('aria-pressed'), later).toBe('true');
  expect(await pause.getAttribute('aria-label')).toBe('Go on showing new spans');
  await window.command('workbench.action.debug.continue');
  await expect.poll(footer, later).toMatch(/paused · \d+ new spans?/);
  expect((await labels())[0]).toMatch(/running for/);
  await pause.click();
  await expect.poll(async () => (await labels()).join('\n'), later).not.toMatch(/running for/);
});

it('shows durations with the time of the stop and without', async () => {
  const stops = frame.locator('.footer [data-key=stops]');
  await expect.poll(() => stops.getAttribute('aria-label'), later).toMatch(/^Stopped .*\. Show durations without it$/);
  await frame.locator('[role=row][aria-level]').first().press('b');
  await expect.poll(() => stops.getAttribute('aria-pressed'), later).toBe('true');
  expect(await footer()).toMatch(/Without .* stopped/);
  await window.screenshot('debug-without-stops');
  await window.command('workbench.action.debug.stop');
});
