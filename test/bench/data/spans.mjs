// @ts-check
// Makes trace data of any size that is shaped as what instrumented services send: HTTP, database and messaging spans with about ten attributes
// under the semantic conventions' names, a resource of eight, an exception or a message event on every eighth span, ids at random (but the same on every run).

/**
 * @typedef {object} MadeSpan
 * @property {string} traceId
 * @property {string} spanId
 * @property {string} parentSpanId
 * @property {string} name
 * @property {number} kind
 * @property {string} startTimeUnixNano
 * @property {string} endTimeUnixNano
 * @property {object[]} attributes
 * @property {object[]} events
 * @property {object} status
 */

const services = ['storefront', 'catalog', 'pricing', 'inventory', 'checkout', 'payment', 'mailer', 'recommendations'];
const scopes = [
  '@opentelemetry/instrumentation-http',
  '@opentelemetry/instrumentation-pg',
  'go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp',
];
const routes = ['/products/{id}', '/cart', '/checkout', '/orders/{orderId}/items', '/search', '/users/{userId}/recommendations'];
const tables = ['products', 'orders', 'order_items', 'customers', 'prices'];

/** A generator of numbers below 2^32 (xorshift32), so that every run makes the same data. @param {number} seed */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const text = (/** @type {string} */ key, /** @type {string} */ value) => ({ key, value: { stringValue: value } });
const int = (/** @type {string} */ key, /** @type {number} */ value) => ({ key, value: { intValue: String(value) } });

/**
 * One `ExportTraceServiceRequest` as an OTLP/JSON object.
 * @param {number} spanCount
 * @param {{ seed?: number, spansPerTrace?: number }} [options]
 */
export function makeRequest(spanCount, { seed = 1, spansPerTrace = 40 } = {}) {
  const random = randomFrom(seed * 2654435761);
  const hex = (/** @type {number} */ words) =>
    Array.from({ length: words }, () => random().toString(16).padStart(8, '0')).join('');
  /** @type {Map<string, { resource: object, scopes: Map<string, MadeSpan[]> }>} */
  const groups = new Map();
  let traceId = '';
  /** @type {string[]} */
  let ids = [];
  let start = 1_795_267_300_000_000_000n;
  for (let i = 0; i < spanCount; i++) {
    if (i % spansPerTrace === 0) {
      traceId = hex(4);
      ids = [];
      start += 250_000_000n;
    }
    const service = services[random() % services.length];
    const spanId = hex(2);
    const parentSpanId = ids.length === 0 ? '' : ids[random() % ids.length];
    ids.push(spanId);
    const at = start + BigInt(random() % 90_000_000);
    const span = makeSpan(random, { traceId, spanId, parentSpanId, at, end: at + BigInt(random() % 60_000_000) });
    let group = groups.get(service);
    if (!group) {
      group = { resource: resourceOf(service), scopes: new Map() };
      groups.set(service, group);
    }
    const scope = scopes[random() % scopes.length];
    const spans = group.scopes.get(scope);
    if (spans) spans.push(span);
    else group.scopes.set(scope, [span]);
  }
  return {
    resourceSpans: [...groups.values()].map(({ resource, scopes: byScope }) => ({
      resource,
      scopeSpans: [...byScope].map(([name, spans]) => ({ scope: { name, version: '0.205.0' }, spans })),
    })),
  };
}

/** @param {string} service */
function resourceOf(service) {
  return {
    attributes: [
      text('service.name', service),
      text('service.version', '5.2.0'),
      text('service.namespace', 'shop'),
      text('deployment.environment.name', 'production'),
      text('host.name', `${service}-7d9f-x2k4l`),
      int('process.pid', 4121),
      text('telemetry.sdk.language', 'nodejs'),
      text('telemetry.sdk.version', '2.1.0'),
    ],
  };
}

/**
 * @param {() => number} random
 * @param {{ traceId: string, spanId: string, parentSpanId: string, at: bigint, end: bigint }} span
 * @returns {MadeSpan}
 */
function makeSpan(random, { traceId, spanId, parentSpanId, at, end }) {
  const isDatabase = random() % 3 === 0;
  const route = routes[random() % routes.length];
  const table = tables[random() % tables.length];
  const failed = random() % 25 === 0;
  const id = random() % 100_000;
  const attributes = isDatabase
    ? [
        text('db.system.name', 'postgresql'),
        text('db.namespace', 'shop'),
        text('db.operation.name', 'SELECT'),
        text('db.collection.name', table),
        text(
          'db.query.text',
          `SELECT id, name, price, stock FROM ${table} WHERE id = $1 AND deleted_at IS NULL ORDER BY updated_at DESC LIMIT 50`,
        ),
        text('server.address', 'postgres-primary.shop.svc.cluster.local'),
        int('server.port', 5432),
        int('db.response.returned_rows', id % 50),
        text('network.peer.address', `10.0.${id % 256}.12`),
        text('thread.name', `worker-${id % 16}`),
      ]
    : [
        text('http.request.method', 'GET'),
        text('http.route', route),
        text('url.full', `http://catalog.shop.svc.cluster.local:8080${route}?page=${id % 9}&session=${id}`),
        text('url.scheme', 'http'),
        text('server.address', 'catalog.shop.svc.cluster.local'),
        int('server.port', 8080),
        int('http.response.status_code', failed ? 500 : 200),
        text('network.protocol.version', '1.1'),
        text(
          'user_agent.original',
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
        ),
        { key: 'app.cache.hit', value: { boolValue: id % 2 === 0 } },
        { key: 'app.cart.total', value: { doubleValue: (id % 5000) / 8 } },
      ];
  /** @type {object[]} */
  const events = [];
  if (random() % 8 === 0) {
    const timeUnixNano = String(at + 1_000_000n);
    if (failed) {
      const stack = Array.from(
        { length: 12 },
        (_, line) => `    at step${line} (/srv/shop/src/orders/service${line % 4}.ts:${line * 7 + 3}:15)`,
      );
      events.push({
        timeUnixNano,
        name: 'exception',
        attributes: [
          text('exception.type', 'TypeError'),
          text('exception.message', `Cannot read properties of undefined (reading 'price${id}')`),
          text('exception.stacktrace', `TypeError: Cannot read properties of undefined\n${stack.join('\n')}`),
        ],
      });
    } else
      events.push({
        timeUnixNano,
        name: 'cache.lookup',
        attributes: [text('cache.key', `product:${id}`), int('cache.size', id)],
      });
  }
  return {
    traceId,
    spanId,
    parentSpanId,
    name: isDatabase ? `SELECT ${table}` : `GET ${route}`,
    kind: isDatabase ? 3 : 2,
    startTimeUnixNano: String(at),
    endTimeUnixNano: String(end),
    attributes,
    events,
    status: failed ? { code: 2, message: 'Internal error' } : {},
  };
}
