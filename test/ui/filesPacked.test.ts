// Compressed files and files of other kinds, opened as the explorer opens them: the trace that is in one, or the sentence that says what it is and
// what to get instead.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { requestBytes } from '../support/otlp';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

let workbench: Workbench;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-packed-'));
  workbench = await openWorkbench({ width: 1200, height: 700, settings: { 'spanhop.capture.wellKnownPort': false } });
});

afterEach(() => workbench.command('workbench.action.closeAllEditors'));

afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A double click in the explorer where `editor` is undefined, else "Reopen Editor With…". */
async function open(name: string, content: Uint8Array | string, editor?: string): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, content);
  await workbench.host(
    async ({ vscode }, [file, viewType]) => {
      const uri = vscode.Uri.file(file);
      if (viewType === '') await vscode.commands.executeCommand('vscode.open', uri);
      else await vscode.commands.executeCommand('vscode.openWith', uri, viewType);
      return true;
    },
    [path, editor ?? ''],
  );
}

const trace = readFileSync(join(projectRoot, 'media', 'sample', 'checkout.otlp.json'));

describe('a compressed trace file', () => {
  it('opens with a double click', async () => {
    await open('checkout.otlp.json.gz', gzipSync(trace));
    const frame = await workbench.webview('[role=treegrid] [role=row]');
    await expect.poll(() => frame.locator('[role=treegrid]').innerText()).toContain('PaymentService.charge');
    await workbench.screenshot('packed-double-click');
  });

  it('that is cut shows what is there, and says that more is missing', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) =>
      requestBytes([{ traceId: 'c1', spanId: (i + 1).toString(16), name: `row ${Math.sin(i)}` }]),
    );
    const packed = gzipSync(Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
    await open('cut.jsonl.gz', packed.subarray(0, packed.length - 2000), 'spanhop.jsonTraceEditor');
    const frame = await workbench.webview('[role=treegrid] [role=row]');
    await frame.locator('.footer .fact.warning').first().click();
    const said =
      /cut\.jsonl\.gz is damaged: its gzip data ends early or makes no sense after [\d,]+ unpacked bytes; the [\d,]+ spans before that were kept\./;
    await expect.poll(() => frame.locator('.footer [role=dialog]').innerText()).toMatch(said);
    await workbench.screenshot('packed-cut');
  });
});

describe('a file that is no trace data', () => {
  const json = (value: unknown): string => JSON.stringify(value);
  it.each([
    [
      'frame.json',
      json({ results: { A: { frames: [{ schema: { fields: [{ name: 'traceID' }] } }] } } }),
      'data frame of Grafana',
      '/api/v2/traces/',
    ],
    [
      'search.json',
      json({ traces: [{ traceID: 'a', rootServiceName: 'b', durationMs: 1 }] }),
      'search results of Tempo',
      '/api/v2/traces/',
    ],
    ['services.json', json({ data: ['a', 'b'], total: 2 }), 'list of names', 'Trace JSON'],
    ['page.har', json({ log: { version: '1.2', creator: {}, entries: [] } }), 'HAR file', 'no spans'],
    ['events.json', json({ traceEvents: [{ ph: 'M', name: 'x' }] }), "Chrome's trace events", 'Perfetto'],
    [
      'cpu.pb.gz',
      gzipSync(Uint8Array.from([0x0a, 4, 8, 1, 0x10, 2, 0x0a, 4, 8, 3, 0x10, 4])),
      'profile of pprof',
      'go tool pprof',
    ],
    ['twice.json.gz', gzipSync(gzipSync(trace)), 'another archive', 'Unpack it'],
  ])('%s: says what it is, and what to do', async (name, content, what, instead) => {
    await open(name, content, 'spanhop.jsonTraceEditor');
    const frame = await workbench.webview('.problem');
    const shown = await frame.locator('.problem').innerText();
    expect(shown).toContain(name);
    expect(shown).toContain(what);
    expect(shown).toContain(instead);
  });
});
