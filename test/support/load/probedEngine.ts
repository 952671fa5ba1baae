/**
 * The engine's worker with a probe of its event loop: writes {stepMs, cpuMs, time} five times a second: the longest that others waited since for the
 * loop to come round, and how much of such a time the thread was on a processor (Linux; elsewhere the same), which other programs do not lengthen.
 */

import { readFileSync, writeSync } from 'node:fs';
import '../../../src/engine/worker';

const TICK_MS = 2;

/** Milliseconds on a processor of this thread. Source: Documentation/scheduler/sched-stats.rst, "/proc/<pid>/schedstat". */
function processorMs(): number | undefined {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return undefined;
  }
}

let last = performance.now();
let lastProcessor = processorMs();
let stepMs = 0;
let cpuMs = 0;
setInterval(() => {
  const now = performance.now();
  const processor = processorMs();
  const waited = Math.max(0, now - last - TICK_MS);
  const worked = processor === undefined || lastProcessor === undefined ? waited : processor - lastProcessor;
  last = now;
  lastProcessor = processor;
  stepMs = Math.max(stepMs, waited);
  cpuMs = Math.max(cpuMs, Math.min(waited, worked));
}, TICK_MS).unref();
setInterval(() => {
  writeSync(1, `${JSON.stringify({ stepMs, cpuMs, time: Date.now() })}\n`);
  stepMs = 0;
  cpuMs = 0;
}, 200).unref();
