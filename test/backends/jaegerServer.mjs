/**
 * A real Jaeger for tests, built with Go from its published module and kept in the git-ignored `.vscode-test/jaeger`.
 *
 * Jaeger 2 is the program `cmd/jaeger` of the module github.com/jaegertracing/jaeger at v1.76.0. `go install` refuses the module
 * because of a `replace` in its go.mod, so it is built as a dependency of an empty one, with its own go.sum.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const version = 'v1.76.0';
const home = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '.vscode-test', 'jaeger');
const binary = join(home, `jaeger-${version}${process.platform === 'win32' ? '.exe' : ''}`);

/** Runs a program and returns its standard output; throws with the end of its output when it does not succeed. */
function run(command, args, options) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20, ...options });
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${(result.stderr || result.error?.message || '').slice(-2000)}`);
  return result.stdout;
}

/** Path of a Jaeger binary: `JAEGER_BIN`, the kept one, or one built now; undefined with a reason when there is no Go or no network. */
export function findJaeger({ build = true } = {}) {
  if (process.env.JAEGER_BIN) return { path: process.env.JAEGER_BIN };
  if (existsSync(binary)) return { path: binary };
  if (!build) return { reason: 'no Jaeger was built before' };
  if (spawnSync('go', ['version']).status !== 0) return { reason: 'Go is not installed' };
  mkdirSync(home, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'spanhop-jaeger-'));
  try {
    const options = { cwd: work, env: { ...process.env, GOFLAGS: '-mod=mod' } };
    run('go', ['mod', 'init', 'tools'], options);
    const module = JSON.parse(run('go', ['mod', 'download', '-json', `github.com/jaegertracing/jaeger@${version}`], options));
    copyFileSync(join(module.Dir, 'go.sum'), join(work, 'go.sum'));
    chmodSync(join(work, 'go.sum'), 0o644);
    run('go', ['mod', 'edit', '-require', `github.com/jaegertracing/jaeger@${version}`], options);
    run('go', ['build', '-o', binary, 'github.com/jaegertracing/jaeger/cmd/jaeger'], options);
    return { path: binary };
  } catch (error) {
    return { reason: `Jaeger could not be built: ${error.message}` };
  } finally {
    rmSync(work, { recursive: true, force: true });
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
  const found = findJaeger();
  console.log(found.path ?? found.reason);
  process.exitCode = found.path ? 0 : 1;
}
