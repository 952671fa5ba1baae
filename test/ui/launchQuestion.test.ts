// The question whether a launched program's traces are captured: every answer, what is remembered, and how that is taken back.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { QuickInput } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 30_000 };
const folder = mkdtempSync(join(tmpdir(), 'spanhop-question-'));
const program = join(folder, 'program.js');
const output = join(folder, 'output.txt');
let window: Workbench;
let input: QuickInput;
let endpoint: string;

beforeAll(async () => {
  writeFileSync(
    program,
    `require('node:fs').writeFileSync(${JSON.stringify(output)}, process.env.OTEL_EXPORTER_OTLP_ENDPOINT ?? 'its own')`,
  );
  window = await openWorkbench({
    workspace: folder,
    settings: { 'spanhop.capture.wellKnownPort': false, 'spanhop.capture.debugSessions': 'ask' },
  });
  input = new QuickInput(window.page);
  endpoint = await window.host(async ({ api }) => `http://127.0.0.1:${(await (await api()).capture.start()).httpPort}`);
});

afterAll(async () => {
  await window?.close();
  rmSync(folder, { recursive: true, force: true });
});

const question = (name: string) => input.title.filter({ hasText: `Capture the traces of "${name}"?` });

/** Launches without waiting: the launch waits for the answer. */
async function launch(name: string): Promise<void> {
  rmSync(output, { force: true });
  await window.host(
    ({ vscode }, configuration: { name: string; program: string }) => {
      void vscode.debug.startDebugging(undefined, { type: 'node', request: 'launch', ...configuration }, { noDebug: true });
      return true;
    },
    { name, program },
  );
}

/** The endpoint that the program saw. */
async function seen(): Promise<string> {
  await expect.poll(() => existsSync(output) && readFileSync(output, 'utf8') !== '', later).toBe(true);
  return readFileSync(output, 'utf8');
}

it('captures on Enter and leaves the program alone on Escape; asks again either way', async () => {
  await launch('Shop');
  await question('Shop').waitFor();
  await window.screenshot('launch-question');
  await input.input.press('Enter');
  expect(await seen()).toBe(endpoint);
  await launch('Shop');
  await question('Shop').waitFor();
  await input.input.press('Escape');
  expect(await seen()).toBe('its own');
  await launch('Shop');
  await input.choose('Capture the traces of "Shop"?', /^Do Not Capture/);
  expect(await seen()).toBe('its own');
});

it('remembers always and never for each configuration, until the setting changes', async () => {
  await launch('Shop');
  await input.choose('Capture the traces of "Shop"?', 'Always Capture');
  expect(await seen()).toBe(endpoint);
  await launch('Worker');
  await input.choose('Capture the traces of "Worker"?', 'Never Capture');
  expect(await seen()).toBe('its own');
  await launch('Shop');
  expect(await seen()).toBe(endpoint);
  await launch('Worker');
  expect(await seen()).toBe('its own');

  for (const value of ['always', 'ask']) {
    await window.host(async ({ vscode }, to: string) => {
      await vscode.workspace.getConfiguration('spanhop').update('capture.debugSessions', to, vscode.ConfigurationTarget.Global);
    }, value);
  }
  await launch('Worker');
  await input.choose('Capture the traces of "Worker"?', /^Capture/);
  expect(await seen()).toBe(endpoint);
});

it('asks for the programs of a compound one after the other', async () => {
  await launch('First');
  await question('First').waitFor();
  await launch('Second');
  await input.input.press('Enter');
  expect(await seen()).toBe(endpoint);
  rmSync(output, { force: true });
  await question('Second').waitFor();
  await input.input.press('Escape');
  expect(await seen()).toBe('its own');
});
