// An engine that loops for ever over a file: it is ended and told of, the capture goes on at the same port, and nothing that was acknowledged is lost.

import { appendFileSync, cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestBytes } from '../support/otlp';
import { SideBarView } from '../support/sideBar';
import { projectRoot } from '../vscode/locations.mjs';
import { temporaryFolder } from '../vscode/processes.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
/** The watchdog waits for 30 s. */
const hung = { timeout: 60_000 };
const folders = [temporaryFolder('extension'), temporaryFolder('workspace')];
const [extension, workspace] = folders.map(({ path }) => path);
const asked = join(workspace, 'asked.txt');
let window: Workbench;

/** The engine, and before it whatever is asked for is looked at: over a file of this name the thread never comes back. */
const engineThatHangs = `
const { appendFileSync } = require('node:fs');
require('node:worker_threads').parentPort.on('message', ({ type, method, params }) => {
  if (type !== 'call' || method !== 'openFile' || !/hang-for-ever/.test(params.path)) return;
  appendFileSync(${JSON.stringify(asked)}, 'x');
  for (;;);
});
require('./engineItself.js');
`;

beforeAll(async () => {
  for (const part of ['package.json', 'README.md', 'dist', 'media']) {
    cpSync(join(projectRoot, part), join(extension, part), { recursive: true });
  }
  renameSync(join(extension, 'dist', 'engine.js'), join(extension, 'dist', 'engineItself.js'));
  writeFileSync(join(extension, 'dist', 'engine.js'), engineThatHangs);
  writeFileSync(join(workspace, 'hang-for-ever.otlp.json'), requestBytes([{ traceId: 'f1', spanId: '1' }]));
  appendFileSync(asked, '');
  window = await openWorkbench({ workspace, extension, settings: { 'spanhop.capture.wellKnownPort': false } });
});

afterAll(async () => {
  await window?.close();
  for (const { remove } of folders) remove();
});

async function send(port: number, id: string): Promise<number | undefined> {
  const body = Buffer.from(requestBytes([{ traceId: id, spanId: id, name: `call ${id}` }]));
  const headers = { 'content-type': 'application/json' };
  const sent = fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', headers, body, signal: AbortSignal.timeout(2_000) });
  return sent.then(
    ({ status }) => status,
    () => undefined,
  );
}

it('is ended, told of and started again, and captures at the same port', async () => {
  const capturePort = (): Promise<number> => window.host(async ({ api }) => (await (await api()).capture.start()).httpPort ?? 0);
  const port = await capturePort();
  for (const id of ['a1', 'a2', 'a3']) expect(await send(port, id)).toBe(200);

  await window.host(
    ({ vscode }, path: string) => {
      void vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path));
    },
    join(workspace, 'hang-for-ever.otlp.json'),
  );
  await expect.poll(() => readFileSync(asked, 'utf8'), later).toBe('x');
  // A program that sends again what nobody acknowledged.
  expect(await send(port, 'b1')).toBeUndefined();
  await expect
    .poll(() => window.notifications(), hung)
    .toContain(
      'The trace engine did not answer for 30 s, while it read a trace file. It was ended and is started again. Captured spans are kept on disk, and capturing goes on at the same port.',
    );
  await expect.poll(() => send(port, 'b1'), later).toBe(200);
  expect(await send(port, 'b2')).toBe(200);
  expect(await capturePort()).toBe(port);

  // The tab tells of it as well, and does not do by itself again what held the engine.
  const page = await window.webview('.problem');
  expect(await page.locator('.problem').innerText()).toContain('did not answer for 30 s');
  await window.command('spanhop.traces.focus');
  const traces = new SideBarView(window, 'Traces');
  for (const id of ['a1', 'a2', 'a3', 'b1', 'b2']) {
    await expect.poll(() => traces.texts(), later).toContainEqual(expect.stringContaining(`call ${id}`));
  }
  const kept = await window.host(
    async ({ api }, ids) => {
      const spanhop = await api();
      const traces = await Promise.all(ids.map((id: string) => spanhop.getTrace(id, { backend: 'local' })));
      return traces.map(({ spans }) => spans.length);
    },
    ['a1', 'a2', 'a3', 'b1', 'b2'],
  );
  expect(kept).toEqual([1, 1, 1, 1, 1]);
  expect(readFileSync(asked, 'utf8')).toBe('x');
});
