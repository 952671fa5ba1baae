// Bodies of OTLP trace requests for load: encoded once, then only ids are written into them, so that the sender costs as little as can be.
//
// A body holds `spansPerBody` spans of one service, `spansPerTrace` to a trace, each a server or client span with the attributes that
// HTTP instrumentation writes. Field numbers: opentelemetry/proto/trace/v1/trace.proto.

const encoder = new TextEncoder();

function varint(value) {
  const out = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
  return out;
}

const bytesField = (field, bytes) => [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
const textField = (field, text) => bytesField(field, encoder.encode(text));
const fixed64Field = (field, value) => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return [...varint(field * 8 + 1), ...bytes];
};
const textAttribute = (key, text) => [...textField(1, key), ...bytesField(2, textField(1, text))];
const intAttribute = (key, value) => [...textField(1, key), ...bytesField(2, [0x18, ...varint(value)])];

const ROUTES = ['/cart', '/cart/:id', '/checkout', '/orders', '/orders/:id', '/products', '/products/:id/stock', '/login'];

function span(index, startNs) {
  const route = ROUTES[index % ROUTES.length];
  return [
    ...bytesField(1, new Uint8Array(16)),
    ...bytesField(2, new Uint8Array(8)),
    ...bytesField(4, new Uint8Array(8)),
    ...textField(5, `GET ${route}`),
    0x30,
    index % 2 === 0 ? 2 : 3,
    ...fixed64Field(7, startNs),
    ...fixed64Field(8, startNs + 1_000_000n + BigInt(index) * 1_000n),
    ...bytesField(9, textAttribute('http.request.method', 'GET')),
    ...bytesField(9, textAttribute('url.path', `/products/${1000 + index}/stock`)),
    ...bytesField(9, textAttribute('http.route', route)),
    ...bytesField(9, intAttribute('http.response.status_code', index % 50 === 0 ? 500 : 200)),
    ...bytesField(9, textAttribute('server.address', '127.0.0.1')),
    ...bytesField(9, intAttribute('server.port', 8080)),
    ...bytesField(15, index % 50 === 0 ? [0x18, 2] : []),
  ];
}

/** One body and the places of its ids. */
export function makeBody({ spansPerBody = 500, spansPerTrace = 10, service = 'shop' } = {}) {
  const startNs = BigInt(Date.now()) * 1_000_000n;
  const spans = [];
  const idAt = [];
  let length = 0;
  for (let i = 0; i < spansPerBody; i++) {
    const bytes = span(i, startNs);
    const field = bytesField(2, bytes);
    // The ids stand at fixed places from the start of the span: tag and length, then 16, 8 and 8 bytes.
    idAt.push(length + (field.length - bytes.length));
    spans.push(field);
    length += field.length;
  }
  const scope = bytesField(1, textField(1, 'load'));
  const resource = bytesField(1, bytesField(1, textAttribute('service.name', service)));
  const scopeSpans = [...scope, ...spans.flat()];
  const scopeField = bytesField(2, scopeSpans);
  const resourceSpans = [...resource, ...scopeField];
  const body = Buffer.from(bytesField(1, resourceSpans));
  const first = body.length - length;
  return { body, ids: idAt.map((at) => first + at), spansPerBody, spansPerTrace };
}

/**
 * Writes new ids: trace ids are `sender` and a counter behind random-looking words; the first span of each trace is its root.
 * @returns the words of the body's first trace id
 */
export function stamp({ body, ids, spansPerTrace }, sender, sequence) {
  let parent = 0;
  for (let i = 0; i < ids.length; i++) {
    const at = ids[i];
    const trace = sequence * 1000 + Math.floor(i / spansPerTrace);
    // trace_id: tag, length, 16 bytes; span_id: tag, length, 8 bytes; parent_span_id the same.
    body.writeUInt32BE(Math.imul(trace, 0x9e3779b1) >>> 0, at + 2);
    body.writeUInt32BE(sender, at + 6);
    body.writeUInt32BE(Math.imul(trace, 0x85ebca6b) >>> 0, at + 10);
    body.writeUInt32BE(trace >>> 0, at + 14);
    const root = i % spansPerTrace === 0;
    const spanId = sequence * 1000 + i + 1;
    body.writeUInt32BE(0x5eed0000 + sender, at + 20);
    body.writeUInt32BE(spanId >>> 0, at + 24);
    body.writeUInt32BE(root ? 0 : 0x5eed0000 + sender, at + 30);
    body.writeUInt32BE(root ? 0 : parent >>> 0, at + 34);
    if (root) parent = spanId;
  }
}
