// What a person sees above a function that ran: how often, how long, how many failed; that it follows while spans come; and where it leads.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepare, runOnce } from '../sample/start.mjs';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 30_000 };
const workspace = join(projectRoot, 'test', 'sample');
const file = join(workspace, 'src', 'payments', 'paymentService.ts');
const charge = 'PaymentService.charge';
let window: Workbench;
let endpoint: string;

beforeAll(async () => {
  await prepare();
  window = await openWorkbench({ workspace, settings: { 'spanhop.capture.wellKnownPort': false } });
  endpoint = await window.host(async ({ vscode, api }, path: string) => {
    await vscode.window.showTextDocument(vscode.Uri.file(path));
    return `http://127.0.0.1:${(await (await api()).capture.start()).httpPort}`;
  }, file);
});

afterAll(() => window?.close());

/** Texts of the lenses, from top to bottom; spaces of any kind as one. */
const lenses = async (): Promise<string[]> => {
  const all = window.page.locator('.codelens-decoration:visible a, .codelens-decoration:visible > span[id]');
  return (await all.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()).filter((text) => text !== '');
};
const firstLens = async (): Promise<string> => (await lenses()).find((text) => / calls? · /.test(text)) ?? '';

/** Calls and errors, counted span by span through the API. */
const counted = (): Promise<{ calls: number; errors: number }> =>
  window.host(async ({ api }, name: string) => {
    const spanhop = await api();
    const found = await spanhop.findTraces({}, { limit: 100 });
    const traces = await Promise.all(found.map(({ traceId }: { traceId: string }) => spanhop.getTrace(traceId)));
    const own = traces.flatMap(({ spans }) => spans).filter(({ attributes }) => attributes['code.function.name'] === name);
    return { calls: own.length, errors: own.filter(({ status }) => status === 'error').length };
  }, charge);

/** The numbers are exact: `3 calls · p50 … · p95 … · 2 errors`. */
const lensOf = ({ calls, errors }: { calls: number; errors: number }): RegExp =>
  new RegExp(`^${calls} calls · p50 [\\d.]+ m?s · p95 [\\d.]+ m?s · ${errors} errors?$`);

it('says above a function how often it ran, how long, and how often it failed', async () => {
  expect(await lenses()).toEqual([]);
  await runOnce({ endpoint });
  await expect.poll(firstLens, later).toMatch(/^\d+ calls · p50/);
  const truth = await counted();
  expect(truth.calls).toBeGreaterThan(1);
  expect(truth.errors).toBeGreaterThan(0);
  await expect.poll(firstLens, later).toMatch(lensOf(truth));
  // At the head of the method, which is where its name is.
  const head = await window.host(async ({ vscode }) => {
    const document = vscode.window.activeTextEditor?.document;
    const all = (await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document?.uri, 100)) as {
      readonly range: { readonly start: { readonly line: number } };
      readonly command?: { readonly command: string };
    }[];
    const own = all.find(({ command }) => command?.command === 'spanhop.showSpansAtCursor');
    return own && document?.lineAt(own.range.start.line).text.trim();
  });
  expect(head).toMatch(/^charge\(/);
});

const value = (text: string): { stringValue: string } => ({ stringValue: text });
async function send(spans: readonly object[]): Promise<void> {
  const body = JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans }] }] });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${endpoint}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200);
}

it('follows while spans come', async () => {
  const before = await counted();
  const startNs = BigInt(Date.now()) * 1_000_000n;
  const span = (id: number): object => ({
    traceId: `f${String(id).padStart(31, '0')}`,
    spanId: `f${String(id).padStart(15, '0')}`,
    name: charge,
    kind: 1,
    startTimeUnixNano: String(startNs + BigInt(id)),
    endTimeUnixNano: String(startNs + 7_000_000n),
    attributes: [
      { key: 'code.file.path', value: value(file) },
      { key: 'code.function.name', value: value(charge) },
      { key: 'code.line.number', value: { intValue: '23' } },
    ],
    status: id === 1 ? { code: 2 } : {},
  });
  await send(Array.from({ length: 40 }, (_, i) => span(i + 1)));
  await expect.poll(firstLens, later).toMatch(lensOf({ calls: before.calls + 40, errors: before.errors + 1 }));
  expect(await firstLens()).toContain('p50 7 ms');
});

it('opens the last trace, and lists the calls', async () => {
  await window.page.getByText('last trace', { exact: true }).first().click();
  const waterfall = await window.webview('[role=treegrid]');
  await expect.poll(() => waterfall.locator('[role=row]', { hasText: charge }).count(), later).toBe(1);
  await window.host(async ({ vscode }, path: string) => {
    await vscode.window.showTextDocument(vscode.Uri.file(path), { viewColumn: vscode.ViewColumn.One });
  }, file);
  const { calls } = await counted();
  await window.page
    .locator('.codelens-decoration a', { hasText: / calls/ })
    .first()
    .click();
  await expect.poll(() => window.page.locator('.quick-input-title').innerText(), later).toBe(`${charge}: ${calls} calls`);
  await window.page.keyboard.press('Escape');
});

it('counts an exception once that nested calls recorded, as Problems does', async () => {
  const before = await counted();
  const startNs = BigInt(Date.now()) * 1_000_000n;
  const attributes = [
    { key: 'exception.type', value: value('Refused') },
    { key: 'exception.message', value: value('no such card') },
    { key: 'exception.stacktrace', value: value(`Refused: no such card\n    at ${charge} (${file}:30:7)`) },
  ];
  const nested = (depth: number): object => ({
    traceId: 'e'.repeat(32),
    spanId: `e${depth}`.padEnd(16, '0'),
    ...(depth === 1 ? {} : { parentSpanId: `e${depth - 1}`.padEnd(16, '0') }),
    name: 'outer to inner',
    startTimeUnixNano: String(startNs + BigInt(depth)),
    endTimeUnixNano: String(startNs + 9_000_000n - BigInt(depth)),
    attributes: [
      { key: 'code.file.path', value: value(file) },
      { key: 'code.function.name', value: value(charge) },
      { key: 'code.line.number', value: { intValue: '23' } },
    ],
    events: [{ name: 'exception', timeUnixNano: String(startNs + 8_000_000n), attributes }],
    status: { code: 2 },
  });
  await send([1, 2, 3].map(nested));
  await expect.poll(firstLens, later).toMatch(lensOf({ calls: before.calls + 3, errors: before.errors + 1 }));
  const problems = (): Promise<string[]> =>
    window.host(async ({ vscode }) =>
      vscode.languages
        .getDiagnostics()
        .flatMap(([, all]) => all.map(({ message }) => message))
        .filter((text) => text.startsWith('Refused')),
    );
  await expect.poll(problems, later).toEqual(['Refused: no such card']);
});

it('is gone when the capture is cleared', async () => {
  await window.host(async ({ api }) => {
    await (await api()).capture.clear();
  });
  await expect.poll(firstLens, later).toBe('');
});
