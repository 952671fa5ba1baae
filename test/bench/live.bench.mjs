// @ts-check
// A live trace in a real VS Code: 100,000 spans on the screen and 5,000 more a second for 20 seconds, captured as programs send them, while a person
// scrolls. Pictures a second, the longest block of the extension host, and whether memory is level afterwards, while nobody holds the browser: who holds
// it is sent a copy of each picture. Frames need the browser's trace, and are of the seconds after. `--short`: 5 seconds.

import { report } from '../support/budget.mjs';
import { openWorkbench } from '../vscode/workbench.mjs';
import { LIVE_TRACE_ID, liveBody } from './data/liveTrace.mjs';
import { frames, p95 } from './lib/frames.mjs';
import { rendererPids, settleHost, watch } from './lib/watch.mjs';

const FIRST_SPANS = 100_000;
const SPANS_A_SECOND = 5_000;
const BODY_SPANS = 500;
const SECONDS = process.argv.includes('--short') || process.env.SPANHOP_BENCH_SHORT === '1' ? 5 : 20;
/** Of the part in which frames are looked at. */
const FRAME_SECONDS = 5;
const FRAME_MS = 16.7;

const firstBodies = FIRST_SPANS / BODY_SPANS;
const bodiesOf = (/** @type {number} */ seconds) => (seconds * SPANS_A_SECOND) / BODY_SPANS;
const bodies = Array.from({ length: firstBodies + bodiesOf(SECONDS + FRAME_SECONDS) }, (_, i) => liveBody(i, BODY_SPANS));

const workbench = await openWorkbench({
  settings: { 'spanhop.capture.wellKnownPort': false, 'remote.autoForwardPorts': false },
});
try {
  const port = await workbench.host(async ({ api }) => {
    const { capture } = await api();
    await capture.start();
    return capture.httpPort;
  });
  for (const body of bodies.slice(0, firstBodies)) await send(body);
  await workbench.host(async ({ api }, id) => (await api()).openTrace(id).then(() => true), LIVE_TRACE_ID, { timeoutMs: 60_000 });
  let frame = await workbench.webview('[role=treegrid] [role=row]');
  await settleHost(workbench);
  const box = await frame.locator('[role=treegrid]').first().boundingBox();
  if (!box) throw new Error('No rows are shown.');
  const over = { x: box.x + box.width * 0.6, y: box.y + box.height / 2 };
  await workbench.page.mouse.move(over.x, over.y);
  await frame.locator('.row').first().press('*');
  const idle = await frames(workbench, frame, () => scroll(2));
  const before = await memory();

  await startCounting();
  await startScrolling();
  const renderers = await rendererPids(workbench);
  const growing = bodies.slice(firstBodies, firstBodies + bodiesOf(SECONDS));
  const watched = await workbench.unattended(() => watch(workbench, () => sendAll(growing), renderers));
  frame = await workbench.webview('[role=treegrid] [role=row]');
  const pictures = await stopCounting();
  const gaps = pictures.slice(1).map((at, i) => at - pictures[i]);
  report({
    what: 'live trace: pictures a second',
    value: pictures.length / SECONDS,
    unit: '/s',
    atLeast: 2,
    note: `${pictures.length} in ${SECONDS} s, longest wait ${Math.max(0, ...gaps).toFixed(0)} ms`,
  });
  const after = await memoryAtRest();
  await workbench.page.mouse.move(over.x, over.y);
  const during = await frames(workbench, frame, () =>
    Promise.all([sendAll(bodies.slice(firstBodies + bodiesOf(SECONDS))), scroll(FRAME_SECONDS)]),
  );
  const inputs = p95(during.inputMs.filter((ms) => ms > 0.1));
  report({
    what: '  work in a frame and on its input, 95th percentile',
    value: p95(during.workMs) + (Number.isNaN(inputs) ? 0 : inputs),
    unit: 'ms',
    atMost: FRAME_MS,
    note: `frame ${p95(during.workMs).toFixed(1)}, input ${inputs.toFixed(1)}, ${during.workMs.length} frames`,
  });
  report({
    what: '  frame to frame, 95th percentile',
    value: p95(during.intervalMs),
    unit: 'ms',
    note: `${(p95(during.intervalMs) / p95(idle.intervalMs)).toFixed(1)} times without new spans, longest ${Math.max(...during.intervalMs).toFixed(0)}`,
  });
  report({
    what: '  longest block of the extension host',
    value: watched.blockMs,
    unit: 'ms',
    atMost: 50,
    note: `${watched.blockWallMs.toFixed(0)} as it passed; processor: host ${watched.hostCpuMs.toFixed(0)}, engine ${watched.engineCpuMs.toFixed(0)}, page ${watched.pageCpuMs.toFixed(0)} ms`,
  });
  report({
    what: '  memory of the page afterwards, for each span that came',
    value: (after.pageBytes - before.pageBytes) / (SECONDS * SPANS_A_SECOND),
    unit: 'bytes',
    atMost: 200,
    note: `${megabytes(before.pageBytes)} to ${megabytes(after.pageBytes)} MB with VS Code's own`,
  });
  report({
    what: '  memory of the extension host afterwards',
    value: (after.hostBytes - before.hostBytes) / 1e6,
    unit: 'MB more',
    atMost: 20,
    note: `${megabytes(before.hostBytes)} to ${megabytes(after.hostBytes)} MB of JavaScript and buffers`,
  });

  /** @param {Uint8Array} body */
  async function send(body) {
    const headers = { 'content-type': 'application/x-protobuf' };
    const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', headers, body: Buffer.from(body) });
    if (!answer.ok) throw new Error(`The receiver answered ${answer.status}.`);
    await answer.arrayBuffer();
  }

  /** @param {readonly Uint8Array[]} some */
  async function sendAll(some) {
    const began = performance.now();
    for (const [i, body] of some.entries()) {
      const due = began + (i * 1000 * BODY_SPANS) / SPANS_A_SECOND;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await send(body);
    }
  }

  /** Up and down by the wheel, as somebody who reads. @param {number} seconds */
  async function scroll(seconds) {
    const until = performance.now() + seconds * 1000;
    for (let i = 0; performance.now() < until; i++) {
      await workbench.page.mouse.wheel(0, i % 60 < 30 ? 53 : -53);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  /** The same where nobody holds the browser. */
  function startScrolling() {
    return frame.evaluate(() => {
      let turns = 0;
      const timer = setInterval(() => {
        const deltaY = turns++ % 60 < 30 ? 53 : -53;
        document
          .querySelector('[role=treegrid] [role=row]')
          ?.dispatchEvent(new WheelEvent('wheel', { deltaY, bubbles: true, cancelable: true }));
      }, 40);
      Reflect.set(globalThis, 'spanhopScrolling', timer);
    });
  }

  async function memoryAtRest() {
    await settleHost(workbench);
    return memory();
  }

  /** Notes when the title says another number of spans: that picture is on the screen. */
  function startCounting() {
    return frame.evaluate(() => {
      /** @type {number[]} */
      const times = [];
      const text = () => document.querySelector('.title-text .meta-line')?.textContent;
      let last = text();
      const observer = new MutationObserver(() => {
        if (text() === last) return;
        last = text();
        times.push(performance.now());
      });
      const title = document.querySelector('.title-text');
      if (title) observer.observe(title, { subtree: true, childList: true, characterData: true });
      Reflect.set(globalThis, 'spanhopPictures', { times, observer });
    });
  }

  /** @returns {Promise<number[]>} */
  function stopCounting() {
    return frame.evaluate(() => {
      const { times, observer } = Reflect.get(globalThis, 'spanhopPictures');
      observer.disconnect();
      clearInterval(Reflect.get(globalThis, 'spanhopScrolling'));
      return times;
    });
  }

  /** After what is garbage was collected. */
  async function memory() {
    const session = await workbench.page.context().newCDPSession(workbench.page);
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    const heap = /** @type {Record<string, number>} */ (await session.send('Runtime.getHeapUsage'));
    await session.detach();
    const hostBytes = await workbench.host(({ require }) => {
      require('node:v8').setFlagsFromString('--expose-gc');
      require('node:vm').runInNewContext('gc')();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    });
    return { pageBytes: heap.usedSize + (heap.backingStorageSize ?? 0), hostBytes };
  }
} finally {
  await workbench.close();
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
