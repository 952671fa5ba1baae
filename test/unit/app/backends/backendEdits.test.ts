/** Backends that are added, changed and removed, while their settings are edited by others. */

import { beforeEach, expect, it } from 'vitest';
import { BackendEdits } from '../../../../src/app/backends/backendEdits';
import { Backends } from '../../../../src/app/backends/backends';
import { Credentials } from '../../../../src/app/backends/credentials';
import { Settings } from '../../../../src/app/settings/settings';
import { HttpTransport } from '../../../../src/backends/common/httpTransport';
import { FakeSecrets, FakeSettings, silentLog } from '../support/fakePorts';

const here = 'http://localhost:16686';
const jaeger = (name: string, url = here) => ({ name, type: 'jaeger', url });
let source: FakeSettings;
let credentials: Credentials;
let backends: Backends;
let edits: BackendEdits;
const named = (name: string) => {
  const found = backends.list().find(({ settings }) => settings.name === name);
  if (!found) throw new Error(`There is no ${name}.`);
  return found;
};

beforeEach(() => {
  source = new FakeSettings();
  credentials = new Credentials(new FakeSecrets());
  const settings = new Settings(source, silentLog);
  const reader = { readAnswer: async () => undefined };
  backends = new Backends(reader, settings, credentials, (options) => new HttpTransport(options));
  edits = new BackendEdits(settings, backends, credentials);
});

it('adds one to what is there, wrong entries too, and makes it the active one', async () => {
  source.user.backends = ['not an object', jaeger('Old')];
  await edits.add(jaeger('New'));
  expect(source.user.backends).toEqual(['not an object', jaeger('Old'), jaeger('New')]);
  expect(backends.active).toBe('New');
});

it('proposes a name that nobody has, an entry that is not used among them', async () => {
  source.user.backends = [jaeger('Jaeger local'), { name: 'Jaeger local 2', type: 'other' }];
  expect(edits.proposeName('Jaeger', 'local')).toBe('Jaeger local 3');
  expect(edits.proposeName('Jaeger', 'ops.example')).toBe('Jaeger ops.example');
  await expect(edits.add(jaeger('Jaeger local 2'))).rejects.toMatchObject({ kind: 'BadQuery' });
});

it('changes an address and leaves what else stands in the entry', async () => {
  source.user.backends = [{ ...jaeger('A'), headers: { 'x-tenant': 'a' }, comment: 'mine' }, jaeger('B')];
  await edits.changeAddress(named('A'), { url: 'http://localhost:9' });
  expect(source.user.backends).toEqual([
    { ...jaeger('A', 'http://localhost:9'), headers: { 'x-tenant': 'a' }, comment: 'mine' },
    jaeger('B'),
  ]);
});

it('changes and removes one whose address is made of its other members', async () => {
  const folder = (path: string) => ({ name: 'F', type: 'folder', path });
  source.user.backends = [folder('/var/log/otel')];
  await edits.changeAddress(named('F'), { path: '/tmp/otel' });
  expect(source.user.backends).toEqual([folder('/tmp/otel')]);
  await edits.remove(named('F'));
  expect(source.user.backends).toBeUndefined();
});

it('changes one where it stands: in the settings of the workspace', async () => {
  source.user.backends = [jaeger('A')];
  source.workspace.backends = [jaeger('A', 'http://team:1')];
  await edits.changeAddress(named('A'), { url: 'http://team:2' });
  expect(source.workspace.backends).toEqual([jaeger('A', 'http://team:2')]);
  expect(source.user.backends).toEqual([jaeger('A')]);
});

it('changes nothing that was edited or removed while somebody was asked', async () => {
  source.user.backends = [jaeger('A')];
  const asked = named('A');
  await source.update('backends', [jaeger('A', 'http://localhost:7')], 'user');
  await expect(edits.changeAddress(asked, { url: 'http://localhost:9' })).rejects.toMatchObject({ kind: 'NotFound' });
  await source.update('backends', [jaeger('B')], 'user');
  await expect(edits.changeAddress(asked, { url: 'http://localhost:9' })).rejects.toMatchObject({ kind: 'NotFound' });
  await expect(edits.remove(asked)).rejects.toMatchObject({ kind: 'NotFound' });
  expect(source.user.backends).toEqual([jaeger('B')]);
});

it('removes one with its credential, and has both again where they were', async () => {
  source.user.backends = [jaeger('A'), jaeger('B', 'http://localhost:2'), jaeger('C', 'http://localhost:3')];
  await backends.setActive('B');
  await credentials.set('http://localhost:2', { type: 'bearer', token: 'secret' });
  const removed = await edits.remove(named('B'));
  expect(source.user.backends).toEqual([jaeger('A'), jaeger('C', 'http://localhost:3')]);
  expect(backends.active).toBe('local');
  expect(await credentials.get('http://localhost:2')).toBeUndefined();
  await edits.restore(removed);
  expect(source.user.backends).toEqual([jaeger('A'), jaeger('B', 'http://localhost:2'), jaeger('C', 'http://localhost:3')]);
  expect(backends.active).toBe('B');
  expect(await credentials.get('http://localhost:2')).toEqual({ type: 'bearer', token: 'secret' });
});

it('gives back no credential over a newer one, nor for a name that is taken by now', async () => {
  const other = 'http://localhost:2';
  const old = { type: 'bearer', token: 'old' } as const;
  source.user.backends = [jaeger('A'), jaeger('B', other)];
  await credentials.set(other, old);
  const removed = await edits.remove(named('B'));
  source.user.backends = [jaeger('A'), jaeger('B', 'http://localhost:9')];
  await expect(edits.restore(removed)).rejects.toThrow('"B" is taken by now.');
  expect(await credentials.get(other)).toBeUndefined();
  source.user.backends = [jaeger('A'), jaeger('C', other)];
  await credentials.set(other, { ...old, token: 'new' });
  await edits.restore(removed);
  expect(await credentials.get(other)).toEqual({ ...old, token: 'new' });
});

it('leaves a credential that another backend of the same server needs', async () => {
  source.user.backends = [jaeger('A'), jaeger('B', `${here}/base`)];
  await credentials.set(here, { type: 'bearer', token: 'secret' });
  await edits.remove(named('B'));
  expect(await credentials.get(here)).toBeDefined();
});

it('removes the one that is used of two with a name', async () => {
  source.user.backends = [jaeger('A'), jaeger('A', 'http://localhost:2')];
  await edits.remove(named('A'));
  expect(source.user.backends).toEqual([jaeger('A', 'http://localhost:2')]);
});

it('changes one that had a password in its address', async () => {
  source.user.backends = [jaeger('A', 'http://me:secret@localhost:16686/')];
  await edits.changeAddress(named('A'), { url: 'http://localhost:9' });
  expect(source.user.backends).toEqual([jaeger('A', 'http://localhost:9')]);
});
