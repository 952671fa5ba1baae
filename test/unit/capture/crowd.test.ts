// The real receiver under connections that promise and do not send, compressed bodies that become much more, and doubled headers.
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Listener } from '../../../src/capture/listen/listener';
import { otlpHttp } from '../../../src/capture/otlp/otlpHttp';

const announced = (length: number): string =>
  `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${length}\r\n\r\n`;
const chunked =
  'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n';

let receiver: Listener;
let port: number;
let taken: number[];
/** What requests that were taken wait for. */
let answering: Promise<void> | undefined;
let told: string[];
let sockets: Socket[];

async function listen(options = {}): Promise<void> {
  taken = [];
  answering = undefined;
  told = [];
  receiver = new Listener((kind, message) => told.push(`${kind}: ${message}`), options);
  const protocol = otlpHttp({
    spans: async ({ otlp }) => {
      taken.push(otlp?.length ?? 0);
      await answering;
      return { rejected: 0, message: '' };
    },
    records: async () => ({ rejected: 0, message: '' }),
    metrics: () => {},
    refused: () => {},
  });
  port = await receiver.listen(protocol, 0);
}

beforeEach(() => {
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await receiver.close(0);
});

/** A connection that has said `text`, and whether it is over by now. */
function open(text: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => (text === '' ? resolve(socket) : socket.write(text, () => resolve(socket))));
    socket.on('error', () => {});
    socket.resume();
    sockets.push(socket);
  });
}

async function post(body: Uint8Array, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': 'application/x-protobuf', connection: 'close', ...headers },
  });
  return { status: answer.status, text: await answer.text() };
}

describe('connections that sit on promises', () => {
  it.each([
    ['4 that announce 64 MiB and send nothing', 4, announced(64 << 20)],
    ['200 that announce 64 MiB and send one byte', 200, `${announced(64 << 20)}x`],
    ['60 chunked with one byte', 60, chunked],
    ['200 never used', 200, ''],
  ])('keep nobody out: %s', async (_name, count, text) => {
    await listen({ maxConnections: 50 });
    for (let i = 0; i < count; i++) await open(text);
    for (let i = 0; i < 20; i++) expect((await post(Uint8Array.of(1, 2, 3))).status).toBe(200);
    expect(taken).toHaveLength(20);
    // What was only announced takes nothing.
    expect(receiver.openBytes).toBeLessThan(50 * 1024);
  });

  it('give up their room to a body that comes', async () => {
    await listen({ maxOpenBytes: 1_700 << 10 });
    // Most of a body, and then silence.
    const stalled = await open(announced(1 << 20));
    stalled.write(new Uint8Array(900 << 10));
    await expect.poll(() => receiver.openBytes, { timeout: 5_000 }).toBeGreaterThanOrEqual(900 << 10);
    const large = new Uint8Array(1 << 20);
    await expect.poll(async () => (await post(large)).status, { timeout: 5_000 }).toBe(200);
    await expect.poll(() => stalled.destroyed, { timeout: 5_000 }).toBe(true);
    expect(receiver.openBytes).toBe(0);
  });

  it('give it up also when they send a byte now and then', async () => {
    await listen({ maxOpenBytes: 2 << 20 });
    const crawling = await open(announced(2 << 20));
    crawling.write(new Uint8Array(900 << 10));
    await expect.poll(() => receiver.openBytes, { timeout: 5_000 }).toBeGreaterThanOrEqual(900 << 10);
    const timer = setInterval(() => crawling.write('x'), 20);
    try {
      const large = new Uint8Array(1200 << 10);
      await expect.poll(async () => (await post(large)).status, { timeout: 5_000 }).toBe(200);
    } finally {
      clearInterval(timer);
    }
  });
});

describe('a compressed body', () => {
  it('is refused when it becomes far more than was sent, without becoming it', async () => {
    await listen();
    const body = gzipSync(new Uint8Array(64 << 20));
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, receiver.openBytes);
    }, 1);
    const { status, text } = await post(body, { 'content-encoding': 'gzip' });
    clearInterval(timer);
    expect(status).toBe(413);
    expect(text).toContain(
      `The body of ${body.length} bytes inflates to more than 16 MiB, which no program's spans do; it is not taken.`,
    );
    expect(most).toBeLessThan(40 << 20);
    expect(receiver.openBytes).toBe(0);
    expect(told).toHaveLength(1);
  });

  it('is taken when it becomes a hundred times what was sent: the same stack again and again', async () => {
    await listen();
    const stack = new TextEncoder().encode('    at charge (/srv/shop/src/payments/gateway.ts:51:13)\n'.repeat(100_000));
    expect((await post(gzipSync(stack), { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(taken).toEqual([stack.length]);
    expect(receiver.openBytes).toBe(0);
  });

  it.each(['gzip, gzip', 'br', 'constructor'])('in %s is refused with a word', async (encoding) => {
    await listen();
    const { status, text } = await post(Uint8Array.of(1), { 'content-encoding': encoding });
    expect(status).toBe(415);
    expect(text).toContain(`Content-Encoding "${encoding}" is not supported; use gzip`);
  });

  it('counts as what it becomes until it is answered, whatever was sent', async () => {
    await listen({ maxBodyBytes: 8 << 20, maxOpenBytes: 20 << 20 });
    let answer: () => void = () => {};
    answering = new Promise((resolve) => {
      answer = resolve;
    });
    // Six megabytes each, of some thousand bytes.
    const body = gzipSync(new Uint8Array(6 << 20));
    const first = [post(body, { 'content-encoding': 'gzip' })];
    await expect.poll(() => taken.length, { timeout: 5_000 }).toBe(1);
    expect(receiver.openBytes).toBeGreaterThanOrEqual(6 << 20);
    expect(receiver.openBytes).toBeLessThan(8 << 20);
    first.push(post(body, { 'content-encoding': 'gzip' }));
    await expect.poll(() => taken.length, { timeout: 5_000 }).toBe(2);
    const refused = await Promise.all(Array.from({ length: 20 }, () => post(body, { 'content-encoding': 'gzip' })));
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
    expect(receiver.openBytes).toBeLessThanOrEqual(20 << 20);
    answer();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
    expect(receiver.openBytes).toBe(0);
  });

  it('in several members is one body', async () => {
    await listen();
    const part = gzipSync(new Uint8Array(100));
    expect((await post(Buffer.concat([part, part]), { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(taken).toEqual([200]);
  });
});

describe('headers that are there twice', () => {
  it.each([
    'Host: localhost\r\nHost: evil.example',
    'Host: evil.example\r\nHost: localhost',
    'Host: localhost\r\nOrigin: http://localhost:1\r\nOrigin: http://localhost:1',
    'Host: localhost\r\nContent-Type: application/json',
    'Host: localhost\r\nContent-Encoding: gzip\r\nContent-Encoding: identity',
  ])('are refused: %s', async (headers) => {
    await listen();
    const answer = await raw(
      `POST /v1/traces HTTP/1.1\r\n${headers}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(taken).toEqual([]);
  });
});

describe('names that are none of this machine', () => {
  it.each([
    ['Host: 127.999.1.1', 403],
    ['Host: localhost:99999', 403],
    ['Host: localhost:0', 403],
    ['Host: a@localhost', 403],
    ['Host: localhost, evil.example', 403],
    ['Host: localhost\r\nOrigin: http://host.docker.internal', 403],
    ['Host: localhost\r\nOrigin: http://localhost:99999', 403],
    ['Host: localhost\r\nOrigin: http://a@localhost', 403],
    ['Host: localhost\r\nOrigin: http://localhost/x', 403],
    ['Host: localhost\r\nOrigin: null', 403],
    ['Host: host.docker.internal:4318', 200],
    ['Host: LOCALHOST.', 200],
    ['Host: [::1]:4318', 200],
    ['Host: localhost\r\nOrigin: https://shop.localhost:3000', 200],
  ])('%s: %i', async (headers, status) => {
    await listen();
    const answer = await raw(
      `POST /v1/traces HTTP/1.1\r\n${headers}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
    );
    expect(Number(answer.split(' ')[1])).toBe(status);
  });
});

/** Sends bytes as they are; gives what came back when the first line is there. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += String(chunk);
      if (answer.includes('\r\n')) resolve(answer);
    });
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
    sockets.push(socket);
  });
}
