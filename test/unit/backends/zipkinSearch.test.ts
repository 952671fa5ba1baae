// Searches of Zipkin find what the same query finds in the same spans here, whatever the storage behind it, and however small its pages are.

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ZipkinBackend } from '../../../src/backends/zipkin/zipkin';
import { asZipkinHasIt } from '../../../src/backends/zipkin/zipkinSpelling';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext } from '../../support/backend';
import { InProcessEngine } from '../../support/inProcessEngine';
import { recordedZipkin } from '../../support/recorded';
import { searchBackend } from '../../support/searchBackend';
import { sharedData, sharedPath } from '../../support/sharedData';
import { type ModelSpan, type Storage, ZipkinModel } from '../../support/zipkinModel';

const endMs = 1_795_267_839_000;
const window = { startUnixNano: BigInt(endMs - 600_000) * 1_000_000n, endUnixNano: BigInt(endMs) * 1_000_000n };
const storages: readonly Storage[] = ['InMemory', 'Elasticsearch', 'Cassandra'];

let model: ZipkinModel | undefined;

afterEach(() => {
  model?.stop();
  model = undefined;
});

async function zipkinOf(spans: readonly ModelSpan[], storage: Storage = 'InMemory'): Promise<ZipkinBackend> {
  model = new ZipkinModel(spans, storage);
  return new ZipkinBackend(backendContext({ type: 'zipkin', url: await model.start() }, { nowMs: () => endMs }));
}

/** What each query finds in the spans where they are here. */
async function foundHere(spans: readonly ModelSpan[], texts: readonly string[]): Promise<string[][]> {
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

describe.skipIf(sharedData === undefined)('the recorded system', () => {
  const input = (): ModelSpan[] => {
    const spans: ModelSpan[] = JSON.parse(readFileSync(sharedPath('recorded', 'input.zipkin.json'), 'utf8'));
    // As it is stored: names in lower case. Spans without a time are found by their id alone.
    return spans.map((span) => ({
      ...span,
      name: span.name?.toLowerCase(),
      localEndpoint: { ...span.localEndpoint, serviceName: span.localEndpoint?.serviceName?.toLowerCase() },
    }));
  };
  const queries = [
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

  it.each(storages)('with %s', async (storage) => {
    const spans = input();
    const zipkin = await zipkinOf(spans, storage);
    const wanted = await foundHere(dated(spans), queries);
    for (const [i, text] of queries.entries()) {
      // Pages of a few, of one size and the other, and one of all.
      const found = await searchBackend(zipkin, { text, ...window, pageSize: i % 3 === 0 ? 100 : 3 + (i % 3) });
      expect(found.traces.map(({ traceId }) => traceId).sort(), text).toEqual(wanted[i]);
      expect(found.cursor).toBeUndefined();
    }
  });

  it('has matches for the queries', async () => {
    const counts = await foundHere(input(), queries);
    const none = queries.filter((_, i) => counts[i].length === 0);
    expect(none).toEqual([
      '{ span.http.method = "get" }',
      '{ span.http.method = "GET" && span.env = "stage" }',
      '{ resource.service.name = "nobody" }',
    ]);
    expect(recordedZipkin().length).toBeGreaterThan(60);
  });
});

/** Zipkin does not search traces without a time. */
function dated(spans: readonly ModelSpan[]): ModelSpan[] {
  const ids = new Set(spans.filter(({ timestamp }) => timestamp !== undefined).map(({ traceId }) => traceId));
  return spans.filter(({ traceId }) => ids.has(traceId));
}

/** A trace of two spans, the second 1 ms before its end. Times in milliseconds, back from the end of the window. */
function trace(number: number, backMs: number, lengthMs: number): ModelSpan[] {
  const traceId = (number + 1).toString(16).padStart(32, '0');
  const at = (endMs - backMs) * 1000;
  const common = { traceId, localEndpoint: { serviceName: 'shop' } };
  return [
    { ...common, id: '00000000000000a1', name: 'root', timestamp: at, duration: lengthMs * 1000, tags: { part: 'first' } },
    {
      ...common,
      id: '00000000000000a2',
      parentId: '00000000000000a1',
      name: 'late',
      timestamp: at + Math.max(0, lengthMs - 1) * 1000,
      duration: 1000,
      tags: { part: 'last' },
    },
  ];
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('pages', () => {
  const systems: readonly (readonly [string, () => ModelSpan[]])[] = [
    ['one after the other', () => Array.from({ length: 100 }, (_, i) => trace(i, 1000 + i * 500, 100)).flat()],
    ['all at one time', () => Array.from({ length: 150 }, (_, i) => trace(i, 5_000, 20)).flat()],
    ['without a length, all at one time', () => Array.from({ length: 150 }, (_, i) => trace(i, 5_000, 0)).flat()],
    [
      'some that last for long among many that are short',
      () =>
        Array.from({ length: 200 }, (_, i) =>
          trace(i, i % 20 === 0 ? 500_000 : 1000 + i * 300, i % 20 === 0 ? 480_000 : 50),
        ).flat(),
    ],
    ['all under way together', () => Array.from({ length: 120 }, (_, i) => trace(i, 300_000 + i, 250_000)).flat()],
    [
      'at any time, of any length',
      () => {
        const next = random(7);
        return Array.from({ length: 200 }, (_, i) =>
          trace(i, 1000 + Math.floor(next() * 400_000), Math.floor(next() ** 4 * 60_000)),
        ).flat();
      },
    ],
  ];

  for (const storage of storages) {
    it.each(systems)(`${storage}: %s`, async (_, make) => {
      const spans = make();
      const zipkin = await zipkinOf(spans, storage);
      for (const text of [
        '{ }',
        '{ name = "late" }',
        '{ resource.service.name = "shop" && span.part = "first" && name = "root" }',
        '{ kind = client }',
      ]) {
        const before = model?.searches.length ?? 0;
        const found = await searchBackend(zipkin, { text, ...window, pageSize: 7 });
        const wanted = text.includes('client') ? 0 : model?.traceCount;
        expect(found.traces.length, text).toBe(wanted);
        expect((model?.searches.length ?? 0) - before, `requests of ${text}`).toBeLessThan(80);
      }
    });
  }

  it('ask once for each', async () => {
    const zipkin = await zipkinOf(Array.from({ length: 100 }, (_, i) => trace(i, 1000 + i * 500, 100)).flat());
    const first = await searchBackend(zipkin, { text: '{ resource.service.name = "shop" }', pageSize: 20 }, 1);
    expect(first.traces).toHaveLength(20);
    const second = await searchBackend(
      zipkin,
      { text: '{ resource.service.name = "shop" }', pageSize: 20, cursor: first.cursor },
      1,
    );
    expect(
      second.traces.filter(({ traceId }) => !first.traces.some((one) => one.traceId === traceId)).length,
    ).toBeGreaterThanOrEqual(19);
    expect(model?.searches).toHaveLength(2);
  });

  it('say what cannot be had', async () => {
    const spans = Array.from({ length: 5_200 }, (_, i) => trace(i, 5_000, 0)).flat();
    const zipkin = await zipkinOf([...spans, ...trace(9_999, 60_000, 10)]);
    const found = await searchBackend(zipkin, { ...window, pageSize: 1000 });
    expect(found.traces).toHaveLength(5_001);
    expect(found.partial).toMatch(/^More traces stand at one time than can be asked for at once\./);
  });
});
