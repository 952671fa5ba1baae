// The agent's download over the real transport from a real server on this machine: what is kept, what is refused, and that nothing of it stays.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AgentRelease, downloadAgent, downloadedAgent, JAVA_AGENT } from '../../../../src/app/instrument/javaAgentDownload';
import { HttpTransport } from '../../../../src/backends/common/httpTransport';
import { Traffic } from '../../../../src/backends/common/traffic';

const jar = Buffer.alloc(3 << 20, 'agent');
let storage: string;
let server: Server;
let answer: RequestListener;

beforeEach(async () => {
  storage = mkdtempSync(join(tmpdir(), 'spanhop-agent-'));
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(storage, { recursive: true, force: true });
});

function download(signal = new AbortController().signal, given: Partial<AgentRelease> = {}): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const sha256 = createHash('sha256').update(jar).digest('hex');
  const release = { version: '2.0.0', url: `http://127.0.0.1:${port}/agent.jar`, sha256, bytes: jar.length, ...given };
  return downloadAgent((options) => new HttpTransport(options, { traffic: new Traffic() }), storage, signal, release);
}

const left = (): readonly string[] => readdirSync(storage, { recursive: true }).map(String);

it('keeps what is as it was released, also from where a redirect leads', async () => {
  answer = ({ url }, response) => {
    if (url === '/agent.jar') response.writeHead(302, { location: '/there' }).end();
    else response.end(jar);
  };
  const path = await download();
  expect(path).toBe(join(storage, 'java', 'opentelemetry-javaagent-2.0.0.jar'));
  expect(readFileSync(path).equals(jar)).toBe(true);
  expect(left()).toEqual(['java', join('java', 'opentelemetry-javaagent-2.0.0.jar')]);
  // Once more, over the one that is there.
  expect(await download()).toBe(path);
});

it('refuses what is something else, too long, or not there, and leaves nothing', async () => {
  answer = (_, response) => response.end(Buffer.from(jar).fill('x', 5, 6));
  await expect(download()).rejects.toMatchObject({ kind: 'BadData' });
  answer = (_, response) => response.end(Buffer.concat([jar, jar]));
  await expect(download()).rejects.toMatchObject({ kind: 'TooLarge' });
  answer = (_, response) => response.writeHead(404).end('<html>');
  await expect(download()).rejects.toMatchObject({ kind: 'Unreachable', message: expect.stringContaining('status 404') });
  answer = (request) => request.destroy();
  await expect(download()).rejects.toMatchObject({ kind: 'Unreachable' });
  expect(left()).toEqual([]);
});

it('ends at once when it is given up, and leaves nothing', async () => {
  const giveUp = new AbortController();
  answer = (_, response) => {
    response.writeHead(200).write(jar.subarray(0, 1000), () => giveUp.abort());
  };
  await expect(download(giveUp.signal)).rejects.toMatchObject({ kind: 'Cancelled' });
  expect(left()).toEqual([]);
});

it('is of one version, known by its sum', () => {
  expect(JAVA_AGENT.url).toContain(`/v${JAVA_AGENT.version}/`);
  expect(JAVA_AGENT.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(downloadedAgent('/s')).toBe(join('/s', 'java', `opentelemetry-javaagent-${JAVA_AGENT.version}.jar`));
});
