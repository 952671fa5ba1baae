// What tracing costs a Node program: processor time of an HTTP service for each request that calls another service, by the preload as it ships (with
// code attributes and without) against the plain OpenTelemetry SDK set up as its documentation says (HTTP instrumentation, batches, OTLP over HTTP), and
// against no tracing at all. Load, the other service and the receiver are this process. Also: the start of an empty program, and single spans.
//
//   npm run bench -- preload

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { quantile, report } from '../support/budget.mjs';
import { projectRoot } from '../vscode/locations.mjs';

const short = process.env.SPANHOP_BENCH_SHORT === '1';
const rounds = short ? 3 : 7;
const requests = short ? 1_000 : 4_000;
const atOnce = 16;
const preload = join(projectRoot, 'dist', 'instrument', 'node', 'preload.cjs');
const folder = mkdtempSync(join(tmpdir(), 'spanhop-bench-'));

/** The SDK as people set it up; its exporter is what theirs does, without options. */
const PLAIN = `
  import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
  import { registerInstrumentations } from '@opentelemetry/instrumentation';
  import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
  import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
  import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
  import { resourceFromAttributes } from '@opentelemetry/resources';
  import { context, trace } from '@opentelemetry/api';
  import { suppressTracing } from '@opentelemetry/core';
  import http from 'node:http';
  const agent = new http.Agent({ keepAlive: true });
  const url = new URL('/v1/traces', process.env.OTEL_EXPORTER_OTLP_ENDPOINT);
  const exporter = {
    export(spans, done) {
      const body = ProtobufTraceSerializer.serializeRequest(spans);
      context.with(suppressTracing(context.active()), () => {
        const sent = http.request(url, { method: 'POST', agent, headers: { 'content-type': 'application/x-protobuf' } }, (answer) => {
          answer.resume();
          answer.on('end', () => done({ code: 0 }));
        });
        sent.on('error', () => done({ code: 1 }));
        sent.end(body);
      });
    },
    async shutdown() {},
  };
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'plain' }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 200 })],
  });
  trace.setGlobalTracerProvider(provider);
  registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });
  globalThis.tracer = provider.getTracer('bench');
`;

/** Answers when another service has; says what it took of the processor. */
const SERVICE = `
  const http = require('node:http');
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const [port] = process.argv.slice(2);
  async function stock() {
    return new Promise((done) => http.get({ host: '127.0.0.1', port, path: '/stock', agent }, (answer) => { answer.resume(); answer.on('end', done); }));
  }
  const server = http.createServer(async (request, response) => {
    if (request.url === '/cpu') return response.end(JSON.stringify(process.cpuUsage()));
    await stock();
    response.end('{"ok":true}');
  }).listen(0, '127.0.0.1', () => process.send(server.address().port));
`;

/** Spans by themselves, as deep in a program as a handler's are. */
const SPANS = `
  const api = require(process.env.API);
  const tracer = globalThis.tracer ?? api.trace.getTracer('bench');
  const deep = (n) => (n > 0 ? deep(n - 1) : tracer.startSpan('a', { kind: 2, attributes: { 'http.request.method': 'GET', 'url.full': 'http://127.0.0.1/a/b' } }).end());
  const times = (count) => { for (let i = 0; i < count; i++) deep(20); };
  times(20000);
  const before = process.cpuUsage();
  times(20000);
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 20000);
`;

const files = {
  plain: join(folder, 'plain.cjs'),
  service: join(folder, 'service.cjs'),
  spans: join(folder, 'spans.cjs'),
  empty: join(folder, 'empty.cjs'),
};
await build({
  stdin: { contents: PLAIN, resolveDir: projectRoot, loader: 'js' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  logLevel: 'error',
  outfile: files.plain,
});
writeFileSync(files.service, SERVICE);
writeFileSync(files.spans, SPANS);
writeFileSync(files.empty, '');

// Takes everything and keeps nothing: the stream, requests of OTLP, and calls of the service under load.
const answers = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.end());
});
answers.keepAliveTimeout = 60_000;
const receiver = createTcpServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (first) => {
    if (first.toString('latin1', 0, 4) === 'SPAN') {
      socket.resume();
      return;
    }
    socket.pause();
    socket.unshift(first);
    answers.emit('connection', socket);
    socket.resume();
  });
});
await new Promise((done) => receiver.listen(0, '127.0.0.1', () => done(undefined)));
const address = receiver.address();
const port = typeof address === 'object' && address ? address.port : 0;

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_SERVICE_NAME: 'bench' };
const stream = { ...endpoint, SPANHOP_STREAM: `127.0.0.1:${port}` };
const ways = {
  none: { args: [], env: {} },
  plain: { args: ['--require', files.plain], env: endpoint },
  withoutCode: { args: ['--require', preload], env: { ...stream, SPANHOP_CODE_ATTRIBUTES: '0' } },
  preload: { args: ['--require', preload], env: stream },
};
/** @typedef {keyof typeof ways} Way */
const names = /** @type {Way[]} */ (Object.keys(ways));

/** @param {Way} way @param {readonly string[]} args @param {boolean} ipc */
function start(way, args, ipc) {
  const { env } = ways[way];
  return spawn(process.execPath, [...ways[way].args, ...args], {
    env: { PATH: process.env.PATH, API: join(projectRoot, 'node_modules', '@opentelemetry', 'api'), ...env },
    stdio: ['ignore', 'pipe', 'inherit', ...(ipc ? /** @type {const} */ (['ipc']) : [])],
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
/** @param {number} of @param {string} path @returns {Promise<string>} */
const ask = (of, path) =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: of, path, agent }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve(text));
    }).on('error', reject);
  });

/** Microseconds of the processor for each request. @param {number} of @param {number} count */
async function load(of, count) {
  const before = JSON.parse(await ask(of, '/cpu'));
  let left = count;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await ask(of, '/');
    }),
  );
  const after = JSON.parse(await ask(of, '/cpu'));
  return (after.user + after.system - before.user - before.system) / count;
}

/** @param {Way} way @returns {Promise<{ ms: number, out: string }>} */
function whole(way, file = files.empty) {
  const began = performance.now();
  const child = start(way, [file], false);
  let out = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  return new Promise((resolve) => child.on('close', () => resolve({ ms: performance.now() - began, out })));
}

try {
  /** @type {Map<Way, { port: number, end: () => void }>} */
  const services = new Map();
  for (const way of names) {
    const child = start(way, [files.service, String(port)], true);
    const at = await new Promise((resolve) => child.once('message', resolve));
    services.set(way, { port: Number(at), end: () => child.kill('SIGKILL') });
    await load(Number(at), requests);
  }
  // In turns, so that what else the machine does hits all alike; the least of each is what the work takes.
  /** @type {Record<Way, number>} */
  const least = {
    none: Number.POSITIVE_INFINITY,
    plain: Number.POSITIVE_INFINITY,
    withoutCode: Number.POSITIVE_INFINITY,
    preload: Number.POSITIVE_INFINITY,
  };
  for (let round = 0; round < rounds; round++) {
    for (const [way, service] of services) least[way] = Math.min(least[way], await load(service.port, requests));
  }
  for (const { end } of services.values()) end();
  const note = `no tracing ${least.none.toFixed(0)}, plain SDK ${least.plain.toFixed(0)} µs`;
  report({ what: 'processor time of a request with the preload', value: least.preload, unit: 'µs', note });
  report({ what: '  over that with the plain SDK', value: least.preload / least.plain, unit: 'times', atMost: 1.5 });
  report({ what: '  and without code attributes', value: least.withoutCode / least.plain, unit: 'times', atMost: 1.25 });
  /** @type {Record<Way, number[]>} */
  const spans = { none: [], plain: [], withoutCode: [], preload: [] };
  for (let round = 0; round < rounds; round++) {
    for (const way of /** @type {const} */ (['plain', 'withoutCode', 'preload']))
      spans[way].push(Number((await whole(way, files.spans)).out));
  }
  const [plain, withoutCode, all] = [spans.plain, spans.withoutCode, spans.preload].map((times) => Math.min(...times));
  report({
    what: 'processor time of a span, handed over',
    value: withoutCode,
    unit: 'µs',
    note: `plain SDK, in batches ${plain.toFixed(1)} µs`,
  });
  report({ what: '  code attributes of it', value: all - withoutCode, unit: 'µs', atMost: 40 });
  /** @type {Record<Way, number[]>} */
  const starts = { none: [], plain: [], withoutCode: [], preload: [] };
  for (let round = 0; round < rounds; round++) for (const way of names) starts[way].push((await whole(way)).ms);
  const [bare, sdk, ours] = [starts.none, starts.plain, starts.preload].map((times) => quantile(times, 0.5));
  report({
    what: 'start and end of an empty program, more than without',
    value: ours - bare,
    unit: 'ms',
    note: `plain SDK ${(sdk - bare).toFixed(0)} ms, Node alone ${bare.toFixed(0)} ms`,
  });
} finally {
  receiver.close();
  answers.closeAllConnections();
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
  process.exit();
}
