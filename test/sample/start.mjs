// Installs, builds and runs the shop. For people (`npm start -- --endpoint http://127.0.0.1:4318`) and for tests (`start`, `runOnce`).
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { expectedOf } from './expected.mjs';
import { prepare } from './prepare.mjs';

export { prepare };

const folder = dirname(fileURLToPath(import.meta.url));
const READY_MS = 30_000;
const STOP_MS = 15_000;

/**
 * Starts all services. Resolves when they take requests.
 * `endpoint` is the base address of an OTLP/HTTP receiver; `load` lets customers in, at most `visits` of them, one every `everyMs`.
 */
export async function start({ endpoint, load = false, visits, everyMs = 2000, env = {}, quiet = true } = {}) {
  return launch({
    endpoint,
    env,
    quiet,
    args: load ? ['--load', '--every', String(everyMs), ...(visits ? ['--visits', String(visits)] : [])] : [],
  });
}

/** Starts all services, makes each request once, hands over all spans and ends. Resolves with what must be in the traces. */
export async function runOnce({ endpoint, env = {} }) {
  const shop = await launch({ endpoint, env, quiet: true, args: ['--once'] });
  const visits = await Promise.race([shop.visits, shop.ended]);
  const code = await shop.ended;
  if (code !== 0 || !Array.isArray(visits)) throw new Error(`the shop ended with code ${code} before all requests were made`);
  return expectedOf(visits);
}

async function launch({ endpoint, env, quiet, args }) {
  await prepare();
  const child = fork(join(folder, 'dist', 'main.js'), args, {
    cwd: folder,
    env: { ...process.env, ...(endpoint ? { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } : {}), ...env },
    execArgv: [],
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => code);
  const message = (kind) =>
    new Promise((resolve) => {
      child.on('message', (received) => {
        if (received.kind === kind) resolve(received);
      });
    });
  const visits = message('visits').then((received) => received.visits);
  const ready = await inTime(READY_MS, 'the shop is not ready', Promise.race([message('ready'), ended]));
  if (typeof ready !== 'object' || ready === null) throw new Error(`the shop ended with code ${ready} before it was ready`);

  async function stop() {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await inTime(STOP_MS, 'the shop does not end', ended).catch(() => child.kill('SIGKILL'));
  }
  return { addresses: ready.addresses, pid: child.pid, visits, ended, stop };
}

function inTime(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} after ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function main() {
  const { values } = parseArgs({
    options: {
      endpoint: { type: 'string' },
      every: { type: 'string', default: '2000' },
      visits: { type: 'string' },
      seconds: { type: 'string' },
      prepare: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
    },
  });
  if (values.prepare) return prepare();
  if (values.once) return console.log(JSON.stringify(await runOnce(values), undefined, 2));
  const shop = await start({
    endpoint: values.endpoint,
    load: true,
    everyMs: Number(values.every),
    visits: values.visits,
    quiet: false,
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void shop.stop());
  if (values.seconds) setTimeout(() => void shop.stop(), Number(values.seconds) * 1000).unref();
  if (values.visits) void shop.visits.then(() => shop.stop());
  process.exitCode = (await shop.ended) ?? 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
