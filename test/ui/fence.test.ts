// Files outside of the workspace, in a window whose folder is a link itself: what leads there asks, whatever it is, and what stays inside does not.

import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BASE_MS, request, type SpanSpec } from '../support/otlp';
import { temporaryFolder } from '../vscode/processes.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
const removers: (() => void)[] = [];
let window: Workbench;
/** With links followed. */
let base: string;
/** As it is open: by a link. */
let shop: string;

const inlineMap = (map: Readonly<Record<string, unknown>>): string => {
  const text = JSON.stringify({ version: 3, names: [], mappings: 'AAAA', ...map });
  return `pay();\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(text).toString('base64')}\n`;
};

/** By the last digit of the span's id: its path, in the workspace unless it is absolute. */
const paths: Readonly<Record<string, () => string>> = {
  inside: () => 'src/pay.js',
  linkInside: () => 'apps/cart/cart.js',
  link: () => 'src/link.js',
  linkedFolder: () => 'lib/secret.js',
  carried: () => 'dist/carried.js',
  mappedMap: () => 'dist/mapped.js',
  climb: () => `/climb/${basename(base)}/elsewhere/passwd`,
};
const names = Object.keys(paths);
const traceId = 'fe'.padStart(32, '0');
const spanId = (name: string): string => (names.indexOf(name) + 1).toString(16).padStart(16, '0');

beforeAll(async () => {
  const folder = temporaryFolder('fence');
  removers.push(folder.remove);
  base = realpathSync(folder.path);
  const real = join(base, 'shop');
  const files: Readonly<Record<string, string>> = {
    'shop/src/pay.js': '// The shop\nfunction pay() {}\n',
    'shop/packages/cart/cart.js': '// The cart\nfunction cart() {}\n',
    'shop/dist/carried.js': inlineMap({
      sources: ['../../elsewhere/passwd'],
      sourcesContent: ['the text of the map'],
    }),
    'shop/dist/mapped.js': inlineMap({ sources: ['/mapped/passwd'] }),
    'elsewhere/passwd': 'root:x:0:0\n',
    'elsewhere/lib/secret.js': '// Secret\nfunction secret() {}\n',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name)), { recursive: true });
    writeFileSync(join(base, name), text);
  }
  mkdirSync(join(real, 'apps'));
  symlinkSync(join('..', 'packages', 'cart'), join(real, 'apps', 'cart'));
  symlinkSync(join(base, 'elsewhere', 'passwd'), join(real, 'src', 'link.js'));
  symlinkSync(join(base, 'elsewhere', 'lib'), join(real, 'lib'));
  shop = join(base, 'by-link');
  symlinkSync(real, shop);
  const spans = names.map((name): SpanSpec => {
    const path = paths[name]();
    const file = path.startsWith('/') ? path : join(shop, path);
    const stack = `Error: ${name}\n    at pay (${file}:1:1)`;
    return {
      traceId,
      spanId: spanId(name),
      ...(name === 'inside' ? {} : { parent: spanId('inside') }),
      name,
      // Problems shows what happened after the last save of a file: later than all that is written below.
      startMs: Date.now() - BASE_MS + 60_000,
      attributes: { 'code.file.path': file, 'code.line.number': 1, 'code.column.number': 1 },
      error: true,
      events: [
        {
          name: 'exception',
          attributes: { 'exception.type': 'Error', 'exception.message': name, 'exception.stacktrace': stack },
        },
      ],
    };
  });
  window = await openWorkbench({
    workspace: shop,
    settings: {
      'window.dialogStyle': 'custom',
      'spanhop.capture.wellKnownPort': false,
      'spanhop.source.followSelection': 'always',
      // No marks in the text but that of the selection.
      'spanhop.codeMarks.enabled': false,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code's variable
      'spanhop.source.pathMappings': { '/mapped': join(base, 'elsewhere'), '/climb': '${workspaceFolder}/../..' },
    },
  });
  await window.host(
    async ({ api }, body) => {
      const { httpPort } = await (await api()).capture.start();
      const headers = { 'content-type': 'application/json' };
      await fetch(`http://127.0.0.1:${httpPort}/v1/traces`, { method: 'POST', headers, body });
    },
    JSON.stringify(request(spans)),
  );
});

beforeEach(async ({ onTestFailed }) => {
  onTestFailed(async () => console.log(`The window at that moment: ${await window.screenshot(`fence-failed-${Date.now()}`)}`));
  await window.command('workbench.action.closeAllEditors');
});

afterAll(async () => {
  await window?.close();
  for (const remove of removers) remove();
});

const dialog = () => window.page.locator('.monaco-dialog-box');
const hop = (name: string): Promise<unknown> =>
  window.command('spanhop.goToSource', { traceId, spanId: spanId(name), backend: 'local' });
const shown = (): Promise<{ scheme: string; path: string; text: string } | undefined> =>
  window.host(({ vscode }) => {
    const document = vscode.window.activeTextEditor?.document;
    return document && { scheme: document.uri.scheme, path: document.uri.fsPath, text: document.getText() };
  });

/** Hops, and answers the question. */
async function answer(name: string, button: 'Open' | 'Cancel'): Promise<string> {
  const hopping = hop(name);
  await dialog().waitFor();
  const question = await dialog().innerText();
  await dialog().getByRole('button', { name: button }).click();
  await hopping;
  return question;
}

describe('a hop', () => {
  it('opens what is in the workspace without a word, also through links that stay in it', async () => {
    await hop('inside');
    expect(await shown()).toMatchObject({ path: join(shop, 'src/pay.js') });
    await hop('linkInside');
    expect((await shown())?.text).toContain('The cart');
    expect(await dialog().count()).toBe(0);
  });

  it.each(['link', 'linkedFolder', 'mappedMap', 'climb'])(
    'asks before it leaves the workspace (%s), and says where to',
    async (name) => {
      const real = join(base, 'elsewhere', name === 'linkedFolder' ? 'lib/secret.js' : 'passwd');
      expect(await answer(name, 'Cancel')).toContain(`${real} is outside of the workspace. Open it?`);
      expect(await shown()).toBeUndefined();
      await answer(name, 'Open');
      expect(await shown()).toMatchObject({ path: real });
    },
  );

  it('shows the text of a source map, and not the file of its name', async () => {
    await hop('carried');
    expect(await shown()).toMatchObject({ scheme: 'spanhop-original', text: 'the text of the map' });
    expect(await dialog().count()).toBe(0);
  });

  it('asks where a file became a link since it was found', async () => {
    const file = join(shop, 'packages/cart/cart.js');
    const places = await window.host(
      async ({ api }, id: { traceId: string; spanId: string }) => {
        const [best] = await (await api()).resolveSource(id.traceId, id.spanId);
        return best.outsideWorkspace === undefined;
      },
      { traceId, spanId: spanId('linkInside') },
    );
    expect(places).toBe(true);
    rmSync(file);
    symlinkSync(join(base, 'elsewhere', 'passwd'), file);
    await answer('linkInside', 'Cancel');
    expect(await shown()).toBeUndefined();
    rmSync(file);
    writeFileSync(file, '// The cart\nfunction cart() {}\n');
  });
});

it('tells other extensions what is outside, and gives them the text of a map as that', async () => {
  const answers = await window.host(
    async ({ api }, { id, spans }: { id: string; spans: Record<string, string> }) => {
      const { resolveSource } = await api();
      const all = await Promise.all(
        Object.entries(spans).map(async ([name, span]) => [name, (await resolveSource(id, span))[0]]),
      );
      return all.map(([name, { uri, outsideWorkspace }]) => `${name} ${uri.scheme} ${outsideWorkspace ? 'outside' : 'inside'}`);
    },
    { id: traceId, spans: Object.fromEntries(names.map((name) => [name, spanId(name)])) },
  );
  expect(answers).toEqual([
    'inside file inside',
    'linkInside file inside',
    'link file outside',
    'linkedFolder file outside',
    'carried spanhop-original inside',
    'mappedMap file outside',
    'climb file outside',
  ]);
});

it('puts errors in Problems at files of the workspace only', async () => {
  const files = (): Promise<string[]> =>
    window.host(({ vscode }) =>
      vscode.languages
        .getDiagnostics()
        .filter(([, all]: [unknown, readonly { source?: string }[]]) => all.some(({ source }) => source === 'Spanhop'))
        .map(([uri]: readonly [import('vscode').Uri, unknown]) => vscode.workspace.asRelativePath(uri))
        .sort(),
    );
  await expect.poll(files, later).toEqual(['apps/cart/cart.js', 'src/pay.js']);
});

it('follows a selection without a question: what is outside is passed over', async () => {
  await window.host(
    async ({ api, vscode, memory }, { id, first }) => {
      const seen: string[] = [];
      memory.seen = seen;
      vscode.window.onDidChangeVisibleTextEditors((editors: readonly import('vscode').TextEditor[]) =>
        seen.push(...editors.map(({ document }) => vscode.workspace.asRelativePath(document.uri))),
      );
      // It would open at the span that failed.
      await (await api()).openTrace(id, { spanId: first });
      return true;
    },
    { id: traceId, first: spanId(names[0]) },
  );
  const frame = await window.webview('[role=treegrid] [role=row]');
  const seen = (): Promise<string[]> => window.host(({ memory }) => [...new Set(memory.seen as string[])]);
  const selected = (name: string): Promise<void> =>
    frame.locator('[role=row][aria-selected=true]').filter({ hasText: name }).waitFor();
  // The line is marked as long as its span is selected.
  const marks = (): Promise<number> => window.page.locator('.editor-instance .view-overlays [class*=ced-]').count();
  await frame.locator('[role=row]').first().press('ArrowDown');
  await expect.poll(seen, later).toEqual(['apps/cart/cart.js']);
  for (const [down, name] of [...names.entries()].slice(2)) {
    await window.page.keyboard.press('Home');
    await expect.poll(marks, later).toBeGreaterThan(0);
    for (let row = 0; row < down; row++) await window.page.keyboard.press('ArrowDown');
    await selected(name);
    await expect.poll(marks, later).toBe(0);
    expect((await seen()).filter((file) => file !== 'apps/cart/cart.js' && file !== 'src/pay.js')).toEqual([]);
  }
  await window.page.keyboard.press('Home');
  await expect.poll(seen, later).toEqual(['apps/cart/cart.js', 'src/pay.js']);
  expect(await dialog().count()).toBe(0);
});
