// What reaches the port and is not taken, and what should have come and did not: in the words that a person reads in the Captures view, in the status
// bar's hover and in the log.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { SideBarView } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 30_000 };
const folder = mkdtempSync(join(tmpdir(), 'spanhop-silence-'));
let window: Workbench;
let captures: SideBarView;
let traces: SideBarView;
let port: number;

beforeAll(async () => {
  window = await openWorkbench({
    workspace: folder,
    width: 1500,
    settings: { 'spanhop.capture.wellKnownPort': false, 'debug.internalConsoleOptions': 'neverOpen' },
  });
  captures = new SideBarView(window, 'Captures');
  traces = new SideBarView(window, 'Traces');
  await window.command('spanhop.traces.focus');
});
afterAll(async () => {
  await window?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each test begins with a capture of its own, in which nothing was told. */
beforeEach(async () => {
  await window.command('spanhop.stopCapture');
  port = await window.host(async ({ api }) => (await (await api()).capture.start()).httpPort);
  await expect.poll(() => captures.texts(), later).toContainEqual(expect.stringMatching(/^Running now/));
  await captures.message.waitFor({ state: 'hidden' });
});

const viewSays = (text: RegExp) =>
  expect.poll(async () => (await captures.message.allInnerTexts()).join(' '), later).toMatch(text);

/** The hover of the status bar's item. */
async function hoverSays(text: RegExp): Promise<void> {
  await window.page.mouse.move(900, 300);
  await window.page.locator('.statusbar-item', { hasText: /\d+ · [\d,]+ spans?/ }).hover();
  await expect.poll(async () => (await window.page.locator('.monaco-hover').allInnerTexts()).join(' '), later).toMatch(text);
  await window.page.mouse.move(900, 300);
}

function logText(): string {
  const found = readdirSync(window.dataFolder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /Spanhop\.log$/.test(path),
  );
  return found.map((path) => readFileSync(join(window.dataFolder, path), 'utf8')).join('\n');
}
const logSays = (text: RegExp) => expect.poll(logText, later).toMatch(text);

async function toldEverywhere(text: RegExp): Promise<void> {
  await viewSays(text);
  await hoverSays(text);
  await logSays(text);
}

interface Sent {
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function post({ path = '/v1/traces', headers = {}, body = '{}' }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/json', ...headers };
    const sent = request({ host: '127.0.0.1', port, method: 'POST', path, headers: all }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

it('a call of gRPC that is none of OTLP, to itself and to the person; OTLP is taken', async () => {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const call = (path: string): Promise<unknown> =>
    new Promise((resolve) => {
      const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
      stream.on('response', (headers) => headers['grpc-message'] !== undefined && resolve(headers['grpc-message']));
      stream.on('trailers', (trailers) => resolve(trailers['grpc-status']));
      stream.resume();
      stream.end(Buffer.from([0, 0, 0, 0, 0]));
    });
  expect(await call('/opentelemetry.proto.collector.trace.v1.TraceService/Export')).toBe('0');
  expect(await call('/jaeger.api_v2.CollectorService/PostSpans')).toMatch(/nothing of OTLP's here/);
  session.close();
  await toldEverywhere(
    /it called \/jaeger\.api_v2\.CollectorService\/PostSpans, which is nothing of OTLP's here\. Use an OTLP exporter/,
  );
  await window.screenshot('capture-grpc');
  await expect.poll(() => window.notifications(), later).toMatch(/it called \/jaeger/);
});

it('a TLS client: http:// instead', async () => {
  await new Promise((resolve) => connectTls({ host: '127.0.0.1', port }).on('error', resolve));
  await toldEverywhere(/it came over TLS.* Begin OTEL_EXPORTER_OTLP_ENDPOINT with http:\/\//);
});

it('another path, the one to use; and paths that end in ours are taken', async () => {
  expect(await post({ path: '/collect' })).toBe(404);
  await toldEverywhere(/it went to \/collect\. Send OTLP to \/v1\/traces/);
  expect(await post({ path: '/prefix/v1/traces/v1/traces/?x=1' })).toBe(200);
});

it('a host and a page that are refused, by name', async () => {
  expect(await post({ headers: { host: 'my-laptop:4318' } })).toBe(403);
  await toldEverywhere(/host "my-laptop:4318".* Use 127\.0\.0\.1 or localhost/);
  expect(await post({ headers: { origin: 'https://shop.example' } })).toBe(403);
  await logSays(/my-laptop/);
});

it('an encoding and a type, by name', async () => {
  expect(await post({ headers: { 'content-encoding': 'br' } })).toBe(415);
  await toldEverywhere(/Content-Encoding "br" is not supported; use gzip, deflate/);
  await window.command('spanhop.stopCapture');
  port = await window.host(async ({ api }) => (await (await api()).capture.start()).httpPort);
  expect(await post({ headers: { 'content-type': 'text/[x](command:evil)' } })).toBe(415);
  await viewSays(/its Content-Type is "text\/\[x\].?\(command:evil\)"/);
});

it('JSON that is no trace data, and what it looks like', async () => {
  expect(await post({ body: '{"user":"ada","id":7}' })).toBe(400);
  await toldEverywhere(/a JSON object without spans/);
});

it("reads Zipkin's JSON, and what zstd and deflate hold, over HTTP/1.0 too", async () => {
  const compressed = await window.host(
    async ({ require }, text: string) => {
      const zlib = require('node:zlib');
      const deflated = zlib.deflateRawSync(text).toString('base64');
      return { deflated, zstd: zlib.zstdCompressSync ? zlib.zstdCompressSync(text).toString('base64') : undefined };
    },
    JSON.stringify([
      { traceId: '5'.repeat(32), id: '6'.repeat(16), name: 'packed', timestamp: 1_700_000_000_000_000, duration: 5 },
    ]),
  );
  for (const [encoding, text] of [
    ['deflate', compressed.deflated],
    ['zstd', compressed.zstd],
  ] as const) {
    if (text === undefined) continue;
    const body = Buffer.from(text, 'base64');
    const answer = await new Promise<string>((resolve) => {
      let all = '';
      const socket = connect(port, '127.0.0.1');
      socket.on('data', (chunk) => {
        all += String(chunk);
      });
      socket.on('close', () => resolve(all));
      socket.write(
        `POST /api/v2/spans HTTP/1.0\r\nContent-Type: application/json\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      socket.write(body);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
  }
  await traces.row('packed').waitFor();
  expect(await captures.message.isVisible()).toBe(false);
});

it('spans that are not kept, counted, and why', async () => {
  const span = { traceId: '7'.repeat(32), spanId: '8'.repeat(16), name: 'whole' };
  const body = JSON.stringify({
    resourceSpans: [{ scopeSpans: [{ spans: [span, 7, { ...span, spanId: '9'.repeat(16) }, null] }] }],
  });
  expect(await post({ body })).toBe(200);
  await toldEverywhere(/Of \d spans in a request, \d (?:is|are) not kept: /);
  await hoverSays(/\d spans? or requests could not be read; the log says why/);
});

/** Launches a program, which is at its end when it has written its environment. */
async function launch(configuration: object): Promise<void> {
  await window.host(({ vscode }, given: { name?: string }) => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    void vscode.debug.startDebugging(folder, { type: 'node', request: 'launch', name: 'Launch', ...given }, { noDebug: true });
    return true;
  }, configuration);
}

it('a session that sent nothing, when it ends, with what makes spans; and the log has its variables, not their values', async () => {
  writeFileSync(join(folder, 'silent.js'), 'process.exitCode = 0;');
  await launch({
    name: 'Silent shop',
    program: join(folder, 'silent.js'),
    env: { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret' },
  });
  await toldEverywhere(/"Silent shop" ended and has sent no spans\. It is traced, and did nothing that makes spans/);
  await logSays(
    /"Silent shop" \((?:pwa-)?node\) is launched with capture.* Set: OTEL_EXPORTER_OTLP_ENDPOINT.* Taken away: OTEL_EXPORTER_OTLP_HEADERS/,
  );
  expect(logText()).not.toContain('authorization=secret');
  await window.screenshot('capture-silent-session');
});

it('leaves the name and the attributes that envFile and .env give, and says what it could not read', async () => {
  const output = join(folder, 'environment.json');
  writeFileSync(
    join(folder, 'environment.js'),
    `require('node:fs').writeFileSync(process.env.OUTPUT, JSON.stringify([process.env.OTEL_SERVICE_NAME, process.env.OTEL_RESOURCE_ATTRIBUTES]));`,
  );
  writeFileSync(join(folder, 'shop.env'), 'export OTEL_SERVICE_NAME="theirs"\r\nOTEL_RESOURCE_ATTRIBUTES=team=x # ours\r\n');
  writeFileSync(join(folder, '.env'), 'OTEL_SERVICE_NAME=dotted\n');
  const seen = async (configuration: object): Promise<unknown> => {
    rmSync(output, { force: true });
    await launch({ program: join(folder, 'environment.js'), env: { OUTPUT: output }, ...configuration });
    await expect
      .poll(() => readdirSync(folder).includes('environment.json') && readFileSync(output, 'utf8') !== '', later)
      .toBe(true);
    return JSON.parse(readFileSync(output, 'utf8'));
  };
  expect(await seen({ envFile: join(folder, 'shop.env') })).toEqual([
    'theirs',
    expect.stringMatching(/^team=x,vscode\.debug\.session\.id=[0-9a-f-]{36}$/),
  ]);
  expect(await seen({})).toEqual(['dotted', expect.stringMatching(/^vscode\.debug\.session\.id=/)]);
  const outside = join(folder, '..', `${basename(folder)}.env`);
  writeFileSync(outside, 'OTEL_SERVICE_NAME=outside');
  try {
    await seen({ name: 'Outside', envFile: outside });
  } finally {
    rmSync(outside);
  }
  await expect.poll(() => window.notifications(), later).toMatch(/Its envFile .* is not there, or is outside of the workspace/);
});
