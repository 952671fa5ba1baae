// Requests go by VS Code's proxy, and what that answers is told in words.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

let window: Workbench;
let proxy: Server;
let asked: string[] = [];
let wantsPassword = false;

beforeAll(async () => {
  proxy = createServer((request, response) => {
    asked.push(`${request.method} ${(request.url ?? '').split('?')[0]}`);
    if (wantsPassword) response.writeHead(407, { 'proxy-authenticate': 'Basic realm="office"' }).end();
    else response.end(request.url?.includes('summaries') ? '{"summaries":[]}' : '{"services":["cart"]}');
  });
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const status = wantsPassword
      ? '407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="office"'
      : '502 Bad Gateway';
    socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  window = await openWorkbench({
    settings: {
      'http.proxy': `http://127.0.0.1:${port}`,
      'spanhop.backends': [
        { name: 'Plain', type: 'jaeger', url: 'http://jaeger.invalid:16686' },
        { name: 'Secure', type: 'jaeger', url: 'https://jaeger.invalid' },
      ],
    },
  });
});

afterAll(async () => {
  await window?.close();
  proxy?.closeAllConnections();
  proxy?.close();
});

const find = (name: string): Promise<string> =>
  window.host(async ({ api }, backend: string) => {
    const spanhop = await api();
    return spanhop.findTraces({}, { backend, limit: 2 }).then(
      (found: readonly unknown[]) => `${found.length} traces`,
      (error: Error) => error.message,
    );
  }, name);

it('asks a backend through it, in the open or by a tunnel', async () => {
  expect(await find('Plain')).toBe('0 traces');
  expect(asked).toContain('GET http://jaeger.invalid:16686/api/v3/services');
  expect(await find('Secure')).toContain('cannot be reached by the server in front of it (status 502)');
  expect(asked).toContain('CONNECT jaeger.invalid:443');
});

it('tells that it wants a password', async () => {
  asked = [];
  wantsPassword = true;
  for (const [name, origin] of [
    ['Plain', 'http://jaeger.invalid:16686'],
    ['Secure', 'https://jaeger.invalid'],
  ])
    expect(await find(name)).toBe(
      `The proxy on the way to ${origin} wants a user and a password (status 407). Look at the setting http.proxy.`,
    );
});
