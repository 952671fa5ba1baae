// Every member of the exported API, as another extension would use it, over what the sample shop really sent.

import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import { CancellationTokenSource, commands, TabInputCustom, TabInputWebview, Uri, window, workspace } from 'vscode';
import type { SpanhopApi, TraceSummary } from '../../src/api';
import {
  eventOf,
  eventually,
  fixture,
  fixtureJson,
  fixturePath,
  openSampleSources,
  send,
  spanhop,
  until,
  workspaceFolder,
} from './support/spanhop';

interface Expected {
  readonly spans: number;
  readonly traces: readonly {
    traceId: string;
    name: string;
    service: string;
    durationMs: number;
    spans: number;
    errors: number;
    services: string[];
  }[];
  readonly failing: readonly { traceId: string; spanId: string; span: string; file: string; line: number }[];
}

const expected = fixtureJson('sample', 'expected.json') as Expected;
const shop = readFileSync(fixturePath('sample', 'shop.otlp.json'), 'utf8');

describe('exported API', () => {
  let api: SpanhopApi;

  before(async () => {
    openSampleSources();
    await workspace.getConfiguration('spanhop').update('capture.wellKnownPort', false, true);
    api = await spanhop();
    await api.capture.clear();
    const { httpPort } = await api.capture.start();
    const arrived = eventually(api.capture.onDidReceiveSpans, async () =>
      api.capture.counts.spans >= expected.spans ? true : undefined,
    );
    const answer = await send(httpPort, shop);
    strictEqual(answer.status, 200);
    await arrived;
  });

  after(async () => {
    await api.capture.stop();
    await api.capture.clear();
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('has version 1', () => strictEqual(api.apiVersion, 1));

  it('always names the local backend', () => ok(api.backends.includes('local')));

  describe('capture', () => {
    it('listens on a loopback port while it runs', async () => {
      strictEqual(api.capture.running, true);
      ok(api.capture.httpPort !== undefined && api.capture.httpPort > 0);
      strictEqual(api.capture.grpcPort, api.capture.httpPort);
      deepStrictEqual(api.capture.ports[0], { protocol: 'any', port: api.capture.httpPort, wellKnown: false });
    });

    it('answers the port in use when it is started twice', async () => {
      const again = await api.capture.start();
      strictEqual(again.httpPort, api.capture.httpPort);
    });

    it('counts what came', () => {
      strictEqual(api.capture.counts.spans, expected.spans);
      strictEqual(api.capture.counts.traces, expected.traces.length);
      strictEqual(api.capture.counts.rejected, 0);
    });

    it('tells of spans as they come', async () => {
      const traceId = `${'f'.repeat(31)}1`;
      const received = eventOf(api.capture.onDidReceiveSpans, ({ traceIds }) => traceIds.includes(traceId));
      await send(httpPortOf(api), oneSpan(traceId, '1'.repeat(16), 'told'));
      const { spans } = await received;
      ok(spans >= 1);
    });

    it('keeps what was captured when it stops, and forgets the port', async () => {
      await api.capture.stop();
      strictEqual(api.capture.running, false);
      strictEqual(api.capture.httpPort, undefined);
      const trace = await api.getTrace(expected.traces[0].traceId);
      strictEqual(trace.spanCount, expected.traces[0].spans);
      await api.capture.start();
      strictEqual(api.capture.running, true);
    });
  });

  describe('findTraces', () => {
    it('finds what was captured, newest first, with the facts of each trace', async () => {
      const found = await api.findTraces(undefined, { limit: 100 });
      for (const trace of expected.traces) {
        const one = found.find(({ traceId }) => traceId === trace.traceId);
        ok(one, `${trace.name} was not found`);
        deepStrictEqual(
          {
            backend: one.backend,
            rootName: one.rootName,
            rootService: one.rootService,
            spanCount: one.spanCount,
            errorCount: one.errorCount,
          },
          {
            backend: 'local',
            rootName: trace.name,
            rootService: trace.service,
            spanCount: trace.spans,
            errorCount: trace.errors,
          },
        );
        // What goes on after the root ended belongs to the trace.
        ok(one.durationNs / 1e6 >= trace.durationMs - 0.001, `${trace.name} lasts ${one.durationNs / 1e6} ms`);
      }
      deepStrictEqual(
        startsOf(found),
        [...startsOf(found)].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)),
      );
    });

    it('takes text of the search language', async () => {
      const found = await api.findTraces('{ status = error && resource.service.name = "payments" }');
      ok(found.length > 0);
      ok(found.every(({ errorCount }) => (errorCount ?? 0) > 0));
      ok(found.some(({ traceId }) => traceId === expected.failing[0].traceId));
    });

    it('takes a plain object', async () => {
      const found = await api.findTraces({ status: 'error', service: 'payments', minDurationMs: 100 });
      ok(found.some(({ traceId }) => traceId === expected.failing[0].traceId));
      deepStrictEqual(await api.findTraces({ service: 'nobody' }), []);
    });

    it('keeps to the limit', async () => strictEqual((await api.findTraces(undefined, { limit: 2 })).length, 2));

    it('says where a query is wrong', () => rejects(api.findTraces('{ status = '), { name: 'BadQuery', message: /expected/ }));

    it('refuses a backend that nobody configured', () =>
      rejects(api.findTraces(undefined, { backend: 'nowhere' }), { name: 'NotFound', message: /"nowhere"/ }));

    it('stops when its token is cancelled', async () => {
      const source = new CancellationTokenSource();
      source.cancel();
      await rejects(api.findTraces(undefined, { token: source.token }), { name: 'Cancelled' });
    });
  });

  describe('getTrace', () => {
    it('gives every span, parents before children, with its attributes, events and links', async () => {
      const [{ traceId, spanId, span }] = expected.failing;
      const trace = await api.getTrace(traceId);
      const facts = expected.traces.find((one) => one.traceId === traceId);
      strictEqual(trace.spans.length, facts?.spans);
      deepStrictEqual([...trace.services].sort(), [...(facts?.services ?? [])].sort());
      const seen = new Set<string>();
      for (const one of trace.spans) {
        if (one.parentSpanId !== undefined) ok(seen.has(one.parentSpanId), `${one.name} comes before its parent`);
        seen.add(one.spanId);
      }
      const failing = trace.spans.find((one) => one.spanId === spanId);
      ok(failing);
      strictEqual(failing.name, span);
      strictEqual(failing.status, 'error');
      strictEqual(failing.resource['service.name'], 'payments');
      strictEqual(typeof failing.startTimeUnixNano, 'bigint');
      ok(
        failing.events.some(
          ({ name, attributes }) => name === 'exception' && typeof attributes['exception.stacktrace'] === 'string',
        ),
      );
      deepStrictEqual(trace.defects, []);
    });

    it('takes an id in other forms', async () => {
      const { traceId } = expected.traces[0];
      for (const form of [traceId.toUpperCase(), `00-${traceId}-${'1'.repeat(16)}-01`]) {
        strictEqual((await api.getTrace(form)).traceId, traceId);
      }
    });

    it('says where it looked for a trace that is nowhere', () =>
      rejects(api.getTrace('ab'.repeat(16)), { name: 'NotFound', message: /abab/ }));

    it('refuses what is no id', () => rejects(api.getTrace('no id'), { name: 'BadQuery', message: /no trace id/ }));
  });

  describe('openTrace', () => {
    it('shows the waterfall and resolves when its rows are painted', async () => {
      await api.openTrace(expected.failing[0].traceId, { spanId: expected.failing[0].spanId });
      const input = window.tabGroups.activeTabGroup.activeTab?.input;
      ok(input instanceof TabInputWebview && input.viewType.endsWith('spanhop.waterfall'));
      strictEqual(window.tabGroups.activeTabGroup.activeTab?.label, 'POST /checkout');
    });

    it('brings the open one to the front instead of opening another', async () => {
      const { traceId } = expected.failing[0];
      await api.openTrace(traceId);
      const before = window.tabGroups.all.flatMap(({ tabs }) => tabs).length;
      await api.openTrace(`00-${traceId}-${expected.failing[0].spanId}-01`);
      strictEqual(window.tabGroups.all.flatMap(({ tabs }) => tabs).length, before);
    });

    it('rejects and leaves no tab when there is no such trace', async () => {
      const before = window.tabGroups.all.flatMap(({ tabs }) => tabs).length;
      await rejects(api.openTrace('cd'.repeat(16)), { name: 'NotFound' });
      await until(() => window.tabGroups.all.flatMap(({ tabs }) => tabs).length === before);
    });
  });

  describe('openTraceFile', () => {
    it('opens the custom editor and tells what the file holds', async () => {
      const file = await api.openTraceFile(fixture('sample', 'shop.otlp.pb'));
      strictEqual(file.format, 'otlp-proto');
      strictEqual(file.spanCount, expected.spans);
      deepStrictEqual(file.traces.map(({ traceId }) => traceId).sort(), expected.traces.map(({ traceId }) => traceId).sort());
      deepStrictEqual(file.defects, []);
      const input = window.tabGroups.activeTabGroup.activeTab?.input;
      ok(input instanceof TabInputCustom && input.viewType === 'spanhop.traceEditor');
    });

    it('rejects with a reason for a file that is not there', () =>
      rejects(api.openTraceFile(Uri.joinPath(workspaceFolder(), 'missing.otlp.json')), {
        name: 'NotFound',
        message: /missing\.otlp\.json/,
      }));
  });

  describe('resolveSource', () => {
    it('leads from a failing span to the line that threw', async () => {
      for (const { traceId, spanId, file, line } of expected.failing) {
        const [best] = await api.resolveSource(traceId, spanId);
        ok(best, `no source for ${spanId}`);
        strictEqual(workspace.asRelativePath(best.uri, false), file);
        strictEqual(best.line, line - 1);
        ok(best.confidence >= 0.85, `${best.confidence}`);
        ok(best.reason.length > 0);
      }
    });

    it('finds the trace anew when it has to, and says so when it cannot', () =>
      rejects(api.resolveSource('ef'.repeat(16), '1'.repeat(16)), { name: 'NotFound' }));
  });

  describe('codeStatistics', () => {
    it('tells what ran in a document, by line', async () => {
      const statistics = await api.codeStatistics(Uri.joinPath(workspaceFolder(), 'src', 'payments', 'paymentService.ts'));
      const charge = statistics.find(({ name }) => name === 'PaymentService.charge');
      ok(charge, 'nothing is known of PaymentService.charge');
      ok(charge.calls >= 1 && charge.errors >= 1 && charge.errors <= charge.calls);
      ok(charge.p50Ns > 0 && charge.p95Ns >= charge.p50Ns);
      ok(expected.traces.some(({ traceId }) => traceId === charge.lastTraceId));
    });

    it('knows nothing of a document in which nothing ran', async () =>
      deepStrictEqual(await api.codeStatistics(Uri.joinPath(workspaceFolder(), 'src', 'nothing.ts')), []));
  });

  describe('explainSource', () => {
    it('says where, why, and what was tried', async () => {
      const [{ traceId, spanId }] = expected.failing;
      const { candidates, tried } = await api.explainSource(traceId, spanId);
      deepStrictEqual(candidates, await api.resolveSource(traceId, spanId));
      ok(candidates[0].reason.includes('exception.stacktrace'), candidates[0].reason);
      ok(tried.every(({ what, outcome }) => what !== '' && outcome !== ''));
    });

    it('names the trouble with an id', async () => rejects(api.explainSource('ef'.repeat(16), 'no id'), { name: 'BadQuery' }));
  });

  describe('resolveStack', () => {
    it('leads from a pasted stack trace to the line', async () => {
      const [best] = await api.resolveStack(
        'Error: no\n    at lib (/app/node_modules/x/y.js:1:1)\n    at charge (/usr/src/app/src/payments/paymentService.ts:3:5)',
      );
      strictEqual(workspace.asRelativePath(best.uri), 'src/payments/paymentService.ts');
      strictEqual(best.line, 2);
    });

    it('finds nothing in prose', async () => deepStrictEqual(await api.resolveStack('It failed at noon.'), []));
  });

  describe('spansAt', () => {
    it('lists the calls of the function around a line, latest first', async () => {
      const uri = Uri.joinPath(workspaceFolder(), 'src', 'payments', 'paymentService.ts');
      const charge = (await api.codeStatistics(uri)).find(({ name }) => name === 'PaymentService.charge');
      ok(charge);
      const spans = await api.spansAt(uri, charge.line + 1);
      strictEqual(spans.length, charge.calls);
      // A file and the capture have the same traces here: an error of both is one.
      const failed = new Set(spans.filter(({ error }) => error).map(({ traceId, spanId }) => `${traceId} ${spanId}`));
      strictEqual(failed.size, charge.errors);
      deepStrictEqual(
        spans.map(({ startMs }) => startMs),
        spans.map(({ startMs }) => startMs).sort((a, b) => b - a),
      );
      strictEqual((await api.spansAt(uri, charge.line, { limit: 1 })).length, 1);
      deepStrictEqual(await api.spansAt(uri, 0), []);
    });
  });

  describe('onDidChangeTraces', () => {
    it('fires when spans come, and not more than four times a second', async () => {
      let fired = 0;
      const listening = api.onDidChangeTraces(() => fired++);
      const begin = Date.now();
      const done = eventually(api.onDidChangeTraces, async () => (Date.now() - begin > 1000 ? true : undefined), 10_000);
      for (let number = 1; Date.now() - begin < 1200; number++) {
        await send(httpPortOf(api), oneSpan(number.toString(16).padStart(32, 'a'), '2'.repeat(16), 'many'));
      }
      await done;
      listening.dispose();
      ok(fired >= 1);
      ok(fired <= Math.ceil(((Date.now() - begin) / 1000) * 4) + 1, `${fired} events in ${Date.now() - begin} ms`);
    });
  });

  // Last of all: mocha runs a suite's own tests before those of the suites in it.
  describe('capture.clear', () => {
    it('forgets what was captured', async () => {
      await api.capture.clear();
      deepStrictEqual(await api.findTraces(), []);
      await rejects(api.getTrace(expected.traces[0].traceId, { backend: 'local' }), { name: 'NotFound' });
    });
  });
});

function startsOf(traces: readonly TraceSummary[]): bigint[] {
  return traces.map(({ startTimeUnixNano }) => startTimeUnixNano);
}

function httpPortOf(api: SpanhopApi): number {
  if (api.capture.httpPort === undefined) throw new Error('The capture does not run.');
  return api.capture.httpPort;
}

function oneSpan(traceId: string, spanId: string, name: string): string {
  const start = BigInt(Date.now()) * 1_000_000n;
  const span = { traceId, spanId, name, kind: 1, startTimeUnixNano: String(start), endTimeUnixNano: String(start + 1_000_000n) };
  return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans: [span] }] }] });
}
