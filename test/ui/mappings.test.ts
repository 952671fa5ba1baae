// Mappings in a window, as a developer of containers meets them: found without a word, refused, accepted, pinned, and taken back.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { request, type SpanSpec } from '../support/otlp';
import { temporaryFolder } from '../vscode/processes.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const program = (name: string): string => `${'// a shop\n'.repeat(9)}export function ${name}() {\n${'  work();\n'.repeat(20)}}\n`;
const files: Readonly<Record<string, string>> = {
  'compose.yaml': `services:
  cart:
    build: ./services/cart
  pay:
    build: ./services/pay
    container_name: shop-pay
  mail:
    image: python:3.13
    volumes:
      - ./tools/mail:/opt/mail:ro
`,
  'services/cart/Dockerfile': 'FROM node:22\nWORKDIR /app\nCOPY . .\nCMD ["node", "src/index.ts"]\n',
  'services/pay/Dockerfile':
    'FROM node:22 AS build\nWORKDIR /build\nCOPY . .\nFROM node:22-slim\nCOPY --from=build /build /app\n',
  '.vscode/launch.json': `{
  "configurations": [
    // the one that everybody uses
    { "name": "Attach to web", "type": "node", "request": "attach", "localRoot": "\${workspaceFolder}/web", "remoteRoot": "/srv/site" },
  ],
}`,
  '.devcontainer/devcontainer.json': '{ "image": "node", "workspaceFolder": "/work/shop" }',
  'services/cart/src/index.ts': program('openCart'),
  'services/pay/src/index.ts': program('openPay'),
  'web/src/page.ts': program('render'),
  'other/src/page.ts': program('renderOther'),
  'tools/mail/send.py': program('send_mail'),
  'scripts/run.ts': program('runAll'),
  'old/one/thing.ts': program('thingOne'),
  'old/two/thing.ts': program('thingTwo'),
  'lib/deep/only.ts': program('only'),
};

const paths: readonly (readonly [string, string])[] = [
  ['cart', '/app/src/index.ts'],
  ['pay', '/app/src/index.ts'],
  ['web', '/srv/site/src/page.ts'],
  ['mail', '/opt/mail/send.py'],
  ['tools', '/work/shop/scripts/run.ts'],
  ['old', '/usr/lost/thing.ts'],
  ['gone', '/usr/away/missing.ts'],
];
const idOf = (service: string): string => String(paths.findIndex(([name]) => name === service) + 1);
const traceId = 'a1'.padStart(32, '0');

/** The machine may be busy. */
const later = { timeout: 20_000 };
let window: Workbench;
let workspace: string;
let firstMs = 0;
const removers: (() => void)[] = [];

beforeAll(async () => {
  const folder = temporaryFolder('mappings');
  removers.push(folder.remove);
  workspace = folder.path;
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), text);
  }
  const spans = paths.map(
    ([service, path], i): SpanSpec => ({
      traceId,
      spanId: String(i + 1),
      ...(i ? { parent: '1' } : {}),
      service,
      name: `${service} work`,
      attributes: { 'code.file.path': path, 'code.line.number': 12 },
    }),
  );
  window = await openWorkbench({
    workspace,
    settings: { 'window.dialogStyle': 'custom', 'spanhop.capture.wellKnownPort': false },
  });
  // Captured, so that no waterfall comes up and takes the focus of what is typed into here.
  firstMs = await window.host(
    async ({ api }, sent: { body: string; traceId: string }) => {
      const { capture, resolveSource } = await api();
      const { httpPort } = await capture.start();
      const headers = { 'content-type': 'application/json' };
      await fetch(`http://127.0.0.1:${httpPort}/v1/traces`, { method: 'POST', headers, body: sent.body });
      const begin = performance.now();
      await resolveSource(sent.traceId, '1'.padStart(16, '0'));
      return performance.now() - begin;
    },
    { body: JSON.stringify(request(spans)), traceId },
  );
});

beforeEach(({ onTestFailed }) => {
  onTestFailed(async () => console.log(`The window at that moment: ${await window.screenshot(`mappings-failed-${Date.now()}`)}`));
});

afterAll(async () => {
  await window?.close();
  for (const remove of removers) remove();
});

interface Place {
  readonly file: string;
  readonly confidence: number;
  readonly reason: string;
}

/** What the API says of the span of a service. */
const places = (service: string): Promise<readonly Place[]> =>
  window.host(
    async ({ api, vscode }, id: { traceId: string; spanId: string }) => {
      const found = await (await api()).resolveSource(id.traceId, id.spanId);
      return found.map(({ uri, confidence, reason }: { uri: import('vscode').Uri; confidence: number; reason: string }) => ({
        file: vscode.workspace.asRelativePath(uri),
        confidence,
        reason,
      }));
    },
    { traceId, spanId: idOf(service).padStart(16, '0') },
  );

const best = async (service: string): Promise<Place | undefined> => (await places(service))[0];

const setting = (): Record<string, string> => {
  try {
    const text = readFileSync(join(workspace, '.vscode', 'settings.json'), 'utf8');
    return JSON.parse(text)['spanhop.source.pathMappings'] ?? {};
  } catch {
    return {};
  }
};

const list = (): ReturnType<Workbench['page']['locator']> => window.page.locator('.quick-input-widget:visible .monaco-list-row');
const title = (): ReturnType<Workbench['page']['locator']> =>
  window.page.locator('.quick-input-widget:visible .quick-input-title');

/** Opens the list of mappings, by keyboard alone, and narrows it to one row. */
async function manage(filter: string): Promise<void> {
  await window.palette('Spanhop: Manage Path Mappings…');
  await title().filter({ hasText: 'Path mappings' }).waitFor();
  await window.page.locator('.quick-input-widget:visible input[type="text"]').last().fill(filter);
  await list().filter({ hasText: filter }).first().waitFor();
}

/** Enter on the row, then an action of the list that follows. */
async function choose(action: string): Promise<void> {
  const { page } = window;
  await page.keyboard.press('Enter');
  await list().filter({ hasText: action }).first().waitFor();
  await page.keyboard.type(action);
  await page.keyboard.press('Enter');
}

async function undo(): Promise<void> {
  await window.listNotifications();
  const button = window.page.locator('.notifications-center .notification-list-item').getByRole('button', { name: 'Undo' });
  await button.first().click();
  await window.command('notifications.clearAll');
}

const pictures = async (name: string): Promise<void> => {
  for (const theme of ['light', 'dark']) {
    await window.setTheme(theme);
    await window.settled();
    await window.screenshot(`mappings-${name}.${theme}`);
  }
};

describe('inferred mappings', () => {
  it('lead to source at once, with their origin', async () => {
    console.log(`first answer: ${Math.round(firstMs)} ms, build files looked for and read`);
    await expect
      .poll(async () => (await best('cart'))?.reason, later)
      .toMatch(/by the mapping of \/app in compose\.yaml, service cart \(COPY\)/);
    expect(await places('cart')).toMatchObject([{ file: 'services/cart/src/index.ts', confidence: 0.92 }]);
    // The same folder of another container.
    expect(await places('pay')).toMatchObject([{ file: 'services/pay/src/index.ts', confidence: 0.92 }]);
    expect((await best('pay'))?.reason).toContain('compose.yaml, service pay (COPY --from=build)');
    expect(await best('web')).toMatchObject({ file: 'web/src/page.ts' });
    expect((await best('web'))?.reason).toContain('.vscode/launch.json, "Attach to web" (remoteRoot)');
    expect(await best('mail')).toMatchObject({ file: 'tools/mail/send.py', confidence: 0.92 });
    expect((await best('tools'))?.reason).toContain('.devcontainer/devcontainer.json');
  });

  it('are listed with what they found', async () => {
    await manage('');
    const rows = (await list().allInnerTexts()).map((row) => row.replace(/\s+/g, ' '));
    const row = rows.find((text) => text.includes('/srv/site → web'));
    expect(row).toContain('1 place found');
    expect(row).toContain('From .vscode/launch.json, "Attach to web" (remoteRoot)');
    expect(rows.filter((text) => text.includes('/app → ')).length).toBe(2);
    await pictures('list');
    await window.page.keyboard.press('Escape');
  });

  it('are given up when they are refused, and come back', async () => {
    await manage('/srv/site');
    await choose('Refuse');
    await list().filter({ hasText: 'not used' }).waitFor();
    await window.page.keyboard.press('Escape');
    const places2 = await places('web');
    expect(places2.length).toBe(2);
    expect(places2[0].confidence).toBeLessThan(0.5);
    await manage('/srv/site');
    await choose('Use It Again');
    await list().filter({ hasText: '1 place found' }).first().waitFor();
    await window.page.keyboard.press('Escape');
    expect((await best('web'))?.file).toBe('web/src/page.ts');
  });

  it('are written to the settings when they are accepted, and taken out again', async () => {
    await manage('/srv/site');
    await choose('Accept');
    await expect.poll(setting, later).toEqual({ '/srv/site': `\${workspaceFolder}/web` });
    await window.page.keyboard.press('Escape');
    await expect.poll(async () => await best('web'), later).toMatchObject({ file: 'web/src/page.ts', confidence: 0.97 });
    await undo();
    await expect.poll(setting, later).toEqual({});
    await expect.poll(async () => (await best('web'))?.confidence, later).toBeLessThan(0.97);
  });

  it('follow their files', async () => {
    writeFileSync(join(workspace, 'compose.yaml'), files['compose.yaml'].replace('/opt/mail', '/opt/post'));
    await expect.poll(async () => (await best('mail'))?.reason, later).not.toContain('mapping');
    writeFileSync(join(workspace, 'compose.yaml'), files['compose.yaml']);
    await expect.poll(async () => (await best('mail'))?.reason, later).toContain('mapping');
  });
});

describe('pinning', () => {
  const explain = (service: string): Promise<unknown> =>
    window.host(
      ({ vscode }, id) => {
        void vscode.commands.executeCommand('spanhop.explainSource', id);
        return Promise.resolve(true);
      },
      { traceId, spanId: idOf(service).padStart(16, '0') },
    );
  /** The file and line in the active editor. */
  const shown = (): Promise<string> =>
    window.host(async ({ vscode }) => {
      const editor = vscode.window.activeTextEditor;
      return `${vscode.workspace.asRelativePath(editor?.document.uri ?? '')}:${(editor?.selection.active.line ?? 0) + 1}`;
    });
  const dialog = (): ReturnType<Workbench['page']['locator']> => window.page.locator('.monaco-dialog-box');

  it('writes the mapping that leads to a file, opens it, and takes it back', async () => {
    expect((await places('old')).length).toBe(2);
    await explain('old');
    const row = list().filter({ hasText: 'old/two' });
    await row.waitFor();
    await pictures('why');
    await row.hover();
    await row.getByRole('button', { name: 'Always Use This File' }).click();
    await dialog().getByText("Map /usr/lost to old/two in this workspace's settings?").waitFor();
    await pictures('question');
    await dialog().getByRole('button', { name: 'Map in Workspace' }).click();
    await expect.poll(setting, later).toEqual({ '/usr/lost': `\${workspaceFolder}/old/two` });
    await expect.poll(shown, later).toBe('old/two/thing.ts:12');
    expect(await places('old')).toMatchObject([{ file: 'old/two/thing.ts', confidence: 0.97 }]);
    await expect
      .poll(() => window.notifications(), later)
      .toContain("/usr/lost is mapped to old/two in this workspace's settings. The source is thing.ts:12.");
    await undo();
    await expect.poll(setting, later).toEqual({});
    await expect.poll(async () => (await places('old')).length, later).toBe(2);
  });

  it('pins by keyboard alone, and writes nothing when the question is dismissed', async () => {
    await explain('old');
    await list().filter({ hasText: 'old/two' }).waitFor();
    await window.page.keyboard.type('Always use');
    await window.page.keyboard.press('Enter');
    const which = window.page.locator('.quick-input-widget:visible input[placeholder="The file that is always to be used"]');
    await which.waitFor();
    const focused = list().and(window.page.locator('.focused'));
    if (!(await focused.innerText()).includes('old/one')) await which.press('ArrowDown');
    await focused.filter({ hasText: 'old/one' }).waitFor();
    await which.press('Enter');
    await dialog().getByText('Map /usr/lost to old/one').waitFor();
    await window.page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    expect(setting()).toEqual({});
  });

  it('takes a file that is not in the list, also when nothing was found', async () => {
    expect(await places('gone')).toEqual([]);
    await explain('gone');
    await list().filter({ hasText: 'Choose another file…' }).waitFor();
    await window.page.keyboard.type('Choose another');
    await window.page.keyboard.press('Enter');
    // No file has the name, so any may be it.
    const input = window.page.locator('.quick-input-widget:visible input[type="text"]').last();
    await title().filter({ hasText: 'Which file is /usr/away/missing.ts?' }).waitFor();
    const path = join(workspace, 'lib', 'deep', 'only.ts');
    await input.fill(path);
    await pictures('choose');
    const question = dialog().getByText('Map /usr/away/missing.ts to lib/deep/only.ts');
    // VS Code's own dialog reads the folder while a path is typed: it takes Enter for that as long as it does, and may put back what stood there.
    const ask = async (): Promise<boolean> => {
      if (await input.isVisible()) {
        if ((await input.inputValue()) !== path) await input.fill(path);
        await input.press('Enter', { timeout: 1000 }).catch(() => {});
      }
      return question.waitFor({ timeout: 1500 }).then(
        () => true,
        () => false,
      );
    };
    await expect.poll(ask, { timeout: 60_000 }).toBe(true);
    await dialog().getByText('The two files have different names').waitFor();
    await dialog().getByRole('button', { name: 'Map in Workspace' }).click();
    await expect.poll(shown, later).toBe('lib/deep/only.ts:12');
    await expect.poll(() => best('gone'), later).toMatchObject({ file: 'lib/deep/only.ts', confidence: 0.97 });
    await manage('/usr/away');
    await choose('Remove');
    await expect.poll(setting, later).toEqual({});
    await window.page.keyboard.press('Escape');
    await expect.poll(() => places('gone'), later).toEqual([]);
  });
});
