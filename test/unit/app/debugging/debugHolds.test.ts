// When debuggers hold programs, as their adapters tell it, with a clock of its own: order, overlap, and what never comes.

import { beforeEach, describe, expect, it } from 'vitest';
import { type AdapterHold, DebugHolds } from '../../../../src/app/debugging/debugHolds';

let now = 0;
let holds: DebugHolds;
let seq = 0;
beforeEach(() => {
  now = 1_000;
  seq = 0;
  holds = new DebugHolds(() => now);
});

const stopped = (hold: AdapterHold, body: object): void => hold.received({ type: 'event', event: 'stopped', body });
const event = (hold: AdapterHold, name: string, body: object = {}): void => hold.received({ type: 'event', event: name, body });
const ask = (hold: AdapterHold, command: string, of: object = {}): number => {
  hold.sent({ seq: ++seq, type: 'request', command, arguments: of });
  return seq;
};
const answer = (hold: AdapterHold, to: number, command: string, body: object = {}, success = true): void =>
  hold.received({ type: 'response', request_seq: to, command, success, body });
const times = () => holds.state.stops.map(({ startMs, endMs }) => [startMs, endMs]);

describe('a program is held', () => {
  it('from the event until it was asked to go on, at a place that the first frame names', () => {
    const hold = holds.begin({ launch: 'one' });
    event(hold, 'process', { systemProcessId: 42 });
    stopped(hold, { reason: 'breakpoint', threadId: 1, allThreadsStopped: true });
    now = 1_010;
    const stack = ask(hold, 'stackTrace', { threadId: 1 });
    answer(hold, stack, 'stackTrace', { stackFrames: [{ source: { path: '/app/src/app.ts' }, line: 12 }, { line: 1 }] });
    now = 5_100;
    const go = ask(hold, 'continue', { threadId: 1 });
    now = 5_130;
    answer(hold, go, 'continue');
    event(hold, 'continued', { threadId: 1, allThreadsContinued: true });
    expect(holds.state.stops).toEqual([
      { session: 'one', pid: 42, startMs: 1_000, endMs: 5_100, reason: 'breakpoint', place: 'app.ts:12' },
    ]);
  });

  it('once where a second thread stops meanwhile, until the last goes on', () => {
    const hold = holds.begin({ launch: 'one' });
    stopped(hold, { reason: 'breakpoint', threadId: 1 });
    now = 2_000;
    stopped(hold, { reason: 'breakpoint', threadId: 2 });
    now = 3_000;
    answer(hold, ask(hold, 'continue', { threadId: 1 }), 'continue', { allThreadsContinued: false });
    expect(times()).toEqual([[1_000, undefined]]);
    now = 4_000;
    event(hold, 'continued', { threadId: 2 });
    expect(times()).toEqual([[1_000, 4_000]]);
  });

  it('still, when one of all its threads goes on; not where it has no other', () => {
    const hold = holds.begin({ launch: 'one' });
    stopped(hold, { reason: 'pause', threadId: 1, allThreadsStopped: true });
    answer(hold, ask(hold, 'threads'), 'threads', { threads: [{ id: 1 }, { id: 2 }] });
    now = 2_000;
    event(hold, 'continued', { threadId: 1, allThreadsContinued: false });
    expect(times()).toEqual([[1_000, undefined]]);
    event(hold, 'continued', { threadId: 2, allThreadsContinued: false });
    expect(times()).toEqual([[1_000, 2_000]]);
    stopped(hold, { reason: 'pause', threadId: 1, allThreadsStopped: true });
    answer(hold, ask(hold, 'threads'), 'threads', { threads: [{ id: 1 }] });
    now = 3_000;
    event(hold, 'continued', { threadId: 1 });
    expect(times().at(-1)).toEqual([2_000, 3_000]);
  });

  it('anew after each step, also where the step is over before its answer comes', () => {
    const hold = holds.begin({ launch: 'one' });
    stopped(hold, { reason: 'breakpoint', threadId: 1 });
    now = 2_000;
    const step = ask(hold, 'next', { threadId: 1 });
    now = 2_005;
    stopped(hold, { reason: 'step', threadId: 1 });
    answer(hold, step, 'next');
    expect(times()).toEqual([[1_000, undefined]]);
    now = 3_000;
    answer(hold, ask(hold, 'next', { threadId: 1 }), 'next');
    now = 3_002;
    stopped(hold, { reason: 'step', threadId: 1 });
    expect(times()).toEqual([
      [1_000, 3_000],
      [3_002, undefined],
    ]);
  });

  it('until it was asked to go on, also where the adapter says that it does before it answers', () => {
    const hold = holds.begin({ launch: 'one' });
    stopped(hold, { reason: 'breakpoint', threadId: 0, allThreadsStopped: false });
    now = 4_000;
    const go = ask(hold, 'continue', { threadId: 0 });
    now = 4_200;
    event(hold, 'continued', { threadId: 0, allThreadsContinued: false });
    answer(hold, go, 'continue', { allThreadsContinued: false });
    expect(times()).toEqual([[1_000, 4_000]]);
  });

  it('on, where what asked it to go on failed, and no longer than its session lives', () => {
    const hold = holds.begin({ launch: 'one' });
    stopped(hold, { reason: 'exception', threadId: 1 });
    answer(hold, ask(hold, 'continue', { threadId: 1 }), 'continue', {}, false);
    expect(holds.held).toHaveLength(1);
    now = 9_000;
    hold.end();
    hold.end();
    event(hold, 'stopped', { threadId: 1 });
    expect(times()).toEqual([[1_000, 9_000]]);
    expect(holds.state.launches).toEqual([{ session: 'one', endMs: 9_000 }]);
  });

  it('not, where it went on before it was held, or its thread is gone', () => {
    const hold = holds.begin({ launch: undefined });
    event(hold, 'continued', { threadId: 1 });
    answer(hold, 99, 'continue');
    expect(times()).toEqual([]);
    stopped(hold, { threadId: 7 });
    now = 1_500;
    event(hold, 'thread', { reason: 'exited', threadId: 7 });
    expect(times()).toEqual([[1_000, 1_500]]);
    stopped(hold, { reason: 'something odd' });
    event(hold, 'terminated');
    expect(holds.state.stops.at(-1)).toEqual({ startMs: 1_500, endMs: 1_500, reason: 'pause' });
  });

  it('by any of the sessions of a launch, which is over with the last of them', () => {
    const parent = holds.begin({ launch: 'one' });
    const child = holds.begin({ launch: 'one' });
    stopped(child, { reason: 'breakpoint', threadId: 1 });
    parent.end();
    expect(holds.state.launches).toEqual([{ session: 'one' }]);
    now = 2_000;
    child.end();
    expect(holds.state).toEqual({
      launches: [{ session: 'one', endMs: 2_000 }],
      stops: [{ session: 'one', startMs: 1_000, endMs: 2_000, reason: 'breakpoint' }],
    });
  });

  it('whatever an adapter sends, and for as many times as anybody looks at', () => {
    const hold = holds.begin({ launch: 'one' });
    for (const odd of [
      null,
      1,
      'x',
      [],
      {},
      { type: 'event' },
      { type: 'event', event: 'stopped', body: 3 },
      { type: 'response', request_seq: 'a' },
    ])
      hold.received(odd);
    for (const odd of [
      undefined,
      { type: 'request', seq: 'a', command: 3 },
      { type: 'request', seq: 1, command: 'continue', arguments: [] },
    ])
      hold.sent(odd);
    event(hold, 'continued', { allThreadsContinued: true });
    for (let i = 0; i < 5_000; i++) {
      now++;
      stopped(hold, { reason: 'step', threadId: 1 });
      now++;
      event(hold, 'continued', { threadId: 1 });
    }
    expect(holds.state.stops).toHaveLength(2_000);
    expect(times().at(-1)).toEqual([now - 1, now]);
  });
});
