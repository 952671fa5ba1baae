// Traces that are odd rather than wrong, as a person reads them: several roots, a clock hours off, no times, links that lead nowhere, no ids.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

let workbench: Workbench;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-odd-'));
  workbench = await openWorkbench({ width: 1500, height: 800, settings: { 'spanhop.capture.wellKnownPort': false } });
});
afterEach(() => workbench.command('workbench.action.closeAllEditors'));
afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

const later = { timeout: 20_000 };
const BASE_MS = 1_760_000_000_000;
const nanos = (ms: number): string => `${BigInt(BASE_MS + ms) * 1_000_000n}`;
const between = (fromMs: number, toMs: number): object => ({ startTimeUnixNano: nanos(fromMs), endTimeUnixNano: nanos(toMs) });
const idOf = (number: number): string => `${number}`.padStart(16, '0');

/** Spans of a service. */
const group = (service: string, spans: readonly object[]): object => ({
  resource: { attributes: { 'service.name': service, 'host.name': service } },
  scopeSpans: [{ spans }],
});

/** Opens a file in the custom editor, with its first span selected. */
async function open(name: string, traceId: string, groups: readonly object[]): Promise<Frame> {
  const path = join(folder, `${name}.otlp.json`);
  const text = JSON.stringify({ resourceSpans: groups }).replaceAll('"spanId"', `"traceId":"${traceId}","spanId"`);
  writeFileSync(path, text);
  await workbench.host(
    ({ vscode }, file) => vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file)).then(() => true),
    path,
  );
  const frame = await workbench.webview('[role=treegrid] [role=row]');
  await frame.locator('.body [role=row]:visible').first().click();
  await frame.locator('.details h2').waitFor();
  return frame;
}

const title = (frame: Frame): Promise<string> => frame.locator('.title-text').innerText();
const details = (frame: Frame): Promise<string> => frame.locator('.details').innerText();

it('names a trace of several roots after the longest, and counts them', async () => {
  const frame = await open('roots', 'a1'.repeat(16), [
    group('api', [{ spanId: idOf(1), name: 'publish', ...between(0, 2) }]),
    group('web', [{ spanId: idOf(2), name: 'POST /checkout', ...between(4, 884) }]),
    group('worker', [{ spanId: idOf(3), name: 'clean up', ...between(870, 886) }]),
  ]);
  expect(await title(frame)).toMatch(/^POST \/checkout\s+web\s.*886 ms/s);
  const length = frame.locator('.title-text').getByText('886 ms', { exact: true });
  await length.hover();
  await expect.poll(() => length.getAttribute('title'), later).toContain('POST /checkout itself: 880 ms');
  expect(await details(frame)).toContain(
    'This trace has 3 roots: nothing joins them. The longest gives the trace its name and its critical path.',
  );
});

it('takes length and offsets from what is shown where a clock is hours off', async () => {
  const hours = -3 * 3_600_000;
  const frame = await open('skew', 'a2'.repeat(16), [
    group('web', [{ spanId: idOf(1), name: 'GET /', kind: 3, ...between(0, 100) }]),
    group('api', [{ spanId: idOf(2), parentSpanId: idOf(1), name: 'handle', kind: 2, ...between(hours, hours + 80) }]),
  ]);
  expect(await title(frame)).toContain('100 ms');
  expect(await frame.locator('.footer').innerText()).toContain('clock of api corrected by 3 h');
  await frame.locator('.body [role=row]', { hasText: 'handle' }).first().click();
  await expect.poll(() => details(frame), later).toMatch(/\+10 ms\s+start/);
});

it('dates nothing 1970 and calls nothing running that has no times', async () => {
  const frame = await open('times', 'a3'.repeat(16), [
    group('api', [
      { spanId: idOf(1), name: 'get /api' },
      { spanId: idOf(2), parentSpanId: idOf(1), name: 'render' },
    ]),
  ]);
  expect(await title(frame)).toContain('times not known');
  const said = await details(frame);
  expect(said).toMatch(/not known\s+start/);
  expect(said).toContain('2 spans have no start time');
  const render = frame.locator('.body [role=row]', { hasText: 'render' });
  expect(await render.getAttribute('aria-label')).toBe('render, api, times not known, level 2');
  await render.hover();
  await expect.poll(() => frame.locator('.hover-card').innerText(), later).toMatch(/start\s+not known\s+duration\s+not known/);
  await workbench.resize(520, 800);
  await expect.poll(() => render.locator('.duration').innerText(), later).toBe('–');
  await workbench.resize(1500, 800);
  expect(`${await title(frame)} ${said} ${await frame.locator('.footer').innerText()}`).not.toMatch(/1970|running/);
});

it('gives traces without times no length of 0 in the list of a file', async () => {
  const path = join(folder, 'untimed.otlp.json');
  const spans = ['c1', 'c2'].map((id) => ({ traceId: id.repeat(16), spanId: idOf(1), name: `get ${id}` }));
  writeFileSync(path, JSON.stringify({ resourceSpans: [group('api', spans)] }));
  await workbench.host(
    ({ vscode }, file) => vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file)).then(() => true),
    path,
  );
  const frame = await workbench.webview('[role=grid] [role=row]');
  const row = frame.locator('.list-body .row', { hasText: 'get c1' });
  await expect.poll(() => row.locator('.column-duration').innerText(), later).toBe('–');
  expect(await row.locator('.column-start').innerText()).toBe('not known');
  expect(await row.getAttribute('aria-label')).toBe('get c1, api, 1 span, times not known');
});

it('says which links lead nowhere, of which events no time is known, and shows a name of spaces', async () => {
  const zeros = { traceId: '0'.repeat(32), id: idOf(0) };
  const link = ({ traceId, id }: { traceId: string; id: string }): object => ({ traceId, span_id: id });
  const links = [zeros, { traceId: 'a4'.repeat(16), id: idOf(77) }, { traceId: 'b4'.repeat(16), id: idOf(5) }].map(link);
  const span = { spanId: idOf(1), name: '   ', ...between(0, 100), links, events: [{ name: 'when?' }] };
  const frame = await open('links', 'a4'.repeat(16), [group('api', [span])]);
  expect(await title(frame)).toMatch(/^␣␣␣/);
  expect(await frame.locator('.body [role=row]').first().innerText()).toContain('␣␣␣');
  await frame.locator('.details').getByText('Events', { exact: true }).click();
  await expect.poll(() => details(frame), later).toMatch(/when\?\s+time not known/);
  const said = await details(frame);
  expect(said).toContain('Leads nowhere: it has no trace id');
  expect(said).toContain(`Leads nowhere: span ${idOf(77)} is not in this trace`);
  // Whether the third leads somewhere, backends know.
  expect(await frame.locator('.details .event button').allInnerTexts()).toEqual([`trace b4b4b4b4… span ${idOf(5)}`]);
});

it('tells of a span that is its own parent in one note', async () => {
  const frame = await open('own', 'a5'.repeat(16), [
    group('api', [{ spanId: idOf(1), parentSpanId: idOf(1), name: 'loop', ...between(0, 9) }]),
  ]);
  expect(await title(frame)).toMatch(/^loop/);
  expect(await frame.locator('.defect-message').allInnerTexts()).toEqual([
    '1 span names itself as its parent, and is shown as a root.',
  ]);
});

it('opens spans without ids in one trace, and says what they lack', async () => {
  const frame = await open('ids', '', [
    group('api', [
      { spanId: '', name: 'first', ...between(0, 9) },
      { spanId: '', name: 'second', ...between(1, 2) },
    ]),
  ]);
  expect(await frame.locator('.body [role=row]:visible').count()).toBe(2);
  expect(await details(frame)).toContain('2 spans have no id: what belongs below them cannot be told.');
});
