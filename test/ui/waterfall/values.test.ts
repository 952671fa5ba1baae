/** Values in the details: wrapped, folded, whole when they are copied or opened. The head stays in sight, and nothing covers anything. */

import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench, stopBrowser } from './bench';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const nano = (ms: number): string => String(1_700_000_000_000_000_000n + BigInt(ms) * 1_000_000n);
const pairs = (of: Readonly<Record<string, string>>) =>
  Object.entries(of).map(([key, stringValue]) => ({ key, value: { stringValue } }));

const id = '0123456789abcdef'.repeat(4);
const sentence = 'Every word of it can be read. '.repeat(20).trim();
const megabyte = 'a word and '.repeat(100_000);
const json = '{"order":12345678901234567890,"items":[{"sku":"a","count":2}],"note":"left at the door, as always"}';
const stack = Array.from({ length: 30 }, (_, at) => `    at ${'deep.'.repeat(12)}call${at} (/app/node_modules/x/y.js:${at}:1)`);
const message = 'the first line\nand the second, which the stack has not';

const span = {
  traceId,
  spanId: '1'.padStart(16, '0'),
  name: 'POST /a/name/that/goes/on/'.repeat(20),
  kind: 2,
  startTimeUnixNano: nano(0),
  endTimeUnixNano: nano(20),
  status: { code: 2, message: megabyte },
  attributes: pairs({ 'order.id': id, 'a.sentence': sentence, megabyte, payload: json, short: 'one' }),
  events: [
    {
      name: 'exception',
      timeUnixNano: nano(5),
      attributes: pairs({
        'exception.type': 'Error',
        'exception.message': message,
        'exception.stacktrace': `Error: the first line\n${stack.join('\n')}`,
      }),
    },
  ],
};
const bytes = new TextEncoder().encode(
  JSON.stringify({
    resourceSpans: [{ resource: { attributes: pairs({ 'service.name': 'shop' }) }, scopeSpans: [{ spans: [span] }] }],
  }),
);

let bench: Bench;
async function open(width: number): Promise<void> {
  bench = await openBench({ width, height: 700 });
  await bench.openBytes(bytes);
  await bench.show(traceId);
  await bench.page.locator('.row .name').first().waitFor();
}
afterEach(async () => {
  const troubles = bench.troubles.slice();
  await bench.close();
  expect(troubles).toEqual([]);
});
afterAll(stopBrowser);

const attribute = (key: string) => bench.page.locator('.attribute:visible', { hasText: key });
const isWhole = (selector: string): Promise<boolean> =>
  bench.page.evaluate(
    (wanted) =>
      [...document.querySelectorAll(wanted)].every(
        (one) => one.scrollWidth <= one.clientWidth + 1 && one.scrollHeight <= one.clientHeight + 1,
      ),
    selector,
  );

describe('values', () => {
  beforeEach(() => open(1200));

  it('shows ids whole, folds long texts to three lines, and unfolds them', async () => {
    expect(await attribute('order.id').locator('.value').innerText()).toBe(id);
    expect(await attribute('order.id').getByRole('button', { name: 'More of' }).count()).toBe(0);
    const long = attribute('a.sentence');
    await long.getByRole('button', { name: 'More of a.sentence' }).click();
    expect(await long.locator('.block').innerText()).toBe(sentence);
    await long.getByRole('button', { name: 'Less of a.sentence' }).click();
    expect(await long.locator('.block').count()).toBe(0);
    const size = await long.locator('.folded').evaluate((one) => [one.clientHeight, one.scrollHeight]);
    expect(size[0]).toBeLessThan(60);
    expect(size[1]).toBeGreaterThan(size[0]);
  });

  it('lays out JSON without a change to its numbers', async () => {
    await attribute('payload').getByRole('button', { name: 'More of payload' }).click();
    expect(await attribute('payload').locator('.block').innerText()).toContain('"order": 12345678901234567890,\n  "items": [');
  });

  it('copies all of a megabyte past the page, and opens it in an editor', async () => {
    const row = attribute('megabyte');
    await row.hover();
    await row.getByRole('button', { name: 'Copy value' }).click();
    const address = { of: 'attribute', index: 2, key: 'megabyte' };
    await expect
      .poll(() => bench.calls.at(-1))
      .toMatchObject({ method: 'copyText', params: { address, what: 'Value of megabyte', spanId: span.spanId } });
    await row.getByRole('button', { name: 'More of megabyte' }).click();
    expect(await row.locator('.rest').innerText()).toContain('the first 16,384 of 1,100,000 characters');
    await row.getByRole('button', { name: 'open all of it' }).click();
    await expect.poll(() => bench.calls.at(-1)).toMatchObject({ method: 'openText', params: { address, name: 'megabyte' } });
    // The beginning of a value is no value to look for.
    await row.getByRole('button', { name: 'More actions' }).click();
    expect(await row.locator('.more-actions').innerText()).toBe('Open in an editor');
  });

  it('folds a name and a message that go on, and keeps name and facts in sight', async () => {
    const title = bench.page.locator('.details-title');
    expect((await title.boundingBox())?.height).toBeLessThan(120);
    expect((await bench.page.locator('.status-message .folded').boundingBox())?.height).toBeLessThan(70);
    await bench.page.locator('.details-scroll').evaluate((one) => one.scrollTo(0, one.scrollHeight));
    await bench.page.locator('.details-close').click({ trial: true });
    const covers = await title.evaluate((one) => {
      const box = one.getBoundingClientRect();
      const close = document.querySelector('.details-close')?.getBoundingClientRect();
      return (
        close !== undefined && close.bottom <= box.bottom && close.right <= box.right && getComputedStyle(one).backgroundColor
      );
    });
    expect(covers).toMatch(/^rgb\(/);
  });

  it("has the whole message in an exception's heading", async () => {
    expect(await bench.page.locator('.exception-head').first().innerText()).toBe(`Error: ${message}`);
  });

  it('has room for the buttons of an attribute beside its key and value', async () => {
    for (const key of ['order.id', 'a.sentence', 'short']) {
      const row = attribute(key);
      await row.hover();
      const [name, value, buttons] = await Promise.all(
        ['.key', '.value', '.row-actions'].map((part) => row.locator(part).boundingBox()),
      );
      if (!name || !value || !buttons) throw new Error('not shown');
      expect(name.x + name.width).toBeLessThanOrEqual(value.x);
      expect(value.x + value.width).toBeLessThanOrEqual(buttons.x);
    }
  });
});

it('cuts nothing in a narrow editor', async () => {
  await open(520);
  await bench.page.locator('.row').first().press(' ');
  await attribute('order.id').waitFor();
  expect(await isWhole('.attribute .key')).toBe(true);
  expect(await attribute('order.id').locator('.value').innerText()).toBe(id);
});
