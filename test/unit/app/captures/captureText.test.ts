import { expect, it } from 'vitest';
import { captureDetails, captureTitle, describeCapture } from '../../../../src/app/captures/captureText';
import type { CaptureInfo } from '../../../../src/protocol/capture';

const nowMs = new Date(2026, 10, 20, 15, 0, 0).getTime();
const capture: CaptureInfo = {
  id: '1',
  startedAt: nowMs - 120_000,
  live: false,
  spans: 1204,
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
