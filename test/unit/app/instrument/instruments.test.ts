// Who is asked how a program is traced, and that no launch waits for it or fails with it. The clock is the test's.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Instrumentation, InstrumentedLaunch, Prepared } from '../../../../src/app/instrument/instrumentation';
import { Instruments } from '../../../../src/app/instrument/instruments';
import type { Language } from '../../../../src/capture/languages';

const given: Prepared = { variables: [{ name: 'A', value: 'b', reason: 'because' }] };
const never = new AbortController().signal;
let warned: string[];
let off: readonly Language[];
let codeAttributes: boolean;
let signals: AbortSignal[];
let work: () => Promise<Prepared | undefined>;

beforeEach(() => {
  vi.useFakeTimers();
  warned = [];
  off = [];
  codeAttributes = true;
  signals = [];
  work = async () => given;
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const launch = (type: string): InstrumentedLaunch => ({
  type,
  name: 'Shop',
  folder: '/shop',
  configuration: {},
  get: () => undefined,
  endpoint: 'http://127.0.0.1:4400',
  ports: [4318],
  sessionId: '1',
  windows: false,
});

function prepare(type: string, signal = never): Promise<Prepared | undefined> {
  const node: Instrumentation = {
    language: 'node',
    prepare: (_launch, given) => {
      signals.push(given);
      return work();
    },
  };
  const settings = { instruments: (language: Language) => !off.includes(language), codeAttributes };
  return new Instruments({ all: [node], settings, log: { warn: (line) => void warned.push(line) } }).prepare(
    launch(type),
    signal,
  );
}

it('asks the one of the language, of every type that launches it', async () => {
  for (const type of ['node', 'pwa-node', 'node-terminal', 'extensionHost']) expect(await prepare(type)).toBe(given);
  for (const type of ['debugpy', 'anything', 'constructor', '']) expect(await prepare(type)).toBeUndefined();
  off = ['node'];
  expect(await prepare('node')).toBeUndefined();
});

it('tells programs not to record where their spans began, where that is not wanted', async () => {
  codeAttributes = false;
  const { variables } = (await prepare('node')) ?? {};
  expect(variables?.map(({ name, value }) => `${name}=${value}`)).toEqual(['A=b', 'SPANHOP_CODE_ATTRIBUTES=0']);
});

it('lets a launch go on after a second, tells the work to end, and says so', async () => {
  work = () => new Promise(() => {});
  const waiting = prepare('node');
  await vi.advanceTimersByTimeAsync(999);
  expect(signals[0].aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await waiting).toBeUndefined();
  expect(signals[0].aborted).toBe(true);
  expect(warned).toEqual(['"Shop" (node) is launched without instrumentation: preparing it took more than 1 s.']);
});

it('ends at once, without a word, when the launch is cancelled, before or during', async () => {
  const stop = new AbortController();
  work = () => new Promise(() => {});
  const waiting = prepare('node', stop.signal);
  stop.abort();
  expect(await waiting).toBeUndefined();
  expect(await prepare('node', stop.signal)).toBeUndefined();
  expect([signals.length, warned]).toEqual([1, []]);
});

it('counts a failure as nothing, also one that is no promise, and has it in the log on one line', async () => {
  work = async () => {
    throw new Error('no\nsuch');
  };
  expect(await prepare('node')).toBeUndefined();
  work = () => {
    throw new Error('at once');
  };
  expect(await prepare('node')).toBeUndefined();
  expect(warned.map((line) => line.split(': preparing it ')[1])).toEqual([
    expect.stringMatching(/^failed: no.+such\.$/),
    'failed: at once.',
  ]);
  expect(warned[0]).not.toContain('\n');
});
