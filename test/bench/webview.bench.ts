// The waterfall's page with a hundred thousand and a million spans, in a bare Chromium without a GPU: unpacking, layout, first paint, and the
// frames of scrolling, zooming and collapsing. `work` is the time that our own code takes in a frame; `frame` is from one frame of
// the browser to the next, which cannot be shorter than the screen's 16.7 ms.

import { analyseTrace, assembleTrace, packSnapshot } from '../support/atOnce';
import { wideBatch } from '../support/bigTraces';
import { quantile, report } from '../support/budget.mjs';
import { allRows, TEXT_TRACE_ID } from '../support/traceText';
import { openBench, stopBrowser } from '../ui/waterfall/bench';
import { pageFrames, recordWork } from './lib/pageFrames';

const FRAME_MS = 1000 / 60;
const FRAMES = 240;

for (const count of [100_000, 1_000_000]) {
  const name = count === 1_000_000 ? '1M spans' : '100k spans';
  const batch = wideBatch(count, 0);
  const table = assembleTrace(TEXT_TRACE_ID, [{ batch, rows: allRows(batch) }]);
  const snapshot = packSnapshot(table, analyseTrace(table), { revision: 1, dataset: 'bench', live: false });
  const bench = await openBench({ width: 1400, height: 800 });
  try {
    await recordWork(bench.page);
    await bench.reload();
    const shown = await bench.showSnapshot(snapshot);
    report({ what: `unpack ${name} in the page`, value: shown.unpackMs, unit: 'ms', atMost: count / 2000 });
    report({ what: `lay out ${name}`, value: shown.layoutMs, unit: 'ms', atMost: 250 });
    report({ what: `first paint of ${name}`, value: shown.paintMs, unit: 'ms', atMost: 150 });
    // Like siblings are one row at first; all of them are to be scrolled through.
    await bench.page.keyboard.press('Home');
    await bench.page.keyboard.press('*');
    await bench.page.waitForFunction(
      (rows) => Number(document.querySelector('[role=treegrid]')?.getAttribute('aria-rowcount')) >= rows,
      count,
    );
    for (const what of ['scroll', 'zoom', 'collapse'] as const) {
      await pageFrames(bench.page, what, 30);
      const { frameMs, workMs } = await pageFrames(bench.page, what, FRAMES);
      report({ what: `${what} ${name}: work a frame, p95`, value: quantile(workMs, 0.95), unit: 'ms', atMost: FRAME_MS });
      // A frame that comes in time is 16.7 ms and a little, as the clock of the browser jitters.
      report({
        what: `${what} ${name}: frame to frame, p95`,
        value: quantile(frameMs, 0.95),
        unit: 'ms',
        atMost: FRAME_MS * 1.1,
        note: `median ${quantile(frameMs, 0.5).toFixed(1)}`,
      });
    }
  } finally {
    await bench.close();
  }
}
await stopBrowser();
