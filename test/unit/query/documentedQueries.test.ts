// The examples of Tempo's documentation ("Construct a TraceQL query") that are about spans, over the recorded system: each with the names that this system
// has in place of those of the example, and with what it means in plain code over what was sent. As it is written there it is read and run, too.

import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../src/core/query/parse';
import {
  ancestorOf,
  any,
  average,
  both,
  code,
  type Expected,
  environment,
  int,
  isBelow,
  isError,
  isOk,
  isSibling,
  method,
  milliseconds,
  ofService,
  ofServices,
  pairs,
  parentIn,
  parentOf,
  related,
  service,
  text,
  traceMilliseconds,
  unrelated,
  when,
  where,
} from '../../support/plainQueries';
import { recordedOtlp } from '../../support/recorded';
import { evaluateRows, recordedSources, spanIdsOf } from '../../support/recordedSpans';
import { sharedData } from '../../support/sharedData';

/** As it is documented, the same for this system, and what that means. */
const examples: readonly (readonly [documented: string, here: string, expected: Expected])[] = [
  [
    '{resource.service.name = "frontend" && name = "POST /api/orders"}',
    '{resource.service.name = "storefront" && name = "POST /checkout"}',
    where((span) => service(span) === 'storefront' && span.name === 'POST /checkout'),
  ],
  [
    '{ resource.service.namespace = "ecommerce" && resource.service.name = "frontend" && resource.deployment.environment = "production" && name = "POST /api/orders" }',
    '{ resource.service.namespace = "shop" && resource.service.name = "catalog" && name = "SELECT products" }',
    where(
      (span) =>
        text(span.resource, 'service.namespace') === 'shop' && service(span) === 'catalog' && span.name === 'SELECT products',
    ),
  ],
  [
    '{ resource.service.name="frontend" && name = "POST /api/orders" && status = error }',
    '{ resource.service.name="payment" && name = "POST /pay" && status = error }',
    where((span) => service(span) === 'payment' && span.name === 'POST /pay' && isError(span)),
  ],
  [
    '{ resource.service.name="frontend" && name = "POST /api/orders" && span.http.status_code >= 500 }',
    '{ resource.service.name="storefront" && span.http.response.status_code >= 500 }',
    where((span) => service(span) === 'storefront' && code(span) >= 500),
  ],
  [
    '{span.service.name="frontend" && name = "GET /api/products/{id}"} && {span.db.system="postgresql"}',
    '{resource.service.name="storefront" && name = "GET /wishlist"} && {span.db.system.name="postgresql"}',
    both(
      (span) => service(span) === 'storefront' && span.name === 'GET /wishlist',
      (span) => text(span.attributes, 'db.system.name') === 'postgresql',
    ),
  ],
  [
    '{ resource.deployment.environment = "production" } && { resource.deployment.environment = "staging" }',
    '{ resource.deployment.environment.name = "demo" } && { resource.service.name = "catalog" }',
    both((span) => environment(span) === 'demo', ofService('catalog')),
  ],
  [
    '{ span.foo = "bar" }',
    '{ span.v.array.string = "c,d" }',
    where(
      (span) => span.attributes['v.array.string']?.arrayValue?.values.some(({ stringValue }) => stringValue === 'c,d') === true,
    ),
  ],
  [
    '{ span.foo != "bar" }',
    '{ span.v.array.string != "no such element" }',
    where((span) => span.attributes['v.array.string'] !== undefined),
  ],
  [
    '{ span.http.request.header.Accept =~ "application.*" }',
    '{ span.v.array.string =~ "c.*" }',
    where((span) => span.attributes['v.array.string'] !== undefined),
  ],
  [
    '{ span.http.request.header.Accept !~ "application.*" }',
    '{ span.v.array.string !~ "x.*" }',
    where((span) => span.attributes['v.array.string'] !== undefined),
  ],
  [
    '{ resource.service.name="frontend" } >> { status = error }',
    '{ resource.service.name="storefront" } >> { status = error }',
    related(ofService('storefront'), isBelow, isError),
  ],
  [
    '{ } !< { resource.service.name = "productcatalogservice" }',
    '{ } !< { resource.service.name = "catalog" }',
    unrelated(any, parentOf, ofService('catalog')),
  ],
  [
    '{ resource.service.name = "productcatalogservice" } ~ { resource.service.name="frontend" }',
    '{ resource.service.name = "storefront" } ~ { resource.service.name="catalog" }',
    related(ofService('storefront'), isSibling, ofService('catalog')),
  ],
  [
    '{ span:childCount = 0 }',
    '{ span:childCount = 0 }',
    (spans) => spans.filter((span) => !spans.some((child) => parentIn(spans, child) === span)),
  ],
  [
    '{ resource.service.name = "frontend" && span:childCount = 0 }',
    '{ resource.service.name = "storefront" && span:childCount = 0 }',
    (spans) => spans.filter((span) => service(span) === 'storefront' && !spans.some((child) => parentIn(spans, child) === span)),
  ],
  [
    '{ span:childCount > 10 }',
    '{ span:childCount > 10 }',
    (spans) => spans.filter((span) => spans.filter((child) => parentIn(spans, child) === span).length > 10),
  ],
  [
    '{ span.http.status_code = 200 } | select(resource.service.name)',
    '{ span.http.response.status_code = 200 } | select(resource.service.name)',
    where((span) => code(span) === 200),
  ],
  [
    '{ resource.deployment.environment = "production" } && { span.http.status_code = 200 }',
    '{ resource.deployment.environment.name = "demo" } && { span.http.response.status_code = 200 }',
    both(
      (span) => environment(span) === 'demo',
      (span) => code(span) === 200,
    ),
  ],
  [
    '{ span.http.method = "GET" && status = ok } && { span.http.method = "DELETE" && status != ok }',
    '{ status = ok } && { span.http.request.method = "POST" && status != ok }',
    both(isOk, (span) => method(span) === 'POST' && !isOk(span)),
  ],
  [
    '{ resource.deployment.environment =~ "prod-.*" && span.http.status_code = 200 }',
    '{ resource.deployment.environment.name =~ "dem.*" && span.http.response.status_code = 200 }',
    where((span) => /^dem.*$/.test(environment(span) ?? '') && code(span) === 200),
  ],
  ['{ trace:duration > 5s }', '{ trace:duration > 500ms }', when(any, (_, all) => traceMilliseconds(all) > 500)],
  [
    '{ resource.deployment.environment = "production" && trace:duration > 2s } | count() > 30',
    '{ resource.service.name = "catalog" && trace:duration > 200ms } | count() > 30',
    when(ofService('catalog'), (set, all) => set.length > 30 && traceMilliseconds(all) > 200),
  ],
  ['{ span:name = "foo" }', '{ span:name = "SELECT products" }', where(({ name }) => name === 'SELECT products')],
  [
    '{ event:name = "foo" }',
    '{ event:name = "exception" }',
    where(({ events }) => events.some(({ name }) => name === 'exception')),
  ],
  [
    '{ trace:id = "1234" }',
    '{ trace:id = "66b4650626638880" }',
    where(({ traceId }) => traceId.replace(/^0+/, '') === '66b4650626638880'),
  ],
  [
    '{ link:traceID = "1234" }',
    '{ link:traceID = "fa9d9018a2bf3ea2648eb5ba51f79326" }',
    where(({ links }) => links.some(({ traceId }) => traceId === 'fa9d9018a2bf3ea2648eb5ba51f79326')),
  ],
  [
    '{ link.foo = "bar" }',
    '{ link.role = "twin" }',
    where(({ links }) => links.some((link) => text(link.attributes, 'role') === 'twin')),
  ],
  [
    '{ event.foo = "bar" }',
    '{ event.exception.type = "TypeError" }',
    where(({ events }) => events.some((event) => text(event.attributes, 'exception.type') === 'TypeError')),
  ],
  ['{ span:status = ok }', '{ span:status = ok }', where(isOk)],
  [
    '{ span:statusMessage = "Forbidden" }',
    '{ span:statusMessage = "two failures" }',
    where((span) => span.statusMessage === 'two failures'),
  ],
  ['{ span:duration > 100ms }', '{ span:duration > 100ms }', where((span) => milliseconds(span) > 100)],
  ['{ span:kind = server }', '{ span:kind = server }', where(({ kind }) => kind === 2)],
  [
    '{ event:timeSinceStart > 2ms}',
    '{ event:timeSinceStart > 2ms}',
    where(({ events, start }) => events.some(({ time }) => time - start > 2_000_000n)),
  ],
  [
    '{ resource.k8s.cluster.name="service-name" && trace:rootName !~ ".*perf.*"}',
    '{ resource.service.name="catalog" && trace:rootName !~ ".*wish.*"}',
    (spans) =>
      spans.filter(
        (span) => service(span) === 'catalog' && !spans.some((root) => root.parentSpanId === '' && /wish/.test(root.name)),
      ),
  ],
  [
    '{ span.db.system =~ "postgresql|mysql" }',
    '{ span.db.system.name =~ "postgresql|mysql" }',
    where((span) => /^(postgresql|mysql)$/.test(text(span.attributes, 'db.system.name') ?? '')),
  ],
  [
    '{ event.exception.message =~ ".*something went wrong.*" }',
    '{ event.exception.message =~ ".*sold out.*" }',
    where(({ events }) => events.some((event) => /sold out/.test(text(event.attributes, 'exception.message') ?? ''))),
  ],
  [
    '{ instrumentation.language = "java" }',
    '{ instrumentation.scope.team = "order desk" }',
    where((span) => text(span.scopeAttributes, 'scope.team') === 'order desk'),
  ],
  [
    '{ instrumentation:name = "grpc" }',
    '{ instrumentation:name = "typed scope" }',
    where(({ scopeName }) => scopeName === 'typed scope'),
  ],
  [
    '{ span."attribute name with space" = "value" }',
    '{ span."key with blank" = "v" }',
    where((span) => text(span.attributes, 'key with blank') === 'v'),
  ],
  [
    '{ span.retry_count > -1 }',
    '{ span.http.request.resend_count > -1 }',
    where((span) => int(span.attributes, 'http.request.resend_count') > -1),
  ],
  [
    '{ span.value != minInt && span.value != maxInt }',
    '{ span.http.request.resend_count != minInt && span.http.request.resend_count != maxInt }',
    where((span) => span.attributes['http.request.resend_count'] !== undefined),
  ],
  [
    '{ event:timeSinceStart > -5s }',
    '{ event:timeSinceStart > -5s }',
    where(({ events, start }) => events.some(({ time }) => time - start > -5_000_000_000n)),
  ],
  [
    '{ span.value > 1.5 }',
    '{ span.shop.total > 1.5 }',
    where((span) => Number(span.attributes['shop.total']?.doubleValue) > 1.5),
  ],
  ['{ span.optional_field = nil }', '{ span.http.route = nil }', where((span) => span.attributes['http.route'] === undefined)],
  ['{ span.required_field != nil }', '{ span.http.route != nil }', where((span) => span.attributes['http.route'] !== undefined)],
  [
    '{ span.http.status_code >= 400 && span.http.status_code < 500 }',
    '{ span.http.response.status_code >= 200 && span.http.response.status_code < 300 }',
    where((span) => code(span) >= 200 && code(span) < 300),
  ],
  ['{ span.http.status_code >= "400" }', '{ span.http.request.method >= "GF" }', where((span) => (method(span) ?? '') >= 'GF')],
  [
    '{ span.http.method =~ "DELETE|GET" }',
    '{ span.http.request.method =~ "POST|GET" }',
    where((span) => /^(POST|GET)$/.test(method(span) ?? '')),
  ],
  [
    '{ resource.service.version = nil }',
    '{ resource.host.name = nil }',
    where((span) => span.resource['host.name'] === undefined),
  ],
  [
    '{ event.exception.message = nil }',
    '{ event.exception.message = nil }',
    where(({ events }) => events.some((event) => event.attributes['exception.message'] === undefined)),
  ],
  [
    '{ span.http.method = "DELETE" && status != ok }',
    '{ span.http.request.method = "POST" && status != ok }',
    where((span) => method(span) === 'POST' && !isOk(span)),
  ],
  [
    '{ resource.cloud.region = "us-east-1" && resource.cloud.region = "us-west-1" }',
    '{ resource.service.name = "catalog" && resource.service.name = "storefront" }',
    where(() => false),
  ],
  [
    '{ resource.cloud.region = "us-east-1" } || { resource.cloud.region = "us-west-1" }',
    '{ resource.service.name = "catalog" } || { resource.service.name = "mailer" }',
    where((span) => service(span) === 'catalog' || service(span) === 'mailer'),
  ],
  [
    '{ span.http.url = "/path/of/api" } >> { span.db.name = "db-shard-001" }',
    '{ span.url.path = "/wishlist" } >> { span.db.system.name = "postgresql" }',
    related(
      (span) => text(span.attributes, 'url.path') === '/wishlist',
      isBelow,
      (span) => text(span.attributes, 'db.system.name') === 'postgresql',
    ),
  ],
  [
    '{ span.http.url = "/path/of/api" && status = error } &>> { status = error }',
    '{ resource.service.name = "storefront" && status = error } &>> { status = error }',
    pairs((span) => service(span) === 'storefront' && isError(span), isBelow, isError),
  ],
  [
    '{ } !< { resource.service.name = "foo" }',
    '{ } !< { resource.service.name = "payment" }',
    unrelated(any, parentOf, ofService('payment')),
  ],
  ['{ status = error } !< { status = error }', '{ status = error } !< { status = error }', unrelated(isError, parentOf, isError)],
  ['count() > 10', 'count() > 10', when(any, (set) => set.length > 10)],
  ['avg(duration) > 20ms', 'avg(duration) > 20ms', when(any, (set) => average(set.map(milliseconds)) > 20)],
  [
    '{ span.http.status_code = 200 } | count() > 3',
    '{ span.http.response.status_code = 200 } | count() > 3',
    when(
      (span) => code(span) === 200,
      (set) => set.length > 3,
    ),
  ],
  [
    '{ } | sum(span.bytesProcessed) > 1000000000',
    '{ } | sum(span.http.response.status_code) > 1000',
    when(
      any,
      (set) =>
        set
          .map(code)
          .filter((one) => !Number.isNaN(one))
          .reduce((sum, one) => sum + one, 0) > 1000,
    ),
  ],
  [
    '{ status = error } | by(resource.service.name) | count() > 1',
    '{ status = error } | by(resource.service.name) | count() > 1',
    ofServices(isError, (set) => set.length > 1),
  ],
  [
    '{ span.http.request_content_length > 10 * 1024 * 1024 }',
    '{ span.http.response.status_code > 10 * 10 * 2 + 200 }',
    where((span) => code(span) > 400),
  ],
  [
    '{ status = error } | select(span.http.status_code, span.http.url)',
    '{ status = error } | select(span.http.route, name)',
    where(isError),
  ],
  [
    '{ span.foo = "bar" } >> { status = error } with (most_recent=true)',
    '{ span.http.route = "/x" } << { status = error } with (most_recent=true)',
    related((span) => text(span.attributes, 'http.route') === '/x', ancestorOf, isError),
  ],
];

/** Client and server of a call with one span id: which of them a child belongs to is told in tests of the evaluator. */
const ambiguous = 'same-span-id';
/** What no span can be. */
const impossible = '{ resource.cloud.region = "us-east-1" && resource.cloud.region = "us-west-1" }';

describe.skipIf(sharedData === undefined)('a documented query', () => {
  const traces = sharedData === undefined ? [] : recordedOtlp().filter(({ name }) => name !== ambiguous);
  const sources = sharedData === undefined ? new Map() : recordedSources(['input.otlp.json', 'input-last.otlp.json']);

  it.each(examples)('%s, here %s', (documented, here, expected) => {
    const [asWritten, query] = [parseQuery(documented), parseQuery(here)];
    const found: Record<string, string[]> = {};
    const wanted: Record<string, string[]> = {};
    for (const { name, traceId, spans } of traces) {
      const id = traceId.padStart(32, '0');
      const rows = sources.get(id);
      expect(() => evaluateRows(asWritten, id, rows)).not.toThrow();
      const once = spans.filter(
        (span, at) => spans.findIndex(({ spanId, start }) => spanId === span.spanId && start === span.start) === at,
      );
      found[name] = [...spanIdsOf(evaluateRows(query, id, rows))].sort();
      wanted[name] = [...new Set(expected(once).map(({ spanId }) => spanId))].sort();
    }
    expect(found).toEqual(wanted);
  });

  it('finds something here', () => {
    const silent = examples.filter(([documented, here]) => {
      if (documented === impossible) return false;
      const query = parseQuery(here);
      return traces.every(
        ({ traceId }) => !evaluateRows(query, traceId.padStart(32, '0'), sources.get(traceId.padStart(32, '0'))),
      );
    });
    expect(silent.map(([documented]) => documented)).toEqual([]);
  });
});
