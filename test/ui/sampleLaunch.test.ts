// F5 on the sample's own launch configuration, as a person does it: press the key, watch the traces come in below the debug session, stop.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SideBarView } from '../support/sideBar';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

let window: Workbench;
let traces: SideBarView;

beforeAll(async () => {
  window = await openWorkbench({
    workspace: join(projectRoot, 'test', 'sample'),
    settings: {
      'spanhop.capture.wellKnownPort': false,
      'spanhop.capture.debugSessions': 'always',
      'spanhop.traces.groupBy': 'session',
      'debug.openDebug': 'neverOpen',
      'debug.internalConsoleOptions': 'neverOpen',
    },
  });
  traces = new SideBarView(window, 'Traces');
  await window.command('spanhop.startCapture');
  await window.command('spanhop.traces.focus');
});

afterAll(async () => {
  await window?.close();
});

it('brings the traces of the shop, grouped under the debug session', async () => {
  await window.page.keyboard.press('F5');
  // The task builds first, five processes start and are attached to.
  await expect.poll(() => traces.texts(), { timeout: 90_000 }).toContainEqual(expect.stringMatching(/^Shop: all services/));
  await traces.row('POST /checkout').first().waitFor({ timeout: 60_000 });
  await window.screenshot('sample-f5');
  // All of them are the session's: there is no other group.
  expect(await traces.pane.locator('.monaco-list-row[aria-level="1"]').allInnerTexts()).toEqual([
    expect.stringMatching(/^\s*Shop: all services/),
  ]);
  const failing = traces.row('GET /cart/:id/total').first();
  await failing.waitFor({ timeout: 60_000 });
  await window.page.locator('.debug-toolbar').waitFor();
  await window.page.keyboard.press('Shift+F5');
  await window.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
});
