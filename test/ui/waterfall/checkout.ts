/** The failing checkout of the sample's recording, shown on a page, and how a person reads and walks it. One page a test, closed after it. */

import { join } from 'node:path';
import { afterAll, afterEach, expect } from 'vitest';
import { type Bench, openBench, stopBrowser } from './bench';

export const shop = join(process.cwd(), 'test', 'fixtures', 'sample', 'shop.otlp.json');
const sources = join(process.cwd(), 'test', 'sample');

/** The page of the test that runs. */
export let bench: Bench;

/** Opens the failing checkout of the sample's recording. It opens at the span that failed; tests begin at its root. */
export async function openCheckout(options: Parameters<typeof openBench>[0] = {}): Promise<string> {
  bench = await openBench({ sources, ...options });
  const traces = await bench.openFile(shop);
  const trace = traces.find((each) => each.rootName === 'POST /checkout' && each.errorCount !== undefined && each.errorCount > 0);
  if (!trace) throw new Error('The recording holds no failing checkout.');
  await bench.show(trace.traceId);
  await bench.page.waitForSelector('.row.selected');
  await press('Home');
  return trace.traceId;
}

export const selected = (): Promise<string> =>
  bench.page
    .locator('.row.selected')
    .getAttribute('aria-label')
    .then((label) => label ?? '');
export const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await bench.page.keyboard.press(key);
  // What a key changed is on the screen in the next frame.
  await bench.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
};
export const names = (): Promise<string[]> =>
  bench.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.body .row')]
      .filter((row) => !row.hidden)
      .sort((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
      .map((row) => row.querySelector('.name')?.textContent ?? ''),
  );

afterEach(async () => {
  const troubles = bench.troubles.slice();
  await bench.close();
  expect(troubles).toEqual([]);
});
afterAll(stopBrowser);
