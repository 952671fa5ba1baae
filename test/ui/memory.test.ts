// One trace that is larger than the memory of captures: the waterfall, both views, the status bar and one notification say what is not there.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestBytes, type SpanSpec } from '../support/otlp';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 30_000 };
const traceId = 'ab'.padStart(32, '0');
const word =
  "The oldest captured traces left memory, which holds 16 MB (setting spanhop.capture.memoryMegabytes). Their spans are still in the captures' logs.";
let window: Workbench;

beforeAll(async () => {
  // The setting of before still limits captures, and takes less than the one for all to be over.
  window = await openWorkbench({
    workspace: 'test/sample',
    settings: { 'spanhop.capture.memoryMegabytes': 16, 'spanhop.codeLens.enabled': false, 'spanhop.problems.enabled': false },
  });
}, 120_000);
afterAll(() => window?.close());

const send = async (port: number, spans: readonly SpanSpec[]): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  const body = Buffer.from(requestBytes(spans));
  expect((await fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200);
};

it('is said wherever one looks, and told once', async () => {
  const port = await window.host(async ({ api }) => (await (await api()).capture.start()).httpPort);
  const text = 'x'.repeat(400);
  await send(port ?? 0, [{ traceId, spanId: 'ffff', name: 'POST /import', durationMs: 90_000 }]);
  const more = async (bodies: number, from: number): Promise<void> => {
    for (let i = 0; i < bodies; i++) {
      const spans = Array.from({ length: 500 }, (_, k) => {
        const n = from + i * 500 + k;
        return {
          traceId,
          spanId: (0x10000 + n).toString(16),
          parent: 'ffff',
          name: `row ${n}`,
          startMs: n,
          attributes: { text },
        };
      });
      await send(port ?? 0, spans);
    }
  };
  await more(80, 0);

  const { page } = window;
  await expect.poll(() => window.notifications(), later).toBe(word);
  await window.command('spanhop.traces.focus');
  await expect.poll(() => page.locator('.composite.viewlet').innerText(), later).toContain(word);
  await expect
    .poll(() => page.locator('[id="workbench.parts.sidebar"]').innerText(), later)
    .toMatch(/POST \/import.*[\d,]+ of 40,001 spans/s);
  const item = page.locator('#spanhop\\.spanhop\\.spanhop\\.capture');
  await item.hover();
  await expect.poll(() => page.locator('.workbench-hover').innerText(), later).toContain(word);

  await window.host(async ({ api }, id) => (await api()).openTrace(id), traceId);
  const frame = await window.webview('[role=treegrid] [role=row]');
  const incomplete = frame.locator('.footer').getByText('Incomplete');
  await incomplete.click();
  const said = (): Promise<string> => frame.locator('.footer [role=dialog]').innerText();
  const sentence =
    /Only ([\d,]+) of 40,001 spans of this trace are in memory, which holds 16 MB \(setting spanhop\.capture\.memoryMegabytes\)\. The others are still in the capture's log\./;
  expect(await said()).toMatch(sentence);
  expect(await frame.locator('[role=treegrid]').innerText()).toContain('POST /import');
  if (process.env.SPANHOP_SHOTS) await page.screenshot({ path: process.env.SPANHOP_SHOTS });

  // It goes on while it is looked at: the picture follows, and nothing is told a second time.
  await more(40, 40_000);
  await expect.poll(() => incomplete.getAttribute('title'), later).toMatch(/ of 60,001 spans of this trace/);
  await window.listNotifications();
  const told = page.locator('.notifications-center [role=dialog]', { hasText: 'left memory' });
  await expect.poll(async () => [...new Set(await told.allInnerTexts())], later).toHaveLength(1);
  expect(window.consoleErrors()).toEqual([]);
}, 120_000);
