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

/** Of texts that are there whole or not at all, those that are there, in the order of the page; `cut: …` where one is not whole. */
const wholeTexts = (of: string, within: string): Promise<string[]> =>
  bench.page.evaluate(
    ([of, within]) =>
      [...document.querySelectorAll<HTMLElement>(of)].flatMap((text) => {
        const box = text.getBoundingClientRect();
        const room = text.closest(within)?.getBoundingClientRect();
        if (!room || box.width === 0 || box.top >= room.bottom) return [];
        const isWhole =
          box.left >= room.left - 0.5 &&
          box.right <= room.right + 0.5 &&
          box.bottom <= room.bottom &&
          text.scrollWidth <= text.clientWidth + 1;
        return [`${isWhole || text.clientWidth === 0 ? '' : 'cut: '}${text.textContent}`];
      }),
    [of, within],
  );
const chips = (): Promise<string[]> => wholeTexts('.row:not([hidden]) .chip', '.row-texts');
const link = (): Promise<string[]> => wholeTexts('.row.selected .source', '.row-texts');
const service = (): Promise<string[]> => wholeTexts('.row.selected .service', '.row-texts');
const footer = (): Promise<string[]> => wholeTexts('.footer-facts > *', '.footer-facts');

describe('a selected row', () => {
  it('has the link to its source beside its name, chips and service where there is room for it', async () => {
    await openCheckout({ width: 1500, height: 660 });
    await press('e', 'e', 'e', 'ArrowDown');
    await expect.poll(link).toEqual(['http.ts:51']);
    expect(await wholeTexts('.row.selected .name', '.row-texts')).toEqual(['POST /v1/charges']);
    expect(await wholeTexts('.row.selected .chip', '.row-texts')).toEqual(['try 1']);
    expect(await service()).toEqual(['payments']);
    // A tree that is dragged small.
    await bench.page.locator('.tree-border').press('Home');
    await expect.poll(link).toEqual([]);
  });

  it.each([
    [232, [], ['38×', 'N+1']],
    [320, ['38×', 'N+1', '−42.9 ms', 'try 1', 'try 2', 'try 3', 'link'], []],
    [520, ['38×', 'N+1', '−42.9 ms', 'try 1', 'try 2', 'try 3', 'link'], []],
  ])('at %i px has chips, link and facts of the footer whole or not at all', async (width, there, gone) => {
    await openCheckout({ width, height: 900 });
    await press('e', 'e', 'e', 'ArrowDown');
    await bench.page.locator('.row.selected .source').waitFor({ state: 'attached' });
    const shown = await chips();
    expect(shown).toEqual(expect.arrayContaining(there));
    for (const one of [...shown, ...(await link()), ...(await footer())]) expect(one).not.toMatch(/^cut/);
    for (const one of gone) expect(shown).not.toContain(one);
    const all = await lines();
    for (const { name, duration } of all) expect([name, duration].every((text) => text !== '')).toBe(true);
    await expect.poll(link).toEqual(width < 520 ? [] : ['http.ts:51']);
  });
});

describe('under 600 px', () => {
  for (const width of [232, 320, 420, 520, 599]) {
    it(`keeps every duration whole at the right of the text line at ${width} px`, async () => {
      await openCheckout({ width, height: 660 });
      await press('e', 'e', 'e');
      await bench.page.locator('.row.selected .source').waitFor({ state: 'attached' });
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
    await bench.page.setViewportSize({ width: 420, height: 660 });
    await press('e', 'e', 'e');
    const line = bench.page.locator('.row.selected .source span').last();
    await expect.poll(() => line.innerText()).toBe(':37');
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
    expect(((await start()) + (await end())) / 2e6).toBeCloseTo(514, -1);
    await press('0');
    await page.mouse.move(130, rows.y - 8);
    await page.mouse.down();
    await page.mouse.move(390, rows.y - 8, { steps: 4 });
    await page.mouse.up();
    await page.locator('.range-box').waitFor();
    // 260 of the 512 px that stand for 1.012 s.
    expect(await page.locator('.range-box').innerText()).toMatch(/^51\d ms\s+Zoom here$/);
    // A drag opens no details; a press does.
    expect(await page.locator('.details').isVisible()).toBe(false);
  });
});

describe('title line', () => {
  const facts = (): Promise<string[]> => bench.page.locator('.meta:not([hidden])').allInnerTexts();

  /** What goes first. */
  const order = ['5 services', 'storefront', '57 spans', '2 findings', 'date', '6 errors', '1.01 s'];

  it.each([
    [1500, 7],
    [520, 4],
    [420, 4],
    [320, 3],
  ])('at %i px has whole facts only, the most telling ones', async (width, atLeast) => {
    await openCheckout({ width, height: 660 });
    const { page } = bench;
    const shown = (await facts()).map((text) => text.replace(/^ · /, '').replace(/^\d+ \w{3} (\d{4} )?\d\d:\d\d$/, 'date'));
    expect(shown.length).toBeGreaterThanOrEqual(atLeast);
    expect(new Set(shown)).toEqual(new Set(order.slice(order.length - shown.length)));
    const box = await page.locator('.title-text').boundingBox();
    const line = await page.locator('.meta:not([hidden])').last().boundingBox();
    expect((line?.x ?? 1e9) + (line?.width ?? 0)).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0) + 1);
    expect(await page.locator('.trace-date').getAttribute('title')).toMatch(/^\d{4}-\d\d-\d\d [\d:.]+ [+−]\d\d:\d\d\n.* UTC$/);
  });

  it('cuts the name before a fact goes, and has all again where there is room', async () => {
    await openCheckout({ width: 1000, height: 660 });
    const { page } = bench;
    const isCut = (): Promise<boolean> => page.locator('h1').evaluate((name) => name.scrollWidth > name.clientWidth);
    expect(await isCut()).toBe(false);
    await page.locator('h1 bdi').evaluate((name) => {
      name.textContent = 'POST /a/very/long/name/of/an/operation/that/somebody/has/written/into/a/span';
    });
    await page.setViewportSize({ width: 999, height: 660 });
    await expect.poll(isCut).toBe(true);
    expect(await facts()).toHaveLength(7);
    await page.setViewportSize({ width: 620, height: 660 });
    await expect.poll(async () => (await facts()).join('')).toMatch(/^1\.01 s/);
    await page.setViewportSize({ width: 1400, height: 660 });
    await expect.poll(async () => (await facts()).length).toBe(7);
  });
});
