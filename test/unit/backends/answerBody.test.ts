// Answers over real sockets: packed in each way, packed into much more than they seem, damaged, cut off, given up.

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpTransport } from '../../../src/backends/common/httpTransport';
import { failure } from '../../support/inProcessEngine';

const servers: Server[] = [];
async function serve(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const transport = new HttpTransport({ timeoutMs: 10_000, maxBytes: 8 << 20, retries: 0 });
const sending = (body: Uint8Array, encoding?: string) =>
  serve((_, response) => {
    response.writeHead(200, encoding === undefined ? {} : { 'content-encoding': encoding }).end(body);
  });
const ask = async (url: string) => new TextDecoder().decode((await transport.request({ method: 'GET', url })).body);

const text = JSON.stringify({ services: Array.from({ length: 20_000 }, (_, i) => `service ${i}`) });

describe('a packed answer', () => {
  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
  ])('is unpacked: %s', async (encoding, body) => {
    expect(await ask(await sending(body, encoding))).toBe(text);
  });

  it.each([['gzip'], ['deflate'], ['br']])('may be empty: %s', async (encoding) => {
    expect(await ask(await sending(Buffer.alloc(0), encoding))).toBe('');
  });

  it.each([
    ['gzip', Buffer.from('no gzip at all')],
    ['deflate', Buffer.from('no deflate')],
    ['br', Buffer.from('no brotli at all, by no means')],
    ['gzip', gzipSync(text).subarray(0, 1000)],
    ['br', brotliCompressSync(text).subarray(0, 1000)],
  ])('that is damaged is told so: %s', async (encoding, body) => {
    expect(await failure(ask(await sending(body, encoding)))).toContain('its compressed answer is damaged');
  });

  it('in a way that nobody knows, or too often, is told so', async () => {
    expect(await failure(ask(await sending(Buffer.from('x'), 'snappy')))).toContain('packed in a way that is not known here');
    expect(await failure(ask(await sending(Buffer.from('x'), Array(6).fill('gzip').join())))).toContain(
      'more often than anybody',
    );
  });

  it('that becomes much more than it seems is left at the limit', async () => {
    let bomb: Uint8Array = gzipSync(Buffer.alloc(256 << 20));
    let closed = (): void => {};
    const left = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const url = await serve((_, response) => {
      response.on('close', closed);
      response.writeHead(200, { 'content-encoding': 'gzip' }).write(bomb);
    });
    expect(await failure(ask(url))).toMatch(/^TooLarge: .*sent more than 8 MB/);
    await left;
    bomb = gzipSync(bomb);
    expect(await failure(ask(await sending(bomb, 'gzip, gzip')))).toMatch(/^TooLarge/);
  });
});

it('is told when it stops in the middle', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 1000 }).write('{"a":');
    setImmediate(() => response.destroy());
  });
  expect(await failure(ask(url))).toContain('the connection was closed in the middle of the answer');
});

it('ends with its caller in the middle, and the connection with it', async () => {
  const stop = new AbortController();
  let closed = (): void => {};
  const left = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const url = await serve((_, response) => {
    response.on('close', closed);
    response.writeHead(200, { 'content-encoding': 'gzip' }).write(gzipSync(text).subarray(0, 100));
    setImmediate(() => stop.abort());
  });
  expect(await failure(transport.request({ method: 'GET', url }, stop.signal))).toMatch(/^Cancelled/);
  await left;
});

it('sends no headers that say where a request ends, and no name of a header that is none', async () => {
  let seen: Record<string, unknown> = {};
  const url = await serve((request, response) => {
    seen = request.headers;
    request.resume().on('end', () => response.end('ok'));
  });
  const headers = { 'Content-Length': '1', 'Transfer-Encoding': 'chunked', Connection: 'upgrade', Upgrade: 'x', 'X-Tenant': 'a' };
  await transport.request({ method: 'POST', url, headers, body: '{"query":{}}' });
  expect(seen).toMatchObject({ 'content-length': '12', 'x-tenant': 'a', 'user-agent': 'Spanhop' });
  expect(seen).not.toHaveProperty('transfer-encoding');
  expect(seen).not.toHaveProperty('upgrade');
  const bad: Record<string, string>[] = [{ 'a b': 'x' }, { a: 'x\r\ny: z' }];
  for (const headers of bad)
    expect(await failure(transport.request({ method: 'GET', url, headers }))).toContain('look at the headers of the setting');
});
