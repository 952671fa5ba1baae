// Servers with certificates of one's own, asked through a backend of the settings: what is trusted, what is shown of us, and to whom.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PeerCertificate, TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Backends } from '../../../../src/app/backends/backends';
import { Credentials } from '../../../../src/app/backends/credentials';
import { Settings } from '../../../../src/app/settings/settings';
import { failureOf } from '../../../../src/backends/common/failures';
import { HttpTransport } from '../../../../src/backends/common/httpTransport';
import { toErrorData } from '../../../../src/base/errors';
import { makeCertificate, type Signed } from '../../../support/certificates';
import { engineReader } from '../../../support/engineReader';
import { failure } from '../../../support/inProcessEngine';
import { FakeSecrets, FakeSettings, silentLog } from '../support/fakePorts';

let folder: string;
let authority: Signed;
let ours: Signed;
let source: FakeSettings;
let credentials: Credentials;
let backends: Backends;
const servers: Server[] = [];
/** Names of the client certificates that servers saw, or none. */
let seen: string[] = [];

const save = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

function subjectOf({ socket }: IncomingMessage): string {
  const peer: Partial<PeerCertificate> = socket instanceof TLSSocket ? socket.getPeerCertificate() : {};
  return String(peer.subject?.CN ?? 'nobody');
}

async function serve(identity: Signed, options: ServerOptions = {}, location?: string): Promise<string> {
  const server = createServer({ cert: identity.cert, key: identity.key, ...options }, (request, response) => {
    seen.push(subjectOf(request));
    if (location === undefined) response.end('{"services":["cart"]}');
    else response.writeHead(302, { location }).end();
  });
  server.on('tlsClientError', () => {});
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

const guarded = (): ServerOptions => ({ requestCert: true, rejectUnauthorized: true, ca: authority.cert });

async function ask(url: string, tls?: Record<string, string>): Promise<readonly string[]> {
  source.user.backends = [{ name: 'Shop', type: 'jaeger', url, ...(tls ? { tls } : {}) }];
  await source.update('activeBackend', 'Shop', 'user');
  await source.update('backends', source.user.backends, 'user');
  return (await backends.get('Shop')).services();
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-tls-'));
  authority = makeCertificate('Our authority', { isAuthority: true });
  ours = makeCertificate('jaeger', { by: authority });
});
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  seen = [];
  source = new FakeSettings();
  credentials = new Credentials(new FakeSecrets());
  const settings = new Settings(source, silentLog);
  backends = new Backends(engineReader(), settings, credentials, (options) => new HttpTransport({ ...options, retries: 0 }));
});
afterEach(() => {
  backends.dispose();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a server of an authority of our own', () => {
  it('is trusted by its file alone', async () => {
    const url = await serve(ours);
    const caFile = save('ca.pem', authority.cert);
    expect(await failure(ask(url))).toContain('is of an authority that is not known here; name the file');
    expect(await ask(url, { caFile })).toEqual(['cart']);
    const other = save('other.pem', makeCertificate('Another', { isAuthority: true }).cert);
    const error: unknown = await ask(url, { caFile: other }).catch((thrown: unknown) => thrown);
    expect(failureOf(toErrorData(error))).toBe('certificate');
  });

  it('that signed itself is told so', async () => {
    const alone = makeCertificate('alone');
    const url = await serve(alone);
    expect(await failure(ask(url))).toContain('its certificate is self-signed; name the file');
    expect(await ask(url, { caFile: save('alone.pem', alone.cert) })).toEqual(['cart']);
  });

  it('has another name than its address, which may be named', async () => {
    const url = await serve(makeCertificate('inner', { by: authority, hosts: ['jaeger.inner'] }));
    const caFile = save('ca.pem', authority.cert);
    expect(await failure(ask(url, { caFile }))).toContain('is of another host name; name that in tls.serverName');
    expect(await ask(url, { caFile, serverName: 'jaeger.inner' })).toEqual(['cart']);
  });

  it('whose time is over is told so', async () => {
    const url = await serve(makeCertificate('old', { by: authority, fromDays: -9, toDays: -2 }));
    expect(await failure(ask(url, { caFile: save('ca.pem', authority.cert) }))).toContain('its certificate has expired');
  });
});

describe('a client certificate', () => {
  const files = (client: Signed): Record<string, string> => ({
    caFile: save('ca.pem', authority.cert),
    certFile: save('client.pem', client.cert),
    keyFile: save('client.key', client.key),
  });

  it('is shown to the server that wants it, and to no other that it leads to', async () => {
    const other = await serve(ours, { requestCert: true, rejectUnauthorized: false, ca: authority.cert });
    const url = await serve(ours, guarded());
    const client = makeCertificate('Ada', { by: authority });
    expect(await ask(url, files(client))).toEqual(['cart']);
    expect(new Set(seen)).toEqual(new Set(['Ada']));
    seen = [];
    // It is trusted by our authority's file alone, which does not hold there either.
    await ask(await serve(ours, guarded(), other), files(client)).catch(() => {});
    expect(new Set(seen)).toEqual(new Set(['Ada']));
  });

  it.each([['TLSv1.3'], ['TLSv1.2']] as const)('that is missing is asked for in words: %s', async (maxVersion) => {
    const url = await serve(ours, { ...guarded(), maxVersion });
    expect(await failure(ask(url, { caFile: save('ca.pem', authority.cert) }))).toMatch(
      /wants a client certificate: name it in tls\.certFile and tls\.keyFile/,
    );
  });

  it('that the server does not take is told so', async () => {
    const url = await serve(ours, guarded());
    const stranger = makeCertificate('Eve', { by: makeCertificate('Elsewhere', { isAuthority: true }) });
    expect(await failure(ask(url, files(stranger)))).toMatch(/does not take the client certificate in tls\.certFile/);
  });

  it('may have a key with a passphrase, which is kept as a secret for the origin', async () => {
    const url = await serve(ours, guarded());
    const client = files(makeCertificate('Ada', { by: authority, passphrase: 'open sesame' }));
    expect(await failure(ask(url, client))).toMatch(/^Unauthorized: The key .*client\.key of "Shop" wants a passphrase/);
    await credentials.setPassphrase(url, 'wrong');
    expect(await failure(ask(url, client))).toContain('has another passphrase');
    await credentials.setPassphrase('https://localhost:1', 'open sesame');
    expect(await failure(ask(url, client))).toContain('has another passphrase');
    await credentials.setPassphrase(url, 'open sesame');
    expect(await ask(url, client)).toEqual(['cart']);
  });

  it('that cannot be used is told by its file', async () => {
    const url = await serve(ours, guarded());
    const client = makeCertificate('Ada', { by: authority });
    const good = files(client);
    const said = (changed: Record<string, string>): Promise<string> => failure(ask(url, { ...good, ...changed }));
    expect(await said({ keyFile: save('other.key', makeCertificate('Other').key) })).toContain(
      'does not belong to the certificate',
    );
    expect(await said({ keyFile: save('bad.key', 'no key') })).toContain('named in tls.keyFile of "Shop", has no key');
    expect(await said({ certFile: good.keyFile })).toContain('has a key and no certificate');
    expect(await said({ caFile: save('bad.pem', '\0\0') })).toContain('named in tls.caFile of "Shop", has no certificate');
    expect(await said({ caFile: join(folder, 'none.pem') })).toMatch(/none\.pem, named in tls\.caFile of "Shop", is not there/);
    expect(await said({ caFile: folder })).toContain('is no file');
    const old = makeCertificate('Ada', { by: authority, fromDays: -9, toDays: -2 });
    expect(await failure(ask(url, files(old)))).toMatch(/client\.pem of "Shop" has expired on \d{4}-\d\d-\d\d\./);
    expect(seen).toEqual([]);
  });
});
