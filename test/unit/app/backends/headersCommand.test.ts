// Headers that a command makes: what it may print, when it is run again, what is told where it fails, and to whom they go.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Backends } from '../../../../src/app/backends/backends';
import { Credentials } from '../../../../src/app/backends/credentials';
import { HeadersCommand } from '../../../../src/app/backends/headersCommand';
import { readPrintedHeaders } from '../../../../src/app/backends/printedHeaders';
import { Settings } from '../../../../src/app/settings/settings';
import { HttpTransport } from '../../../../src/backends/common/httpTransport';
import { engineReader } from '../../../support/engineReader';
import { failure } from '../../../support/inProcessEngine';
import { FakeSecrets, FakeSettings, silentLog } from '../support/fakePorts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-headers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what is printed', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['Authorization: Bearer a:b\nX-Tenant:  team\n\n', { authorization: 'Bearer a:b', 'x-tenant': 'team' }, undefined],
    ['Authorization: Bearer a\r\nX: y\r\n', { authorization: 'Bearer a', x: 'y' }, undefined],
    ['{"Authorization":"Bearer a"}', { authorization: 'Bearer a' }, undefined],
    ['{"headers":{"A":"b"},"expiresInSeconds":60}', { a: 'b' }, now + 60_000],
    ['{"headers":{"A":"b"},"expiration":"2026-01-01T01:00:00Z"}', { a: 'b' }, now + 3_600_000],
    ['{"headers":{"A":"b"},"expiration":"never"}', { a: 'b' }, undefined],
    [
      '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t","expirationTimestamp":"2026-01-01T00:10:00Z"}}',
      { authorization: 'Bearer t' },
      now + 600_000,
    ],
  ])('is read: %s', (text, headers, expiresAtMs) => {
    expect(readPrintedHeaders(text, now)).toEqual(expiresAtMs === undefined ? { headers } : { headers, expiresAtMs });
  });

  it.each([
    ['', 'printed nothing'],
    ['{"a":', 'damaged'],
    ['{}', 'no header'],
    ['{"headers":{}}', 'no header'],
    ['{"headers":{"a b":"topsecret"}}', 'no header'],
    ['topsecret', 'no header'],
    ['Error: it failed\ntopsecret', 'no header'],
    ['{"a":1}', 'no usable value for the header a'],
    ['{"a":"topsecret\\r\\nx: y"}', 'no usable value for the header a'],
    ['{"a":"topsecret\\u2028"}', 'no usable value'],
    ['{"a":{"b":"topsecret"}}', 'no usable value'],
  ])('and wrong is told without it: %s', (text, problem) => {
    const said = readPrintedHeaders(text, now);
    expect(said).toContain(problem);
    expect(said).not.toContain('topsecret');
  });
});

/** A program that prints `print`, and counts how often it was run. */
function program(print: string): { readonly command: [string, ...string[]]; runs(): number } {
  const file = join(folder, `runs-${Math.random()}`);
  writeFileSync(file, '');
  const script = `require('fs').appendFileSync(${JSON.stringify(file)}, 'x'); ${print}`;
  return { command: [process.execPath, '-e', script], runs: () => readFileSync(file).length };
}

const { signal } = new AbortController();
let nowMs = 1_000_000;
const making = (command: readonly [string, ...string[]]): HeadersCommand =>
  new HeadersCommand({ command, folder, name: 'Shop', url: 'http://shop:1', nowMs: () => nowMs });

describe('a command', () => {
  it('is run once for all, and again when what it made is refused or over', async () => {
    const end =
      'JSON.stringify({ headers: { a: String(process.env.SPANHOP_REFUSED) + process.env.SPANHOP_URL }, expiresInSeconds: 60 })';
    const { command, runs } = program(`console.log(${end})`);
    const headers = making(command);
    const all = await Promise.all([1, 2, 3].map(() => headers.headers(undefined, signal)));
    expect([all[2], runs()]).toEqual([{ a: 'http://shop:1' }, 1]);
    nowMs += 40_000;
    await headers.headers(undefined, signal);
    expect(runs()).toBe(1);
    nowMs += 11_000;
    await headers.headers(undefined, signal);
    expect(runs()).toBe(2);
    nowMs += 5_000;
    const refused = { a: 'http://shop:1', accept: 'x' };
    expect([await headers.headers(refused, signal), runs()]).toEqual([{ a: '1http://shop:1' }, 3]);
    // Others that were refused with the same.
    expect([await headers.headers(refused, signal), runs()]).toEqual([{ a: '1http://shop:1' }, 3]);
  });

  it('gets its arguments as they are, without a shell', async () => {
    const odd = ['$HOME', '`id`', '"; echo x', '*', 'a b'];
    const script = 'console.log(JSON.stringify({ args: JSON.stringify(process.argv.slice(1)) }))';
    expect(await making([process.execPath, '-e', script, '--', ...odd]).headers(undefined, signal)).toEqual({
      args: JSON.stringify(odd),
    });
  });

  it.each([
    ['console.error("topsecret"); console.log("a: topsecret"); process.exit(3)', 'ended with code 3'],
    ['process.kill(process.pid, "SIGKILL")', 'was ended'],
    ['process.stdout.write("a: topsecret".repeat(1e5))', 'printed too much'],
    ['console.log("topsecret")', 'printed something that is no header'],
  ])('that fails is told, without what it said: %s', async (print, what) => {
    const said = await failure(making(program(print).command).headers(undefined, signal));
    expect(said).toMatch(/^Unauthorized: The command that makes headers for "Shop" \(node[^)]*\) /);
    expect(said).toContain(what);
    expect(said).not.toContain('topsecret');
  });

  it('that is not there, or no program, is told', async () => {
    expect(await failure(making([join(folder, 'none')]).headers(undefined, signal))).toContain('(none) is not there');
    expect(await failure(making([folder]).headers(undefined, signal))).toContain('cannot be run');
  });

  it('ends when nobody waits for it any more', async () => {
    const stop = new AbortController();
    const { command } = program('setTimeout(() => {}, 1e6)');
    const headers = making(command).headers(undefined, stop.signal);
    setImmediate(() => stop.abort());
    expect(await failure(headers)).toMatch(/^Cancelled/);
  });
});

describe('of a backend in the settings', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(
    good: string,
    location?: string,
  ): Promise<{ readonly url: string; readonly seen: (string | undefined)[] }> {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      if (location !== undefined) response.writeHead(302, { location }).end();
      else if (request.headers.authorization === good) response.end('{"services":["cart"]}');
      else response.writeHead(401).end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
  }

  const backendsOf = (source: FakeSettings): Backends => {
    const connect = (options: ConstructorParameters<typeof HttpTransport>[0]): HttpTransport => new HttpTransport(options);
    return new Backends(engineReader(), new Settings(source, silentLog), new Credentials(new FakeSecrets()), connect);
  };
  const entry = (url: string, command: readonly string[]) => ({ name: 'Shop', type: 'jaeger', url, headersCommand: command });

  it('go to its origin, and to no other that it leads to', async () => {
    const { command } = program('console.log("Authorization: Bearer made")');
    const other = await serve('');
    const { url, seen } = await serve('', other.url);
    const backends = backendsOf(new FakeSettings({ backends: [entry(url, command)] }));
    await failure((await backends.get('Shop')).services());
    expect([new Set(seen), new Set(other.seen)]).toEqual([new Set(['Bearer made']), new Set([undefined])]);
  });

  it('are made anew when they are refused', async () => {
    const { command, runs } = program('console.log("Authorization: Bearer " + (process.env.SPANHOP_REFUSED ? "new" : "old"))');
    const { url } = await serve('Bearer new');
    const backends = backendsOf(new FakeSettings({ backends: [entry(url, command)] }));
    expect(await (await backends.get('Shop')).services()).toEqual(['cart']);
    expect(runs()).toBe(2);
  });

  it('are made for nobody while the workspace that names the command is not trusted', async () => {
    const { command, runs } = program('console.log("Authorization: Bearer made")');
    const { url, seen } = await serve('Bearer made');
    const source = new FakeSettings({}, { backends: [entry(url, command)] });
    const backend = await backendsOf(source).get('Shop');
    source.isTrusted = false;
    await failure(backend.services());
    expect([runs(), new Set(seen)]).toEqual([0, new Set([undefined])]);
    expect(backendsOf(source).names).toEqual(['local']);
  });

  it.each([
    [{ headersCommand: 'get-token' }, 'headersCommand is no list'],
    [{ headersCommand: [] }, 'names no program'],
    [{ headersCommand: ['bin/get-token'] }, 'named alone or with its absolute path'],
    [{ headersCommand: ['a', 1] }, 'no list'],
    [{ tls: { caFile: 'ca.pem' } }, 'tls.caFile is not an absolute path'],
    [{ tls: { caFile: 1 } }, 'tls.caFile is not a text'],
    [{ tls: { certFile: '/a' } }, 'belong together'],
    [{ tls: [] }, 'tls is not an object'],
  ])('that are said wrongly leave it out: %j', (more, problem) => {
    const said: string[] = [];
    const source = new FakeSettings({ backends: [{ ...entry('http://a', ['x']), ...more }] });
    const log = { ...silentLog, warn: (text: string) => void said.push(text) };
    expect(new Settings(source, log).backends()).toEqual([]);
    expect(said[0]).toContain(`of "Shop", `);
    expect(said[0]).toContain(problem);
  });

  it('may name files from the home folder', () => {
    const source = new FakeSettings({ backends: [{ ...entry('http://a', ['~/bin/get']), tls: { caFile: '~/ca.pem' } }] });
    const [{ connection }] = new Settings(source, silentLog).backends();
    expect(connection).toMatchObject({
      tls: { caFile: join(homedir(), 'ca.pem') },
      headersCommand: [join(homedir(), 'bin/get')],
      folder: homedir(),
    });
  });
});
