// Setting up a backend in a minute: what answers is found out or told from what was chosen, its fields are asked for, a certificate is trusted, all of it by
// keyboard; what is given up at any step leaves nothing; and the setting's own editor knows each member.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeCertificate } from '../support/certificates';
import { QuickInput, SideBarView } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
const whatItIs = 'Add backend: what it is';
let window: Workbench;
let traces: SideBarView;
let input: QuickInput;
let folder: string;
const servers: Server[] = [];
/** Hosts and ports. */
let tempo: string;
let zipkin: string;
let secure: string;
let caFile: string;

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering =
  (answers: Readonly<Record<string, unknown>>): RequestListener =>
  ({ url = '' }, response) => {
    const path = url.split('?')[0];
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (answer === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    else if (typeof answer === 'string') response.end(answer);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-add-'));
  const cart = { tagValues: [{ type: 'string', value: 'cart' }] };
  tempo = await listen(
    createServer(
      answering({
        '/api/echo': 'echo',
        '/api/status/buildinfo': { version: '2.9.0' },
        '/api/v2/search/tag/resource.service.name/values': cart,
        '/api/search/tag/service.name/values': { tagValues: ['cart'] },
        '/api/search': { traces: [], metrics: {} },
      }),
    ),
  );
  zipkin = await listen(createServer(answering({ '/api/v2/services': ['cart', 'shop'], '/api/v2/traces': [] })));
  const authority = makeCertificate('Team authority', { isAuthority: true });
  const own = makeCertificate('jaeger', { by: authority });
  caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, authority.cert);
  const jaeger = answering({ '/api/v3/services': { services: ['pay'] }, '/api/v3/trace-summaries': { summaries: [] } });
  secure = await listen(createSecureServer({ cert: own.cert, key: own.key }, jaeger));
  window = await openWorkbench({ settings: { 'spanhop.traces.groupBy': 'none' } });
  traces = new SideBarView(window, 'Traces');
  input = new QuickInput(window.page);
  await window.command('spanhop.traces.focus');
});

afterAll(async () => {
  await window?.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => setEntries([]));

interface Kept {
  readonly name: string;
  readonly type: string;
}
const kept = (): Promise<Kept[]> =>
  window.host(({ vscode }) => vscode.workspace.getConfiguration('spanhop').get<Kept[]>('backends') ?? []);
async function setEntries(entries: readonly object[]): Promise<void> {
  await window.host(
    ({ vscode }, all: readonly object[]) =>
      vscode.workspace.getConfiguration('spanhop').update('backends', all, vscode.ConfigurationTarget.Global),
    entries,
  );
}
const begin = (): Promise<unknown> =>
  window.host(({ vscode }) => {
    void vscode.commands.executeCommand('spanhop.addBackend');
    return true;
  });
/** As a person without a mouse: types what narrows the list, and presses Enter. */
async function pickByKeys(title: string, text: string): Promise<void> {
  await input.title.filter({ hasText: title }).waitFor();
  await window.page.keyboard.type(text);
  await input.entry(text).first().waitFor();
  await window.page.keyboard.press('Enter');
}
async function enterByKeys(title: string, text: string): Promise<void> {
  await input.title.filter({ hasText: title }).waitFor();
  await input.input.and(window.page.locator(':focus')).waitFor();
  await window.page.keyboard.press('Control+A');
  await window.page.keyboard.type(text);
  // What is wrong with the last text goes when this one was looked at: an Enter before that is lost.
  await expect.poll(() => input.input.inputValue(), later).toBe(text);
  await window.page.keyboard.press('Enter');
}
async function pressOnNotification(text: string, button: string): Promise<void> {
  await expect.poll(() => window.notifications(), later).toContain(text);
  await window.listNotifications();
  const item = window.page.locator('.notifications-center .notification-list-item').filter({ hasText: text }).first();
  await item.locator('.monaco-button', { hasText: button }).click();
}
/** Presses Escape until nothing is asked: one that comes before an input is ready is lost. */
const giveUp = () =>
  expect
    .poll(async () => {
      if ((await input.widget.count()) > 0) await window.page.keyboard.press('Escape');
      return input.widget.count();
    }, later)
    .toBe(0);

it('finds out what answers at an address, says its version, and lists it, all by keyboard', async () => {
  await begin();
  await pickByKeys(whatItIs, 'Find Out by the Address');
  await enterByKeys('Add backend: its address', tempo);
  await input.title.filter({ hasText: 'Add backend: Grafana Tempo 2.9.0 answers, with 1 service' }).waitFor();
  expect(await input.input.inputValue()).toBe('Grafana Tempo local');
  await window.page.keyboard.press('Enter');
  await expect.poll(() => traces.message.innerText(), later).toContain('Grafana Tempo local');
  expect(await kept()).toEqual([{ name: 'Grafana Tempo local', type: 'tempo', url: `http://${tempo}` }]);
});

it('tells what it is from what was chosen, and adds it as that', async () => {
  await begin();
  await pickByKeys(whatItIs, 'Jaeger');
  await enterByKeys('Add backend: address of Jaeger', zipkin);
  await pressOnNotification(`This is Zipkin, not Jaeger: ${zipkin} answers as Zipkin does.`, 'Add as Zipkin');
  await input.title.filter({ hasText: /Zipkin.* answers, with 2 services/ }).waitFor();
  await enterByKeys('answers', 'Old Zipkin');
  await expect.poll(kept, later).toEqual([{ name: 'Old Zipkin', type: 'zipkin', url: `http://${zipkin}` }]);
});

it('asks for the fields of a kind, says what is wrong in each, and saves nothing that is given up', async () => {
  // At the first step, at the second, at the third.
  for (const steps of [0, 1, 2]) {
    await begin();
    await input.title.filter({ hasText: whatItIs }).waitFor();
    if (steps > 0) await pickByKeys(whatItIs, 'AWS X-Ray');
    if (steps > 0) await input.title.filter({ hasText: 'Add AWS X-Ray: Region' }).waitFor();
    if (steps > 1) {
      await enterByKeys('Region', 'somewhere');
      await input.widget.filter({ hasText: 'This is no region, such as eu-central-1' }).waitFor();
      await enterByKeys('Region', 'eu-central-1');
      await input.title.filter({ hasText: 'Add AWS X-Ray: Profile' }).waitFor();
      await input.widget.filter({ hasText: 'May be left empty.' }).waitFor();
    }
    await giveUp();
  }
  // An address that is none, and a name that is.
  await begin();
  await pickByKeys(whatItIs, 'Grafana Tempo');
  await enterByKeys('Add backend: address of Grafana Tempo', 'two words');
  await input.widget.filter({ hasText: 'An address is one word' }).waitFor();
  await enterByKeys('Add backend: address of Grafana Tempo', tempo);
  await enterByKeys('Add Grafana Tempo: Tenant', '');
  await enterByKeys('Grafana Tempo 2.9.0 answers', ' ');
  await input.widget.filter({ hasText: 'Enter a name' }).waitFor();
  await giveUp();
  expect(await kept()).toEqual([]);
});

it('trusts the certificate that a person picks, and lists through it', async () => {
  await begin();
  await pickByKeys(whatItIs, 'Jaeger');
  await enterByKeys('address of Jaeger', `https://${secure}`);
  await pressOnNotification('its certificate is of an authority that is not known here', 'Trust a Certificate…');
  await input.choosePath('File of the certificate', caFile);
  await enterByKeys('Jaeger answers, with 1 service', 'Team');
  await expect.poll(kept, later).toEqual([{ name: 'Team', type: 'jaeger', url: `https://${secure}`, tls: { caFile } }]);
  await expect.poll(() => traces.message.innerText(), later).toBe('Team · last 2 days · nothing found');
});

it('has a schema in which members that nobody knows, and wrong values, are errors', async () => {
  const wrong = [
    { name: 'A', type: 'jaeger', url: 'http://a', regoin: 'x' },
    { name: 'B', type: 'xray', region: 1 },
    { name: 'C', type: 'jaeger', url: 'ftp://c' },
    { name: 'D', type: 'jaeger', url: 'http://d', tls: { caFile: '/a', insecure: true } },
    { name: 'E', type: 'nothing', url: 'http://e' },
    { name: 'F', type: 'tempo' },
  ];
  const right = [
    { name: 'G', type: 'tempo', url: 'http://g', orgId: 'a', tls: { certFile: '/a', keyFile: '/b' }, headersCommand: ['x', 'y'] },
    { name: 'H', type: 'xray', region: 'eu-central-1', headers: { a: 'b' } },
  ];
  await setEntries([...wrong, ...right]);
  await window.command('workbench.action.openSettingsJson');
  const problems = (): Promise<string[]> =>
    window.host(({ vscode }) => {
      const editor = vscode.window.activeTextEditor;
      if (!editor) return [];
      const { document } = editor;
      return vscode.languages
        .getDiagnostics(document.uri)
        .filter(
          ({ range, message }) => document.offsetAt(range.start) > document.getText().indexOf('spanhop.backends') && message,
        )
        .map(({ range, message }) => `${document.getText(range)}: ${message}`);
    });
  await expect.poll(async () => (await problems()).length, later).toBeGreaterThanOrEqual(6);
  const all = (await problems()).join('\n');
  for (const part of ['"regoin"', '1: ', '"ftp://c"', '"insecure"', '"nothing"', 'url']) expect(all).toContain(part);
  expect(all).not.toMatch(/"(?:orgId|certFile|headersCommand|headers)"/);
  await window.command('workbench.action.closeActiveEditor');
});
