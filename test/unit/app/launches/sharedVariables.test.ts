// What terminals, tasks and tests get, and what is left out because it is somebody's own.
import { expect, it } from 'vitest';
import { type SharedRequest, sharedVariables } from '../../../../src/app/launches/sharedVariables';

const endpoint = 'http://127.0.0.1:4400';
const request = { endpoint, ports: [4400], sessionId: 'terminals-12345678', outer: {}, windows: false };
const given = (more: Partial<SharedRequest>) => {
  const { variables, ...rest } = sharedVariables({ ...request, ...more });
  return {
    ...rest,
    names: variables.map(({ name }) => name),
    values: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
  };
};

it('is where this window receives, the session, and no name of a service: many programs run there', () => {
  const { values, left, why } = given({});
  expect(values).toMatchObject({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_RESOURCE_ATTRIBUTES: 'vscode.debug.session.id=terminals-12345678',
  });
  expect(values).not.toHaveProperty('OTEL_SERVICE_NAME');
  expect([left, why]).toEqual([[], undefined]);
  for (const name of Object.keys(values)) expect(name).toMatch(/^OTEL_/);
});

it('leaves out what the shell, the settings for terminals or .env have', () => {
  const own = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_LOGS_EXPORTER: 'none' };
  for (const more of [{ outer: own }, { set: own }, { dotenv: new Map(Object.entries(own)) }]) {
    const { names, left } = given(more);
    expect(names).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
    expect(names.filter((name) => name in own)).toEqual([]);
    expect(left).toEqual(['OTEL_LOGS_EXPORTER', 'OTEL_TRACES_SAMPLER']);
  }
});

it('adds to resource attributes of the shell, and leaves those of .env to the program', () => {
  const own = 'team=cart';
  expect(given({ outer: { OTEL_RESOURCE_ATTRIBUTES: own } }).values.OTEL_RESOURCE_ATTRIBUTES).toMatch(/^team=cart,vscode\./);
  expect(given({ dotenv: new Map([['OTEL_RESOURCE_ATTRIBUTES', own]]) }).names).not.toContain('OTEL_RESOURCE_ATTRIBUTES');
});

it('is nothing where traces go elsewhere, are not wanted, or a token would come along', () => {
  const why = (outer: Record<string, string>) => {
    const { names, why } = given({ outer });
    expect(names).toEqual([]);
    return why;
  };
  expect(why({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://o.example' })).toMatch(/^sends its traces to https:\/\/o\.example/);
  expect(why({ OTEL_SDK_DISABLED: 'true' })).toMatch(/switched off/);
  expect(why({ OTEL_EXPORTER_OTLP_HEADERS: 'a=secret' })).toBe(
    'may be given OTEL_EXPORTER_OTLP_HEADERS, which is meant for another address',
  );
});

it('changes nothing of an address that leads here already', () => {
  const { names } = given({ outer: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4400' } });
  expect(names).not.toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
  expect(names).toContain('OTEL_RESOURCE_ATTRIBUTES');
});
