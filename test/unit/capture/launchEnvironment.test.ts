import { describe, expect, it } from 'vitest';
import { type LaunchRequest, launchEnvironment } from '../../../src/capture/launchEnvironment';

const plain: LaunchRequest = {
  debugType: 'node',
  name: 'Shop API',
  environment: {},
  endpoint: 'http://127.0.0.1:40123',
  sessionId: 'a1b2',
  windows: false,
};

function launch(change: Partial<LaunchRequest>) {
  const result = launchEnvironment({ ...plain, ...change });
  if (!result) throw new Error('nothing was changed');
  return result;
}

describe('launchEnvironment', () => {
  it('brings the traces of a program that knows nothing here', () => {
    expect(launch({}).environment).toEqual({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:40123',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:40123/v1/traces',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_PYTHON_LOG_CODE_ATTRIBUTES: 'true',
      OTEL_TRACES_SAMPLER: 'always_on',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_SERVICE_NAME: 'Shop API',
      OTEL_RESOURCE_ATTRIBUTES: 'vscode.debug.session.id=a1b2',
    });
  });

  it('keeps everything else, and says why it changed what it changed', () => {
    const { environment, changes } = launch({ environment: { PATH: '/bin', DEBUG: null } });
    expect(environment).toMatchObject({ PATH: '/bin', DEBUG: null });
    expect(changes.map(({ name }) => name)).not.toContain('PATH');
    for (const { reason } of changes) expect(reason).toMatch(/^[a-z].{10,}/);
  });

  it("wins over the user's own endpoint, also the one for traces, and takes its token away", () => {
    const { environment } = launch({
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/v1/traces',
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc',
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
        OTEL_TRACES_EXPORTER: 'console',
        OTEL_TRACES_SAMPLER: 'always_off',
        OTEL_SDK_DISABLED: 'true',
      },
    });
    expect(environment).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:40123',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:40123/v1/traces',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_TRACES_SAMPLER: 'always_on',
    });
    expect(environment).not.toHaveProperty('OTEL_EXPORTER_OTLP_HEADERS');
    expect(environment).not.toHaveProperty('OTEL_SDK_DISABLED');
  });

  it('takes away what the program would inherit', () => {
    const { environment } = launch({ inherited: { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_HEADERS: 'a=b', HOME: '/h' } });
    expect(environment).toMatchObject({ OTEL_SDK_DISABLED: '', OTEL_EXPORTER_OTLP_HEADERS: '' });
    expect(environment).not.toHaveProperty('HOME');
  });

  it('leaves where logs and metrics go, and the delay, when the user said so', () => {
    const own = { OTEL_METRICS_EXPORTER: 'console', OTEL_LOGS_EXPORTER: 'none', OTEL_BSP_SCHEDULE_DELAY: '50' };
    expect(launch({ environment: own }).environment).toMatchObject(own);
  });

  it("keeps the user's resource attributes and puts the session behind them", () => {
    const attributes = (text: string): unknown =>
      launch({ environment: { OTEL_RESOURCE_ATTRIBUTES: text } }).environment.OTEL_RESOURCE_ATTRIBUTES;
    expect(attributes('team=cart,region=eu%2C1')).toBe('team=cart,region=eu%2C1,vscode.debug.session.id=a1b2');
    expect(attributes(' a=1 , ,')).toBe('a=1,vscode.debug.session.id=a1b2');
    expect(attributes('vscode.debug.session.id=old,a=1')).toBe('a=1,vscode.debug.session.id=a1b2');
    const odd = launch({ sessionId: 'a,b=c d' }).environment.OTEL_RESOURCE_ATTRIBUTES;
    expect(odd).toBe('vscode.debug.session.id=a%2Cb%3Dc%20d');
    const inherited = launch({ inherited: { OTEL_RESOURCE_ATTRIBUTES: 'from=outside' } });
    expect(inherited.environment.OTEL_RESOURCE_ATTRIBUTES).toBe('from=outside,vscode.debug.session.id=a1b2');
  });

  it('names the service only where nobody has', () => {
    const named = (environment: Record<string, string>, inherited = {}): unknown =>
      launch({ environment, inherited }).environment.OTEL_SERVICE_NAME;
    expect(named({})).toBe('Shop API');
    expect(named({ OTEL_SERVICE_NAME: 'cart' })).toBe('cart');
    expect(named({ OTEL_RESOURCE_ATTRIBUTES: 'a=1,service.name=cart' })).toBeUndefined();
    expect(named({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=' })).toBe('Shop API');
    expect(named({}, { OTEL_SERVICE_NAME: 'outside' })).toBeUndefined();
    expect(launch({ name: ' ' }).environment).not.toHaveProperty('OTEL_SERVICE_NAME');
  });

  it('warns where a configuration file makes all of it void', () => {
    expect(launch({}).warnings).toEqual([]);
    const warned = launch({ environment: { OTEL_CONFIG_FILE: '/etc/otel.yaml' } }).warnings;
    expect(warned).toHaveLength(1);
    expect(warned[0]).toMatch(/^OTEL_CONFIG_FILE is set/);
    expect(launch({ inherited: { OTEL_EXPERIMENTAL_CONFIG_FILE: 'x' } }).warnings[0]).toMatch(/^OTEL_EXPERIMENTAL_CONFIG_FILE/);
    expect(launch({ environment: { OTEL_CONFIG_FILE: null }, inherited: { OTEL_CONFIG_FILE: 'x' } }).warnings).toEqual([]);
  });

  it('never leaves two spellings of one name on Windows, where debugpy would refuse to start', () => {
    const { environment } = launch({
      debugType: 'debugpy',
      windows: true,
      environment: { otel_traces_exporter: 'console', Otel_Service_Name: 'cart', Path: 'C:\\' },
    });
    const names = Object.keys(environment).map((name) => name.toUpperCase());
    expect(new Set(names).size).toBe(names.length);
    expect(environment).toMatchObject({ OTEL_TRACES_EXPORTER: 'otlp', Otel_Service_Name: 'cart', Path: 'C:\\' });
    expect(launch({ environment: { otel_traces_exporter: 'console' } }).environment).toHaveProperty('otel_traces_exporter');
  });

  it('changes nothing twice', () => {
    const first = launch({}).environment;
    expect(launch({ environment: first }).changes).toEqual([]);
  });

  it('has nothing for browsers', () => {
    expect(launchEnvironment({ ...plain, debugType: 'pwa-chrome' })).toBeUndefined();
  });
});
