// Text is never an order: hostile text through every way in, a look at the window for links, markup, icons and marks of direction, and a click
// where a link would be. The first test shows that such a click would be seen.

import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arm, clickLabel, hostile, linkLabel, obeyed, ran, short } from '../support/hostileText';
import { BASE_MS, request, type SpanSpec } from '../support/otlp';
import { QuickInput, SideBarView } from '../support/sideBar';
import { temporaryFolder } from '../vscode/processes.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
const traceId = 'ab'.padStart(32, '0');
const spanIds = { root: '1', file: '2', function: '3', name: '4', thrown: '5', other: '6' } as const;
const jaegerName = short('backend');
/** A program whose function has the name of another order: what a lens says where several share a line. */
const program = `declare function go(): void;\n${'// a shop\n'.repeat(3)}export function work() {\n${'  go();\n'.repeat(20)}}\n`;

let window: Workbench;
let traces: SideBarView;
let input: QuickInput;
let folder: { readonly path: string; remove(): void };
let jaeger: Server;
/** What the Jaeger says to anything. */
let answer: (path: string) => { readonly status: number; readonly body: unknown } = () => ({ status: 200, body: {} });

const spans: readonly SpanSpec[] = [
  {
    traceId,
    spanId: spanIds.root,
    name: hostile('root'),
    service: hostile('service'),
    error: true,
    durationMs: 50,
    attributes: { [hostile('key')]: hostile('value') },
    resource: { 'service.version': short('version'), 'vcs.ref.head.revision': short('revision') },
    events: [{ name: hostile('event'), attributes: { [short('eventKey')]: hostile('eventValue') } }],
  },
  {
    traceId,
    spanId: spanIds.file,
    parent: spanIds.root,
    attributes: { 'code.file.path': `/srv/${short('path')}/y.js`, 'code.line.number': 3 },
  },
  { traceId, spanId: spanIds.function, parent: spanIds.root, attributes: { 'code.function.name': short('function') } },
  { traceId, spanId: spanIds.name, parent: spanIds.root, name: hostile('name') },
  {
    traceId,
    spanId: spanIds.thrown,
    parent: spanIds.root,
    name: 'throws',
    error: true,
    attributes: { 'code.file.path': '/app/src/shop.ts', 'code.function.name': `${short('lens')}a`, 'code.line.number': 6 },
    events: [
      {
        name: 'exception',
        attributes: {
          'exception.type': short('type'),
          'exception.message': hostile('thrown'),
          'exception.stacktrace': `${short('type')}: ${hostile('thrown')}\n    at work (/app/src/shop.ts:6:3)`,
        },
      },
    ],
  },
  {
    traceId,
    spanId: spanIds.other,
    parent: spanIds.root,
    attributes: { 'code.file.path': '/app/src/shop.ts', 'code.function.name': `${short('lens')}b`, 'code.line.number': 6 },
  },
];

beforeAll(async () => {
  folder = temporaryFolder('hostile');
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder.path, name)), { recursive: true });
    writeFileSync(join(folder.path, name), text);
  };
  write('src/shop.ts', program);
  write(`${short('file')}.json`, `{"${short('jsonKey')}":1}`);
  write('run.js', '0');
  jaeger = createServer(({ url = '' }, response) => {
    const { status, body } = answer(url);
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => jaeger.listen(0, '127.0.0.1', resolve));
  const { port } = jaeger.address() as AddressInfo;
  window = await openWorkbench({
    workspace: folder.path,
    height: 1100,
    settings: {
      'window.dialogStyle': 'custom',
      'spanhop.capture.wellKnownPort': false,
      'spanhop.capture.debugSessions': 'ask',
      'spanhop.traces.groupBy': 'service',
      'spanhop.backends': [{ name: jaegerName, type: 'jaeger', url: `http://127.0.0.1:${port}` }],
      'spanhop.source.pathMappings': { '/app': folder.path, [`/${short('prefix')}`]: `/tmp/${short('target')}` },
      'problems.showCurrentInStatus': true,
    },
  });
  traces = new SideBarView(window, 'Traces');
  input = new QuickInput(window.page);
  await arm(window);
  await window.host(
    async ({ api }, body: string) => {
      const { httpPort } = await (await api()).capture.start();
      const headers = { 'content-type': 'application/json' };
      await fetch(`http://127.0.0.1:${httpPort}/v1/traces`, { method: 'POST', headers, body });
    },
    // Of now: an error of before a file was written is none of the file's.
    JSON.stringify(request(spans.map((span) => ({ ...span, startMs: Date.now() - BASE_MS })))),
  );
});

afterAll(async () => {
  await window?.close();
  jaeger?.close();
  folder?.remove();
});

beforeEach(async ({ onTestFailed }) => {
  await window.command('notifications.clearAll');
  await notification().first().waitFor({ state: 'hidden' });
  onTestFailed(async () => console.log(`The window at that moment: ${await window.screenshot(`hostile-failed-${Date.now()}`)}`));
});

const notification = (): Locator => window.page.locator('.notifications-center .notification-list-item-message:visible');

/** A notification that says it: nothing of it was obeyed, and a click where the link would be runs nothing. */
async function notified(way: string): Promise<void> {
  // A link hides its address, so the mark-up is looked at. A list that was shown empty may be closed again when the message comes.
  const found = async (): Promise<number> => {
    await window.listNotifications();
    return notification().evaluateAll((all, text) => all.findIndex(({ innerHTML }) => innerHTML.includes(text)), way);
  };
  await expect.poll(found, later).toBeGreaterThanOrEqual(0);
  const message = notification().nth(await found());
  expect(await obeyed(window)).toEqual([]);
  expect(await message.innerText()).toContain(linkLabel);
  await clickLabel(window, message);
  expect(await ran(window)).toEqual([]);
}

/** A quick input in which the text stands: nothing of it was obeyed. */
async function asked(way: string): Promise<void> {
  await input.widget.filter({ hasText: way }).first().waitFor();
  expect(await obeyed(window)).toEqual([]);
}

/** Leaves the quick input that is open. */
async function leave(): Promise<void> {
  await window.page.keyboard.press('Escape');
  await input.widget.waitFor({ state: 'hidden' });
}

const run = (command: string, ...args: readonly unknown[]): Promise<unknown> =>
  window.host(
    ({ vscode }, call: { command: string; args: readonly unknown[] }) => {
      void vscode.commands.executeCommand(call.command, ...call.args);
      return true;
    },
    { command, args },
  );

const goToSource = (span: string): Promise<unknown> => run('spanhop.goToSource', { traceId, spanId: span.padStart(16, '0') });

it('would see a command that ran', async () => {
  await window.host(({ vscode }, text: string) => {
    void vscode.window.showErrorMessage(text);
    return true;
  }, hostile('control'));
  await window.listNotifications();
  const message = notification().filter({ hasText: linkLabel }).first();
  await message.waitFor();
  expect((await obeyed(window)).join('\n')).toContain('A to command:spanhopTest.owned');
  await clickLabel(window, message);
  await expect.poll(() => ran(window), later).toEqual(['control']);
  await window.command('notifications.clearAll');
  await window.host(({ memory }) => {
    (memory.owned as unknown[]).length = 0;
    return true;
  });
});

describe('notifications', () => {
  /** As a link from a browser comes in: through the page that VS Code gives other programs for it. */
  async function follow(path: string, query = ''): Promise<void> {
    const address = await window.host(
      async ({ vscode }, link: { path: string; query: string }) => {
        const uri = vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: 'spanhop.spanhop', ...link });
        return (await vscode.env.asExternalUri(uri)).toString(true);
      },
      { path, query },
    );
    const page = await window.page.context().newPage();
    await page.goto(address);
    await page.close();
  }

  it.each([
    ['linkBackend', `/trace/${traceId.replace('ab', 'ac')}`, `backend=${encodeURIComponent(short('linkBackend'))}`],
    ['linkId', `/trace/${short('linkId')}`, ''],
    ['linkPath', `/${short('linkPath')}`, ''],
  ])('a link from outside: %s', async (way, path, query) => {
    await follow(path, query);
    await notified(way);
  });

  it.each([
    ['path', spanIds.file],
    ['function', spanIds.function],
    ['name', spanIds.name],
  ])('a span without source: %s', async (way, span) => {
    await goToSource(span);
    await notified(way);
  });

  it.each([
    ['errors500', 500, { errors: [{ msg: hostile('errors500') }] }],
    ['text500', 500, hostile('text500')],
    // Of a key 40 characters are told.
    ['its keys', 200, { [`[${linkLabel}](command:spanhopTest.owned)`]: 1 }],
  ])('a Jaeger: %s', async (way, status, body) => {
    answer = () => ({ status, body });
    await run('spanhop.openTrace', { traceId: 'ad'.padStart(32, '0'), backend: jaegerName });
    await notified(way);
  });

  it('the name of a launch configuration', async () => {
    const name = short('launch');
    await window.host(
      ({ vscode }, configuration: { name: string; program: string; env: Record<string, string> }) => {
        const launch = { type: 'node', request: 'launch', ...configuration };
        void vscode.debug.startDebugging(undefined, launch, { noDebug: true });
        return true;
      },
      { name, program: join(folder.path, 'run.js'), env: { OTEL_CONFIG_FILE: 'otel.yaml' } },
    );
    await asked('launch');
    await input
      .entry(/^Capture/)
      .first()
      .click();
    await notified('launch');
  });
});

it('is text in the rows, the message and the hovers of the views', async () => {
  await window.command('spanhop.traces.focus');
  const group = traces.rows.filter({ hasText: linkLabel }).filter({ hasText: 'service' });
  await group.first().waitFor();
  const row = traces.rows.filter({ hasText: linkLabel }).filter({ hasText: 'root' });
  await row.first().waitFor();
  expect(await traces.hoverOf(row.first(), 'Backend')).toContain(linkLabel);
  expect(await obeyed(window)).toEqual([]);
  await traces.toggle(row.first());
  await traces.rows.filter({ hasText: 'throws' }).first().waitFor();
  const services = traces.row('Services');
  await services.waitFor();
  await traces.toggle(services);
  expect(await obeyed(window)).toEqual([]);
  expect(
    await traces.hoverOf(traces.rows.filter({ hasText: linkLabel }).filter({ hasText: 'it broke' }).first(), 'Of its own'),
  ).toContain(linkLabel);
  expect(await obeyed(window)).toEqual([]);

  answer = () => ({ status: 500, body: hostile('list500') });
  await window.command('spanhop.selectBackend', jaegerName);
  await traces.message.filter({ hasText: 'list500' }).waitFor();
  expect(await obeyed(window)).toEqual([]);
  await clickLabel(window, traces.message);
  expect(await ran(window)).toEqual([]);
  await window.command('spanhop.selectBackend', 'local');
  await group.first().waitFor();
});

describe('quick picks and input boxes', () => {
  it('the names of backends', async () => {
    await run('spanhop.selectBackend');
    await asked('backend');
    await leave();
  });

  it('the search: services, what was chosen and its hover, keys of attributes in a prompt', async () => {
    await run('spanhop.search');
    await input.choose('Search traces of', 'Service');
    await input.entry('service').first().waitFor();
    await asked('service');
    await input.entry(linkLabel).first().click();
    const chosen = input.entry(/^\s*Service/).first();
    await chosen.filter({ hasText: linkLabel }).waitFor();
    // VS Code makes Markdown of a description when the pointer rests on it.
    await chosen.locator('.label-description').hover();
    const hover = window.page.locator('.monaco-hover:visible').filter({ hasText: linkLabel });
    await hover.first().waitFor();
    expect(await obeyed(window)).toEqual([]);
    await input.entry('Attributes').first().click();
    await input.title.filter({ hasText: 'Attributes' }).waitFor();
    await asked(linkLabel);
    await clickLabel(window, input.widget.locator('.quick-input-message'));
    expect(await ran(window)).toEqual([]);
    await window.page.keyboard.press('Escape');
    await input.title.filter({ hasText: 'Search traces of' }).waitFor();
    await leave();
  });

  it('why a line, and the mappings', async () => {
    await run('spanhop.explainSource', { traceId, spanId: spanIds.name.padStart(16, '0') });
    await asked('line?');
    await leave();
    await run('spanhop.explainSource', { traceId, spanId: spanIds.file.padStart(16, '0') });
    await asked('path');
    await leave();
    await run('spanhop.managePathMappings');
    await asked('prefix');
    await leave();
  });
});

it('is text in lenses, hovers and Problems', async () => {
  await window.host(
    async ({ vscode }, path: string) => {
      const editor = await vscode.window.showTextDocument(vscode.Uri.file(path));
      editor.selection = new vscode.Selection(5, 2, 5, 2);
      return true;
    },
    join(folder.path, 'src', 'shop.ts'),
  );
  const lens = window.page.locator('.codelens-decoration:visible').filter({ hasText: linkLabel });
  await lens.first().waitFor();
  // As it is, and not a picture of a squirrel.
  await lens.filter({ hasText: '(squirrel)' }).first().waitFor();
  expect(await obeyed(window)).toEqual([]);
  // The entry under the cursor is in the status bar too.
  await window.page.locator('.part.statusbar').filter({ hasText: 'thrown' }).waitFor(later);
  await window.command('workbench.actions.view.problems');
  await window.page.locator('.markers-panel').filter({ hasText: 'thrown' }).waitFor();
  expect(await obeyed(window)).toEqual([]);
  await window.command('workbench.action.focusActiveEditorGroup');
  await window.command('editor.action.showHover');
  await window.page.locator('.monaco-hover:visible').filter({ hasText: 'thrown' }).first().waitFor();
  expect(await obeyed(window)).toEqual([]);
  await window.page.keyboard.press('Escape');
  await run('spanhop.showSpansAtCursor');
  await asked('lens');
  await leave();
  await window.command('workbench.action.closePanel');
});

it('is text in a waterfall, in its tab, and in what the status bar says of a copy', async () => {
  await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await window.command('spanhop.openTrace', { traceId, spanId: spanIds.root.padStart(16, '0'), backend: 'local' });
  const frame = await window.webview('[role=treegrid] [role=row]');
  await window.page.locator('.tab.active').filter({ hasText: linkLabel }).waitFor();
  await frame.locator('.body [role=row]:visible').first().click();
  const copy = frame.locator('.details [aria-label^="Copy value: "]').filter({ visible: true });
  await frame.locator('.details .attribute').filter({ hasText: 'key' }).first().hover();
  expect(await obeyed(window)).toEqual([]);
  await copy.first().click();
  await window.page.locator('.part.statusbar').filter({ hasText: 'Copied Value of' }).waitFor();
  expect(await obeyed(window)).toEqual([]);
  // What was copied is the true text.
  expect(await window.host(({ vscode }) => vscode.env.clipboard.readText())).toBe(hostile('value'));
});

it('is text of a file of that name with such keys', async () => {
  await window.host(
    async ({ vscode }, path: string) => {
      await vscode.commands.executeCommand('spanhop.openTraceFile', vscode.Uri.file(path));
      return true;
    },
    join(folder.path, `${short('file')}.json`),
  );
  const frame = await window.webview('[role=alert]');
  await frame.getByText(linkLabel).first().waitFor();
  expect(await obeyed(window)).toEqual([]);
  expect(await ran(window)).toEqual([]);
});
