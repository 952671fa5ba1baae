#!/usr/bin/env node
// @ts-check
// `npm test`: sets up what a bare machine lacks, then runs every kind of test, one stage after the other so that two cores are enough.
// A failing stage does not hide the next one. At the end prints what failed, then the count and the time of each kind; the last line is
// `N passed, N failed, N skipped`.
// `npm test -- unit ui` runs only the stages named, and those that they need.

import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countReport, failuresOf, formatCounts as format } from './support/counts.mjs';
import { findLeftovers } from './support/leftovers.mjs';
import { ensurePackages } from './support/setUp.mjs';
import { told } from './support/steps.mjs';
import { endWithNpm, ownTemporaryFolder, startOwned } from './vscode/processes.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const results = join(root, 'test', 'results');

/**
 * @typedef {import('./support/counts.mjs').Counts} Counts
 *
 * @typedef {object} Stage
 * @property {string} name What is printed, and what names the stage on the command line.
 * @property {readonly string[]} command Arguments of Node.
 * @property {number} minutes After which it counts as hanging.
 * @property {number} [tries] How often it is begun where it hangs; 1 without.
 * @property {string} [report] File in test/results with what ran; without one the stage is one check that passes or fails.
 * @property {readonly string[]} [needs] The stages that make what this one tests with; they run even when only this one is named.
 *
 * @typedef {Counts & { seconds: number, failures: readonly string[] }} Outcome
 */

const bin = (/** @type {string} */ path) => join(root, 'node_modules', path);
const vitest = (/** @type {string[]} */ ...projects) => [
  bin('vitest/vitest.mjs'),
  'run',
  ...projects.flatMap((project) => ['--project', project]),
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${join(results, `${projects[0]}.json`)}`,
  '--passWithNoTests',
];

/** @type {readonly Stage[]} */
const stages = [
  { name: 'set-up', command: ['test/support/prepareAll.mjs'], minutes: 20 },
  { name: 'types', command: [bin('typescript/bin/tsc'), '--noEmit', '-p', '.'], minutes: 5 },
  {
    name: 'types of the pure layers',
    command: [bin('typescript/bin/tsc'), '--noEmit', '-p', 'src/tsconfig.pure.json'],
    minutes: 5,
  },
  // Its scanner may wait for itself (github.com/biomejs/biome, issue 10782): what hangs has found nothing wrong, and nothing right.
  { name: 'lint', command: [bin('@biomejs/biome/bin/biome'), 'check', '.'], minutes: 3, tries: 3 },
  { name: 'layers', command: ['src/build/checkLayers.mjs'], minutes: 1 },
  { name: 'opening', command: ['src/build/checkOpening.mjs'], minutes: 1 },
  { name: 'redaction', command: ['src/build/checkRedaction.mjs'], minutes: 1 },
  { name: 'texts', command: ['src/build/checkTexts.mjs'], minutes: 1 },
  { name: 'names', command: ['src/build/checkNames.mjs'], minutes: 1 },
  { name: 'build', command: ['src/build/build.mjs'], minutes: 3 },
  { name: 'package', command: ['src/build/checkPackage.mjs'], minutes: 5 },
  { name: 'unit', command: vitest('unit', 'alone'), minutes: 25, report: 'unit.json' },
  { name: 'fuzz', command: ['test/fuzz/run.mjs', '--seed', '1', '--inputs', '400000', '--seconds', '75'], minutes: 3 },
  {
    name: 'extension',
    command: ['test/vscode/runExtensionTests.mjs'],
    minutes: 15,
    report: 'extension.json',
    needs: ['set-up', 'build'],
  },
  { name: 'ui', command: vitest('ui'), minutes: 35, report: 'ui.json', needs: ['set-up', 'build'] },
  { name: 'installed', command: vitest('installed'), minutes: 5, report: 'installed.json', needs: ['set-up', 'package'] },
  { name: 'commands', command: ['test/support/checkCommands.mjs'], minutes: 20, report: 'commands.json' },
];

/**
 * @param {Stage} stage
 * @returns {Promise<Outcome>}
 */
async function run(stage) {
  const started = performance.now();
  console.log(`\n── ${stage.name} ${'─'.repeat(Math.max(3, 90 - stage.name.length))}`);
  if (stage.report) rmSync(join(results, stage.report), { force: true });
  let { code, hung } = await runOnce(stage);
  for (let tries = 1; hung && tries < (stage.tries ?? 1); tries++) ({ code, hung } = await runOnce(stage));
  const counts = stage.report ? countReport(join(results, stage.report)) : { passed: 0, failed: 0, skipped: 0 };
  // A stage that is one check; or one that ended badly although no test of it did, such as a file that does not compile.
  if (!stage.report && code === 0) counts.passed = 1;
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  const seconds = (performance.now() - started) / 1000;
  console.log(`${stage.name}: ${format(counts)} (${seconds.toFixed(1)} s)`);
  const failures = stage.report ? failuresOf(join(results, stage.report)) : [];
  if (counts.failed > 0 && failures.length === 0) failures.push(`ended with the code ${code}`);
  return { ...counts, seconds, failures };
}

/**
 * @param {Stage} stage
 * @returns {Promise<{ code: number, hung: boolean }>}
 */
async function runOnce({ name, command, minutes }) {
  const owned = startOwned(process.execPath, command, { cwd: root });
  owned.child.stdout.on('data', (chunk) => process.stdout.write(chunk));
  owned.child.stderr.on('data', (chunk) => process.stdout.write(chunk));
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    console.log(`✗ ${name} has not ended after ${minutes} minutes and is stopped.`);
    void owned.stop();
  }, minutes * 60_000);
  const code = await owned.exited;
  clearTimeout(timer);
  return { code, hung };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(', ')}. Stages: ${stages.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}
endWithNpm();
ownTemporaryFolder('test');
await told(() => ensurePackages(root));
mkdirSync(results, { recursive: true });
// Every process of this run inherits the mark, so that what is left at the end can be told from other people's.
const mark = randomUUID();
process.env.SPANHOP_TEST_RUN = mark;
const needed = stages.filter(({ name }) => wanted.includes(name)).flatMap(({ needs = [] }) => needs);
const chosen = wanted.length === 0 ? stages : stages.filter(({ name }) => wanted.includes(name) || needed.includes(name));

/** @type {Array<[string, Outcome]>} */
const all = [];
/** @type {Set<string>} */
const failed = new Set();
for (const stage of chosen) {
  const missing = stage.needs?.filter((name) => failed.has(name)) ?? [];
  if (missing.length > 0) {
    const failure = `not run, because ${missing.join(' and ')} did not succeed`;
    console.log(`\n${stage.name}: ${failure}`);
    all.push([stage.name, { passed: 0, failed: 1, skipped: 0, seconds: 0, failures: [failure] }]);
    continue;
  }
  const counts = await run(stage);
  all.push([stage.name, counts]);
  if (counts.failed > 0) failed.add(stage.name);
}

const leftovers = await findLeftovers(mark);
for (const each of leftovers) console.log(`✗ left running: ${each}`);
all.push([
  'nothing left running',
  {
    passed: leftovers.length === 0 ? 1 : 0,
    failed: leftovers.length === 0 ? 0 : 1,
    skipped: 0,
    seconds: 0,
    failures: leftovers,
  },
]);

console.log(`\n${'─'.repeat(94)}`);
for (const [name, { failures }] of all) for (const failure of failures) console.log(`✗ ${name} › ${failure}`);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, counts] of all) {
  console.log(
    `${counts.failed > 0 ? '✗' : '✓'} ${name.padEnd(24)} ${format(counts).padEnd(34)} ${counts.seconds.toFixed(0).padStart(5)} s`,
  );
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}
console.log(format(total));
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
