// Records the sample shop for test/fixtures/sample and media/sample. Run it when the sample's sources have changed:
//
//   node test/support/recordSample.mjs
//
// The shop is built and run in /srv/shop, so that its paths have to be mapped, as those of a container. It is warm before the recording.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { copyShop } from './copyShop.mjs';
import { attribute, decodeRequest, encodeRequest, spansOf, startReceiver } from './otlpReceiver.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const shopFolder = '/srv/shop';
const fixtures = join(root, 'test/fixtures/sample');
const media = join(root, 'media/sample');
/** What customers ask for, by the positions in the sample's list: all but failures twice to warm up, then each, then a second failure. */
const WARM_UP = [0, 1, 3, 5, 0, 1, 3, 5];
const RECORDED = [0, 1, 2, 3, 4, 5, 2];

const { start } = await copyShop(shopFolder);
try {
  await record();
} finally {
  await rm(shopFolder, { recursive: true, force: true });
}

async function record() {
  const { expectedOf } = await import(pathToFileURL(join(shopFolder, 'expected.mjs')).href);
  const receiver = await startReceiver();
  // Who runs it and on which machine stays out of the recording.
  const env = { OTEL_NODE_RESOURCE_DETECTORS: 'env', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=development' };
  const shop = await start({ endpoint: receiver.endpoint, env });
  const { journeys, visit } = (await import(pathToFileURL(join(shopFolder, 'dist/load.js')).href)).default;
  for (const index of WARM_UP) await visit(shop.addresses.storefront, journeys[index]);
  const visits = [];
  for (const index of RECORDED) visits.push(await visit(shop.addresses.storefront, journeys[index]));
  await shop.stop();
  await receiver.stop();

  const traceIds = withBatches(
    visits.map(({ traceId }) => traceId),
    spansOf(receiver.bodies.map(decodeRequest)),
  );
  const requests = receiver.bodies
    .map((body) => only(traceIds, decodeRequest(body)))
    .filter(({ resourceSpans }) => resourceSpans.length > 0);
  const spans = spansOf(requests);
  const expected = {
    spans: spans.length,
    traces: traceIds.map((traceId) => summary(traceId, spans)),
    failing: failing(await expectedOf(visits), spans),
  };

  await mkdir(fixtures, { recursive: true });
  await mkdir(media, { recursive: true });
  await writeFile(
    join(fixtures, 'shop.otlp.pb'),
    Buffer.concat(requests.map(encodeRequest).flatMap((body) => [lengthOf(body), body])),
  );
  await writeFile(join(fixtures, 'shop.otlp.json'), `${JSON.stringify(merged(requests))}\n`);
  await writeFile(join(fixtures, 'expected.json'), `${JSON.stringify(expected, undefined, 2)}\n`);
  const checkout = merged(requests.map((request) => only([visits[2].traceId], request)));
  const text = `${JSON.stringify(checkout, undefined, 1)}\n`;
  await writeFile(join(media, 'checkout.otlp.json'), text);
  await keepSource(text);
  for (const trace of expected.traces)
    console.log(`${trace.durationMs.toFixed(0).padStart(5)} ms  ${trace.spans} spans  ${trace.name}`);
}

/**
 * The files that the trace to try leads to, of this very build: `sampleFiles` of src/app/sample names them. What was compiled goes along with its
 * map and its source.
 */
async function keepSource(trace) {
  const named = [...trace.matchAll(/\/srv\/shop\/((?:src|dist)\/[\w/]+\.[jt]s)/g)].map(([, path]) => path);
  const files = new Set(
    named.flatMap((path) =>
      path.endsWith('.js') ? [path, `${path}.map`, path.replace('dist/', 'src/').replace(/js$/, 'ts')] : [path],
    ),
  );
  await rm(join(media, 'shop'), { recursive: true, force: true });
  for (const file of files) await cp(join(shopFolder, file), join(media, 'shop', file));
  console.log(`sampleFiles: ${[...files].sort().join(' ')}`);
}

/** These traces and the mail batches that link to one of them. */
function withBatches(traceIds, spans) {
  const batches = spans.filter((span) => !span.parentSpanId && span.links?.some((link) => traceIds.includes(link.traceId)));
  return [...traceIds, ...batches.map((span) => span.traceId)];
}

function only(traceIds, { resourceSpans }) {
  const kept = resourceSpans.map((group) => ({
    ...group,
    scopeSpans: group.scopeSpans
      .map((scoped) => ({ ...scoped, spans: scoped.spans.filter(({ traceId }) => traceIds.includes(traceId)) }))
      .filter(({ spans }) => spans.length > 0),
  }));
  return { resourceSpans: kept.filter(({ scopeSpans }) => scopeSpans.length > 0) };
}

/** One request in which equal resources and scopes come once. */
function merged(requests) {
  const resources = new Map();
  for (const { resource, scopeSpans } of requests.flatMap(({ resourceSpans }) => resourceSpans)) {
    const key = JSON.stringify(resource);
    if (!resources.has(key)) resources.set(key, { resource, scopes: new Map() });
    const { scopes } = resources.get(key);
    for (const { scope, spans } of scopeSpans) {
      const scopeKey = JSON.stringify(scope);
      if (!scopes.has(scopeKey)) scopes.set(scopeKey, { scope, spans: [] });
      scopes.get(scopeKey).spans.push(...spans);
    }
  }
  return {
    resourceSpans: [...resources.values()].map(({ resource, scopes }) => ({ resource, scopeSpans: [...scopes.values()] })),
  };
}

function lengthOf(body) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return length;
}

function summary(traceId, all) {
  const spans = all.filter((span) => span.traceId === traceId);
  const [root] = spans.filter(({ parentSpanId }) => !parentSpanId);
  return {
    traceId,
    name: root.name,
    service: root.service,
    durationMs: Number(BigInt(root.endTimeUnixNano) - BigInt(root.startTimeUnixNano)) / 1e6,
    spans: spans.length,
    errors: spans.filter(({ status }) => status?.code === 2).length,
    links: spans.reduce((count, { links }) => count + (links?.length ?? 0), 0),
    services: [...new Set(spans.map(({ service }) => service))].sort(),
  };
}

/** Span id, and the place in the source, of each failure. */
function failing(expected, spans) {
  return expected.flatMap(({ traceId, failing: failure }) => {
    if (!failure) return [];
    const span = spans.find((candidate) => candidate.traceId === traceId && candidate.name === failure.span);
    const exception = span.events.find(({ name }) => name === 'exception');
    return [{ traceId, spanId: span.spanId, ...failure, message: attribute(exception.attributes, 'exception.message') }];
  });
}
