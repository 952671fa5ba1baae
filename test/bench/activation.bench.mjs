// @ts-check
// Activation as VS Code reports it: loading the code and calling `activate`, each time in a window that was reloaded, as it starts every day. Nobody
// holds the browser meanwhile.

import { quantile, report } from '../support/budget.mjs';
import { longestHostBlockMs, reportedActivation } from '../support/measure.mjs';
import { openWorkbench } from '../vscode/workbench.mjs';
import { settleHost } from './lib/watch.mjs';

const RUNS = 5;
const activations = [];
const blocks = [];
const workbench = await openWorkbench();
try {
  for (let run = 0; run < RUNS; run++) {
    await workbench.unattended(async () => {
      await reloadWindow();
      await settleHost(workbench);
    });
    activations.push((await reportedActivation(workbench)).activationMs);
    blocks.push(await longestHostBlockMs(workbench, () => workbench.command('spanhop.refresh')));
    await workbench.command('workbench.action.closeAllEditors');
  }
} finally {
  await workbench.close();
}
report({
  what: 'activation, as VS Code reports it',
  value: quantile(activations, 0.5),
  unit: 'ms',
  atMost: 50,
  note: `median of ${activations.length} reloads: ${activations.join(', ')}`,
});
report({
  what: 'longest block of the extension host, refreshing an empty tree',
  value: quantile(blocks, 0.5),
  unit: 'ms',
  atMost: 50,
  note: `median of ${blocks.map((ms) => ms.toFixed(0)).join(', ')}`,
});

/** Reloads the window and waits until the new extension host answers. */
async function reloadWindow() {
  await workbench.host(({ vscode, memory }) => {
    memory.isOld = true;
    // The host goes away while it says yes.
    setTimeout(() => vscode.commands.executeCommand('workbench.action.reloadWindow'), 100);
  });
  for (;;) {
    const isNew = await workbench.host(({ memory }) => memory.isOld !== true).catch(() => false);
    if (isNew) return;
    await new Promise((done) => setTimeout(done, 200));
  }
}
