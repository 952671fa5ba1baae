// The capture of a window: what is remembered of it, and that what is asked for in one moment happens in its order.
import { beforeEach, expect, it } from 'vitest';
import { CaptureService } from '../../../../src/app/captures/captureService';
import { CaptureToken } from '../../../../src/app/captures/captureToken';
import { EngineService } from '../../../../src/app/engine/engineService';
import { Settings } from '../../../../src/app/settings/settings';
import type { CaptureStart, CaptureState } from '../../../../src/protocol/capture';
import { FakeEngine, turn, type Waiting, waiting } from '../support/fakeEngine';
import { FakeMemento, FakeSettings, silentLog } from '../support/fakePorts';

const counts = { spans: 0, traces: 0, rejected: 0, metricRequests: 0, logRequests: 0 };
const idle: CaptureState = { running: false, registered: [], counts };

let engine: FakeEngine;
let starting: Waiting<void>;
let isRunning: boolean;
let memento: FakeMemento;
let source: FakeSettings;
let capture: CaptureService;

const stateNow = (): CaptureState => (isRunning ? { ...idle, running: true, httpPort: 5000 } : idle);

let kept: Map<string, string>;
let started: CaptureStart[];

beforeEach(() => {
  isRunning = false;
  starting = waiting();
  starting.resolve();
  engine = new FakeEngine({
    startCapture: async (wanted: CaptureStart) => {
      started.push(wanted);
      await starting.promise;
      isRunning = true;
      return stateNow();
    },
    stopCapture: () => {
      isRunning = false;
      return stateNow();
    },
    clearCapture: () => undefined,
    captureState: stateNow,
    restoreCaptures: () => undefined,
  });
  kept = new Map();
  started = [];
  memento = new FakeMemento();
  source = new FakeSettings();
  const settings = { redactKeys: [], redactPatterns: [], captureLogBytes: 1 };
  capture = new CaptureService(
    new EngineService(engine, '/nowhere', () => settings),
    new Settings(source, silentLog),
    memento,
    '/nowhere',
    new CaptureToken({
      get: async (key) => kept.get(key),
      store: async (key, value) => void kept.set(key, value),
      delete: async (key) => void kept.delete(key),
    }),
  );
});

it('runs again in the next window, unless it was stopped', async () => {
  await capture.start();
  expect([capture.endpoint, memento.get('capture.running')]).toEqual(['http://127.0.0.1:5000', true]);
  await capture.stop();
  expect([capture.endpoint, memento.get('capture.running')]).toEqual([undefined, undefined]);
});

it('makes a token for other machines once, where another address is set, and another one when it is told to', async () => {
  await capture.start();
  expect([kept.size, started.at(-1)?.foreign]).toEqual([0, undefined]);
  source.user['capture.host'] = '127.0.0.1';
  await capture.start();
  expect(started.at(-1)?.foreign).toBeUndefined();
  source.user['capture.host'] = ' 192.168.1.5 ';
  await capture.start();
  const first = started.at(-1)?.foreign;
  expect(first).toEqual({ host: '192.168.1.5', token: expect.stringMatching(/^[\w-]{43}$/) });
  await capture.start();
  expect(started.at(-1)?.foreign).toEqual(first);
  await capture.renewToken();
  const second = started.at(-1)?.foreign;
  expect([second?.host, second?.token === first?.token, [...kept.values()]]).toEqual(['192.168.1.5', false, [second?.token]]);
});

it('is stopped, and stays so, when it is stopped while it starts', async () => {
  starting = waiting();
  const both = [capture.start(), capture.stop()];
  await turn();
  starting.resolve();
  await Promise.all(both);
  expect([isRunning, capture.state.running, memento.get('capture.running')]).toEqual([false, false, undefined]);
});

it('does not start the engine where there is nothing to do', async () => {
  await capture.stop();
  await capture.resume();
  expect(engine.asked).toEqual([]);
  await memento.update('capture.running', true);
  await capture.resume();
  expect(capture.state.running).toBe(true);
});

it('starts with the window when the settings say so', async () => {
  source.user['capture.autoStart'] = true;
  await capture.resume();
  expect(engine.asked).toContain('startCapture');
});

it('tells what left memory until another engine took over', () => {
  const told: (string | undefined)[] = [];
  capture.onDidChange(() => told.push(capture.leftMemory));
  const left = { bytes: 2, limitBytes: 1, leftTraces: 3, leftSpans: 9, message: '3 traces left memory.' };
  engine.tell('memory', left);
  engine.tell('memory', left);
  engine.restart();
  expect(told).toEqual(['3 traces left memory.', undefined]);
});
