// @ts-check
// What a running VS Code costs while something is done in it: the longest block of the extension host, processor time by thread, memory.
// A shared machine takes processors away at any moment, so times come twice: as they passed, and without the time that a thread was ready to
// run and waited for a processor (the kernel tells it, /proc/…/schedstat; elsewhere the second is the first).

import { readdirSync, readFileSync } from 'node:fs';

/**
 * @typedef {import('../../vscode/workbench.mjs').Workbench} Workbench
 *
 * @typedef {object} ThreadTime
 * @property {string} name
 * @property {number} cpuMs
 * @property {number} waitMs Ready to run, but no processor was free.
 *
 * @typedef {object} Watched
 * @property {number} wallMs
 * @property {number} blockMs The longest time that the extension host's event loop did not turn, without waiting for a processor, and
 *   without the programs that VS Code's server starts there.
 * @property {number} blockWallMs The same as it passed.
 * @property {number} hostCpuMs Main thread of the extension host.
 * @property {number} hostWaitMs
 * @property {number} engineCpuMs The busiest other JavaScript thread in its process: the engine.
 * @property {number} engineWaitMs
 * @property {number} pageCpuMs Main thread of the busiest renderer.
 * @property {number} pageWaitMs
 * @property {number} rssMb Peak of the extension host's process.
 */

/**
 * @param {Workbench} workbench
 * @param {() => Promise<unknown>} work
 * @param {readonly number[]} [renderers] Process ids, for who does the work `unattended`; otherwise the browser is asked.
 * @param {{ ownPrograms?: RegExp }} [options] Programs that Spanhop starts, by their path: starting those counts.
 * @returns {Promise<Watched>}
 */
export async function watch(workbench, work, renderers, options = {}) {
  renderers ??= await rendererPids(workbench);
  const pid = await startTicker(workbench, options.ownPrograms?.source);
  const pids = [pid, ...renderers];
  const before = new Map(pids.map((each) => [each, threads(each)]));
  let rss = 0;
  const memory = setInterval(() => {
    rss = Math.max(rss, residentMb(pid));
  }, 20);
  const start = performance.now();
  try {
    await work();
  } finally {
    clearInterval(memory);
  }
  const wallMs = performance.now() - start;
  const { blockMs, blockWallMs } = await stopTicker(workbench);
  const host = differences(before.get(pid), threads(pid));
  const pages = renderers.map((each) => differences(before.get(each), threads(each)).find(({ tid }) => tid === each));
  const page = pages.filter((each) => each !== undefined).sort((a, b) => b.cpuMs - a.cpuMs)[0];
  const main = host.find(({ tid }) => tid === pid);
  const engine = host.filter(({ tid, name }) => tid !== pid && name !== 'libuv-worker').sort((a, b) => b.cpuMs - a.cpuMs)[0];
  return {
    wallMs,
    blockMs,
    blockWallMs,
    hostCpuMs: main?.cpuMs ?? Number.NaN,
    hostWaitMs: main?.waitMs ?? Number.NaN,
    engineCpuMs: engine?.cpuMs ?? Number.NaN,
    engineWaitMs: engine?.waitMs ?? Number.NaN,
    pageCpuMs: page?.cpuMs ?? Number.NaN,
    pageWaitMs: page?.waitMs ?? Number.NaN,
    rssMb: Math.max(rss, residentMb(pid)),
  };
}

/** @param {Workbench} workbench @param {string} [ownPrograms] @returns {Promise<number>} Process id of the extension host. */
function startTicker(workbench, ownPrograms) {
  return workbench.host(({ memory, require }, own) => {
    const { openSync, readSync } = require('node:fs');
    const buffer = Buffer.alloc(96);
    let file = -1;
    try {
      file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
    } catch {
      // Not Linux: nobody tells.
    }
    const waitedMs = () =>
      file < 0 ? 0 : Number(buffer.toString('latin1', 0, readSync(file, buffer, 0, 96, 0)).split(' ')[1]) / 1e6;
    const ticker = { running: true, blockMs: 0, blockWallMs: 0, file, unpatch: () => {} };
    memory.ticker = ticker;
    // VS Code's server looks for open ports every few seconds by starting programs, and the larger the process, the longer a fork takes. A desktop
    // VS Code does not.
    const { prototype } = require('node:child_process').ChildProcess;
    const { spawn } = prototype;
    let spawning = 0;
    prototype.spawn = function (/** @type {unknown[]} */ ...given) {
      const begin = performance.now();
      const waitedBefore = waitedMs();
      try {
        return spawn.apply(this, given);
      } finally {
        const options = /** @type {{ file?: string } | undefined} */ (given[0]);
        const isOwn = own !== undefined && new RegExp(own).test(options?.file ?? '');
        if (!isOwn) spawning += performance.now() - begin - (waitedMs() - waitedBefore);
      }
    };
    ticker.unpatch = () => {
      prototype.spawn = spawn;
    };
    let last = performance.now();
    let waited = waitedMs();
    const tick = () => {
      const now = performance.now();
      const waitedNow = waitedMs();
      // The timer itself asks for one millisecond.
      const gap = now - last - 1;
      ticker.blockWallMs = Math.max(ticker.blockWallMs, gap);
      ticker.blockMs = Math.max(ticker.blockMs, gap - (waitedNow - waited) - spawning);
      spawning = 0;
      last = now;
      waited = waitedNow;
      if (ticker.running) setTimeout(tick, 1);
    };
    setTimeout(tick, 1);
    return process.pid;
  }, ownPrograms);
}

/** @param {Workbench} workbench @returns {Promise<{ blockMs: number, blockWallMs: number }>} */
function stopTicker(workbench) {
  return workbench.host(({ memory, require }) => {
    const { ticker } = memory;
    ticker.running = false;
    ticker.unpatch();
    if (ticker.file >= 0) require('node:fs').closeSync(ticker.file);
    return { blockMs: ticker.blockMs, blockWallMs: ticker.blockWallMs };
  });
}

/** @param {Workbench} workbench @returns {Promise<number[]>} */
export async function rendererPids(workbench) {
  const browser = workbench.page.context().browser();
  if (!browser) return [];
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** @param {number} pid @returns {Map<number, ThreadTime>} */
function threads(pid) {
  /** @type {Map<number, ThreadTime>} */
  const found = new Map();
  try {
    for (const tid of readdirSync(`/proc/${pid}/task`)) {
      const [cpu, wait] = readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ');
      const name = readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8').trim();
      found.set(Number(tid), { name, cpuMs: Number(cpu) / 1e6, waitMs: Number(wait) / 1e6 });
    }
  } catch {
    // The process or a thread went away, or this is no Linux.
  }
  return found;
}

/**
 * @param {Map<number, ThreadTime> | undefined} before
 * @param {Map<number, ThreadTime>} after
 * @returns {Array<ThreadTime & { tid: number }>}
 */
function differences(before, after) {
  return [...after].map(([tid, { name, cpuMs, waitMs }]) => {
    const then = before?.get(tid);
    return { tid, name, cpuMs: cpuMs - (then?.cpuMs ?? 0), waitMs: waitMs - (then?.waitMs ?? 0) };
  });
}

/** @param {number} pid */
function residentMb(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000;
  } catch {
    return 0;
  }
}

/**
 * Waits until the extension host has come to rest after the start of the window: half a second without a long block, for at most twenty.
 * @param {Workbench} workbench
 */
export async function settleHost(workbench) {
  for (let i = 0; i < 40; i++) {
    const { blockMs } = await watch(workbench, () => new Promise((done) => setTimeout(done, 500)), []);
    if (blockMs < 15) return;
  }
}
