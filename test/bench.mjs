#!/usr/bin/env node
// @ts-check
// `npm run bench`: runs each file of test/bench in a process of its own, one after the other, and ends with 1 when a budget is
// broken. `npm run bench -- decode activation` runs those whose names contain one of the words. The figures are kept as JSON lines in
// test/results/bench.jsonl.

import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages } from './support/setUp.mjs';
import { told } from './support/steps.mjs';
import { projectRoot, resultsRoot } from './vscode/locations.mjs';

await told(() => ensurePackages(projectRoot));
const { buildAll } = await import('../src/build/build.mjs');
const { buildBenches } = await import('../src/build/buildTests.mjs');
const { startOwned } = await import('./vscode/processes.mjs');

const words = process.argv.slice(2);
const names = readdirSync(join(projectRoot, 'test', 'bench'))
  .filter((name) => /\.bench\.(mjs|ts)$/.test(name) && (words.length === 0 || words.some((word) => name.includes(word))))
  .sort();
if (names.length === 0) {
  console.error('There is no such benchmark in test/bench.');
  process.exit(2);
}

const figuresFile = join(resultsRoot, 'bench.jsonl');
mkdirSync(resultsRoot, { recursive: true });
rmSync(figuresFile, { force: true });
// What users run is measured: minified, as it is packaged.
await buildAll({ production: true, quiet: true });
let broken = 0;
for (const [index, file] of (await buildBenches(names)).entries()) {
  console.log(`\n── ${names[index]}`);
  const env = { ...process.env, SPANHOP_BENCH_RESULTS: figuresFile };
  const owned = startOwned(process.execPath, ['--expose-gc', '--max-old-space-size=6000', file], { cwd: projectRoot, env });
  owned.child.stdout.on('data', (chunk) => process.stdout.write(chunk));
  owned.child.stderr.on('data', (chunk) => process.stderr.write(chunk));
  if ((await owned.exited) !== 0) broken++;
}

const figures = readFigures();
const missed = figures.filter(({ kept }) => !kept);
console.log(
  `\n${figures.length} figures, ${missed.length} over budget, ${broken} of ${names.length} benchmarks did not end well`,
);
for (const { what, value, unit, atMost, atLeast } of missed) {
  console.log(
    `✗ ${what}: ${value.toPrecision(3)} ${unit}, budget ${atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`}`,
  );
}
process.exit(broken > 0 || missed.length > 0 ? 1 : 0);

/** @returns {Array<import('./support/budget.mjs').Figure & { kept: boolean }>} */
function readFigures() {
  try {
    return readFileSync(figuresFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}
