// Trouble with the disk under a capture, as a person sees it: in a message, in the status bar, in the list; and when it is over.

import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SideBarView } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
let window: Workbench;
let captures: SideBarView;

beforeAll(async () => {
  window = await openWorkbench({ settings: { 'spanhop.capture.wellKnownPort': false } });
  captures = new SideBarView(window, 'Captures');
  await window.command('spanhop.traces.focus');
});
afterAll(() => window?.close());

async function send(n: number): Promise<number> {
  const port = await window.host(async ({ api }) => (await api()).capture.httpPort);
  const id = n.toString(16);
  const span = {
    traceId: id.padStart(32, '0'),
    spanId: id.padStart(16, '0'),
    name: `call ${n}`,
    startTimeUnixNano: '1',
    endTimeUnixNano: '2',
  };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  return answer.status;
}

function newestLog(): string {
  const found = readdirSync(window.dataFolder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.otlp.pb'));
  const [newest] = found.sort((a, b) => (basename(a) < basename(b) ? 1 : -1));
  return join(window.dataFolder, newest);
}

const troubled = () => window.page.locator('.statusbar-item', { hasText: /spans are not kept/ });

it('says that spans are not kept, once, while programs are told to come again; and shows when it is over', async () => {
  await window.command('spanhop.startCapture');
  await expect.poll(() => captures.texts(), later).toEqual([expect.stringMatching(/^Running now/)]);
  expect(await send(1)).toBe(200);
  const folder = dirname(newestLog());
  renameSync(folder, `${folder}.aside`);
  writeFileSync(folder, 'in the way');
  expect([await send(2), await send(3)]).toEqual([503, 503]);
  await troubled().waitFor();
  expect(await troubled().getAttribute('aria-label')).toMatch(/something else is in its place/);
  await expect.poll(() => window.notifications(), later).toMatch(/Nothing is acknowledged until it works again/);
  expect((await window.notifications()).match(/Nothing is acknowledged/g)).toHaveLength(1);
  rmSync(folder);
  renameSync(`${folder}.aside`, folder);
  await troubled().waitFor({ state: 'hidden' });
  expect(await send(4)).toBe(200);
  await window.command('spanhop.stopCapture');
});

it('says what is missing of a damaged log, and where the damaged part is', async () => {
  await window.command('spanhop.clearCapture', { force: true });
  await window.command('spanhop.startCapture');
  for (let n = 1; n <= 30; n++) expect(await send(n)).toBe(200);
  await window.command('spanhop.stopCapture');
  const log = newestLog();
  const bytes = readFileSync(log);
  const middle = bytes.length >> 1;
  bytes.fill(0, middle, middle + 200);
  writeFileSync(log, bytes);
  await window.reload();
  await window.command('spanhop.traces.focus');
  await expect
    .poll(() => window.notifications(), later)
    .toMatch(/is damaged .* spans are missing\. The damaged parts are kept in .*\.damaged-\d+\.pb/);
  // The window may capture again by now: whether it ran is remembered in the moment of the reload.
  await expect.poll(() => captures.texts(), later).toContainEqual(expect.stringMatching(/ 2\d spans .* damaged$/));
});
