// A trusted workspace whose settings take redaction away and a backend's name over: told once, with the person's own a button away.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { request } from '../support/otlp';
import { temporaryFolder } from '../vscode/processes.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
const traceId = 'ab'.padStart(32, '0');
const folder = temporaryFolder('announcements');
const file = join(folder.path, '.vscode', 'settings.json');
let window: Workbench;

const write = (settings: Readonly<Record<string, unknown>>): void => {
  mkdirSync(join(folder.path, '.vscode'), { recursive: true });
  writeFileSync(file, JSON.stringify(settings));
};
const backend = (name: string, url: string): unknown => ({ name, type: 'jaeger', url, api: 'legacy' });
const theirs = { 'spanhop.redact.keys': [], 'spanhop.backends': [backend('Shop', 'http://127.0.0.1:2/')] };

beforeAll(async () => {
  write(theirs);
  window = await openWorkbench({
    workspace: folder.path,
    settings: {
      'spanhop.capture.wellKnownPort': false,
      'spanhop.redact.keys': ['*password*'],
      'spanhop.backends': [backend('Shop', 'http://127.0.0.1:1/')],
    },
  });
});

beforeEach(({ onTestFailed }) => {
  onTestFailed(async () =>
    console.log(`The window at that moment: ${await window.screenshot(`announcements-failed-${Date.now()}`)}`),
  );
});

afterAll(async () => {
  await window?.close();
  folder.remove();
});

const told = (text: string): Promise<void> => expect.poll(() => window.notifications(), later).toContain(text);
const press = async (text: string, button: string): Promise<void> => {
  await told(text);
  await window.listNotifications();
  const item = window.page.locator('.notifications-center .notification-list-item').filter({ hasText: text }).first();
  await item.hover();
  await item.getByRole('button', { name: button }).click();
};
/** Whether the browser has a text in what VS Code keeps there; it is written some time after it was given. */
const isStored = (text: string): Promise<boolean> =>
  window.page.evaluate(async (wanted) => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name } of await indexedDB.databases()) {
      if (!name?.startsWith('vscode-web-state-db')) continue;
      const database = await answer(indexedDB.open(name));
      try {
        for (const store of database.objectStoreNames) {
          const all = await answer(database.transaction(store).objectStore(store).getAll());
          if (JSON.stringify(all).includes(wanted)) return true;
        }
      } finally {
        database.close();
      }
    }
    return false;
  }, text);
const redaction = 'out of your redaction';
const name = 'make "Shop" http://127.0.0.1:2 instead of http://127.0.0.1:1';

/** What the API gives of an attribute that the person hides. */
const password = (): Promise<unknown> =>
  window.host(async ({ api }, id) => (await (await api()).getTrace(id)).spans[0].attributes['db.password'], traceId);

it('says what they do, each in a message of its own', async () => {
  await told('take all keys out of your redaction');
  await told(name);
  await window.host(
    async ({ api }, body) => {
      const { httpPort } = await (await api()).capture.start();
      const headers = { 'content-type': 'application/json' };
      await fetch(`http://127.0.0.1:${httpPort}/v1/traces`, { method: 'POST', headers, body });
    },
    JSON.stringify(request([{ traceId, spanId: '1', attributes: { 'db.password': 'open sesame' } }])),
  );
  expect(await password()).toBe('open sesame');
});

it("uses the person's own from a button on, and takes that back", async () => {
  await press(redaction, 'Use Mine Instead');
  await expect.poll(password, later).toBe('••••');
  await press('Your own redaction is used', 'Undo');
  await expect.poll(password, later).toBe('open sesame');
});

it('shows the setting', async () => {
  await press(name, 'Show Setting');
  await expect.poll(() => window.host(({ vscode }) => vscode.window.activeTextEditor?.document.uri.fsPath), later).toBe(file);
  await window.command('workbench.action.closeAllEditors');
});

it('tells of what changes meanwhile, and of nothing that takes nothing away', async () => {
  await window.command('notifications.clearAll');
  write({ ...theirs, 'spanhop.redact.keys': ['*password*', '*more*'] });
  await expect.poll(password, later).toBe('••••');
  write({ ...theirs, 'spanhop.redact.keys': ['*more*'], 'spanhop.capture.logMegabytes': 16 });
  await told('keep only 16 MB of disk');
  // The same key is gone as in the beginning: that is known.
  expect(await window.notifications()).not.toContain(redaction);
  write({ ...theirs, 'spanhop.redact.patterns': [] });
  await told('take all keys and all patterns out of your redaction');
});

it('is reviewed by a command, and remembers after a reload', async () => {
  const review = window.command('spanhop.reviewWorkspaceSettings');
  const row = (label: string): Locator => window.page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: label });
  await row('Redaction').filter({ hasText: "the workspace's is used" }).click();
  await review;
  await expect.poll(password, later).toBe('••••');
  await expect.poll(() => isStored('redact.patterns'), later).toBe(true);
  await window.reload();
  await window.host(async ({ api }) => (await api()).apiVersion);
  await expect.poll(password, later).toBe('••••');
  const again = window.command('spanhop.reviewWorkspaceSettings');
  await row('Redaction').filter({ hasText: 'yours is used' }).waitFor();
  // By now what there was to tell would be there.
  expect(await window.notifications()).not.toContain(redaction);
  expect(await window.notifications()).not.toContain('Shop');
  await window.page.keyboard.press('Escape');
  await again;
  expect(JSON.parse(readFileSync(file, 'utf8'))['spanhop.redact.keys']).toEqual([]);
});
