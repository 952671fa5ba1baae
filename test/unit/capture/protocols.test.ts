// A protocol is one object with routes; the listener guards and bounds it, over either version of HTTP on the same port.

import { request as httpRequest } from 'node:http';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Listener } from '../../../src/capture/listen/listener';
import { anyOf, type CaptureProtocol, type Route } from '../../../src/capture/listen/protocol';
import { otlpHttp } from '../../../src/capture/otlp/otlpHttp';
import type { TelemetrySink } from '../../../src/capture/sink';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Lines of text, each a span; answers in text how many there were. */
function lines(took: string[]): CaptureProtocol {
  const route: Route = {
    begin: ({ 'content-type': type }) =>
      type === 'text/plain'
        ? {
            take: async (body, { inflate }) => {
              const text = new TextDecoder().decode(body[0] === 0x1f ? await inflate(body, 'gzip') : body);
              if (text.includes('?')) throw new Error('The disk is full.');
              took.push(...text.split('\n'));
              return { status: 200, headers: {}, body: bytes(`${took.length}`), trailers: { 'x-status': '0' } };
            },
            refuse: ({ status, message }) => ({
              status: 200,
              headers: {},
              body: bytes(message),
              trailers: { 'x-status': `${status}` },
            }),
          }
        : { status: 415, message: 'it is no text.', ofBody: true },
  };
  return { name: 'lines', hint: 'Send lines to /lines.', routeTo: (path) => (path === '/lines' ? route : undefined) };
}

let took: string[];
let told: string[];
let listener: Listener;
beforeEach(() => {
  took = [];
  told = [];
  listener = new Listener((kind, message) => told.push(`${kind}: ${message}`), { maxBodyBytes: 1_000_000 });
});
afterEach(() => listener.close(0));

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly trailers: NodeJS.Dict<string | string[]>;
}

type Send = (port: number, body: Uint8Array | string, headers?: Record<string, string>, path?: string) => Promise<Answer>;

const sendHttp1: Send = (port, body, headers = {}, path = '/lines') =>
  new Promise((resolve, reject) => {
    const all = { 'content-type': 'text/plain', ...headers };
    const sent = httpRequest({ port, host: '127.0.0.1', method: 'POST', path, headers: all }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, trailers: response.trailers }));
    });
    sent.on('error', reject);
    sent.end(body);
  });

const sendHttp2: Send = (port, body, { host = '127.0.0.1', ...headers } = {}, path = '/lines') =>
  new Promise((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`);
    session.on('error', reject);
    const pseudo = { ':method': 'POST', ':path': path, ':authority': host };
    const stream = session.request({ ...pseudo, 'content-type': 'text/plain', ...headers });
    let status = 0;
    let text = '';
    let trailers: IncomingHttpHeaders = {};
    stream.on('response', (answer) => {
      status = Number(answer[':status']);
    });
    stream.on('data', (chunk) => {
      text += String(chunk);
    });
    stream.on('trailers', (found) => {
      trailers = found;
    });
    stream.on('error', reject);
    stream.on('end', () => {
      session.close();
      resolve({ status, text, trailers: { 'x-status': trailers['x-status'] } });
    });
    stream.end(body);
  });

describe.each([
  [1, sendHttp1],
  [2, sendHttp2],
] as const)('a protocol over HTTP/%i', (http, send) => {
  let port: number;
  beforeEach(async () => {
    port = await listener.listen(lines(took), 0);
  });

  it('gets whole bodies, and answers with what follows them', async () => {
    expect(await send(port, 'a\nb')).toMatchObject({ status: 200, text: '2', trailers: { 'x-status': '0' } });
    expect((await send(port, gzipSync('c'), { 'content-encoding': 'gzip' })).text).toBe('3');
    expect((await send(port, gzipSync('d'))).text).toBe('4');
    expect(took).toEqual(['a', 'b', 'c', 'd']);
    expect(listener.openBytes).toBe(0);
  });

  it('says in its own way what was refused, and the listener tells of it', async () => {
    expect(await send(port, '?')).toMatchObject({ text: 'The disk is full.', trailers: { 'x-status': '503' } });
    const large = new Uint8Array(1_000_001);
    expect((await send(port, large)).trailers['x-status']).toBe('413');
    expect((await send(port, gzipSync(large))).trailers['x-status']).toBe('413');
    expect((await send(port, large, { 'content-encoding': 'br' })).trailers['x-status']).toBe('415');
    expect(await send(port, 'a', { 'content-type': 'image/png' })).toMatchObject({ status: 415, text: 'it is no text.\n' });
    expect(told.map((line) => line.split(':')[0])).toEqual(['large', 'large', 'type', 'type']);
    expect(took).toEqual([]);
    expect(listener.openBytes).toBe(0);
  });

  it('is guarded as all are', async () => {
    expect(await send(port, 'a', {}, '/v1/traces')).toMatchObject({ status: 404, text: 'Send lines to /lines.\n' });
    expect((await send(port, 'a', {}, '/constructor')).status).toBe(404);
    expect((await send(port, 'a', { host: 'evil.example' })).status).toBe(403);
    expect((await send(port, 'a', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await send(port, 'a', { origin: 'http://localhost:1', host: 'localhost:1' })).status).toBe(200);
    expect(took).toEqual(['a']);
  });

  it('closes when the requests that are under way are over, whoever is connected', async () => {
    const session = http === 2 ? connect(`http://127.0.0.1:${port}`) : undefined;
    if (session) await new Promise((resolve) => session.once('remoteSettings', resolve));
    await send(port, 'a');
    // Longer than a test may take.
    await listener.close(600_000);
    session?.destroy();
    await expect(send(port, 'a')).rejects.toThrow(/ECONNREFUSED|hang up/);
  });
});

it('stands beside others, on ports of their own or all on one', async () => {
  const sink: TelemetrySink = {
    spans: async () => ({ rejected: 0, message: '' }),
    records: async () => ({ rejected: 0, message: '' }),
    metrics: () => {},
    refused: () => {},
  };
  const own = await listener.listen(lines(took), 0);
  const otlp = await listener.listen(otlpHttp(sink), 0);
  const headers = { 'content-type': 'application/json' };
  expect((await sendHttp1(otlp, '{}', headers, '/v1/traces')).status).toBe(200);
  expect((await sendHttp1(own, '{}', headers, '/v1/traces')).status).toBe(404);
  expect((await sendHttp1(otlp, 'a', {}, '/lines')).status).toBe(404);
  expect((await sendHttp1(own, 'a')).text).toBe('1');
  const both = await listener.listen(anyOf([lines(took), otlpHttp(sink)]), 0);
  expect((await sendHttp1(both, '{}', headers, '/v1/traces')).status).toBe(200);
  expect((await sendHttp2(both, 'b')).text).toBe('2');
  expect((await sendHttp2(both, 'b', {}, '/x')).text).toBe(
    'Send lines to /lines. Send OTLP to /v1/traces, /v1/logs or /v1/metrics.\n',
  );
});
