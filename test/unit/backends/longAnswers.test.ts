// Lists and errors, some of which take long to parse: the backend, which lives in the extension host, hands them on whole and parses none of them.

import { afterEach, expect, it, vi } from 'vitest';
import type { AnswerReader, BackendSettings } from '../../../src/backends/common/backend';
import type { HttpResponse, Transport } from '../../../src/backends/common/transport';
import { JaegerBackend } from '../../../src/backends/jaeger/jaeger';
import { cancelled } from '../../../src/base/errors';
import { readAnswer } from '../../../src/core/answers/answers';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext, firstPage } from '../../support/backend';
import { engineReader } from '../../support/engineReader';
import { failure } from '../../support/inProcessEngine';

const settings: BackendSettings = { name: 'shop', type: 'jaeger', url: 'http://localhost:16686', options: {} };
const names = Array.from({ length: 30_000 }, (_, i) => `GET /things/${i}`);
const summaries = names.map((rootOperationName, i) => ({
  traceId: (i + 1).toString(16),
  rootOperationName,
  rootServiceName: 'shop',
  minStartTimeUnixNano: `${1_700_000_000_000_000_000n + BigInt((i * 7919) % 30_000) * 1_000_000n}`,
  maxEndTimeUnixNano: '1800000000000000000',
  spanCount: 3,
}));

const response = (body: string, status = 200): HttpResponse => ({ status, headers: {}, body: new TextEncoder().encode(body) });
/** A Jaeger that answers by the last part of the path. */
const jaeger = (answers: Readonly<Record<string, HttpResponse>>): Transport => ({
  request: async ({ url }) => {
    const found = answers[new URL(url).pathname.split('/').pop() ?? ''];
    return found === undefined ? response('{}') : { ...found, body: found.body.slice() };
  },
});
const long: Readonly<Record<string, HttpResponse>> = {
  services: response(JSON.stringify({ services: names })),
  operations: response(JSON.stringify({ operations: names.map((name) => ({ name })) })),
  'trace-summaries': response(JSON.stringify({ summaries })),
};

afterEach(() => {
  vi.restoreAllMocks();
});

it('are not parsed by it, whatever they are', async () => {
  const lengths: number[] = [];
  const reader: AnswerReader = {
    async readAnswer(bytes, want) {
      lengths.push(bytes.length);
      return { facts: { object: true, enveloped: false }, names: [want.what], traces: [], traceCount: 0, leftOut: 0 };
    },
  };
  const refusing = { traces: response(JSON.stringify({ error: { message: 'x'.repeat(1 << 20) } }), 500) };
  const backend = new JaegerBackend(
    backendContext(settings, { transport: jaeger({ ...long, traces: refusing.traces }), reader: reader }),
  );
  const parse = vi.spyOn(JSON, 'parse');
  expect(await backend.services()).toEqual(['services']);
  expect(await backend.operations('shop')).toEqual(['operations']);
  await firstPage(backend.find(parseQuery('{}'), { pageSize: 20 }));
  // What is not pushed down goes through whole traces, and these are refused.
  expect(await failure(firstPage(backend.find(parseQuery('{ span.a != "b" }'), { pageSize: 20 })))).toContain(
    'answered with status 500',
  );
  expect(parse).not.toHaveBeenCalled();
  // Which API it has is found out from the services.
  expect(lengths).toEqual([
    ...['services', 'services', 'operations', 'trace-summaries'].map((of) => long[of].body.length),
    refusing.traces.body.length,
  ]);
});

it.each([2, 30_000])('hide what is to be hidden, as lists of %i names and summaries', async (count) => {
  const secret = (i: number): string => `user ${i} token=s3cret`;
  const list = names.slice(0, count).map((_, i) => secret(i));
  const answers = {
    services: response(JSON.stringify({ services: list })),
    operations: response(JSON.stringify({ operations: list.map((name) => ({ name })) })),
    'trace-summaries': response(
      JSON.stringify({
        summaries: list.map((name, i) => ({
          ...summaries[i],
          rootOperationName: name,
          rootServiceName: name,
          services: [{ name }],
        })),
      }),
    ),
  };
  const backend = new JaegerBackend(
    backendContext(settings, { transport: jaeger(answers), reader: engineReader({ redactPatterns: ['token=\\w+'] }) }),
  );
  const { traces } = await firstPage(backend.find(parseQuery('{}'), { pageSize: 20 }));
  expect(traces).toHaveLength(Math.min(count, 20));
  const told = [await backend.services(), await backend.operations('shop'), traces.map(({ startUnixNano, ...trace }) => trace)];
  expect(JSON.stringify(told)).toContain('user 1 ••••');
  expect(JSON.stringify(told)).not.toContain('s3cret');
});

it('name services as they are where the server is asked for each of them', async () => {
  const asked: (string | null)[] = [];
  const transport: Transport = {
    request: async ({ url }) => {
      const { pathname, searchParams } = new URL(url);
      if (pathname.endsWith('services')) return response('{"services":["shop token=1","cart"]}');
      const service = searchParams.get('query.service_name');
      if (service === null) return response('{"error":{"message":"a service name is required"}}', 400);
      asked.push(service);
      return response('{"summaries":[]}');
    },
  };
  const backend = new JaegerBackend(
    backendContext(settings, { transport: transport, reader: engineReader({ redactPatterns: ['token=\\w+'] }) }),
  );
  await firstPage(backend.find(parseQuery('{}'), { pageSize: 20 }));
  expect(asked.sort()).toEqual(['cart', 'shop token=1']);
  expect(await backend.services()).toEqual(['cart', 'shop ••••']);
});

it('give what short ones give', async () => {
  const nowMs = () => 1_700_000_040_000;
  const backend = new JaegerBackend(backendContext(settings, { transport: jaeger(long), nowMs }));
  expect(await backend.services()).toEqual(names.slice(0, 10_000).sort());
  const found = await firstPage(backend.find(parseQuery('{}'), { pageSize: 20 }));
  const newest = summaries.toSorted((a, b) => (a.minStartTimeUnixNano < b.minStartTimeUnixNano ? 1 : -1)).slice(0, 20);
  expect(found.traces.map(({ rootName }) => rootName)).toEqual(newest.map(({ rootOperationName }) => rootOperationName));
  expect(found.leftOut).toBe(0);
  expect(found.cursor).toBeDefined();
});

it('say what the server said of itself, and begin a message for the log', async () => {
  const body = JSON.stringify({ error: { message: 'the storage is down', stack: 'x'.repeat(1 << 20) } });
  const backend = new JaegerBackend(
    backendContext({ ...settings, options: { api: 'legacy' } }, { transport: jaeger({ services: response(body, 500) }) }),
  );
  const error: unknown = await backend.services().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    kind: 'BadData',
    message: '"shop" at http://localhost:16686 answered: the storage is down.',
    detail: expect.stringContaining('the storage is down'),
  });
});

it('are left when nobody waits for them any more', async () => {
  const reader: AnswerReader = {
    readAnswer: (_bytes, _want, signal) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(cancelled()))),
  };
  const controller = new AbortController();
  const answers = { ...long, services: response('{"services":["shop"]}') };
  const finding = failure(
    firstPage(
      new JaegerBackend(backendContext(settings, { transport: jaeger(answers), reader: reader })).find(
        parseQuery('{}'),
        { pageSize: 20 },
        controller.signal,
      ),
    ),
  );
  setImmediate(() => controller.abort());
  expect(await finding).toBe('Cancelled: Cancelled.');
});

it.each([
  ['lists within each other', `{"services":${'['.repeat(2_000_000)}`],
  ['the same with white space, as many as their bytes warrant', `{"services":${'[         '.repeat(200_000)}`],
  ['objects within each other', '{"error":'.repeat(600_000)],
  ['empty lists', `{"services":[${'[],'.repeat(1_000_000)}[]]}`],
])('are refused where they hold more than a server writes: %s', async (_, body) => {
  const backend = new JaegerBackend(
    backendContext(settings, { transport: jaeger({ services: response(body) }), reader: engineReader() }),
  );
  const before = process.resourceUsage().maxRSS;
  const parse = vi.spyOn(JSON, 'parse');
  expect(await failure(backend.services())).toMatch(
    /^TooLarge: What "shop" at http:\/\/localhost:16686 answered is not read\. The answer (nests objects and lists deeper than 512, as no program does|holds [\d,]+ JSON containers.*)\.$/,
  );
  expect(parse).not.toHaveBeenCalled();
  expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(100);
});

it('cross to the window in part, however many names they hold', () => {
  const crowded = summaries.slice(0, 500).map((summary) => ({
    ...summary,
    services: Array.from({ length: 20 }, (_, i) => ({ name: `${i}`.padStart(1000, 's') })),
  }));
  const body = new TextEncoder().encode(JSON.stringify({ summaries: crowded }));
  const read = readAnswer(body, { of: 'jaeger', what: 'summaries', limit: 1_000_000 });
  expect(read?.traces).toHaveLength(500);
  const characters = read?.traces.flatMap(({ services = [] }) => services).join('').length;
  expect(characters).toBeLessThanOrEqual(2_000_000);
});
