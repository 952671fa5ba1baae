import { expect, it } from 'vitest';
import {
  captureDetails,
  captureNotes,
  captureTitle,
  describeCapture,
  notesAboveRows,
  portText,
  registeredText,
  titleAmong,
} from '../../../../src/app/captures/captureText';
import type { CaptureInfo, CaptureState, RegisteredPort } from '../../../../src/protocol/capture';

const nowMs = new Date(2026, 10, 20, 15, 0, 0).getTime();
const capture: CaptureInfo = {
  id: '1',
  startedAt: nowMs - 120_000,
  live: false,
  spans: 1204,
  errors: 0,
  traces: 3,
  bytes: 1_200_000,
  path: '/captures/1.otlp.pb',
  services: ['cart', 'web'],
  loaded: true,
};

it('says how much it is and how old', () => {
  expect(describeCapture(capture, nowMs)).toMatch(/^1,204 spans · 3 traces · 2 min ago · 1\.\d MB$/);
  expect(describeCapture({ ...capture, damage: { parts: 1, bytes: 10, files: [] } }, nowMs)).toMatch(/ · damaged$/);
});

it('is named by when it began, with the day and the year where they are others', () => {
  expect(captureTitle({ ...capture, live: true }, nowMs)).toBe('Running now');
  expect(captureTitle(capture, nowMs)).toBe('14:58:00');
  expect(captureTitle({ ...capture, startedAt: new Date(2026, 2, 1, 9, 5).getTime() }, nowMs)).toMatch(/\D1\D.*09:05:00$/);
  expect(captureTitle({ ...capture, startedAt: new Date(2025, 2, 1, 9, 5).getTime() }, nowMs)).toMatch(/2025.*09:05:00$/);
});

it('says where its log is, what is wrong with it, and what opens it', () => {
  const damage = { parts: 2, bytes: 2_000, spans: 3, files: ['/captures/1.damaged-10.pb'] };
  const lines = captureDetails({ ...capture, damage, loaded: false }, 'The disk is full.');
  expect(lines.slice(1)).toEqual([
    'Services: cart, web',
    'Log: /captures/1.otlp.pb (OTLP messages with their lengths, as the OpenTelemetry Collector writes them)',
    expect.stringMatching(/^2 places of its log could not be read \(.*\)\.$/),
    '3 spans are missing.',
    'Damaged parts: /captures/1.damaged-10.pb',
    'Its traces are on disk. Open it to list them.',
  ]);
  expect(captureDetails({ ...capture, live: true }, 'The disk is full.').at(-1)).toBe('The disk is full.');
});

const state: CaptureState = {
  running: true,
  httpPort: 24_400,
  registered: [],
  counts: { spans: 0, traces: 0, rejected: 0, metricRequests: 0, logRequests: 0 },
};

it('says whose 4318 and 4317 are where the port stands, and how to reach this window', () => {
  const has = (...registered: RegisteredPort[]): CaptureState => ({ ...state, registered });
  const here = has({ port: 4318, holder: 'here' }, { port: 4317, holder: 'here' });
  expect([portText(state), portText(here)]).toEqual(['24400', '4318']);
  expect([registeredText(state), registeredText(here)]).toEqual(['', ' and ports 4318 and 4317']);
  const windows = has({ port: 4318, holder: 'window' }, { port: 4317, holder: 'window' });
  expect(portText(windows)).toBe('24400 (not 4318)');
  expect(captureNotes({ state: windows, silent: [] })).toEqual([
    'Ports 4318 and 4317 belong to another window, which captures; this window takes them over when that ends. Until then programs that are not launched here reach it with OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:24400.',
  ]);
  const mixed = has({ port: 4318, holder: 'here' }, { port: 4317, holder: 'program', program: 'otelcol (process 7)' });
  expect([portText(mixed), registeredText(mixed)]).toEqual(['4318', ' and port 4318']);
  expect(captureNotes({ state: mixed, silent: [] })).toEqual([
    expect.stringMatching(/^Port 4317 belongs to another program, otelcol \(process 7\); this window takes it over/),
  ]);
});

it('says what came and was not taken, how often, and who is silent; nothing while nothing is captured', () => {
  const untaken = [1, 2, 1_204, 1, 1, 1].map((count, i) => ({ message: `Kind ${i}.`, count }));
  const told = { state: { ...state, untaken }, silent: ['"Shop" has sent no spans.'] };
  expect(captureNotes(told)).toEqual([
    '"Shop" has sent no spans.',
    'Kind 0.',
    'Kind 1. (2 times)',
    'Kind 2. (1,204 times)',
    'Kind 3.',
  ]);
  expect(captureNotes({ ...told, state: { ...told.state, running: false } })).toEqual([]);
});

it('has two notes above the rows of a small view, and says how many there are more', () => {
  expect([notesAboveRows([]), notesAboveRows(['A.']), notesAboveRows(['A.', 'B.'])]).toEqual([undefined, 'A.', 'A. B.']);
  expect(notesAboveRows(['A.', 'B.', 'C.', 'D.'])).toBe('A. B. 2 more in the hover of the status bar.');
});

it('says of a session what was launched and what came of it, what counts first', () => {
  const session: CaptureInfo = {
    ...capture,
    name: 'Launch shop',
    session: 'x',
    program: 'src/server.mjs',
    commit: '1a2b3c4d5e6f7a8b9c0d',
    changes: true,
    errors: 2,
    pinned: true,
  };
  expect(captureTitle(session, nowMs)).toBe('Launch shop');
  expect(captureTitle({ ...capture, session: 'x' }, nowMs, () => 'task: build')).toBe('task: build');
  expect(describeCapture({ ...session, live: true }, nowMs, true)).toMatch(
    /^compared · running · 1,204 spans · 3 traces · 2 errors · 2 min ago · server\.mjs · 1a2b3c4\+ · 1\.\d MB · kept$/,
  );
  const lines = captureDetails({ ...session, endedAt: nowMs }, undefined, true);
  for (const line of [
    /^To .*15:00:00$/,
    /^Program: src\/server\.mjs$/,
    /^Commit: 1a2b3c4d5e6f, with changes/,
    /^Kept: no limit/,
    /^Later captures are compared/,
  ])
    expect(lines.some((each) => line.test(each))).toBe(true);
});

it('tells what comes without a session from the sessions beside it', () => {
  const others = { ...capture, live: true };
  const session = { ...others, id: '2', session: 'x', name: 'Launch shop' };
  const title = (all: readonly CaptureInfo[], one: CaptureInfo): string => titleAmong(all, one, nowMs, (id) => id);
  expect(title([others], others)).toBe('Running now');
  expect(title([session, others], others)).toBe('Other programs');
  expect(title([session, others], session)).toBe('Launch shop');
  expect(title([{ ...session, live: false }, others], others)).toBe('Running now');
});
