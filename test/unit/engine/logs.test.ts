// Log records beside their spans: captured and kept on disk, read from a file of their own, shown, redacted, and what leads from them to source.
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordsText } from '../../../src/app/captures/recordsText';
import { encodeLogs } from '../../../src/core/format/otlp/encodeLogs';
import type { LogRecord } from '../../../src/core/model/logRecord';
import { lastRecords } from '../../../src/engine/capture/captureRecords';
import { redactedRecords } from '../../../src/engine/redact/redactedRecords';
import { Redactor } from '../../../src/engine/redact/redactor';
import { LogStore } from '../../../src/engine/store/logStore';
import { InProcessEngine } from '../../support/inProcessEngine';
import { requestBytes } from '../../support/otlp';

const settings = {
  redactKeys: ['user.*'],
  redactPatterns: ['secret-\\w+'],
  captureMemoryBytes: 1 << 28,
  captureLogBytes: 1 << 28,
};
const traceId = 'a1'.padStart(32, '0');
const spanId = '1'.padStart(16, '0');
const key = { dataset: 'local', traceId, row: 0 };
let folder: string;
let engine: InProcessEngine;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-logs-'));
  engine = await open();
});
afterEach(async () => {
  await engine.call('stopCapture', {});
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<InProcessEngine> {
  const made = new InProcessEngine();
  await made.call('configure', settings);
  await made.call('openCaptures', { directory: folder });
  await made.call('restoreCaptures', { begin: true });
  return made;
}

const log = (more: Partial<LogRecord> = {}): LogRecord => ({
  traceId,
  spanId,
  timeUnixNano: 1_760_000_000_005_000_000n,
  severityNumber: 17,
  severityText: '',
  eventName: '',
  body: 'refused: secret-42',
  attributes: {
    'user.mail': 'a@b',
    'code.file.path': '/srv/app/secret-dir/pay.py',
    'code.line.number': 7,
    'exception.type': 'Refused',
    'exception.message': 'secret-7 above the limit',
    'exception.stacktrace':
      'Traceback (most recent call last):\n  File "/srv/app/pay.py", line 7, in charge\n    raise Refused\nRefused: no',
  },
  service: 'shop',
  scope: 'shop.pay',
  ...more,
});

async function post(port: number, path: string, body: Uint8Array, type: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: Buffer.from(body),
  });
  return answer.status;
}

const protobuf = 'application/x-protobuf';

it('captures them, shows them with their span, and has them again after a reload', async () => {
  const { httpPort = 0 } = await engine.call('startCapture', { wellKnownPort: false });
  const span = requestBytes([{ traceId: 'a1', spanId: '1', error: true }]);
  expect(await post(httpPort, '/v1/traces', span, 'application/json')).toBe(200);
  const later = log({ timeUnixNano: 1_760_000_000_009_000_000n, severityNumber: 9, body: 'later', attributes: {} });
  expect(await post(httpPort, '/v1/logs', encodeLogs([later, log({ spanId: '' })]), protobuf)).toBe(200);
  const json = new TextEncoder().encode(
    JSON.stringify({
      resourceLogs: [
        {
          scopeLogs: [{ logRecords: [{ traceId, spanId, timeUnixNano: '1760000000001000000', body: { stringValue: 'first' } }] }],
        },
      ],
    }),
  );
  expect(await post(httpPort, '/v1/logs', json, 'application/json')).toBe(200);
  expect(await post(httpPort, '/v1/logs', encodeLogs([log()]), protobuf)).toBe(200);
  expect(await post(httpPort, '/v1/logs', new Uint8Array([1, 2, 3]), protobuf)).toBe(400);
  const shown = async (of: InProcessEngine): Promise<unknown[]> =>
    (await of.call('spanDetails', key)).logs.map(({ atNs, severity, body, hasSource }) => [atNs, severity, body.text, hasSource]);
  const expected = [
    [1_000_000, '', 'first', false],
    [5_000_000, 'ERROR', 'refused: ••••', true],
    [9_000_000, 'INFO', 'later', false],
  ];
  expect(await shown(engine)).toEqual(expected);
  await engine.call('stopCapture', {});
  expect(readdirSync(folder).filter((name) => name.endsWith('.pb'))).toHaveLength(2);
  const reloaded = await open();
  expect(await shown(reloaded)).toEqual(expected);
  await reloaded.call('clearCapture', {});
  expect(readdirSync(folder).filter((name) => name.endsWith('.pb'))).toEqual([]);
});

it('hides what is to be hidden, but not from the resolver of source', async () => {
  await engine.open([{ traceId: 'a1', spanId: '1' }], 'file:spans');
  await engine.call('openFile', { dataset: 'file:logs', name: 'logs.otlp.pb', bytes: encodeLogs([log()]) });
  const of = { ...key, dataset: 'file:spans' };
  const details = await engine.call('spanDetails', of);
  expect(details.logs[0].attributes.find(({ key: name }) => name === 'user.mail')?.value.type).toBe('redacted');
  expect(details.exceptions).toMatchObject([{ type: 'Refused', message: '•••• above the limit', atNs: 5_000_000 }]);
  const { logs } = await engine.call('spanData', of);
  expect(logs[0].body).toBe('refused: ••••');
  expect(logs[0].attributes).toMatchObject({ 'code.file.path': '/srv/app/secret-dir/pay.py', 'user.mail': '••••' });
  const exported = (await engine.call('traceData', of)).spans[0].logs[0];
  expect(exported.attributes['code.file.path']).toBe('/srv/app/••••/pay.py');
});

it('shows an exception once that was recorded on the span and logged', async () => {
  const stack = String(log().attributes['exception.stacktrace']);
  const recorded = {
    'exception.type': 'shop.Refused',
    'exception.message': 'secret-7 above the limit',
    'exception.stacktrace': `${stack}\n`,
  };
  await engine.open([{ traceId: 'a1', spanId: '1', events: [{ name: 'exception', attributes: recorded }] }], 'file:spans');
  const other = log({ attributes: { ...log().attributes, 'exception.message': 'another' } });
  await engine.call('openFile', { dataset: 'file:logs', name: 'logs.otlp.pb', bytes: encodeLogs([log(), other]) });
  const { exceptions } = await engine.call('spanDetails', { ...key, dataset: 'file:spans' });
  expect(exceptions.map(({ type, message }) => [type, message])).toEqual([
    ['shop.Refused', '•••• above the limit'],
    ['Refused', 'another'],
  ]);
});

it('goes with its file', async () => {
  await engine.open([{ traceId: 'a1', spanId: '1' }], 'file:spans');
  const { defects } = await engine.call('openFile', { dataset: 'file:logs', name: 'logs', bytes: encodeLogs([log()]) });
  expect(defects.map(({ message }) => message)).toEqual([
    'logs holds 1 log record, no spans. Log records are shown with their spans while it is open.',
  ]);
  await engine.call('dropDataset', { dataset: 'file:logs' });
  expect((await engine.call('spanDetails', { ...key, dataset: 'file:spans' })).logs).toEqual([]);
});

describe('the store', () => {
  const id = (i: number): string => String(i).padStart(32, '0');

  it('keeps within its memory, forgets the traces that came first, and says of each how many', () => {
    const store = new LogStore(50_000);
    let left = 0;
    for (let i = 1; i <= 500; i++) left += [...store.add([log({ traceId: id(i) })], i % 2).values()].reduce((a, b) => a + b, 0);
    expect(store.bytes).toBeLessThanOrEqual(50_000);
    expect(store.of(id(1), spanId)).toEqual([]);
    expect(store.of(id(500), spanId)).toHaveLength(1);
    expect(left).toBe(Array.from({ length: 500 }, (_, i) => store.leftOutOf(id(i + 1))).reduce((a, b) => a + b, 0));
    expect([store.leftOutOf(id(1)), store.leftOutOf(id(2)), store.leftOutOf(id(500))]).toEqual([1, 1, 0]);
    store.removeCapture(0);
    expect(store.of(id(500), spanId)).toEqual([]);
    expect(store.of(id(499), spanId)).toHaveLength(1);
    // What left of the other capture is still said.
    expect([store.leftOutOf(id(1)), store.leftOutOf(id(2))]).toEqual([1, 0]);
    store.removeCapture(1);
    expect([store.bytes, store.leftOutOf(id(1))]).toEqual([0, 0]);
  });

  it('of a trace that logs without end keeps the last ones and the errors, and counts the others', () => {
    const store = new LogStore(400_000);
    const info = (i: number): LogRecord => log({ body: `line ${i}`, severityNumber: 9, attributes: {} });
    store.add([log({ traceId: id(7) })]);
    store.add([log({ body: 'the error', attributes: {} })]);
    for (let i = 1; i <= 20_000; i++) store.add([info(i)]);
    const kept = store.of(traceId, spanId).map(({ body }) => body);
    expect(kept).toContain('the error');
    expect(kept).toContain('line 20000');
    expect(kept).not.toContain('line 1');
    expect(kept.length).toBeGreaterThan(200);
    expect(kept.length + store.leftOutOf(traceId)).toBe(20_001);
    expect(store.bytes).toBeLessThanOrEqual(400_000);
    const errors = new LogStore(400_000);
    for (let i = 1; i <= 5_000; i++) errors.add([log({ body: `line ${i}`, attributes: {} })]);
    expect(errors.of(traceId, spanId).length + errors.leftOutOf(traceId)).toBe(5_000);
  });
});

it('keeps all of a trace that fit, however many, and tells what does not', async () => {
  const { httpPort = 0 } = await engine.call('startCapture', { wellKnownPort: false });
  const send = async (from: number, count: number, size: number): Promise<void> => {
    const lines = Array.from({ length: count }, (_, i) =>
      log({ body: `line ${from + i} ${'x'.repeat(size)}`, severityNumber: 9, attributes: {} }),
    );
    expect(await post(httpPort, '/v1/logs', encodeLogs(lines), protobuf)).toBe(200);
  };
  await post(httpPort, '/v1/traces', requestBytes([{ traceId: 'a1', spanId: '1' }]), 'application/json');
  for (let i = 0; i < 12; i++) await send(i * 1_000, 1_000, 1);
  const defects = async (): Promise<string[]> => (await engine.call('openTrace', key)).defects.map(({ message }) => message);
  expect((await engine.call('spanDetails', key)).logCount).toBe(12_000);
  expect(await defects()).toEqual([]);
  for (let i = 0; i < 4; i++) await send(20_000 + i, 1, 12 << 20);
  expect(await defects()).toEqual([expect.stringMatching(/^1\d,\d{3} log records of this trace are not in memory/)]);
  const told = engine.events.flatMap(({ name, event }) => (name === 'notice' && 'message' in event ? [event.message] : []));
  expect(told).toEqual([expect.stringContaining("the oldest left it. All are in the captures' logs")]);
});

it('live without a span: on disk, through a crash and a reload, until their capture is cleared', async () => {
  const { httpPort = 0 } = await engine.call('startCapture', { wellKnownPort: false });
  expect(await post(httpPort, '/v1/logs', encodeLogs([log()]), protobuf)).toBe(200);
  // A window that was killed: its lock is there, and its owner is not.
  const files = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  await engine.call('stopCapture', {});
  const [name] = [...files.keys()].filter((one) => one.endsWith('.lock'));
  for (const [file, bytes] of files) if (file !== name) writeFileSync(join(folder, file), bytes);
  engine = await open();
  const [capture] = await engine.call('captures', {});
  expect(capture).toMatchObject({ spans: 0, live: false });
  expect(capture.bytes).toBeGreaterThan(0);
  await engine.call('loadCapture', { capture: capture.id });
  const again = await engine.call('startCapture', { wellKnownPort: false });
  await post(again.httpPort ?? 0, '/v1/traces', requestBytes([{ traceId: 'a1', spanId: '1' }]), 'application/json');
  expect((await engine.call('spanDetails', key)).logs).toHaveLength(1);
  await engine.call('clearCapture', { capture: capture.id });
  expect((await engine.call('spanDetails', key)).logs).toHaveLength(0);
  expect(readdirSync(folder).filter((one) => one.endsWith('.logs.pb'))).toEqual([]);
});

it('of a capture without a span are there again after each reload, beside empty captures that go, and meet their span', async () => {
  const { httpPort = 0 } = await engine.call('startCapture', { wellKnownPort: false });
  expect(await post(httpPort, '/v1/logs', encodeLogs([log(), log({ traceId: 'b2'.padStart(32, '0') })]), protobuf)).toBe(200);
  await engine.call('stopCapture', {});
  // It began a year ago: whatever is swept away by its age is.
  const old = (name: string): string => name.replace(/^\d{4}/, (year) => String(Number(year) - 1));
  for (const name of readdirSync(folder)) renameSync(join(folder, name), join(folder, old(name)));
  for (let i = 0; i < 3; i++) {
    engine = await open();
    await engine.call('startCapture', { wellKnownPort: false });
    await engine.call('stopCapture', {});
    expect((await engine.call('captures', {})).map(({ spans, bytes }) => [spans, bytes > 0])).toEqual([[0, true]]);
  }
  // What is read back by itself is enough: nobody opened that capture.
  engine = await open();
  const again = await engine.call('startCapture', { wellKnownPort: false });
  await post(again.httpPort ?? 0, '/v1/traces', requestBytes([{ traceId: 'a1', spanId: '1' }]), 'application/json');
  expect((await engine.call('spanDetails', key)).logs).toHaveLength(1);
  // Clearing the capture of the span leaves the records of the other one.
  const [running, kept] = await engine.call('captures', {});
  expect([running.live, kept.live]).toEqual([true, false]);
  await engine.call('clearCapture', { capture: running.id });
  expect(readdirSync(folder)).toContain(`${kept.id}.logs.pb`);
});

it('keeps those of no trace with their session, and lists them with the others, redacted, also after a reload', async () => {
  const { httpPort = 0 } = await engine.call('startCapture', { wellKnownPort: false });
  const session = '11111111-2222-3333-4444-555555555555';
  const resource = (values: Record<string, string>): object => ({
    attributes: Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  });
  const record = (ms: number, text: string, more: object = {}): object => ({
    timeUnixNano: `${1_760_000_000_000 + ms}000000`,
    severityNumber: 13,
    body: { stringValue: text },
    ...more,
  });
  const send = (records: object[], of: Record<string, string>): Promise<number> => {
    const request = {
      resourceLogs: [{ resource: resource(of), scopeLogs: [{ scope: { name: 'checkout' }, logRecords: records }] }],
    };
    return post(httpPort, '/v1/logs', new TextEncoder().encode(JSON.stringify(request)), 'application/json');
  };
  const mail = { key: 'user.mail', value: { stringValue: 'a@b.example' } };
  const records = [record(2, 'later\nin two lines'), record(1, 'token secret-1', { attributes: [mail], eventName: 'login' })];
  expect(await send(records, { 'service.name': 'cart', 'vscode.debug.session.id': session })).toBe(200);
  expect(await send([record(3, 'of a span', { traceId, spanId })], { 'vscode.debug.session.id': session })).toBe(200);
  expect(await send([record(4, 'of nobody')], {})).toBe(200);
  const listed = async (of: InProcessEngine): Promise<unknown[]> => {
    const captures = await of.call('captures', {});
    const all = captures.filter(({ hasRecords }) => hasRecords === true);
    return Promise.all(
      all.map(async ({ id, session: its }) => [
        its === session,
        recordsText(await of.call('captureRecords', { capture: id })).split('\n'),
      ]),
    );
  };
  const expected = [
    [
      true,
      [
        expect.stringMatching(/^\S+ \S+ WARN {2}\[cart checkout\] login: token •••• \{user\.mail=••••\}$/),
        expect.stringMatching(/ WARN {2}\[cart checkout\] later$/),
        '    in two lines',
        expect.stringMatching(/ WARN {2}\[checkout\] of a span trace 0+a1$/),
        '',
      ],
    ],
    [false, [expect.stringMatching(/ WARN {2}\[checkout\] of nobody$/), '']],
  ];
  expect(await listed(engine)).toEqual(expect.arrayContaining(expected));
  expect(await listed(engine)).toHaveLength(2);
  await engine.call('stopCapture', {});
  expect(await listed(await open())).toEqual(expect.arrayContaining(expected));
});

it('lists the last of very many, and says how many there are', async () => {
  const path = join(folder, 'many.logs.pb');
  const many = Array.from({ length: 250 }, (_, i) =>
    log({ timeUnixNano: BigInt(i), traceId: '', spanId: '', body: `line ${i}` }),
  );
  const frame = encodeLogs(many);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(frame.length);
  writeFileSync(path, Buffer.concat([head, frame, head, frame]));
  const { records, total } = await lastRecords({ logs: { path, bytes: 1 } }, { endAt: undefined, signal: undefined }, 100);
  expect([records.length, total, records.at(-1)?.body]).toEqual([100, 500, 'line 249']);
  const text = recordsText({ records: redactedRecords(records, new Redactor()), total });
  expect(text.split('\n')[0]).toBe("The last 100 log records of 500; the others are in the capture's log.");
  expect(recordsText({ records: [], total: 0 })).toBe('This capture has no log records.\n');
  expect(await lastRecords({ logs: undefined }, { endAt: undefined, signal: undefined })).toEqual({ records: [], total: 0 });
});
