/** What the page does with traces that grow, with files of many traces, with problems, and with text that means harm. */

import AxeSource from 'axe-core';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedTrace } from '../../../src/protocol/view';
import { type Bench, openBench, stopBrowser } from './bench';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const START = 1_700_000_000_000_000_000n;

interface TestSpan {
  readonly id: number;
  readonly parent?: number;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** OTLP JSON of spans; times in milliseconds. */
function otlp(spans: readonly TestSpan[], service = 'shop'): Uint8Array {
  const hex = (id: number): string => id.toString(16).padStart(16, '0');
  const nano = (ms: number): string => String(START + BigInt(ms) * 1_000_000n);
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const request = {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', service)] },
        scopeSpans: [
          {
            spans: spans.map(({ id, parent, name, from, to, attributes }) => ({
              traceId: TRACE,
              spanId: hex(id),
              parentSpanId: parent === undefined ? '' : hex(parent),
              name,
              kind: 1,
              startTimeUnixNano: nano(from),
              endTimeUnixNano: nano(to),
              attributes: Object.entries(attributes ?? {}).map(([key, value]) => text(key, value)),
            })),
          },
        ],
      },
    ],
  };
  return new TextEncoder().encode(JSON.stringify(request));
}

let bench: Bench;
beforeEach(async () => {
  bench = await openBench({ width: 1000, height: 500 });
});
afterEach(async () => {
  const troubles = bench.troubles.slice();
  await bench.close();
  expect(troubles).toEqual([]);
});
afterAll(stopBrowser);

/** Resolves when what was changed is on the screen. */
const frame = (): Promise<unknown> =>
  bench.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
/** Where rows stand on the screen, by name. */
const places = (): Promise<Record<string, number>> =>
  bench.page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLElement>('.body .row')]
        .filter((row) => !row.hidden)
        .map((row) => [row.querySelector('.name')?.textContent ?? '', Math.round(row.getBoundingClientRect().top)]),
    ),
  );

async function violations(): Promise<string[]> {
  await bench.page.evaluate(AxeSource.source);
  return bench.page.evaluate(async () => {
    type Found = { id: string; impact: string | null; nodes: { target: string[] }[] };
    const { axe } = window as unknown as { axe: { run: (context: Document) => Promise<{ violations: Found[] }> } };
    const { violations: found } = await axe.run(document);
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });
}

describe('a trace that grows', () => {
  const first = (): TestSpan[] => [
    { id: 1, name: 'root', from: 0, to: 1000 },
    ...Array.from({ length: 60 }, (_, index) => ({
      id: 100 + index,
      parent: 1,
      name: `step ${index}`,
      from: index * 10 + 5,
      to: index * 10 + 9,
    })),
  ];
  /** New spans before, between and behind the known ones. */
  const grown = (): TestSpan[] => [
    ...first(),
    ...Array.from({ length: 30 }, (_, index) => ({
      id: 500 + index,
      parent: 1,
      name: `new ${index}`,
      from: index * 10,
      to: index * 10 + 2,
    })),
    { id: 900, parent: 130, name: 'deep', from: 306, to: 307 },
    { id: 901, parent: 1, name: 'after', from: 990, to: 1400 },
  ];

  it('moves neither the row under the pointer nor the selection', async () => {
    await bench.openBytes(otlp(first()));
    await bench.show(TRACE);
    const { page } = bench;
    for (let i = 0; i < 32; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('w');
    await frame();
    const selected = await page.locator('.row.selected .name').innerText();
    const zoomed = await page.locator('.handle.end').getAttribute('aria-valuenow');
    const under = page.locator('.row', { hasText: /^step 28/ });
    await under.hover();
    const before = await places();
    await bench.openBytes(otlp(grown()));
    await bench.show(TRACE);
    await expect.poll(async () => page.locator('.meta-line').innerText()).toContain('93 spans');
    expect((await places())['step 28']).toBe(before['step 28']);
    expect(await page.locator('.row.selected .name').innerText()).toBe(selected);
    expect(await page.locator('.handle.end').getAttribute('aria-valuenow')).toBe(zoomed);
    expect(await page.evaluate(() => document.activeElement?.classList.contains('selected'))).toBe(true);
  });

  it('keeps the selected row where it is when the pointer is elsewhere', async () => {
    await bench.openBytes(otlp(first()));
    await bench.show(TRACE);
    const { page } = bench;
    await page.mouse.move(5, 5);
    for (let i = 0; i < 32; i++) await page.keyboard.press('ArrowDown');
    await frame();
    const before = await places();
    await bench.openBytes(otlp(grown()));
    await bench.show(TRACE);
    await expect.poll(async () => page.locator('.meta-line').innerText()).toContain('93 spans');
    expect((await places())['step 31']).toBe(before['step 31']);
  });
});

/** Timers of so many milliseconds wait until they are released; those that were cleared meanwhile do not run. */
const holdTimers = (page: Bench['page'], waitMs: number): Promise<void> =>
  page.evaluate((held) => {
    const { setTimeout: set, clearTimeout: clear } = window;
    const waiting = new Map<number, () => void>();
    Object.assign(window, {
      setTimeout: (run: () => void, ms?: number) => {
        if (ms !== held) return set(run, ms);
        waiting.set(-waiting.size - 1, run);
        return -waiting.size;
      },
      clearTimeout: (id?: number) => {
        if (id === undefined || !waiting.has(id)) clear(id);
        else waiting.set(id, () => {});
      },
      releaseTimers: () => {
        for (const run of waiting.values()) run();
      },
    });
  }, waitMs);

describe('one trace in the place of another', () => {
  const spans = (names: readonly string[]): TestSpan[] => [
    { id: 1, name: 'root', from: 0, to: 100 },
    ...names.map((name, index) => ({ id: 10 + index, parent: 1, name, from: index * 10, to: index * 10 + 8 })),
  ];

  it('has its own zoom, and nothing of what is typed for the one before', async () => {
    const { page } = bench;
    await bench.openBytes(otlp(spans(['cart', 'charge'])));
    await bench.show(TRACE);
    await page.keyboard.press('w');
    await page.keyboard.press('Control+f');
    await page.waitForFunction(() => document.activeElement?.classList.contains('text-input'));
    const other = 'c'.repeat(32);
    const bytes = otlp(spans(['order', 'cart', 'mail']));
    await bench.openBytes(new TextEncoder().encode(new TextDecoder().decode(bytes).replaceAll(TRACE, other)), 'other');
    const key = { dataset: 'file:other', traceId: other };
    const snapshot = await bench.engine('openTrace', { ...key, idsUpTo: 100 });
    await holdTimers(page, 120);
    await page.keyboard.type('cart');
    await bench.view.call('show', { snapshot, state: {}, layout: {} });
    await expect.poll(async () => page.locator('.meta-line').innerText()).toContain('4 spans');
    // It would be looked for now.
    await page.evaluate(() => (window as unknown as { releaseTimers: () => void }).releaseTimers());
    expect(await page.locator('.text-input').evaluate((field: HTMLInputElement) => field.value)).toBe('');
    // A search would have begun by the time that a span was selected and its details were there.
    await page.keyboard.press('Escape');
    await page.locator('.row', { hasText: 'mail' }).click();
    await expect.poll(() => page.locator('.details h2').innerText()).toBe('mail');
    expect(await page.getByRole('button', { name: 'Next match (F3)' }).isVisible()).toBe(false);
    expect(Object.keys(await places())).toHaveLength(4);
    const zoom = page.locator('.handle.end');
    expect(await zoom.getAttribute('aria-valuenow')).toBe(await zoom.getAttribute('aria-valuemax'));
  });
});

describe('hostile text', () => {
  it('shows markup, controls and marks of direction as what they are', async () => {
    const evil = '<img src=x onerror="document.title=1"><b>bold</b>';
    await bench.openBytes(
      otlp(
        [
          {
            id: 1,
            name: evil,
            from: 0,
            to: 100,
            attributes: { [`<script>alert(1)</script>`]: evil, note: 'two\nlines\u202Etxt.exe', link: 'javascript:alert(1)' },
          },
          { id: 2, parent: 1, name: 'abc\u202Egnp', from: 1, to: 50 },
        ],
        '<i>service</i>',
      ),
    );
    await bench.show(TRACE);
    const { page } = bench;
    await page.locator('.attribute').first().waitFor();
    expect(await page.locator('.row .name').first().innerText()).toBe(evil);
    expect(await page.locator('h1').innerText()).toBe(evil);
    expect(await page.locator('.row .name').nth(1).innerText()).toBe('abc‹U+202E›gnp');
    expect(await page.locator('img, b, script:not([src]):not([nonce]), .body i').count()).toBe(0);
    expect(await page.title()).toBe('Trace');
    expect(await page.locator('.attribute', { hasText: 'javascript:' }).locator('.value button.link').count()).toBe(0);
  });

  it('folds long values and lays out JSON', async () => {
    const list = JSON.stringify({ items: Array.from({ length: 40 }, (_, index) => ({ sku: index, title: `Thing ${index}` })) });
    await bench.openBytes(
      otlp([{ id: 1, name: 'root', from: 0, to: 1, attributes: { payload: list, 'url.full': 'https://shop.example/a?b=1' } }]),
    );
    await bench.show(TRACE);
    const { page } = bench;
    const payload = page.locator('.attribute', { hasText: 'payload' });
    await payload.getByRole('button', { name: 'More of payload' }).click();
    expect(await payload.locator('.block').innerText()).toContain('{\n  "items": [\n');
    await payload.getByRole('button', { name: 'Less of payload' }).click();
    expect(await payload.locator('.block').count()).toBe(0);
    await page.getByRole('button', { name: 'https://shop.example/a?b=1' }).click();
    await expect
      .poll(() => bench.calls.at(-1))
      .toEqual({ method: 'openExternal', params: { url: 'https://shop.example/a?b=1' } });
  });
});

describe('a file of many traces', () => {
  const traces = Array.from(
    { length: 12_000 },
    (_, index): ListedTrace => ({
      traceId: index.toString(16).padStart(32, '0'),
      rootName: `GET /item/${index}`,
      rootService: index % 2 === 0 ? 'storefront' : 'catalog',
      startUnixNano: String(START + BigInt(index)),
      durationNs: (index % 997) * 1_000_000,
      spanCount: index % 50,
      errorCount: index % 100 === 7 ? 3 : 0,
      services: [],
    }),
  );
  beforeEach(async () => {
    await bench.view.call('showList', {
      list: { title: 'many.otlp.json', format: 'OTLP JSON', spanCount: 300_000, traces, defects: [] },
    });
  });

  it('sorts, filters and opens by keyboard', async () => {
    const { page } = bench;
    const first = (): Promise<string> => page.locator('.list-body .row.selected .name').innerText();
    expect(await first()).toBe('GET /item/11999');
    expect(await page.locator('.list-body .row').count()).toBeLessThan(60);
    await page.getByRole('columnheader', { name: 'Duration' }).getByRole('button').press('Enter');
    await expect.poll(() => page.locator('[aria-sort=descending]').innerText()).toContain('Duration');
    await page.locator('.list-body .row.selected').focus();
    await page.keyboard.press('Home');
    await frame();
    expect(await first()).toMatch(/^GET \/item\/\d+$/);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expect.poll(() => bench.calls.at(-1)?.method).toBe('openTrace');
    await page.locator('.text-input').click();
    await page.keyboard.type('item/1234 ');
    await expect.poll(() => page.locator('.footer').innerText()).toContain('1 of 12,000 traces');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => bench.calls.at(-1))
      .toEqual({
        method: 'openTrace',
        params: { traceId: traces[1234].traceId, beside: false },
      });
  });

  it('has no accessibility violations', async () => {
    for (const theme of ['dark', 'light', 'contrast']) {
      await bench.setTheme(theme);
      expect(await violations(), theme).toEqual([]);
    }
  });
});

describe('problems and progress', () => {
  it('says what is wrong and what can be done', async () => {
    const { page } = bench;
    await bench.view.call('showProblem', {
      problem: {
        title: 'broken.json holds no traces',
        message: 'Its first byte is 0x89.\nOpen it as text, or choose another file.',
        actions: [
          { id: 'text', label: 'Open as text' },
          { id: 'retry', label: 'Read again' },
        ],
      },
    });
    expect(await page.getByRole('alert').innerText()).toContain('broken.json holds no traces');
    for (const theme of ['dark', 'light', 'contrast']) {
      await bench.setTheme(theme);
      expect(await violations(), theme).toEqual([]);
    }
    await page.getByText('Read again').click();
    await expect.poll(() => bench.calls.at(-1)).toEqual({ method: 'runAction', params: { id: 'retry' } });
  });

  it('shows progress that can be stopped', async () => {
    const { page } = bench;
    await bench.view.call('showProgress', { text: 'decoding 340 of 812 MB', fraction: 0.42, cancellable: true });
    await page.getByText('decoding 340 of 812 MB').waitFor();
    await page.getByRole('button', { name: 'cancel' }).click();
    await expect.poll(() => bench.calls.at(-1)?.method).toBe('cancel');
    await bench.view.call('showProgress', { cancellable: false });
    await expect.poll(() => page.locator('.progress').isVisible()).toBe(false);
  });
});
