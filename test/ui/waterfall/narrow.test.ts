/** The waterfall under 600 px, its width after nearly every hop: what a person still reads of each span. */

import { describe, expect, it } from 'vitest';
import { bench, openCheckout, press } from './checkout';

interface Line {
  readonly name: string;
  readonly service: string;
  readonly duration: string;
  readonly right: number;
  readonly isWhole: boolean;
  readonly nameRight: number;
  readonly left: number;
}

const lines = (): Promise<Line[]> =>
  bench.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.body .row:not([hidden])')]
      .sort((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
      .map((row) => {
        const text = (name: string): string => {
          const part = row.querySelector<HTMLElement>(name);
          return part === null || part.offsetWidth === 0 ? '' : part.innerText;
        };
        const duration = row.querySelector<HTMLElement>('.duration');
        const box = duration?.getBoundingClientRect();
        return {
          name: text('.name'),
          service: text('.service'),
          duration: duration?.innerText ?? '',
          right: Math.round(box?.right ?? 0),
          left: box?.left ?? 0,
          isWhole: (duration?.scrollWidth ?? 1) <= (duration?.clientWidth ?? 0),
          nameRight: row.querySelector('.name')?.getBoundingClientRect().right ?? 0,
        };
      }),
  );

describe('under 600 px', () => {
  for (const width of [320, 420, 520, 599]) {
    it(`keeps every duration whole at the right of the text line at ${width} px`, async () => {
      await openCheckout({ width, height: 660 });
      await press('e', 'e', 'e');
      await bench.page.locator('.row.selected .source').waitFor();
      const shown = await lines();
      expect(shown.map(({ duration }) => duration)).toContain('475 ms');
      for (const line of shown) {
        expect(line.duration, line.name).toMatch(/^[\d.]+ (µs|ms|s)$/);
        expect(line.isWhole, line.name).toBe(true);
        expect(line.right, line.name).toBe(width - 8);
        expect(line.nameRight, line.name).toBeLessThanOrEqual(line.left);
      }
    });
  }

  it('has the service where it is another one than above, and what was selected keeps its line', async () => {
    await openCheckout({ width: 520, height: 660 });
    expect((await lines()).slice(0, 9).map(({ name, service }) => `${name} ${service}`.trim())).toEqual([
      'POST /checkout storefront',
      'validate basket',
      'GET /cart/:id',
      'GET /cart/:id cart',
      'SELECT cart_item',
      'SELECT product',
      'serialize',
      'POST /price storefront',
      'POST /price pricing',
    ]);
    // Folding makes another row the one above.
    await press('ArrowDown', 'ArrowDown', 'ArrowLeft');
    await expect.poll(async () => (await lines())[3].name).toBe('POST /price');
    expect((await lines())[3].service).toBe('');
    await bench.page.setViewportSize({ width: 320, height: 660 });
    await press('e', 'e', 'e');
    const link = bench.page.locator('.row.selected .source');
    await link.waitFor();
    const line = link.locator('span').last();
    expect(await line.innerText()).toBe(':23');
    expect(await line.evaluate((element) => element.scrollWidth <= element.clientWidth + 1)).toBe(true);
  });

  it('says the time of the pointer, zooms there and selects a range', async () => {
    await openCheckout({ width: 520, height: 660 });
    const { page } = bench;
    const rows = await page.locator('.body').boundingBox();
    if (!rows) throw new Error('There are no rows.');
    await page.mouse.move(260, rows.y + 200);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -400);
    await page.keyboard.up('Control');
    // Half of the time stays under the pointer.
    const start = (): Promise<number> => page.locator('.handle.start').getAttribute('aria-valuenow').then(Number);
    const end = (): Promise<number> => page.locator('.handle.end').getAttribute('aria-valuenow').then(Number);
    await expect.poll(start).toBeGreaterThan(100e6);
    expect(((await start()) + (await end())) / 2e6).toBeCloseTo(506, -1);
    await press('0');
    await page.mouse.move(130, rows.y - 8);
    await page.mouse.down();
    await page.mouse.move(390, rows.y - 8, { steps: 4 });
    await page.mouse.up();
    await page.locator('.range-box').waitFor();
    expect(await page.locator('.range-box').innerText()).toMatch(/^50\d ms\s+Zoom here$/);
    // A drag opens no details; a press does.
    expect(await page.locator('.details').isVisible()).toBe(false);
  });
});
