// From code to spans beyond CodeLens, as a person has it: hovers, marks beside lines that threw, who reaches a function and what it calls, the
// list that previews, the trend against the capture before, switches for each language, and that all of it follows edits.

import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepare, runOnce } from '../sample/start.mjs';
import { charge, file, lineNumberOf, send, workspace } from '../support/chargeCalls';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 30_000 };
const throwing = 'throw new GatewayTimeout';
const thrownAt = lineNumberOf(throwing);
let window: Workbench;
let endpoint: string;

beforeAll(async () => {
  await prepare();
  window = await openWorkbench({
    workspace,
    width: 1400,
    settings: {
      'spanhop.capture.wellKnownPort': false,
      'editor.minimap.enabled': false,
      'editor.hover.delay': 100,
      'files.autoSave': 'off',
    },
  });
  await show();
  endpoint = await startCapture();
  await runOnce({ endpoint });
});

afterAll(() => window?.close());

const startCapture = (): Promise<string> =>
  window.host(async ({ api }) => `http://127.0.0.1:${(await (await api()).capture.start()).httpPort}`);

/** The file, alone in the window, its caret at the line that has the text. */
async function show(text = 'charge('): Promise<void> {
  await window.host(
    async ({ vscode }, { path, text: wanted }: { path: string; text: string }) => {
      const editor = await vscode.window.showTextDocument(vscode.Uri.file(path), { viewColumn: 1, preview: false });
      const { document } = editor;
      const line =
        Array.from({ length: document.lineCount }, (_, i) => i).find((i) => document.lineAt(i).text.includes(wanted)) ?? 0;
      const at = new vscode.Position(line, document.lineAt(line).text.indexOf(wanted) + 2);
      editor.selection = new vscode.Selection(at, at);
      editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
    },
    { path: file, text },
  );
}

/** Texts of the lenses, from top to bottom; spaces of any kind as one. */
const lenses = async (): Promise<string[]> => {
  const all = window.page.locator('.codelens-decoration:visible a, .codelens-decoration:visible > span[id]');
  return (await all.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()).filter((text) => text !== '');
};

/** What the hover over a text of the editor says of spans. */
async function hover(line: string, over: string): Promise<Locator> {
  const hovers = window.page.locator('.monaco-hover:visible .hover-contents', { hasText: /calls?\b|recorded/ });
  await expect
    .poll(async () => {
      await window.page.mouse.move(700, 790);
      const row = window.page.locator('.view-line', { hasText: line }).first();
      await row.locator('span > span', { hasText: over }).first().hover();
      await window.page.waitForTimeout(600);
      return hovers.count();
    }, later)
    .toBeGreaterThan(0);
  return hovers.last();
}

const plain = async (locator: Locator): Promise<string> => (await locator.innerText()).replace(/\s+/g, ' ');

it('tells in a hover of the last calls, the exception with its lines, values and callers', async () => {
  await expect.poll(lenses, later).toContainEqual(expect.stringMatching(/^\d+ calls · p50/));
  const said = async (): Promise<string> => plain(await hover('charge(charge: Charge)', 'charge'));
  // The first time, looking for the frames in the workspace takes longer than a hover waits.
  await expect.poll(said, later).toContain(`paymentService.ts:${thrownAt}`);
  const text = await said();
  expect(text).toMatch(/PaymentService\.charge: \d+ calls · p50 [\d.]+ m?s · p95 [\d.]+ m?s · \d+ errors?/);
  expect(text).toMatch(/GatewayTimeout: no answer after 3 tries — \d+× · last (now|\d+ s ago) · paymentService\.ts:\d+/);
  expect(text).toMatch(/Called by POST \/checkout \(storefront\) \d+×/);
  expect(text).toMatch(/payment\.currency: EUR \d+×/);
  // The card is hidden by the default rules.
  expect(text).not.toMatch(/\d{4}[ -]\d{4}/);
  expect(text).toMatch(/Last calls [\d.]+ m?s · (now|\d+ s ago)/);
  await window.screenshot('code-hover-dark');
});

it('opens from the hover the trace of a call at its span', async () => {
  const shown = await hover('charge(charge: Charge)', 'charge');
  await shown.locator('li a').first().click();
  const waterfall = await window.webview('[role=treegrid]');
  const selected = waterfall.locator('.row.selected').first();
  await expect.poll(() => selected.getAttribute('aria-label').catch(() => ''), later).toContain(charge);
  await window.command('workbench.action.closeActiveEditor');
  await show();
});

it('marks the line that threw, and in the overview ruler; a click beside it still sets a breakpoint', async () => {
  await show(throwing);
  const marks = (): Promise<number[]> => markedLines();
  await expect.poll(marks, later).toEqual([thrownAt]);
  const text = await plain(await hover(throwing, 'GatewayTimeout'));
  expect(text).toMatch(/Thrown here: \d+×/);
  // Problems and we stand below each other there: the error is told by one of them.
  const whole = await plain(window.page.locator('.monaco-hover:visible', { hasText: 'Thrown here' }).last());
  expect(whole.match(/GatewayTimeout: no answer after 3 tries/g)).toHaveLength(1);
  await expect.poll(overviewHasColour, later).toBe(true);
  const row = window.page.locator('.margin-view-overlays .line-numbers', { hasText: new RegExp(`^${thrownAt}$`) });
  const box = await row.boundingBox();
  if (!box) throw new Error('the line is not shown');
  await window.page.mouse.click(box.x - 12, box.y + box.height / 2);
  const breakpoints = (): Promise<number[]> =>
    window.host(({ vscode }) =>
      vscode.debug.breakpoints.flatMap((one) =>
        one instanceof vscode.SourceBreakpoint ? [one.location.range.start.line + 1] : [],
      ),
    );
  await expect.poll(breakpoints, later).toEqual([thrownAt]);
  await window.page.mouse.move(700, 790);
  await window.screenshot('code-marks-dark');
  // As an icon it stands beside a breakpoint that is there, which is taken away by a click.
  await configure('spanhop.codeMarks.style', 'icon');
  await expect.poll(() => window.page.locator('.glyph-margin-widgets .cgmr').count(), later).toBeGreaterThan(1);
  await window.screenshot('code-marks-icon-dark');
  await window.page
    .locator('.glyph-margin-widgets .codicon-debug-breakpoint, .glyph-margin-widgets .codicon-debug-breakpoint-unverified')
    .first()
    .click();
  await expect.poll(breakpoints, later).toEqual([]);
  await configure('spanhop.codeMarks.style', undefined);
  await expect.poll(marks, later).toEqual([thrownAt]);
});

it('shows in a peek who reaches a function, those without source as well', async () => {
  await show();
  await window.command('spanhop.showCallers');
  const tree = window.page.locator('.reference-zone-widget .ref-tree');
  await expect.poll(() => plain(tree), later).toMatch(/app\.ts/);
  await window.page.locator('.reference-zone-widget .ref-tree .monaco-list-row').first().waitFor();
  await window.screenshot('code-callers-dark');
  expect(await plain(tree)).toMatch(/checkout\.ts/);
  // A caller is where its span is made, not what it threw.
  expect(await plain(tree)).not.toContain('throw new');
  await tree.locator('.monaco-list-row', { hasText: 'Callers' }).locator('.monaco-tl-twistie').click();
  await expect.poll(() => pageOf('/Callers'), later).not.toBe('');
  const page = await pageOf('/Callers');
  expect(page).toMatch(/^Who reaches PaymentService\.charge\nOf the last \d+ calls/);
  expect(page).toMatch(/Entry points\n {2}POST \/checkout +storefront +\d+ calls/);
  await window.page.keyboard.press('Escape');
  await expect.poll(() => tree.count(), later).toBe(0);
});

it('shows what a function calls, with its share of the time', async () => {
  await show();
  await window.command('spanhop.showCallees');
  const tree = window.page.locator('.reference-zone-widget .ref-tree');
  await expect.poll(() => tree.count(), later).toBe(1);
  await tree.locator('.monaco-list-row', { hasText: 'Callees' }).locator('.monaco-tl-twistie').click();
  const page = (): Promise<string> => pageOf('/Callees');
  await expect.poll(page, later).toMatch(/^What PaymentService\.charge calls/);
  expect(await page()).toMatch(/\d+×, [\d.]+ per call, \d+ % of its time/);
  await window.screenshot('code-callees-dark');
  await window.page.keyboard.press('Escape');
});

it('previews calls beside the list as one moves through it, and takes the preview away again', async () => {
  await show();
  const groups = (): Promise<number> => window.host(({ vscode }) => vscode.window.tabGroups.all.length);
  expect(await groups()).toBe(1);
  await window.command('spanhop.showSpansAtCursor');
  const title = window.page.locator('.quick-input-title');
  await expect.poll(() => title.innerText(), later).toMatch(/^PaymentService\.charge: \d+ calls$/);
  await window.page.locator('.quick-input-list .monaco-list-row.focused').waitFor();
  await window.page.keyboard.press('ArrowDown');
  const waterfall = await window.webview('[role=treegrid]');
  const selected = waterfall.locator('.row.selected').first();
  await expect.poll(() => selected.getAttribute('aria-label').catch(() => ''), later).toContain(charge);
  await window.screenshot('code-preview-dark');
  // The focus is still in the list.
  await window.page.keyboard.press('ArrowDown');
  await window.page.keyboard.press('ArrowDown');
  expect(await title.isVisible()).toBe(true);
  expect(await groups()).toBe(2);
  await window.page.locator('.quick-input-titlebar .action-label[aria-label="Show only errors"]').click();
  await expect.poll(() => title.innerText(), later).toMatch(/errors only$/);
  const icons = window.page.locator('.quick-input-list .monaco-list-row .codicon-pass');
  await expect.poll(() => icons.count(), later).toBe(0);
  await window.page.keyboard.press('Escape');
  await expect.poll(groups, later).toBe(1);
});

it('moves with the text while one types, unsaved, and does not stay when its function is cut', async () => {
  await show();
  const heads = (): Promise<string[]> =>
    window.host(async ({ vscode }) => {
      const { document } = vscode.window.activeTextEditor ?? {};
      const all = (await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document?.uri, 100)) as {
        readonly range: { readonly start: { readonly line: number } };
        readonly command?: { readonly command: string; readonly title: string };
      }[];
      return all
        .filter(({ command }) => command?.command === 'spanhop.showSpansAtCursor')
        .map(({ range }) => document?.lineAt(range.start.line).text.trim() as string);
    });
  const before = await heads();
  expect(before).toContainEqual(expect.stringMatching(/^charge\(/));
  const edit = (from: number, to: number, text: string): Promise<unknown> =>
    window.host(
      async ({ vscode }, change: { from: number; to: number; text: string }) => {
        const { document } = vscode.window.activeTextEditor ?? {};
        if (!document) throw new Error('no editor');
        const changes = new vscode.WorkspaceEdit();
        const range = new vscode.Range(change.from, 0, change.to, 0);
        changes.replace(document.uri, range, change.text);
        await vscode.workspace.applyEdit(changes);
      },
      { from, to, text },
    );
  await edit(0, 0, '// one\n// two\n// three\n// four\n// five\n');
  expect(await heads()).toEqual(before);
  await show(throwing);
  await expect.poll(() => markedLines(), later).toEqual([thrownAt + 5]);
  const text = await plain(await hover(throwing, 'GatewayTimeout'));
  expect(text).toContain('Thrown here');
  await window.command('workbench.action.files.revert');
  expect(await heads()).toEqual(before);
});

it('is switched off for a language, at once', async () => {
  await show();
  const lens = expect.stringMatching(/calls · p50/);
  await expect.poll(lenses, later).toContainEqual(lens);
  await configure('spanhop.codeLens.enabled', false, 'typescript');
  await expect.poll(lenses, later).toEqual([]);
  await configure('spanhop.codeLens.enabled', undefined, 'typescript');
  await expect.poll(lenses, later).toContainEqual(lens);
  await show(throwing);
  await expect.poll(() => markedLines(), later).toEqual([thrownAt]);
  await configure('spanhop.codeMarks.enabled', false, 'typescript');
  await expect.poll(() => markedLines(), later).toEqual([]);
  await configure('spanhop.codeHover.enabled', false, 'typescript');
  const hovers = (): Promise<string> =>
    window.host(async ({ vscode }) => {
      const { document, selection } = vscode.window.activeTextEditor ?? {};
      const all = (await vscode.commands.executeCommand('vscode.executeHoverProvider', document?.uri, selection?.active)) as {
        readonly contents: readonly { readonly value: string }[];
      }[];
      return all.flatMap(({ contents }) => contents.map(({ value }) => value)).join('\n');
    });
  expect(await hovers()).not.toContain('showCallers');
  for (const name of ['codeMarks', 'codeHover']) await configure(`spanhop.${name}.enabled`, undefined, 'typescript');
  await expect.poll(() => markedLines(), later).toEqual([thrownAt]);
  expect(await hovers()).toContain('showCallers');
});

it('shows hostile text of a trace as text', async () => {
  const evil = '[x](command:workbench.action.quit) <img src=x> https://evil.example $(bug) `a` |b| **c**';
  await send(
    endpoint,
    Array.from({ length: 3 }, (_, i) => ({
      id: 500 + i,
      ms: 5,
      attributes: { 'http.route': evil },
      exception: { type: evil, message: `${evil}\n# big` },
    })),
  );
  await show();
  await expect
    .poll(async () => plain(await hover('charge(charge: Charge)', 'charge')), later)
    .toContain('http.route: [x](command:workbench.action.quit) <img src=x> https://evil');
  const shown = await hover('charge(charge: Charge)', 'charge');
  expect(await shown.locator('img, h1, table, strong:text-is("c")').count()).toBe(0);
  const targets = await shown.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('data-href') ?? ''));
  expect(targets.length).toBeGreaterThan(5);
  for (const target of targets) expect(target).toMatch(/^(?:command:spanhop\.(?:openTraceBeside|show\w+)\?|file:\/\/)/);
  expect(targets.join()).not.toContain('quit');
});

it('tells the trend against the capture before', async () => {
  await window.host(async ({ api }) => {
    await (await api()).capture.stop();
  });
  endpoint = await startCapture();
  await send(
    endpoint,
    Array.from({ length: 8 }, (_, i) => ({ id: 800 + i, ms: 9000 })),
  );
  await expect.poll(lenses, later).toContainEqual(expect.stringMatching(/▲ [\d.]+(×| %)/));
  await window.screenshot('code-trend-dark');
  await configure('spanhop.codeLens.trend', false, 'typescript');
  await expect.poll(async () => (await lenses()).join(), later).not.toContain('▲');
  await configure('spanhop.codeLens.trend', undefined, 'typescript');
});

it('looks right in light and high contrast', async () => {
  for (const theme of ['light', 'contrast', 'contrastLight']) {
    await window.setTheme(theme);
    await show(throwing);
    await hover(throwing, 'GatewayTimeout');
    await window.screenshot(`code-hover-${theme}`);
    await configure('spanhop.codeMarks.functions', true);
    await configure('spanhop.codeMarks.style', 'icon');
    await window.page.mouse.move(700, 790);
    await expect.poll(() => window.page.locator('.glyph-margin-widgets .cgmr').count(), later).toBeGreaterThan(0);
    await window.screenshot(`code-marks-icon-${theme}`);
    await configure('spanhop.codeMarks.style', undefined);
    await configure('spanhop.codeMarks.functions', undefined);
  }
});

it('is gone when the captures are cleared', async () => {
  await expect.poll(() => markedLines(), later).toEqual([thrownAt]);
  await window.host(async ({ api }) => {
    await (await api()).capture.clear();
  });
  await expect.poll(() => markedLines(), later).toEqual([]);
  await show();
  await expect.poll(lenses, later).toEqual([]);
});

/** The page of callers or callees that was opened last; empty while there is none. */
function pageOf(path: string): Promise<string> {
  return window.host(({ vscode }, wanted: string) => {
    const open = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === 'spanhop-reach' && uri.path === wanted);
    return open.at(-1)?.getText() ?? '';
  }, path);
}

/** Numbers of the lines that have a mark, as the window paints them. */
async function markedLines(): Promise<number[]> {
  return window.page.evaluate(() => {
    const bars = [...document.querySelectorAll('.view-overlays .cdr')].filter((one) => {
      const style = getComputedStyle(one);
      return style.borderLeftWidth === '3px' && style.borderLeftStyle === 'solid';
    });
    const tops = new Set(bars.map((bar) => Math.round(bar.getBoundingClientRect().top)));
    return [...document.querySelectorAll('.margin-view-overlays .line-numbers')]
      .filter((one) => tops.has(Math.round(one.getBoundingClientRect().top)))
      .map((one) => Number(one.textContent));
  });
}

/** Whether anything red is painted on the overview ruler. */
function overviewHasColour(): Promise<boolean> {
  return window.page.evaluate(() =>
    [...document.querySelectorAll<HTMLCanvasElement>('canvas.decorationsOverviewRuler')].some((canvas) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3] > 0 && data[i] > 150 && data[i + 1] < 110 && data[i + 2] < 110) return true;
      return false;
    }),
  );
}

async function configure(name: string, value: unknown, language?: string): Promise<void> {
  await window.host(
    async ({ vscode }, change: { name: string; value: unknown; language?: string }) => {
      const scope = change.language ? { languageId: change.language } : undefined;
      const configuration = vscode.workspace.getConfiguration(undefined, scope);
      await configuration.update(change.name, change.value, vscode.ConfigurationTarget.Global, change.language !== undefined);
    },
    { name, value, language },
  );
}
