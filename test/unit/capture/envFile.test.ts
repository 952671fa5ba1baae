import { describe, expect, it } from 'vitest';
import { parseEnvFile } from '../../../src/capture/envFile';
import { type LaunchRequest, launchEnvironment } from '../../../src/capture/launchEnvironment';
import { sessionIdOf } from '../../../src/capture/resourceAttributes';

const read = (text: string, outer = {}): Record<string, string> => Object.fromEntries(parseEnvFile(text, outer));

describe('a file of variables', () => {
  it.each([
    ['A=1', { A: '1' }],
    ['  A = 1  ', { A: '1' }],
    ['export A=1\nexport\tB=2', { A: '1', B: '2' }],
    ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['A=1\rB=2', { A: '1', B: '2' }],
    ['\ufeffA=1', { A: '1' }],
    ['# A=1\n#B=2\nC=3', { C: '3' }],
    ['A=1 # why', { A: '1' }],
    ['A=a#b', { A: 'a#b' }],
    ['A=#b', { A: '' }],
    ['A=', { A: '' }],
    ['A=\nB=2', { A: '', B: '2' }],
    ['A="a # b" # c', { A: 'a # b' }],
    ["A='a\\n${B}'", { A: 'a\\n${B}' }],
    ['A="a\\nb\\"c"', { A: 'a\nb"c' }],
    ['A="one\ntwo"\nB=3', { A: 'one\ntwo', B: '3' }],
    ["A=`it's`", { A: "it's" }],
    ['A="open\nB=2', { A: '"open', B: '2' }],
    ['A=1\nA=2', { A: '2' }],
    ['A=1\nB=${A}x\nC="${A}"\nD=${NONE}\nE=\\${A}', { A: '1', B: '1x', C: '1', D: '', E: '${A}' }],
    ['OTEL_RESOURCE_ATTRIBUTES=team=x,stage=a=b', { OTEL_RESOURCE_ATTRIBUTES: 'team=x,stage=a=b' }],
    ['no name\n=x\n1A=2\nB=1', { B: '1' }],
    ['', {}],
  ])('%j', (text, values) => expect(read(text)).toEqual(values));

  it('may name what is around it, and no more', () => {
    expect(read('A=${HOME}/x\nB=${env:HOME}\nC=${constructor}', { HOME: '/h' })).toEqual({ A: '/h/x', B: '/h', C: '' });
    expect(parseEnvFile('__proto__=1\nconstructor=2').get('__proto__')).toBe('1');
  });

  it('becomes no more than it may where each variable names the one before it many times', () => {
    const levels = Array.from({ length: 60 }, (_, i) => `V${i + 1}=\${V${i}}\${V${i}}`);
    const values = parseEnvFile(['V0=0123456789', ...levels, `WIDE=${'${V9}'.repeat(40_000)}`, 'LAST=1'].join('\n'));
    expect(values.get('V3')).toHaveLength(80);
    expect([...values.values()].reduce((sum, { length }) => sum + length, 0)).toBeLessThan(4 << 20);
    expect(values.get('LAST')).toBe('1');
  });

  it('gives nothing that no process can be started with', () => {
    expect(read('A=a\0b\nB="\0"\nC=c')).toEqual({ C: 'c' });
  });

  it('is read in one go, whatever it is', () => {
    const hostile = [
      'A="\\"'.repeat(20_000),
      `A=${'#'.repeat(200_000)}`,
      ' '.repeat(200_000),
      `${'A="\n'.repeat(40_000)}`,
      `A='${'x\n'.repeat(90_000)}`,
    ];
    const before = performance.now();
    for (const text of hostile) parseEnvFile(text);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

describe('what a launch sets', () => {
  const sessionId = '12345678-1234-1234-1234-123456789abc';
  const base = {
    debugType: 'node',
    serviceName: 'Launch',
    environment: {},
    endpoint: 'http://127.0.0.1:5000',
    ports: [5000],
    sessionId,
    windows: false,
  };
  const setBy = (more: Partial<LaunchRequest>): Record<string, string | null> =>
    launchEnvironment({ ...base, ...more }).environment;

  it('never replaces a name or an attribute of a file', () => {
    const inherited = { OTEL_SERVICE_NAME: 'theirs', OTEL_RESOURCE_ATTRIBUTES: 'team=x' };
    expect(setBy({ inherited }).OTEL_SERVICE_NAME).toBeUndefined();
    expect(setBy({ inherited }).OTEL_RESOURCE_ATTRIBUTES).toBe(`team=x,vscode.debug.session.id=${sessionId}`);
    const named = setBy({ inherited: { OTEL_RESOURCE_ATTRIBUTES: 'service.name=theirs' } });
    expect([named.OTEL_SERVICE_NAME, named.OTEL_RESOURCE_ATTRIBUTES]).toEqual([
      undefined,
      `service.name=theirs,vscode.debug.session.id=${sessionId}`,
    ]);
  });

  it('sets what .env gives, whether the program reads it or not; but not over what is set', () => {
    const dotenv = { OTEL_SERVICE_NAME: 'theirs', OTEL_RESOURCE_ATTRIBUTES: 'team=x' };
    expect(setBy({ dotenv })).toMatchObject({
      OTEL_SERVICE_NAME: 'theirs',
      OTEL_RESOURCE_ATTRIBUTES: `team=x,vscode.debug.session.id=${sessionId}`,
    });
    expect(setBy({ dotenv, environment: { OTEL_SERVICE_NAME: 'mine' } }).OTEL_SERVICE_NAME).toBe('mine');
    expect(setBy({ dotenv, inherited: { OTEL_SERVICE_NAME: 'outer' } }).OTEL_SERVICE_NAME).toBeUndefined();
    expect(setBy({}).OTEL_SERVICE_NAME).toBe('Launch');
  });

  it('takes a token of a file away, for it is meant for another endpoint', () => {
    expect(setBy({ inherited: { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret' } }).OTEL_EXPORTER_OTLP_HEADERS).toBe('');
    expect(setBy({ dotenv: { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret' } }).OTEL_EXPORTER_OTLP_HEADERS).toBe('');
  });

  it('names the session, by which it is found again', () => {
    expect(sessionIdOf(setBy({}))).toBe(sessionId);
    expect(sessionIdOf(setBy({ dotenv: { OTEL_RESOURCE_ATTRIBUTES: 'a=b' } }))).toBe(sessionId);
    expect(sessionIdOf({})).toBeUndefined();
    expect(sessionIdOf({ OTEL_RESOURCE_ATTRIBUTES: 'vscode.debug.session.id=x' })).toBeUndefined();
  });
});

it('sets no variable with NUL, whatever the configuration is called', () => {
  const launch = {
    debugType: 'node',
    serviceName: 'a\0b',
    environment: {},
    endpoint: 'http://127.0.0.1:1',
    ports: [1],
    sessionId: 's',
    windows: false,
  };
  expect(launchEnvironment(launch).environment.OTEL_SERVICE_NAME).toBe('ab');
});
