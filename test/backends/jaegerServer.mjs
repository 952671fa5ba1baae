/**
 * A real Jaeger for tests, built with Go from its published module and kept in the git-ignored `.vscode-test/jaeger`.
 *
 * Jaeger 2 is the program `cmd/jaeger` of the module github.com/jaegertracing/jaeger at v1.76.0. `go install` refuses the module
 * because of a `replace` in its go.mod, so it is built as a dependency of an empty one, with its own go.sum.
 */
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findCommand } from '../support/findCommand.mjs';
import { outsideNpm } from '../support/npm.mjs';
import { failedStep, SetUpError, step } from '../support/steps.mjs';
import { startOwned, temporaryFolder } from '../vscode/processes.mjs';

const version = 'v1.76.0';
const home = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '.vscode-test', 'jaeger');
const binary = join(home, `jaeger-${version}${process.platform === 'win32' ? '.exe' : ''}`);

/**
 * Path of a Jaeger binary: `JAEGER_BIN`, or the kept one; undefined with a reason when there is none. `buildJaeger` makes one.
 * @returns {{ path?: string, reason?: string }}
 */
export function findJaeger() {
  if (process.env.JAEGER_BIN) return { path: process.env.JAEGER_BIN };
  if (existsSync(binary)) return { path: binary };
  return { reason: 'none was built; `npm test -- set-up` does' };
}

/**
 * As `findJaeger`, after building one where there is none; some minutes. Gives a reason where there is no Go, or no network.
 * @returns {Promise<{ path?: string, reason?: string }>}
 */
export async function buildJaeger(log = console.log) {
  const found = findJaeger();
  if (found.path) return found;
  if (!findCommand('go')) return { reason: 'Go is not installed' };
  mkdirSync(home, { recursive: true });
  const work = temporaryFolder('jaeger');
  const env = { ...outsideNpm(), GOFLAGS: '-mod=mod' };
  const run = async (what, ...args) => {
    const { code, output } = await step(what, startOwned('go', args, { cwd: work.path, env }), log);
    if (code !== 0)
      throw failedStep(
        `${what} ended with ${code}: ${output.trim().split('\n').at(-1)}`,
        'Tests against it are skipped.',
        output,
      );
    return output;
  };
  try {
    await run('Making a module for Jaeger', 'mod', 'init', 'tools');
    const listed = await run(
      `Downloading Jaeger ${version}`,
      'mod',
      'download',
      '-json',
      `github.com/jaegertracing/jaeger@${version}`,
    );
    copyFileSync(join(JSON.parse(listed.slice(listed.indexOf('{'))).Dir, 'go.sum'), join(work.path, 'go.sum'));
    chmodSync(join(work.path, 'go.sum'), 0o644);
    await run('Naming what is built', 'mod', 'edit', '-require', `github.com/jaegertracing/jaeger@${version}`);
    await run('Building Jaeger', 'build', '-o', `${binary}.partial`, 'github.com/jaegertracing/jaeger/cmd/jaeger');
    renameSync(`${binary}.partial`, binary);
    return { path: binary };
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    return { reason: error.message };
  } finally {
    work.remove();
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const configuration = `
service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces: { receivers: [otlp], processors: [], exporters: [jaeger_storage_exporter] }
  telemetry: { metrics: { level: none }, logs: { level: warn } }
extensions:
  jaeger_storage: { backends: { mem: { memory: { max_traces: 100000 } } } }
  jaeger_query:
    storage: { traces: mem }
    enable_tracing: false
    base_path: "\${env:BASE_PATH}"
    http: { endpoint: "127.0.0.1:\${env:QUERY_PORT}" }
    grpc: { endpoint: "127.0.0.1:\${env:GRPC_PORT}" }
receivers:
  otlp: { protocols: { http: { endpoint: "127.0.0.1:\${env:OTLP_PORT}" } } }
exporters:
  jaeger_storage_exporter: { trace_storage: mem }
`;

/** Starts Jaeger on free loopback ports and resolves when its API answers. */
export async function startJaeger(path, { basePath = '/' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'spanhop-jaeger-run-'));
  const file = join(folder, 'jaeger.yaml');
  writeFileSync(file, configuration);
  const [query, grpc, otlp] = [await freePort(), await freePort(), await freePort()];
  const child = spawn(path, ['--config', `file:${file}`], {
    env: { ...process.env, QUERY_PORT: String(query), GRPC_PORT: String(grpc), OTLP_PORT: String(otlp), BASE_PATH: basePath },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output = (output + text).slice(-4000);
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${query}${basePath === '/' ? '' : basePath}`;
  const until = Date.now() + 30_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Jaeger ended: ${output}`);
    const ok = await fetch(`${url}/api/v3/services`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) break;
    if (Date.now() > until) throw new Error(`Jaeger does not answer at ${url}: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    otlp: `http://127.0.0.1:${otlp}`,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(timer);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const found = await buildJaeger();
  console.log(found.path ?? found.reason);
  process.exitCode = found.path ? 0 : 1;
}
