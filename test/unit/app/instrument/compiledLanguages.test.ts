// What launches of Java, .NET, Go, Ruby, PHP and Rust get, by what is on the disk. Real files behind the real fence; the home folder is the test's.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DotnetInstrumentation } from '../../../../src/app/instrument/dotnet';
import type { InstrumentedLaunch, Prepared } from '../../../../src/app/instrument/instrumentation';
import { type InstrumentServices, instrumentations } from '../../../../src/app/instrument/instrumentations';
import { JavaInstrumentation } from '../../../../src/app/instrument/java';
import { downloadedAgent } from '../../../../src/app/instrument/javaAgentDownload';
import { nodeWorkspace } from '../../../../src/app/workspace/nodeWorkspace';
import { WorkspaceFiles } from '../../../../src/app/workspace/workspaceFiles';
import { languageOf } from '../../../../src/capture/languages';

let root: string;
let folder: string;
let home: string;
let files: WorkspaceFiles;
let done: string[];
let settings: { javaAgent: string; update(name: string, value: unknown): Promise<void> };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spanhop-languages-'));
  folder = join(root, 'shop');
  home = join(root, 'home');
  mkdirSync(folder);
  mkdirSync(home);
  files = new WorkspaceFiles(nodeWorkspace([folder]));
  done = [];
  settings = {
    javaAgent: '',
    update: async (name, value) => {
      done.push(`set ${name} ${value}`);
    },
  };
});
afterEach(() => {
  files.dispose();
  rmSync(root, { recursive: true, force: true });
});

const ui = {
  showMessage: async (_level: string, message: string) => void done.push(message),
  showProgress: <T>(_title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> => work(new AbortController().signal),
  run: async () => undefined,
  openAddress: async (url: string) => void done.push(`open ${url}`),
  openDraft: async (text: string, language: string) => void done.push(`${language} ${text.length > 500}`),
  pickFile: async () => '/chosen/agent.jar' as string | undefined,
  typeInTerminal: (_name: string, at: string | undefined, command: string) => void done.push(`${at}$ ${command}`),
  openAsText: async () => undefined,
};

function put(path: string, text = '', bytes = 0): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  if (bytes > 0) truncateSync(path, bytes);
  return path;
}

const jar = (path: string): string => put(path, 'PK', 2 << 20);

interface Asked {
  readonly configuration?: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly windows?: boolean;
}

function prepare(type: string, { configuration = {}, env = {}, windows = false }: Asked = {}): Promise<Prepared | undefined> {
  const storage = join(root, 'storage');
  const launch: InstrumentedLaunch = {
    ...{ type, name: 'Shop', folder, configuration, windows },
    ...{ endpoint: 'http://127.0.0.1:24400', ports: [24_400], sessionId: '1', get: (name: string) => env[name] || undefined },
  };
  const connect = (): never => {
    throw new Error('nothing is asked for');
  };
  const services = { ui, files, settings, connect, storage } as unknown as InstrumentServices;
  const machine = { home, platform: 'linux', arch: 'x64', musl: false } as const;
  const mine = [
    new JavaInstrumentation({ ui, files, settings, connect, storage, home } as ConstructorParameters<
      typeof JavaInstrumentation
    >[0]),
    new DotnetInstrumentation({ ui, files, machine }),
  ];
  const found = [...mine, ...instrumentations(services)].find((each) => each.language === languageOf(type));
  if (!found) throw new Error(`nobody for ${type}`);
  return found.prepare(launch, new AbortController().signal);
}

const named = (prepared: Prepared | undefined): Record<string, string | undefined> =>
  Object.fromEntries((prepared?.variables ?? []).map(({ name, value }) => [name, value]));

async function press(prepared: Prepared | undefined, title: string): Promise<readonly string[]> {
  const offer = prepared?.missing?.offers.find((each) => each.title.startsWith(title));
  if (!offer) throw new Error(`no button ${title} among ${prepared?.missing?.offers.map((each) => each.title).join()}`);
  await offer.run();
  return done;
}

describe('Java', () => {
  it('gets the agent as an argument of the program alone, before its own, and ends in time when nobody listens', async () => {
    const agent = jar(
      join(home, '.m2/repository/io/opentelemetry/javaagent/opentelemetry-javaagent/2.10.0/opentelemetry-javaagent-2.10.0.jar'),
    );
    jar(join(home, '.m2/repository/io/opentelemetry/javaagent/opentelemetry-javaagent/2.9.1/opentelemetry-javaagent-2.9.1.jar'));
    jar(
      join(
        home,
        '.m2/repository/io/opentelemetry/javaagent/opentelemetry-javaagent/9-SNAPSHOT/opentelemetry-javaagent-9-SNAPSHOT.jar',
      ),
    );
    const prepared = await prepare('java', { configuration: { vmArgs: '-ea' }, env: { JAVA_TOOL_OPTIONS: '-Xmx1g' } });
    expect(prepared?.configuration).toEqual({ vmArgs: `-javaagent:${agent} -ea` });
    expect(prepared?.variablesInstead?.map(({ name, value }) => `${name} ${value}`)).toEqual([
      `JAVA_TOOL_OPTIONS -javaagent:${agent} -Xmx1g`,
    ]);
    expect(named(prepared)).toMatchObject({ OTEL_EXPORTER_OTLP_TIMEOUT: '1000', OTEL_JAVA_EXPORTER_OTLP_RETRY_DISABLED: 'true' });
    expect(named(prepared)).not.toHaveProperty('JAVA_TOOL_OPTIONS');
    expect(named(await prepare('java', { env: { OTEL_EXPORTER_OTLP_TIMEOUT: '9' } }))).not.toHaveProperty(
      'OTEL_EXPORTER_OTLP_TIMEOUT',
    );
    expect((await prepare('scala', { configuration: { jvmOptions: ['-ea'] } }))?.configuration).toEqual({
      jvmOptions: [`-javaagent:${agent}`, '-ea'],
    });
  });

  it('prefers what is set, then what the project has, then what was downloaded', async () => {
    const has = async (): Promise<unknown> => (await prepare('java'))?.configuration?.vmArgs;
    jar(join(home, 'opentelemetry-javaagent.jar'));
    expect(await has()).toBe(`-javaagent:${join(home, 'opentelemetry-javaagent.jar')}`);
    jar(downloadedAgent(join(root, 'storage')));
    expect(await has()).toBe(`-javaagent:${downloadedAgent(join(root, 'storage'))}`);
    jar(join(folder, 'target/agent/splunk-otel-javaagent-2.8.0.jar'));
    expect(await has()).toBe(`-javaagent:${join(folder, 'target/agent/splunk-otel-javaagent-2.8.0.jar')}`);
    settings.javaAgent = jar(join(root, 'my agents/mine.jar'));
    expect(await has()).toBe(`"-javaagent:${join(root, 'my agents/mine.jar')}"`);
    settings.javaAgent = 'gone.jar';
    expect((await prepare('java'))?.missing?.message).toContain('spanhop.capture.javaAgent');
  });

  it('takes no agent that is not whole, no folder of its name, and none that a link of the project leads out to', async () => {
    put(join(home, 'opentelemetry-javaagent.jar'), 'part of it');
    mkdirSync(join(folder, 'opentelemetry-javaagent.jar'));
    mkdirSync(join(folder, 'lib'));
    symlinkSync(jar(join(root, 'outside.jar')), join(folder, 'lib/opentelemetry-javaagent.jar'));
    expect((await prepare('java'))?.missing?.message).toContain('was not found');
  });

  it('is left alone where it is traced already, and where another tracer runs', async () => {
    jar(join(folder, 'opentelemetry-javaagent.jar'));
    for (const asked of [
      { configuration: { vmArgs: '-javaagent:/x/opentelemetry-javaagent.jar' } },
      { configuration: { vmArgs: ['-javaagent:/x/aws-opentelemetry-agent.jar=a'] } },
      { env: { JAVA_TOOL_OPTIONS: '-javaagent:/x/splunk-otel-javaagent.jar' } },
    ])
      expect((await prepare('java', asked))?.configuration).toBeUndefined();
    const other = await prepare('java', { configuration: { vmArgs: '-javaagent:/opt/dd-java-agent.jar' } });
    expect(other?.configuration).toBeUndefined();
    expect(other?.missing?.message).toContain('dd-java-agent.jar');
    // One that does not trace is no matter.
    const beside = await prepare('java', { configuration: { vmArgs: '-javaagent:/x/jacocoagent.jar=append=true' } });
    expect(beside?.configuration?.vmArgs).toContain('opentelemetry-javaagent.jar -javaagent:/x/jacocoagent.jar=append=true');
  });

  it('leaves frameworks to trace themselves, by the class path or the build files, and tells them where to', async () => {
    jar(join(folder, 'opentelemetry-javaagent.jar'));
    const boot = await prepare('java', {
      configuration: { classPaths: ['/m2/micrometer-tracing-bridge-otel-1.5.5.jar', '/x/classes'] },
    });
    expect(boot?.configuration).toBeUndefined();
    expect(named(boot)).toMatchObject({
      MANAGEMENT_OTLP_TRACING_ENDPOINT: 'http://127.0.0.1:24400/v1/traces',
      MANAGEMENT_TRACING_SAMPLING_PROBABILITY: '1.0',
    });
    put(join(folder, 'cart/pom.xml'), '<artifactId>quarkus-opentelemetry</artifactId>');
    const quarkus = await prepare('java', { configuration: { cwd: join(folder, 'cart') } });
    expect(named(quarkus)).toMatchObject({ QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:24400' });
    expect(quarkus?.configuration).toBeUndefined();
    // The API alone, and names that only begin so, are no tracing.
    const plain = { classPaths: ['/m2/opentelemetry-api-1.50.0.jar', '/m2/opentelemetry-sdk-1.50.0.jar'] };
    expect((await prepare('java', { configuration: plain }))?.configuration).toBeDefined();
    put(join(folder, 'pom.xml'), '<artifactId>my-quarkus-opentelemetry-notes</artifactId>');
    expect((await prepare('java'))?.configuration).toBeDefined();
  });

  it('hands Kotlin its settings as properties: its debugger passes no variables on', async () => {
    jar(join(folder, 'opentelemetry-javaagent.jar'));
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:24400', OTEL_RESOURCE_ATTRIBUTES: 'a=b c' };
    const { configuration } = (await prepare('kotlin', { env, configuration: { projectRoot: folder } })) ?? {};
    expect(configuration?.vmArguments).toContain('-Dotel.exporter.otlp.endpoint=http://127.0.0.1:24400 ');
    expect(configuration?.vmArguments).toContain('"-Dotel.resource.attributes=a=b c"');
    expect(configuration?.vmArguments).toContain('-Dotel.java.exporter.otlp.retry.disabled=true');
  });

  it('offers the agent where there is none: to choose one is remembered', async () => {
    const prepared = await prepare('java');
    expect(prepared?.missing?.offers.map(({ title }) => title)).toEqual([
      'Download Agent (26.5 MB)',
      'Choose Agent…',
      'Show Instructions',
    ]);
    expect(await press(prepared, 'Choose')).toEqual([
      'set capture.javaAgent /chosen/agent.jar',
      expect.stringContaining('Start the program again'),
    ]);
  });
});

describe('.NET', () => {
  const install = (at: string): void => void put(join(at, 'net/OpenTelemetry.AutoInstrumentation.StartupHook.dll'));

  it('gets its automatic instrumentation where it is installed, behind hooks of its own', async () => {
    install(join(home, '.otel-dotnet-auto'));
    const at = join(home, '.otel-dotnet-auto');
    expect(named(await prepare('coreclr', { env: { DOTNET_STARTUP_HOOKS: '/my/hook.dll' } }))).toEqual({
      OTEL_DOTNET_AUTO_HOME: at,
      DOTNET_STARTUP_HOOKS: `/my/hook.dll:${at}/net/OpenTelemetry.AutoInstrumentation.StartupHook.dll`,
      CORECLR_ENABLE_PROFILING: '1',
      CORECLR_PROFILER: '{918728DD-259F-4A6A-AC2B-B85E1B658318}',
      CORECLR_PROFILER_PATH: `${at}/linux-x64/OpenTelemetry.AutoInstrumentation.Native.so`,
    });
    install(join(root, 'elsewhere'));
    expect(
      named(await prepare('coreclr', { env: { OTEL_DOTNET_AUTO_HOME: join(root, 'elsewhere') } })).OTEL_DOTNET_AUTO_HOME,
    ).toBe(join(root, 'elsewhere'));
    expect((await prepare('coreclr', { env: { OTEL_DOTNET_AUTO_HOME: join(root, 'nowhere') } }))?.missing).toBeDefined();
  });

  it('leaves another profiler where it is, and says so', async () => {
    install(join(home, '.otel-dotnet-auto'));
    const prepared = await prepare('coreclr', { env: { CORECLR_ENABLE_PROFILING: '1', CORECLR_PROFILER: '{AAAA}' } });
    expect(Object.keys(named(prepared))).toEqual(['OTEL_DOTNET_AUTO_HOME', 'DOTNET_STARTUP_HOOKS']);
    expect(prepared?.missing?.message).toContain('another profiler');
  });

  it('leaves a program alone that has the SDK or is instrumented, and offers the installation for others', async () => {
    put(join(folder, 'bin/Shop.deps.json'), '{"libraries":{"OpenTelemetry/1.12.0":{}}}');
    expect(await prepare('coreclr', { configuration: { program: join(folder, 'bin/Shop.dll') } })).toBeUndefined();
    expect(
      await prepare('coreclr', { env: { DOTNET_STARTUP_HOOKS: '/x/OpenTelemetry.AutoInstrumentation.StartupHook.dll' } }),
    ).toBeUndefined();
    const prepared = await prepare('coreclr', { configuration: { cwd: folder } });
    expect(await press(prepared, 'Install in Terminal')).toEqual([expect.stringMatching(/shop\$ curl -sSfL .*install\.sh$/)]);
    expect((await press(await prepare('coreclr', { windows: true }), 'Install'))[1]).toContain('Install-OpenTelemetryCore');
  });
});

describe('Go', () => {
  it('with the SDK ends in time when nobody listens; without it, the set-up is offered', async () => {
    put(join(folder, 'go.mod'), 'module shop\nrequire go.opentelemetry.io/otel v1.47.0 // indirect\n');
    put(join(folder, 'cmd/shop/main.go'));
    const bare = await prepare('go', { configuration: { program: join(folder, 'cmd/shop') } });
    expect(await press(bare, 'Show Set-Up Code')).toEqual(['go true']);
    put(join(folder, 'own/cmd/main.go'));
    put(join(folder, 'own/go.mod'), 'module own\nrequire go.opentelemetry.io/otel/sdk v1.47.0\n');
    const own = await prepare('go', { configuration: { program: join(folder, 'own/cmd/main.go') } });
    expect(named(own)).toEqual({ OTEL_BSP_EXPORT_TIMEOUT: '1000' });
    expect(own?.missing).toBeUndefined();
    expect(
      await prepare('go', { configuration: { program: join(folder, 'own') }, env: { OTEL_BSP_EXPORT_TIMEOUT: '7' } }),
    ).toBeUndefined();
    expect(await prepare('go', { configuration: { program: folder, mode: 'remote' } })).toBeUndefined();
  });

  it('says nothing where there is no module, and reads none outside of the workspace or without an end', async () => {
    expect(await prepare('go', { configuration: { program: '/elsewhere/main.go' } })).toBeUndefined();
    put(join(root, 'go.mod'), 'module outside\n');
    symlinkSync(join(root, 'go.mod'), join(folder, 'go.mod'));
    expect(await prepare('go', { configuration: { program: join(folder, '../../..') } })).toBeUndefined();
    put(join(folder, 'big/go.mod'), 'module big\n', 2 ** 30);
    expect(await prepare('go', { configuration: { program: join(folder, 'big') } })).toBeUndefined();
  });
});

describe('Ruby, PHP and Rust', () => {
  it('are offered what their manifests do not have', async () => {
    put(join(folder, 'Gemfile'), "gem 'rails'\n");
    put(join(folder, 'composer.json'), '{"require":{"laravel/framework":"^11"}}');
    put(join(folder, 'Cargo.toml'), '[package]\nname = "shop"\n');
    await press(await prepare('rdbg', { configuration: { script: 'app.rb' } }), 'Add Gems');
    await press(await prepare('php', { configuration: { program: join(folder, 'index.php') } }), 'Add in Terminal');
    await press(await prepare('lldb', { configuration: { program: join(folder, 'target/debug/shop') } }), 'Add Crates');
    expect(done.map((each) => each.replace(folder, ''))).toEqual([
      expect.stringContaining('$ bundle add opentelemetry-sdk'),
      expect.stringContaining('open-telemetry/opentelemetry-auto-laravel'),
      expect.stringContaining('$ cargo add opentelemetry'),
    ]);
  });

  it('are left alone where they have it; PHP is told to start it', async () => {
    put(join(folder, 'Gemfile.lock'), '    opentelemetry-sdk (1.8.0)\n');
    put(join(folder, 'composer.json'), '{"require":{"open-telemetry/sdk":"^1"}}');
    put(join(folder, 'Cargo.toml'), '[dependencies]\nopentelemetry-otlp = "0.31"\n');
    expect(await prepare('rdbg')).toBeUndefined();
    expect(await prepare('lldb')).toBeUndefined();
    expect(named(await prepare('php', { configuration: { program: 'index.php' } }))).toEqual({
      OTEL_PHP_AUTOLOAD_ENABLED: 'true',
    });
    // It only listens for Xdebug: nothing is launched.
    expect(await prepare('php', { configuration: { port: 9003 } })).toBeUndefined();
    // C++.
    rmSync(join(folder, 'Cargo.toml'));
    expect(await prepare('cppdbg', { configuration: { program: join(folder, 'a.out') } })).toBeUndefined();
  });
});
