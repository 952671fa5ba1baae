// @ts-check
// What tracing costs a Python service: requests to a Flask application with a query each, two spans, as they are, with the SDK and its exporter under
// `opentelemetry-instrument`, and with the hook, which hands each span over when it begins and when it ends. Time of the processor, for all threads: the SDK
// encodes in another one. And the start of programs.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { quantile, report } from '../support/budget.mjs';
import { outsideNpm } from '../support/npm.mjs';
import { pythonEnvironment } from '../support/pythonEnvironment.mjs';
import { projectRoot } from '../vscode/locations.mjs';

const requests = '400';
const { python, reason } = await pythonEnvironment();
if (python === undefined) console.log(`Skipped: ${reason}`);
else await bench(python);

/** @param {string} python */
async function bench(python) {
  const stream = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  const otlp = createHttp((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  }).listen(0, '127.0.0.1');
  await Promise.all([stream, otlp].map((server) => new Promise((done) => server.once('listening', done))));
  const hook = {
    PYTHONPATH: join(projectRoot, 'src', 'instrument', 'python'),
    SPANHOP_STREAM: `127.0.0.1:${portOf(stream)}`,
  };
  const sdk = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${portOf(otlp)}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
  };
  const compiled = await mkdtemp(join(tmpdir(), 'spanhop-python-'));
  const program = ['requests_per_second.py', requests];
  const instrument = [join(python, '..', 'opentelemetry-instrument'), 'python'];
  const path = { PATH: `${join(python, '..')}:${process.env.PATH}` };
  /** @param {readonly string[]} args @param {Record<string, string>} [env] */
  const run = async (args, env = {}, program = python) => {
    const { PYTHONPATH: _, PYTHONDONTWRITEBYTECODE: __, ...rest } = outsideNpm();
    const options = {
      cwd: join(projectRoot, 'test', 'programs', 'python'),
      env: { ...rest, ...path, PYTHONPYCACHEPREFIX: compiled, ...env },
    };
    const began = performance.now();
    const { stdout } = await promisify(execFile)(program, args, options);
    return { value: Number(stdout), tookMs: performance.now() - began };
  };
  // By turns, the least of each: others may be busy on the machine.
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let turn = 0; turn < 3; turn++) {
    const values = [
      await run(program),
      await run([...instrument, ...program], sdk),
      await run(program, hook),
      await run(program, { ...hook, SPANHOP_CODE_ATTRIBUTES: '0' }),
    ];
    values.forEach(({ value }, way) => {
      least[way] = Math.min(least[way], value);
    });
  }
  const [plain, withSdk, withHook, withoutCode] = least;
  report({ what: 'Python: a request of Flask, untraced', value: plain, unit: 'µs' });
  report({ what: 'Python: the SDK and its exporter add', value: withSdk - plain, unit: 'µs' });
  report({ what: 'Python: the hook adds', value: withHook - plain, unit: 'µs' });
  report({ what: 'Python: code attributes, a span', value: (withHook - withoutCode) / 2, unit: 'µs', atMost: 60 });
  report({ what: 'Python: request with the hook, to the plain SDK', value: withHook / withSdk, unit: 'x', atMost: 1.5 });
  /** @param {string} program */
  const start = async (program) => {
    /** @type {number[]} */
    const more = [];
    for (let i = 0; i < 12; i++) {
      const { tookMs } = await run(['-c', ''], {}, program);
      more.push((await run(['-c', ''], hook, program)).tookMs - tookMs);
    }
    return quantile(more, 0.5);
  };
  report({
    what: 'Python: start of an empty program, more with the hook',
    value: await start(python),
    unit: 'ms',
    atMost: 25,
  });
  report({ what: 'Python: start of one without packages', value: await start('python3'), unit: 'ms', atMost: 10 });
  await rm(compiled, { recursive: true, force: true });
  stream.close();
  otlp.close();
}

/** @param {import('node:net').Server} server */
function portOf(server) {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
