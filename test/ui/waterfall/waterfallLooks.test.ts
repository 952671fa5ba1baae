/** The waterfall in every width and kind of theme, and what it remembers when its page is made anew. */

import AxeSource from 'axe-core';
import { describe, expect, it } from 'vitest';
import { bench, names, openCheckout, press, selected, shop } from './checkout';

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
    const { spanId, name } = await bench.engine('spanData', { ...key, row: 7 });
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
    const wanted = await selected();
    expect(wanted).toContain(name);
    // The other way round: the picture that names the span is the one that comes late.
    await bench.reload();
    await bench.page.evaluate(() => sessionStorage.clear());
    await show(snapshot.revision);
    await expect.poll(selected).toContain('POST /v1/charges');
    await show(snapshot.revision - 1, spanId);
    await expect.poll(selected).toBe(wanted);
  });

  it('opens at the span that failed, with why it did, and next time where it was left', async () => {
    const traceId = await openCheckout();
    await bench.reload();
    await bench.page.evaluate(() => sessionStorage.clear());
    await bench.show(traceId);
    await expect.poll(selected).toMatch(/^POST \/v1\/charges, payments, error, .*try 1/);
    await bench.page.locator('.details').getByText('POST /v1/charges').first().waitFor();
    await press('Home');
    await bench.reload();
    await bench.show(traceId);
    await expect.poll(selected).toMatch(/^POST \/checkout/);
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

describe('details', () => {
  const width = (): Promise<number> =>
    bench.page.locator('.details').evaluate((details) => details.getBoundingClientRect().width);

  it('made wide in one window take as great a share of another one, and never more than half', async () => {
    const traceId = await openCheckout({ width: 1500, height: 660 });
    const { page } = bench;
    const border = page.getByRole('separator', { name: 'Size of the details' }).first();
    await border.press('Home');
    await expect.poll(width).toBe(220);
    await border.press('End');
    await expect.poll(width).toBe(750);
    await border.press('ArrowRight');
    await expect.poll(() => bench.saved.layout.detailsWidthShare).toBeCloseTo(734 / 1500, 3);
    await page.setViewportSize({ width: 1000, height: 660 });
    await expect.poll(width).toBe(Math.round((734 / 1500) * 1000));
    const { layout } = bench.saved;
    await bench.reload();
    await bench.show(traceId, { layout });
    await expect.poll(width).toBe(Math.round((734 / 1500) * 1000));
    // Bars keep room beside a tree that was made wide in a larger window.
    await page.setViewportSize({ width: 900, height: 660 });
    await page.locator('.tree-border').press('End');
    const timeline = await page.locator('.timeline').boundingBox();
    expect(timeline?.width ?? 0).toBeGreaterThanOrEqual(160);
  });

  it("below the rows have a button of a button's width", async () => {
    await openCheckout({ width: 850, height: 660 });
    await press('e', 'e', 'e');
    const button = bench.page.locator('.details .push-button').first();
    await button.waitFor();
    expect((await button.boundingBox())?.width ?? 1e9).toBeLessThanOrEqual(360);
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

  it('has no accessibility violations in a narrow editor', async () => {
    await openCheckout({ width: 520, height: 660 });
    expect(await violations()).toEqual([]);
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
