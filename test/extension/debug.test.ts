// What launched programs get while capture is on: every debug type through the provider itself, real interpreters with the environment that
// comes out of it, and a real debug session of the one debugger that VS Code brings along.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SpanhopApi, TraceSummary } from '../../src/api';
import { DebugSessions } from '../../src/app/launches/debugSessions';
import { HostVariables } from '../../src/app/launches/hostVariables';
import { LaunchAnswers } from '../../src/app/launches/launchAnswers';
import { LaunchChoices } from '../../src/app/launches/launchChoices';
import { Launches } from '../../src/app/launches/launches';
import { LaunchRecords } from '../../src/app/launches/launchRecords';
import { CaptureDebugProvider } from '../../src/editor/capture/debugProvider';
import { launchPrompt } from '../../src/editor/capture/launchPrompt';

type Mode = 'off' | 'ask' | 'always';

describe('debug sessions while capturing', () => {
  let api: SpanhopApi;
  let endpoint: string;
  const folder = mkdtempSync(join(tmpdir(), 'spanhop-debug-'));

  before(async () => {
    const extension = vscode.extensions.getExtension<SpanhopApi>('spanhop.spanhop');
    assert.ok(extension);
    api = await extension.activate();
    endpoint = `http://127.0.0.1:${(await api.capture.start()).httpPort}`;
  });

  after(async () => {
    await api.capture.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function mementoOf(kept = new Map<string, unknown>()): vscode.Memento {
    return {
      keys: () => [...kept.keys()],
      get: <T>(key: string, fallback?: T) => (kept.has(key) ? kept.get(key) : fallback) as T,
      update: async (key, value) => void kept.set(key, value),
    };
  }

  /** The provider with the capture of this window; a question is waited for only shortly. */
  function providerOf(debugSessions: Mode, endpointNow: () => string | undefined = () => endpoint) {
    const memento = mementoOf();
    const sessions = new DebugSessions(memento);
    const launches = new Launches({
      capture: {
        get endpoint() {
          return endpointNow();
        },
        ports: [],
      },
      settings: { capture: { debugSessions } },
      sessions,
      answers: new LaunchAnswers(launchPrompt, memento, 300),
      problems: { record: (error: unknown) => assert.fail(String(error)), tell: async () => {}, guard: async () => undefined },
      choices: new LaunchChoices(memento, { tell: async () => {} }, { showMessage: async () => undefined }),
      names: { nameOf: async ({ name }) => name },
      records: new LaunchRecords(),
      host: new HostVariables({}),
      instruments: { prepare: async () => undefined },
      ui: { showMessage: async () => undefined },
      envFiles: { read: async () => ({ debugger: new Map(), program: new Map(), read: [], warnings: [] }) },
      log: { info: () => {} },
    });
    return { provider: new CaptureDebugProvider(launches), sessions };
  }

  async function resolve(configuration: vscode.DebugConfiguration, mode: Mode = 'always'): Promise<vscode.DebugConfiguration> {
    return providerOf(mode).provider.resolveDebugConfigurationWithSubstitutedVariables(undefined, configuration);
  }

  const launch = (type: string, more: object = {}): vscode.DebugConfiguration => ({
    type,
    name: `Launch ${type}`,
    request: 'launch',
    ...more,
  });

  for (const type of ['node', 'pwa-node', 'node-terminal', 'python', 'debugpy', 'go', 'java', 'coreclr', 'lldb', 'php', 'rdbg']) {
    it(`gives a program of type ${type} the environment, and keeps its own`, async () => {
      const { env, ...rest } = await resolve(launch(type, { program: 'x', env: { MINE: '1', PORT: 8080 } }));
      assert.equal(env.OTEL_EXPORTER_OTLP_ENDPOINT, endpoint);
      assert.equal(env.OTEL_EXPORTER_OTLP_PROTOCOL, 'http/protobuf');
      assert.equal(env.OTEL_TRACES_SAMPLER, 'always_on');
      assert.equal(env.MINE, '1');
      assert.equal(env.PORT, 8080);
      assert.match(env.OTEL_RESOURCE_ATTRIBUTES, /vscode\.debug\.session\.id=[0-9a-f-]{36}/);
      assert.deepEqual(rest, launch(type, { program: 'x' }));
    });
  }

  it('gives a C++ program the environment as the list that its debugger takes', async () => {
    const { environment } = await resolve(launch('cppdbg', { environment: [{ name: 'MINE', value: '1' }] }));
    assert.deepEqual(environment.slice(0, 2), [
      { name: 'MINE', value: '1' },
      { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: endpoint },
    ]);
  });

  it("leaves alone what it must not touch: attached programs, browsers, js-debug's children, a stopped capture, the setting off", async () => {
    const untouched = [
      { ...launch('node'), request: 'attach' },
      launch('chrome', { url: 'http://localhost' }),
      launch('pwa-node', { __pendingTargetId: '1', env: { A: 'b' } }),
    ];
    for (const configuration of untouched) assert.equal(await resolve(configuration), configuration);
    const configuration = launch('node');
    assert.equal(await resolve(configuration, 'off'), configuration);
    const { provider: stopped } = providerOf('always', () => undefined);
    assert.equal(await stopped.resolveDebugConfigurationWithSubstitutedVariables(undefined, configuration), configuration);
  });

  it('names the session of each launch anew', async () => {
    const { provider, sessions } = providerOf('always');
    const ids: string[] = [];
    for (let run = 0; run < 2; run++) {
      const { env } = await provider.resolveDebugConfigurationWithSubstitutedVariables(undefined, launch('node'));
      ids.push(String(env.OTEL_RESOURCE_ATTRIBUTES).replace(/^.*vscode\.debug\.session\.id=/, ''));
    }
    assert.notEqual(ids[0], ids[1]);
    for (const id of ids) assert.match(sessions.nameOf(id), /^Launch node · /);
  });

  it('starts a program as it is when nobody answers the question, when the launch is cancelled, and when capturing ended over it', async () => {
    const configuration = launch('node');
    assert.equal(await resolve(configuration, 'ask'), configuration);

    const source = new vscode.CancellationTokenSource();
    const { provider: asking } = providerOf('ask');
    const cancelled = asking.resolveDebugConfigurationWithSubstitutedVariables(undefined, configuration, source.token);
    source.cancel();
    assert.equal(await cancelled, configuration);

    let now: string | undefined = endpoint;
    const { provider } = providerOf('ask', () => now);
    const resolving = provider.resolveDebugConfigurationWithSubstitutedVariables(undefined, configuration);
    now = undefined;
    assert.equal(await resolving, configuration);
  });

  it('tells other extensions what a launch would get, and sets nothing in motion', async () => {
    const configuration = launch('node', { program: '${workspaceFolder}/x.js', env: { MINE: '1', GONE: null, PORT: 8080 } });
    const first = await api.launchEnvironment(undefined, configuration);
    assert.equal(first.OTEL_EXPORTER_OTLP_ENDPOINT, endpoint);
    assert.match(first.OTEL_RESOURCE_ATTRIBUTES, /vscode\.debug\.session\.id=[0-9a-f-]{36}/);
    assert.deepEqual([first.MINE, first.PORT, 'GONE' in first], ['1', '8080', false]);
    // What the person set stays, and an attached program gets nothing.
    const own = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example' };
    assert.deepEqual(await api.launchEnvironment(undefined, launch('node', { env: own })), own);
    assert.deepEqual(await api.launchEnvironment(undefined, { ...launch('node'), request: 'attach' }), {});
  });

  /** Sends one span with nothing but what is in the environment. */
  const nodeProgram = `
    const attributes = process.env.OTEL_RESOURCE_ATTRIBUTES.split(',').map((pair) => pair.split('='));
    attributes.push(['service.name', process.env.OTEL_SERVICE_NAME]);
    const now = BigInt(Date.now()) * 1000000n;
    const span = { traceId: require('node:crypto').randomBytes(16).toString('hex'), spanId: '00f067aa0ba902b7', name: 'node program', kind: 1,
      startTimeUnixNano: String(now), endTimeUnixNano: String(now + 1000000n) };
    const body = { resourceSpans: [{ resource: { attributes: attributes.map(([key, value]) => ({ key, value: { stringValue: value } })) },
      scopeSpans: [{ spans: [span] }] }] };
    fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
      .then((answer) => { process.exitCode = answer.ok ? 0 : 1; });
  `;
  /** The OpenTelemetry SDK of Python, with nothing but what is in the environment. */
  const pythonProgram = `
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
with trace.get_tracer("test").start_as_current_span("python program"):
    pass
provider.shutdown()
`;

  it("a real node run with that environment sends its traces here, under its launch's name", async () => {
    await runsAndArrives('node', 'node', nodeProgram, 'program.js', 'node program');
  });

  it("a real python3 run with that environment sends its SDK's traces here", async function () {
    if (spawnSync('python3', ['-c', 'import opentelemetry.sdk, opentelemetry.exporter.otlp.proto.http']).status !== 0)
      this.skip();
    await runsAndArrives('debugpy', 'python3', pythonProgram, 'program.py', 'python program');
  });

  async function runsAndArrives(type: string, command: string, source: string, file: string, spanName: string): Promise<void> {
    const program = join(folder, file);
    writeFileSync(program, source);
    const { env } = await resolve(launch(type, { program }));
    const arrived = nextTrace(spanName);
    const child = spawn(command, [program], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    const code = await new Promise((done) => child.once('close', done));
    assert.equal(code, 0, output);
    const trace = await arrived;
    assert.equal(trace.rootService, `Launch ${type}`);
    assert.equal(trace.backend, 'local');
  }

  /** The trace with a root of that name, as soon as it is there. */
  function nextTrace(rootName: string): Promise<TraceSummary> {
    return new Promise((done, failed) => {
      const listening = api.capture.onDidReceiveSpans(async () => {
        try {
          const found = (await api.findTraces({ operation: rootName }, { backend: 'local' })).find(
            (trace) => trace.rootName === rootName,
          );
          if (!found) return;
          listening.dispose();
          done(found);
        } catch (error) {
          failed(error);
        }
      });
    });
  }

  for (const noDebug of [false, true]) {
    it(`a real session ${noDebug ? 'without debugging' : 'with the debugger'} sends its traces here`, async () => {
      const program = join(folder, 'session.js');
      writeFileSync(program, nodeProgram.replace('node program', `session ${noDebug}`));
      const arrived = nextTrace(`session ${noDebug}`);
      const started = await vscode.debug.startDebugging(
        undefined,
        { type: 'node', name: 'Launch session', request: 'launch', program },
        { noDebug },
      );
      assert.equal(started, true);
      assert.equal((await arrived).rootService, 'Launch session');
    });
  }
});
