// @ts-check
// Measuring inside a running VS Code: how long the extension host was blocked, how long the frames of a webview took, how long VS Code
// says that activation took.

/**
 * @typedef {import('../vscode/workbench.mjs').Workbench} Workbench
 * @typedef {import('playwright-core').Frame} Frame
 */

/**
 * Watches the extension host while something is done, and gives the longest time that its event loop did not turn.
 * @param {Workbench} workbench
 * @param {() => Promise<unknown>} work
 * @returns {Promise<number>} Milliseconds. The clock of the watch ticks every millisecond; that much is noise.
 */
export async function longestHostBlockMs(workbench, work) {
  await workbench.host(({ memory, require }) => {
    const { monitorEventLoopDelay } = require('node:perf_hooks');
    memory.delay = monitorEventLoopDelay({ resolution: 1 });
    memory.delay.enable();
  });
  await work();
  return await workbench.host(({ memory }) => {
    memory.delay.disable();
    return memory.delay.max / 1e6;
  });
}

/**
 * Records the time from each frame to the next in a webview while something is done.
 * @param {Frame} frame
 * @param {() => Promise<unknown>} work
 * @returns {Promise<number[]>} Milliseconds between frames. A frame that is late shows as a long one.
 */
export async function frameTimesMs(frame, work) {
  await frame.evaluate(() => {
    /** @type {{ times: number[], running: boolean }} */
    const record = { times: [], running: true };
    Reflect.set(globalThis, 'spanhopFrames', record);
    const next = (/** @type {number} */ now) => {
      record.times.push(now);
      if (record.running) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await work();
  const times = await frame.evaluate(() => {
    const record = Reflect.get(globalThis, 'spanhopFrames');
    record.running = false;
    return record.times;
  });
  return times.slice(1).map((/** @type {number} */ time, /** @type {number} */ index) => time - times[index]);
}

/**
 * How long VS Code says that activation took (Developer: Show Running Extensions), loading the code included.
 * @param {Workbench} workbench
 * @returns {Promise<{ activationMs: number, text: string }>}
 */
export async function reportedActivation(workbench) {
  await workbench.host(({ api }) => api().then(() => true));
  await workbench.command('workbench.action.showRuntimeExtensions');
  // The slowest come first, and only rows in view are there: all of them have to be.
  const size = workbench.page.viewportSize() ?? { width: 1280, height: 800 };
  await workbench.resize(size.width, 5000);
  const row = workbench.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Spanhop' }).first();
  // "Activation: 12ms" or "Startup Activation: 12ms"; the row is there before the time is.
  const time = row.locator('.activation-time', { hasText: /\d+\s?ms/ });
  await time.waitFor();
  const text = await time.innerText();
  await workbench.resize(size.width, size.height);
  return { activationMs: Number(/(\d+)\s?ms/.exec(text)?.[1]), text };
}
