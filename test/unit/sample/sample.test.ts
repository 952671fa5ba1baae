// The sample shop does what its README promises: real spans of every service, and traces in which each kind of trouble is found.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Expected, runOnce, start } from '../../sample/start.mjs';
import {
  attribute,
  decodeRequest,
  type Receiver,
  type SpanInContext,
  spansOf,
  startReceiver,
} from '../../support/otlpReceiver.mjs';

const sample = fileURLToPath(new URL('../../sample/', import.meta.url));
/** The first run on a machine installs the sample's packages. */
const INSTALL_MS = 240_000;
const RUN_MS = 60_000;

const spansIn = (receiver: Receiver) => spansOf(receiver.bodies.map(decodeRequest));

describe('each request of the sample, once', () => {
  let expected: Expected[];
  let spans: SpanInContext[];
  const traceOf = (request: Expected) => spans.filter((span) => span.traceId === request.traceId);
  const failures = () => expected.flatMap((request) => (request.failing ? [{ request, failing: request.failing }] : []));
  const failedCheckout = () => traceOf(expected.find((request) => request.failing?.service === 'payments') ?? expected[0]);

  beforeAll(async () => {
    const receiver = await startReceiver();
    expected = await runOnce({ endpoint: receiver.endpoint });
    spans = spansIn(receiver);
    await receiver.stop();
  }, INSTALL_MS);

  it('makes one trace of all services that it passes', () => {
    expect(expected.length).toBe(6);
    for (const request of expected) {
      const trace = traceOf(request);
      const roots = trace.filter((span) => !span.parentSpanId);
      expect(roots.map((span) => span.name)).toEqual([request.name]);
      expect([...new Set(trace.map((span) => span.service))].sort()).toEqual(request.services);
      const ids = new Set(trace.map((span) => span.spanId));
      expect(trace.filter((span) => span.parentSpanId && !ids.has(span.parentSpanId))).toEqual([]);
    }
  });

  it('throws at the line of the source that the stack leads to through the source map', async () => {
    expect(failures().map(({ failing }) => failing.exception)).toEqual(['GatewayTimeout', 'TypeError']);
    for (const { request, failing } of failures()) {
      const [span] = traceOf(request).filter((candidate) => candidate.name === failing.span);
      const exception = span.events?.find((event) => event.name === 'exception');
      expect(span.service).toBe(failing.service);
      expect(span.status?.code).toBe(2);
      expect(attribute(exception?.attributes, 'exception.type')).toBe(failing.exception);
      const stack = String(attribute(exception?.attributes, 'exception.stacktrace'));
      expect(await originalOfFirstFrame(stack)).toEqual({ file: failing.file, line: failing.line });
    }
  });

  it('fails three services below the customer', () => {
    const { request, failing } = failures()[1];
    const trace = traceOf(request);
    const services: unknown[] = [];
    for (let span = trace.find(({ name }) => name === failing.span); span; ) {
      if (services.at(-1) !== span.service) services.push(span.service);
      const { parentSpanId } = span;
      span = trace.find(({ spanId }) => spanId === parentSpanId);
    }
    expect(services).toEqual(['pricing', 'cart', 'storefront']);
  });

  it('queries in a loop, each query with the line that asked for it', async () => {
    for (const request of expected.filter(({ repeated }) => repeated)) {
      const queries = traceOf(request).filter((span) => span.name === request.repeated?.span);
      expect(queries.length).toBe(request.repeated?.count);
      expect(new Set(queries.map((span) => span.parentSpanId)).size).toBe(1);
      const path = String(attribute(queries[0].attributes, 'code.file.path'));
      const line = Number(attribute(queries[0].attributes, 'code.line.number'));
      expect(relative(sample, path)).toBe('src/cart/cartStore.ts');
      expect((await readFile(path, 'utf8')).split('\n')[line - 1]).toContain("this.db('product')");
    }
  });

  it('tries to pay three times', () => {
    const tries = failedCheckout().filter((span) => span.name === 'POST /v1/charges');
    expect(tries.map((span) => attribute(span.attributes, 'http.request.resend_count'))).toEqual([undefined, '1', '2']);
    expect(tries.map((span) => span.status?.code)).toEqual([2, 2, 2]);
  });

  it('sends the older code attributes from one service, the line as text', () => {
    const [span] = failedCheckout().filter(({ name }) => name === 'apply_discounts');
    expect(attribute(span.attributes, 'code.filepath')).toBe(resolve(sample, 'dist/pricing/discounts.js'));
    expect(span.attributes?.find(({ key }) => key === 'code.lineno')?.value).toEqual({
      stringValue: expect.stringMatching(/^\d+$/),
    });
    expect(attribute(span.attributes, 'code.function')).toBe('applyDiscounts');
  });

  it('links what the mailer does to who sent the message', () => {
    const send = failedCheckout().find(({ name }) => name === 'order.failed send');
    const mailed = failedCheckout().find(({ name }) => name === 'order.failed process');
    expect(mailed?.links).toMatchObject([{ traceId: send?.traceId, spanId: send?.spanId }]);
    const placed = spans.find(({ name }) => name === 'order.placed send');
    const batch = spans.find(({ name }) => name === 'order.placed process');
    expect(batch?.links).toMatchObject([{ traceId: placed?.traceId, spanId: placed?.spanId }]);
    expect(batch?.traceId).not.toBe(placed?.traceId);
  });
});

describe('the sample with customers', () => {
  it(
    'links a failed order to the last failure, and leaves nothing running',
    async () => {
      const receiver = await startReceiver();
      const shop = await start({ endpoint: receiver.endpoint, load: true, visits: 9, everyMs: 0 });
      await shop.visits;
      await shop.stop();
      const checkouts = spansIn(receiver).filter(({ name }) => name === 'order.failed send');
      expect(checkouts.length).toBe(2);
      expect(checkouts.map((span) => span.links?.[0]?.traceId)).toEqual([undefined, checkouts[0].traceId]);
      for (const address of Object.values(shop.addresses)) await expect(fetch(address)).rejects.toThrow();
      expect(() => process.kill(shop.pid, 0)).toThrow();
      await receiver.stop();
    },
    RUN_MS,
  );

  it(
    'serves and ends when the endpoint never answers',
    async () => {
      const receiver = await startReceiver({ silent: true });
      const shop = await start({ endpoint: receiver.endpoint, load: true, visits: 6, everyMs: 0 });
      expect((await shop.visits).map(({ status }) => status)).toEqual([200, 201, 402, 200, 500, 200]);
      await shop.stop();
      expect(await shop.ended).toBe(0);
      await receiver.stop();
    },
    RUN_MS,
  );

  it(
    'traces nothing without an endpoint',
    async () => {
      const untraced = await runOnce({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: '' } });
      expect(untraced.map(({ traceId }) => traceId)).toEqual(untraced.map(() => undefined));
    },
    RUN_MS,
  );
});

/** The first frame of a V8 stack is compiled code of the sample; its place in the TypeScript. */
async function originalOfFirstFrame(stack: string): Promise<{ file: string; line: number }> {
  const [, file, line, column] = /\((.+\.js):(\d+):(\d+)\)/.exec(stack) ?? [];
  expect(relative(sample, file)).toMatch(/^dist\//);
  const map = new SourceMap(JSON.parse(await readFile(`${file}.map`, 'utf8')));
  const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
  if (!('originalSource' in entry)) throw new Error(`${file} has no mapping for ${line}:${column}`);
  return { file: relative(sample, resolve(file, '..', entry.originalSource)), line: entry.originalLine + 1 };
}

it(
  'prints no warning, however long customers come',
  async () => {
    const receiver = await startReceiver();
    const args = ['--visits', '24', '--every', '1', '--endpoint', receiver.endpoint];
    const shop = spawn(process.execPath, [join(sample, 'start.mjs'), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    shop.stderr.on('data', (chunk) => {
      printed += String(chunk);
    });
    const [code] = await once(shop, 'close');
    await receiver.stop();
    expect({ code, printed }).toEqual({ code: 0, printed: '' });
  },
  RUN_MS,
);
