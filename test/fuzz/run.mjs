#!/usr/bin/env node
// @ts-check
// `npm run fuzz`: gives all decoders damaged and odd input and looks whether what must hold for any input does (checkSpans.ts, checkLogs.ts),
// and so the reader of a capture's log (checkLog.ts).
// An input is made of nothing but its seed (and the samples that there are), so that a finding can be had again: --replay SEED. It
// is also written to test/results/fuzz. An input that hangs is ended after some seconds, and counts as a finding.
//
//   --inputs N     so many inputs (default: no end)        --seed N      the first seed (default: of the clock)
//   --seconds N    so long (default: 60, or no end when inputs are given)
//   --workers N    threads (default 1)                     --only TEXT   samples of this format, or with this in their names; capture-log
//   --replay SEED  that input alone                        --findings N  stops after so many (default 20)

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ensurePackages } from '../support/setUp.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages(root);
const { buildFuzz } = await import('../../src/build/buildTests.mjs');

/** An input may take so long. */
const HANGS_MS = 5_000;
const LOOK_MS = 250;
const PROGRESS_MS = 15_000;

const text = { type: /** @type {const} */ ('string') };
const { values } = parseArgs({
  options: { inputs: text, seconds: text, seed: text, workers: text, only: text, replay: text, findings: text },
});
/** @param {string | undefined} value @param {number} otherwise */
const number = (value, otherwise) => {
  const parsed = value === undefined ? otherwise : Number(value);
  if (!(parsed >= 0)) throw new Error(`${value} is no number.`);
  return parsed;
};
const replay = values.replay === undefined ? undefined : number(values.replay, 0);
const inputs = replay === undefined ? number(values.inputs, Infinity) : 1;
const seconds = number(values.seconds, inputs === Infinity ? 60 : Infinity);
const first = replay ?? number(values.seed, Date.now() % 1e9);
const workers = replay === undefined ? number(values.workers, 1) : 1;
const mostFindings = number(values.findings, 20);

const folder = join(root, 'test', 'results', 'fuzz');
mkdirSync(folder, { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), 'spanhop-fuzz-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(1));
const file = await buildFuzz();
const started = performance.now();
const findings = new Map();
let peak = 0;
let isOver = false;

/** One a worker; a worker that hung goes on with the same. */
const all = Array.from({ length: workers }, () => new Float64Array(new SharedArrayBuffer(8 * 6)));
const sum = (/** @type {number} */ index) => all.reduce((total, progress) => total + progress[index], 0);

function tell(/** @type {string} */ opening) {
  const passed = (performance.now() - started) / 1000;
  const slowest = all.reduce((a, b) => (a[4] >= b[4] ? a : b));
  console.log(
    `${opening}${sum(1).toLocaleString('en')} inputs, ${Math.round(sum(1) / passed).toLocaleString('en')} a second; ` +
      `${sum(3).toLocaleString('en')} spans and records read, ${sum(2).toLocaleString('en')} inputs refused; ` +
      `slowest ${(slowest[4] / 1000).toFixed(1)} ms (seed ${slowest[5]}); ${Math.round(peak / 1e6)} MB at most; ${findings.size} findings`,
  );
}

function found(/** @type {{ seed: number, sample?: string, file?: string, reason: string }} */ finding) {
  if (findings.has(finding.seed)) return;
  findings.set(finding.seed, finding);
  console.log(
    `✗ seed ${finding.seed}${finding.sample ? ` of ${finding.sample}` : ''}: ${finding.reason}\n  replay with: npm run fuzz -- --replay ${finding.seed}${values.only ? ` --only ${values.only}` : ''}`,
  );
}

/** @param {number} index @param {number} from */
function run(index, from) {
  const progress = all[index];
  const to = inputs === Infinity ? Number.MAX_SAFE_INTEGER : first + inputs;
  return new Promise((resolve, reject) => {
    const own = join(scratch, String(index));
    mkdirSync(own, { recursive: true });
    const worker = new Worker(file, {
      workerData: { root, from, step: workers, to, only: values.only, folder, scratch: own, progress },
    });
    let seen = -1;
    let since = performance.now();
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
      if (progress[1] !== seen) {
        seen = progress[1];
        since = performance.now();
      }
      const hangs = seen > 0 && performance.now() - since > HANGS_MS;
      const enough = findings.size >= mostFindings || performance.now() - started > seconds * 1000;
      if (!hangs && !enough) return;
      clearInterval(timer);
      isOver ||= enough;
      const seed = progress[0];
      void worker.terminate().then(() => {
        if (!hangs) return resolve(undefined);
        found({ seed, reason: `did not end within ${HANGS_MS / 1000} s` });
        resolve(seed + workers < to && !isOver ? run(index, seed + workers) : undefined);
      });
    }, LOOK_MS);
    worker.on('message', found);
    worker.on('error', reject);
    worker.on('exit', () => {
      clearInterval(timer);
      if (performance.now() - since <= HANGS_MS) resolve(undefined);
    });
  });
}

console.log(`First seed ${first}.`);
const timer = setInterval(() => tell('  '), PROGRESS_MS);
await Promise.all(all.map((_, index) => run(index, first + index)));
clearInterval(timer);
peak = Math.max(peak, process.memoryUsage.rss());
tell('');
process.exit(findings.size === 0 ? 0 : 1);
