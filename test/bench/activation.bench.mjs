// @ts-check
// Activation as VS Code reports it: loading the code and calling `activate`. Each measurement is a fresh VS Code.

import { quantile, report } from '../support/budget.mjs';
import { longestHostBlockMs, reportedActivation } from '../support/measure.mjs';
import { openWorkbench } from '../vscode/workbench.mjs';

const activations = [];
const blocks = [];
for (let run = 0; run < 3; run++) {
  const workbench = await openWorkbench();
  try {
    activations.push((await reportedActivation(workbench)).activationMs);
    blocks.push(await longestHostBlockMs(workbench, () => workbench.command('spanhop.refresh')));
  } finally {
    await workbench.close();
  }
}
const note = `median of ${activations.length} windows: ${activations.join(', ')}`;
report({ what: 'activation, as VS Code reports it', value: quantile(activations, 0.5), unit: 'ms', atMost: 50, note });
report({
  what: 'longest block of the extension host, refreshing an empty tree',
  value: quantile(blocks, 0.5),
  unit: 'ms',
  atMost: 50,
});
