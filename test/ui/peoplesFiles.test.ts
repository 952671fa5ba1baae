// Every file of people in the trace editor of a real window: its traces and spans as they are read there, or the sentence for what has none. And the
// ways in which a file of any name gets there.

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatNames } from '../../src/core/format/formatNames';
import { formatCount } from '../../src/core/text/formatText';
import { type PeoplesFile, peoplesFiles } from '../support/peoplesFiles';
import { QuickInput } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

let workbench: Workbench;
let folder: string;

/** One trace, under names that people give. The first ones are in sight in the explorer. */
const python = peoplesFiles.find(({ expected }) => expected.format === 'python-console');
const text = new TextDecoder().decode(python?.bytes);
const named: readonly (readonly [string, string | Uint8Array])[] = [
  ['0 app.log.1', text],
  ['0 captured.NDJSON', text],
  ['0 notes', text],
  ['0 spans.jsonl.gz', gzipSync(text)],
  ['0 stdout.out', text],
  ['0 trace.txt', text],
  ['0 shop.har', '{"log":{"version":"1.2","creator":{},"entries":[]}}'],
  [
    '0 picture.png',
    Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
  ],
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-people-'));
  for (const { name, path } of peoplesFiles) copyFileSync(path, join(folder, name));
  for (const [name, content] of named) writeFileSync(join(folder, name), content);
  const settings = { 'spanhop.capture.wellKnownPort': false, 'explorer.autoReveal': false };
  workbench = await openWorkbench({ workspace: folder, width: 1500, height: 900, settings });
});

afterEach(() => workbench.command('workbench.action.closeAllEditors'));

afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (name: string): Promise<boolean> =>
  workbench.host(
    async ({ vscode }, file) => {
      await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), 'spanhop.jsonTraceEditor');
      return true;
    },
    join(folder, name),
  );

/** What a page of the trace editor says: its title and rows, or the sentence in their place. */
interface Said {
  readonly title: string;
  readonly rows: readonly string[];
  readonly problem: string;
}

const nothing: Said = { title: '', rows: [], problem: '' };

async function said(): Promise<Said> {
  const read = (frame: Frame): Promise<Said> =>
    frame.evaluate(() => {
      const of = (selector: string): string[] =>
        [...document.querySelectorAll<HTMLElement>(selector)]
          .filter(({ offsetParent }) => offsetParent !== null)
          .map((one) => one.innerText);
      return {
        title: of('.title-text').join(),
        rows: of('.body [role=row], .list-body [role=row]'),
        problem: of('.problem').join(),
      };
    });
  // Frames of what was closed may go away meanwhile.
  const pages = await Promise.all(workbench.page.frames().map((frame) => read(frame).catch(() => nothing)));
  return pages.find(({ title, problem }) => title !== '' || problem !== '') ?? nothing;
}

/** Once the page has painted what is expected; else what it says at last. */
async function saidOf(isThere: (page: Said) => boolean): Promise<Said> {
  let last = nothing;
  await expect
    .poll(
      async () => {
        last = await said();
        return isThere(last);
      },
      { timeout: 10_000 },
    )
    .toBe(true)
    .catch(() => {});
  return last;
}

function namesOf({ expected: { root, parents = {}, kinds = {}, durations = {} } }: PeoplesFile): string[] {
  return [
    ...new Set([...(root ? [root] : []), ...Object.entries(parents).flat(), ...Object.keys(kinds), ...Object.keys(durations)]),
  ];
}

async function check(file: PeoplesFile): Promise<void> {
  const { name, expected } = file;
  const { spans = 0, rows = spans, traces = 1, error, empty } = expected;
  await open(name);
  if (typeof error === 'string' || empty !== undefined) {
    const page = await saidOf(({ problem }) => problem.includes(name));
    expect(page.problem).toContain(error ?? empty);
    expect(page.problem).toContain(empty === undefined ? `${name} cannot be shown` : `${name} holds no traces`);
    expect(page.rows).toEqual([]);
  } else if (traces > 1) {
    const page = await saidOf(({ title, rows: lines }) => title.includes(name) && lines.length === traces);
    expect(page.title).toContain(`${formatCount(traces, 'trace')} · ${formatCount(spans, 'span')}`);
    if (expected.format) expect(page.title).toContain(formatNames[expected.format]);
    expect(page.rows).toHaveLength(traces);
  } else if (expected.spans !== undefined) {
    const names = namesOf(file);
    const page = await saidOf(
      ({ title, rows: lines }) => title.includes(formatCount(rows, 'span')) && names.every((one) => lines.join().includes(one)),
    );
    expect(page.title).toContain(formatCount(rows, 'span'));
    if (expected.root) expect(page.title).toContain(expected.root);
    if (expected.services?.length) expect(page.title).toContain(formatCount(expected.services.length, 'service'));
    if (expected.errors) expect(page.title).toContain(formatCount(expected.errors, 'error'));
    for (const one of names) expect(page.rows.join('\n')).toContain(one);
    if (expected.defect !== undefined) await checkDefect(expected.defect);
  }
}

/** What is wrong is told at the foot of the page. */
async function checkDefect(defect: string): Promise<void> {
  const frame = await workbench.webview('.footer .fact.warning');
  await frame.locator('.footer .fact.warning').first().click();
  await expect.poll(() => frame.locator('.footer [role=dialog]').innerText()).toContain(defect);
}

describe('in the trace editor', () => {
  it.each(peoplesFiles.map((file) => [file.name, file] as const))('%s', (_, file) => check(file));

  it('without a notification', async () => {
    expect(await workbench.notifications()).toBe('');
    await open('empty-search.json');
    await saidOf(({ problem }) => problem !== '');
    await workbench.screenshot('peoples-empty');
  });
});

describe('a file of any name', () => {
  const isTrace = ({ rows }: Said): boolean => rows.join().includes('send mails');
  const isSaid = (page: Said): boolean => isTrace(page) || page.problem !== '';
  const entries = () => workbench.page.locator('.monaco-menu .action-label');

  /** The menu of a file in the explorer, which shows its beginning. */
  async function openMenu(name: string): Promise<void> {
    await workbench.command('workbench.files.action.focusFilesExplorer');
    await workbench.command('list.focusFirst');
    await workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).click({ button: 'right' });
    await entries().first().waitFor();
  }

  it.each(['0 app.log.1', '0 captured.NDJSON', '0 spans.jsonl.gz', '0 stdout.out', '0 trace.txt', '0 shop.har'])(
    'opens from the menu of the explorer: %s',
    async (name) => {
      await openMenu(name);
      const entry = entries().filter({ hasText: 'Open as Trace' });
      // A menu that has only just come takes no click.
      await expect
        .poll(async () => {
          await entry.click({ timeout: 500 }).catch(() => {});
          return entry.isVisible();
        })
        .toBe(false);
      const page = await saidOf(isSaid);
      if (name.endsWith('.har')) expect(page.problem).toContain('HAR file');
      else expect(page.rows.join()).toContain('send mails');
    },
  );

  it('is not offered as a trace by the explorer where it is a picture', async () => {
    await openMenu('0 picture.png');
    expect(await entries().allInnerTexts()).not.toContain('Open as Trace');
    await workbench.page.keyboard.press('Escape');
    await expect.poll(() => entries().count()).toBe(0);
  });

  it.each(['0 app.log.1', '0 notes', '0 spans.jsonl.gz', '0 shop.har', '0 picture.png'])(
    'opens by "Reopen Editor With…": %s',
    async (name) => {
      await workbench.host(
        async ({ vscode }, file) => {
          await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
          return true;
        },
        join(folder, name),
      );
      // The preview of a picture takes the focus when it is there.
      if (name.endsWith('.png')) await workbench.webview('img');
      const { page: window } = workbench;
      const entry = new QuickInput(window).entry('Spanhop Trace').first();
      await expect
        .poll(
          async () => {
            if (!(await entry.isVisible())) void workbench.command('workbench.action.reopenWithEditor');
            return entry.click({ timeout: 2000 }).then(
              () => true,
              () => false,
            );
          },
          { timeout: 15_000 },
        )
        .toBe(true);
      const page = await saidOf(isSaid);
      if (name.endsWith('.har')) expect(page.problem).toContain('HAR file');
      else if (name.endsWith('.png')) expect(page.problem).toContain('is a PNG image');
      else expect(page.rows.join()).toContain('send mails');
    },
  );

  it('opens by "Open Trace File…"', async () => {
    await workbench.palette('Spanhop: Open Trace File…');
    await new QuickInput(workbench.page).choosePath('Open trace file', join(folder, '0 notes'));
    expect((await saidOf(isTrace)).rows.join()).toContain('send mails');
  });
});
