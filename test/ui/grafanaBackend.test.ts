// Tempo behind Grafana, added as a person does: the address of Grafana, its token, which of its data sources; then its traces, and one of them opened.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeGrafana, startGrafana } from '../support/fakeGrafana';
import { requestBytes } from '../support/otlp';
import { QuickInput, SideBarView } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
const id = '0123456789abcdef0123456789abcdef';
let window: Workbench;
let traces: SideBarView;
let input: QuickInput;
let tempo: Server;
let grafana: FakeGrafana;

beforeAll(async () => {
  const start = BigInt(Date.now() - 60_000) * 1_000_000n;
  tempo = createServer((request, response) => {
    const { pathname } = new URL(`http://x${request.url}`);
    const json = (body: unknown): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (pathname === '/api/status/buildinfo') return json({ version: '3.0.3' });
    if (pathname === '/api/search') {
      const spans = [{ spanID: '00000000000000a2', startTimeUnixNano: String(start), durationNanos: '900000' }];
      const trace = {
        traceID: id,
        rootServiceName: 'shop',
        rootTraceName: 'GET /cart',
        startTimeUnixNano: String(start),
        durationMs: 42,
      };
      return json({
        traces: [{ ...trace, spanSets: [{ spans, matched: 1 }], serviceStats: { shop: { spanCount: 2 } } }],
        metrics: {},
      });
    }
    if (pathname.endsWith('/values')) return json({ tagValues: [{ type: 'string', value: 'shop' }] });
    if (pathname === `/api/v2/traces/${id}`)
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(
        requestBytes([
          { traceId: id, spanId: 'a1', name: 'GET /cart', durationMs: 42 },
          { traceId: id, spanId: 'a2', parent: 'a1', name: 'SELECT cart', durationMs: 1 },
        ]),
      );
    response.writeHead(404).end('404 page not found');
  });
  await new Promise<void>((resolve) => tempo.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(tempo.address() as AddressInfo).port}`;
  grafana = await startGrafana([
    { uid: 'prod', name: 'Tempo prod', type: 'tempo', url },
    { uid: 'test', name: 'Tempo test', type: 'tempo', url },
  ]);
  window = await openWorkbench({ settings: { 'spanhop.traces.groupBy': 'none' } });
  traces = new SideBarView(window, 'Traces');
  input = new QuickInput(window.page);
  await window.command('spanhop.traces.focus');
});

afterAll(async () => {
  await window?.close();
  await grafana?.stop();
  tempo?.closeAllConnections();
  tempo?.close();
});

async function press(text: string, button: string): Promise<void> {
  await expect.poll(() => window.notifications(), later).toContain(text);
  await window.listNotifications();
  const item = window.page.locator('.notifications-center .notification-list-item').filter({ hasText: text }).first();
  await item.locator('.monaco-button', { hasText: button }).click();
}

it('is added by the address of Grafana, a token, and a choice', async () => {
  await window.host(({ vscode }) => {
    // It ends when the person has answered.
    void vscode.commands.executeCommand('spanhop.addBackend');
    return true;
  });
  await input.choose('Add backend: what it is', /^Grafana Tempo/);
  await input.type('Add backend: address of Grafana Tempo', grafana.url);
  // No tenant: Grafana has it.
  await input.type('Add Grafana Tempo: Tenant', '');
  await press('does not know this token (status 401)', 'Set Credential…');
  await input.choose('Credential of "Grafana Tempo"', 'Bearer token');
  await input.type('Credential of "Grafana Tempo"', grafana.token);
  await press('has several data sources of the type tempo', 'Choose Data Source…');
  await input.choose('Data source of Grafana', 'Tempo test');
  await input.type('Grafana Tempo 3.0.3 answers, with 1 service', 'Shop');
  const kept = () => window.host(({ vscode }) => vscode.workspace.getConfiguration('spanhop').get<unknown[]>('backends') ?? []);
  await expect.poll(kept, later).toEqual([{ name: 'Shop', type: 'tempo', url: grafana.url, datasource: 'Tempo test' }]);
});

it('lists its traces, and opens one', async () => {
  await expect.poll(() => traces.texts(), later).toEqual([expect.stringContaining('GET /cart')]);
  await traces.row('GET /cart').click();
  const frame = await window.webview('[role=treegrid] [role=row]');
  await expect.poll(() => frame.locator('[role=treegrid]').innerText(), later).toContain('SELECT cart');
  expect(grafana.requests.every((path) => !path.includes('/uid/prod/'))).toBe(true);
  expect(window.consoleErrors().filter((line) => /spanhop/i.test(line))).toEqual([]);
});
