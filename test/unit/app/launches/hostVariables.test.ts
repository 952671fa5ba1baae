// Variables in this process, for what others start: what stands there, what comes back, and that no launch sees it.
import { beforeEach, expect, it } from 'vitest';
import { HostVariables } from '../../../../src/app/launches/hostVariables';
import type { LaunchChange } from '../../../../src/capture/environmentEditor';

let host: Record<string, string | undefined>;
let variables: HostVariables;
const before = { PATH: '/bin', TEAM: 'cart' };

beforeEach(() => {
  host = { ...before };
  variables = new HostVariables(host);
});

const changes = (values: Record<string, string | undefined>): readonly LaunchChange[] =>
  Object.entries(values).map(([name, value]) => ({ name, value, reason: 'because' }));

it('stand there, and what was there comes back exactly', () => {
  variables.set(changes({ OTEL_A: '1', TEAM: 'ours', GONE: undefined }));
  expect(host).toEqual({ PATH: '/bin', TEAM: 'ours', OTEL_A: '1' });
  expect(variables.outer).toEqual(before);
  variables.set(changes({ OTEL_B: '2' }));
  expect(host).toEqual({ ...before, OTEL_B: '2' });
  variables.restore();
  variables.restore();
  expect(host).toEqual(before);
  expect(Object.keys(host)).toEqual(['PATH', 'TEAM']);
});

it("that somebody else changed meanwhile are somebody else's", () => {
  variables.set(changes({ OTEL_A: '1', OTEL_B: '2' }));
  host.OTEL_A = 'theirs';
  delete host.OTEL_B;
  expect(variables.outer).toEqual({ ...before, OTEL_A: 'theirs' });
  variables.restore();
  expect(host).toEqual({ ...before, OTEL_A: 'theirs' });
});

it('are not seen by a launch, which sees what its files and the window had', () => {
  expect(variables.shield({ A: '1' }, [], null)).toBeUndefined();
  variables.set(changes({ OTEL_A: '1', OTEL_B: '2', OTEL_C: '3', TEAM: 'ours' }));
  const files = [
    new Map([['OTEL_A', 'envFile']]),
    new Map([
      ['OTEL_A', 'dotenv'],
      ['OTEL_B', 'dotenv'],
    ]),
  ];
  expect(variables.shield({ MINE: '1', OTEL_C: null }, files, null)).toEqual({
    ...{ MINE: '1', OTEL_A: 'envFile', OTEL_B: 'dotenv', OTEL_C: null, TEAM: 'cart' },
  });
  expect(variables.shield({}, [], '')).toEqual({ OTEL_A: '', OTEL_B: '', OTEL_C: '', TEAM: 'cart' });
  expect(variables.shield({ OTEL_A: '', OTEL_B: '', OTEL_C: '', TEAM: '' }, [], null)).toBeUndefined();
});
