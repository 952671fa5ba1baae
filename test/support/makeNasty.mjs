#!/usr/bin/env node
// @ts-check
// Writes traces that are hard on a viewer, as OTLP/JSON: `node test/support/makeNasty.mjs [directory] [name…]`. Without names, all of them.
// The small ones are in test/fixtures/nasty (`--small` writes only those); the large ones take up to some hundred MB and are made when needed.

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const START = 1_700_000_000_000_000_000n;
const MS = 1_000_000;

/**
 * @typedef {object} NastySpan
 * @property {number} id
 * @property {number} [parent] 0: none.
 * @property {string} name
 * @property {string} service
 * @property {number} from Milliseconds.
 * @property {number} [to] Missing: the span has no end.
 * @property {number} [kind] As OTLP numbers them.
 * @property {string} [error]
 * @property {string} [host]
 */

/** @type {Record<string, { small: boolean, spans: () => Iterable<NastySpan> }>} */
const makers = {
  cycle: small([
    { id: 1, name: 'GET /root', service: 'front', from: 0, to: 100, kind: 2 },
    { id: 2, parent: 4, name: 'first of the cycle', service: 'front', from: 10, to: 60 },
    { id: 3, parent: 2, name: 'second of the cycle', service: 'front', from: 20, to: 50 },
    { id: 4, parent: 3, name: 'third of the cycle', service: 'front', from: 30, to: 40 },
    { id: 5, parent: 3, name: 'below the cycle', service: 'front', from: 32, to: 38 },
    { id: 6, parent: 6, name: 'its own parent', service: 'front', from: 70, to: 80 },
  ]),
  orphan: small([
    { id: 1, name: 'GET /root', service: 'front', from: 0, to: 100, kind: 2 },
    { id: 2, parent: 0xdead, name: 'orphan with a child', service: 'back', from: 10, to: 60, kind: 2 },
    { id: 3, parent: 2, name: 'child of the orphan', service: 'back', from: 20, to: 50 },
    { id: 4, parent: 0xbeef, name: 'another orphan', service: 'back', from: 70, to: 80, kind: 2, error: 'no parent' },
  ]),
  'missing-root': small([
    { id: 2, parent: 1, name: 'GET /cart', service: 'cart', from: 10, to: 60, kind: 2 },
    { id: 3, parent: 1, name: 'GET /price', service: 'pricing', from: 60, to: 90, kind: 2 },
  ]),
  'several-roots': small([
    { id: 1, name: 'first root', service: 'front', from: 0, to: 40, kind: 2 },
    { id: 2, name: 'second root', service: 'front', from: 50, to: 90, kind: 2 },
    { id: 3, parent: 2, name: 'child', service: 'front', from: 55, to: 60 },
  ]),
  'duplicate-ids': small([
    { id: 1, name: 'GET /root', service: 'front', from: 0, to: 100, kind: 2 },
    { id: 2, parent: 1, name: 'early', service: 'front', from: 5, to: 30 },
    { id: 2, parent: 1, name: 'late, same id', service: 'front', from: 50, to: 90 },
    { id: 3, parent: 2, name: 'child of the early one', service: 'front', from: 10, to: 20 },
    { id: 4, parent: 2, name: 'child of the late one', service: 'front', from: 60, to: 70 },
    { id: 5, parent: 1, name: 'delivered twice', service: 'front', from: 92, to: 95 },
    { id: 5, parent: 1, name: 'delivered twice', service: 'front', from: 92, to: 95 },
  ]),
  'bad-times': small([
    { id: 1, name: 'GET /root', service: 'front', from: 0, to: 100, kind: 2 },
    { id: 2, parent: 1, name: 'ends before it starts', service: 'front', from: 50, to: 30 },
    { id: 3, parent: 1, name: 'no length', service: 'front', from: 60, to: 60 },
    { id: 4, parent: 1, name: 'no end', service: 'front', from: 70 },
    { id: 5, parent: 1, name: 'outlives its parent', service: 'front', from: 90, to: 140 },
  ]),
  'clock-skew': small([
    { id: 1, name: 'POST /checkout', service: 'storefront', from: 0, to: 200, kind: 2, host: 'a' },
    { id: 2, parent: 1, name: 'POST /price', service: 'storefront', from: 10, to: 136, kind: 3, host: 'a' },
    { id: 3, parent: 2, name: 'POST /price', service: 'pricing', from: 56, to: 172, kind: 2, host: 'b' },
    { id: 4, parent: 3, name: 'apply discounts', service: 'pricing', from: 60, to: 106, kind: 1, host: 'b' },
    { id: 5, parent: 3, name: 'GET rates', service: 'pricing', from: 110, to: 160, kind: 3, host: 'b' },
    { id: 6, parent: 1, name: 'order send', service: 'storefront', from: 190, to: 195, kind: 4, host: 'a' },
    { id: 7, parent: 6, name: 'order process', service: 'mailer', from: 260, to: 300, kind: 5, host: 'c' },
  ]),
  'deep-50000': { small: false, spans: () => deep(50_000) },
  'wide-100000': { small: false, spans: () => wide(100_000) },
  'wide-1000000': { small: false, spans: () => wide(1_000_000) },
};

/** @param {readonly NastySpan[]} spans */
function small(spans) {
  return { small: true, spans: () => spans };
}

/** A chain. @param {number} count @returns {Generator<NastySpan>} */
function* deep(count) {
  for (let i = 0; i < count; i++) {
    yield { id: i + 1, parent: i, name: `level ${i}`, service: 'recursion', from: i / 1000, to: (2 * count - i) / 1000 };
  }
}

/** Requests below one root, each with calls and queries; one in 500 in error. @param {number} count @returns {Generator<NastySpan>} */
function* wide(count) {
  const services = ['storefront', 'cart', 'pricing', 'payments'];
  const names = ['GET /cart/{id}', 'SELECT product', 'serialize', 'POST /price', 'INSERT order'];
  yield { id: 1, name: 'load test', service: 'storefront', from: 0, to: count / 50, kind: 2 };
  for (let i = 1; i < count; i++) {
    const head = i - ((i - 1) % 10);
    const from = i / 50;
    yield {
      id: i + 1,
      parent: i === head ? 1 : head + 1,
      name: names[(i * 7) % names.length],
      service: services[i % services.length],
      from: i === head ? from : from + 0.002,
      to: i === head ? from + 0.19 : from + 0.018,
      kind: i === head ? 2 : 3,
      ...(i % 500 === 499 ? { error: 'refused' } : {}),
    };
  }
}

/** @param {NastySpan} span */
function otlp(span) {
  const at = (/** @type {number} */ ms) => String(START + BigInt(Math.round(ms * MS)));
  return {
    traceId: TRACE,
    spanId: span.id.toString(16).padStart(16, '0'),
    ...(span.parent ? { parentSpanId: span.parent.toString(16).padStart(16, '0') } : {}),
    name: span.name,
    kind: span.kind ?? 1,
    startTimeUnixNano: at(span.from),
    ...(span.to === undefined ? {} : { endTimeUnixNano: at(span.to) }),
    attributes: [{ key: 'span.number', value: { intValue: String(span.id) } }],
    status: span.error === undefined ? {} : { code: 2, message: span.error },
  };
}

/** @param {string} service @param {string | undefined} host */
function resource(service, host) {
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  if (host !== undefined) attributes.push({ key: 'host.name', value: { stringValue: host } });
  return { attributes };
}

/** Streams, because the largest is longer than a string can be. @param {string} file @param {Iterable<NastySpan>} spans */
function write(file, spans) {
  const out = openSync(file, 'w');
  let count = 0;
  let buffered = '{"resourceSpans":[';
  let open = '';
  for (const span of spans) {
    const process = `${span.service} ${span.host ?? ''}`;
    if (process === open) buffered += `,\n${JSON.stringify(otlp(span))}`;
    else {
      if (open !== '') buffered += ']}]},';
      buffered += `\n{"resource":${JSON.stringify(resource(span.service, span.host))},"scopeSpans":[{"scope":{"name":"nasty"},"spans":[\n`;
      buffered += JSON.stringify(otlp(span));
    }
    open = process;
    count++;
    if (buffered.length > 1 << 20) {
      writeSync(out, buffered);
      buffered = '';
    }
  }
  writeSync(out, `${buffered}]}]}]}\n`);
  closeSync(out);
  console.log(`${file}: ${count} spans`);
}

const words = process.argv.slice(2);
const onlySmall = words.includes('--small');
const [directory = fileURLToPath(new URL('../fixtures/nasty', import.meta.url)), ...names] = words.filter(
  (word) => word !== '--small',
);
const unknown = names.filter((name) => !Object.hasOwn(makers, name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are: ${Object.keys(makers).join(', ')}.`);
  process.exit(2);
}
mkdirSync(resolve(directory), { recursive: true });
for (const [name, maker] of Object.entries(makers)) {
  const wanted = names.length > 0 ? names.includes(name) : maker.small || !onlySmall;
  if (wanted) write(join(directory, `${name}.otlp.json`), maker.spans());
}
