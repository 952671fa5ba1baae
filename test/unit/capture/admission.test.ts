// Another address than loopback: who comes over it needs the token, whatever it speaks, and nobody of this machine does.
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reachableHost, variablesForOthers } from '../../../src/app/captures/captureToken';
import { otlpGrpc } from '../../../src/capture/grpc/otlpGrpc';
import { hasToken, isLoopback, isWildcard, namesAddress } from '../../../src/capture/listen/admission';
import { Listener } from '../../../src/capture/listen/listener';
import { anyOf } from '../../../src/capture/listen/protocol';
import { otlpHttp } from '../../../src/capture/otlp/otlpHttp';
import type { TelemetrySink } from '../../../src/capture/sink';

const TOKEN = 'a-token-that-nobody-guesses';
/** An address of this machine whose connections do not come from loopback; without one, the system has no network. */
const address = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

it.each([
  ['127.0.0.1', true],
  ['127.9.8.7', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:10.0.0.1', false],
  ['10.0.0.1', false],
  ['128.127.0.1', false],
  ['', false],
  [undefined, false],
])('%s is this machine: %s', (from, expected) => expect(isLoopback(from)).toBe(expected));

it.each([
  [`Bearer ${TOKEN}`, true],
  [`bearer  ${TOKEN} `, true],
  [`Bearer ${TOKEN}x`, false],
  [`Bearer ${TOKEN.slice(1)}`, false],
  ['Bearer ', false],
  [`Basic ${TOKEN}`, false],
  [TOKEN, false],
  [undefined, false],
])('%s has the token: %s', (authorization, expected) => {
  expect(hasToken({ headers: { authorization } }, TOKEN)).toBe(expected);
  expect(hasToken({ headers: { authorization } }, '')).toBe(false);
});

it('knows a host that names the address, which no name of a page is', () => {
  expect(namesAddress('192.168.1.5:4318', '192.168.1.5')).toBe(true);
  expect(namesAddress('192.168.1.5', '::ffff:192.168.1.5')).toBe(true);
  expect(namesAddress('[fe80::1]:4318', 'FE80::1')).toBe(true);
  for (const host of ['192.168.1.6:4318', 'evil.example', '192.168.1.5.evil.example', '3232235781', undefined])
    expect(namesAddress(host, '192.168.1.5'), host).toBe(false);
  expect(['0.0.0.0', '::', '0', '10.0.0.0', '::1'].map(isWildcard)).toEqual([true, true, true, false, false]);
});

it('is told in the variables of a program on another machine', () => {
  expect(variablesForOthers('192.168.1.5', 24_400, 'abc')).toBe(
    'OTEL_EXPORTER_OTLP_ENDPOINT=http://192.168.1.5:24400 OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20abc',
  );
  expect(variablesForOthers('fe80::1', 1, 'abc')).toContain('http://[fe80::1]:1 ');
  expect(reachableHost('10.1.2.3')).toBe('10.1.2.3');
  if (address !== undefined) expect(isWildcard(reachableHost('0.0.0.0'))).toBe(false);
});

describe.skipIf(address === undefined)('over another address', () => {
  const host = address ?? '';
  let listener: Listener;
  let port: number;
  let told: string[];
  let taken: number;
  let streams: number;
  const sessions: ClientHttp2Session[] = [];

  beforeEach(async () => {
    told = [];
    taken = 0;
    streams = 0;
    listener = new Listener((kind, message) => told.push(`${kind}: ${message}`), {
      streams: (socket) => {
        streams++;
        socket.destroy();
      },
    });
    const take = async (): Promise<{ rejected: number; message: string }> => {
      taken++;
      return { rejected: 0, message: '' };
    };
    const sink: TelemetrySink = { ...{ spans: take, records: take, metrics: () => {}, refused: () => {} }, ...{} };
    const protocol = anyOf([otlpGrpc(sink), otlpHttp(sink)]);
    port = await listener.listen(protocol, 0);
    await listener.listen(protocol, port, host);
    listener.foreignToken = TOKEN;
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) session.destroy();
    await listener.close(0);
  });

  const post = async (to: string, headers: Record<string, string> = {}): Promise<[number, string]> => {
    const all = { 'content-type': 'application/x-protobuf', ...headers };
    const answer = await fetch(`http://${to}:${port}/v1/traces`, { method: 'POST', headers: all, body: Buffer.from([10, 0]) });
    return [answer.status, await answer.text()];
  };

  const call = (authorization?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const session = connectHttp2(`http://${host}:${port}`);
      session.on('error', reject);
      sessions.push(session);
      const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
      const head = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
      const stream = session.request({ ...head, ...(authorization === undefined ? {} : { authorization }) });
      stream.on('response', (answer) => {
        if (answer['grpc-status'] !== undefined) resolve(String(answer['grpc-status']));
      });
      stream.on('trailers', (trailers) => resolve(String(trailers['grpc-status'])));
      stream.on('error', reject);
      stream.resume();
      stream.end(Buffer.from([0, 0, 0, 0, 2, 10, 0]));
    });

  it('OTLP is taken with the token alone, and here without', async () => {
    expect((await post(host))[0]).toBe(401);
    expect((await post(host, { authorization: 'Bearer wrong' }))[0]).toBe(401);
    expect([taken, told[0]]).toEqual([0, expect.stringMatching(/^token: it came from [\d.]+ without the token/)]);
    expect((await post(host, { authorization: `Bearer ${TOKEN}` }))[0]).toBe(200);
    expect((await post('127.0.0.1'))[0]).toBe(200);
    expect(taken).toBe(2);
  });

  it('gRPC is taken with the token as metadata alone', async () => {
    expect(await call()).toBe('16');
    expect(await call(`Bearer ${TOKEN}`)).toBe('0');
    expect(taken).toBe(1);
  });

  it('a page or a name of its own is refused whatever it knows', async () => {
    const authorization = `Bearer ${TOKEN}`;
    expect((await post(host, { authorization, origin: 'https://evil.example' }))[0]).toBe(403);
    const request = `POST /v1/traces HTTP/1.1\r\nHost: evil.example\r\nAuthorization: ${authorization}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, host, () => socket.write(request));
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(taken).toBe(0);
  });

  it('a stream of spans is not taken, which has no place for a token', async () => {
    const say = (to: string): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect(port, to, () => socket.write('SPANHOP/1 x\n'));
        socket.on('error', () => {});
        socket.on('close', () => resolve());
        socket.resume();
      });
    await say(host);
    expect(streams).toBe(0);
    await say('127.0.0.1');
    expect(streams).toBe(1);
  });

  it('a token that was replaced is worth nothing', async () => {
    listener.foreignToken = 'another';
    expect((await post(host, { authorization: `Bearer ${TOKEN}` }))[0]).toBe(401);
    listener.foreignToken = undefined;
    expect((await post(host, { authorization: 'Bearer undefined' }))[0]).toBe(401);
    expect((await post('127.0.0.1'))[0]).toBe(200);
  });

  it('nothing is heard where nobody asked for it', async () => {
    const other = new Listener(() => {});
    const own = await other.listen(
      otlpHttp({
        spans: async () => ({ rejected: 0, message: '' }),
        records: async () => ({ rejected: 0, message: '' }),
        metrics: () => {},
        refused: () => {},
      }),
      0,
    );
    await expect(fetch(`http://${host}:${own}/v1/traces`, { method: 'POST' })).rejects.toThrow();
    await other.close(0);
    // The address is free for others meanwhile.
    const server = createServer().listen(own, host);
    await new Promise((resolve) => server.once('listening', resolve));
    await new Promise((resolve) => server.close(resolve));
  });
});
