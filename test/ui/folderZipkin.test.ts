// Backends that are no Jaeger, as a person adds and uses them: a folder of trace files, and a Zipkin.

import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { QuickInput, SideBarView } from '../support/sideBar';
import { type ModelSpan, ZipkinModel } from '../support/zipkinModel';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
let window: Workbench;
let traces: SideBarView;
let input: QuickInput;
let root: string;
let folder: string;
let zipkin: ZipkinModel;
let address: string;

/** A line as the Collector's file exporter writes it, of a trace that began some seconds ago. */
function line(number: number, name: string, secondsAgo: number): string {
  const start = BigInt(Date.now() - secondsAgo * 1000) * 1_000_000n;
  const span = {
    traceId: number.toString(16).padStart(32, '0'),
    spanId: '00000000000000a1',
    name,
    kind: 2,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 25_000_000n),
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  return `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] })}\n`;
}

function zipkinSpans(): ModelSpan[] {
  return Array.from({ length: 30 }, (_, i): ModelSpan => {
    const traceId = (i + 1).toString(16).padStart(16, '0');
    const timestamp = (Date.now() - (i + 1) * 60_000) * 1000;
    const name = i === 3 ? 'POST /pay' : 'GET /cart';
    return {
      traceId,
      id: traceId,
      name,
      timestamp,
      duration: 12_000,
      localEndpoint: { serviceName: 'Web' },
      tags: { n: String(i) },
    };
  });
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'spanhop-ui-folder-'));
  folder = join(root, 'otel');
  mkdirSync(folder);
  writeFileSync(join(folder, 'traces.jsonl'), line(1, 'GET /one', 40) + line(2, 'GET /two', 30));
  zipkin = new ZipkinModel(zipkinSpans());
  address = (await zipkin.start()).replace('http://', '');
  window = await openWorkbench({ settings: { 'spanhop.traces.groupBy': 'none' } });
  traces = new SideBarView(window, 'Traces');
  input = new QuickInput(window.page);
  await window.command('spanhop.traces.focus');
});

afterAll(async () => {
  await window?.close();
  zipkin?.stop();
  rmSync(root, { recursive: true, force: true });
});

const run = (command: string, argument?: string): Promise<unknown> =>
  window.host(
    ({ vscode }, [id, given]: (string | undefined)[]) => {
      // It ends when the person has answered.
      void vscode.commands.executeCommand(id ?? '', given);
      return true;
    },
    [command, argument],
  );

/** Begins to add one, of a kind. */
async function add(kind: RegExp): Promise<void> {
  await run('spanhop.addBackend');
  await input.choose('Add backend: what it is', kind);
}

const chooseFolder = (path: string): Promise<void> => input.choosePath('Add Folder: Folder', path);

const names = (): Promise<string[]> =>
  traces.texts().then((rows) => rows.map((row) => /(?:GET|POST) \/\w+|(?:get|post) \/\w+/.exec(row)?.[0] ?? row));
const listed = () => expect.poll(names, later);

it('a folder is chosen, read and listed', async () => {
  await add(/^Folder/);
  await chooseFolder(`${folder}/`);
  await input.title.filter({ hasText: 'Add backend: Folder with 1 trace file answers' }).waitFor();
  expect(await input.input.inputValue()).toBe('Folder otel');
  await input.input.press('Enter');
  await listed().toEqual(['GET /two', 'GET /one']);
});

it('what is added to its files, and to it, comes by itself', async () => {
  appendFileSync(join(folder, 'traces.jsonl'), line(3, 'GET /three', 20));
  await listed().toEqual(['GET /three', 'GET /two', 'GET /one']);
  renameSync(join(folder, 'traces.jsonl'), join(folder, 'traces-2026-11-21T13-20-39.123.jsonl'));
  writeFileSync(join(folder, 'traces.jsonl'), line(4, 'GET /four', 10));
  await listed().toEqual(['GET /four', 'GET /three', 'GET /two', 'GET /one']);
  writeFileSync(join(folder, 'broken.json'), '{"resourceSpans": [');
  await expect.poll(() => traces.message.innerText(), later).toContain('broken.json');
});

it('it is searched, and a trace of it opens', async () => {
  await window.host(({ vscode }) =>
    vscode.commands.executeCommand('spanhop.search', { text: '{ name = "GET /three" }' }).then(() => true),
  );
  await listed().toEqual(['GET /three']);
  await traces.rows.first().click();
  const frame = await window.webview('[role=treegrid] [role=row]');
  await frame.locator('[role=row]', { hasText: 'GET /three' }).first().waitFor();
  await window.command('spanhop.clearSearch');
});

it('it says so when it is gone, and is another one when that is chosen', async () => {
  renameSync(folder, `${folder}-away`);
  await window.command('spanhop.refresh');
  await expect.poll(() => traces.message.innerText(), later).toContain(`There is no folder ${folder}.`);
  await run('spanhop.changeBackendAddress', 'Folder otel');
  await chooseFolder(`${folder}-away/`);
  await listed().toEqual(['GET /four', 'GET /three', 'GET /two', 'GET /one']);
});

it('a Zipkin is added, listed page by page, searched by names as programs write them, and a trace of it opens', async () => {
  await add(/^Zipkin/);
  await input.type('Add backend: address of Zipkin', address);
  await input.title.filter({ hasText: 'Add backend: Zipkin 3.5.1 answers, with 1 service' }).waitFor();
  await input.input.press('Enter');
  await expect.poll(async () => (await names()).filter((name) => name.startsWith('get')).length, later).toBe(19);
  await window.host(({ vscode }) =>
    vscode.commands.executeCommand('spanhop.search', { text: '{ name = "POST /pay" }' }).then(() => true),
  );
  await listed().toEqual(['post /pay']);
  await traces.rows.first().click();
  const frame = await window.webview('[role=treegrid] [role=row]');
  await frame.locator('[role=row]', { hasText: 'post /pay' }).first().waitFor();
});
