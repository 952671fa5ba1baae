// Which spans are sent before they end, and when. The clock is the test's.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SpanLike } from '../../../src/instrument/node/spans/spanProcessor';

type Module = typeof import('../../../src/instrument/node/handOver/spansInProgress');

let SpansInProgress: Module['SpansInProgress'];
let sent: string[];
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  // The module takes the functions that are there when it is loaded.
  vi.resetModules();
  ({ SpansInProgress } = await import('../../../src/instrument/node/handOver/spansInProgress'));
  sent = [];
});
afterEach(() => vi.useRealTimers());

const make = (debugged = false) => new SpansInProgress((span) => void sent.push(span.name), debugged);
const parent = { traceId: '1', spanId: '2', traceFlags: 1 };
/** Of a parent in this process, unless `members` say otherwise. */
const span = (name: string, members: Partial<SpanLike> = {}): SpanLike =>
  Object.assign({ kind: 0, parentSpanContext: parent }, { name }, members) as SpanLike;

it('sends those of entry points at once: servers, consumers, roots, children of other processes', () => {
  const spans = make();
  spans.started(span('inner'));
  spans.started(span('server', { kind: 1 }));
  spans.started(span('consumer', { kind: 4 }));
  spans.started(span('root', { parentSpanContext: undefined }));
  spans.started(span('remote', { parentSpanContext: { ...parent, isRemote: true } }));
  spans.started(span('root of 1.x', { parentSpanContext: undefined, parentSpanId: undefined }));
  spans.started(span('child of 1.x', { parentSpanContext: undefined, parentSpanId: '0000000000000002' }));
  expect(sent).toEqual(['server', 'consumer', 'root', 'remote', 'root of 1.x']);
});

it('sends others when they have lasted for a while, each once, and none that ended before', () => {
  const spans = make();
  const [long, short, later] = [span('long'), span('short'), span('later')];
  spans.started(long);
  spans.started(short);
  vi.advanceTimersByTime(50);
  spans.ended(short);
  spans.started(later);
  vi.advanceTimersByTime(30);
  expect(sent).toEqual(['long']);
  vi.advanceTimersByTime(60);
  expect(sent).toEqual(['long', 'later']);
  spans.ended(long);
  vi.advanceTimersByTime(10_000);
  expect(sent).toEqual(['long', 'later']);
  expect(vi.getTimerCount()).toBe(0);
});

it('sends all of them at once under a debugger, where no timer runs at a breakpoint', () => {
  const spans = make(true);
  spans.started(span('a'));
  expect(sent).toEqual(['a']);
});

it('sends so many of them at a time only; the others when they last', () => {
  const spans = make(true);
  for (let i = 0; i < 300; i++) spans.started(span(`${i}`));
  expect(sent).toHaveLength(200);
  vi.advanceTimersByTime(101);
  expect(sent).toHaveLength(300);
  spans.started(span('next'));
  expect(sent.at(-1)).toBe('next');
});

it('holds on to a bounded number of spans that never end', () => {
  const spans = make();
  for (let i = 0; i < 50_000; i++) spans.started(span(`${i}`));
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(10_000);
});
