#!/usr/bin/env node
// @ts-check
// `npm run test:backends`: gets the real servers that a bare machine lacks, then runs the tests against them, each of which starts, fills, checks and
// stops its own. Says what was skipped and why, prints the table of queries, and ends with `N passed, N failed, N skipped`. `npm run test:backends --
// zipkin` gets and tests the servers named.

import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countReport, failuresOf, formatCounts } from '../support/counts.mjs';
import { findLeftovers } from '../support/leftovers.mjs';
import { ensurePackages } from '../support/setUp.mjs';
import { told } from '../support/steps.mjs';
import { projectRoot, resultsRoot } from '../vscode/locations.mjs';
import { endWithNpm, ownTemporaryFolder, startOwned } from '../vscode/processes.mjs';

/** After which the tests count as hanging. */
const minutes = 12;
const report = join(resultsRoot, 'backends.json');
const tableFile = join(resultsRoot, 'conformance.json');

endWithNpm();
ownTemporaryFolder('backends');
await told(() => ensurePackages(projectRoot));
const { realServers } = await import('./servers/servers.mjs');
const { prepare } = await import('../sample/prepare.mjs');
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !realServers.some((server) => server.name === name));
if (unknown.length > 0) {
  console.error(`There is no server ${unknown.join(', ')}. Servers: ${realServers.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}
mkdirSync(resultsRoot, { recursive: true });
const mark = randomUUID();
process.env.SPANHOP_TEST_RUN = mark;
if (wanted.length > 0) process.env.SPANHOP_TEST_SERVERS = wanted.join(' ');

// The OpenTelemetry SDK that fills them is the sample's.
await told(prepare);
for (const server of realServers) {
  if (wanted.length > 0 && !wanted.includes(server.name)) continue;
  const started = performance.now();
  const { path, reason } = await server.ensure();
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(path ? `${server.label}: ${path} (${seconds} s)` : `${server.label}: its tests are skipped, ${reason}`);
}

for (const file of [report, tableFile]) rmSync(file, { force: true });
const started = performance.now();
const vitest = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const owned = startOwned(process.execPath, [vitest, 'run', '--project', 'backends', ...reporters], { cwd: projectRoot });
for (const stream of [owned.child.stdout, owned.child.stderr]) stream.on('data', (chunk) => process.stdout.write(chunk));
const timer = setTimeout(() => {
  console.log(`✗ The tests have not ended after ${minutes} minutes and are stopped.`);
  void owned.stop();
}, minutes * 60_000);
const code = await owned.exited;
clearTimeout(timer);
printTable();

const counts = countReport(report);
if (code !== 0 && counts.failed === 0) counts.failed = 1;
const leftovers = await findLeftovers(mark);
for (const each of leftovers) console.log(`✗ left running: ${each}`);
if (leftovers.length === 0) counts.passed++;
else counts.failed++;
for (const failure of failuresOf(report)) console.log(`✗ ${failure}`);
console.log(`\nreal backends: ${((performance.now() - started) / 1000).toFixed(1)} s`);
console.log(formatCounts(counts));
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);

/** One line a query, one column a server. */
function printTable() {
  /** @type {{ queries: string[], columns: { label: string, verdicts: string[], reasons: string[] }[] }} */
  let table;
  try {
    table = JSON.parse(readFileSync(tableFile, 'utf8'));
  } catch {
    return; // no server took part
  }
  const { queries, columns } = table;
  console.log(
    '\n= equal to the local store   ≈ equal to it with what the server keeps of a span   ≠ differs   – not supported\n',
  );
  for (const [index, { label }] of columns.entries()) console.log(`${' │ '.repeat(index)} ┌ ${label}`);
  for (const [row, query] of queries.entries())
    console.log(`${columns.map(({ verdicts }) => ` ${verdicts[row]} `).join('')}  ${query}`);
  for (const { label, verdicts, reasons } of columns) {
    const equal = verdicts.filter((verdict) => verdict === '=' || verdict === '≈').length;
    console.log(`${label}: ${equal} of ${verdicts.length}`);
    for (const reason of reasons) console.log(`    ≈ ${reason}`);
  }
}
