// Adding, changing and removing a backend as a person does: it is tried first, what fails is told once with what helps, nothing is lost unasked.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { QuickInput, SideBarView } from '../support/sideBar';
import { startTrouble, type TroubleServer } from '../support/troubleServer';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
const addressTitle = 'Add backend: address of Jaeger';
let window: Workbench;
let traces: SideBarView;
let input: QuickInput;
let server: TroubleServer;

beforeAll(async () => {
  server = await startTrouble('empty');
  window = await openWorkbench({ settings: { 'spanhop.traces.groupBy': 'none' } });
  traces = new SideBarView(window, 'Traces');
  input = new QuickInput(window.page);
  await window.command('spanhop.traces.focus');
});

afterAll(async () => {
  await window?.close();
  await server?.stop();
});

beforeEach(() => {
  server.trouble = 'empty';
});

interface Kept {
  readonly name: string;
  readonly url: string;
}
const kept = (): Promise<Kept[]> =>
  window.host(({ vscode }) => vscode.workspace.getConfiguration('spanhop').get<Kept[]>('backends') ?? []);
const host = (): string => server.url.replace('http://', '');
const message = () => expect.poll(() => traces.message.innerText(), later);
/** Begins to add one, of a kind. */
async function add(kind = /^Jaeger/): Promise<void> {
  await run('spanhop.addBackend');
  await input.choose('Add backend: what it is', kind);
}
const run = (command: string): Promise<unknown> =>
  window.host(({ vscode }, id: string) => {
    // It ends when the person has answered.
    void vscode.commands.executeCommand(id);
    return true;
  }, command);

/** The notification that says it: its buttons, after a press on one of them if that is wanted. */
async function notified(text: string, press?: string): Promise<string[]> {
  await expect.poll(() => window.notifications(), later).toContain(text);
  await window.listNotifications();
  const item = window.page.locator('.notifications-center .notification-list-item').filter({ hasText: text }).first();
  const buttons = await item.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts();
  if (press !== undefined) await item.locator('.monaco-button', { hasText: press }).click();
  return buttons;
}

it('says what is wrong with an address while it is typed, and asks nobody', async () => {
  const before = server.requests.length;
  await add();
  await input.title.filter({ hasText: addressTitle }).waitFor();
  expect(await input.input.inputValue()).toBe('localhost:16686');
  await input.input.fill('ftp://localhost');
  await input.widget.filter({ hasText: 'An address begins with http:// or https://' }).waitFor();
  await input.input.fill(`me:secret@${host()}`);
  await input.widget.filter({ hasText: 'Leave user and password out of the address' }).waitFor();
  await input.input.press('Escape');
  expect(server.requests.length).toBe(before);
  expect(await kept()).toEqual([]);
});

it('tells once that nothing listens, saves nothing, and asks for the address again', async () => {
  const gone = await startTrouble('empty');
  await gone.stop();
  const address = gone.url.replace('http://', '');
  await add();
  await input.type(addressTitle, address);
  const sentence = `${gone.url} cannot be reached: nothing listens there.`;
  expect(await notified(sentence, 'Change Address…')).toEqual(['Change Address…', 'Retry', 'Save Anyway']);
  await input.title.filter({ hasText: addressTitle }).waitFor();
  expect(await input.input.inputValue()).toBe(address);
  expect(await kept()).toEqual([]);
  // What the browser has while a search of it is open.
  await input.type(addressTitle, `${host()}/search?service=cart&limit=20`);
  await input.title.filter({ hasText: 'Jaeger answers, with 0 services' }).waitFor();
  expect(await kept()).toEqual([]);
  expect(await input.input.inputValue()).toBe('Jaeger local');
  await input.input.fill('local');
  await input.widget.filter({ hasText: '"local" is taken' }).waitFor();
  await input.type('Add backend', 'Test Jaeger');
  await message().toBe('Test Jaeger · last 2 days · nothing found');
  expect(await kept()).toEqual([{ name: 'Test Jaeger', type: 'jaeger', url: server.url }]);
  expect(await window.notifications()).not.toContain(sentence);
});

it('can be stopped while it waits for an answer, and keeps what was typed', async () => {
  server.trouble = 'hang';
  await add();
  await input.type(addressTitle, host());
  await notified(`Asking ${host()}…`, 'Cancel');
  await input.title.filter({ hasText: addressTitle }).waitFor();
  expect(await input.input.inputValue()).toBe(host());
  await expect.poll(() => server.open, later).toBe(0);
  await input.input.press('Escape');
  expect(await kept()).toHaveLength(1);
});

it('has the button first that fits: a credential where one is missing, which it needs before it is saved', async () => {
  server.trouble = 'token';
  server.token = 'open sesame';
  await add();
  await input.type(addressTitle, host());
  expect(await notified('refused the request (status 401)', 'Set Credential…')).toEqual([
    'Set Credential…',
    'Change Address…',
    'Save Anyway',
  ]);
  await input.choose('Credential of "Jaeger"', 'Bearer token');
  await input.type('Credential of "Jaeger"', 'open sesame');
  await input.type('Jaeger answers', 'Guarded');
  await message().toBe('Guarded · last 2 days · nothing found');
  server.requests.length = 0;
});

it('says what answers in the place of a Jaeger, and saves it when that is wanted: then the view tells, and no notification', async () => {
  server.trouble = 'html';
  await add();
  await input.type(addressTitle, host());
  const sentence = 'answered with a page to sign in';
  expect((await notified(sentence, 'Save Anyway'))[0]).toBe('Set Credential…');
  await input.type('Add backend: name', 'Bad');
  await message().toContain(sentence);
  expect(await window.notifications()).not.toContain(sentence);
  expect((await kept()).map(({ name }) => name)).toEqual(['Test Jaeger', 'Guarded', 'Bad']);
});

it('changes an address out of the view, tried first', async () => {
  const other = await startTrouble('empty');
  try {
    await traces.row('Change address…').click();
    await input.title.filter({ hasText: 'Address of "Bad"' }).waitFor();
    expect(await input.input.inputValue()).toBe(server.url);
    await input.type('Address of "Bad"', other.url.replace('http://', ''));
    await message().toBe('Bad · last 2 days · nothing found');
    expect((await kept()).map(({ url }) => url)).toEqual([server.url, server.url, other.url]);
  } finally {
    await other.stop();
  }
});

it('changes nothing where the settings were edited while somebody was asked', async () => {
  await run('spanhop.changeBackendAddress');
  await input.choose('Change the address of which backend?', 'Bad');
  await input.title.filter({ hasText: 'Address of "Bad"' }).waitFor();
  const without = (await kept()).filter(({ name }) => name !== 'Bad');
  await window.host(
    ({ vscode }, all: Kept[]) =>
      vscode.workspace.getConfiguration('spanhop').update('backends', all, vscode.ConfigurationTarget.Global),
    without,
  );
  await input.type('Address of "Bad"', host());
  await notified('"Bad" is not in the settings of the user any more.');
  expect(await kept()).toEqual(without);
  await window.command('notifications.clearAll');
});

it('removes one after a question, and has it again with its credential', async () => {
  await window.host(({ vscode }) => vscode.commands.executeCommand('spanhop.selectBackend', 'Guarded'));
  server.trouble = 'token';
  await run('spanhop.selectBackend');
  await input.title.filter({ hasText: 'Backend of the Traces view' }).waitFor();
  await input.entry('Guarded').hover();
  await input.entry('Guarded').getByRole('button', { name: 'Remove…' }).click();
  const dialog = window.page.locator('.monaco-dialog-box');
  await dialog.filter({ hasText: 'Remove "Guarded" from your settings?' }).waitFor();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect.poll(async () => (await kept()).map(({ name }) => name), later).toEqual(['Test Jaeger']);
  await notified('Removed "Guarded".', 'Undo');
  await expect.poll(async () => (await kept()).map(({ name }) => name), later).toEqual(['Test Jaeger', 'Guarded']);
  await message().toBe('Guarded · last 2 days · nothing found');
  expect(window.consoleErrors().filter((line) => /spanhop/i.test(line))).toEqual([]);
});
