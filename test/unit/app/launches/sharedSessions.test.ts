// When terminals, tasks and tests get variables, and when no more: captures begin and end while files are read, settings change. The clock is the test's.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EnvFileValues } from '../../../../src/app/launches/envFiles';
import { HostVariables } from '../../../../src/app/launches/hostVariables';
import { type FolderVariables, SharedSessions } from '../../../../src/app/launches/sharedSessions';
import { Emitter } from '../../../../src/base/emitter';
import type { CaptureState } from '../../../../src/protocol/capture';

const endpoint = 'http://127.0.0.1:4400';
let capture: { endpoint: string | undefined; ports: readonly number[] };
let changed: Emitter<CaptureState>;
let settings: { terminals: boolean; tests: boolean };
let folders: { uri: string; path: string | undefined }[];
let given: readonly FolderVariables[];
let gifts: number;
let host: Record<string, string | undefined>;
let sessions: string[];
let dotenv: Record<string, Record<string, string>>;
/** Resolves what is read; undefined: at once. */
let reading: Promise<void> | undefined;
let shared: SharedSessions;

const filesOf = (path: string | undefined): EnvFileValues => ({
  debugger: new Map(),
  program: new Map(Object.entries(dotenv[path ?? ''] ?? {})),
  read: [],
  warnings: [],
});

beforeEach(() => {
  vi.useFakeTimers();
  capture = { endpoint: undefined, ports: [] };
  changed = new Emitter();
  settings = { terminals: true, tests: true };
  folders = [{ uri: 'file:///shop', path: '/shop' }];
  given = [];
  gifts = 0;
  host = { PATH: '/bin' };
  sessions = [];
  dotenv = {};
  reading = undefined;
  shared = new SharedSessions({
    capture: {
      get endpoint() {
        return capture.endpoint;
      },
      get ports() {
        return capture.ports;
      },
      onDidChange: changed.event,
    },
    settings: {
      get capture() {
        return {
          ...settings,
          autoStart: false,
          debugSessions: 'always' as const,
          wellKnownPort: true,
          zipkinPort: false,
          host: undefined,
          port: 0,
        };
      },
    },
    sessions: { add: (_id, name) => void sessions.push(name) },
    envFiles: {
      read: async ({ folder }) => {
        await reading;
        return filesOf(folder);
      },
    },
    host: new HostVariables(host),
    terminals: {
      give: (all) => {
        given = all;
        gifts++;
      },
      settingsOf: () => ({}),
    },
    problems: {
      record: (error) => {
        throw error;
      },
    },
    folders: () => folders,
    windows: false,
  });
});
afterEach(() => {
  shared.dispose();
  expect(host).toEqual({ PATH: '/bin' });
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const state: CaptureState = {
  running: true,
  registered: [],
  counts: { spans: 0, traces: 0, rejected: 0, metricRequests: 0, logRequests: 0 },
};

async function listen(where: string | undefined): Promise<void> {
  capture = { endpoint: where, ports: where === undefined ? [] : [4400] };
  changed.fire(state);
  await vi.advanceTimersByTimeAsync(100);
}
const namesGiven = (): readonly string[] => given.flatMap(({ variables }) => variables.map(({ name }) => name));

it('get them while something is captured, and none before and after', async () => {
  expect(namesGiven()).toEqual([]);
  await listen(endpoint);
  expect(namesGiven()).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
  expect(host).toMatchObject({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_RESOURCE_ATTRIBUTES: expect.stringMatching(/id=tests-/),
  });
  expect(given[0].variables.find(({ name }) => name === 'OTEL_RESOURCE_ATTRIBUTES')?.value).toMatch(
    /id=terminals-[0-9a-f-]{36}$/,
  );
  expect(sessions).toEqual(['Terminals and tasks', 'Tests']);
  await listen(undefined);
  expect(namesGiven()).toEqual([]);
  expect(host).toEqual({ PATH: '/bin' });
});

it('are not given anew for what comes, only where it listens elsewhere', async () => {
  await listen(endpoint);
  const before = gifts;
  for (let request = 0; request < 20; request++) {
    changed.fire(state);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(gifts).toBe(before);
  await listen('http://127.0.0.1:4401');
  expect(gifts).toBe(before + 1);
  expect(host.OTEL_EXPORTER_OTLP_ENDPOINT).toBe('http://127.0.0.1:4401');
});

it('are gone at once when capturing ends, also while they are made', async () => {
  let go = (): void => {};
  reading = new Promise((resolve) => {
    go = resolve;
  });
  await listen(endpoint);
  expect(namesGiven()).toEqual([]);
  capture = { endpoint: undefined, ports: [] };
  changed.fire(state);
  go();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([namesGiven(), host, sessions]).toEqual([[], { PATH: '/bin' }, []]);
});

it('go by the settings, and may be stopped for this window', async () => {
  settings = { terminals: false, tests: true };
  await listen(endpoint);
  expect([namesGiven().length, host.OTEL_TRACES_EXPORTER]).toEqual([0, 'otlp']);
  settings = { terminals: true, tests: false };
  shared.refresh();
  await vi.advanceTimersByTimeAsync(100);
  expect([namesGiven().length > 0, host]).toEqual([true, { PATH: '/bin' }]);
  shared.stop('terminals');
  await vi.advanceTimersByTimeAsync(100);
  expect(namesGiven()).toEqual([]);
  await listen(undefined);
  await listen(endpoint);
  expect(namesGiven()).toEqual([]);
});

it('are those of the folder of a terminal; tests get what all folders get', async () => {
  folders = [
    { uri: 'file:///shop', path: '/shop' },
    { uri: 'file:///cart', path: '/cart' },
    { uri: 'vfs:///x', path: undefined },
  ];
  dotenv = { '/cart': { OTEL_TRACES_SAMPLER: 'always_off' } };
  await listen(endpoint);
  const has = given.map(({ folder, variables }) => [folder, variables.some(({ name }) => name === 'OTEL_TRACES_SAMPLER')]);
  expect(has).toEqual([
    ['file:///shop', true],
    ['file:///cart', false],
    ['vfs:///x', true],
  ]);
  expect(host).toHaveProperty('OTEL_TRACES_EXPORTER');
  expect(host).not.toHaveProperty('OTEL_TRACES_SAMPLER');
});

it('are held back for a moment from a terminal that has its own, and not given then when capturing ended', async () => {
  await listen(endpoint);
  shared.holdTerminals();
  expect(namesGiven()).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  shared.refresh();
  await vi.advanceTimersByTimeAsync(500);
  expect(namesGiven()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(namesGiven()).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
  shared.holdTerminals();
  await listen(undefined);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(namesGiven()).toEqual([]);
});
