// What is captured goes on to another endpoint: over real engines and a real collector on this machine. What comes back is not sent again, and no window forwards to itself.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { CaptureService } from '../../../../src/app/captures/captureService';
import { CaptureToken } from '../../../../src/app/captures/captureToken';
import { EngineService } from '../../../../src/app/engine/engineService';
import { CaptureForwarding } from '../../../../src/app/forwarding/captureForwarding';
import { Settings } from '../../../../src/app/settings/settings';
import { HttpTransport } from '../../../../src/backends/common/httpTransport';
import { Traffic } from '../../../../src/backends/common/traffic';
import { Disposables } from '../../../../src/base/disposables';
import { decodeBytes } from '../../../../src/core/format/format';
import { StringTable } from '../../../../src/core/model/strings';
import { EngineClient } from '../../../../src/engine/client';
import { bundleEngine, type EngineBundle } from '../../../support/engineBundle';
import { requestBytes, type SpanSpec } from '../../../support/otlp';
import { FakeMemento, FakeSecrets, FakeSettings } from '../support/fakePorts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

interface Window {
  readonly capture: CaptureService;
  readonly forwarding: CaptureForwarding;
  readonly lines: string[];
  forwardTo(url: string): void;
  close(): Promise<void>;
}

interface Got {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

let bundle: EngineBundle;
let folder: string;
let windows: Window[];
let collector: Server;
let got: Got[];
let status: number;

beforeAll(async () => {
  bundle = await bundleEngine();
});
afterAll(() => bundle.remove());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-forward-'));
  [windows, got, status] = [[], [], 200];
  collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  });
  await listen(0);
});
afterEach(async () => {
  await Promise.all(windows.map((each) => each.close()));
  collector.closeAllConnections();
  collector.close();
  rmSync(folder, { recursive: true, force: true });
});

const listen = (port: number): Promise<void> => new Promise((resolve) => collector.listen(port, '127.0.0.1', resolve));
const collectorUrl = (): string => `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

async function openWindow(secrets = new FakeSecrets()): Promise<Window> {
  const client = new EngineClient({ workerPath: bundle.engine, onLog: () => {} });
  const source = new FakeSettings();
  const lines: string[] = [];
  const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
  const settings = new Settings(source, { ...log, debug() {}, error() {}, show() {} });
  const directory = join(folder, String(windows.length));
  const engine = new EngineService(client, directory, () => ({ redactKeys: [], redactPatterns: [], captureLogBytes: 1 << 30 }));
  const capture = new CaptureService(
    engine,
    { capture: { ...settings.capture, wellKnownPort: false } },
    new FakeMemento(),
    directory,
    new CaptureToken(secrets),
  );
  const forwarding = new CaptureForwarding({
    ...{ engine, settings, capture, secrets, log },
    connect: (options) => new HttpTransport(options, { traffic: new Traffic() }),
    problems: { record: (error) => ({ kind: 'BadData', message: String(error) }) },
  });
  const all = new Disposables(forwarding, capture, settings);
  const window: Window = {
    ...{ capture, forwarding, lines },
    forwardTo: (url) => void source.update('capture.forwardTo', url, 'user'),
    async close() {
      await forwarding.close(1_000);
      all.dispose();
      await engine.close();
    },
  };
  windows.push(window);
  await capture.start();
  return window;
}

let ids = 0;
function span(name: string, more: Partial<SpanSpec> = {}): SpanSpec {
  ids++;
  return { traceId: `abc${ids}`, spanId: `${ids}`, name, service: 'shop', durationMs: 5, ...more };
}

async function send({ capture }: Window, ...spans: readonly SpanSpec[]): Promise<void> {
  await post(capture, 'traces', requestBytes(spans));
}

async function post({ endpoint }: CaptureService, signal: string, body: Uint8Array | string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${endpoint}/v1/${signal}`, { method: 'POST', headers, body: Buffer.from(body) });
  expect(answer.status).toBe(200);
}

/** Names of the spans that the collector got, in the order in which they came. */
function names(): readonly string[] {
  return got
    .filter(({ url }) => url === '/v1/traces')
    .flatMap(({ body }) =>
      decodeBytes(new Uint8Array(body), { strings: new StringTable(), format: 'otlp-proto' }).batches.flatMap((batch) =>
        Array.from({ length: batch.count }, (_, row) => batch.strings.get(batch.name[row])),
      ),
    );
}

const spansIn = ({ capture }: Window): number => capture.state.counts.spans;
const until = (holds: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(holds()).toBe(true), { timeout: 15_000, interval: 20 });

it('sends spans and log records on as they are kept, with the headers that are kept for the endpoint', async () => {
  const window = await openWindow();
  await send(window, span('before'));
  window.forwardTo(collectorUrl());
  await window.forwarding.setHeaders(collectorUrl(), { 'x-api-key': 'k' });
  await send(window, span('a'), span('b'));
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  const logRecords = [
    { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), timeUnixNano: '1760000000000000000', body: { stringValue: 'sold out' } },
  ];
  await post(window.capture, 'logs', JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }));
  await until(() => got.some(({ url }) => url === '/v1/logs'));
  expect(names()).toEqual(['a', 'b']);
  expect(got.find(({ url }) => url === '/v1/logs')?.body.includes('sold out')).toBe(true);
  expect(got.every(({ headers }) => headers['x-api-key'] === 'k' && headers['content-type'] === 'application/x-protobuf')).toBe(
    true,
  );
  await until(() => window.capture.forwarded.line === `Forwarded to ${collectorUrl()}: 3 spans and log records.`);
  expect(window.capture.forwarded.notes).toEqual([]);
  // Another address does not get them.
  const { port } = collector.address() as AddressInfo;
  window.forwardTo(`http://localhost:${port}`);
  await send(window, span('c'));
  await until(() => names().includes('c'));
  expect(got.at(-1)?.headers['x-api-key']).toBeUndefined();
});

it('leaves spans in progress here, and sends each once when it ends', async () => {
  const window = await openWindow();
  window.forwardTo(collectorUrl());
  const running = span('slow');
  const unfinished = JSON.parse(new TextDecoder().decode(requestBytes([running])), (key, value) =>
    key === 'endTimeUnixNano' ? '0' : value,
  );
  await post(window.capture, 'traces', JSON.stringify(unfinished));
  await send(window, span('quick'), running);
  await send(window, running);
  await send(window, span('last'));
  await until(() => names().includes('last'));
  expect(names()).toEqual(['quick', 'slow', 'last']);
});

it('keeps what waits while the collector is away, says so, and sends it in its order when it is back', async () => {
  const window = await openWindow();
  const url = collectorUrl();
  const { port } = collector.address() as AddressInfo;
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
  window.forwardTo(url);
  for (let i = 0; i < 20; i++) await send(window, span(`n${i}`));
  await until(() => window.capture.forwarded.notes.some((note) => note.includes('cannot be reached')));
  await until(() => spansIn(window) === 20);
  await listen(port);
  await until(() => names().length === 20);
  expect(names()).toEqual(Array.from({ length: 20 }, (_, i) => `n${i}`));
  await until(() => window.capture.forwarded.notes.length === 0);
  // Said once when it began, and not with each try.
  expect(window.lines.filter((line) => line.includes('cannot be reached'))).toHaveLength(1);
});

it('ends with two windows that forward to each other: each has all spans, once', async () => {
  const [one, two] = [await openWindow(), await openWindow()];
  one.forwardTo(two.capture.endpoint ?? '');
  two.forwardTo(one.capture.endpoint ?? '');
  await send(one, span('a'), span('b'));
  await send(two, span('c'));
  await until(() => spansIn(one) >= 3 && spansIn(two) >= 3);
  await until(() => [one, two].some(({ capture }) => capture.forwarded.notes.some((note) => note.includes('sends back here'))));
  // What was sent back was kept, as any span is, and went no further: quiet is what a loop never is.
  const counts = [spansIn(one), spansIn(two)];
  await send(one, span('d'));
  await until(() => spansIn(two) > counts[1]);
  await until(() => spansIn(one) >= counts[0] + 2);
  expect(spansIn(one) + spansIn(two)).toBeLessThanOrEqual(12);
});

it('does not forward to itself, by whatever name, and goes on when that is changed', async () => {
  const window = await openWindow();
  const port = new URL(window.capture.endpoint ?? '').port;
  for (const url of [`http://127.0.0.1:${port}`, `http://localhost:${port}/`, `http://[::1]:${port}/v1/traces`]) {
    window.forwardTo(url);
    await until(() => window.capture.forwarded.notes.some((note) => note.includes('this window itself')));
    window.forwardTo('');
    await until(() => window.capture.forwarded.notes.length === 0);
  }
  window.forwardTo('not an address');
  await until(() => window.capture.forwarded.notes.some((note) => note.includes('is no address')));
  await send(window, span('kept here'));
  window.forwardTo(collectorUrl());
  await send(window, span('sent'));
  await until(() => names().length > 0);
  expect(names()).toEqual(['sent']);
});

it('says what a collector refuses, and forwards the rest', async () => {
  const window = await openWindow();
  window.forwardTo(collectorUrl());
  status = 401;
  await send(window, span('a'));
  await until(() => window.capture.forwarded.notes.some((note) => note.includes('set the headers')));
  expect(window.capture.forwarded.notes.join(' ')).toContain('1 could not be delivered');
  status = 200;
  await send(window, span('b'));
  await until(() => names().includes('b'));
  await until(() => window.capture.forwarded.notes.length === 1);
});

it('hands over what is on its way when the window closes', async () => {
  const window = await openWindow();
  window.forwardTo(collectorUrl());
  await send(window, ...Array.from({ length: 500 }, (_, i) => span(`s${i}`)));
  await window.close();
  expect(names()).toHaveLength(500);
});
