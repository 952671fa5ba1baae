/** Searches of the recorded system as Zipkin has it, and what each finds where its spans are here. */
import { asZipkinHasIt } from '../../src/backends/zipkin/zipkinSpelling';
import { parseQuery } from '../../src/core/query/parse';
import type { Query } from '../../src/core/query/query';
import { InProcessEngine } from './inProcessEngine';
import type { ModelSpan } from './zipkinModel';

/** TraceQL. */
export const zipkinQueries: readonly string[] = [
  '{ }',
  '{ resource.service.name = "zip-api" }',
  '{ resource.service.name = "Zip-Web" }',
  '{ resource.service.name = "Mail Worker/EU" }',
  '{ resource.service.name = "orders" && name = "Reconcile A" }',
  '{ name = "GET /products/{id}" }',
  '{ name =~ "GET /pro.*" }',
  '{ name != "GET /products/{id}" }',
  '{ .service.name = "cart" }',
  '{ resource.service.name = "cart" || resource.service.name = "payment" }',
  '{ span.http.response.status_code = "503" }',
  '{ span.http.response.status_code = 503 }',
  '{ span.http.response.status_code >= 500 && span.http.response.status_code < 600 }',
  '{ span.url = "http://x/?a=1&b=2#frag" }',
  '{ span.http.method = "get" }',
  '{ span.http.method = "GET" && span.env = "prod" }',
  '{ span.http.method = "GET" && span.env = "stage" }',
  '{ span.v.kvlist != nil }',
  '{ resource.service.version = "1.4.2" }',
  '{ resource.service.name = "nobody" }',
  '{ resource.service.name = "storefront" && duration >= 1s }',
  '{ duration > 100ms && duration < 1s }',
  '{ duration < 1ms }',
  '{ status = error }',
  '{ resource.service.name = "zip-api" && status = error }',
  '{ status = ok }',
  '{ resource.service.name = "zip-web" && span.peer.service = "Zip-API" }',
  '{ span.peer.service = "postgres" }',
  '{ kind = client && resource.service.name = "storefront" }',
  '{ event:name = "cache miss" }',
  '{ rootServiceName = "storefront" && traceDuration > 1s }',
  '{ resource.service.name = "storefront" } && { resource.service.name = "payment" && status = error }',
  '{ instrumentation:name =~ ".*otelhttp" }',
  '{ status = error && resource.service.name = "payment" && span.http.response.status_code != nil && duration > 1ms }',
];

/** Ids of the traces that each query finds in the spans. */
export async function foundHere(
  spans: readonly ModelSpan[],
  texts: readonly string[],
  window: Pick<Query, 'startUnixNano' | 'endUnixNano'>,
): Promise<string[][]> {
  const engine = new InProcessEngine();
  const bytes = new TextEncoder().encode(JSON.stringify(spans));
  await engine.call('openFile', { dataset: 'file:a', name: 'a.json', bytes });
  const found: string[][] = [];
  for (const text of texts) {
    const query = { ...asZipkinHasIt(parseQuery(text)), ...window };
    const { traces } = await engine.call('findTraces', { dataset: 'file:a', query, limit: 10_000 });
    found.push(traces.map(({ traceId }) => traceId).sort());
  }
  return found;
}

/** Zipkin does not search traces without a time. */
export function dated(spans: readonly ModelSpan[]): ModelSpan[] {
  const ids = new Set(spans.filter(({ timestamp }) => timestamp !== undefined).map(({ traceId }) => traceId));
  return spans.filter(({ traceId }) => ids.has(traceId));
}
