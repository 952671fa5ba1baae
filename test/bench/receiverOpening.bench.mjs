// The capture's receiver under load while a trace of a million spans is opened from a file, shown and exported: spans/s meanwhile, the longest that a
// program waited for its answer, and the longest step of the engine's thread, which receives.
//
//   node test/bench/receiverOpening.bench.mjs [--seconds 6]
//
// Beside each figure stands the one of the same run before the file is opened. Exits with 1 when a budget is missed: 200,000 spans/s, and 30 ms a step
// (on a machine that is overrun, both are only printed).
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { quantile, report } from '../support/budget.mjs';
import { BIG_TRACE_ID, bigTraceFile } from './data/bigTrace.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const load = join(root, 'test/support/load');
const option = process.argv.indexOf('--seconds');
const seconds = option < 0 ? 6 : Number(process.argv[option + 1]);
const leastRate = 200_000;
const longestStepMs = 30;
const settings = {
  redactKeys: ['*password*'],
  redactPatterns: [],
  memoryBytes: 3 * 2 ** 30,
  captureMemoryBytes: 512 << 20,
  captureLogBytes: 64 * 1024 ** 3,
};

const overrun = loadavg()[0] > 2 * cpus().length;
const file = bigTraceFile(1_000_000, 'pb');
const folder = mkdtempSync(join(tmpdir(), 'spanhop-bench-'));
const children = [];
try {
  await build({
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    absWorkingDir: root,
    entryPoints: { engine: 'test/support/load/probedEngine.ts', client: 'src/engine/client.ts' },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
  });
  const args = [join(load, 'captureHost.mjs'), join(folder, 'client.cjs'), join(folder, 'engine.cjs'), join(folder, 'captures')];
  const host = child([...args, JSON.stringify(settings)]);
  const steps = [];
  const answers = [];
  let waiting = () => {};
  const port = await new Promise((resolve) => {
    lines(host, (said) => {
      if (said.port) resolve(said.port);
      if (said.stepMs !== undefined) steps.push(said);
      if (said.called) {
        answers.push(said);
        waiting();
      }
    });
  });
  const call = async (method, params) => {
    const answered = new Promise((resolve) => {
      waiting = resolve;
    });
    host.stdin.write(`${JSON.stringify({ method, params })}\n`);
    await answered;
    return answers.at(-1);
  };

  const sent = [];
  lines(child([join(load, 'sender.mjs'), String(port), '4']), (said) => sent.push(said));
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const before = { from: Date.now(), to: Date.now() + seconds * 1000 };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));

  const dataset = 'file:large';
  const opened = await call('openFile', { dataset, name: 'large.otlp.pb', path: file.path });
  const key = { dataset, traceId: BIG_TRACE_ID };
  const shown = await call('openTrace', { ...key, ids: true });
  const asJson = await call('exportTrace', { ...key, format: 'otlp-json', path: join(folder, 'large.otlp.json') });
  const asProto = await call('exportTrace', { ...key, format: 'otlp-proto', path: join(folder, 'large.otlp.pb') });
  // What was said of the last moments is on its way.
  await new Promise((resolve) => setTimeout(resolve, 600));

  const meanwhile = { from: opened.from, to: asProto.to };
  const quiet = figuresOf(before);
  const busy = figuresOf(meanwhile);
  const took = [opened, shown, asJson, asProto].map(({ called, from, to }) => `${called} ${to - from} ms`).join(', ');
  const judged = (budget) => (overrun ? {} : budget);
  const what = 'receiver while 1M spans are opened and exported,';
  report({ what: 'receiver alone, spans/s', value: quiet.rate, unit: 'spans/s', note: `${seconds} s` });
  report({ what: `${what} spans/s`, value: busy.rate, unit: 'spans/s', ...judged({ atLeast: leastRate }), note: took });
  report({ what: 'receiver alone, longest answer', value: quiet.answerMs, unit: 'ms' });
  report({ what: `${what} longest answer`, value: busy.answerMs, unit: 'ms' });
  report({
    what: 'receiver alone, longest step',
    value: quiet.cpuMs,
    unit: 'ms',
    note: `${quiet.stepMs.toFixed(0)} ms by the clock`,
  });
  report({
    what: `${what} longest step`,
    value: busy.cpuMs,
    unit: 'ms',
    ...judged({ atMost: longestStepMs }),
    note: `on a processor; ${busy.stepMs.toFixed(0)} ms by the clock; 95 of 100 fifths of a second ${busy.usualMs.toFixed(0)} ms`,
  });
  for (const part of [opened, shown, asJson, asProto])
    console.log(`  ${part.called}: longest step ${figuresOf(part).cpuMs.toFixed(0)} ms`);

  /** Of a span of time, epoch milliseconds. */
  function figuresOf({ from, to }) {
    const reports = sent.filter(({ time }) => time >= from - 500 && time <= to + 500);
    const [first, last] = [reports[0], reports.at(-1)];
    const during = steps.filter(({ time }) => time >= from && time <= to + 200);
    const own = during.map(({ cpuMs }) => cpuMs);
    return {
      rate: ((last.spans - first.spans) / (last.at - first.at)) * 1000,
      answerMs: Math.max(...reports.slice(1).map(({ longestMs }) => longestMs)),
      stepMs: Math.max(...during.map(({ stepMs }) => stepMs)),
      cpuMs: Math.max(...own),
      usualMs: quantile(own, 0.95),
    };
  }
} finally {
  for (const process of children) process.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

function child(args) {
  const started = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(started);
  return started;
}

function lines(process, take) {
  createInterface({ input: process.stdout }).on('line', (line) => take(JSON.parse(line)));
}
