/** The card of a bar: what it tells, where it is, when it goes; by the pointer and by a key. */

import { beforeEach, describe, expect, it } from 'vitest';
import { bench, openCheckout, press } from './checkout';

describe('the card of a bar', () => {
  beforeEach(async () => {
    await openCheckout();
  });
  const card = () => bench.page.locator('.hover-card');
  /** The pointer onto the bar of the row: the middle of the trace's long bars. */
  const pointAt = async (name: string, share: number): Promise<void> => {
    const row = await bench.page.locator('.row', { hasText: name }).first().boundingBox();
    const canvas = await bench.page.locator('canvas.timeline').boundingBox();
    if (!row || !canvas) throw new Error('not shown');
    await bench.page.mouse.move(canvas.x + canvas.width * share, row.y + row.height / 2);
  };

  it('tells name, service, start, duration, self time and what the line means', async () => {
    await pointAt('PaymentService.charge', 0.6);
    await card().waitFor();
    const text = await card().innerText();
    expect(text).toMatch(/PaymentService\.charge\s+payments/);
    expect(text).toMatch(/start\s+\+?53\d ms/);
    expect(text).toMatch(/duration\s+475 ms \(\d+ ?% of the trace\)/);
    expect(text).toMatch(/self\s+\S+/);
    expect(text).toContain('Outline: the span failed');
    expect(text).toMatch(/on the critical path, the trace waited .+ for it/);
  });

  it('is never in the way, and goes with the wheel, a press and the pointer', async () => {
    await pointAt('PaymentService.charge', 0.6);
    await card().waitFor();
    const row = await bench.page.locator('.row', { hasText: 'PaymentService.charge' }).first().boundingBox();
    const box = await card().boundingBox();
    expect(box && row && (box.y >= row.y + row.height || box.y + box.height <= row.y)).toBe(true);
    expect(await card().evaluate((one) => getComputedStyle(one).pointerEvents)).toBe('none');
    await bench.page.mouse.wheel(0, 10);
    await expect.poll(() => card().isVisible()).toBe(false);
    await pointAt('PaymentService.charge', 0.7);
    await card().waitFor();
    await bench.page.mouse.move(5, 5);
    await expect.poll(() => card().isVisible()).toBe(false);
  });

  it('comes for a name that is cut, or whose service has no room, and not for what is there as a whole', async () => {
    const name = bench.page.locator('.row .name', { hasText: 'PaymentService.charge' });
    const isIn = (): Promise<boolean> => name.evaluate((one) => one.scrollWidth <= one.clientWidth);
    await bench.page.locator('.tree-border').press('Home');
    await press();
    expect(await isIn()).toBe(false);
    // Wide enough for the name alone.
    for (let step = 0; step < 12 && !(await isIn()); step++) {
      await bench.page.locator('.tree-border').press('ArrowRight');
      await press();
    }
    expect(await isIn()).toBe(true);
    await bench.page.mouse.move(5, 5);
    await name.hover();
    await card().waitFor();
    expect(await card().locator('.hover-service').innerText()).toBe('payments');
  });

  it('comes by a key for the selected row, is said, and goes with the next key', async () => {
    await press('e', 'h');
    await card().waitFor();
    const name = await card().locator('.hover-name').innerText();
    expect(await bench.page.locator('.row.selected .name').innerText()).toBe(name);
    await expect.poll(() => bench.page.locator('[role=status][aria-live]').first().textContent()).toContain(`${name}, `);
    await press('ArrowDown');
    await expect.poll(() => card().isVisible()).toBe(false);
  });
});
