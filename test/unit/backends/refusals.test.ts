// What a server says with 401 and 403 is read by those who ask for it, and by nobody else.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { HttpTransport } from '../../../src/backends/common/httpTransport';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function refusing(status: number, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, headers).end('{"message":"not you"}'));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const transport = new HttpTransport({ timeoutMs: 5000, maxBytes: 1000 });

it.each([401, 403])('%i is an answer to who takes it', async (status) => {
  const url = await refusing(status);
  const answer = await transport.request({ method: 'POST', url, takesRefusals: true });
  expect([answer.status, new TextDecoder().decode(answer.body)]).toEqual([status, '{"message":"not you"}']);
  await expect(transport.request({ method: 'POST', url })).rejects.toMatchObject({ kind: 'Unauthorized' });
});

it('that of another server is none', async () => {
  const url = await refusing(302, { location: await refusing(403) });
  await expect(transport.request({ method: 'GET', url, takesRefusals: true })).rejects.toMatchObject({ kind: 'Unauthorized' });
});
