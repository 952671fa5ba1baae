// Press F5 on a Python service: debugpy's own adapter runs it, its spans come and lead to the lines that made them; and the step that an environment without
// OpenTelemetry lacks is offered.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pythonEnvironment } from '../support/pythonEnvironment.mjs';
import { projectRoot } from '../vscode/locations.mjs';
import { temporaryFolder } from '../vscode/processes.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const programs = join(projectRoot, 'test', 'programs', 'python');
const scratch = temporaryFolder('python');
let window: Workbench | undefined;
let python = '';
let reason: string | undefined;

beforeAll(async () => {
  ({ python = '', reason } = await pythonEnvironment());
  if (reason !== undefined) return;
  window = await openWorkbench({
    workspace: programs,
    extensionsFolder: debuggerExtension(),
    settings: {
      'spanhop.capture.wellKnownPort': false,
      'spanhop.capture.debugSessions': 'always',
      'debug.openDebug': 'neverOpen',
      'debug.internalConsoleOptions': 'neverOpen',
    },
  });
  await window.command('spanhop.startCapture');
}, 240_000);

afterAll(async () => {
  await window?.close();
  await scratch.remove();
});

/** An extension that has debugpy debug, as Microsoft's does: that one is not to be had from npm or PyPI. */
function debuggerExtension(): string {
  const folder = join(scratch.path, 'extensions', 'spanhop-test.debugpy-0.0.1');
  mkdirSync(folder, { recursive: true });
  const manifest = {
    ...{ name: 'debugpy', publisher: 'spanhop-test', version: '0.0.1', main: './main.js', activationEvents: ['*'] },
    engines: { vscode: '^1.96.0' },
    extensionKind: ['workspace'],
    contributes: { debuggers: [{ type: 'debugpy', label: 'Python', languages: ['python'] }] },
  };
  const printed = execFileSync(python, ['-c', 'import debugpy; print(debugpy.__path__[0])'], { encoding: 'utf8' });
  const adapter = [join(printed.trim(), 'adapter')];
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    join(folder, 'main.js'),
    `const { debug, DebugAdapterExecutable } = require('vscode');
     exports.activate = () => debug.registerDebugAdapterDescriptorFactory('debugpy', {
       createDebugAdapterDescriptor: () => new DebugAdapterExecutable(${JSON.stringify(python)}, ${JSON.stringify(adapter)}),
     });`,
  );
  return join(folder, '..');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function debug(opened: Workbench, name: string, given: object): Promise<void> {
  const started = await opened.host(
    ({ vscode }, configuration) =>
      vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], configuration) as Promise<boolean>,
    { type: 'debugpy', request: 'launch', name, console: 'internalConsole', cwd: programs, ...given },
  );
  expect(started).toBe(true);
}

it('traces a Flask service that is debugged, and leads to the view, the statement and the call', async ({ skip }) => {
  if (reason !== undefined || !window) return skip(reason);
  const port = String(await freePort());
  const prices = createHttp((_request, response) => response.end('42')).listen(0, '127.0.0.1');
  await new Promise((done) => prices.once('listening', done));
  const address = prices.address();
  const env = { PORT: port, PRICES: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
  await debug(window, 'shop', { program: join(programs, 'shop.py'), python: [python], env });
  await vi.waitFor(() => fetch(`http://127.0.0.1:${port}/articles/tea`), { timeout: 40_000, interval: 200 });
  const opened = window;
  const places = await vi.waitFor(
    async () => {
      const found = await opened.host(async ({ api }) => {
        const { findTraces, getTrace, resolveSource } = await api();
        const all = await findTraces(undefined, { backend: 'local', limit: 100 });
        const summary = all.find(({ rootName }: { rootName: string }) => rootName === 'GET /articles/<name>');
        if (!summary) return [];
        const { spans } = await getTrace(summary.traceId, { backend: 'local' });
        return Promise.all(
          spans.map(async (span: { traceId: string; spanId: string; kind: string; name: string }) => {
            const [best] = await resolveSource(span.traceId, span.spanId);
            return `${span.kind} ${span.name}: ${best?.uri.path.split('/').at(-1)}:${(best?.line ?? 0) + 1}`;
          }),
        );
      }, undefined);
      expect(found.length).toBeGreaterThanOrEqual(3);
      return found;
    },
    { timeout: 15_000, interval: 200 },
  );
  expect(places).toEqual(
    expect.arrayContaining(['server GET /articles/<name>: shop.py:17', 'client select: shop.py:18', 'client GET: shop.py:13']),
  );
  await window.host(({ vscode }) => vscode.debug.stopDebugging() as Promise<void>, undefined);
  prices.close();
}, 90_000);

it('offers what an environment lacks, and not again where the person does not want that', async ({ skip }) => {
  if (reason !== undefined || !window) return skip(reason);
  const bare = join(scratch.path, 'bare');
  execFileSync('python3', ['-m', 'venv', '--without-pip', bare]);
  await debug(window, 'plain', { program: join(programs, 'plain.py'), python: [join(bare, 'bin', 'python')] });
  const opened = window;
  await vi.waitFor(async () => expect(await opened.notifications()).toContain('has no OpenTelemetry packages'), {
    timeout: 15_000,
    interval: 200,
  });
  await window.listNotifications();
  const button = window.page.getByRole('button', { name: "Don't Ask Again" }).first();
  await button.click();
  await debug(window, 'plain again', { program: join(programs, 'plain.py'), python: [join(bare, 'bin', 'python')] });
  await vi.waitFor(
    async () => expect(await opened.host(({ vscode }) => vscode.debug.activeDebugSession?.name, undefined)).toBeUndefined(),
    { timeout: 20_000, interval: 200 },
  );
  expect(await window.notifications()).not.toContain('has no OpenTelemetry packages');
}, 60_000);
