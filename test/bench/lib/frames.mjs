// @ts-check
// How smooth a webview is while something is done in it. Three figures, because a machine without a GPU that others use as well cannot show a
// person's picture by one: the time from frame to frame; the processor time of the page's thread in each frame (scripts, style, layout, paint,
// commit), as Chromium's own trace has it; and the processor time of each input's handlers. What a compositor in software adds is in the first only.

import { quantile } from '../../support/budget.mjs';

/**
 * @typedef {import('../../vscode/workbench.mjs').Workbench} Workbench
 * @typedef {import('playwright-core').Frame} Frame
 *
 * @typedef {object} Frames
 * @property {number[]} intervalMs From frame to frame.
 * @property {number[]} workMs Processor time of the page's thread in each frame that something was painted in.
 * @property {number[]} inputMs Processor time of the handlers of each key, wheel and pointer event.
 */

/**
 * @param {Workbench} workbench
 * @param {Frame} frame
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Frames>}
 */
export async function frames(workbench, frame, work) {
  await startRecorder(frame);
  const stopTrace = await startTrace(workbench);
  await work();
  await frame.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const events = await stopTrace();
  const times = await frame.evaluate(() => {
    const record = Reflect.get(globalThis, 'spanhopFrames');
    record.running = false;
    return record.times;
  });
  const intervalMs = times.slice(1).map((/** @type {number} */ time, /** @type {number} */ index) => time - times[index]);
  return { intervalMs, ...workOf(events) };
}

/** @param {readonly number[]} values */
export const p95 = (values) => quantile(values, 0.95);

/** @param {Frame} frame */
const startRecorder = (frame) =>
  frame.evaluate(() => {
    /** @type {{ times: number[], running: boolean }} */
    const record = { times: [], running: true };
    Reflect.set(globalThis, 'spanhopFrames', record);
    const next = (/** @type {number} */ now) => {
      record.times.push(now);
      if (record.running) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });

/**
 * @typedef {{ name: string, ph: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number, args?: { data?: { type?: string } } }} TraceEvent
 */

/** @param {Workbench} workbench @returns {Promise<() => Promise<TraceEvent[]>>} */
async function startTrace(workbench) {
  const browser = workbench.page.context().browser();
  if (!browser) throw new Error('The window has no browser.');
  const session = await browser.newBrowserCDPSession();
  /** @type {TraceEvent[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) events.push(/** @type {any} */ (event));
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['cc', 'devtools.timeline'], excludedCategories: ['*'] },
  });
  return async () => {
    const complete = new Promise((done) => session.once('Tracing.tracingComplete', done));
    await session.send('Tracing.end');
    await complete;
    await session.detach();
    return events;
  };
}

const INPUT = /^(?:wheel|key|pointer|mouse|click)/;

/** @param {readonly TraceEvent[]} events @returns {Pick<Frames, 'workMs' | 'inputMs'>} */
function workOf(events) {
  const ms = (/** @type {TraceEvent} */ event) => (event.tdur ?? event.dur ?? 0) / 1000;
  const complete = events.filter(({ ph }) => ph === 'X');
  // A frame in which nothing of ours was drawn tells nothing of us: only those with a paint count.
  const paints = complete.filter(({ name }) => name === 'Paint');
  const workMs = complete
    .filter(({ name }) => name === 'ProxyMain::BeginMainFrame')
    .filter((frame) => paints.some(({ tid, ts }) => tid === frame.tid && ts >= frame.ts && ts <= frame.ts + (frame.dur ?? 0)))
    .map(ms);
  const inputMs = complete.filter(({ name, args }) => name === 'EventDispatch' && INPUT.test(args?.data?.type ?? '')).map(ms);
  return { workMs, inputMs };
}
