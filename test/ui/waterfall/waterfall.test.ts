/** The waterfall as a person uses it: read, walk by keys, find, fold, zoom. */

import { beforeEach, describe, expect, it } from 'vitest';
import { bench, names, openCheckout, press, selected } from './checkout';

describe('reading', () => {
  beforeEach(async () => {
    await openCheckout();
  });

  it('tells the trace in the title and says each row to a screen reader', async () => {
    const { page } = bench;
    expect(await page.locator('h1').innerText()).toBe('POST /checkout');
    expect(await page.locator('.meta-line').textContent()).toMatch(
      /^storefront · 1\.01 s · \d+ \w{3} (\d{4} )?\d\d:\d\d · 57 spans · 5 services · 6 errors · 2 findings$/,
    );
    const grid = page.locator('[role=treegrid]');
    expect(await grid.getAttribute('aria-rowcount')).toBe('21');
    const charge = page.locator('.row', { hasText: 'PaymentService.charge' });
    expect(await charge.getAttribute('aria-label')).toMatch(
      /^PaymentService\.charge, payments, error, 475 milliseconds, starts at 53\d milliseconds, level 4$/,
    );
    expect(await charge.getAttribute('aria-level')).toBe('4');
    expect(await charge.getAttribute('aria-expanded')).toBe('true');
    const group = page.locator('.row', { hasText: 'SELECT product' });
    expect(await group.locator('.chip').allInnerTexts()).toEqual(['38×', 'N+1']);
    expect(await group.getAttribute('aria-expanded')).toBe('false');
  });

  it('goes from error to error and shows why, with the line that threw', async () => {
    const { page } = bench;
    await press('e', 'e', 'e');
    expect(await selected()).toContain('PaymentService.charge');
    await page.getByText('Open paymentService.ts:').waitFor();
    expect(await page.locator('.exception-type').first().innerText()).toBe('GatewayTimeout');
    await press('Enter');
    await expect.poll(() => bench.calls.at(-1)?.method).toBe('openSource');
    await page.locator('.frame .link').first().click();
    await expect.poll(() => bench.calls.at(-1)).toMatchObject({ method: 'openSource', params: { exception: 0, frame: 0 } });
  });

  it('copies an attribute as a query and filters by it', async () => {
    const { page } = bench;
    const row = page.locator('.attribute', { hasText: 'http.route' });
    await row.hover();
    await row.getByRole('button', { name: 'More actions' }).click();
    await row.getByRole('button', { name: 'Copy as query' }).click();
    await expect
      .poll(() => bench.calls.at(-1))
      .toMatchObject({ method: 'copy', params: { text: 'span.http.route = "/checkout"' } });
    await row.getByRole('button', { name: 'Filter the trace by it' }).click();
    await expect.poll(names).toEqual(['POST /checkout']);
    expect(await page.locator('.footer').innerText()).toContain('56 hidden');
    await page.locator('.footer').getByText('56 hidden').click();
    await expect.poll(async () => (await names()).length).toBe(20);
  });

  it('keeps the keyboard where it was when a fact of the footer or a run of frames is pressed', async () => {
    const { page } = bench;
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? '');
    const fact = page.locator('.footer [aria-pressed]').first();
    await fact.focus();
    for (const shown of ['false', 'true']) {
      await press('Enter');
      await expect.poll(() => fact.getAttribute('aria-pressed')).toBe(shown);
      expect(await focused()).toContain(`aria-pressed="${shown}"`);
    }
    await page.locator('.row', { hasText: 'PaymentService.charge' }).click();
    const library = page.locator('.frame.library').first();
    await library.getByRole('button').focus();
    await press('Enter');
    await library.locator('.location').first().waitFor();
    expect(await library.evaluate((item) => item.contains(document.activeElement))).toBe(true);
  });

  it('says of a value that it is an empty text', async () => {
    await press('e', 'e', 'e', 'ArrowDown');
    const query = bench.page.locator('.attribute', { hasText: 'url.query' });
    expect(await query.locator('.value').innerText()).toBe('empty text');
    await query.getByRole('button', { name: 'Copy value' }).click();
    await expect.poll(() => bench.calls.at(-1)).toMatchObject({ method: 'copy', params: { text: '' } });
  });

  it('lists what is wrong with the trace', async () => {
    const { page } = bench;
    await page.locator('.footer').getByText('4 defects').click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.locator('li').count()).toBeGreaterThan(0);
    expect(await dialog.innerText()).toMatch(/clock/i);
    await press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
  });

  it('shows times as the data has them on request', async () => {
    const { page } = bench;
    const price = page.locator('.row', { hasText: 'apply_discounts' });
    const corrected = await price.getAttribute('aria-label');
    await page.locator('.footer').getByText('clock of pricing corrected').click();
    await expect.poll(() => price.getAttribute('aria-label')).not.toBe(corrected);
    expect(await page.locator('.footer').innerText()).toContain('clock of pricing not corrected');
  });
});

describe('keyboard', () => {
  beforeEach(async () => {
    await openCheckout();
  });

  it('walks the trace without a mouse', async () => {
    const { page } = bench;
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('row');
    await press('ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight');
    expect(await selected()).toMatch(/^SELECT cart_item, cart/);
    await press('ArrowDown');
    expect(await selected()).toMatch(/^SELECT product, cart, .*38 spans/);
    await press('ArrowRight');
    await expect.poll(async () => (await names()).length).toBeGreaterThan(20);
    await press('ArrowRight');
    expect(await selected()).toMatch(/^SELECT product, cart, .*level 5$/);
    await press(']', ']');
    const third = await selected();
    await press('[');
    expect(await selected()).not.toBe(third);
    await press('ArrowLeft', 'ArrowLeft');
    await expect.poll(names).toHaveLength(20);
    await press('ArrowLeft', 'ArrowLeft');
    await expect.poll(names).not.toContain('SELECT cart_item');
    await press('End');
    expect(await selected()).toMatch(/^order\.failed process/);
    await press('Home', '*');
    await expect.poll(async () => (await names()).length).toBeGreaterThan(20);
    await press('1');
    await expect.poll(names).toEqual(['POST /checkout']);
    await press('2');
    await expect.poll(names).toHaveLength(6);
    await press('9', 'f');
    expect(await selected()).toMatch(/^(SELECT product|POST \/v1\/charges)/);
    // Back and forth through what was selected.
    const finding = await selected();
    await press('Alt+ArrowLeft');
    expect(await selected()).not.toBe(finding);
    await press('Alt+ArrowRight');
    expect(await selected()).toBe(finding);
  });

  it('copies the id of the span', async () => {
    await press('ArrowDown', 'i');
    await expect
      .poll(() => bench.calls.at(-1))
      .toMatchObject({ method: 'copy', params: { what: 'span id', text: expect.stringMatching(/^[0-9a-f]{16}$/) } });
  });

  it('makes a span the root and back', async () => {
    await press('e', 'e', 'r');
    await expect.poll(async () => (await names())[0]).toBe('POST /payments');
    expect(await bench.page.locator('.rooted').innerText()).toContain('below POST /payments');
    await press('Escape');
    await expect.poll(async () => (await names())[0]).toBe('POST /checkout');
  });

  it('zooms, pans and returns to the whole trace', async () => {
    const brush = (): Promise<{ x: number; width: number }> =>
      bench.page.locator('.brush').evaluate((element) => {
        const { x, width } = element.getBoundingClientRect();
        return { x, width };
      });
    const whole = await brush();
    await press('w', 'w', 'w');
    await expect.poll(async () => (await brush()).width).toBeLessThan(whole.width / 2);
    const zoomed = await brush();
    await press('a');
    await expect.poll(async () => (await brush()).x).toBeLessThan(zoomed.x);
    await press('0');
    await expect.poll(async () => Math.round((await brush()).width)).toBe(Math.round(whole.width));
    await press('e', 'e', 'e', 'z');
    await expect.poll(async () => (await brush()).width / whole.width).toBeCloseTo(0.47 * 1.1, 1);
  });

  it('finds, steps and filters', async () => {
    const { page } = bench;
    await press('Control+f');
    await page.keyboard.type('status = error');
    await press('Enter');
    await expect.poll(() => page.locator('.find-count').innerText()).toMatch(/^(6 found|1 of 6)$/);
    await press('Enter');
    await expect.poll(() => page.locator('.find-count').innerText()).toMatch(/^[12] of 6$/);
    await press('F3');
    await expect.poll(() => page.locator('.find-count').innerText()).toMatch(/^[23] of 6$/);
    await page.getByRole('button', { name: 'Show only what was found' }).press('Enter');
    await expect
      .poll(names)
      .toEqual([
        'POST /checkout',
        'POST /payments',
        'POST /payments',
        'PaymentService.charge',
        ...Array(3).fill('POST /v1/charges'),
      ]);
    expect(await page.locator('.row.dimmed').count()).toBe(1);
    await page.locator('.text-input').press('Escape');
    await expect.poll(names).toHaveLength(20);
  });

  it('proposes what may follow in a query, by keys, and looks for words as they are', async () => {
    const { page } = bench;
    const options = (): Promise<string[]> => page.locator('.completion .completion-label').allInnerTexts();
    await press('Control+f');
    await page.keyboard.type('sta');
    await expect.poll(options).toContain('status');
    await press('Tab');
    await expect.poll(options).toContain('=');
    await press('ArrowDown', 'Enter');
    await expect.poll(options).toContain('error');
    await press('ArrowDown', 'Enter');
    await expect.poll(() => page.locator('.find-count').innerText()).toMatch(/6/);
    // Escape closes the list, not the find.
    await press('Escape');
    await expect.poll(options).toEqual([]);
    expect(await page.locator('.find-count').innerText()).toMatch(/6/);
    await press('Control+a');
    await page.keyboard.type('.http.ro');
    await expect.poll(options).toContain('.http.route');
    await page.getByRole('option', { name: '.http.route' }).click();
    await expect.poll(options).toContain('=');
    await page.keyboard.type('= ');
    await expect.poll(options).toContain('"/checkout"');
    await press('Control+a');
    await page.keyboard.type('charge');
    await press('Enter');
    await expect.poll(() => page.locator('.find-count').innerText()).toMatch(/^\d+ (of \d+|found)$/);
    await expect.poll(options).toEqual([]);
  });

  it('says what is wrong with a query', async () => {
    await press('Control+f');
    await bench.page.keyboard.type('{ status = ');
    await bench.page.locator('.find-problem').waitFor();
    expect(await bench.page.locator('.find-problem').innerText()).not.toBe('');
  });

  it('underlines all that is wrong in a query', async () => {
    const { page } = bench;
    const marked = (): Promise<string[]> => page.locator('.text-mark').allInnerTexts();
    await press('Control+f');
    // What they have left is marked at once, the rest and the message wait for a pause.
    await page.keyboard.type('{ status = wat && kin');
    await expect.poll(marked).toContain('wat');
    await page.locator('.find-problem').waitFor();
    await expect.poll(marked).toEqual(['wat', 'kin', expect.any(String)]);
    const under = await page.locator('.text-mark').first().boundingBox();
    const field = await page.locator('.text-box').boundingBox();
    expect(
      under && field && under.x > field.x + 40 && under.y >= field.y && under.y + under.height <= field.y + field.height,
    ).toBe(true);
    await page.keyboard.type('d = server }');
    await press('Control+a');
    await page.keyboard.type('{ status = error }');
    await expect.poll(marked).toEqual([]);
    await expect.poll(() => page.locator('.find-count').innerText()).toMatch(/6/);
  });

  it('proposes in the middle of a query', async () => {
    const { page } = bench;
    await press('Control+f', 'Control+a');
    await page.keyboard.type('{  && kind = server }');
    await press('Home', 'ArrowRight', 'ArrowRight');
    await page.keyboard.type('statu');
    await page.getByRole('option', { name: 'status error, ok, unset' }).click();
    await page.keyboard.type('= error');
    const text = await page.locator('.text-input').evaluate((field: HTMLInputElement) => field.value);
    expect(text).toBe('{ status = error && kind = server }');
  });

  it('shows its keys in a dialog that gives the focus back', async () => {
    const { page } = bench;
    await press('ArrowDown', '?');
    const dialog = page.locator('dialog[open]');
    await dialog.waitFor();
    expect(await dialog.locator('dt').count()).toBeGreaterThan(25);
    expect(await dialog.locator('h3').allInnerTexts()).toEqual([
      'Move',
      'Fold',
      'Source and details',
      'Find',
      'Time',
      'Page',
      'Mouse',
    ]);
    for (let i = 0; i < 5; i++) await press('Tab');
    // The rest of the page cannot be reached: the focus is in the dialog, or in the browser's own frame.
    expect(
      await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null),
    ).toBe(true);
    await press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('row');
  });

  it('reaches the details by Tab and closes them by Space', async () => {
    const { page } = bench;
    await page.locator('.section-head').first().waitFor();
    const reached = new Set<string>();
    for (let i = 0; i < 25; i++) {
      await press('Tab');
      reached.add(await page.evaluate(() => document.activeElement?.className ?? ''));
    }
    expect([...reached].some((name) => name.includes('section-head'))).toBe(true);
    await page.locator('.row.selected').focus();
    await press(' ');
    await expect.poll(() => page.locator('.details').isVisible()).toBe(false);
  });
});

describe('mouse', () => {
  beforeEach(async () => {
    await openCheckout();
  });

  it('selects a range, tells its length and zooms there', async () => {
    const { page } = bench;
    await page.mouse.move(600, 560);
    await page.mouse.down();
    await page.mouse.move(700, 560, { steps: 4 });
    await page.mouse.up();
    const box = page.locator('.range-box');
    await box.waitFor();
    // 100 of 512 px that stand for 1.012 s.
    expect(await box.innerText()).toMatch(/^19[78] ms\s+Zoom here$/);
    await box.getByRole('button').click();
    await expect.poll(() => page.locator('.handle.start').getAttribute('aria-valuetext')).toMatch(/29\d ms/);
  });

  it('draws, moves and resets the view in the minimap', async () => {
    const { page } = bench;
    const start = (): Promise<number> => page.locator('.handle.start').getAttribute('aria-valuenow').then(Number);
    await page.mouse.move(400, 60);
    await page.mouse.down();
    await page.mouse.move(700, 60, { steps: 4 });
    await page.mouse.up();
    await expect.poll(start).toBeGreaterThan(250e6);
    const drawn = await start();
    await page.mouse.move(550, 60);
    await page.mouse.down();
    await page.mouse.move(650, 60, { steps: 4 });
    await page.mouse.up();
    await expect.poll(start).toBeGreaterThan(drawn + 50e6);
    await page.mouse.dblclick(1200, 60);
    await expect.poll(start).toBe(0);
  });

  it('zooms at the pointer with Ctrl and the wheel', async () => {
    const { page } = bench;
    await page.mouse.move(708, 300);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -300);
    await page.keyboard.up('Control');
    // Half of the time is under the pointer before and after.
    await expect.poll(() => page.locator('.handle.start').getAttribute('aria-valuenow').then(Number)).toBeGreaterThan(100e6);
  });

  it('opens the source from the link of a row, beside with Ctrl', async () => {
    const { page } = bench;
    await page.mouse.move(200, 211);
    const link = page.locator('.source', { hasText: 'cartStore.ts:' });
    await link.click();
    await expect.poll(() => bench.calls.at(-1)).toMatchObject({ method: 'openSource', params: { beside: false } });
    await link.click({ modifiers: ['Control'] });
    await expect.poll(() => bench.calls.at(-1)).toMatchObject({ method: 'openSource', params: { beside: true } });
  });
});
