// Every answer of two recorded Jaegers, given to the connector: traces are what was sent, lists are lists, and each error is a sentence.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HttpTransport } from '../../../src/backends/common/httpTransport';
import { JaegerBackend } from '../../../src/backends/jaeger/jaeger';
import { SpanhopError } from '../../../src/base/errors';
import type { TraceOverview } from '../../../src/core/model/table';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext, firstPage } from '../../support/backend';
import { compareSpans } from '../../support/compareSpans';
import { engineReader } from '../../support/engineReader';
import { jaegerLegacyLosses, jaegerV3Losses } from '../../support/losses';
import { decodedSpans, type PlainSpan } from '../../support/plainSpans';
import { type RecordedTrace, recordedOtlp } from '../../support/recorded';
import { bodyOf, type Exchange, exchangesOf, type ReplayServer, startReplay } from '../../support/replayServer';
import { sharedData, sharedPath } from '../../support/sharedData';

const versions = ['jaeger-main', 'jaeger-2.13'] as const;
const begin = BigInt(Date.parse('2026-11-21T13:20:39Z')) * 1_000_000n;
const end = begin + 600_000_000_000n;
const window = { startUnixNano: begin, endUnixNano: end };
const reader = engineReader();

function backend(url: string, api: 'v3' | 'legacy' | 'auto'): JaegerBackend {
  const transport = new HttpTransport({ timeoutMs: 10_000, maxBytes: 64 << 20, retries: 0 });
  const settings = { type: 'jaeger', url, options: { api } };
  return new JaegerBackend(backendContext(settings, { transport, reader, nowMs: () => Number(end / 1_000_000n) }));
}

describe.skipIf(sharedData === undefined).each(versions)('%s', (version) => {
  let replay: ReplayServer | undefined;
  afterEach(async () => {
    await replay?.stop();
    replay = undefined;
  });

  it.each([
    ['v3', jaegerV3Losses, 38],
    ['legacy', jaegerLegacyLosses, 36],
  ] as const)('gives each recorded trace as it was sent, over its API %s', async (api, losses, least) => {
    replay = await startReplay(sharedPath('recorded', version), (name) => !/^(tenancy|basepath|early|empty|wrong)-/.test(name));
    const jaeger = backend(replay.url, api);
    const names = new Set(exchangesOf(sharedPath('recorded', version)).map(({ name }) => name.replace(/^last-/, '')));
    const problems: string[] = [];
    let compared = 0;
    for (const { name, traceId, spans } of recordedOtlp()) {
      // The older API fails on a number that is none.
      if (!names.has(`${api}-trace-${name}`) || (api === 'legacy' && name === 'nan')) continue;
      compared++;
      const { bodies } = await jaeger.get(traceId);
      problems.push(...compareSpans(spans, bodies.flatMap(decodedSpans), losses).map((one) => `${name}: ${one}`));
    }
    expect(problems).toEqual([]);
    expect(replay.unknown).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(least);
  });

  it('says that a number which is none is what breaks the older answer', async () => {
    replay = await startReplay(sharedPath('recorded', version));
    const nan = recordedOtlp().find(({ name }) => name === 'nan');
    await replay.stop();
    replay = await startReplay(sharedPath('recorded', version), (name) => name === 'last-legacy-trace-nan');
    const error = await backend(replay.url, 'legacy')
      .get(nan?.traceId ?? '')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'BadData', message: expect.stringContaining('unsupported value') });
  });
});

/** A server that gives one answer to whatever is asked, but for the question that finds out what it is. */
describe.skipIf(sharedData === undefined).each(versions)('each answer of %s', (version) => {
  let server: Server;
  let url: string;
  let current: Exchange | undefined;

  beforeAll(async () => {
    server = createServer((request, response) => {
      // Without summaries, whole traces are searched for.
      if (current?.request.path.startsWith('/api/v3/traces?') && request.url?.includes('/trace-summaries')) {
        response.writeHead(404).end('404 page not found');
        return;
      }
      if (current === undefined || (isProbe(request.url) && !isProbe(current.request.path))) {
        const body = request.url?.startsWith('/api/v3/') ? '{"services":["a"]}' : '{"data":["a"]}';
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
        return;
      }
      const { status, headers } = current.response;
      response.writeHead(status, { 'content-type': headers['content-type'] ?? '' }).end(bodyOf(current));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const cases = sharedData === undefined ? [] : exchangesOf(sharedPath('recorded', version)).flatMap(questionOf);

  it('is asked for by the connector in one way or another', () => {
    expect(cases.length).toBeGreaterThan(200);
  });

  it.each(cases.map((one) => [one.exchange.name, one] as const))(
    '%s is data, or a sentence',
    async (_, { exchange, api, ask }) => {
      current = exchange;
      const outcome = await ask(backend(url, api)).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      const { status } = exchange.response;
      const isJson = /^\s*[[{]/.test(exchange.response.body ?? '');
      const foundNothing = status === 404 && exchange.name.includes('v3-find');
      if ((status === 200 && isJson) || foundNothing) {
        expect(outcome).not.toHaveProperty('error');
        return;
      }
      expect(outcome).toHaveProperty('error', expect.any(SpanhopError));
      if (!('error' in outcome) || !(outcome.error instanceof SpanhopError)) return;
      const { kind, message } = outcome.error;
      expect(message).toMatch(/^\S[^\n]*\.$/);
      expect(message).not.toMatch(/undefined|\[object|<html/i);
      expect(kind).toMatch(status === 401 ? /^Unauthorized$/ : /^(BadData|NotFound|BadQuery|NotSupported|Unreachable)$/);
    },
  );
});

const isProbe = (path = ''): boolean => /^(?:\/jaeger)?\/api\/(?:v3\/)?services(?:\?|$)/.test(path);

interface Question {
  readonly exchange: Exchange;
  readonly api: 'v3' | 'legacy' | 'auto';
  readonly ask: (jaeger: JaegerBackend) => Promise<unknown>;
}

/** What the connector asks to get such an answer; nothing: it never does. */
function questionOf(exchange: Exchange): Question[] {
  const { method, path } = exchange.request;
  const [, place = ''] = /^(?:\/jaeger)?(\/[^?]*)/.exec(path) ?? [];
  const api = place.startsWith('/api/v3/') ? 'v3' : 'legacy';
  const question = (ask: Question['ask']): Question[] => [{ exchange, api, ask }];
  const id = '68f93c5e752fa3db8489e5dc516822bf';
  if (method === 'POST') return /^\/api\/archive\/\w/.test(place) ? question((jaeger) => jaeger.archiveTrace(id)) : [];
  if (/^\/api\/(v3\/)?services$/.test(place)) return question((jaeger) => jaeger.services());
  if (/^\/api\/(v3\/)?operations$/.test(place)) return question((jaeger) => jaeger.operations('storefront'));
  if (/^\/api\/(v3\/)?traces\/\w+$/.test(place)) return question((jaeger) => jaeger.get(id));
  if (place === '/api/dependencies') return question((jaeger) => jaeger.dependencies({ startMs: 1, endMs: 2 }));
  if (/^\/api\/v3\/trace-summaries$|^\/api\/(v3\/)?traces$/.test(place)) {
    const query = { ...parseQuery('{ resource.service.name = "storefront" }'), ...window };
    return question((jaeger) => firstPage(jaeger.find(query, { pageSize: 20 })));
  }
  return [];
}

describe.skipIf(sharedData === undefined)('summaries of jaeger-main', () => {
  const read = async (exchange: string): Promise<readonly TraceOverview[]> => {
    const use = (name: string): boolean => name === exchange || name === 'v3-services';
    const replay = await startReplay(sharedPath('recorded', 'jaeger-main'), use);
    try {
      const found = exchangesOf(sharedPath('recorded', 'jaeger-main')).find(({ name }) => name === exchange);
      const service = new URL(`http://x${found?.request.path}`).searchParams.get('query.serviceName');
      const filter = service === null ? '{ }' : `{ resource.service.name = "${service}" }`;
      const page = await firstPage(backend(replay.url, 'auto').find({ ...parseQuery(filter), ...window }, { pageSize: 100 }));
      expect(replay.unknown).toEqual([]);
      return page.traces;
    } finally {
      await replay.stop();
    }
  };

  it.each(['v3-summaries-service', 'v3-summaries-reindex'])('of %s say of each trace what was sent', async (exchange) => {
    const sent = new Map(recordedOtlp().map((trace) => [trace.traceId.padStart(32, '0'), trace]));
    const overviews = await read(exchange);
    expect(overviews.length).toBeGreaterThan(0);
    const problems = overviews.flatMap((overview) => differences(overview, sent.get(overview.traceId)));
    expect(problems).toEqual([]);
  });
});

/** Traces that Jaeger merges or changes are left to the tests of single traces. */
function differences(overview: TraceOverview, trace: RecordedTrace | undefined): string[] {
  if (trace === undefined) return [`${overview.traceId} was never sent`];
  const { name, spans } = trace;
  if (/duplicate|same-span|late-root|negative|zero-duration|no-service|empty/.test(name)) return [];
  const root = spans.filter(({ parentSpanId }) => parentSpanId === '');
  const first = spans.reduce((least, { start }) => (start < least ? start : least), spans[0].start);
  const serviceOf = ({ resource }: PlainSpan): string => resource['service.name']?.stringValue ?? '';
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ['spans', overview.spanCount, spans.length],
    ['errors', overview.errorCount, spans.filter(({ status }) => status === 2).length],
    ['start', overview.startUnixNano, first],
    ['services', [...(overview.services ?? [])].sort().join(), [...new Set(spans.map(serviceOf))].sort().join()],
    ...(root.length === 1 ? ([['root', overview.rootName, root[0].name]] as const) : []),
  ];
  return facts.flatMap(([what, got, wanted]) => (got === wanted ? [] : [`${name}: ${what} ${got}, not ${wanted}`]));
}
