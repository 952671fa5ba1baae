// Asking the engine: in which order, and what becomes of who gives up.
import { describe, expect, it } from 'vitest';
import { EngineService } from '../../../../src/app/engine/engineService';
import { setUnexpectedErrorHandler } from '../../../../src/base/unexpected';
import type { EngineSettings } from '../../../../src/protocol/engine';
import { FakeEngine, outcome, turn, waiting } from '../support/fakeEngine';

const settings: EngineSettings = { redactKeys: [], redactPatterns: [], captureLogBytes: 1 };

function serviceOf(engine: FakeEngine): EngineService {
  return new EngineService(engine, '/captures', () => settings);
}

describe('asking', () => {
  it('hands the settings over first, and once', async () => {
    const engine = new FakeEngine({ services: () => ['cart'] });
    const service = serviceOf(engine);
    expect(service.started).toBe(false);
    await Promise.all([service.call('services', { dataset: 'local' }), service.call('services', { dataset: 'local' })]);
    expect(engine.asked).toEqual(['configure', 'services', 'services']);
  });

  it('hears at once when it gives up while the engine starts', async () => {
    const starting = waiting<void>();
    const service = serviceOf(new FakeEngine({ configure: () => starting.promise, services: () => [] }));
    const giveUp = new AbortController();
    const asking = service.call('services', { dataset: 'local' }, { signal: giveUp.signal });
    expect(await outcome(asking)).toBe('waits');
    giveUp.abort();
    expect(await outcome(asking)).toBe('Cancelled');
  });

  it('does not ask for whom gave up before the engine was there', async () => {
    const starting = waiting<void>();
    const engine = new FakeEngine({ configure: () => starting.promise, services: () => [] });
    const giveUp = new AbortController();
    serviceOf(engine)
      .call('services', { dataset: 'local' }, { signal: giveUp.signal })
      .catch(() => {});
    giveUp.abort();
    starting.resolve();
    await turn();
    expect(engine.asked).toEqual(['configure']);
  });

  it('hears at once when it gives up while the engine is started again', async () => {
    const service = serviceOf(new FakeEngine({ services: () => new Promise(() => {}) }));
    const giveUp = new AbortController();
    const asking = service.call('services', { dataset: 'local' }, { signal: giveUp.signal });
    await turn();
    giveUp.abort();
    expect(await outcome(asking)).toBe('Cancelled');
  });

  it('waits for kept captures no longer than whoever asks wants to, and others go on waiting', async () => {
    const opening = waiting<[]>();
    const engine = new FakeEngine({ openCaptures: () => opening.promise });
    const service = serviceOf(engine);
    const giveUp = new AbortController();
    const impatient = service.capturesOpened(giveUp.signal);
    const patient = service.capturesOpened();
    await turn();
    giveUp.abort();
    expect(await outcome(impatient)).toBe('Cancelled');
    opening.resolve([]);
    expect(await outcome(patient)).toBeUndefined();
    expect(engine.asked).toEqual(['configure', 'openCaptures', 'restoreCaptures']);
  });

  it('asks for kept captures again after it failed', async () => {
    let failures = 1;
    const engine = new FakeEngine({
      openCaptures: () => {
        if (failures-- > 0) throw new Error('no disk');
        return [];
      },
    });
    const service = serviceOf(engine);
    await expect(service.capturesOpened()).rejects.toThrow('no disk');
    expect(await service.capturesListed()).toEqual([]);
  });
});

it('tells all listeners, although one of them throws', () => {
  const engine = new FakeEngine();
  const service = serviceOf(engine);
  const unexpected: unknown[] = [];
  setUnexpectedErrorHandler((error) => unexpected.push(error));
  const told: string[] = [];
  service.onDidChangeTraces(() => {
    throw new Error('a defect of ours');
  });
  service.onDidChangeTraces(({ dataset }) => told.push(dataset));
  engine.tell('changed', { dataset: 'local', traceIds: [] });
  expect(told).toEqual(['local']);
  expect(unexpected).toHaveLength(1);
});

it('is closed when the engine is gone', async () => {
  const engine = new FakeEngine();
  await serviceOf(engine).close();
  expect(engine.isClosed).toBe(true);
});
