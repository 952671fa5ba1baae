// Which backends there are, and to whom their credentials are sent.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Backends } from '../../../../src/app/backends/backends';
import { Credentials } from '../../../../src/app/backends/credentials';
import { OwnSettings } from '../../../../src/app/settings/ownSettings';
import { Settings } from '../../../../src/app/settings/settings';
import { HttpTransport } from '../../../../src/backends/common/httpTransport';
import { FakeMemento, FakeSecrets, FakeSettings, silentLog } from '../support/fakePorts';

const jaeger = (name: string, url: string) => ({ name, type: 'jaeger', url });

const servers: Server[] = [];
async function serve(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

let source: FakeSettings;
let credentials: Credentials;
let backends: Backends;
let own: OwnSettings;

beforeEach(() => {
  source = new FakeSettings();
  credentials = new Credentials(new FakeSecrets());
  own = new OwnSettings(new FakeMemento());
  const reader = { readAnswer: async () => undefined };
  backends = new Backends(reader, new Settings(source, silentLog, own), credentials, (options) => new HttpTransport(options));
});

afterEach(() => {
  backends.dispose();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a credential', () => {
  let seen: string[];
  const note = (where: string, { headers }: IncomingMessage): void =>
    void seen.push(`${where} ${headers.authorization ?? 'nothing'}`);
  const ask = (name: string): Promise<unknown> =>
    backends
      .get(name)
      .then((backend) => backend.services())
      .catch(() => {});

  beforeEach(() => {
    seen = [];
  });

  it("goes to its backend's own origin and to no other, wherever that redirects", async () => {
    const other = await serve((request, response) => {
      note('other', request);
      response.writeHead(404).end();
    });
    const url = await serve((request, response) => {
      note('own', request);
      response.writeHead(302, { location: `${other}/elsewhere` }).end();
    });
    source.user.backends = [jaeger('Redirecting', url)];
    await credentials.set(new URL(url).origin, { type: 'bearer', token: 'secret-1' });
    await credentials.set(new URL(other).origin, { type: 'bearer', token: 'secret-2' });
    await ask('Redirecting');
    expect(seen).toContain('own Bearer secret-1');
    expect(seen).toContain('other nothing');
    expect(seen.filter((line) => line.startsWith('other Bearer'))).toEqual([]);
  });

  it('goes nowhere for settings of a workspace that is not trusted any more', async () => {
    const url = await serve((request, response) => {
      note('own', request);
      response.writeHead(404).end();
    });
    source.workspace.backends = [jaeger('Team', url)];
    await credentials.set(new URL(url).origin, { type: 'basic', user: 'me', password: 'secret' });
    await ask('Team');
    expect(new Set(seen)).toEqual(new Set([`own Basic ${Buffer.from('me:secret').toString('base64')}`]));
    seen = [];
    source.isTrusted = false;
    await ask('Team');
    expect(new Set(seen)).toEqual(new Set(['own nothing']));
  });
});

describe('the backends', () => {
  it("are the workspace's, then the person's, without those that nobody can use", () => {
    source.user.backends = [
      jaeger('Mine', 'http://mine:1'),
      jaeger('Shared', 'http://mine:2'),
      { name: 'Old', type: 'abacus', url: 'http://old' },
      jaeger('local', 'http://here'),
      jaeger('No address', 'localhost:16686'),
    ];
    source.workspace.backends = [jaeger('Shared', 'http://team:2')];
    expect(backends.list().map(({ settings: { name, url }, from }) => `${name} ${url} ${from}`)).toEqual([
      'Shared http://team:2 workspace',
      'Mine http://mine:1 user',
    ]);
    expect(backends.names).toEqual(['local', 'Shared', 'Mine']);
  });

  it('of a workspace are not there before it is trusted, and then without a reload', async () => {
    source.isTrusted = false;
    source.workspace.backends = [jaeger('Team', 'http://team')];
    expect(backends.names).toEqual(['local']);
    source.trust();
    expect(backends.names).toEqual(['local', 'Team']);
  });

  it("are the person's own where they chose so", async () => {
    source.user.backends = [jaeger('Shared', 'http://mine')];
    source.workspace.backends = [jaeger('Shared', 'http://team')];
    expect(backends.list()[0]?.settings.url).toBe('http://team');
    await own.set(['backends'], true);
    expect(backends.list().map(({ settings }) => settings.url)).toEqual(['http://mine']);
    source.workspace.backends = [{ ...jaeger('Team', 'http://team'), headersCommand: ['x'] }, jaeger('Plain', 'http://plain')];
    await source.update('backends', source.user.backends, 'user');
    expect(backends.names).toEqual(['local', 'Plain', 'Shared']);
  });

  it('are made anew when their settings or a credential change, and only then', async () => {
    source.user.backends = [jaeger('One', 'http://one')];
    const first = await backends.get('One');
    expect(await backends.get('One')).toBe(first);
    await credentials.set('http://one', { type: 'bearer', token: 'x' });
    expect(await backends.get('One')).not.toBe(first);
    const changes: string[] = [];
    backends.onDidChange(() => changes.push('all'));
    backends.onDidChangeActive((name) => changes.push(name));
    await backends.setActive('One');
    await source.update('backends', [], 'user');
    expect(changes).toEqual(['One', 'all']);
    expect(backends.active).toBe('local');
    await expect(backends.get('One')).rejects.toMatchObject({ kind: 'NotFound' });
    await expect(backends.setActive('One')).rejects.toMatchObject({ kind: 'NotFound' });
  });
});
