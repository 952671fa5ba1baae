/** Texts of any length as a whole: in pieces, redacted, laid out, and of the span as it is now. */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readableText, type TextEngine, wholeText } from '../../../src/app/views/spanTexts';
import { Redactor } from '../../../src/engine/redact/redactor';
import type { TextAddress } from '../../../src/protocol/texts';
import { failure, InProcessEngine } from '../../support/inProcessEngine';
import { BASE_MS } from '../../support/otlp';

const traceId = 'a1'.padStart(32, '0');
const spanId = '1'.padStart(16, '0');
const key = { dataset: 'file:a', traceId, spanId };
const long = `${'0123456789abcde '.repeat(70_000)}secret-1 and the end 😀`;
const json = JSON.stringify({
  id: 1,
  list: Array.from({ length: 5000 }, (_, index) => ({ index, text: 'some text of an item' })),
});
const text = (stringValue: string): object => ({ stringValue });

let engine: InProcessEngine;
const reader: TextEngine = { call: (method, params, options) => engine.call(method, params, options?.signal) };

async function open(attributes: Readonly<Record<string, string>>): Promise<void> {
  const stack = `Error: ${long}\n    at load (/app/a.js:1:2)`;
  const span = {
    traceId,
    spanId,
    name: `name ${long}`,
    startTimeUnixNano: `${BigInt(BASE_MS) * 1_000_000n}`,
    endTimeUnixNano: `${BigInt(BASE_MS + 5) * 1_000_000n}`,
    status: { code: 2, message: `status ${long}` },
    attributes: Object.entries(attributes).map(([name, value]) => ({ key: name, value: text(value) })),
    events: [
      {
        name: 'exception',
        timeUnixNano: `${BigInt(BASE_MS + 1) * 1_000_000n}`,
        attributes: [
          { key: 'exception.type', value: text('Error') },
          { key: 'exception.message', value: text(long) },
          { key: 'exception.stacktrace', value: text(stack) },
        ],
      },
    ],
  };
  const bytes = new TextEncoder().encode(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
  await engine.call('openFile', { dataset: 'file:a', name: 'a.otlp.json', bytes });
}

const whole = (address: TextAddress): Promise<string> => wholeText(reader, { ...key, address });

beforeEach(async () => {
  engine = new InProcessEngine();
  await engine.call('configure', { redactKeys: ['password'], redactPatterns: ['secret-\\w+'], captureLogBytes: 1 << 28 });
  await open({ short: 'one', body: long, payload: json, password: long });
});

const shown = long.replace('secret-1', '••••');

describe('a text of more than a megabyte', () => {
  it('comes whole and redacted, in pieces of a million', async () => {
    expect(await whole({ of: 'attribute', index: 1, key: 'body' })).toBe(shown);
    expect(await whole({ of: 'attribute', index: 3, key: 'password' })).toBe('••••');
    const address: TextAddress = { of: 'attribute', index: 1, key: 'body' };
    const piece = await engine.call('spanText', { ...key, address, from: 0, laidOut: false });
    expect([piece.text.length, piece.length]).toEqual([1 << 20, shown.length]);
  });

  it('is the whole of what the details have the beginning of', async () => {
    const details = await engine.call('spanDetails', { dataset: key.dataset, traceId, spanId });
    const [exception] = details.exceptions;
    const all: readonly [TextAddress, string, number | undefined][] = [
      [{ of: 'name' }, details.name, details.nameLength],
      [{ of: 'status' }, details.statusMessage ?? '', details.statusLength],
      [{ of: 'exception', at: 0, part: 'message' }, exception.message, exception.messageLength],
      [{ of: 'exception', at: 0, part: 'stack' }, exception.stack, exception.stackLength],
      [{ of: 'event', at: 0, index: 1, key: 'exception.message' }, details.events[0].attributes[1].value.text, shown.length],
    ];
    for (const [address, beginning, length] of all) {
      const text = await whole(address);
      expect(text.length).toBe(length);
      expect(beginning.length).toBeLessThan(text.length);
      expect(text.startsWith(beginning)).toBe(true);
    }
  });

  it('is laid out in lines for an editor where it is JSON, and as it is for a copy', async () => {
    const address: TextAddress = { of: 'attribute', index: 2, key: 'payload' };
    expect((await readableText(reader, { ...key, address })).text).toBe(JSON.stringify(JSON.parse(json), undefined, 2));
    expect(await whole(address)).toBe(json);
  });
});

describe('what it takes to read texts in pieces', () => {
  /** UTF-16 units that patterns were looked for in. */
  async function redacted(work: () => Promise<unknown>): Promise<number> {
    const spy = vi.spyOn(Redactor.prototype, 'text');
    await work();
    const units = spy.mock.calls.reduce((sum, [one]) => sum + one.length, 0);
    spy.mockRestore();
    return units;
  }
  const at = (index: number): TextAddress => ({ of: 'attribute', index, key: `long${index}` });

  it('is each text once, whatever else its span has, and whoever reads another one meanwhile', async () => {
    const texts = Array.from({ length: 6 }, (_, i) => `${'x'.repeat(3 << 20)}${i}`);
    await open(Object.fromEntries(texts.map((one, i) => [`long${i}`, one])));
    expect(await redacted(() => whole(at(2)))).toBeLessThan(texts[2].length * 1.01);
    const all = texts.reduce((sum, one) => sum + one.length, 0);
    expect(await redacted(() => Promise.all(texts.map((_, i) => whole(at(i)))))).toBeLessThan(all * 1.01);
  });
});

describe('a text that is not there any more', () => {
  it('is told, and no other text is given in its place', async () => {
    for (const address of [
      { of: 'attribute', index: 1, key: 'short' },
      { of: 'attribute', index: 99, key: 'body' },
      { of: 'event', at: 7, index: 0, key: 'a' },
      { of: 'logBody', at: 0 },
    ] satisfies TextAddress[])
      expect(await failure(whole(address))).toBe('NotFound: The span does not have this text any more.');
    expect(await failure(wholeText(reader, { ...key, spanId: 'f'.repeat(16), address: { of: 'name' } }))).toMatch(/^NotFound/);
  });

  it('takes no piece of a span that was another one before', async () => {
    const address: TextAddress = { of: 'attribute', index: 1, key: 'body' };
    await engine.call('spanText', { ...key, address, from: 0, laidOut: false });
    await engine.call('configure', { redactKeys: ['body'], redactPatterns: [], captureLogBytes: 1 << 28 });
    expect((await engine.call('spanText', { ...key, address, from: 0, laidOut: false })).text).toBe('••••');
  });
});
