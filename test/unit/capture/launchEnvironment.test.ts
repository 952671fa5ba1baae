import { describe, expect, it } from 'vitest';
import type { LaunchEnvironment } from '../../../src/capture/environmentEditor';
import { type LaunchRequest, launchEnvironment, takesEnvironment } from '../../../src/capture/launchEnvironment';

const here = 'http://127.0.0.1:40123';
const plain: LaunchRequest = {
  debugType: 'node',
  serviceName: 'Shop API',
  environment: {},
  endpoint: here,
  ports: [40123, 4318],
  sessionId: 'a1b2',
  windows: false,
};

const launch = (change: Partial<LaunchRequest>) => launchEnvironment({ ...plain, ...change });
const set = (environment: LaunchEnvironment, more: Partial<LaunchRequest> = {}) => launch({ environment, ...more }).environment;

it('brings the traces of a program that knows nothing here', () => {
  expect(launch({}).environment).toEqual({
    OTEL_EXPORTER_OTLP_ENDPOINT: here,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_TRACES_SAMPLER: 'always_on',
    OTEL_BSP_SCHEDULE_DELAY: '200',
    OTEL_SERVICE_NAME: 'Shop API',
    OTEL_RESOURCE_ATTRIBUTES: 'vscode.debug.session.id=a1b2',
  });
  expect(set({}, { debugType: 'debugpy' })).toHaveProperty('OTEL_PYTHON_LOG_CODE_ATTRIBUTES', 'true');
});

it('keeps everything else, says why it set what it set, and sets nothing twice', () => {
  const { environment, changes } = launch({ environment: { PATH: '/bin', DEBUG: null } });
  expect(environment).toMatchObject({ PATH: '/bin', DEBUG: null });
  expect(changes.map(({ name }) => name)).not.toContain('PATH');
  for (const { reason } of changes) expect(reason).toMatch(/^[a-z].{10,}/);
  expect(launch({ environment }).changes).toEqual([]);
});

/** What a person has, in any of the places where it may stand, and what is said of it; each is left as it is and keeps traces from coming. */
const elsewhere: readonly (readonly [string, LaunchEnvironment, RegExp])[] = [
  [
    'a collector',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example:4318/x' },
    /^sends its traces to https:\/\/otel\.example:4318,/,
  ],
  [
    'one for traces',
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t.example/v1/traces' },
    /^sends its traces to http:\/\/t\.example,/,
  ],
  ['gRPC without a scheme', { OTEL_EXPORTER_OTLP_ENDPOINT: 'otel:4317' }, /^sends its traces to http:\/\/otel:4317,/],
  [
    'a port of this machine that is not ours',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4317' },
    /to http:\/\/localhost:4317/,
  ],
  ['no address', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://' }, /^sends its traces to another address/],
  [
    'a secret in an address',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://me:secret@o.example/secret' },
    /^sends its traces to https:\/\/o\.example,/,
  ],
  ['the console', { OTEL_TRACES_EXPORTER: 'console' }, /^gives its traces to "console"/],
  ['Zipkin', { OTEL_TRACES_EXPORTER: 'zipkin' }, /^gives its traces to "zipkin"/],
  ['nobody', { OTEL_TRACES_EXPORTER: 'None' }, /^sends no traces, as OTEL_TRACES_EXPORTER of its env says$/],
  ['an SDK that is off', { OTEL_SDK_DISABLED: 'TRUE' }, /^has its OpenTelemetry SDK switched off/],
];

describe('a program that sends its traces elsewhere', () => {
  it.each(elsewhere)('%s: nothing is changed, and it is said', (_what, own, said) => {
    const given = { ...own, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret' };
    const result = launch({ environment: given });
    expect(result).toMatchObject({ environment: given, changes: [], isCaptured: false });
    expect(result.obstacles.map(({ text }) => text)).toEqual([expect.stringMatching(said)]);
    expect(result.obstacles[0].text).not.toContain('secret');
  });

  it.each(elsewhere)('%s: wherever that is said', (_what, own) => {
    const values = own as Record<string, string>;
    const places = (['envFile', 'inherited', 'dotenv'] as const).map((place) => launch({ [place]: values }));
    expect(places.map(({ changes, isCaptured }) => [changes, isCaptured])).toEqual(places.map(() => [[], false]));
    expect(places.map(({ obstacles }) => /of (?:its|the) (.*) says/.exec(obstacles[0].text)?.[1])).toEqual([
      'envFile',
      'environment around it',
      '.env file',
    ]);
  });

  it.each(elsewhere)('%s: comes here where the person said so', (_what, own) => {
    const result = launch({ environment: own, insists: true });
    expect(result).toMatchObject({ isCaptured: true, obstacles: [] });
    const { environment } = result;
    const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces, OTEL_EXPORTER_OTLP_ENDPOINT: general } = environment;
    expect(traces ?? general).toMatch(/^http:\/\/127\.0\.0\.1:40123(?:\/v1\/traces)?$/);
    expect(environment.OTEL_TRACES_EXPORTER).toBe('otlp');
    expect(environment.OTEL_SDK_DISABLED ?? '').toBe('');
    // And where it is launched so again, nothing keeps it.
    expect(launch({ environment }).obstacles).toEqual([]);
  });

  it('keeps its metrics and log records, with their token, when its traces come here without it', () => {
    const own = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=general',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=traces',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'authorization=logs',
      OTEL_EXPORTER_OTLP_CLIENT_KEY: '/key.pem',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    };
    expect(set(own, { insists: true })).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${here}/v1/traces`,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'authorization=general',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'authorization=logs',
      OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY: '/key.pem',
    });
    for (const name of ['HEADERS', 'TRACES_HEADERS', 'CLIENT_KEY'])
      expect(set(own, { insists: true })).not.toHaveProperty(`OTEL_EXPORTER_OTLP_${name}`);
    expect(set(own, { insists: true })).not.toHaveProperty('OTEL_METRICS_EXPORTER');
  });
});

/** What is a person's own, and stands as it is beside what is set. */
const kept: readonly (readonly [string, LaunchEnvironment, readonly string[]])[] = [
  ['4318 of this window', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }, []],
  ['its own port, in other letters', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://LOCALHOST:40123/v1/traces' }, []],
  ['gRPC', { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, []],
  ['gRPC for traces', { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' }, []],
  ['exporters of which one is ours', { OTEL_TRACES_EXPORTER: 'console, otlp' }, []],
  [
    'metrics and log records',
    { OTEL_METRICS_EXPORTER: 'console', OTEL_LOGS_EXPORTER: 'none', OTEL_BSP_SCHEDULE_DELAY: '50' },
    [],
  ],
  ['an SDK that is not off', { OTEL_SDK_DISABLED: 'false' }, []],
  ['a sampler that takes all', { OTEL_TRACES_SAMPLER: 'parentbased_always_on' }, []],
  ['a ratio of one', { OTEL_TRACES_SAMPLER: 'traceidratio' }, []],
  [
    'a sampler that takes none',
    { OTEL_TRACES_SAMPLER: 'always_off' },
    ['records no traces, as OTEL_TRACES_SAMPLER of its env says'],
  ],
  [
    'a ratio',
    { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.125' },
    ['records 13% of its traces, as OTEL_TRACES_SAMPLER of its env says'],
  ],
  ['a ratio that is none', { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'some' }, []],
  [
    'a file',
    { OTEL_CONFIG_FILE: '/otel.yaml' },
    ['takes its telemetry settings from a file and none from OTEL_* variables, as OTEL_CONFIG_FILE of its env says'],
  ],
];

describe('what the person set', () => {
  it.each(kept)('%s: stays', (_what, own, said) => {
    const result = launch({ environment: own });
    expect(result.environment).toMatchObject(own);
    expect(result).toMatchObject({ isCaptured: true });
    expect(result.obstacles.map(({ text }) => text)).toEqual(said);
  });

  it('that is empty counts as not set', () => {
    const names = [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OTEL_TRACES_EXPORTER',
      'OTEL_SDK_DISABLED',
      'OTEL_CONFIG_FILE',
      'OTEL_TRACES_SAMPLER',
    ];
    const result = launch({ environment: Object.fromEntries(names.map((name) => [name, ''])) });
    expect(result).toMatchObject({ isCaptured: true, obstacles: [] });
    expect(result.environment).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: here, OTEL_TRACES_SAMPLER: 'always_on' });
  });

  it('stands over what it inherits: an address that env takes away is none', () => {
    const inherited = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://outer:1', OTEL_CONFIG_FILE: 'x' };
    expect(launch({ inherited }).isCaptured).toBe(false);
    const result = launch({ inherited, environment: { OTEL_EXPORTER_OTLP_ENDPOINT: null, OTEL_CONFIG_FILE: null } });
    expect(result).toMatchObject({ isCaptured: true, obstacles: [] });
    expect(result.environment).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: here, OTEL_CONFIG_FILE: null });
    expect(launch({ inherited, envFile: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' } }).isCaptured).toBe(true);
  });

  it('leaves an address for traces alone to say which protocol is meant', () => {
    const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318' };
    expect(set(own)).not.toHaveProperty('OTEL_EXPORTER_OTLP_PROTOCOL');
    expect(set(own)).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT');
  });

  it('of a .env that leads here is set, so that it holds whether the program reads the file or not', () => {
    const dotenv = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' };
    expect(launch({ dotenv }).environment).toMatchObject(dotenv);
  });

  it('to prove who asks does not go to an address that we set, and stays with metrics that have their own', () => {
    const own = {
      OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'c=d',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/c',
    };
    for (const name of Object.keys(own)) expect(set(own)).not.toHaveProperty(name);
    expect(set({}, { inherited: own })).toMatchObject(Object.fromEntries(Object.keys(own).map((name) => [name, ''])));
    expect(set({}, { dotenv: own })).toMatchObject(Object.fromEntries(Object.keys(own).map((name) => [name, ''])));
    const metrics = set({ ...own, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://m.example' });
    expect(metrics).toMatchObject({ OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'a=b', OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE: '/c' });
    expect(metrics).not.toHaveProperty('OTEL_EXPORTER_OTLP_LOGS_HEADERS');
    expect(metrics).not.toHaveProperty('OTEL_METRICS_EXPORTER');
    // Both are theirs.
    expect(set({ ...own, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' })).toMatchObject(own);
  });
});

describe('resource attributes', () => {
  const attributes = (text: string, more: Partial<LaunchRequest> = {}): unknown =>
    set({ OTEL_RESOURCE_ATTRIBUTES: text }, more).OTEL_RESOURCE_ATTRIBUTES;

  it.each([
    ['team=cart,region=eu%2C1', 'team=cart,region=eu%2C1,vscode.debug.session.id=a1b2'],
    [' a=1 , ,', 'a=1,vscode.debug.session.id=a1b2'],
    ['vscode.debug.session.id=old,a=1', 'a=1,vscode.debug.session.id=a1b2'],
    ['nonsense', 'nonsense,vscode.debug.session.id=a1b2'],
    ['', 'vscode.debug.session.id=a1b2'],
  ])('%j stand with the session behind them', (own, expected) => expect(attributes(own)).toBe(expected));

  it('that are inherited go along; an odd id is written as W3C Baggage has it', () => {
    const inherited = { OTEL_RESOURCE_ATTRIBUTES: 'from=outside' };
    expect(set({}, { inherited }).OTEL_RESOURCE_ATTRIBUTES).toBe('from=outside,vscode.debug.session.id=a1b2');
    expect(set({}, { sessionId: 'a,b=c d' }).OTEL_RESOURCE_ATTRIBUTES).toBe('vscode.debug.session.id=a%2Cb%3Dc%20d');
  });

  it('that are as long as a variable may be stay alone: the program starts', () => {
    const long = `a=${'x'.repeat(31_990)}`;
    expect(attributes(long, { windows: true })).toBe(long);
    expect(attributes(long)).toContain('vscode.debug.session.id');
  });
});

it('names the service only where nobody has', () => {
  const named = (environment: LaunchEnvironment, inherited = {}): unknown => set(environment, { inherited }).OTEL_SERVICE_NAME;
  expect(named({})).toBe('Shop API');
  expect(named({ OTEL_SERVICE_NAME: 'cart' })).toBe('cart');
  expect(named({ OTEL_RESOURCE_ATTRIBUTES: 'a=1, service.name = cart' })).toBeUndefined();
  expect(named({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=,a=b' })).toBe('Shop API');
  expect(named({ OTEL_RESOURCE_ATTRIBUTES: 'my.service.name=x' })).toBe('Shop API');
  expect(named({}, { OTEL_SERVICE_NAME: 'outside' })).toBeUndefined();
  expect(set({}, { serviceName: ' ' })).not.toHaveProperty('OTEL_SERVICE_NAME');
  expect(set({}, { serviceName: 'x'.repeat(5_000) }).OTEL_SERVICE_NAME).toHaveLength(200);
});

it('never leaves two spellings of one name on Windows, where debugpy would refuse to start', () => {
  const own = { otel_traces_exporter: 'otlp', Otel_Service_Name: 'cart', otel_resource_attributes: 'a=1', Path: 'C:\\' };
  const environment = set(own, { windows: true, debugType: 'debugpy', inherited: { http_Proxy: 'http://p', NO_proxy: 'a' } });
  const names = Object.keys(environment).map((name) => name.toUpperCase());
  expect(new Set(names).size).toBe(names.length);
  expect(environment).toMatchObject({ otel_traces_exporter: 'otlp', Otel_Service_Name: 'cart', Path: 'C:\\' });
  expect(environment.OTEL_RESOURCE_ATTRIBUTES).toBe('a=1,vscode.debug.session.id=a1b2');
  const away = launch({
    windows: true,
    envFile: { Otel_Traces_Exporter: 'console' },
    inherited: { OTEL_TRACES_EXPORTER: 'otlp' },
  });
  expect(away.isCaptured).toBe(false);
  expect(launch({ environment: { otel_traces_exporter: 'console' } }).isCaptured).toBe(true);
});

describe('behind a proxy', () => {
  const inherited = { HTTP_PROXY: 'http://proxy:3128' };

  it('what comes here goes round it, in languages that would ask it', () => {
    expect(set({}, { debugType: 'debugpy', inherited })).toMatchObject({ no_proxy: '127.0.0.1', NO_PROXY: '127.0.0.1' });
    expect(set({}, { debugType: 'php', inherited: { ...inherited, NO_PROXY: '.corp, x' } })).toMatchObject({
      NO_PROXY: '.corp,x,127.0.0.1',
    });
    for (const debugType of ['node', 'go', 'java']) expect(set({}, { debugType, inherited })).not.toHaveProperty('NO_PROXY');
  });

  it('nothing is added where there is none, or it is told already', () => {
    for (const own of [{}, { ...inherited, NO_PROXY: '*' }, { ...inherited, no_proxy: 'localhost,127.0.0.1' }]) {
      expect(Object.keys(set({}, { debugType: 'debugpy', inherited: own })).filter((name) => /proxy/i.test(name))).toEqual([]);
    }
  });
});

it('has nothing for browsers', () => {
  expect(['pwa-chrome', 'node', 'anything', 'constructor'].map(takesEnvironment)).toEqual([false, true, true, true]);
});
