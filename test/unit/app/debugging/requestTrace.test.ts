// From where a program stands in the debugger to its trace: what the debugger is asked, and what is done with what it answers.

import { runInThisContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activeTraceQuestion, readActiveSpan } from '../../../../src/app/debugging/activeTrace';
import { RequestTrace, type StoppedFrame } from '../../../../src/app/debugging/requestTrace';

const TRACE = 'ab'.repeat(16);
const SPAN = 'cd'.repeat(8);

describe('what the debugger answers', () => {
  it.each([
    [`'${TRACE}/${SPAN}'`, { traceId: TRACE, spanId: SPAN }],
    [`"${TRACE.toUpperCase()}/${SPAN}"`, { traceId: TRACE, spanId: SPAN }],
    [`${TRACE}/${'0'.repeat(16)}`, { traceId: TRACE, spanId: undefined }],
    [`'${'0'.repeat(32)}/${'0'.repeat(16)}'`, undefined],
    ["''", undefined],
    [undefined, undefined],
    [{}, undefined],
    [`${TRACE}${TRACE}/${SPAN}`, undefined],
  ])('%s', (answer, span) => expect(readActiveSpan(answer)).toEqual(span));
});

describe('what a Node program is asked', () => {
  const { expression = '' } = activeTraceQuestion('pwa-node') ?? {};
  const own = Symbol.for('spanhop.active');
  const api = Symbol.for('opentelemetry.js.api.1');
  afterEach(() => {
    Reflect.deleteProperty(globalThis, own);
    Reflect.deleteProperty(globalThis, api);
  });

  it('is answered with nothing where nothing traces it', () => expect(runInThisContext(expression)).toBe(''));

  it("is answered by our preload, else by OpenTelemetry's API", () => {
    const context = { getValue: (key: symbol) => key === Symbol.for('OpenTelemetry Context Key SPAN') && span };
    const span = { spanContext: () => ({ traceId: TRACE, spanId: SPAN }) };
    Reflect.set(globalThis, api, { context: { active: () => context } });
    expect(runInThisContext(expression)).toBe(`${TRACE}/${SPAN}`);
    Reflect.set(globalThis, own, () => 'ours');
    expect(runInThisContext(expression)).toBe('ours');
  });
});

describe('the trace of a request', () => {
  let known: boolean;
  let inProgress: { traceId: string; spanId: string; startMs: number }[];
  let running: boolean;
  let done: string[];
  let answers: (string | undefined)[];
  let kept: Map<string, unknown>;
  let request: RequestTrace;
  const frame = (more: Partial<StoppedFrame> = {}): StoppedFrame => ({
    type: 'node',
    name: 'shop',
    launch: 'one',
    evaluate: async () => `'${TRACE}/${SPAN}'`,
    ...more,
  });

  beforeEach(() => {
    known = true;
    inProgress = [];
    running = true;
    done = [];
    answers = [];
    kept = new Map();
    request = new RequestTrace({
      engine: { call: async (method: string) => (method === 'knownTraces' ? [known] : inProgress) as never },
      capture: { state: { running } },
      ui: {
        showMessage: async (_, message) => {
          done.push(message);
          return answers.shift() as never;
        },
      },
      memento: { get: (key) => kept.get(key), update: async (key, value) => void kept.set(key, value) },
      open: async (traceId, spanId) => done.push(`open ${traceId.slice(0, 2)} ${spanId?.slice(0, 2)}`),
      openWhenItComes: (traceId) => done.push(`wait for ${traceId.slice(0, 2)}`),
      record: () => done.push('recorded'),
    });
  });

  it('is the one that the debugger names', async () => {
    await request.show(frame());
    expect(done).toEqual(['open ab cd']);
  });

  it('is waited for where nothing of it has come', async () => {
    known = false;
    answers = ['Open When It Comes'];
    await request.show(frame());
    await Promise.resolve();
    expect(done).toEqual([expect.stringContaining('nothing of it has come yet'), 'wait for ab']);
  });

  it.each([
    ['knows none', { evaluate: async () => "''" }],
    ['fails', { evaluate: () => Promise.reject(new Error('no such library')) }],
    ['cannot be asked', { type: 'go' }],
    ['has no frame', { evaluate: undefined }],
  ])('is found by spans in progress where the debugger %s', async (_, more) => {
    inProgress = [{ traceId: 'ef'.repeat(16), spanId: '12'.repeat(8), startMs: 1 }];
    await request.show(frame(more));
    expect(done.at(-1)).toBe('open ef 12');
  });

  it('says why there is none', async () => {
    await request.show(frame({ type: 'go' }));
    await request.show(frame({ type: 'go', launch: undefined }));
    expect(done).toEqual([
      expect.stringContaining('outside of any request'),
      expect.stringContaining('not launched with capture'),
    ]);
  });

  it('asks before it runs code of the program, and once where that is always allowed', async () => {
    answers = ['Find by Time', undefined, 'Always Evaluate'];
    const java = frame({ type: 'java' });
    await request.show(java);
    expect(done).toEqual([expect.stringContaining('runs code'), expect.stringContaining('outside of any request')]);
    await request.show(java);
    await request.show(java);
    expect(done.slice(2)).toEqual([expect.stringContaining('runs code'), 'open ab cd', 'open ab cd']);
  });
});
