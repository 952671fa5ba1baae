// Two windows and one port 4318: whose it is is said where the port stands, and it goes over to the other when the first one ends. And VS Code, which in
// a remote window tells of every port that opens, says nothing of ours.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { SideBarView } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 60_000 };
const settings = { 'remote.autoForwardPorts': true, 'remote.autoForwardPortsSource': 'process' };
let first: Workbench;
let second: Workbench;

beforeAll(async () => {
  first = await openWorkbench({ settings });
  second = await openWorkbench({ settings });
});
afterAll(async () => {
  await first?.close();
  await second?.close();
});

const start = (window: Workbench): Promise<number> =>
  window.host(async ({ api }) => (await (await api()).capture.start()).httpPort);
const item = (window: Workbench) => window.page.locator('.statusbar-item', { hasText: /\d+.* · [\d,]+ spans?/ });

it('says that 4318 is another window’s, and takes it over when that one ends', async () => {
  const firstPort = await start(first);
  await expect.poll(async () => (await item(first).innerText()).trim(), later).toBe('4318 · 0 spans');
  const port = await start(second);
  await second.command('spanhop.traces.focus');
  await expect.poll(async () => (await item(second).innerText()).trim(), later).toBe(`${port} (not 4318) · 0 spans`);
  const captures = new SideBarView(second, 'Captures');
  await expect
    .poll(async () => (await captures.message.allInnerTexts()).join(), later)
    .toContain(
      `Port 4318 belongs to another window, which captures; this window takes it over when that ends. Until then programs that are not launched here reach it with OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${port}.`,
    );
  await second.screenshot('capture-other-window');

  // Servers of another extension, opened after ours, are told of; ours are not. One that comes close behind another is not told of: so there are several.
  const others: number[] = [];
  const toldOf = async (): Promise<boolean> => {
    const port = await first.host(async ({ require, memory }) => {
      memory.servers ??= [];
      for (;;) {
        const server = require('node:http').createServer();
        const port = 5_001 + Math.floor(Math.random() * 4_000);
        const isOpen = await new Promise((done) =>
          server.on('error', () => done(false)).listen(port, '127.0.0.1', () => done(true)),
        );
        if (!isOpen) continue;
        memory.servers.push(server);
        return port;
      }
    });
    others.push(port);
    await first.page
      .waitForFunction(() => document.querySelector('.notification-toast') !== null, undefined, { timeout: 8_000 })
      .catch(() => {});
    const told = await first.notifications();
    return others.some((each) => told.includes(`running on port ${each} `));
  };
  await expect.poll(toldOf, later).toBe(true);
  for (const ours of [4318, firstPort]) expect(await first.notifications()).not.toContain(`${ours}`);

  await first.command('spanhop.stopCapture');
  await expect.poll(async () => (await item(second).innerText()).trim(), later).toBe('4318 · 0 spans');
  await captures.message.waitFor({ state: 'hidden' });
  const answer = await fetch('http://127.0.0.1:4318/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(answer.status).toBe(200);
});
