// A folder as a backend of the settings: whose path holds where, what a search of it says, and what is let go of.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { URI } from 'vscode-uri';
import { datasetOf } from '../../../../src/app/backends/backendDataset';
import { Backends } from '../../../../src/app/backends/backends';
import { Credentials } from '../../../../src/app/backends/credentials';
import type { EngineService } from '../../../../src/app/engine/engineService';
import { TraceFolders } from '../../../../src/app/files/traceFolders';
import { Settings } from '../../../../src/app/settings/settings';
import { type FoundPage, pagesOfBackend } from '../../../../src/app/traces/tracePages';
import { HttpTransport } from '../../../../src/backends/common/httpTransport';
import { parseQuery } from '../../../../src/core/query/parse';
import { failure, InProcessEngine } from '../../../support/inProcessEngine';
import { requestBytes } from '../../../support/otlp';
import { FakeSecrets, FakeSettings, silentLog } from '../support/fakePorts';

let root: string;
let source: FakeSettings;
let engine: InProcessEngine;
let service: Pick<EngineService, 'call' | 'started'>;
let backends: Backends;
let watched: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spanhop-folder-backend-'));
  source = new FakeSettings();
  engine = new InProcessEngine();
  watched = [];
  service = { started: true, call: (method, params, options) => engine.call(method, params, options?.signal) };
  const system = {
    watchFolder: (uri: URI) => {
      watched.push(uri.fsPath);
      return { dispose: () => void watched.splice(watched.indexOf(uri.fsPath), 1) };
    },
  };
  const reader = { readAnswer: async () => undefined };
  const connect = (options: ConstructorParameters<typeof HttpTransport>[0]) => new HttpTransport(options);
  const settings = new Settings(source, silentLog);
  backends = new Backends(reader, settings, new Credentials(new FakeSecrets()), connect, new TraceFolders(service, system));
});

afterEach(() => {
  backends.dispose();
  rmSync(root, { recursive: true, force: true });
});

function put(folder: string, ...traceIds: string[]): string {
  const path = join(root, folder);
  mkdirSync(path, { recursive: true });
  for (const traceId of traceIds)
    writeFileSync(join(path, `${traceId}.otlp.pb`), requestBytes([{ traceId, spanId: '1', name: `n${traceId}` }]));
  return path;
}

async function search(name: string, text = '{ }', pageSize = 10): Promise<FoundPage[]> {
  const pages: FoundPage[] = [];
  const query = parseQuery(text);
  for await (const page of pagesOfBackend(service, await backends.get(name), datasetOf(name), { query, pageSize }, undefined))
    pages.push(page);
  return pages;
}

it('is searched page by page, and says which of its files cannot be read', async () => {
  const path = put('traces', '1', '2', '3');
  writeFileSync(join(path, 'broken.json'), '{"resourceSpans": [');
  source.user.backends = [{ name: 'Mine', type: 'folder', path }];
  const pages = await search('Mine', '{ }', 2);
  expect(pages.map(({ traces }) => traces.length)).toEqual([2, 1]);
  expect(pages[0]).toMatchObject({ backend: 'Mine', partial: expect.stringContaining('broken.json') });
  expect((await search('Mine', '{ name = "n2" }'))[0].traces).toHaveLength(1);
  const mine = await backends.get('Mine');
  expect(await mine.describe()).toEqual({ product: 'Folder with 4 trace files' });
  expect((await mine.get('1'.padStart(32, '0'))).bodies).toEqual([]);
});

it('begins in the folder of the workspace in whose settings it stands, and nowhere in a workspace that is not trusted', async () => {
  put('project/traces', '1');
  source.folders = [URI.file(join(root, 'project'))];
  source.workspace.backends = [
    { name: 'Team', type: 'folder', path: '${workspaceFolder}/traces' },
    { name: 'Short', type: 'folder', path: 'traces' },
  ];
  expect((await search('Team'))[0].traces).toHaveLength(1);
  expect((await search('Short'))[0].traces).toHaveLength(1);
  backends.watch('Team', () => {})?.dispose();
  source.isTrusted = false;
  await source.update('backends', [], 'user');
  expect(backends.names).toEqual(['local']);
  expect(await failure(backends.get('Team'))).toMatch(/^NotFound/);
});

it('of a person begins at the root or at home', async () => {
  source.user.backends = [
    { name: 'Loose', type: 'folder', path: 'traces' },
    { name: 'Home', type: 'folder', path: '~/no such folder of spanhop' },
  ];
  expect(await failure(search('Loose'))).toMatch(/^BadQuery: The path of "Loose" leads nowhere\. Make it absolute/);
  expect(await failure(search('Home'))).toBe(
    `NotFound: There is no folder ${join(homedir(), 'no such folder of spanhop')}. Make it, or change the path of the backend.`,
  );
});

it('is watched as long as that is wanted, and let go of when it is another one or none', async () => {
  source.user.backends = [{ name: 'Mine', type: 'folder', path: put('traces', '1') }];
  const watching = backends.watch('Mine', () => {});
  expect(watched).toEqual([join(root, 'traces')]);
  watching?.dispose();
  expect(watched).toEqual([]);
  expect(backends.watch('local', () => {})).toBeUndefined();
  await search('Mine');
  const traceId = '1'.padStart(32, '0');
  expect(await engine.call('locateTrace', { traceId })).toBeDefined();
  // What is about others leaves it.
  const jaeger = { name: 'J', type: 'jaeger', url: 'http://localhost:1' };
  await source.update('backends', [{ name: 'Mine', type: 'folder', path: join(root, 'traces') }, jaeger], 'user');
  expect(await engine.call('locateTrace', { traceId })).toBeDefined();
  await source.update('backends', [{ name: 'Mine', type: 'folder', path: put('other') }], 'user');
  expect(await engine.call('locateTrace', { traceId })).toBeUndefined();
  expect((await search('Mine')).flatMap(({ traces }) => traces)).toEqual([]);
});
