// Backends in the Traces view: recorded Jaegers, a real one, and servers on bad days, each with its message and next steps.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findJaeger, startJaeger } from '../backends/servers/jaegerServer.mjs';
import { runOnce } from '../sample/start.mjs';
import { longestHostBlockMs } from '../support/measure.mjs';
import { type ReplayServer, startReplay } from '../support/replayServer';
import { sharedData, sharedPath } from '../support/sharedData';
import { QuickInput, SideBarView } from '../support/sideBar';
import { startTrouble, type TroubleServer } from '../support/troubleServer';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
let window: Workbench;
let traces: SideBarView;
let input: QuickInput;
let trouble: TroubleServer;

beforeAll(async () => {
  trouble = await startTrouble('empty');
  window = await openWorkbench({ height: 1200, settings: { 'spanhop.traces.groupBy': 'none' } });
  traces = new SideBarView(window, 'Traces');
  input = new QuickInput(window.page);
  await window.command('spanhop.traces.focus');
});

afterAll(async () => {
  await window?.close();
  await trouble?.stop();
});

/** What is undefined goes back to its default. */
const settings = (values: Record<string, unknown>): Promise<void> =>
  window.host(
    async ({ vscode }, all: [string, unknown][]) => {
      for (const [name, value] of all) {
        await vscode.workspace.getConfiguration('spanhop').update(name, value ?? undefined, vscode.ConfigurationTarget.Global);
      }
    },
    // On the way there JSON keeps null only.
    Object.entries(values).map(([name, value]): [string, unknown] => [name, value ?? null]),
  );
const message = () => expect.poll(() => traces.message.innerText(), later);
const texts = () => expect.poll(() => traces.texts(), later);
/** Makes a backend the only one, and the active one. */
const use = (name: string, url: string, more: Record<string, unknown> = {}): Promise<void> =>
  settings({ activeBackend: undefined, ...more, backends: [{ name, type: 'jaeger', url }] }).then(() =>
    settings({ activeBackend: name }),
  );

/** The list of so many traces of now. */
function crowd(count: number): string {
  const summaries = Array.from({ length: count }, (_, i) => ({
    traceId: (i + 1).toString(16).padStart(32, '0'),
    rootServiceName: 'storefront',
    rootOperationName: `GET /products/${i}`,
    minStartTimeUnixNano: `${Date.now() - i}000000`,
    maxEndTimeUnixNano: `${Date.now() - i + 1}000000`,
    spanCount: 3,
    errorSpanCount: 0,
    services: [
      { name: 'storefront', numSpans: 2 },
      { name: 'catalog', numSpans: 1 },
    ],
  }));
  return JSON.stringify({ summaries });
}

it('shows what can be done where there is nothing', async () => {
  const welcome = traces.pane.locator('.welcome-view-content').filter({ hasText: 'Start Capture' });
  await welcome.waitFor();
  const text = await welcome.innerText();
  for (const step of ['Start Capture', 'Add Backend…', 'Open Trace File…', 'Try the sample trace']) expect(text).toContain(step);
  await use('Test Jaeger', trouble.url);
  await message().toBe('Test Jaeger · last 2 days · nothing found');
  await texts().toEqual(['Look further back', 'Refresh', 'Select backend…']);
});

it('looks further back on demand, and says how far', async () => {
  await traces.row('Look further back').click();
  await message().toBe('Test Jaeger · last 7 days · nothing found');
  await traces.row('Look further back').click();
  await message().toBe('Test Jaeger · last 30 days · nothing found');
  await texts().toEqual(['Change search…', 'Clear search']);
  await traces.row('Clear search').click();
  await message().toBe('Test Jaeger · last 2 days · nothing found');
});

it('leaves out wrong entries of the settings and keeps the right ones', async () => {
  await settings({
    backends: [
      'not an object',
      { type: 'jaeger', url: trouble.url },
      { name: 'local', type: 'jaeger', url: trouble.url },
      { name: 'A', type: 'other', url: trouble.url },
      { name: 'B', type: 'jaeger', url: 'not an address' },
      { name: 'Good', type: 'jaeger', url: trouble.url },
    ],
    activeBackend: 'Good',
  });
  expect(await window.host(async ({ api }) => (await api()).backends)).toEqual(['local', 'Good']);
  await message().toBe('Good · last 2 days · nothing found');
});

it('asks for a credential where one is needed, keeps it secret, and sends it to its own server only', async () => {
  trouble.trouble = 'token';
  trouble.token = 'open sesame';
  await use('Guarded', trouble.url);
  await message().toBe(`Guarded · ${trouble.url} refused the request (status 401). Set a credential for this backend.`);
  await traces.row('Set credential…').click();
  await input.choose('Credential of "Guarded"', 'Bearer token');
  await input.type('Credential of "Guarded"', 'open sesame');
  await message().toBe('Guarded · last 2 days · nothing found');
  const settingsText = await window.host(({ vscode }) => JSON.stringify(vscode.workspace.getConfiguration('spanhop')));
  expect(settingsText).not.toContain('sesame');

  // A server that sends its visitors elsewhere gets the credential, the other one does not.
  const other = await startTrouble('empty');
  try {
    trouble.trouble = 'redirect';
    trouble.target = other.url;
    trouble.requests.length = 0;
    await traces.row('Refresh').click();
    await expect.poll(() => other.requests.length, later).toBeGreaterThan(0);
    expect(trouble.requests[0]?.authorization).toBe('Bearer open sesame');
    for (const { authorization } of other.requests) expect(authorization).toBeUndefined();
  } finally {
    await other.stop();
  }
});

describe('a server on a bad day', () => {
  it('answers with a page to sign in', async () => {
    trouble.trouble = 'html';
    await use('Bad', trouble.url);
    await message().toBe(
      `"Bad" at ${trouble.url} answered with a page to sign in instead of data. Set a credential, or check the address.`,
    );
    await texts().toEqual(['Set credential…', 'Change address…', 'Try again', 'Select backend…']);
  });

  it('hangs: loading can be stopped, and ends by itself', async () => {
    trouble.trouble = 'hang';
    await traces.row('Try again').click();
    await message().toBe('Bad · loading…');
    await traces.row('Stop').click();
    await message().toBe('Bad · stopped');
    await expect.poll(() => trouble.open, later).toBe(0);
    await settings({ 'requests.timeoutSeconds': 1 });
    await message().toBe(`Bad · ${trouble.url} did not answer in full within 1 s. Ask for less, or raise the time-out.`);
    await texts().toEqual(['Try again', 'Change time-out', 'Change address…', 'Select backend…']);
    expect(trouble.open).toBe(0);
    await settings({ 'requests.timeoutSeconds': undefined });
  });

  it('streams without end', async () => {
    trouble.trouble = 'endless';
    await settings({ 'requests.maxMegabytes': 4 });
    await message().toContain('sent more than 4 MB');
    await texts().toEqual(['Try again', 'Change limit', 'Change search…', 'Select backend…']);
    await expect.poll(() => trouble.open, later).toBe(0);
    await settings({ 'requests.maxMegabytes': undefined });
  });

  it('lists 200,000 traces for twenty: the other extensions go on meanwhile', async () => {
    trouble.trouble = 'empty';
    await use('Crowd', trouble.url);
    await message().toBe('Crowd · last 2 days · nothing found');
    trouble.trouble = 'list';
    trouble.list = crowd(200_000);
    const blockedMs = await longestHostBlockMs(window, async () => {
      await window.command('spanhop.refresh');
      await message().toBe('Crowd · newest 20 traces');
    });
    console.log(`${trouble.list.length >> 20} MB of summaries held the extension host for ${blockedMs.toFixed(0)} ms at most`);
    // Parsing them takes a second; what else runs on the machine takes its turns, too.
    expect(blockedMs).toBeLessThan(250);
  });

  it('nests lists two million deep', async () => {
    trouble.list = `{"summaries":${'['.repeat(2_000_000)}`;
    await window.command('spanhop.refresh');
    await message().toContain(
      `What "Crowd" at ${trouble.url} answered is not read. The answer nests objects and lists deeper than 512, as no program does. · what is listed is of `,
    );
    trouble.list = '';
  });

  it('is not there, and then is', async () => {
    const gone = await startTrouble('empty');
    await gone.stop();
    await use('Gone', gone.url);
    await message().toBe(`Gone · ${gone.url} cannot be reached: nothing listens there.`);
    await texts().toEqual(['Try again', 'Change address…', 'Select backend…']);
    trouble.trouble = 'empty';
    await use('Gone', trouble.url);
    await message().toBe('Gone · last 2 days · nothing found');
    expect(window.consoleErrors().filter((line) => /spanhop/i.test(line))).toEqual([]);
  });
});

describe.skipIf(sharedData === undefined)('a recorded Jaeger', () => {
  let replay: ReplayServer | undefined;

  afterEach(async () => {
    while (await input.widget.isVisible()) await window.page.keyboard.press('Escape');
    await settings({ backends: undefined, activeBackend: undefined });
    await window.command('spanhop.clearSearch');
    await replay?.stop();
    replay = undefined;
  });

  it('of today: proposes its services, finds errors, says what each trace is', async () => {
    replay = await startReplay(sharedPath('recorded', 'jaeger-main'));
    await use('Main', replay.url);
    await traces.press('Search Traces…');
    await input.choose('Search traces of Main', /^Service/);
    await input.entry('Mail Worker/EU').waitFor();
    await input.choose('Service', 'payment');
    await input.choose('Search traces of Main', /^Errors only/);
    await input.choose('Search traces of Main', /^Search/);
    await message().toMatch(/^Main · service = payment · status = error · (newest )?\d+ traces?( · filtered .*)?$/);
    await texts().toContainEqual(
      expect.stringMatching(/^POST \/checkout \| [\d.]+ ms · .* ago · 7 spans · 4 errors · storefront$/),
    );
  });

  it('of 2.13, which answers its web page to what it does not know: finds whole traces and shows what is in them', async () => {
    const page = (name: string): boolean =>
      name === 'empty-v3-summaries' || !/^(tenancy|basepath|last|early|empty|wrong)-/.test(name);
    replay = await startReplay(sharedPath('recorded', 'jaeger-2.13'), page);
    await use('Older', replay.url);
    await traces.press('Search Traces…');
    await input.choose('Search traces of Older', /^Service/);
    await input.choose('Service', 'orders');
    await input.choose('Search traces of Older', /^Operation/);
    // Its operations were not recorded: a name can be typed all the same.
    await input.type('Operation', 'reconcile A');
    await input.choose('Search traces of Older', /^Search/);
    await message().toMatch(/^Older · service = orders · operation = reconcile A · \d+ traces?( · filtered .*)?$/);
    await texts().toContainEqual(
      expect.stringMatching(/^reconcile A \| .* ago · (\d+ spans? match(es)? · )?\d+ spans? · orders$/),
    );
    await traces.toggle(traces.rows.first());
    await texts().toContainEqual(expect.stringMatching(/^Slowest spans/));
  });
});

const jaeger = findJaeger();

it.skipIf(jaeger.path === undefined)('lists what a real Jaeger got from the shop', async () => {
  const server = await startJaeger(jaeger.path);
  try {
    const expected = await runOnce({ endpoint: server.otlp });
    await use('Jaeger local', server.url);
    await message().toMatch(/^Jaeger local · (newest )?\d+ traces/);
    await texts().toContainEqual(expect.stringMatching(/^GET \/products \| [\d.]+ ms · \d+ s ago · 4 spans · storefront$/));
    await traces.press('Search Traces…');
    await input.choose('Search traces of Jaeger local', /^Attributes/);
    await input.type('Attributes', 'payment.currency=EUR');
    await input.choose('Search traces of Jaeger local', /^Errors only/);
    await input.choose('Search traces of Jaeger local', /^Search/);
    await message().toMatch(/^Jaeger local · status = error · payment\.currency=EUR · 1 trace( · filtered .*)?$/);
    const row = traces.row('POST /checkout').first();
    await traces.toggle(row);
    await texts().toContainEqual(
      expect.stringMatching(/^PaymentService\.charge \| payments · [\d.]+ ms · no answer after 3 tries$/),
    );
    expect(await traces.hoverOf(row, 'Trace ID')).toContain(expected[2]?.traceId);
  } finally {
    await server.stop();
  }
});
