// Texts that are read again and again while spans are resolved: read once, looked at again after a moment, and as they are once told of a change.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { KeptTexts } from '../../../../src/app/workspace/keptTexts';

const uri = 'file:///work/a.ts';
let file: { text: string; savedAtMs: number } | undefined;
let done: string[];
let texts: KeptTexts;

beforeEach(() => {
  vi.useFakeTimers({ now: 1e12 });
  file = { text: 'one', savedAtMs: 1e12 - 60_000 };
  done = [];
  texts = new KeptTexts({
    stat: async () => {
      done.push('stat');
      return file && { kind: 'file', size: file.text.length, savedAtMs: file.savedAtMs };
    },
    read: async (_, maxBytes) => {
      done.push('read');
      return file && file.text.length <= maxBytes ? { ...file, size: file.text.length } : undefined;
    },
  });
});
afterEach(() => vi.useRealTimers());

it('reads a file once, whoever asks, and looks at it again after a moment', async () => {
  expect(await Promise.all([texts.read(uri, 100), texts.read(uri, 100)])).toEqual(['one', 'one']);
  expect(await texts.read(uri, 50)).toBe('one');
  expect(done).toEqual(['read']);
  vi.advanceTimersByTime(3_000);
  expect(await texts.read(uri, 100)).toBe('one');
  expect(done).toEqual(['read', 'stat']);
  vi.advanceTimersByTime(3_000);
  file = { text: 'two', savedAtMs: 1e12 + 5_000 };
  expect(await texts.read(uri, 100)).toBe('two');
});

it('reads at once what changed, and again what may have changed within one tick of a clock', async () => {
  file = { text: 'one', savedAtMs: 1e12 - 10 };
  expect(await texts.read(uri, 100)).toBe('one');
  file = { text: 'two', savedAtMs: 1e12 - 10 };
  texts.forget(uri);
  expect(await texts.read(uri, 100)).toBe('two');
  file = { text: 'few', savedAtMs: 1e12 - 10 };
  vi.advanceTimersByTime(3_000);
  expect(await texts.read(uri, 100)).toBe('few');
});

it('gives nobody more than they want, nor less than there is', async () => {
  expect(await texts.read(uri, 2)).toBeUndefined();
  expect(await texts.read(uri, 100)).toBe('one');
  expect(await texts.read(uri, 2)).toBeUndefined();
  file = undefined;
  texts.clear();
  expect(await texts.read(uri, 100)).toBeUndefined();
});
