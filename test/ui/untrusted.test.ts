// A workspace that is not trusted: what its settings name is not asked, and no credential goes there, before it is trusted and after.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { QuickInput, SideBarView } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
const folder = mkdtempSync(join(tmpdir(), 'spanhop-untrusted-'));
/** Is there when the workspace's command was run. */
const ran = join(folder, 'ran');
let mine: Backend;
let theirs: Backend;
let window: Workbench;
let input: QuickInput;

/** A Jaeger without traces that notes what it is asked. */
class Backend {
  readonly asked: { path: string; headers: IncomingHttpHeaders }[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Backend> {
    const server = createServer();
    const backend = new Backend(server);
    server.on('request', (request, response) => {
      backend.asked.push({ path: request.url ?? '', headers: request.headers });
      response.setHeader('content-type', 'application/json').end('{"data":[],"total":0,"limit":0,"offset":0,"errors":null}');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return backend;
  }

  get url(): string {
    const address = this.server.address();
    return typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

beforeAll(async () => {
  [mine, theirs] = await Promise.all([Backend.start(), Backend.start()]);
  mkdirSync(join(folder, '.vscode'));
  const backends = [
    { name: 'Shop', type: 'jaeger', url: theirs.url, api: 'legacy' },
    {
      ...{ name: 'Bait', type: 'jaeger', url: theirs.url, api: 'legacy' },
      headersCommand: [
        process.execPath,
        '-e',
        `require('fs').writeFileSync(${JSON.stringify(ran)}, ''); console.log('X-Made: here')`,
      ],
    },
  ];
  writeFileSync(
    join(folder, '.vscode', 'settings.json'),
    JSON.stringify({ 'spanhop.backends': backends, 'spanhop.activeBackend': 'Bait', 'spanhop.capture.autoStart': true }),
  );
  window = await openWorkbench({
    workspace: folder,
    settings: {
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
      'spanhop.backends': [{ name: 'Shop', type: 'jaeger', url: mine.url, api: 'legacy' }],
      'spanhop.activeBackend': 'Shop',
    },
  });
  input = new QuickInput(window.page);
});

afterAll(async () => {
  await window?.close();
  mine?.stop();
  theirs?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const names = (): Promise<string[]> => window.host(async ({ api }) => [...(await api()).backends]);

it("asks the user's backends only, although the workspace gives another one the same name", async () => {
  expect(await window.host(({ vscode }) => vscode.workspace.isTrusted)).toBe(false);
  await window.command('spanhop.traces.focus');
  await expect.poll(() => mine.asked.length, later).toBeGreaterThan(0);
  expect(await names()).toEqual(['local', 'Shop']);
  expect(await window.host(async ({ api }) => (await api()).capture.httpPort !== undefined)).toBe(false);
  const setting = window.command('spanhop.setCredential', 'Shop');
  await input.choose(`Credential of "Shop" for ${mine.url}`, 'Bearer token');
  await input.type('Credential of "Shop"', 'open sesame');
  await setting;
  const before = mine.asked.length;
  await window.command('spanhop.refresh');
  await expect.poll(() => mine.asked.length, later).toBeGreaterThan(before);
  expect(mine.asked.at(-1)?.headers.authorization).toBe('Bearer open sesame');
  expect(theirs.asked).toEqual([]);
  expect(existsSync(ran)).toBe(false);
});

it('asks what the workspace names once it is trusted, and says which program it runs, without the credential of another server', async () => {
  const view = new SideBarView(window, 'Traces');
  await window.command('workbench.trust.manage');
  await window.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
  await expect.poll(() => window.host(({ vscode }) => vscode.workspace.isTrusted), later).toBe(true);
  await window.command('spanhop.traces.focus');
  await view.message.filter({ hasText: 'Bait' }).waitFor();
  await expect.poll(() => theirs.asked.length, later).toBeGreaterThan(0);
  expect(await names()).toEqual(['local', 'Shop', 'Bait']);
  for (const { headers } of theirs.asked) expect([headers.authorization, headers['x-made']]).toEqual([undefined, 'here']);
  expect(existsSync(ran)).toBe(true);
  await expect.poll(() => window.notifications(), later).toMatch(/run the program ".*node" when "Bait" is asked/);
});
