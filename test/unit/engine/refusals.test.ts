import { expect, it } from 'vitest';
import { Refusals } from '../../../src/engine/capture/refusals';

it('tells the window once a kind, and the log once a minute with how many there were', () => {
  let now = 0;
  const told: string[] = [];
  const refusals = new Refusals(
    (name, event) => {
      if ('message' in event) told.push(`${name} ${'over' in event && event.over ? 'over' : event.message}`);
    },
    () => now,
  );
  for (let i = 0; i < 1_000; i++) refusals.report('large', 'too much.');
  refusals.report('foreign', 'http://evil.example is not of this machine.');
  expect(told).toEqual([
    'log A request of telemetry was refused: too much.',
    'notice A request of telemetry was refused: too much.',
    'log A request of telemetry was refused: http://evil.example is not of this machine.',
  ]);
  now = 60_000;
  told.length = 0;
  refusals.report('large', 'again.');
  expect(told[0]).toBe('log A request of telemetry was refused: again. (999 more of this kind came before)');
  told.length = 0;
  refusals.begin();
  expect(told).toEqual(['notice over', 'notice over']);
});

it('stays as small as its kinds, whatever is sent, and its state has one sentence of each', () => {
  let logged = 0;
  let changed = 0;
  const refusals = new Refusals(
    (name) => void (name === 'log' && logged++),
    () => 0,
    () => changed++,
  );
  for (let i = 0; i < 10_000; i++) {
    refusals.report('path', `it went to /${i}.`);
    refusals.report('foreign', `it asked for the host "${i}".`);
    refusals.report('type', `its Content-Type is "${i}".`);
  }
  refusals.report('part', 'Of 3 spans in a request, 1 is not kept.');
  refusals.report('flaw', 'A number is out of range.');
  expect([logged, changed]).toEqual([5, 5]);
  expect(refusals.untaken).toEqual([
    { message: 'Of 3 spans in a request, 1 is not kept.', count: 1 },
    { message: 'A request of telemetry was refused: its Content-Type is "0".', count: 10_000 },
    { message: 'A request of telemetry was refused: it asked for the host "0".', count: 10_000 },
    { message: 'A request of telemetry was refused: it went to /0.', count: 10_000 },
  ]);
  refusals.begin();
  expect(refusals.untaken).toEqual([]);
});
