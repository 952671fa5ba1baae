/**
 * Programs of Java and Go, launched as a debug session launches them: without a change to their code, with what the instrumentation of their language gives.
 * Skipped, with a word, where Java, Maven or Go are not to be had.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GoInstrumentation } from '../../src/app/instrument/go';
import type { Instrumentation, Prepared } from '../../src/app/instrument/instrumentation';
import { JavaInstrumentation } from '../../src/app/instrument/java';
import { JAVA_AGENT } from '../../src/app/instrument/javaAgentDownload';
import { EnvironmentEditor } from '../../src/capture/environmentEditor';
import { launchEnvironment } from '../../src/capture/launchEnvironment';
import { parseQuery } from '../../src/core/query/parse';
import { bundleEngine, type EngineBundle } from '../support/engineBundle';
import { type Program, startProgram } from '../unit/app/support/program';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const programs = resolve(__dirname, 'programs');
const sessionId = '0b7a5c2e-0000-4000-8000-000000000000';
let bundle: EngineBundle;
let program: Program;
let built: string;

const run = (command: string, args: readonly string[], cwd: string): string | undefined => {
  const { status, error, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 110_000 });
  return status === 0 ? undefined : `${command} ${args[0]} failed: ${error?.message ?? stderr.slice(-300)}`;
};

/** Why it cannot be had; undefined: it can. */
function javaAgent(): string | undefined {
  const { version } = JAVA_AGENT;
  const at = join(homedir(), '.m2/repository/io/opentelemetry/javaagent/opentelemetry-javaagent', version);
  if (existsSync(join(at, `opentelemetry-javaagent-${version}.jar`))) return run('javac', ['-version'], programs);
  const artifact = `io.opentelemetry.javaagent:opentelemetry-javaagent:${version}`;
  return run('mvn', ['-q', '-B', 'dependency:get', `-Dartifact=${artifact}`, '-Dtransitive=false'], programs);
}

const without = { java: javaAgent(), go: run('go', ['version'], programs) };
for (const [language, why] of Object.entries(without)) if (why !== undefined) console.warn(`No ${language}: ${why}`);

beforeAll(async () => {
  bundle = await bundleEngine();
  built = mkdtempSync(join(tmpdir(), 'spanhop-launched-'));
  program = startProgram({ workerPath: bundle.engine, captureDirectory: join(built, 'captures'), folders: [programs] });
  await program.app.capture.start();
});
afterAll(async () => {
  await program?.app.close();
  bundle?.remove();
  rmSync(built, { recursive: true, force: true });
});

interface Launched {
  readonly code: number | null;
  readonly prepared: Prepared | undefined;
  /** Milliseconds. */
  readonly took: number;
}

/** Starts a command with what a launch of this type gets. */
async function launch(
  type: string,
  [command, ...args]: readonly string[],
  extra: Record<string, string> = {},
  endpoint = program.app.capture.endpoint,
): Promise<Launched> {
  if (endpoint === undefined) throw new Error('nothing is captured');
  const seen = { inherited: process.env, windows: false };
  const result = launchEnvironment({
    debugType: type,
    serviceName: 'Shop',
    environment: extra,
    endpoint,
    ports: [],
    sessionId,
    ...seen,
  });
  const editor = new EnvironmentEditor({ environment: result?.environment ?? {}, ...seen });
  const { files } = program.app.source;
  const unused = {} as never;
  const of: Instrumentation =
    type === 'java'
      ? new JavaInstrumentation({
          ui: unused,
          connect: unused,
          storage: built,
          files,
          settings: { javaAgent: '', update: async () => {} },
        })
      : new GoInstrumentation({ ui: unused, files });
  const configuration = { cwd: join(programs, type), program: join(programs, type) };
  const get = (name: string): string | undefined => editor.get(name);
  const asked = { type, name: 'Shop', folder: programs, configuration, get, endpoint, ports: [], sessionId, windows: false };
  const prepared = await of.prepare(asked, new AbortController().signal);
  for (const change of prepared?.variables ?? []) editor.apply(change);
  const vmArgs = String(prepared?.configuration?.vmArgs ?? '')
    .split(' ')
    .filter((each) => each !== '');
  const began = performance.now();
  const child = spawn(command, [...vmArgs, ...args], {
    env: {
      ...process.env,
      ...Object.fromEntries(Object.entries(editor.environment).filter((entry): entry is [string, string] => entry[1] !== null)),
    },
    stdio: 'ignore',
  });
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('exit', done));
  return { code, prepared, took: performance.now() - began };
}

/** Names of spans of a service, and where each leads: `name file:line`. */
async function spansOf(service: string, least: number): Promise<readonly string[]> {
  const { app } = program;
  const query = parseQuery(`{ resource.service.name = "${service}" }`);
  const found = await vi.waitFor(
    async () => {
      const { traces } = await app.engine.call('findTraces', { dataset: 'local', query, limit: 50 });
      const all = await Promise.all(traces.map(({ traceId }) => app.engine.call('traceData', { dataset: 'local', traceId })));
      const spans = all.flatMap(({ spans }) => spans);
      expect(spans.length).toBeGreaterThanOrEqual(least);
      return spans;
    },
    { timeout: 10_000, interval: 100 },
  );
  const lines: string[] = [];
  for (const { name, traceId, spanId } of found) {
    const key = await app.traces.locate(traceId);
    const { revision } = await app.engine.call('openTrace', key);
    const [best] = (await app.source.resolveFully({ ...key, revision, spanId })).result.candidates;
    const file = best?.file.replace(`${pathToFileURL(programs).href}/`, '');
    lines.push(`${name} ${best ? `${file}:${best.line + 1}` : 'nowhere'}`);
  }
  return lines.sort();
}

describe.skipIf(without.java !== undefined)('a Java service with nothing of OpenTelemetry in it', () => {
  let usualMs = 0;
  const java = (...args: readonly string[]): readonly string[] => ['java', '-cp', built, 'Shop', ...args];

  beforeAll(() => {
    expect(run('javac', ['-g', '-d', built, 'Shop.java'], join(programs, 'java'))).toBeUndefined();
  });

  it('is traced through the agent, and its requests lead to where they are served', async () => {
    const { code, prepared, took } = await launch('java', java(), { OTEL_SERVICE_NAME: 'java-shop' });
    usualMs = took;
    expect([code, prepared?.missing]).toEqual([0, undefined]);
    const spans = await spansOf('java-shop', 4);
    expect(spans.filter((each) => each.startsWith('GET /'))).toEqual([
      'GET /price java/Shop.java:17',
      'GET /product java/Shop.java:18',
    ]);
  });

  it('has sent what had ended when it is killed', async () => {
    const { code } = await launch('java', java('killed'), { OTEL_SERVICE_NAME: 'java-killed' });
    expect(code).toBe(9);
    expect(await spansOf('java-killed', 4)).toHaveLength(4);
  });

  it('ends about as soon as without it when nobody listens any more', async () => {
    const gone = await launch('java', java(), { OTEL_SERVICE_NAME: 'java-gone' }, 'http://127.0.0.1:9');
    expect(gone.code).toBe(0);
    // It was eight seconds and more.
    expect(gone.took - usualMs).toBeLessThan(5_000);
  });
});

describe.skipIf(without.go !== undefined)('a Go service with its SDK', () => {
  beforeAll(() => {
    expect(run('go', ['build', '-o', join(built, 'shop'), '.'], join(programs, 'go'))).toBeUndefined();
  });

  it.each(['http', 'grpc'])('is traced over %s, and a span of its own leads to where it begins', async (exporter) => {
    const service = `go-${exporter}`;
    const { code } = await launch('go', [join(built, 'shop')], { OTEL_SERVICE_NAME: service, SHOP_EXPORTER: exporter });
    expect(code).toBe(0);
    const spans = await spansOf(service, 3);
    expect(spans).toContain('buy go/main.go:50');
  });

  it.each(['http', 'grpc'])('ends within seconds over %s when nobody listens any more', async (exporter) => {
    const extra = { OTEL_SERVICE_NAME: 'go-gone', SHOP_EXPORTER: exporter };
    const { code, took } = await launch('go', [join(built, 'shop')], extra, 'http://127.0.0.1:9');
    expect(code).toBe(0);
    expect(took).toBeLessThan(5_000);
  });
});
