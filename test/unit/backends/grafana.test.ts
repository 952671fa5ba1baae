// Backends behind Grafana's proxy for data sources: which one is meant, and what Grafana says in words.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OptionValue } from '../../../src/backends/common/backend';
import { HttpTransport } from '../../../src/backends/common/httpTransport';
import { backendKind } from '../../../src/backends/kinds';
import { TempoBackend } from '../../../src/backends/tempo/tempo';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext, firstPage } from '../../support/backend';
import { type FakeGrafana, startGrafana } from '../../support/fakeGrafana';
import { failure } from '../../support/inProcessEngine';
import { decodedSpans } from '../../support/plainSpans';
import { type ReplayServer, startReplay } from '../../support/replayServer';
import { sharedData, sharedPath } from '../../support/sharedData';

const home = '68f93c5e752fa3db8489e5dc516822bf';
const range = { startMs: 1795267234_000, endMs: 1795267834_000 };

let tempo: ReplayServer;
let grafana: FakeGrafana;
let metrics: Server | undefined;
let asked: URL[] = [];

/** A Prometheus whose answers are by the metric that is asked for. */
async function startMetrics(answers: Readonly<Record<string, unknown>>): Promise<string> {
  metrics = createServer((request, response) => {
    const url = new URL(`http://x${request.url}`);
    asked.push(url);
    const metric = /traces_\w+/.exec(url.searchParams.get('query') ?? '')?.[0] ?? '';
    const result = answers[metric] ?? [];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  const listening = metrics;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

const graph = {
  traces_service_graph_request_total: [
    { metric: { client: 'storefront', server: 'payment' }, value: [1795267834, '13.6'] },
    { metric: { client: 'storefront', server: 'catalog' }, value: [1795267834, '27.1'] },
    { metric: { client: 'user', server: 'storefront' }, value: [1795267834, '0'] },
    { metric: { client: '', server: 'storefront' }, value: [1795267834, '5'] },
    { metric: {}, value: 'x' },
  ],
  traces_service_graph_request_failed_total: [
    { metric: { client: 'storefront', server: 'payment' }, value: [1795267834, '4.2'] },
  ],
};
const told = [
  { parent: 'storefront', child: 'payment', calls: 14, errors: 4 },
  { parent: 'storefront', child: 'catalog', calls: 27, errors: 0 },
];

beforeEach(async () => {
  asked = [];
  tempo = await startReplay(sharedData === undefined ? __dirname : sharedPath('recorded', 'tempo-main'));
  grafana = await startGrafana([
    { uid: 'prom1', name: 'Prometheus', type: 'prometheus', url: 'http://127.0.0.1:9' },
    { uid: 'P214B5B846CF3925F', name: 'Tempo prod', type: 'tempo', url: tempo.url },
  ]);
});
afterEach(async () => {
  await grafana.stop();
  await tempo.stop();
  metrics?.closeAllConnections();
  metrics?.close();
  metrics = undefined;
});

function backend(
  options: Readonly<Record<string, OptionValue>> = {},
  { token = 'glsa_right', url = grafana.url } = {},
): TempoBackend {
  const transport = new HttpTransport({
    timeoutMs: 5000,
    maxBytes: 64 << 20,
    retries: 0,
    authorize: async ({ url: to }): Promise<Record<string, string>> =>
      to.origin === new URL(grafana.url).origin ? { authorization: `Bearer ${token}` } : {},
  });
  return new TempoBackend(backendContext({ type: 'tempo', url, options }, { transport, nowMs: () => 1795267839_000 }));
}

describe.skipIf(sharedData === undefined)('Tempo through Grafana', () => {
  it.each([
    ['by its name', { datasource: 'Tempo prod' }],
    ['by its uid', { datasource: 'P214B5B846CF3925F' }],
    ['by its name in another letter case', { datasource: 'tempo PROD' }],
    ['because it is the only one', {}],
  ])('is found %s', async (_, options) => {
    const found = backend(options, { url: `${grafana.url}/` });
    expect(await found.services()).toContain('storefront');
    expect(decodedSpans((await found.get(home)).bodies[0])).toHaveLength(3);
    const page = await firstPage(found.find(parseQuery('{ status = error }'), { pageSize: 5 }));
    expect(page.traces).toHaveLength(5);
    // It is looked for once.
    expect(grafana.requests.filter((path) => path === '/grafana/api/datasources')).toHaveLength(1);
    const proxied = grafana.requests.filter((path) =>
      path.startsWith('/grafana/api/datasources/proxy/uid/P214B5B846CF3925F/api/'),
    );
    expect(proxied.length).toBeGreaterThanOrEqual(3);
  });

  it('is asked by its uid, where the token may not list data sources', async () => {
    grafana.mayList = false;
    expect(await backend({ datasource: 'P214B5B846CF3925F' }).services()).toContain('storefront');
    expect(await failure(backend({ datasource: 'Tempo prod' }).services())).toMatch(
      /^Unauthorized: Grafana at .* \(status 403\)/,
    );
  });

  it('has to be named where there are several', async () => {
    grafana.dataSources.push({ uid: 'other', name: 'Tempo test', type: 'tempo', url: tempo.url });
    expect(await failure(backend().services())).toBe(
      `NotFound: Grafana at ${grafana.url} has several data sources of the type tempo. Name one of them as "datasource": "Tempo prod", "Tempo test".`,
    );
    expect(await failure(backend({ datasource: 'Tempo' }).services())).toBe(
      `NotFound: Grafana at ${grafana.url} has no data source "Tempo" of the type tempo. It has "Tempo prod", "Tempo test".`,
    );
    expect(await failure(backend({ datasource: 'Prometheus' }).services())).toMatch(/^NotFound: .* no data source "Prometheus"/);
    grafana.dataSources = [];
    expect(await failure(backend().services())).toBe(
      `NotFound: Grafana at ${grafana.url} has no data source of the type tempo that this token may see.`,
    );
  });

  it.each<Record<string, string>>([{}, { datasource: 'Tempo prod' }])(
    'needs a token that Grafana knows, and that may ask (%j)',
    async (options) => {
      expect(await failure(backend(options, { token: 'wrong' }).services())).toBe(
        `Unauthorized: Grafana at ${grafana.url} does not know this token (status 401). Make one for a service account (Administration, Users and access), and set it as the credential.`,
      );
      grafana.mayAsk = false;
      expect(await failure(backend(options).services())).toBe(
        `Unauthorized: Grafana at ${grafana.url} does not let this token ask its data sources (status 403). Give its service account the role Viewer, or the permission "datasources:query".`,
      );
      grafana.sendsToLogin = true;
      expect(await failure(backend(options, { token: 'wrong' }).services())).toBe(
        `Unauthorized: Grafana at ${grafana.url} wants somebody to sign in. Set the token of a service account as the credential.`,
      );
    },
  );

  it('is told apart from what is wrong behind Grafana', async () => {
    const found = backend({ datasource: 'Tempo prod' });
    await found.services();
    const [, source] = grafana.dataSources;
    grafana.dataSources = [{ ...source, url: 'http://127.0.0.1:9' }];
    expect(await failure(found.get(home))).toBe(
      `Unreachable: Grafana at ${grafana.url} cannot reach what is behind its data source "Tempo prod".`,
    );
    grafana.dataSources = [];
    expect(await failure(found.get(home))).toBe(`NotFound: Grafana at ${grafana.url} has no data source "Tempo prod" any more.`);
  });

  it('gets the tenant that Grafana keeps, and says where that is wrong', async () => {
    await tempo.stop();
    tempo = await startReplay(sharedPath('recorded', 'tempo-main'), (name) => name.startsWith('tenancy-'));
    const source = { uid: 'a', name: 'Tempo', type: 'tempo', url: `${tempo.url}/tempo` };
    grafana.dataSources = [{ ...source, headers: { 'x-scope-orgid': 'globex' } }];
    expect(await backend().services()).toContain('storefront');
    grafana.dataSources = [source];
    expect(await failure(backend().services())).toMatch(
      /^Unauthorized: Grafana at .* is refused by its data source "Tempo": the credential that is stored there is wrong/,
    );
  });

  it('tells who calls whom by the metrics that the data source names', async () => {
    const [, source] = grafana.dataSources;
    grafana.dataSources = [
      { ...source, jsonData: { serviceMap: { datasourceUid: 'prom1' } } },
      { uid: 'prom1', name: 'Prometheus', type: 'prometheus', url: await startMetrics(graph) },
    ];
    expect(await backend().dependencies(range)).toEqual(told);
    expect(asked.map(({ searchParams }) => searchParams.get('query'))).toEqual([
      'sum by (client, server) (increase(traces_service_graph_request_total[600s]))',
      'sum by (client, server) (increase(traces_service_graph_request_failed_total[600s]))',
    ]);
    expect(asked[0].searchParams.get('time')).toBe('1795267834');
  });
});

describe.skipIf(sharedData === undefined)('Tempo without Grafana', () => {
  it('tells who calls whom by the metrics that the settings name', async () => {
    const metricsUrl = await startMetrics(graph);
    const direct = backend({ metricsUrl }, { url: tempo.url });
    expect(await direct.dependencies(range)).toEqual(told);
    expect(grafana.requests).toEqual([]);
  });

  it('says that it cannot tell without', async () => {
    expect(await failure(backend({}, { url: tempo.url }).dependencies(range))).toMatch(
      /^NotSupported: Tempo does not tell who calls whom\. .* name that Prometheus as "metricsUrl" of "test"\.$/,
    );
    const metricsUrl = await startMetrics({});
    metrics
      ?.removeAllListeners('request')
      .on('request', (_, response) => response.writeHead(422).end('{"status":"error","error":"query timed out"}'));
    expect(await failure(backend({ metricsUrl }, { url: tempo.url }).dependencies(range))).toMatch(
      /answered: query timed out\.$/,
    );
    metrics?.removeAllListeners('request').on('request', (_, response) => response.writeHead(401).end());
    expect(await failure(backend({ metricsUrl }, { url: tempo.url }).dependencies(range))).toBe(
      `Unauthorized: The metrics at ${metricsUrl} want a credential, and that of a backend goes to its own address only. Ask for both through Grafana.`,
    );
  });
});

describe.skipIf(sharedData === undefined)('other kinds through Grafana', () => {
  it.each([
    ['jaeger', 'jaeger-main', 'Jaeger'],
    ['zipkin', 'zipkin-3.5', 'Zipkin'],
  ])('are found by their data source, where it is named: %s', async (type, folder, name) => {
    const server = await startReplay(sharedPath('recorded', folder));
    grafana.dataSources.push({ uid: type, name, type, url: server.url });
    const kind = backendKind(type);
    if (!kind) throw new Error(`There is no kind ${type}.`);
    const transport = new HttpTransport({
      timeoutMs: 5000,
      maxBytes: 64 << 20,
      retries: 0,
      authorize: async () => ({ authorization: `Bearer ${grafana.token}` }),
    });
    const settings = { type, url: grafana.url, options: { datasource: name } };
    const through = await kind.create(backendContext(settings, { transport }));
    expect(await through.services()).toContain('storefront');
    await server.stop();
  });
});
