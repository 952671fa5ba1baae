// Debug sessions that send nothing: when it is said, what, and when no more. The clock is the test's.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { adviceFor } from '../../../../src/app/launches/advice';
import type { LaunchRecord } from '../../../../src/app/launches/launchRecords';
import type { SessionEnd } from '../../../../src/app/launches/sessionEnds';
import { type LaunchedSession, SilentSessions } from '../../../../src/app/launches/silentSessions';
import { Emitter } from '../../../../src/base/emitter';
import { remedyOf } from '../../../../src/capture/remedies';
import type { CaptureState } from '../../../../src/protocol/capture';

const running: CaptureState = {
  running: true,
  registered: [],
  counts: { spans: 0, traces: 0, rejected: 0, metricRequests: 0, logRequests: 0 },
};
let heard: Emitter<string>;
let changed: Emitter<CaptureState>;
let state: CaptureState;
let notes: readonly string[];
let logged: string[];
let sessions: SilentSessions;

beforeEach(() => {
  vi.useFakeTimers();
  heard = new Emitter();
  changed = new Emitter();
  state = running;
  notes = [];
  logged = [];
  sessions = new SilentSessions({
    capture: {
      get state() {
        return state;
      },
      onDidHear: heard.event,
      onDidChange: changed.event,
      tellSilent: (told) => {
        notes = told;
      },
    },
    log: { warn: (line) => void logged.push(line) },
    adviceFor: ({ type }) => remedyOf(type),
  });
});
afterEach(() => {
  sessions.dispose();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const session = (id: string, more: Partial<LaunchedSession> = {}): LaunchedSession => ({
  id,
  debugId: `debug ${id}`,
  name: 'Shop',
  type: 'node',
  ...more,
});

it('are told after ten seconds, with what would help, in the log too', () => {
  sessions.started(session('1'));
  vi.advanceTimersByTime(9_999);
  expect(notes).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(notes).toEqual([expect.stringMatching(/^"Shop" has sent no spans in 10 seconds\. .*auto-instrumentations-node/)]);
  expect(logged).toEqual(notes);
});

it('are told when they end, after what is on its way had its time', () => {
  sessions.started(session('1', { type: 'debugpy' }));
  vi.advanceTimersByTime(2_000);
  sessions.ended(session('1'));
  vi.advanceTimersByTime(1_000);
  expect(notes).toEqual([expect.stringMatching(/^"Shop" ended and has sent no spans\. .*opentelemetry-distro/)]);
});

it('are told of no more as soon as they send', () => {
  sessions.started(session('1'));
  vi.advanceTimersByTime(10_000);
  expect(notes).toHaveLength(1);
  heard.fire('1');
  expect(notes).toEqual([]);
});

it('are not told of when they sent, before, during, or just after their end', () => {
  heard.fire('early');
  sessions.started(session('early'));
  sessions.started(session('1'));
  sessions.started(session('2'));
  heard.fire('1');
  sessions.ended(session('2'));
  vi.advanceTimersByTime(900);
  heard.fire('2');
  vi.advanceTimersByTime(60_000);
  sessions.ended(session('1'));
  vi.advanceTimersByTime(60_000);
  expect(logged).toEqual([]);
});

it('of several debuggers end with the last of them, in any order, and an end without a start is none', () => {
  sessions.ended(session('1'));
  sessions.started(session('1', { debugId: 'parent' }));
  sessions.started(session('1', { debugId: 'child' }));
  sessions.ended(session('1', { debugId: 'parent' }));
  sessions.ended(session('1', { debugId: 'parent' }));
  vi.advanceTimersByTime(5_000);
  expect(logged).toEqual([]);
  sessions.ended(session('1', { debugId: 'child' }));
  vi.advanceTimersByTime(1_000);
  expect(logged).toHaveLength(1);
});

it('are told once for a launch, the last three launches, and none when nothing is captured any more', () => {
  for (let i = 0; i < 10; i++) sessions.started(session(`${i}`));
  for (let i = 10; i < 14; i++) sessions.started(session(`${i}`, { name: `Launch ${i}` }));
  vi.advanceTimersByTime(10_000);
  expect(notes.map((note) => note.split('"')[1])).toEqual(['Launch 13', 'Launch 12', 'Launch 11']);
  state = { ...running, running: false };
  changed.fire(state);
  expect(notes).toEqual([]);
  sessions.started(session('99'));
  vi.advanceTimersByTime(10_000);
  expect(notes).toEqual([]);
});

it('have names that are no lines of the log, and short', () => {
  sessions.started(session('1', { name: `Shop\n[error] forged ${'x'.repeat(500)}` }));
  vi.advanceTimersByTime(10_000);
  expect(logged[0]).not.toContain('\n');
  expect(notes[0].length).toBeLessThan(500);
});

it('of every language have a remedy of their own', () => {
  const types = ['node', 'debugpy', 'java', 'go', 'coreclr', 'rdbg', 'php', 'lldb', 'anything', 'constructor'];
  expect(new Set(types.map(remedyOf)).size).toBe(9);
});

it('that crashed at once, were stopped, or ended by an error later are told so, each with what helps', () => {
  const end = (id: string, ranMs: number, how: SessionEnd): string => {
    sessions.started(session(id, { name: `Launch ${id}` }));
    vi.advanceTimersByTime(ranMs);
    sessions.ended({ ...session(id), end: how });
    vi.advanceTimersByTime(1_000);
    return notes[0];
  };
  expect(end('1', 400, { exitCode: 1, isStopped: false })).toBe(
    '"Launch 1" ended with exit code 1 after 0.4 s and has sent no spans. The debug console or its terminal says why.',
  );
  expect(end('2', 6_000, { exitCode: 3, isStopped: false })).toMatch(
    /^"Launch 2" ended with exit code 3 after 6 s and has sent no spans\. .*auto-instrumentations-node/,
  );
  expect(end('3', 2_100, { isStopped: true, exitCode: 143 })).toMatch(
    /^"Launch 3" was stopped after 2\.1 s and has sent no spans\. Without/,
  );
  expect(end('4', 100, { exitCode: 0, isStopped: false })).toMatch(/^"Launch 4" ended and has sent no spans\. Without/);
});

it('of a launch have the advice that fits it', () => {
  const record = (more: Partial<LaunchRecord>): LaunchRecord => ({
    launch: { folder: '', type: 'node', name: 'Shop' },
    sessionId: '1',
    startedAtMs: 0,
    changes: [],
    obstacles: [],
    isCaptured: true,
    prepared: undefined,
    ...more,
  });
  const on = { instruments: () => true };
  const advice = (more: Partial<LaunchRecord>, settings = on) => adviceFor({ type: 'node' }, record(more), settings);
  expect(advice({ obstacles: [{ kind: 'none', variable: 'X', text: 'records no traces' }] })).toBe('It records no traces.');
  const missing = { message: 'Install it.', offers: [{ title: 'Install', run: async () => {} }] };
  expect(advice({ prepared: { variables: [], missing } })).toBe('Install it. Show Launch Variables has the step as a button.');
  expect(advice({ prepared: { variables: [{ name: 'A', value: 'b', reason: 'because' }] } })).toMatch(
    /^It is traced, and did nothing/,
  );
  expect(advice({}, { instruments: () => false })).toMatch(/^Tracing it without a change .*"node"\)\. Without/);
  expect(advice({})).toBe(remedyOf('node'));
  expect(adviceFor({ type: 'go' }, undefined, on)).toBe(remedyOf('go'));
});
