/** A backend is tried before it is saved: which address answers, what is said where none does, and what is never sent. */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Backends } from '../../../../src/app/backends/backends';
import { Credentials } from '../../../../src/app/backends/credentials';
import { tryBackend } from '../../../../src/app/backends/tryBackend';
import { Settings } from '../../../../src/app/settings/settings';
import { failureOf } from '../../../../src/backends/common/failures';
import { HttpTransport } from '../../../../src/backends/common/httpTransport';
import { readAddress } from '../../../../src/backends/common/typedAddress';
import { FakeSecrets, FakeSettings, silentLog } from '../support/fakePorts';

const servers: Server[] = [];
let backends: Backends;
let credentials: Credentials;

async function serve(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const attempt = (typed: string, signal = new AbortController().signal) => {
  const address = readAddress(typed);
  if ('problem' in address) throw new Error(address.problem);
  return tryBackend(
    address.urls,
    { name: 'Jaeger', type: 'jaeger', options: {} },
    (settings) => backends.unsaved(settings),
    signal,
  );
};

beforeEach(() => {
  credentials = new Credentials(new FakeSecrets());
  const read = { facts: { object: true, enveloped: false }, names: ['a', 'b'] };
  const reader = { readAnswer: async () => read as never };
  backends = new Backends(
    reader,
    new Settings(new FakeSettings(), silentLog),
    credentials,
    (options) => new HttpTransport(options),
  );
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

it('finds a server by host and port', async () => {
  const host = await serve((_, response) => response.end('{"services":["a","b"]}'));
  expect(await attempt(host)).toEqual({ url: `http://${host}`, services: 2 });
});

it('finds one by the address of its page', async () => {
  const host = await serve((request, response) => {
    if (request.url?.startsWith('/jaeger/api/v3/services')) response.end('{"services":[]}');
    else response.writeHead(404).end();
  });
  expect((await attempt(`http://${host}/jaeger/search?service=a`)).url).toBe(`http://${host}/jaeger`);
});

it('says that nothing listens, once, with the address that was likely', async () => {
  const host = await serve(() => {});
  servers[0].close();
  await new Promise((resolve) => servers[0].once('close', resolve));
  const { url, error } = await attempt(host);
  expect(url).toBe(`http://${host}`);
  expect(error?.message).toBe(`http://${host} cannot be reached: nothing listens there.`);
  expect(error && failureOf(error)).toBe('refused');
});

it('names what answers in the place of a Jaeger', async () => {
  const zipkin = await serve((request, response) => {
    if (request.url === '/api/v2/services') response.end('["cart"]');
    else response.writeHead(404).end();
  });
  const tempo = await serve((request, response) => {
    if (request.url === '/api/echo') response.end('echo');
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
  });
  const grafana = await serve((request, response) => {
    if (request.url === '/api/health') response.end('{"commit":"x","database":"ok","version":"11"}');
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html><title>Grafana</title></html>');
  });
  for (const [host, name] of [
    [zipkin, 'Zipkin'],
    [tempo, 'Tempo'],
    [grafana, 'Grafana'],
  ]) {
    const { error } = await attempt(`http://${host}`);
    expect(error?.message).toContain(`${name} answers at http://${host}, and only Jaeger's traces can be listed.`);
  }
});

it('tells a page to sign in from another page', async () => {
  const page =
    (title: string): RequestListener =>
    (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><html><title>${title}</title></html>`);
    };
  const failures = [];
  for (const title of ['Sign in · Example', 'Welcome']) {
    const { error } = await attempt(await serve(page(title)));
    failures.push(error && failureOf(error));
  }
  expect(failures).toEqual(['signIn', 'stranger']);
});

it('stops at an address that wants a credential, and sends none of another scheme', async () => {
  const seen: (string | undefined)[] = [];
  const host = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(401).end();
  });
  await credentials.set(`https://${host}`, { type: 'bearer', token: 'secret' });
  const { url, error } = await attempt(host);
  expect([url, error?.kind]).toEqual([`http://${host}`, 'Unauthorized']);
  expect(seen).toEqual([undefined]);
});

it('tries plain HTTP where an encrypted connection does not come about, without the credential for that', async () => {
  const seen: (string | undefined)[] = [];
  const host = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end('{"services":[]}');
  });
  await credentials.set(`https://${host}`, { type: 'bearer', token: 'secret' });
  const urls = [`https://${host}`, `http://${host}`];
  const { url } = await tryBackend(
    urls,
    { name: 'Jaeger', type: 'jaeger', options: {} },
    (settings) => backends.unsaved(settings),
    new AbortController().signal,
  );
  expect(url).toBe(`http://${host}`);
  expect(new Set(seen)).toEqual(new Set([undefined]));
});

it('is given up while it waits', async () => {
  const stop = new AbortController();
  const host = await serve(() => stop.abort());
  await expect(attempt(host, stop.signal)).rejects.toMatchObject({ kind: 'Cancelled' });
});
