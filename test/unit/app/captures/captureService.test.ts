// The capture of a window: what waits for kept captures to be read, and what does not.
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { CaptureService } from '../../../../src/app/captures/captureService';
import { EngineService } from '../../../../src/app/engine/engineService';
import { FakeEngine, outcome, turn, waiting } from '../support/fakeEngine';

const counts = { spans: 0, traces: 0, rejected: 0, metricRequests: 0, logRequests: 0 };
const running = { running: true, httpPort: 4711, wellKnownPort: false, counts };

function serviceOf(engine: FakeEngine): { capture: CaptureService; opened: (signal?: AbortSignal) => Promise<unknown> } {
  const service = new EngineService(engine, tmpdir(), () => ({ redactKeys: [], redactPatterns: [], captureLogBytes: 1 }));
  const kept = new Map<string, unknown>();
  const memento = {
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
  const settings = { wellKnownPort: false, port: 0, autoStart: false, debugSessions: 'off' } as const;
  const capture = new CaptureService(service, { capture: settings }, memento, tmpdir());
  return { capture, opened: (signal) => service.capturesOpened(signal) };
}

it('starts, lists, clears and stops while the newest one is read', async () => {
  const reading = waiting<void>();
  const engine = new FakeEngine({
    restoreCaptures: () => reading.promise,
    startCapture: () => running,
    captures: () => [],
    clearCapture: () => undefined,
    captureState: () => running,
    stopCapture: () => ({ ...running, running: false }),
    stopReadingCaptures: () => reading.resolve(),
  });
  const { capture, opened } = serviceOf(engine);
  const asking = opened();
  expect(await outcome(asking)).toBe('waits');
  expect(await outcome(capture.start())).toMatchObject({ httpPort: 4711 });
  expect(capture.state.running).toBe(true);
  expect(await outcome(capture.list())).toEqual([]);
  expect(await outcome(capture.clear())).toBeUndefined();
  expect(await outcome(capture.stop())).toBeUndefined();
  expect(await outcome(asking)).toBe('waits');
  await capture.stopReading();
  expect(await outcome(asking)).toBeUndefined();
});

it('has the newest one read once it has started, though nobody asks for traces', async () => {
  const engine = new FakeEngine({ startCapture: () => running });
  const { capture } = serviceOf(engine);
  await capture.start();
  await turn();
  expect(engine.asked).toEqual(['configure', 'openCaptures', 'startCapture', 'restoreCaptures']);
});
