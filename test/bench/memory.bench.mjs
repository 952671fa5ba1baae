// What the process of the engine takes at most, beside what its ledger counts and what the limit is: files, captures at full load, one trace without end,
// more names than a hash table holds. `--only <part of a name>` for some; SPANHOP_BENCH_SHORT=1 for a tenth of everything.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { report } from '../support/budget.mjs';
import { makeBody, stamp } from '../support/load/spanBodies.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const argument = (name) => process.argv[process.argv.indexOf(name) + 1];
const only = process.argv.includes('--only') ? argument('--only') : '';
const scale = process.env.SPANHOP_BENCH_SHORT === '1' ? 0.1 : 1;
const MB = 1 << 20;
/** Of the limit; beside it are garbage that is not collected yet and what the allocator keeps. */
const budget = 1.5;
/** What does not grow with the limit: bodies under way, the young parts of two heaps. */
const fixed = 64 * MB;
const folder = mkdtempSync(join(tmpdir(), 'spanhop-memory-'));

/** Bodies of a capture: `n` spans in all, `perTrace` to a trace; Infinity: all of one. */
function* bodies(n, { perTrace = 10, perBody = 500 } = {}) {
  const made = makeBody({ spansPerBody: perBody, spansPerTrace: Number.isFinite(perTrace) ? perTrace : perBody });
  for (let sequence = 1; (sequence - 1) * perBody < n; sequence++) {
    stamp(made, 1, sequence);
    if (!Number.isFinite(perTrace)) {
      for (const at of made.ids) made.body.fill(7, at + 2, at + 18);
      // One root in all; the first spans of the others hang below it.
      if (sequence > 1) made.body.writeUInt32BE(0x5eed0001, made.ids[0] + 30);
      if (sequence > 1) made.body.writeUInt32BE(1001, made.ids[0] + 34);
    }
    yield made.body;
  }
}

/** Spans of which each has a name of its own, 40 bytes each besides its ids. */
function* distinctNames(n) {
  const perBody = 10_000;
  const span = Buffer.concat([
    Buffer.from([0x0a, 16]),
    Buffer.alloc(16),
    Buffer.from([0x12, 8]),
    Buffer.alloc(8),
    Buffer.from([0x2a, 10]),
    Buffer.alloc(10, 0x30),
  ]);
  const one = Buffer.concat([Buffer.from([0x12, span.length]), span]);
  const length = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...length(value >>> 7)]);
  const spans = Buffer.concat(Array.from({ length: perBody }, () => one));
  const scope = Buffer.concat([Buffer.from([0x12, ...length(spans.length)]), spans]);
  const body = Buffer.concat([Buffer.from([0x0a, ...length(scope.length)]), scope]);
  const first = body.length - spans.length;
  for (let sequence = 0; sequence * perBody < n; sequence++) {
    for (let i = 0; i < perBody; i++) {
      const at = first + i * one.length + 2;
      const number = sequence * perBody + i + 1;
      body.writeUInt32BE(Math.imul(number >> 3, 0x9e3779b1) >>> 0, at + 2);
      body.writeUInt32BE((number >> 3) + 1, at + 14);
      body.writeUInt32BE(number, at + 24);
      body.write(String(number).padStart(10, '0'), at + 30, 'latin1');
    }
    yield body;
  }
}

function* logBodies(n) {
  const perBody = 1_000;
  for (let at = 0; at < n; at += perBody) {
    const logRecords = Array.from({ length: perBody }, (_, i) => ({
      traceId: ((at + i) >> 3).toString(16).padStart(31, '0') + '1',
      spanId: (at + i + 1).toString(16).padStart(16, '0'),
      timeUnixNano: '1760000000000000000',
      severityText: 'INFO',
      body: { stringValue: `order ${at + i} was taken by the shop, and goes to the customer` },
      attributes: [{ key: 'code.function.name', value: { stringValue: 'takeOrder' } }],
    }));
    yield Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }));
  }
}

function* jsonLines(n) {
  for (let at = 0; at < n; at += 100) {
    const spans = Array.from({ length: 100 }, (_, i) => ({
      traceId: (Math.floor((at + i) / 10) + 1).toString(16).padStart(32, '0'),
      spanId: (at + i + 1).toString(16).padStart(16, '0'),
      ...(i % 10 === 0 ? {} : { parentSpanId: (at + i - (i % 10) + 1).toString(16).padStart(16, '0') }),
      name: `GET /products/${i}`,
      kind: 2,
      startTimeUnixNano: '1760000000000000000',
      endTimeUnixNano: '1760000000100000000',
      attributes: ['http.request.method', 'url.path', 'http.route', 'server.address'].map((key) => ({
        key,
        value: { stringValue: `${key} of span ${at + i}` },
      })),
    }));
    yield Buffer.from(`${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })}\n`);
  }
}

const scenarios = [
  { name: 'file, protobuf, 1 M spans', limit: 2048, file: () => bodies(1e6 * scale) },
  { name: 'file, protobuf, 1 M spans, limit 256 MB', limit: 256, file: () => bodies(1e6 * scale) },
  {
    name: 'file, protobuf, one trace of 1 M spans, opened',
    limit: 2048,
    file: () => bodies(1e6 * scale, { perTrace: Infinity }),
    open: '07'.repeat(16),
  },
  { name: 'file, protobuf, 1 M traces of one span', limit: 2048, file: () => bodies(1e6 * scale, { perTrace: 1 }) },
  { name: 'file, protobuf, 1 M traces of one span, limit 256 MB', limit: 256, file: () => bodies(1e6 * scale, { perTrace: 1 }) },
  { name: 'file, protobuf, 17 M distinct names', limit: 2048, file: () => distinctNames(17e6 * scale) },
  { name: 'file, JSON lines, 1 M spans', limit: 2048, file: () => jsonLines(1e6 * scale) },
  { name: 'file, JSON lines, 1 M spans, limit 256 MB', limit: 256, file: () => jsonLines(1e6 * scale) },
  { name: 'capture, full load, 30 s', limit: 2048, seconds: 30 * scale },
  { name: 'capture, full load, 30 s, limit 256 MB', limit: 256, seconds: 30 * scale },
  {
    name: 'capture, one trace of 1.8 GB, limit 512 MB',
    limit: 512,
    send: () => bodies(6.2e6 * scale, { perTrace: Infinity, perBody: 2_000 }),
  },
  { name: 'capture, 17 M distinct names, limit 512 MB', limit: 512, send: () => distinctNames(17e6 * scale) },
  { name: 'capture, 1 M traces of one span, limit 256 MB', limit: 256, send: () => bodies(1e6 * scale, { perTrace: 1 }) },
  { name: 'capture, 1 M log records, limit 256 MB', limit: 256, send: () => logBodies(1e6 * scale), logs: true },
];

try {
  await build({
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    absWorkingDir: root,
    entryPoints: { engine: 'src/engine/worker.ts', client: 'src/engine/client.ts' },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
  });
  for (const scenario of scenarios.filter(({ name }) => name.includes(only))) await run(scenario);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(scenario) {
  const path = join(folder, 'a.trace');
  let bytes = 0;
  if (scenario.file) bytes = await write(path, scenario.file());
  const child = spawn(
    process.execPath,
    [join(root, 'test/support/load/engineHost.mjs'), join(folder, 'client.cjs'), join(folder, 'engine.cjs')],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const call = async (method, params, keys) => {
    child.stdin.write(`${JSON.stringify([method, params, keys])}\n`);
    return JSON.parse((await lines.next()).value);
  };
  const settings = { redactKeys: [], redactPatterns: [], memoryBytes: scenario.limit * MB, captureLogBytes: 64 * 1024 ** 3 };
  await call('configure', settings);
  const began = performance.now();
  if (scenario.file) {
    await call('openFile', { dataset: 'file:a', name: 'a', path }, ['spanCount']);
    if (scenario.open) await call('openTrace', { dataset: 'file:a', traceId: scenario.open }, ['count']);
  } else {
    await call('openCaptures', { directory: join(folder, 'captures') });
    const { result } = await call('startCapture', { wellKnownPort: false }, ['httpPort']);
    if (scenario.seconds) await load(result.httpPort, scenario.seconds);
    else bytes = await send(result.httpPort, scenario.send(), scenario.logs === true);
  }
  const took = (performance.now() - began) / 1000;
  const { memory, idle, peak } = await call('memory', {});
  child.stdin.end();
  await new Promise((resolve) => child.on('exit', resolve));
  rmSync(path, { force: true });
  rmSync(join(folder, 'captures'), { recursive: true, force: true });
  const mb = (value) => `${Math.round(value / MB)} MB`;
  const largest = memory.accounts.slice(0, 4).map((one) => `${one.name} ${mb(one.bytes)}`);
  report({
    what: `memory, ${scenario.name}: peak above idle, less ${mb(fixed)}, of the limit`,
    value: (peak - idle - fixed) / (scenario.limit * MB),
    unit: 'times',
    atMost: budget,
    note: `input ${mb(bytes)} in ${took.toFixed(0)} s; peak ${mb(peak - idle)}, ledger ${mb(memory.bytes)}, buffers ${mb(memory.arrayBuffers)}, heap ${mb(memory.heapUsed)}, ${memory.spans.toLocaleString('en-US')} spans; ${largest.join(', ')}`,
  });
}

async function write(path, pieces) {
  const file = createWriteStream(path);
  let bytes = 0;
  for (const piece of pieces) {
    bytes += piece.length;
    if (!file.write(Buffer.from(piece))) await new Promise((resolve) => file.once('drain', resolve));
  }
  await new Promise((resolve) => file.end(resolve));
  return bytes;
}

async function send(port, pieces, isLogs) {
  let bytes = 0;
  for (const piece of pieces) {
    bytes += piece.length;
    const response = await fetch(`http://127.0.0.1:${port}/v1/${isLogs ? 'logs' : 'traces'}`, {
      method: 'POST',
      headers: { 'content-type': isLogs ? 'application/json' : 'application/x-protobuf' },
      body: piece,
    });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`answered ${response.status}`);
  }
  return bytes;
}

async function load(port, seconds) {
  const sender = spawn(process.execPath, [join(root, 'test/support/load/sender.mjs'), String(port), '4'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  sender.stdin.end();
  await new Promise((resolve) => sender.on('exit', resolve));
}
