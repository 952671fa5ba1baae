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
