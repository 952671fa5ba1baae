// What programs print of their spans, opened from a log in the trace editor: never by itself, and with the rows and the format's name that are right.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

let workbench: Workbench;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-consoles-'));
  workbench = await openWorkbench({ workspace: folder, settings: { 'spanhop.capture.wellKnownPort': false } });
});

afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As Python prints one, in a log of Docker Compose. */
function printed(name: string, trace: number, id: number, parent: number | undefined, startMs: number, endMs: number): string {
  const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
  const span = {
    name,
    context: { trace_id: hex(trace, 32), span_id: hex(id, 16), trace_state: '[]' },
    kind: 'SpanKind.SERVER',
    parent_id: parent === undefined ? null : hex(parent, 16),
    start_time: new Date(1741080600000 + startMs).toISOString(),
    end_time: new Date(1741080600000 + endMs).toISOString(),
    status: { status_code: 'UNSET' },
    attributes: {},
    events: [],
    links: [],
    resource: { attributes: { 'service.name': 'billing' }, schema_url: '' },
  };
  const lines = JSON.stringify(span, null, 4).split('\n');
  return ['[INFO] {started}', ...lines].map((line) => `worker-1  | ${line}\n`).join('');
}

/** Opens the file as the explorer does, then with the trace editor; the first is told. */
async function open(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, text);
  return workbench.host(async ({ vscode }, file) => {
    const uri = vscode.Uri.file(file);
    await vscode.commands.executeCommand('vscode.open', uri);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    const plain = input instanceof vscode.TabInputText ? 'text' : 'another editor';
    await vscode.commands.executeCommand('vscode.openWith', uri, 'spanhop.jsonTraceEditor');
    return plain;
  }, path);
}

it('shows the trace of a log', async () => {
  const log = printed('render invoice', 1, 2, 1, 20, 80) + printed('POST /invoices', 1, 1, undefined, 0, 300);
  expect(await open('worker.log', log)).toBe('text');
  const frame = await workbench.webview('[role=treegrid] [role=row]');
  await expect.poll(() => frame.locator('.body [role=row]:visible').allInnerTexts()).toHaveLength(2);
  const rows = await frame.locator('.body [role=row]:visible').allInnerTexts();
  expect(rows[0]).toContain('POST /invoices');
  expect(rows[1]).toContain('render invoice');
  await workbench.screenshot('console-log');
});

it('lists several, under the name of the exporter', async () => {
  await workbench.command('workbench.action.closeAllEditors');
  expect(await open('worker.txt', printed('first', 1, 1, undefined, 0, 5) + printed('second', 2, 2, undefined, 10, 15))).toBe(
    'text',
  );
  const frame = await workbench.webview('[role=grid] [role=row]');
  await expect.poll(() => frame.locator('.title-text').innerText()).toContain('Python console exporter · 2 traces · 2 spans');
  await workbench.screenshot('console-list');
});
