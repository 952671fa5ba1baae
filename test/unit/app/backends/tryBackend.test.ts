/** A backend is tried before it is saved: which address answers, what is said where none does, and what is never sent. */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Backends } from '../../../../src/app/backends/backends';
import { Credentials } from '../../../../src/app/backends/credentials';
import { type Asking, lookAround, tryBackend } from '../../../../src/app/backends/tryBackend';
import { Settings } from '../../../../src/app/settings/settings';
import { failureOf } from '../../../../src/backends/common/failures';
import { HttpTransport } from '../../../../src/backends/common/httpTransport';
import { readAddress } from '../../../../src/backends/common/typedAddress';
import { backendKind, backendKinds } from '../../../../src/backends/kinds';
import { SpanhopError } from '../../../../src/base/errors';
import { backendContext } from '../../../support/backend';
import { startGrafana } from '../../../support/fakeGrafana';
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

const attempt = (typed: string, signal = new AbortController().signal, type?: string) => {
  const address = readAddress(typed);
  if ('problem' in address) throw new Error(address.problem);
  const kind = type === '' ? undefined : backendKind(type ?? 'jaeger');
  return tryBackend({ urls: address.urls, kind }, backends.asking(), signal);
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
  expect(await attempt(host)).toMatchObject({ url: `http://${host}`, facts: { services: 2 } });
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

const tempo: RequestListener = (request, response) => {
  if (request.url === '/api/echo') response.end('echo');
  else response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
};
const grafana: RequestListener = (request, response) => {
  if (request.url === '/api/health') response.end('{"commit":"x","database":"ok","version":"11"}');
  else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html><title>Grafana</title></html>');
};

it('names what answers in the place of a Jaeger, and the kind as which it can be added', async () => {
  for (const [listener, name, type] of [
    [tempo, 'Grafana Tempo', 'tempo'],
    [grafana, 'Grafana', 'tempo'],
  ] as const) {
    const host = await serve(listener);
    const { error, other, kind } = await attempt(`http://${host}`);
    expect(error?.message).toContain(`This is ${name}, not Jaeger: ${host} answers as ${name} does.`);
    expect([other?.type, kind?.type]).toEqual([type, 'jaeger']);
  }
});

it('finds out of what kind a server is by its address alone', async () => {
  const jaeger = await serve((request, response) => {
    if (request.url?.endsWith('/services')) response.end('{"data":["a","b"],"services":["a","b"]}');
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html></html>');
  });
  const found = await attempt(jaeger, undefined, '');
  expect([found.kind?.type, found.facts?.services, found.error]).toEqual(['jaeger', 2, undefined]);
  for (const [listener, type] of [
    [tempo, 'tempo'],
    [grafana, 'tempo'],
  ] as const)
    expect((await attempt(await serve(listener), undefined, '')).kind?.type).toBe(type);
});

it('says what is wrong where no kind is found out', async () => {
  const odd = await serve((_, response) => response.writeHead(404).end());
  expect((await attempt(odd, undefined, '')).error?.message).toBe(
    `${odd} answers, and as none of the backends that are known here. Check the address and its base path, or choose the kind.`,
  );
  const guarded = await serve((_, response) => response.writeHead(401).end());
  expect((await attempt(guarded, undefined, '')).error?.kind).toBe('Unauthorized');
  servers.at(-1)?.closeAllConnections();
  const closed = await serve(() => {});
  servers.at(-1)?.close();
  const { error } = await attempt(closed, undefined, '');
  expect(error && failureOf(error)).toBe('refused');
  const receiver = await attempt('localhost:4318', undefined, '');
  expect(receiver.error?.message).toContain('where programs send their traces to');
});

it('sends a credential to the origin that it is for while it finds out, and to no other', async () => {
  const seen: (string | undefined)[] = [];
  const other = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end();
  });
  const host = await serve((request, response) => {
    if (request.headers.authorization !== 'Bearer mine') response.writeHead(401).end();
    else response.writeHead(302, { location: `http://${other}/` }).end();
  });
  await credentials.set(`http://${host}`, { type: 'bearer', token: 'mine' });
  await attempt(`http://${host}`, undefined, '');
  expect(seen.length).toBeGreaterThan(0);
  expect(new Set(seen)).toEqual(new Set([undefined]));
});

it('looks on this machine at the usual ports alone', async () => {
  const asked: string[] = [];
  const asking: Asking = {
    ...backends.asking(),
    transport: {
      request: async ({ url }) => {
        asked.push(new URL(url).host);
        if (!url.startsWith('http://localhost:3200/api/echo')) throw new SpanhopError('Unreachable', 'nothing');
        return { status: 200, headers: {}, body: new TextEncoder().encode('echo') };
      },
    },
    unsaved: async () => Object.assign(Object.create(null), { describe: async () => ({ version: '2.9', services: 1 }) }),
  };
  const found = await lookAround(asking, new AbortController().signal);
  expect(found.map(({ url, kind, facts }) => [url, kind?.type, facts?.version])).toEqual([
    ['http://localhost:3200', 'tempo', '2.9'],
  ]);
  expect(asked.every((host) => host.startsWith('localhost:'))).toBe(true);
  expect(new Set(asked)).toContain('localhost:16686');
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
  const kind = backendKind('jaeger');
  const { url } = await tryBackend({ urls, kind }, backends.asking(), new AbortController().signal);
  expect(url).toBe(`http://${host}`);
  expect(new Set(seen)).toEqual(new Set([undefined]));
});

it('is given up while it waits', async () => {
  const stop = new AbortController();
  const host = await serve(() => stop.abort());
  await expect(attempt(host, stop.signal)).rejects.toMatchObject({ kind: 'Cancelled' });
});

it('names the data sources of a Grafana, of which one has to be chosen', async () => {
  const source = { type: 'tempo', url: 'http://127.0.0.1:9' };
  const there = await startGrafana([
    { ...source, uid: 'a', name: 'Tempo prod' },
    { ...source, uid: 'b', name: 'Tempo "test"' },
  ]);
  const transport = new HttpTransport({
    timeoutMs: 5000,
    maxBytes: 1 << 20,
    retries: 0,
    authorize: async () => ({ authorization: `Bearer ${there.token}` }),
  });
  const asking: Asking = {
    kinds: backendKinds,
    unsaved: async (settings) => {
      const kind = backendKind(settings.type);
      if (!kind) throw new Error(`There is no kind ${settings.type}.`);
      return kind.create(backendContext(settings, { transport }));
    },
    transport,
  };
  const trial = await tryBackend({ urls: [there.url], kind: backendKind('tempo') }, asking, new AbortController().signal);
  expect(trial.dataSources).toEqual(['Tempo prod', 'Tempo "test"']);
  expect(trial.error?.message).toContain('Name one of them as "datasource": "Tempo prod"');
  await there.stop();
});
