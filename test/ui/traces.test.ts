// The Traces view as a person meets it, with the shop's traces: what each row says, what a click does, searching, grouping, paging.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepare, runOnce } from '../sample/start.mjs';
import { QuickInput, SideBarView } from '../support/sideBar';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 20_000 };
const workspace = join(projectRoot, 'test', 'sample');
let window: Workbench;
let traces: SideBarView;
let input: QuickInput;
let endpoint: string;
/** What must be in the traces, in the order of the requests. */
let expected: Awaited<ReturnType<typeof runOnce>>;
/** How many of the shop's traces have errors. */
let failures: number;

beforeAll(async () => {
  await prepare();
  window = await openWorkbench({
    workspace,
    height: 1500,
    settings: { 'spanhop.capture.wellKnownPort': false, 'spanhop.traces.groupBy': 'none' },
  });
  traces = new SideBarView(window, 'Traces');
  input = new QuickInput(window.page);
  await window.command('spanhop.traces.focus');
  await traces.message.filter({ hasText: 'Listening' }).waitFor();
  endpoint = await currentEndpoint();
});

afterAll(() => window?.close());

const currentEndpoint = (): Promise<string> =>
  window.host(async ({ api }) => `http://127.0.0.1:${(await api()).capture.httpPort}`);
const setting = (name: string, value: unknown): Promise<void> =>
  window.host(
    async ({ vscode }, pair: { name: string; value: unknown }) => {
      await vscode.workspace.getConfiguration('spanhop').update(pair.name, pair.value, vscode.ConfigurationTarget.Global);
    },
    { name, value },
  );
const message = () => expect.poll(() => traces.message.innerText(), later);
const rowCount = (count: number) => expect.poll(() => traces.rows.count(), later).toBe(count);

it('says where to send while nothing came, and what came that is no trace', async () => {
  await message().toBe(`Listening at ${endpoint} · nothing received yet`);
  for (const path of ['metrics', 'metrics', 'logs']) {
    const answer = await fetch(`${endpoint}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(200);
  }
  await message().toBe(`Listening at ${endpoint} · 2 metric requests, 1 log request, no spans`);
  await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await traces.row('Copy endpoint').click();
  await expect.poll(() => window.host(({ vscode }) => vscode.env.clipboard.readText()), later).toBe(endpoint);
  // Rows that come under a pointer hold still, until a person is taken to have left them.
  await window.page.mouse.move(700, 400);
});

it('lists a trace a row: root, duration, age, spans, errors, service, and whether it failed', async () => {
  expected = await runOnce({ endpoint });
  // The queue's consumer is a trace of its own.
  await rowCount(7);
  await expect.poll(() => traces.row('Root span').count(), later).toBe(0);
  // The shop has ended, so all its spans are here. On a slow machine the good checkout pays only at the second try: that is an error too.
  const found: { traceId: string; errorCount?: number }[] = await window.host(async ({ api }) =>
    (await api()).findTraces({}, { backend: 'local' }),
  );
  const failedIds = found.filter(({ errorCount }) => errorCount).map(({ traceId }) => traceId);
  expect(failedIds).toEqual(expect.arrayContaining(expected.flatMap(({ failing, traceId }) => (failing ? [traceId] : []))));
  failures = failedIds.length;
  expect([2, 3]).toContain(failures);
  const failing = traces.rows.filter({ has: window.page.locator('.codicon-error') });
  await expect.poll(() => failing.count(), later).toBe(failures);
  const texts = await traces.texts();
  expect(texts.map((text) => text.split(' | ')[0]).sort()).toEqual(
    [
      'GET /cart/:id',
      'GET /cart/:id/total',
      'GET /cart/:id/total',
      'GET /products',
      'POST /checkout',
      'POST /checkout',
      'order.placed process',
    ].sort(),
  );
  for (const text of texts) {
    expect(text).toMatch(/ \| [\d.]+ (µs|ms|s) · (now|\d+ s ago) · \d+ spans( · \d+ errors?)? · (storefront|mailer)$/);
  }
  const failed = await failing.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')));
  for (const label of failed) expect(label).toMatch(/, .* · \d+ errors? · storefront, with errors$/);
  await message().toBe('Local · 7 traces');
});

it('shows below a trace its errors, its slowest spans and its services', async () => {
  const row = await failingCheckout();
  await traces.toggle(row);
  await traces.row('Errors').filter({ hasText: 'Errors6' }).waitFor();
  const [error] = (await traces.texts()).filter((text) => text.startsWith('PaymentService.charge'));
  expect(error).toMatch(/^PaymentService\.charge \| payments · [\d.]+ ms · no answer after 3 tries$/);
  await traces.toggle(traces.row('Errors').last());
  await traces.toggle(traces.row('Services'));
  await expect
    .poll(() => traces.texts())
    .toContainEqual(expect.stringMatching(/^payments \| 5 spans · 5 errors · [\d.]+ ms of its own$/));
  await traces.toggle(traces.row('Services'));
  await traces.toggle(traces.row('Errors').last());
});

it("opens the throwing line from a span's row", async () => {
  const failing = expected[2]?.failing;
  await traces.pressInline(traces.row('PaymentService.charge').first(), 'Go to Source');
  await expect
    .poll(
      () =>
        window.host(({ vscode }) => {
          const editor = vscode.window.activeTextEditor;
          return editor && [vscode.workspace.asRelativePath(editor.document.uri), editor.selection.start.line + 1];
        }),
      later,
    )
    .toEqual([failing?.file, failing?.line]);
});

it('opens a trace at the span whose row is clicked, and at the first error of a service', async () => {
  await traces.row('PaymentService.charge').first().locator('.label-name').click();
  const frame = await window.webview('[role=row][aria-selected=true]');
  await expect
    .poll(() => frame.locator('[role=row][aria-selected=true]').first().innerText(), later)
    .toContain('PaymentService.charge');
  await traces.toggle(traces.row('Errors').last());
  await traces.toggle(traces.row('Services'));
  await traces.row('storefront').last().locator('.label-name').click();
  await expect.poll(() => frame.locator('[role=row][aria-selected=true]').first().innerText(), later).toContain('POST /payments');
  await window.command('workbench.action.closeAllEditors');
  await traces.toggle(await failingCheckout());
  await rowCount(7);
});

it('opens a trace that is dragged into the editor area', async () => {
  const row = await failingCheckout();
  await traces.dragToEditors(row);
  const frame = await window.webview('[role=treegrid] [role=row]');
  await expect.poll(() => frame.locator('[role=treegrid]').innerText(), later).toContain('POST /checkout');
  await expect
    .poll(() => window.host(({ vscode }) => vscode.window.tabGroups.all.map(({ tabs }) => tabs.map((tab) => tab.label))), later)
    .toEqual([[expect.stringContaining('POST /checkout')]]);
  await window.screenshot('dragged');
  await window.command('workbench.action.closeAllEditors');
});

it('says in the hover what does not fit into the row, and where the trace fails in code', async () => {
  const text = await traces.hoverOf(await failingCheckout(), expected[2]?.traceId ?? '');
  expect(text).toContain(expected[2]?.traceId);
  for (const service of ['storefront', 'cart', 'pricing', 'mailer', 'payments']) expect(text).toContain(service);
  expect(text).toMatch(/Starts at\s+\w+\.ts:\d+/);
  expect(text).toMatch(/UTC\s+\d{4}-\d\d-\d\d\s\d\d:\d\d:\d\d\S*\sUTC/);
  expect(text).toMatch(/Fails at\s+\w+\.ts:\d+/);
  await window.page.mouse.move(700, 400);
});

it('has a context menu that says what can be done with a trace', async () => {
  const entries = await traces.menuOf(await failingCheckout());
  expect(entries).toEqual([
    'Open Trace Beside',
    'Go to Source of Span',
    'Why This Line?',
    'Copy Trace ID',
    'Copy Link to Trace',
    'Export Trace…',
  ]);
});

it('groups by time, service, operation, debug session', async () => {
  const groups = async (): Promise<string[]> =>
    (await traces.texts()).filter((text) => / \| \d+ traces?( · |$)/.test(text)).sort();
  const expected: readonly (readonly [string, readonly string[]])[] = [
    ['Service', ['mailer | 1 trace', `storefront | 6 traces · ${failures} with errors`]],
    [
      'Operation',
      [
        'GET /cart/:id | 1 trace',
        'GET /cart/:id/total | 2 traces · 1 with errors',
        'GET /products | 1 trace',
        `POST /checkout | 2 traces · ${failures - 1} with errors`,
        'order.placed process | 1 trace',
      ],
    ],
    ['Debug session', [`Outside of debug sessions | 7 traces · ${failures} with errors`]],
    ['Time', [`Last 5 minutes | 7 traces · ${failures} with errors`]],
  ];
  for (const [by, rows] of expected) {
    await traces.press('Group Traces By…');
    await input.choose('Group traces by', by);
    await expect.poll(groups, later).toEqual(rows);
  }
  await traces.press('Group Traces By…');
  await input.choose('Group traces by', 'None');
  await rowCount(7);
});

it('shows only traces with errors, and all of them again', async () => {
  await traces.press('Show Only Traces with Errors');
  await rowCount(failures);
  await message().toBe(`Local · status = error · ${failures} traces`);
  await traces.press('Show Traces without Errors Too');
  await rowCount(7);
});

it('searches by the fields of a form; leaving it changes nothing', async () => {
  await traces.press('Search Traces…');
  await input.choose('Search traces of local', /^Service/);
  await input.choose('Service', 'payments');
  await input.choose('Search traces of local', /^Duration at least/);
  await input.title.filter({ hasText: 'Duration at least' }).waitFor();
  await input.input.fill('soon');
  await input.widget.filter({ hasText: 'A number with ns, µs, ms, s, m or h' }).waitFor();
  await input.input.press('Enter');
  expect(await input.title.innerText()).toContain('Duration at least');
  await input.type('Duration at least', '1ms');
  await input.title.filter({ hasText: 'Search traces of local' }).waitFor();
  await input.input.press('Escape');
  await input.widget.waitFor({ state: 'hidden' });
  await rowCount(7);
  await message().toBe('Local · 7 traces');

  await traces.press('Search Traces…');
  await input.choose('Search traces of local', /^Service/);
  await input.choose('Service', 'payments');
  await input.choose('Search traces of local', /^Attributes/);
  await input.type('Attributes', 'payment.currency=EUR');
  await input.choose('Search traces of local', /^Search/);
  await message().toMatch(/^Local · service = payments · payment\.currency=EUR · \d traces?$/);
  await expect.poll(async () => (await traces.texts()).every((text) => text.startsWith('POST /checkout')), later).toBe(true);
  await traces.press('Search Traces…');
  await input.choose('Search traces of local', 'Clear and show all');
  await rowCount(7);
});

it('searches for what is typed, proposes what may follow, and says what is wrong with a query when it is asked for or left', async () => {
  await traces.press('Search Traces…');
  await input.title.filter({ hasText: 'Search traces of local' }).waitFor();
  expect(await input.input.getAttribute('placeholder')).toContain('query (TraceQL)');
  await input.input.fill('{ duration > }');
  await input.entry(/^Search/).waitFor();
  // Enter is an answer at once; so is a pause.
  await input.input.press('Enter');
  await input.entry('{ duration > }').filter({ hasText: 'The query cannot be run from character 14 on' }).waitFor();
  await input.input.fill('{ status = error');
  await input.entry('{ status = error').filter({ hasText: 'The query is not complete' }).waitFor();

  await input.input.fill('{ name = "apply');
  await input.entry('"apply_discounts"').click();
  await expect.poll(() => input.input.inputValue(), later).toBe('{ name = "apply_discounts" ');
  await input.entry(/^&&/).click();
  await expect.poll(() => input.input.inputValue(), later).toBe('{ name = "apply_discounts" && ');
  await input.input.pressSequentially('sta');
  await input.entry(/^statuserror/).click();
  await input.entry(/^=is/).click();
  await input.entry(/^error/).click();
  await input.entry(/^\}/).click();
  await expect.poll(() => input.input.inputValue(), later).toBe('{ name = "apply_discounts" && status = error } ');
  await input.entry(/^Search/).waitFor();
  await input.input.press('Enter');
  await rowCount(1);
  await message().toBe('Local · { name = "apply_discounts" && status = error } · 1 trace');
});

it('says how many spans match, and opens the trace at the first of them', async () => {
  await expect.poll(() => traces.texts()).toContainEqual(expect.stringMatching(/ · 1 span matches · \d+ spans · /));
  await traces.rows.first().click();
  const frame = await window.webview('[role=row][aria-selected=true]');
  await expect
    .poll(() => frame.locator('[role=row][aria-selected=true]').first().innerText(), later)
    .toContain('apply_discounts');
});

it('keeps the search over a reload, and offers to clear it where nothing is found', async () => {
  await window.reload();
  await window.command('spanhop.traces.focus');
  await rowCount(1);
  endpoint = await currentEndpoint();
  await window.command('spanhop.search', { text: 'a text that no span has' });
  await traces.row('Clear search').waitFor();
  await message().toBe('Local · "a text that no span has" · nothing found');
  expect(await traces.texts()).toEqual(['Change search…', 'Clear search']);
  await traces.row('Clear search').click();
  await rowCount(7);
});

it('loads more on demand and keeps the rows that are there', async () => {
  await setting('traces.pageSize', 3);
  await rowCount(4);
  await message().toBe('Local · newest 3 traces');
  const before = (await traces.texts()).slice(0, 3).map((text) => text.split(' | ')[0]);
  await traces.row('Load more').click();
  await rowCount(7);
  expect((await traces.texts()).slice(0, 3).map((text) => text.split(' | ')[0])).toEqual(before);
  await message().toBe('Local · newest 6 traces');
  await traces.row('Load more').click();
  await rowCount(7);
  await message().toBe('Local · 7 traces');
  await setting('traces.pageSize', undefined);
});

it('says so when the root of a trace is not there', async () => {
  const name = `orphan ${Date.now()}`;
  const old = BigInt(Date.now() - 3_600_000) * 1_000_000n;
  for (const [start, label] of [
    [undefined, 'Root span not here yet'],
    [old, 'Root span missing'],
  ] as const) {
    await fetch(`${endpoint}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(oneSpan(name, { parent: '00f067aa0ba902b7', start })),
    });
    await window.command('spanhop.refresh');
    await traces.row(label).waitFor();
    expect((await traces.texts()).filter((text) => text.startsWith(label))[0]).toMatch(/ · 1 span · prober$/);
  }
});

it('searches by operation, longest duration and time range, and looks further back where nothing is found', async () => {
  await traces.press('Search Traces…');
  await input.choose('Search traces of local', /^Operation/);
  await input.choose('Operation: name of a span', 'apply_discounts');
  await input.choose('Search traces of local', /^Duration at most/);
  await input.type('Duration at most', '10m');
  await input.choose('Search traces of local', /^Duration at least/);
  await input.title.filter({ hasText: 'Duration at least' }).waitFor();
  await input.input.fill('11m');
  await input.widget.filter({ hasText: 'Over the most that is asked for (600 s)' }).waitFor();
  await input.input.press('Escape');
  await input.choose('Search traces of local', /^Time range/);
  await input.choose('Time range', 'last hour');
  await input.choose('Search traces of local', /^Search/);
  await message().toMatch(/^Local · operation = apply_discounts · duration ≤ 600 s · last hour · \d traces?$/);
  await traces.press('Search Traces…');
  await input.choose('Search traces of local', /^Duration at most/);
  await input.type('Duration at most', '1ns');
  await input.choose('Search traces of local', /^Search/);
  await message().toBe('Local · operation = apply_discounts · duration ≤ 1 ns · last hour · nothing found');
  await traces.row('Clear search').click();
  await message().toMatch(/^Local · \d+ traces$/);

  const name = `long ago ${Date.now()}`;
  const start = BigInt(Date.now() - 2 * 3_600_000) * 1_000_000n;
  await fetch(`${endpoint}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(oneSpan(name, { start })),
  });
  await window.command('spanhop.refresh');
  await traces.row(name).waitFor();
  await traces.press('Search Traces…');
  await input.choose('Search traces of local', /^Time range/);
  await input.choose('Time range', 'last 15 minutes');
  await input.choose('Search traces of local', /^Text or query/);
  await input.type('Text or query', name);
  await input.choose('Search traces of local', /^Search/);
  await message().toBe(`Local · "${name}" · last 15 minutes · nothing found`);
  await traces.row('Look further back').click();
  await message().toBe(`Local · "${name}" · last hour · nothing found`);
  await traces.row('Look further back').click();
  await message().toBe(`Local · "${name}" · last 6 hours · 1 trace`);
  await window.command('spanhop.clearSearch');
});

/** The failing checkout's row. */
async function failingCheckout() {
  const row = traces.row('POST /checkout').filter({ hasText: '6 errors' }).first();
  await row.waitFor();
  return row;
}

function oneSpan(name: string, { parent, start }: { parent?: string; start?: bigint } = {}) {
  const begin = start ?? BigInt(Date.now()) * 1_000_000n;
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  const span = {
    traceId: hex(32),
    spanId: hex(16),
    parentSpanId: parent,
    name,
    kind: 2,
    startTimeUnixNano: String(begin),
    endTimeUnixNano: String(begin + 5_000_000n),
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'prober' } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans: [span] }] }] };
}
