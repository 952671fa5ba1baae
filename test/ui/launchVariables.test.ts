// What programs are given that are no debug sessions, in a real window: a terminal, a task and a test run, each as people start them; what VS Code says of
// it; and that all of it is gone when capturing ends.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { QuickInput } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 30_000 };
const folder = mkdtempSync(join(tmpdir(), 'spanhop-variables-'));
const output = join(folder, 'output.json');
/** Writes what it sees. */
const program = join(folder, 'program.js');
let window: Workbench;
let endpoint: string;

beforeAll(async () => {
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(
    program,
    `const seen = Object.entries(process.env).filter(([name]) => name.startsWith('OTEL_'));
     require('node:fs').writeFileSync(${JSON.stringify(`${output}.new`)}, JSON.stringify(Object.fromEntries(seen)));
     require('node:fs').renameSync(${JSON.stringify(`${output}.new`)}, ${JSON.stringify(output)});`,
  );
  const task = { label: 'look', type: 'process', command: process.execPath, args: [program], presentation: { reveal: 'never' } };
  const shell = { ...task, label: 'shell look', type: 'shell', command: 'node', args: [program] };
  writeFileSync(join(folder, '.vscode', 'tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [task, shell] }));
  window = await openWorkbench({
    workspace: folder,
    width: 1400,
    settings: {
      'spanhop.capture.wellKnownPort': false,
      'terminal.integrated.gpuAcceleration': 'off',
      'testing.automaticallyOpenTestResults': 'neverOpen',
    },
  });
  await window.host(
    ({ vscode, memory, require }, given: { program: string; node: string }) => {
      const controller = vscode.tests.createTestController('looks', 'Looks');
      const item = controller.createTestItem('look', 'look');
      controller.items.add(item);
      controller.createRunProfile(
        'Run',
        vscode.TestRunProfileKind.Run,
        (request: unknown) => {
          const run = controller.createTestRun(request as never);
          run.started(item);
          // As Vitest, Jest, pytest and Go are started by their extensions.
          require('node:child_process')
            .spawn(given.node, [given.program], { env: { ...process.env } })
            .on('close', () => {
              run.passed(item);
              run.end();
            });
        },
        true,
      );
      memory.controller = controller;
      return true;
    },
    { program, node: process.execPath },
  );
});
afterAll(async () => {
  await window?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => rmSync(output, { force: true }));

async function seen(): Promise<Record<string, string>> {
  await expect.poll(() => existsSync(output), later).toBe(true);
  const text = readFileSync(output, 'utf8');
  rmSync(output);
  return JSON.parse(text);
}

const inTerminal = () =>
  window.host(({ vscode }, given: string) => {
    const terminal = vscode.window.createTerminal({ name: 'mine' });
    terminal.show();
    terminal.sendText(given);
    return true;
  }, `"${process.execPath}" "${program}"`);
const asTask = (label: string) =>
  window.host(async ({ vscode }, wanted: string) => {
    const task = (await vscode.tasks.fetchTasks()).find(({ name }: { name: string }) => name === wanted);
    if (!task) throw new Error('no such task');
    await vscode.tasks.executeTask(task);
    return true;
  }, label);
const asTest = () => window.command('testing.runAll');

const ways: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['a terminal', inTerminal],
  ['a task', () => asTask('look')],
  ['a task of a shell', () => asTask('shell look')],
  ['a test', asTest],
];

it.each(ways)('%s has none before', async (_what, start) => {
  await start();
  expect(await seen()).toEqual({});
});

it.each(ways)('%s sends here while something is captured, as a session of its kind', async (what, start) => {
  endpoint = await window.host(async ({ api }) => `http://127.0.0.1:${(await (await api()).capture.start()).httpPort}`);
  await expect.poll(() => window.host(() => process.env.OTEL_EXPORTER_OTLP_ENDPOINT), later).toBe(endpoint);
  await start();
  const kind = what === 'a test' ? 'tests' : 'terminals';
  expect(await seen()).toMatchObject({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_TRACES_SAMPLER: 'always_on',
    OTEL_RESOURCE_ATTRIBUTES: expect.stringMatching(new RegExp(`vscode\\.debug\\.session\\.id=${kind}-[0-9a-f-]{36}$`)),
  });
});

it('a debug session sees its own, and none of those that stand around it', async () => {
  await window.host(({ vscode }, given: string) => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const configuration = {
      type: 'node',
      request: 'launch',
      name: 'Shop',
      program: given,
      env: { OTEL_TRACES_EXPORTER: 'console' },
    };
    void vscode.debug.startDebugging(folder, configuration, { noDebug: true });
    return true;
  }, program);
  expect(await seen()).toEqual({ OTEL_TRACES_EXPORTER: 'console' });
  await expect.poll(() => window.notifications(), later).toMatch(/"Shop" gives its traces to "console".*They do not come here/);
  await window.screenshot('launch-elsewhere');
});

it('shows what is set and why', async () => {
  const input = new QuickInput(window.page);
  // It answers when the list is closed.
  await window.host(({ vscode }) => {
    void vscode.commands.executeCommand('spanhop.showLaunchVariables');
    return true;
  });
  await input.title.filter({ hasText: 'Variables that programs are given' }).waitFor();
  await window.screenshot('launch-variables');
  await input.choose('Variables that programs are given', /Terminals and tasks/);
  await input.title.filter({ hasText: 'Variables of Terminals and tasks' }).waitFor();
  await window.screenshot('launch-variables-terminals');
  await input.input.press('Escape');
});

it.each(ways)('%s has none afterwards', async (_what, start) => {
  await window.command('spanhop.stopCapture');
  await start();
  expect(await seen()).toEqual({});
});
