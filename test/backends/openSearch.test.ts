/**
 * A real OpenSearch, filled by the real Jaeger: the recorded input comes back field by field, is found by its attributes in both layouts of tags, and
 * traces that are larger than an answer come whole. Skipped where none can be had.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HttpTransport } from '../../src/backends/common/httpTransport';
import { ElasticsearchBackend } from '../../src/backends/elasticsearch/elasticsearch';
import { backendContext } from '../support/backend';
import { compareSpans } from '../support/compareSpans';
import { documentJson, jaegerDocuments, type RequestJson, serviceDocuments } from '../support/jaegerDocuments';
import { jaegerDocumentLosses, type Loss, wholeDoubles } from '../support/losses';
import { byTrace, decodedSpans, plainSpans } from '../support/plainSpans';
import { engineWith, idsIn, localIds, queryIn, searchPages } from '../support/searchedBackend';
import { sharedData, sharedPath } from '../support/sharedData';
import { spanDocument } from '../support/spanDocument';
import type { Running } from './servers/server.mjs';
import { realServers } from './servers/servers.mjs';

const range = { startMs: Date.parse('2026-11-21T12:00:00Z'), endMs: Date.parse('2026-11-21T15:00:00Z') };
const nowMs = Date.parse('2026-11-21T18:00:00Z');
const server = realServers.find(({ name }) => name === 'opensearch');
const found =
  sharedData === undefined
    ? { reason: 'the recorded input is not here' }
    : (server?.find() ?? { reason: 'there is no such server' });
if (found.reason !== undefined) console.warn(`No real OpenSearch: ${found.reason}`);

const queries = [
  '{ }',
  '{ resource.service.name = "orders" }',
  '{ resource.service.name =~ "(orders|payment)" }',
  '{ name =~ "GET /.*" && kind = server }',
  '{ duration >= 1500ns && duration < 3ms }',
  '{ status = error }',
  '{ span.http.response.status_code = 500 }',
  '{ span.http.response.status_code >= 500 }',
  '{ .host.name = "web-1" }',
  '{ event.exception.type = "TypeError" }',
  '{ span.v.double = 0.1 }',
  '{ span.v.int.2to53plus1 = 9007199254740993 }',
  '{ span.v.bool.true = true }',
  '{ span.v.string != nil }',
  '{ resource.service.name = "orders" } && { resource.service.name = "payment" }',
];

describe.skipIf(found.reason !== undefined)('a real OpenSearch', () => {
  let running: Running;
  let input: RequestJson;

  const backendOf = (indexPrefix: string): ElasticsearchBackend => {
    const transport = new HttpTransport({ timeoutMs: 30_000, maxBytes: 256 << 20 });
    return new ElasticsearchBackend(
      backendContext({ type: 'elasticsearch', url: running.url, options: { indexPrefix } }, { transport, nowMs: () => nowMs }),
    );
  };

  /** Puts documents into an index, by the templates that Jaeger made: they are for all names with `spanhop-jaeger-span-` in them. */
  async function put(index: string, documents: readonly unknown[]): Promise<void> {
    for (let at = 0; at < documents.length; at += 2_000) {
      const lines = documents.slice(at, at + 2_000).map((one) => `{"index":{}}\n${documentJson(one)}\n`);
      const options = { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: lines.join('') };
      const answer = await fetch(`${running.url}/${index}/_bulk?refresh=true`, options);
      const { items } = await answer.json();
      expect(items.flatMap(({ index: { error } }: { index: { error?: unknown } }) => error ?? []).slice(0, 3)).toEqual([]);
    }
  }

  beforeAll(async () => {
    if (!server) return;
    running = await server.start(found.path);
    const text = readFileSync(sharedPath('recorded', 'input.otlp.json'), 'utf8');
    input = JSON.parse(text);
    const sent = await fetch(`${running.otlp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    expect(sent.status).toBe(200);
    const spans = plainSpans(input).length;
    const isThere = async (): Promise<void> => {
      await fetch(`${running.url}/_refresh`, { method: 'POST' });
      expect((await (await fetch(`${running.url}/spanhop-jaeger-span-*/_count`)).json()).count).toBe(spans);
    };
    await vi.waitFor(isThere, { timeout: 60_000, interval: 250 });
    // The same with all tags as fields, as another Jaeger would have stored it.
    const asFields = jaegerDocuments(input, 'fields');
    await put('fields-spanhop-jaeger-span-2026-11-21', asFields);
    await put('fields-spanhop-jaeger-service-2026-11-21', serviceDocuments(asFields));
  });

  afterAll(() => running?.stop());

  describe.each<readonly [string, readonly Loss[]]>([
    ['spanhop', jaegerDocumentLosses],
    ['fields-spanhop', [...jaegerDocumentLosses, wholeDoubles]],
  ])('with the indices %s-jaeger-…', (prefix, losses) => {
    it('gives each trace back as it was sent', async () => {
      const backend = backendOf(prefix);
      const problems: string[] = [];
      for (const [traceId, wanted] of byTrace(plainSpans(input))) {
        const { bodies } = await backend.get(traceId);
        problems.push(
          ...compareSpans(
            wanted,
            bodies.flatMap((body) => decodedSpans(body)),
            losses,
          ),
        );
      }
      expect(problems).toEqual([]);
    });

    it.each(queries)('finds what the local store finds: %s', async (text) => {
      const query = queryIn(text, range);
      const local = await engineWith(new TextEncoder().encode(JSON.stringify(input)));
      const pages = await searchPages(backendOf(prefix), query, 7);
      expect(pages.flatMap(({ partial }) => partial ?? [])).toEqual([]);
      expect(idsIn(pages).sort()).toEqual(await localIds(local, query));
    });

    it('tells what there is to ask for', async () => {
      const backend = backendOf(prefix);
      expect(await backend.describe()).toEqual({ product: 'OpenSearch', version: '2.19.6', services: 8 });
      expect(await backend.operations('payment')).toContain('Acquirer.authorize');
      expect(await backend.tags()).toEqual(
        expect.arrayContaining(['span.http.route', 'resource.host.name', 'event.exception.type']),
      );
      expect(await backend.tagValues('span.http.response.status_code')).toEqual(expect.arrayContaining([200, 500]));
    });
  });

  it('gives a trace that is larger than an answer, and finds it', async () => {
    const times = [...Array.from({ length: 7_000 }, (_, i) => i), ...Array<number>(5_500).fill(3_000)];
    await put(
      'large-spanhop-jaeger-span-2026-11-21',
      times.map((at, span) => spanDocument({ trace: 0, span, at })),
    );
    const backend = backendOf('large-spanhop');
    const { bodies } = await backend.get('1');
    const ids = bodies.flatMap((body) => decodedSpans(body).map(({ spanId }) => spanId));
    expect([ids.length, new Set(ids).size]).toEqual([12_500, 12_500]);
    const [page] = await searchPages(backend, queryIn('{ }', range), 5);
    expect(page.traces).toMatchObject([{ spanCount: 12_500 }]);
  });

  it('leaves the archive out of searches, and finds what is there alone', async () => {
    await put('kept-spanhop-jaeger-span-2026-11-21', [spanDocument({ trace: 0 })]);
    await put('kept-spanhop-jaeger-span-archive', [spanDocument({ trace: 0 }), spanDocument({ trace: 1 })]);
    const backend = backendOf('kept-spanhop');
    expect(idsIn(await searchPages(backend, queryIn('{ }', range), 5))).toHaveLength(1);
    expect(decodedSpans((await backend.get('1')).bodies[0])).toHaveLength(1);
    expect(decodedSpans((await backend.get('2')).bodies[0])).toHaveLength(1);
    await expect(backend.get('3')).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('says that nothing was stored yet, and that no job counted who calls whom', async () => {
    const backend = backendOf('nobody');
    const [page] = await searchPages(backend, queryIn('{ }', range), 5);
    expect([page.traces, page.partial]).toEqual([[], expect.stringContaining('No spans were stored yet')]);
    expect(await backend.services()).toEqual([]);
    await expect(backendOf('spanhop').dependencies(range)).rejects.toMatchObject({ name: 'NotSupported' });
    await put('spanhop-jaeger-dependencies-2026-11-21', [
      { timestamp: '2026-11-21T13:00:00Z', dependencies: [{ parent: 'storefront', child: 'cart', callCount: 3, source: '' }] },
    ]);
    expect(await backendOf('spanhop').dependencies(range)).toEqual([{ parent: 'storefront', child: 'cart', calls: 3 }]);
  });
});
