import { describe, expect, it } from 'vitest';
import {
  type CaptureStatus,
  contextOf,
  describeNewer,
  type ListStatus,
  messageOf,
  stepsOf,
  widerRange,
} from '../../../../src/app/traces/listStatus';
import type { TraceNode } from '../../../../src/app/traces/traceNodes';

const counts = { spans: 0, traces: 0, rejected: 0, metricRequests: 0, logRequests: 0 };
const stopped: CaptureStatus = {
  state: { running: false, registered: [], counts },
  endpoint: undefined,
  leftMemory: undefined,
  silent: [],
};
const running: CaptureStatus = {
  ...stopped,
  state: { running: true, registered: [{ port: 4318, holder: 'here' }], httpPort: 5000, counts },
  endpoint: 'http://127.0.0.1:5000',
};
const trace: TraceNode = {
  kind: 'trace',
  backend: 'local',
  traceId: '1',
  overview: { traceId: '1', rootService: 'web', rootName: 'GET /', startUnixNano: 0n, durationNs: 1 },
};
const empty: ListStatus = {
  state: 'noTraces',
  search: {},
  backend: 'local',
  loading: false,
  error: undefined,
  list: [],
  more: false,
  leftOut: 0,
  pushDown: undefined,
  examined: undefined,
  partial: undefined,
  newer: 0,
  answeredAtMs: 0,
  windowMs: undefined,
};
const message = (list: Partial<ListStatus>, capture: CaptureStatus = stopped) => messageOf({ ...empty, ...list }, capture);

it('says of when the rows are that could not be had anew', () => {
  const answeredAtMs = new Date(2026, 0, 2, 9, 5).getTime();
  const error = { kind: 'Unreachable', message: 'down.' } as const;
  expect(message({ state: 'listed', backend: 'Jaeger', list: [trace], error, answeredAtMs })).toMatch(
    /^Jaeger · down\. · what is listed is of 0?9[:.]05/,
  );
});

describe('the line above the traces', () => {
  it.each([
    [{ state: 'listed', list: [trace] }, 'Local · 1 trace'],
    [{ state: 'listed', list: [trace], more: true, backend: 'Jaeger' }, 'Jaeger · newest 1 trace'],
    [{ state: 'listed', list: [trace], leftOut: 2 }, 'Local · 1 trace · 2 traces left out, without a usable id'],
    [
      { state: 'listed', list: [trace], pushDown: { exact: [{ text: 'name = "a"' }], superset: [], here: [] } },
      'Local · 1 trace · filtered by the server',
    ],
    [
      {
        state: 'listed',
        list: [trace],
        pushDown: { exact: [], superset: [{ text: 'span.a = 1' }], here: [{ text: 'span.b != 2' }] },
        examined: 120,
      },
      'Local · 1 trace · filtered here, 1 of 120 traces looked at',
    ],
    [
      {
        state: 'listed',
        list: [trace],
        pushDown: { exact: [{ text: 'name = "a"' }], superset: [{ text: 'span.a = 1' }], here: [{ text: 'span.b != 2' }] },
        examined: 120,
      },
      'Local · 1 trace · filtered by the server: name = "a" · here: span.a = 1, span.b != 2, 1 of 120 traces looked at',
    ],
    [{ state: 'listed', list: [trace], partial: 'One shard failed.' }, 'Local · 1 trace · One shard failed.'],
    [{ state: 'nothingFound', search: { errorsOnly: true } }, 'Local · status = error · nothing found'],
    [{ state: 'backendEmpty', backend: 'Jaeger', windowMs: 48 * 3_600_000 }, 'Jaeger · last 2 days · nothing found'],
    [{ state: 'backendEmpty', backend: 'Folder' }, 'Folder · nothing found'],
    [{ state: 'problem', backend: 'Jaeger', error: { kind: 'Unreachable', message: 'down.' } }, 'Jaeger · down.'],
    [{ state: 'stopped', error: { kind: 'Cancelled', message: '' } }, 'Local · stopped'],
    [{ state: 'loading' }, undefined],
    [{ state: 'loading', loading: true, backend: 'Jaeger' }, 'Jaeger · loading…'],
    [{}, undefined],
  ] satisfies [Partial<ListStatus>, string | undefined][])('%#', (list, expected) => expect(message(list)).toBe(expected));

  it('says where to send, and what came that is no trace', () => {
    expect(message({}, running)).toBe('Listening at http://127.0.0.1:5000 and port 4318 · nothing received yet');
    const seen = { ...running, state: { ...running.state, counts: { ...counts, metricRequests: 12, logRequests: 1 } } };
    expect(message({}, seen)).toBe(
      'Listening at http://127.0.0.1:5000 and port 4318 · 12 metric requests, 1 log request, no spans',
    );
  });

  it('says why nothing came, where that is known', () => {
    const refused = { message: 'A request of telemetry was refused: it came by gRPC.', count: 2 };
    const told = { ...running, state: { ...running.state, untaken: [refused] } };
    expect(message({}, told)).toMatch(/ · A request of telemetry was refused: it came by gRPC\. \(2 times\)$/);
    expect(message({}, { ...told, silent: ['"Shop" has sent no spans.'] })).toMatch(/ · "Shop" has sent no spans\.$/);
  });

  it('says what left memory', () => {
    const left = { ...running, leftMemory: '3 traces left memory.' };
    expect(message({ state: 'listed', list: [trace] }, left)).toBe('Local · 1 trace · 3 traces left memory.');
    expect(message({ state: 'listed', list: [trace], backend: 'Jaeger' }, left)).toBe('Jaeger · 1 trace');
  });
});

it('looks further back step by step', () => {
  const hour = 3_600_000;
  expect(widerRange({ lookbackMs: hour }, 48 * hour)).toBe(6 * hour);
  expect(widerRange({}, 48 * hour)).toBe(7 * 24 * hour);
  expect(widerRange({}, hour)).toBe(6 * hour);
  expect(widerRange({ lookbackMs: 30 * 24 * hour }, undefined)).toBeUndefined();
  expect(widerRange({}, undefined)).toBeUndefined();
});

it('offers what can be done where there are no traces', () => {
  const labels = (list: Partial<ListStatus>, capture = stopped) =>
    stepsOf({ ...empty, ...list }, capture).map(({ label }) => label);
  expect(labels({})).toEqual([]);
  expect(labels({}, running)[0]).toBe('Copy endpoint');
  expect(labels({ state: 'nothingFound', search: { lookbackMs: 3_600_000 } })).toEqual([
    'Change search…',
    'Look further back',
    'Clear search',
  ]);
  expect(labels({ state: 'problem', backend: 'Jaeger', error: { kind: 'Timeout', message: '' } })).toContain('Change time-out');
});

it('tells the buttons what there is', () => {
  expect(
    Object.fromEntries(contextOf({ ...empty, state: 'listed', list: [trace], more: true, search: { errorsOnly: true } })),
  ).toEqual({
    'spanhop.tracesState': 'listed',
    'spanhop.loading': false,
    'spanhop.searching': true,
    'spanhop.errorsOnly': true,
    'spanhop.hasMore': true,
    'spanhop.hasNewer': false,
  });
});

it('says beside the title what has come', () => {
  expect([0, 1, 1200].map((newer) => describeNewer({ newer }))).toEqual([undefined, '1 new trace', '1,200 new traces']);
});
