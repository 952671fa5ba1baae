#!/usr/bin/env node
// @ts-check
// `npm run evaluate`: how many of the lines are right that the ladder gives for spans of public repositories (test/evaluation/README.md).

import { ensurePackages } from './support/setUp.mjs';
import { told } from './support/steps.mjs';
import { projectRoot } from './vscode/locations.mjs';

await told(() => ensurePackages(projectRoot));
const { buildEvaluation } = await import('../src/build/buildTests.mjs');
const { startOwned } = await import('./vscode/processes.mjs');

const owned = startOwned(process.execPath, ['--max-old-space-size=6000', await buildEvaluation(), ...process.argv.slice(2)], {
  cwd: projectRoot,
});
owned.child.stdout.on('data', (chunk) => process.stdout.write(chunk));
owned.child.stderr.on('data', (chunk) => process.stderr.write(chunk));
process.exit((await owned.exited) ?? 1);
