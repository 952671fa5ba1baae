// Errors in Problems: at the line that threw, with their count, the lines above and a way to the trace; and when they go.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepare, runOnce } from '../sample/start.mjs';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 30_000, interval: 100 };
const workspace = join(projectRoot, 'test', 'sample');
const payments = join(workspace, 'src', 'payments', 'paymentService.ts');
const pricing = join(workspace, 'src', 'pricing', 'discounts.ts');
// The web's editor would save by itself, and the sample's source is the project's.
const settings = { 'spanhop.capture.wellKnownPort': false, 'files.autoSave': 'off' };
let window: Workbench;
let endpoint: string;
let failures: readonly Failure[];

interface Failure {
  readonly exception: string;
  readonly service: string;
  readonly span: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

interface Entry {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly message: string;
  readonly severity: number;
  readonly code: string;
  readonly target: string;
  readonly related: readonly string[];
}

/** What is in Problems from Spanhop, of one file or of all. */
const entries = (file = ''): Promise<Entry[]> =>
  window.host(async ({ vscode }, wanted: string) => {
    const found: Entry[] = [];
    for (const [uri, diagnostics] of vscode.languages.getDiagnostics()) {
      if (wanted !== '' && uri.fsPath !== wanted) continue;
      for (const { source, message, severity, range, code, relatedInformation = [] } of diagnostics) {
        if (source !== 'Spanhop') continue;
        const document = await vscode.workspace.openTextDocument(uri);
        found.push({
          file: uri.fsPath,
          line: range.start.line + 1,
          // It begins where the line's text does, and covers nothing that VS Code would select.
          text: range.isEmpty ? document.lineAt(range.start).text.slice(range.start.character) : '',
          message,
          severity,
          code: typeof code === 'object' ? String(code.value) : '',
          target: typeof code === 'object' ? code.target.toString() : '',
          related: relatedInformation.map(
            (one) => `${one.message} ${one.location.uri.path.split('/').at(-1)}:${one.location.range.start.line + 1}`,
          ),
        });
      }
    }
    return found;
  }, file);

const placesOf = async (): Promise<string[]> => (await entries()).map(({ file, line, message }) => `${file}:${line} ${message}`);

/** Shows a file and puts the cursor at a line (from 1), at the end of its text. */
const goTo = (file: string, line: number): Promise<unknown> =>
  window.host(
    async ({ vscode }, at: { file: string; line: number }) => {
      const editor = await vscode.window.showTextDocument(vscode.Uri.file(at.file), { viewColumn: 1 });
      const end = editor.document.lineAt(at.line - 1).range.end;
      editor.selection = new vscode.Selection(end, end);
      editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
    },
    { file, line },
  );

/** The quick fixes at a line (from 1), by the keyboard as a person asks for them. */
async function quickFixes(file: string, line: number): Promise<Locator> {
  // An empty one stays behind in the page for a while, where a menu was shown before.
  const menu = window.page.locator('.action-widget:not(.action-list-submenu-panel):visible', { hasText: 'Open the trace of' });
  await expect
    .poll(async () => {
      await goTo(file, line);
      await window.page.keyboard.press('Control+.');
      return menu.innerText({ timeout: 2000 }).catch(() => '');
    }, later)
    .toContain('Open the trace of');
  return menu;
}

/** Inserts text before a line (from 1), or at its end. */
const insert = (file: string, line: number, text: string, atEnd = false): Promise<unknown> =>
  window.host(
    async ({ vscode }, edit: { file: string; line: number; text: string; atEnd: boolean }) => {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(edit.file));
      const change = new vscode.WorkspaceEdit();
      const { range } = document.lineAt(edit.line - 1);
      change.insert(document.uri, edit.atEnd ? range.end : range.start, edit.text);
      await vscode.workspace.applyEdit(change);
    },
    { file, line, text, atEnd },
  );

const configure = (name: string, value: unknown): Promise<unknown> =>
  window.host(
    async ({ vscode }, setting: { name: string; value: unknown }) => {
      await vscode.workspace.getConfiguration().update(setting.name, setting.value, vscode.ConfigurationTarget.Global);
    },
    { name, value },
  );

beforeAll(async () => {
  await prepare();
  window = await openWorkbench({ workspace, settings });
  endpoint = await window.host(async ({ vscode, api }, path: string) => {
    await vscode.window.showTextDocument(vscode.Uri.file(path));
    return `http://127.0.0.1:${(await (await api()).capture.start()).httpPort}`;
  }, payments);
});

afterAll(() => window?.close());

it('puts each error at the line that threw', async () => {
  expect(await entries()).toEqual([]);
  const expected = (await runOnce({ endpoint })) as { readonly failing?: Failure }[];
  failures = expected.flatMap(({ failing }) => failing ?? []);
  expect(failures.map(({ exception }) => exception)).toEqual(['GatewayTimeout', 'TypeError']);
  for (const { exception, file, line } of failures) {
    await expect
      .poll(async () => (await entries(join(workspace, file))).map((one) => `${one.line} ${one.message.split(':')[0]}`), later)
      .toContain(`${line} ${exception}`);
  }
  // What callers and clients made of them: all are there before anything is compared with them.
  await expect
    .poll(async () => (await entries(join(workspace, 'src/shared/http.ts'))).map(({ message }) => message).sort(), later)
    .toEqual([
      expect.stringMatching(/^TimeoutError: gateway did not answer within/),
      'UpstreamError: cart answered 500 to GET /cart/:id/total',
      'UpstreamError: pricing answered 500 to POST /price',
    ]);
  const [timeout] = await entries(payments);
  // A warning: errors would make VS Code ask before launches.
  expect(timeout).toMatchObject({ message: 'GatewayTimeout: no answer after 3 tries', severity: 1 });
  expect(timeout.text).toMatch(/^throw new GatewayTimeout\(.*\);$/);
  expect(timeout.code).toMatch(/^last at \d\d:\d\d:\d\d$/);
  expect(timeout.target).toMatch(/:\/\/spanhop\.spanhop\/trace\/[0-9a-f]{32}\?/);
});

it('leads to the lines above', async () => {
  const lines = (await readFile(pricing, 'utf8')).split('\n');
  const at = (text: string): number => lines.findIndex((line) => line.includes(text)) + 1;
  const [error] = await entries(pricing);
  expect(error.related[0]).toMatch(new RegExp(`^called from \\S.* discounts\\.ts:${at('const percents = codes.map')}$`));
  expect(error.related.some((one) => /traced\.ts:\d+$/.test(one))).toBe(true);
});

it('counts further runs, without setting anew what did not change', async () => {
  const before = await entries();
  await runOnce({ endpoint });
  await expect
    .poll(async () => (await entries(payments)).map(({ message }) => message), later)
    .toEqual([expect.stringMatching(/^GatewayTimeout: no answer after 3 tries \(2× in [\d.]+ (?:s|min)\)$/)]);
  await expect.poll(async () => (await entries()).length, later).toBe(before.length);
  await window.host(async ({ vscode, memory }) => {
    const held = memory as { sets: string[] };
    held.sets = [];
    vscode.languages.onDidChangeDiagnostics(({ uris }: { uris: readonly { fsPath: string }[] }) => {
      held.sets.push(...uris.map(({ fsPath }) => fsPath));
    });
  });
  const sets = (file: string): Promise<number> =>
    window.host(
      async ({ memory }, path: string) => (memory as { sets: string[] }).sets.filter((set) => set === path).length,
      file,
    );
  // VS Code tells of what changed a moment later: when it has told of a new error, it has told of all before it.
  const marker = join(workspace, 'src/cart/cartStore.ts');
  await thrown('src/cart/cartStore.ts', 31);
  await expect.poll(() => sets(marker), later).toBeGreaterThan(0);
  const told = { marker: await sets(marker), payments: await sets(payments) };
  // Traces without an error come in.
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId: 'e'.repeat(32),
    spanId: 'e'.repeat(16),
    name: 'fine',
    kind: 1,
    startTimeUnixNano: `${now}`,
    endTimeUnixNano: `${now + 5n}`,
  };
  const body = JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [span] }] }] });
  const sent = await fetch(`${endpoint}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(sent.status).toBe(200);
  // A new error elsewhere shows that this look is over.
  await thrown('src/cart/cartStore.ts', 33, 'Marker');
  await expect.poll(() => sets(marker), later).toBeGreaterThan(told.marker);
  expect(await sets(payments)).toBe(told.payments);
});

/** Sends one exception that was thrown at a line of the workspace. Resolves with the time at which it was acknowledged. */
async function thrown(
  file: string,
  line: number,
  type = 'Made',
  traceId = crypto.randomUUID().replaceAll('-', ''),
): Promise<number> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const value = (text: string): { stringValue: string } => ({ stringValue: text });
  const attributes = [
    { key: 'exception.type', value: value(type) },
    { key: 'exception.message', value: value('by hand') },
    { key: 'exception.stacktrace', value: value(`${type}: by hand\n    at work (${join(workspace, file)}:${line}:3)`) },
  ];
  const span = {
    traceId,
    spanId: traceId.slice(0, 16),
    name: 'made',
    kind: 1,
    startTimeUnixNano: String(now),
    endTimeUnixNano: String(now + 1000n),
    events: [{ name: 'exception', timeUnixNano: String(now), attributes }],
    status: { code: 2 },
  };
  const body = JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans: [span] }] }] });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${endpoint}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200);
  return performance.now();
}

it('shows a new error soon', async () => {
  const sentAt = await thrown('src/cart/cartStore.ts', 31, 'Fresh');
  await expect
    .poll(async () => (await entries(join(workspace, 'src/cart/cartStore.ts'))).map(({ message }) => message), {
      timeout: 10_000,
      interval: 20,
    })
    .toContain('Fresh: by hand');
  expect(performance.now() - sentAt).toBeLessThan(4000);
});

it('offers its trace by the keyboard, and opens it at the span that failed', async () => {
  const failure = failures[0];
  const menu = await quickFixes(payments, failure.line);
  const titles = await menu.innerText();
  expect(titles).toContain('Show all 2 traces of GatewayTimeout…');
  expect(titles).toContain('Copy the error');
  expect(titles).toContain('Hide this error until it comes again');
  await menu.getByText('Open the trace of GatewayTimeout').click();
  const waterfall = await window.webview('[role=treegrid]');
  await expect.poll(() => waterfall.locator('[role=row][aria-selected=true]').innerText(), later).toContain(failure.span);
  await goTo(payments, failure.line);
  await window.command('workbench.action.closeEditorsInOtherGroups');
});

it('goes to its line from the view without selecting text that the next key would replace', async () => {
  await window.command('workbench.panel.markers.view.focus');
  const entry = window.page.locator('.markers-panel').getByRole('treeitem', { name: /Fresh: by hand/ });
  await entry.first().dblclick();
  const cursor = () =>
    window.host(({ vscode }) => {
      const { document, selections = [] } = vscode.window.activeTextEditor ?? {};
      return {
        file: document && vscode.workspace.asRelativePath(document.uri),
        at: selections.map(({ isEmpty, active }) => ({ isEmpty, line: active.line + 1 })),
      };
    }, undefined);
  await expect.poll(cursor, later).toEqual({ file: 'src/cart/cartStore.ts', at: [{ isEmpty: true, line: 31 }] });
  await window.command('workbench.action.closePanel');
});

it('copies the error', async () => {
  await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  // A view that draws itself anew takes the focus, and the menu goes: then it is opened again.
  const copy = async (): Promise<boolean> =>
    (await quickFixes(payments, failures[0].line))
      .getByText('Copy the error')
      .click({ timeout: 3000 })
      .then(
        () => true,
        () => false,
      );
  await expect.poll(copy, later).toBe(true);
  const clipboard = (): Promise<string> => window.host(async ({ vscode }) => vscode.env.clipboard.readText());
  await expect
    .poll(clipboard, later)
    .toMatch(/^GatewayTimeout: no answer after 3 tries\n\s+at PaymentService\.chargeWithRetries/);
});

it('moves with the lines around, also unsaved, and ends when the line is edited, until it happens again', async () => {
  const { line } = failures[0];
  const linesNow = async (): Promise<number[]> => (await entries(payments)).map((one) => one.line);
  await insert(payments, 1, '// one\n// two\n');
  await expect.poll(linesNow, later).toEqual([line + 2]);
  await insert(payments, line + 2, '  // more\n');
  await expect.poll(linesNow, later).toEqual([line + 3]);
  await insert(payments, line + 3, '\n    // below', true);
  await insert(payments, line + 3, '  ');
  expect(await linesNow()).toEqual([line + 3]);
  expect((await entries(payments))[0].text).toMatch(/^throw new GatewayTimeout/);
  await insert(payments, line + 3, ' // edited', true);
  await expect.poll(linesNow, later).toEqual([]);
  await window.command('undo');
  await window.command('workbench.action.files.revert');
  await window.host(async ({ vscode }) => vscode.window.activeTextEditor?.document.isDirty);
  expect(await linesNow()).toEqual([]);
  // The others stay.
  expect((await entries(pricing)).length).toBe(1);
  await runOnce({ endpoint });
  await expect.poll(linesNow, later).toEqual([line]);
  expect((await entries(payments))[0].message).toMatch(/\(3× in /);
});

it('hides one until it comes again', async () => {
  const file = 'src/cart/cartStore.ts';
  const messages = async (): Promise<string[]> => (await entries(join(workspace, file))).map(({ message }) => message);
  const menu = await quickFixes(join(workspace, file), 31);
  const hide = menu.getByText('Hide this error until it comes again');
  const before = await messages();
  await hide.first().click();
  await expect.poll(messages, later).toHaveLength(before.length - 1);
  const [gone] = before.filter((one) => one.length > 0);
  const left = await messages();
  const hidden = before.find((one) => !left.includes(one)) ?? gone;
  await thrown(file, 31, hidden.split(':')[0]);
  await expect.poll(messages, later).toHaveLength(before.length);
});

it('is off by a setting, for one language or all, at once', async () => {
  const before = await placesOf();
  expect(before.length).toBeGreaterThan(1);
  await configure('spanhop.problems.severity', 'error');
  await expect.poll(async () => (await entries(payments)).map(({ severity }) => severity), later).toEqual([0]);
  await configure('spanhop.problems.severity', undefined);
  await configure('[typescript]', { 'spanhop.problems.enabled': false });
  await expect.poll(placesOf, later).toEqual([]);
  await configure('[typescript]', undefined);
  await expect.poll(placesOf, later).toHaveLength(before.length);
  await configure('spanhop.problems.enabled', false);
  await expect.poll(placesOf, later).toEqual([]);
  await configure('spanhop.problems.enabled', undefined);
  await expect.poll(placesOf, later).toHaveLength(before.length);
});

it('is gone when the capture is cleared', async () => {
  await window.host(async ({ api }) => {
    await (await api()).capture.clear();
  });
  await expect.poll(placesOf, later).toEqual([]);
});
