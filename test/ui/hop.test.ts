/** What a hop does to the editor: the cursor and a mark that fades, no selection, columns that keep what they show, tabs that are told apart. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { buildAll } from '../../src/build/build.mjs';
import { prepare } from '../sample/start.mjs';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

interface Expected {
  readonly traces: readonly { traceId: string; name: string }[];
  readonly failing: readonly { traceId: string; spanId: string; span: string; file: string; line: number }[];
}

const fixture = (name: string): string => readFileSync(join(projectRoot, 'test', 'fixtures', 'sample', name), 'utf8');
const { failing, traces } = JSON.parse(fixture('expected.json')) as Expected;
const [first, second] = failing.filter(({ traceId }, at) => failing.findIndex((one) => one.traceId === traceId) === at);
const [one, other] = traces.filter(({ name }) => name === 'POST /checkout');
const workspace = join(projectRoot, 'test', 'sample');
const later = { timeout: 30_000 };
let window: Workbench;

/** What is in front in each column. */
const inFront = (): Promise<string[]> =>
  window.host(
    ({ vscode }) =>
      [...vscode.window.tabGroups.all]
        .sort((a, b) => a.viewColumn - b.viewColumn)
        .map(({ activeTab }) => (activeTab ? activeTab.label.replace(/ · .*/, '') : '')),
    undefined,
  );
const tabs = (): Promise<string[]> =>
  window.host(({ vscode }) => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label)), undefined);
/** The active text editor. */
const cursor = () =>
  window.host(({ vscode }) => {
    const editor = vscode.window.activeTextEditor;
    const { document, selection } = editor ?? {};
    return {
      file: document && vscode.workspace.asRelativePath(document.uri),
      line: (selection?.active.line ?? -1) + 1,
      isEmpty: editor?.selections.every((one) => one.isEmpty),
      text: selection && document?.lineAt(selection.active.line).text,
      isOnText: selection && document?.lineAt(selection.active.line).text.slice(0, selection.active.character).trim() === '',
    };
  }, undefined);
const show = (file: string, viewColumn: number): Promise<unknown> =>
  window.host(
    async ({ vscode }, at: { path: string; viewColumn: number }) => {
      await vscode.window.showTextDocument(vscode.Uri.file(at.path), { viewColumn: at.viewColumn, preview: false });
    },
    { path: join(workspace, file), viewColumn },
  );
const openTrace = (traceId: string, spanId?: string): Promise<unknown> =>
  window.host(
    async ({ api }, at: { traceId: string; spanId?: string }) => (await api()).openTrace(at.traceId, { spanId: at.spanId }),
    { traceId, spanId },
  );
const closeAll = (): Promise<unknown> => window.command('workbench.action.closeAllEditors');
/** Shows a span that failed, and has the focus on its row. */
async function openFailing({ traceId, spanId, span }: Expected['failing'][number]): Promise<void> {
  await openTrace(traceId, spanId);
  const frame = await window.webview('[role=treegrid] .row.selected');
  await frame.locator('.row.selected', { hasText: span }).locator('.name').click();
}

/** From now on, how many layers of marks lie on lines: each number that can be seen, in its order. */
const watchMarks = (): Promise<unknown> =>
  window.page.evaluate(() => {
    const seen: number[] = [];
    const look = (): void => {
      const marks = [...document.querySelectorAll('.view-overlays .cdr')].filter(
        // A line that threw has a mark of its own, which stays and has no background.
        (one) => /TextEditorDecorationType/.test(one.className) && getComputedStyle(one).backgroundColor !== 'rgba(0, 0, 0, 0)',
      );
      if (seen.at(-1) !== marks.length) seen.push(marks.length);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
    Object.assign(globalThis, { seenMarks: seen });
  });
const seenMarks = (): Promise<number[]> => window.page.evaluate(() => Reflect.get(globalThis, 'seenMarks') as number[]);

beforeAll(async () => {
  await buildAll({ quiet: true });
  await prepare();
  window = await openWorkbench({
    workspace,
    width: 1700,
    height: 900,
    settings: { 'spanhop.capture.wellKnownPort': false, 'spanhop.source.followSelection': 'off', 'files.autoSave': 'off' },
  });
  const endpoint = await window.host(
    async ({ api }) => `http://127.0.0.1:${(await (await api()).capture.start()).httpPort}/v1/traces`,
    undefined,
  );
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(endpoint, { method: 'POST', headers, body: fixture('shop.otlp.json') })).status).toBe(200);
});
// A document with a change would be asked about when it closes, and keep all that follows from happening.
afterEach(() => window.command('workbench.action.files.revert'));
afterAll(() => window?.close());

it('puts the cursor on the line and selects nothing, so that the next key replaces nothing', async () => {
  await openFailing(first);
  await window.page.keyboard.press('Enter');
  await expect.poll(cursor, later).toMatchObject({ file: first.file, line: first.line, isEmpty: true });
  const { text = '' } = await cursor();
  expect(text.trim()).not.toBe('');
  // One letter: of several some may be completed, and which ones depends on what VS Code has loaded.
  await window.page.locator('.monaco-editor.focused').waitFor();
  await window.page.keyboard.press('x');
  await expect.poll(async () => (await cursor()).text?.length, later).toBe(text.length + 1);
  const typed = (await cursor()).text ?? '';
  const without = [...typed].map((_, at) => typed.slice(0, at) + typed.slice(at + 1));
  expect(without.filter((_, at) => typed[at] === 'x')).toContain(text);
});

it('marks the line, and the mark fades', async () => {
  await closeAll();
  await openFailing(first);
  await watchMarks();
  await window.page.keyboard.press('Enter');
  await expect.poll(seenMarks, later).toContain(3);
  await expect.poll(async () => (await seenMarks()).at(-1), later).toBe(0);
  const seen = await seenMarks();
  const fading = seen.slice(seen.lastIndexOf(3));
  expect(fading).toEqual([...fading].sort((a, b) => b - a));
});

it('is marked by a border where a theme has no colour for it', async () => {
  await window.setTheme('contrast');
  await closeAll();
  await openFailing(first);
  await window.page.evaluate(() => {
    const seen: string[] = [];
    new MutationObserver(() => {
      for (const mark of document.querySelectorAll('.view-overlays .cdr')) {
        const { borderTopWidth, borderTopColor } = getComputedStyle(mark);
        if (/TextEditorDecorationType/.test(mark.className) && borderTopWidth === '1px') seen.push(borderTopColor);
      }
    }).observe(document.body, { subtree: true, childList: true });
    Object.assign(globalThis, { seenBorders: seen });
  });
  await window.page.keyboard.press('Enter');
  await expect
    .poll(() => window.page.evaluate(() => (Reflect.get(globalThis, 'seenBorders') as string[]).at(-1)), later)
    .toMatch(/^rgb\(\d+, \d+, \d+\)$/);
  await window.setTheme('dark');
});

it('opens a trace beside the code, further ones in the same column, and source over none of them', async () => {
  await closeAll();
  await show('src/cart/cartStore.ts', 1);
  await openTrace(first.traceId);
  await expect.poll(inFront, later).toEqual(['cartStore.ts', 'POST /checkout']);
  await show('src/cart/cartStore.ts', 1);
  await openFailing(second);
  const root = traces.find(({ traceId }) => traceId === second.traceId)?.name;
  await expect.poll(inFront, later).toEqual(['cartStore.ts', root]);
  await window.page.keyboard.press('Enter');
  const file = second.file.split('/').at(-1);
  await expect.poll(inFront, later).toEqual([file, root]);
  expect(await cursor()).toMatchObject({ file: second.file, line: second.line, isEmpty: true });
});

it('tells tabs of one name apart, and gives the last of them its name back', async () => {
  await closeAll();
  await openTrace(one.traceId);
  await expect.poll(tabs, later).toEqual(['POST /checkout']);
  await openTrace(other.traceId);
  await expect
    .poll(async () => (await tabs()).map((label) => label.replace(/ · ([\d: APM\u202f]+|[\da-f]{8})$/, ' · …')), later)
    .toEqual(['POST /checkout · …', 'POST /checkout · …']);
  expect(new Set(await tabs()).size).toBe(2);
  await window.command('workbench.action.closeActiveEditor');
  await expect.poll(tabs, later).toEqual(['POST /checkout']);
});

it('opens a trace file beside the code too, and once', async () => {
  await closeAll();
  await show('src/cart/cartStore.ts', 1);
  const open = (): Promise<unknown> =>
    window.host(
      async ({ vscode, api }, path) => {
        await (await api()).openTraceFile(vscode.Uri.file(path));
      },
      join(projectRoot, 'media', 'sample', 'checkout.otlp.json'),
    );
  await open();
  await expect.poll(inFront, later).toEqual(['cartStore.ts', 'checkout.otlp.json']);
  await show('src/cart/cartStore.ts', 1);
  await open();
  await expect.poll(tabs, later).toEqual(['cartStore.ts', 'checkout.otlp.json']);
});

it('opens a trace beside two columns of code, over neither, and source of one column of traces in none of them', async () => {
  await closeAll();
  await show('src/cart/cartStore.ts', 1);
  await show('src/storefront/checkout.ts', 2);
  await show('src/cart/cartStore.ts', 1);
  await openTrace(first.traceId);
  await expect.poll(inFront, later).toEqual(['cartStore.ts', 'checkout.ts', 'POST /checkout']);
});
