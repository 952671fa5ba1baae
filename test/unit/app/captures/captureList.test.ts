// When the captures are asked for, and what is said where they cannot be had.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CaptureList } from '../../../../src/app/captures/captureList';
import { Emitter } from '../../../../src/base/emitter';
import { SpanhopError } from '../../../../src/base/errors';
import type { CaptureInfo, CaptureState } from '../../../../src/protocol/capture';

const idle: CaptureState = {
  running: false,
  registered: [],
  counts: { spans: 0, traces: 0, rejected: 0, metricRequests: 0, logRequests: 0 },
};
const captureOf = (id: string, spans: number): CaptureInfo => ({
  id,
  startedAt: Number(id),
  live: false,
  errors: 0,
  spans,
  traces: 1,
  bytes: 1,
  path: `/captures/${id}`,
  services: [],
  loaded: true,
});

let state: CaptureState;
let captures: CaptureInfo[];
let failure: Error | undefined;
let asked: number;
let recorded: number;
let drawn: (readonly string[] | 'all')[];
const changed = new Emitter<CaptureState>();
let list: CaptureList;

beforeEach(() => {
  vi.useFakeTimers();
  state = { ...idle, running: true };
  captures = [captureOf('1', 1), captureOf('2', 1)];
  failure = undefined;
  asked = 0;
  recorded = 0;
  drawn = [];
  const capture = {
    get state() {
      return state;
    },
    onDidChange: changed.event,
    list: async () => {
      asked++;
      if (failure) throw failure;
      return captures;
    },
  };
  list = new CaptureList({
    capture,
    problems: {
      record: () => {
        recorded++;
        return { kind: 'BadData', message: '' };
      },
    },
  });
  list.onDidChange((rows) => drawn.push(rows?.map(({ id }) => id) ?? 'all'));
});

afterEach(() => {
  list.dispose();
  vi.useRealTimers();
});

/** A program that sends: four times a second for so many seconds. */
async function capturing(seconds: number): Promise<void> {
  for (let i = 0; i < seconds * 4; i++) {
    changed.fire(state);
    await vi.advanceTimersByTimeAsync(250);
  }
}

it('asks for nothing while nobody looks, and once when somebody does', async () => {
  list.setVisible(false);
  await capturing(30);
  expect(asked).toBe(0);
  list.setVisible(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toBe(1);
  expect(list.rows.map(({ id }) => id)).toEqual(['2', '1']);
});

it('asks no more when it is hidden, although it was about to', async () => {
  list.setVisible(true);
  await vi.advanceTimersByTimeAsync(0);
  changed.fire(state);
  list.setVisible(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBe(1);
});

it('asks once a second while a program sends, and draws the rows that changed', async () => {
  list.setVisible(true);
  await vi.advanceTimersByTimeAsync(0);
  drawn = [];
  captures = [captureOf('1', 1), captureOf('2', 7)];
  await capturing(10);
  expect(asked).toBeGreaterThanOrEqual(10);
  expect(asked).toBeLessThanOrEqual(11);
  expect(drawn).toEqual([['2']]);
});

it('says once why the captures cannot be listed, keeps its rows, and asks less and less often', async () => {
  list.setVisible(true);
  await vi.advanceTimersByTimeAsync(0);
  failure = new SpanhopError('Unauthorized', 'permission is denied.');
  asked = 0;
  drawn = [];
  await capturing(600);
  expect(asked).toBeLessThanOrEqual(16);
  expect(recorded).toBe(1);
  expect(drawn).toEqual(['all']);
  expect(list.trouble).toBe('The captures cannot be listed: permission is denied.');
  expect(list.rows).toHaveLength(2);
});

it('is as before when the captures can be listed again', async () => {
  list.setVisible(true);
  failure = new SpanhopError('Unauthorized', 'permission is denied.');
  await vi.advanceTimersByTimeAsync(0);
  failure = undefined;
  await list.refresh();
  expect(list.trouble).toBeUndefined();
  asked = 0;
  await capturing(5);
  expect(asked).toBeGreaterThanOrEqual(5);
});

it('asks at once when the capture starts, stops, or has trouble', async () => {
  list.setVisible(true);
  await vi.advanceTimersByTimeAsync(0);
  state = { ...state, trouble: 'The disk is full.' };
  changed.fire(state);
  state = { ...state, running: false, trouble: undefined };
  changed.fire(state);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toBe(3);
});

it('shows the newer of two answers', async () => {
  let answerFirst: (list: CaptureInfo[]) => void = () => {};
  const answers = [
    new Promise<CaptureInfo[]>((resolve) => {
      answerFirst = resolve;
    }),
    Promise.resolve([captureOf('9', 1)]),
  ];
  const own = new CaptureList({
    capture: { state, onDidChange: changed.event, list: () => answers.shift() ?? Promise.resolve([]) },
    problems: { record: () => ({ kind: 'BadData', message: '' }) },
  });
  own.setVisible(true);
  await own.refresh();
  answerFirst([captureOf('1', 1)]);
  await vi.advanceTimersByTimeAsync(0);
  expect(own.rows.map(({ id }) => id)).toEqual(['9']);
  own.dispose();
});
