// Spans of a bundled, minified program that ran elsewhere: the developer opens what it sent, and gets to the line of the TypeScript.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BundledRun, runBundled } from '../support/bundledShop.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

let run: BundledRun;
let window: Workbench;
let failing: { readonly traceId: string; readonly spanId: string; readonly file: string; readonly line: number };

beforeAll(async () => {
  run = await runBundled('esbuild');
  const expected = run.expected.find((each) => each.failing?.span === 'apply_discounts');
  const span = run.spans.find(({ traceId, name }) => traceId === expected?.traceId && name === 'apply_discounts');
  if (!expected?.failing || !span) throw new Error('the bundled shop did not fail as it should');
  failing = { traceId: span.traceId, spanId: span.spanId, file: expected.failing.file, line: expected.failing.line };
  writeFileSync(
    join(run.developer, 'capture.otlp.json'),
    JSON.stringify({ resourceSpans: run.requests.flatMap(({ resourceSpans }) => resourceSpans) }),
  );
  window = await openWorkbench({ workspace: run.developer, settings: { 'spanhop.capture.wellKnownPort': false } });
});

afterAll(async () => {
  await window?.close();
  await run?.remove();
});

it('answers the exported API with the line that threw', async () => {
  const answer = await window.host(
    async ({ vscode, api }, { path, traceId, spanId }: { path: string; traceId: string; spanId: string }) => {
      const spanhop = await api();
      await spanhop.openTraceFile(vscode.Uri.file(path));
      const [best] = await spanhop.resolveSource(traceId, spanId);
      return best && { file: vscode.workspace.asRelativePath(best.uri, false), line: best.line + 1, reason: best.reason };
    },
    { path: join(run.developer, 'capture.otlp.json'), ...failing },
  );
  expect(answer).toMatchObject({ file: failing.file, line: failing.line });
  expect(answer?.reason).toContain('through dist/pricing/main.js.map');
});

it('opens it on Enter at the span that failed', async () => {
  await window.host(async ({ api }, traceId: string) => (await api()).openTrace(traceId).then(() => true), failing.traceId);
  const frame = await window.webview('[role=treegrid] [role=row]');
  await frame.locator('[role=row]', { hasText: 'apply_discounts' }).first().click();
  await window.page.keyboard.press('Enter');
  await window.page.locator('.tab.active', { hasText: 'discounts.ts' }).waitFor({ timeout: 30_000 });
  const source = readFileSync(join(run.developer, failing.file), 'utf8').split('\n');
  expect(source[failing.line - 1]).toContain('return voucher.percent');
  const place = window.page.locator('.statusbar-item', { hasText: /^Ln \d+/ });
  await expect.poll(() => place.innerText(), { timeout: 30_000 }).toContain(`Ln ${failing.line},`);
  await window.screenshot('bundled-source');
});
