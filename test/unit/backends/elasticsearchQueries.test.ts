// What queries find in documents of Jaeger's, in each way in which an index may have them, is what the local store finds in the spans that were sent.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../src/backends/common/backend';
import { ElasticsearchBackend } from '../../../src/backends/elasticsearch/elasticsearch';
import { LogzioBackend } from '../../../src/backends/logzio/logzio';
import { backendContext } from '../../support/backend';
import { compareSpans } from '../../support/compareSpans';
import { type SearchServer, startSearchServer } from '../../support/documentSearchServer';
import type { InProcessEngine } from '../../support/inProcessEngine';
import { jaegerDocuments, type RequestJson, serviceDocuments, type TagLayout } from '../../support/jaegerDocuments';
import { jaegerDocumentLosses, wholeDoubles } from '../../support/losses';
import { byTrace, decodedSpans, plainSpans } from '../../support/plainSpans';
import { engineWith, idsIn, localIds, queryIn, searchPages } from '../../support/searchedBackend';
import { sharedData, sharedPath } from '../../support/sharedData';

const range = { startMs: Date.parse('2026-11-21T12:00:00Z'), endMs: Date.parse('2026-11-21T15:00:00Z') };
const nowMs = Date.parse('2026-11-21T18:00:00Z');

const queries = [
  '{ }',
  '{ resource.service.name = "orders" }',
  '{ resource.service.name = "Orders" }',
  '{ resource.service.name =~ "(orders|payment)" }',
  '{ resource.service.name != "orders" && name = "GET" }',
  '{ .service.name = "cart" }',
  '{ name = "GET /" }',
  '{ name = "get /" }',
  '{ name =~ "GET /.*" }',
  '{ name = "" }',
  '{ duration > 20ms }',
  '{ duration >= 1500ns && duration < 3ms }',
  '{ kind = client && status = error }',
  '{ status = ok }',
  '{ status != error && kind = server }',
  '{ status = error }',
  '{ statusMessage != "" }',
  '{ span.http.response.status_code = 500 }',
  '{ span.http.response.status_code = "500" }',
  '{ span.http.response.status_code >= 500 }',
  '{ span.http.response.status_code != 200 }',
  '{ .host.name = "web-1" }',
  '{ resource.host.name =~ "web.*" }',
  '{ event.exception.type = "TypeError" }',
  '{ event:name = "exception" }',
  '{ span.v.double = 0.1 }',
  '{ span.v.int = 42 }',
  '{ span.v.bool.true = true }',
  '{ span.v.bool.text = "true" }',
  '{ span.v.string != nil }',
  '{ span.v.string = nil && resource.service.name = "payment" }',
  '{ span.db.query.text =~ ".*SELECT.*" }',
  '{ trace:id = "add16e6a0b6395a135c164b06a7057d5" }',
  '{ instrumentation:name =~ "@opentelemetry.*" }',
  '{ resource.service.name = "orders" || resource.service.name = "payment" }',
  '{ resource.service.name = "orders" } && { resource.service.name = "payment" }',
  '{ resource.nothing = 1 }',
];

interface Case {
  readonly name: string;
  readonly layout: TagLayout;
  readonly mapping: 'template' | 'guessed';
}
const cases: readonly Case[] = [
  { name: 'tags in lists, by the templates of Jaeger', layout: 'lists', mapping: 'template' },
  { name: 'tags as fields, by the templates of Jaeger', layout: 'fields', mapping: 'template' },
  { name: 'tags in lists, in an index that guessed', layout: 'lists', mapping: 'guessed' },
  { name: 'tags as fields, in an index that guessed', layout: 'fields', mapping: 'guessed' },
  { name: 'Logz.io', layout: 'logzio', mapping: 'template' },
];

describe.skipIf(sharedData === undefined).each(cases)('$name', ({ name: caseName, layout, mapping }) => {
  const bytes = sharedData ? readFileSync(sharedPath('recorded', 'input.otlp.json')) : Buffer.alloc(0);
  let server: SearchServer;
  let backend: Backend;
  let sent: InProcessEngine;

  beforeAll(async () => {
    const input: RequestJson = JSON.parse(bytes.toString());
    const documents = jaegerDocuments(input, layout);
    const sources = { 'jaeger-span-2026-11-21': documents, 'jaeger-service-2026-11-21': serviceDocuments(documents) };
    const isLogzio = layout === 'logzio';
    server = await startSearchServer({ sources, mapping, ...(isLogzio && { logzio: { token: 't', nowMs } }) });
    const headers = isLogzio ? { 'x-api-token': 't' } : undefined;
    const context = backendContext(
      { type: isLogzio ? 'logzio' : 'elasticsearch', url: server.url, headers },
      { nowMs: () => nowMs },
    );
    backend = isLogzio ? new LogzioBackend(context) : new ElasticsearchBackend(context);
    sent = await engineWith(new Uint8Array(bytes));
  });

  afterAll(() => server?.stop());

  // The others differ in how tags are looked for and texts are compared: parts of the table show it.
  const place = cases.findIndex(({ name }) => name === caseName);
  const some = <T>(all: readonly T[]): readonly T[] => all.filter((_, i) => place === 0 || i % 5 === place);
  it.each(some(queries))('%s', async (text) => {
    const query = queryIn(text, range);
    const pages = await searchPages(backend, query, 25);
    expect(pages.map(({ partial }) => partial).filter(Boolean)).toEqual([]);
    expect(idsIn(pages).sort()).toEqual(await localIds(sent, query));
  });

  it('gives each trace back as it was sent', async () => {
    const losses = layout === 'lists' ? jaegerDocumentLosses : [...jaegerDocumentLosses, wholeDoubles];
    const problems: string[] = [];
    for (const [traceId, wanted] of some([...byTrace(plainSpans(JSON.parse(bytes.toString())))])) {
      const { bodies } = await backend.get(traceId);
      problems.push(
        ...compareSpans(
          wanted,
          bodies.flatMap((body) => decodedSpans(body)),
          losses,
        ),
      );
    }
    expect(problems.slice(0, 10)).toEqual([]);
  });
});
