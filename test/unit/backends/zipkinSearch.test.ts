// Searches of Zipkin find what the same query finds in the same spans here, whatever the storage behind it, and however small its pages are.

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ZipkinBackend } from '../../../src/backends/zipkin/zipkin';
import { backendContext } from '../../support/backend';
import { recordedZipkin } from '../../support/recorded';
import { searchBackend } from '../../support/searchBackend';
import { sharedData, sharedPath } from '../../support/sharedData';
import { type ModelSpan, type Storage, ZipkinModel } from '../../support/zipkinModel';
import { dated, foundHere, zipkinQueries } from '../../support/zipkinQueries';

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
  it.each(storages)('with %s', async (storage) => {
    const spans = input();
    const zipkin = await zipkinOf(spans, storage);
    const wanted = await foundHere(dated(spans), zipkinQueries, window);
    for (const [i, text] of zipkinQueries.entries()) {
      // Pages of a few, of one size and the other, and one of all.
      const found = await searchBackend(zipkin, { text, ...window, pageSize: i % 3 === 0 ? 100 : 3 + (i % 3) });
      expect(found.traces.map(({ traceId }) => traceId).sort(), text).toEqual(wanted[i]);
      expect(found.cursor).toBeUndefined();
    }
  });

  it('has matches for the queries', async () => {
    const counts = await foundHere(input(), zipkinQueries, window);
    const none = zipkinQueries.filter((_, i) => counts[i].length === 0);
    expect(none).toEqual([
      '{ span.http.method = "get" }',
      '{ span.http.method = "GET" && span.env = "stage" }',
      '{ resource.service.name = "nobody" }',
    ]);
    expect(recordedZipkin().length).toBeGreaterThan(60);
  });
});

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

it('reads a tag as what it may have been: a number, a truth value, or the text that it is', async () => {
  const values = ['GET', '200', '503', 'true', '1.5', ''];
  const spans = values.map((value, i): ModelSpan => {
    const id = (i + 1).toString(16).padStart(16, '0');
    return {
      traceId: id,
      id,
      name: 'x',
      timestamp: (endMs - 1000) * 1000,
      duration: 10,
      localEndpoint: { serviceName: 'shop' },
      tags: { a: value },
    };
  });
  const found = async (text: string): Promise<string[]> => {
    const zipkin = await zipkinOf(spans);
    const { traces } = await searchBackend(zipkin, { text, ...window });
    model?.stop();
    return traces.map(({ traceId }) => values[Number(`0x${traceId}`) - 1]).sort();
  };
  expect(await found('{ span.a = 200 }')).toEqual(['200']);
  expect(await found('{ span.a = "200" }')).toEqual(['200']);
  expect(await found('{ span.a >= 200 }')).toEqual(['200', '503']);
  expect(await found('{ span.a = true }')).toEqual(['true']);
  expect(await found('{ span.a > 1.2 && span.a < 2.5 }')).toEqual(['1.5']);
  expect(await found('{ span.a != "GET" }')).toEqual(['', '1.5', '200', '503', 'true']);
  expect(await found('{ span.a =~ "5.*" }')).toEqual(['503']);
  expect(await found('{ span.a * 2 = 400 }')).toEqual(['200']);
  expect(await found('{ span.a != nil } | max(span.a) > 400')).toEqual(['503']);
});

describe('pages', () => {
  const systems: readonly (readonly [string, () => ModelSpan[]])[] = [
    ['one after the other', () => Array.from({ length: 50 }, (_, i) => trace(i, 1000 + i * 500, 100)).flat()],
    ['all at one time', () => Array.from({ length: 40 }, (_, i) => trace(i, 5_000, 20)).flat()],
    ['without a length, all at one time', () => Array.from({ length: 40 }, (_, i) => trace(i, 5_000, 0)).flat()],
    [
      'some that last for long among many that are short',
      () =>
        Array.from({ length: 80 }, (_, i) =>
          trace(i, i % 20 === 0 ? 500_000 : 1000 + i * 300, i % 20 === 0 ? 480_000 : 50),
        ).flat(),
    ],
    ['all under way together', () => Array.from({ length: 40 }, (_, i) => trace(i, 300_000 + i, 250_000)).flat()],
    [
      'at any time, of any length',
      () => {
        const next = random(7);
        return Array.from({ length: 80 }, (_, i) =>
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
      ]) {
        const before = model?.searches.length ?? 0;
        const found = await searchBackend(zipkin, { text, ...window, pageSize: 7 });
        const wanted = model?.traceCount;
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
