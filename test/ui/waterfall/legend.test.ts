/** The legend of services: read, dim by mouse and keyboard, kept with the trace. */

import { beforeEach, describe, expect, it } from 'vitest';
import { bench, openCheckout, press } from './checkout';

describe('the legend', () => {
  let traceId: string;
  beforeEach(async () => {
    traceId = await openCheckout();
  });
  const dimmed = (): Promise<string[]> => bench.page.locator('.row.dimmed:visible .service').allInnerTexts();
  const shown = (): Promise<string[]> => bench.page.locator('.row:not(.dimmed):visible .service').allInnerTexts();

  it('tells spans and share of time of each service, most time first', async () => {
    const { page } = bench;
    await page.locator('.title-line').getByRole('button', { name: '5 services' }).click();
    const legend = page.getByRole('dialog', { name: 'Services' });
    await legend.getByText('%').first().waitFor();
    const shares = (await legend.locator('.legend-share').allInnerTexts()).map((text) =>
      Number.parseFloat(text.replace('<', '')),
    );
    expect(shares.length).toBe(5);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, -1);
    const counts = (await legend.locator('.legend-count').allInnerTexts()).map((text) => Number.parseInt(text, 10));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(57);
  });

  it('dims the others by a press, one more by Ctrl, and none again', async () => {
    const { page } = bench;
    await page.locator('.title-line').getByRole('button', { name: '5 services' }).click();
    const legend = page.getByRole('dialog', { name: 'Services' });
    await legend.getByRole('button', { name: /payments/ }).click();
    await expect.poll(async () => new Set(await shown())).toEqual(new Set(['payments']));
    expect((await dimmed()).length).toBeGreaterThan(0);
    await legend.getByRole('button', { name: /storefront/ }).click({ modifiers: ['Control'] });
    await expect.poll(async () => new Set(await shown())).toEqual(new Set(['payments', 'storefront']));
    await page.getByRole('button', { name: '2 of 5 services' }).waitFor();
    await legend.getByRole('button', { name: 'show all alike' }).click();
    await expect.poll(dimmed).toEqual([]);
  });

  it('is walked and closed by keys, and what stands out is kept with the trace', async () => {
    const { page } = bench;
    await press('l');
    const legend = page.getByRole('dialog', { name: 'Services' });
    await legend.getByText('%').first().waitFor();
    await legend.locator('.legend-row').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const name = await legend.locator('[aria-pressed=true] .legend-name').innerText();
    await page.keyboard.press('Escape');
    await expect.poll(() => legend.isVisible()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.classList.contains('row'))).toBe(true);
    await expect.poll(() => bench.saved.state.litServices).toEqual([name]);
    const { state } = bench.saved;
    await bench.reload();
    await bench.show(traceId, { state });
    await expect.poll(async () => new Set(await shown())).toEqual(new Set([name]));
    await press('Escape');
    await expect.poll(dimmed).toEqual([]);
  });
});
