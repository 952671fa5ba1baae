// Answers and addresses that are not as they should be: ids that are none, endless names, passwords in addresses, codes of failed requests.

import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { BackendSettings } from '../../../src/backends/common/backend';
import { HttpTransport } from '../../../src/backends/common/httpTransport';
import { reasonOf } from '../../../src/backends/common/networkCodes';
import type { Transport } from '../../../src/backends/common/transport';
import { JaegerBackend } from '../../../src/backends/jaeger/jaeger';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext, firstPage } from '../../support/backend';
import { failure } from '../../support/inProcessEngine';

const settings: BackendSettings = { name: 'shop', type: 'jaeger', url: 'http://localhost:16686', options: {} };
const answering = (bodies: Readonly<Record<string, unknown>>): Transport => ({
  request: async ({ url }) => ({
    status: 200,
    headers: {},
    body: new TextEncoder().encode(JSON.stringify(bodies[new URL(url).pathname.split('/').pop() ?? ''] ?? {})),
  }),
});

it('lists traces by ids that are some, and tells how many had none', async () => {
  const ids = ['a1', 'A2'.repeat(16), '../../admin', '<b>x</b>', 'f'.repeat(1 << 20), '', '0', 7];
  const summaries = ids.map((traceId) => ({
    traceId,
    rootOperationName: 'n'.repeat(1 << 20),
    services: [{ name: 's'.repeat(5000) }],
  }));
  const backend = new JaegerBackend(
    backendContext(settings, { transport: answering({ services: { services: ['a'] }, 'trace-summaries': { summaries } }) }),
  );
  const found = await firstPage(backend.find(parseQuery('{}'), { pageSize: 20 }));
  expect(found.traces.map(({ traceId }) => traceId).sort()).toEqual(['a1'.padStart(32, '0'), 'a2'.repeat(16)].sort());
  expect(found.leftOut).toBe(6);
  expect(found.traces[0].rootName).toHaveLength(1000);
  expect(found.traces[0].services?.[0]).toHaveLength(1000);
});

it('leaves out names of services that nobody could ask for', async () => {
  const services = ['shop', 'x'.repeat(1 << 20)];
  expect(
    await new JaegerBackend(backendContext(settings, { transport: answering({ services: { services } }) })).services(),
  ).toEqual(['shop']);
});

describe('a password in an address', () => {
  const transport = new HttpTransport({ timeoutMs: 1000, maxBytes: 1000 });
  it.each(['http://u:topsecret@localhost:1', 'http://u:topsecret@[', 'ftp://u:topsecret@host', 'u:topsecret@host'])(
    'is in no message: %s',
    async (url) => {
      const error = await transport.request({ method: 'GET', url }).catch((thrown: unknown) => thrown);
      expect(`${String(error)} ${Reflect.get(Object(error), 'detail')}`).not.toContain('topsecret');
    },
  );

  it('of a backend asks nothing, and says what to do', async () => {
    const backend = new JaegerBackend(backendContext({ ...settings, hasUserInfo: true }, { transport: answering({}) }));
    expect(await failure(backend.services())).toMatch(
      /^Unauthorized: The address of "shop" has a user name or password in it\. Remove it/,
    );
  });
});

describe('a failed request is told in words', () => {
  let server: Server | undefined;
  afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

  it.each([
    [`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}`, 'it sent too many headers'],
    ['HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd', 'its compressed answer is damaged'],
    ['SSH-2.0-OpenSSH\r\n\r\n', 'it does not answer as a web server does'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab', 'the connection was closed in the middle of the answer'],
    ['HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n', 'redirects to what is no address'],
  ])('%.60s', async (answer, words) => {
    server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answer));
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const said = await failure(
      new HttpTransport({ timeoutMs: 5000, maxBytes: 1e6 }).request({ method: 'GET', url: `http://127.0.0.1:${port}/` }),
    );
    expect(said).toContain(words);
    expect(said).not.toMatch(/[A-Z]+_[A-Z_]+/);
  });

  it('whatever the code', () => {
    const error = (code?: string): Error =>
      new TypeError('http://u:topsecret@x failed', { cause: Object.assign(new Error('x'), { code }) });
    for (const code of [
      'ERR_WHATEVER',
      'ERR_TLS_X',
      'ERR_SSL_X',
      'HPE_INVALID_VERSION',
      'Z_BUF_ERROR',
      'ERR_INVALID_URL',
      undefined,
    ]) {
      expect(reasonOf(error(code))).not.toMatch(/topsecret|_/);
    }
  });
});
