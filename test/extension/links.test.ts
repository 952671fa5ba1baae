// Links to traces, the commands that take ids, and panels across a reload of the window.

import { ok, rejects, strictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import { commands, env, extensions, TabInputWebview, Uri, ViewColumn, window } from 'vscode';
import type { SpanhopApi } from '../../src/api';
import { eventually, fixtureJson, fixturePath, openSampleSources, send, spanhop, until } from './support/spanhop';

interface Expected {
  readonly failing: readonly { traceId: string; spanId: string; file: string; line: number }[];
  readonly traces: readonly { traceId: string; name: string }[];
}

const { failing, traces } = fixtureJson('sample', 'expected.json') as Expected;

function waterfalls(): string[] {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith('spanhop.waterfall'))
    .map(({ label }) => label);
}

/** Commands of rows and of the status bar: they make no sense anywhere else, so no list shows them. */
const inner = new Set(['spanhop.openService', 'spanhop.captureMenu', 'spanhop.widenRange', 'spanhop.copyCaptureVariables']);

describe('links and commands', () => {
  let api: SpanhopApi;

  before(async () => {
    openSampleSources();
    api = await spanhop();
    const { httpPort } = await api.capture.start();
    const arrived = eventually(api.onDidChangeTraces, async () => ((await api.findTraces()).length > 0 ? true : undefined));
    await send(httpPort, readFileSync(fixturePath('sample', 'shop.otlp.json'), 'utf8'));
    await arrived;
  });

  afterEach(() => commands.executeCommand('workbench.action.closeAllEditors'));

  after(async () => {
    await api.capture.stop();
    await api.capture.clear();
  });

  it('declares every command that it registers, and registers every command that it declares', async () => {
    const declared: { command: string }[] = extensions.getExtension('spanhop.spanhop')?.packageJSON.contributes.commands ?? [];
    const known = new Set(await commands.getCommands(true));
    const missing = declared.map(({ command }) => command).filter((command) => !known.has(command));
    strictEqual(missing.join(', '), '');
    const names = new Set(declared.map(({ command }) => command));
    // VS Code makes commands for views and containers by itself: `spanhop.traces.focus`.
    const silent = [...known].filter((id) => /^spanhop\.[A-Za-z]+$/.test(id) && !names.has(id) && !inner.has(id));
    strictEqual(silent.join(', '), '');
  });

  it('openTrace takes an id', async () => {
    await commands.executeCommand('spanhop.openTrace', traces[0].traceId);
    ok(waterfalls().includes(traces[0].name));
  });

  it('openTrace takes a traceparent', async () => {
    await commands.executeCommand('spanhop.openTrace', `00-${failing[0].traceId}-${failing[0].spanId}-01`);
    ok(waterfalls().includes('POST /checkout'));
  });

  it('copies a link that opens the trace again', async () => {
    await api.openTrace(failing[0].traceId);
    await commands.executeCommand('spanhop.copyTraceLink');
    const link = Uri.parse(await env.clipboard.readText());
    strictEqual(link.authority, 'spanhop.spanhop');
    strictEqual(link.path, `/trace/${failing[0].traceId}`);
    await commands.executeCommand('spanhop.copyTraceId');
    strictEqual(await env.clipboard.readText(), failing[0].traceId);
  });

  it('goes from the selected span to the line that threw, beside the waterfall', async () => {
    const [{ traceId, spanId, file, line }] = failing;
    await commands.executeCommand('spanhop.goToSource', { traceId, spanId });
    const editor = window.activeTextEditor;
    ok(editor, 'no editor was opened');
    ok(editor.document.uri.path.endsWith(file), `${editor.document.uri}`);
    strictEqual(editor.selection.active.line, line - 1);
  });

  it('keeps the waterfall where it is, and opens source beside it, in one column however often', async () => {
    const [{ traceId, spanId, file }] = failing;
    await api.openTrace(traceId, { spanId, viewColumn: ViewColumn.One });
    await until(async () => {
      await commands.executeCommand('spanhop.goToSource');
      return window.activeTextEditor?.document.uri.path.endsWith(file) === true;
    });
    strictEqual(window.activeTextEditor?.viewColumn, ViewColumn.Two);
    await api.openTrace(traceId);
    await commands.executeCommand('spanhop.goToSource');
    strictEqual(window.tabGroups.all.length, 2);
    ok(waterfalls().includes('POST /checkout'));
  });

  it('rejects through the API what is no trace', () => rejects(api.openTrace('zz'), { name: 'BadQuery' }));
});
