/** The waterfall as a person uses it: read, walk by keys, find, fold, zoom, in every kind of theme and width. */

import { join } from 'node:path';
import AxeSource from 'axe-core';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench, stopBrowser } from './bench';

const shop = join(process.cwd(), 'test', 'fixtures', 'sample', 'shop.otlp.json');
const sources = join(process.cwd(), 'test', 'sample');

let bench: Bench;

/** Opens the failing checkout of the sample's recording. */
async function openCheckout(options: Parameters<typeof openBench>[0] = {}): Promise<string> {
  bench = await openBench({ sources, ...options });
  const traces = await bench.openFile(shop);
  const trace = traces.find((each) => each.rootName === 'POST /checkout' && each.errorCount !== undefined && each.errorCount > 0);
  if (!trace) throw new Error('The recording holds no failing checkout.');
  await bench.show(trace.traceId);
  await bench.page.waitForSelector('.row.selected');
  return trace.traceId;
}

const selected = (): Promise<string> =>
  bench.page
    .locator('.row.selected')
    .getAttribute('aria-label')
    .then((label) => label ?? '');
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await bench.page.keyboard.press(key);
  // What a key changed is on the screen in the next frame.
  await bench.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
};
const names = (): Promise<string[]> =>
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

describe('reading', () => {
  beforeEach(async () => {
    await openCheckout();
  });

  it('tells the trace in the title and says each row to a screen reader', async () => {
    const { page } = bench;
    expect(await page.locator('h1').innerText()).toBe('POST /checkout');
    expect(await page.locator('.meta-line').textContent()).toMatch(
      /^storefront · 1\.01 s · 57 spans · 5 services · 6 errors · 2 findings$/,
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

  it('says what is wrong with a query', async () => {
    await press('Control+f');
    await bench.page.keyboard.type('{ status = ');
    await bench.page.locator('.find-problem').waitFor();
    expect(await bench.page.locator('.find-problem').innerText()).not.toBe('');
  });

  it('shows its keys in a dialog that gives the focus back', async () => {
    const { page } = bench;
    await press('ArrowDown', '?');
    const dialog = page.locator('dialog[open]');
    await dialog.waitFor();
    expect(await dialog.locator('dt').count()).toBeGreaterThan(25);
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

describe('memory', () => {
  it('keeps selection, zoom, folds and columns when the page is made anew', async () => {
    const traceId = await openCheckout();
    await press('e', 'e', 'w', 'w', 'ArrowLeft');
    const before = {
      names: await names(),
      selected: await selected(),
      start: await bench.page.locator('.handle.start').getAttribute('aria-valuenow'),
    };
    await bench.page.locator('.tree-border').focus();
    await press('ArrowRight');
    await expect.poll(() => bench.saved.state.collapsed?.length).toBe(1);
    await expect.poll(() => bench.saved.layout.treeWidth).toBe(468);
    const { state, layout } = bench.saved;
    await bench.reload();
    await bench.show(traceId, { state, layout });
    await expect.poll(names).toEqual(before.names);
    expect(await selected()).toBe(before.selected);
    expect(await bench.page.locator('.handle.start').getAttribute('aria-valuenow')).toBe(before.start);
    expect(await bench.page.locator('.head-tree').evaluate((head) => head.clientWidth)).toBe(468);
    // Without a memory of the host the page's own serves.
    await bench.reload();
    await bench.show(traceId);
    await expect.poll(names).toEqual(before.names);
  });

  it('keeps what was done in the moment before the editor is left', async () => {
    await openCheckout();
    const root = await bench.page.locator('.row.selected').getAttribute('aria-expanded');
    expect(root).toBe('true');
    const kept = await bench.page.evaluate(() => {
      const row = document.querySelector('.row.selected');
      row?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, cancelable: true }));
      // The page is thrown away before any of its timers.
      window.dispatchEvent(new Event('blur'));
      return sessionStorage.getItem('state');
    });
    expect(JSON.parse(kept ?? '{}').state.collapsed).toHaveLength(1);
  });

  it('selects the span that it was opened for, although the trace grew meanwhile', async () => {
    const traceId = await openCheckout();
    const key = { dataset: `file:${shop}`, traceId };
    const snapshot = await bench.engine('openTrace', { ...key, idsUpTo: 100 });
    const { spanId } = await bench.engine('spanData', { ...key, row: 7 });
    await press('Home');
    const root = await selected();
    await bench.reload();
    const show = (revision: number, selectSpanId?: string): Promise<unknown> =>
      bench.view.call(
        'show',
        { snapshot: { ...snapshot, revision }, state: {}, layout: {}, selectSpanId },
        { timeoutMs: 20_000 },
      );
    // The trace has grown before the ids of its first picture were asked for, and the next picture comes without the span.
    const { spanIds: _, ...withoutIds } = snapshot;
    await bench.view.call('show', {
      snapshot: { ...withoutIds, revision: snapshot.revision - 1 },
      state: {},
      layout: {},
      selectSpanId: spanId,
    });
    await show(snapshot.revision);
    expect(await selected()).not.toBe(root);
    // The other way round: the picture that names the span is the one that comes late.
    await bench.reload();
    await bench.page.evaluate(() => sessionStorage.clear());
    await show(snapshot.revision);
    await expect.poll(selected).toBe(root);
    await show(snapshot.revision - 1, spanId);
    await expect.poll(selected).not.toBe(root);
  });

  it('selects the span that it was opened for', async () => {
    const traceId = await openCheckout();
    const { spans } = await bench.engine('traceData', { dataset: `file:${shop}`, traceId });
    const charge = spans.find((span) => span.name === 'PaymentService.charge');
    await bench.show(traceId, { selectSpanId: charge?.spanId });
    expect(await selected()).toContain('PaymentService.charge');
    expect(
      await bench.view.call('select', { trace: { dataset: `file:${shop}`, traceId }, spanId: 'ffffffffffffffff', reveal: true }),
    ).toBe(false);
  });
});

describe('widths and themes', () => {
  for (const width of [320, 599, 700, 899, 2000]) {
    it(`never scrolls sideways at ${width} px`, async () => {
      await openCheckout({ width, height: 660 });
      expect(await bench.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      const overflowing = await bench.page.evaluate(
        () =>
          [...document.querySelectorAll<HTMLElement>('.row:not([hidden]), .footer, .title-line, .details')].filter(
            (each) => each.offsetParent !== null && each.getBoundingClientRect().right > window.innerWidth + 0.5,
          ).length,
      );
      expect(overflowing).toBe(0);
    });
  }

  it('keeps the selected row in view, and errors in the title, when source opens beside', async () => {
    await openCheckout({ width: 1400, height: 660 });
    const { page } = bench;
    const row = page.locator('.row', { hasText: 'order.failed process' });
    await row.locator('.name').click();
    await page.setViewportSize({ width: 640, height: 660 });
    await expect
      .poll(async () => {
        const box = await row.boundingBox();
        const list = await page.locator('.list').boundingBox();
        return box && list ? box.y + box.height <= list.y + list.height + 1 : false;
      })
      .toBe(true);
    const errors = await page.locator('.fact.error').boundingBox();
    const find = await page.locator('.find').boundingBox();
    expect((errors?.x ?? 1e9) + (errors?.width ?? 0)).toBeLessThanOrEqual(find?.x ?? 0);
  });

  it('shows details in place of the rows in a narrow editor, and goes back', async () => {
    await openCheckout({ width: 320, height: 660 });
    const { page } = bench;
    expect(await page.locator('.details').isVisible()).toBe(false);
    await page.locator('.row', { hasText: 'PaymentService.charge' }).click();
    await page.locator('.details h2', { hasText: 'PaymentService.charge' }).waitFor();
    expect(await page.locator('.body').isVisible()).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.getByRole('button', { name: 'Back to the rows' }).click();
    await expect.poll(() => page.locator('.details').isVisible()).toBe(false);
    expect(await selected()).toContain('PaymentService.charge');
    await press(' ');
    await page.locator('.details h2').waitFor();
    await press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('row');
  });

  for (const theme of ['dark', 'light', 'contrast', 'contrastLight']) {
    it(`has no accessibility violations in the theme ${theme}`, async () => {
      await openCheckout({ theme });
      const { page } = bench;
      await press('e', 'e', 'e');
      await page.locator('.exception-type').first().waitFor();
      await page.evaluate(() => {
        for (const head of document.querySelectorAll<HTMLElement>('.section-head:not(.open)')) head.click();
      });
      expect(await violations()).toEqual([]);
      await page.locator('.row.selected').focus();
      await press('?');
      await page.locator('dialog[open]').waitFor();
      expect(await violations()).toEqual([]);
    });
  }
});

/** What axe finds, serious or worse. */
async function violations(): Promise<string[]> {
  const { page } = bench;
  await page.evaluate(AxeSource.source);
  return page.evaluate(async () => {
    type Found = { id: string; impact: string | null; nodes: { target: string[]; failureSummary?: string }[] };
    const { axe } = window as unknown as { axe: { run: (context: Document) => Promise<{ violations: Found[] }> } };
    const { violations: found } = await axe.run(document);
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 4)
            .map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`)
            .join(' | ')}`,
      );
  });
}
