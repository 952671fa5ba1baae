// Code that went on after a trace was recorded: a repository, a trace that names its first commit, and what a person does to the file since.
// Each time the right line opens, with the right words beside it.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildAll } from '../../src/build/build.mjs';
import { findCommand } from '../support/findCommand.mjs';
import { request } from '../support/otlp';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const root = mkdtempSync(join(tmpdir(), 'spanhop-drift-'));
const shop = join(root, 'shop');
const loose = join(root, 'loose');
const later = { timeout: 20_000 };
const CHARGE = '00000000000000000000000000000001';
const UNKNOWN = '00000000000000000000000000000002';
const LOOSE = '00000000000000000000000000000003';

const source = `import { gateway } from './gateway';

/** Sends what an order costs. */
export async function charge(order) {
  const total = order.items.reduce((sum, item) => sum + item.price, 0);
  if (total <= 0) {
    throw new RangeError(\`nothing to charge for \${order.id}\`);
  }
  return gateway.send(order.id, total);
}

export function refund(order) {
  return gateway.refund(order.id);
}
`;
const imports = "import { log } from './log';\nimport { meter } from './meter';\nimport { rates } from './rates';\n";

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], { cwd: shop, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

function write(name: string, text: string): void {
  writeFileSync(join(shop, 'src', name), text);
}

let first: string;
let short: string;
let workbench: Workbench;
let frame: Frame;

beforeAll(async () => {
  await buildAll({ quiet: true });
  mkdirSync(join(shop, 'src'), { recursive: true });
  mkdirSync(loose);
  git('init', '-q');
  write('payments.js', source);
  write('gateway.js', 'export const gateway = {};\n');
  writeFileSync(join(shop, '.gitignore'), 'traces/\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  first = git('rev-parse', 'HEAD');
  short = first.slice(0, 7);
  writeFileSync(join(loose, 'loose.js'), source);
  const stack = `RangeError: nothing to charge for 7
    at charge (/srv/shop/src/payments.js:7:11)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`;
  const span = (traceId: string, revision: string, file: string, thrown: string) => ({
    traceId,
    spanId: '1',
    name: 'charge',
    error: true,
    attributes: { 'code.file.path': `/srv/shop/${file}`, 'code.line.number': 4, 'code.function.name': 'charge' },
    resource: { 'vcs.ref.head.revision': revision, 'telemetry.sdk.language': 'nodejs' },
    events: [{ name: 'exception', attributes: { 'exception.type': 'RangeError', 'exception.stacktrace': thrown } }],
  });
  mkdirSync(join(shop, 'traces'));
  const traces = request([
    span(CHARGE, first, 'src/payments.js', stack),
    span(UNKNOWN, 'ffffffffffffffffffffffffffffffffffffffff', 'src/payments.js', stack),
    span(LOOSE, first, 'loose.js', stack.replace('src/payments.js', 'loose.js')),
  ]);
  writeFileSync(join(shop, 'traces', 'drift.otlp.json'), JSON.stringify(traces));
  writeFileSync(
    join(root, 'both.code-workspace'),
    JSON.stringify({ folders: [{ path: 'shop' }, { path: 'loose' }], settings: {} }),
  );
  // In a browser VS Code saves by itself after a second.
  const settings = { 'files.autoSave': 'off' };
  workbench = await openWorkbench({ workspace: join(root, 'both.code-workspace'), width: 2300, height: 760, settings });
});
afterAll(async () => {
  await workbench?.close();
  rmSync(root, { recursive: true, force: true });
});

/** Everything as at the first commit, nothing open but the trace. */
beforeEach(async () => {
  await workbench.command('workbench.action.closeAllEditors');
  git('reset', '-q', '--hard', first);
  git('clean', '-qfd');
  await show(CHARGE);
});

async function show(traceId: string): Promise<void> {
  await workbench.host(
    async ({ vscode, api }, { path, traceId }) => {
      const spanhop = await api();
      await spanhop.openTraceFile(vscode.Uri.file(path));
      await spanhop.openTrace(traceId, { spanId: '0000000000000001' });
      return true;
    },
    { path: join(shop, 'traces', 'drift.otlp.json'), traceId },
  );
  frame = await workbench.webview('[role=treegrid] .row.selected');
}

interface Answer {
  readonly line: number;
  readonly file: string;
  readonly kind: string;
  readonly lineThen: number;
  readonly note: string;
}

/** Best candidate of the span, by the exported API; lines from 1. */
function resolve(traceId = CHARGE): Promise<Answer> {
  return workbench.host(async ({ api }, traceId) => {
    const [best] = await (await api()).resolveSource(traceId, '0000000000000001');
    return {
      line: best.line + 1,
      file: best.uri.path.split('/').pop() ?? '',
      kind: best.drift?.kind ?? 'none',
      lineThen: (best.drift?.lineThen ?? -1) + 1,
      note: best.drift?.note ?? '',
    };
  }, traceId);
}

/** Opens the source as `Enter` does, and answers the line that the cursor is on, from 1, and its text with what stands behind it. */
async function open(): Promise<{ line: number; text: string; shown: string }> {
  const { line, text } = await workbench.host(async ({ vscode }, traceId) => {
    await vscode.commands.executeCommand('spanhop.goToSource', { traceId, spanId: '0000000000000001' });
    const editor = vscode.window.activeTextEditor;
    const line = editor?.selection.active.line ?? -1;
    return { line: line + 1, text: editor?.document.lineAt(line).text.trim() ?? '' };
  }, CHARGE);
  const shown = workbench.page.locator('.editor-instance .view-line', { hasText: text.slice(0, 20) }).first();
  await shown.waitFor();
  return { line, text, shown: await remark() };
}

/** What stands behind a line of the editor; VS Code draws it by a style of a pseudo element. */
function remark(): Promise<string> {
  return workbench.page.evaluate(() => {
    for (const element of document.querySelectorAll('.editor-instance .view-line span span')) {
      const { content } = getComputedStyle(element, '::after');
      if (content !== 'none' && content !== '""' && content !== 'normal')
        return content.replace(/^"|"$/g, '').replaceAll('\u00a0', ' ');
    }
    return '';
  });
}

const drift = (): Promise<string> =>
  frame
    .locator('.source-box .drift')
    .innerText({ timeout: 500 })
    .catch(() => '');
const isWarning = (): Promise<boolean> => frame.locator('.source-box .drift .icon-warning').isVisible();

describe.skipIf(!findCommand('git'))('a line of a trace', () => {
  it('is shown without a word where nothing changed', async () => {
    expect(await resolve()).toMatchObject({ line: 7, kind: 'same', lineThen: 7 });
    expect(await open()).toMatchObject({ line: 7, shown: '' });
    await frame.getByText('Open payments.js:7').waitFor();
    expect(await frame.locator('.source-box .drift').count()).toBe(0);
  });

  it('moved with lines that were inserted above it', async () => {
    write('payments.js', `${imports}${source}`);
    await expect
      .poll(() => resolve(), later)
      .toMatchObject({
        line: 10,
        kind: 'moved',
        note: `The line moved from 7 to 10 since ${short}.`,
      });
    const opened = await open();
    expect(opened).toMatchObject({ line: 10, text: expect.stringMatching(/^throw new RangeError/) });
    await expect.poll(remark, later).toBe(`moved from line 7 since ${short}`);
    await expect.poll(drift, later).toBe(`moved from line 7 since ${short}`);
    expect(await isWarning()).toBe(false);
    await expect.poll(() => frame.locator('.frame .location').first().innerText(), later).toBe('payments.js:10');
    await workbench.settled();
    await workbench.screenshot('drift-moved-dark.png');
    // Another line is looked at: the words have had their time.
    await workbench.command('cursorMove', { to: 'down' });
    await expect.poll(remark, later).toBe('');
  });

  it('moved with its function', async () => {
    const [head, rest] = [source.slice(0, source.indexOf('/** Sends')), source.slice(source.indexOf('/** Sends'))];
    const [charge, refund] = [
      rest.slice(0, rest.indexOf('export function refund')),
      rest.slice(rest.indexOf('export function refund')),
    ];
    write('payments.js', `${head}${refund}\n${charge.trimEnd()}\n`);
    git('commit', '-qam', 'move');
    await expect
      .poll(() => resolve(), later)
      .toMatchObject({ line: 11, kind: 'moved', note: `The line moved from 7 to 11 since ${short}.` });
    expect(await open()).toMatchObject({ line: 11, text: expect.stringMatching(/^throw new RangeError/) });
  });

  it('warns where its function was rewritten', async () => {
    write(
      'payments.js',
      source.replace(/( {2}const total)[\s\S]*?\n}/, '  const total = sumOf(order);\n  return gateway.collect(order, total);\n}'),
    );
    await expect
      .poll(() => resolve(), later)
      .toMatchObject({
        kind: 'changed',
        note: `charge changed since ${short}, the commit of this trace. Line 7 is not in it any more.`,
      });
    const { line } = await open();
    expect(line).toBeGreaterThanOrEqual(4);
    expect(line).toBeLessThanOrEqual(7);
    await expect.poll(drift, later).toMatch(new RegExp(`^function changed since ${short}`));
    expect(await isWarning()).toBe(true);
    await expect.poll(remark, later).toMatch(new RegExp(`^function changed since ${short}`));
    for (const theme of ['dark', 'light', 'contrast']) {
      await workbench.setTheme(theme);
      await workbench.settled();
      await workbench.screenshot(`drift-changed-${theme}.png`);
    }
    await workbench.setTheme('dark');
    await frame.getByText('why this line?').click();
    const input = workbench.page.locator('.quick-input-widget');
    await input.getByText(`charge changed since ${short}, the commit of this trace.`).waitFor();
    await input.getByText('Line 7 is not in it any more.').waitFor();
    await workbench.settled();
    await workbench.screenshot('drift-why-changed.png');
    await workbench.page.keyboard.press('Escape');
  });

  it('goes along with edits that are not saved', async () => {
    await open();
    await frame.getByText('Open payments.js:7').waitFor();
    await workbench.host(async ({ vscode }) => {
      const editor = vscode.window.activeTextEditor;
      await editor?.edit((edit) => edit.insert(new vscode.Position(0, 0), '// one\n// two\n'));
      return editor?.document.isDirty ?? false;
    });
    expect(await resolve()).toMatchObject({ line: 9, kind: 'moved', lineThen: 7 });
    await frame.getByText('Open payments.js:9').waitFor();
    await expect.poll(drift, later).toBe(`moved from line 7 since ${short}`);
    await workbench.command('workbench.action.files.revert');
    await frame.getByText('Open payments.js:7').waitFor();
  });

  it('is found in the file that was renamed', async () => {
    renameSync(join(shop, 'src', 'payments.js'), join(shop, 'src', 'billing.js'));
    write('billing.js', `${imports}${source}`);
    await expect
      .poll(() => resolve().catch(() => undefined), later)
      .toMatchObject({
        file: 'billing.js',
        line: 10,
        kind: 'moved',
        note: `The line moved from 7 to 10 since ${short}. The file was payments.js then.`,
      });
    expect(await open()).toMatchObject({ line: 10 });
  });
});

describe.skipIf(!findCommand('git'))('where lines cannot be compared', () => {
  it('says that the commit is not here, and offers to fetch it', async () => {
    await show(UNKNOWN);
    expect(await resolve(UNKNOWN)).toMatchObject({ line: 7, kind: 'none' });
    await expect.poll(drift, later).toBe('the line is that of fffffff. Commit fffffff is not in this repository.');
    await frame.getByText('why this line?').click();
    const input = workbench.page.locator('.quick-input-widget');
    await input.getByText('Fetch fffffff, the commit of this trace (git fetch).').waitFor();
    await workbench.settled();
    await workbench.screenshot('drift-why.png');
    await workbench.page.keyboard.press('Escape');
  });

  it('says that there is no repository', async () => {
    await show(LOOSE);
    expect(await resolve(LOOSE)).toMatchObject({ file: 'loose.js', line: 7, kind: 'none' });
    await expect.poll(drift, later).toBe(`the line is that of ${short}. loose.js is in no Git repository.`);
  });
});
