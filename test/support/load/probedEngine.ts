/** The engine's worker with a probe of its event loop: writes {stepMs, time} five times a second, the longest that others waited since. */

import { writeSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import '../../../src/engine/worker';

const RESOLUTION_MS = 2;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
setInterval(() => {
  writeSync(1, `${JSON.stringify({ stepMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS), time: Date.now() })}\n`);
  delay.reset();
}, 200).unref();
