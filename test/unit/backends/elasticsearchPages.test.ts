// Searches of an index page by page, and whole traces of any size: nothing is missed, nothing comes twice.

import { afterEach, describe, expect, it } from 'vitest';
import { ElasticsearchBackend } from '../../../src/backends/elasticsearch/elasticsearch';
import { readListCursor } from '../../../src/backends/elasticsearch/traceList';
import { backendContext } from '../../support/backend';
import type { Json } from '../../support/documentIndex';
import { type SearchServer, startSearchServer } from '../../support/documentSearchServer';
import { decodedSpans } from '../../support/plainSpans';
import { idsIn, queryIn, searchPages } from '../../support/searchedBackend';
import { hex, noonMs, spanDocument } from '../../support/spanDocument';

const day = { startMs: noonMs - 3_600_000, endMs: noonMs + 3_600_000 };

let server: SearchServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function backendOf(
  documents: readonly Json[],
  index = 'jaeger-span-2026-11-21',
  afterNoonMs = 3_600_000,
): Promise<ElasticsearchBackend> {
  server = await startSearchServer({ sources: { [index]: documents } });
  return new ElasticsearchBackend(
    backendContext({ type: 'elasticsearch', url: server.url }, { nowMs: () => noonMs + afterNoonMs }),
  );
}

const all = (count: number): string[] => Array.from({ length: count }, (_, i) => hex(i + 1, 32));

describe('pages of a search', () => {
  it('come newest first, each trace once, with spans of traces between each other', async () => {
    // Every trace has a span in each of ten rounds: each page's end cuts through all of them.
    const documents = Array.from({ length: 300 }, (_, i) => spanDocument({ trace: i % 30, span: i, at: i * 1_000 }));
    const pages = await searchPages(await backendOf(documents), queryIn('{ name = "op" }', day), 7);
    expect(pages.map(({ traces }) => traces.length)).toEqual([7, 7, 7, 7, 2]);
    expect(idsIn(pages).sort()).toEqual(all(30));
    expect(pages[0].traces[0].traceId).toBe(hex(30, 32));
    expect(pages[0].pushDown?.exact.map(({ text }) => text)).toEqual(['name = "op"']);
  });

  it('miss none of many traces of one microsecond', async () => {
    const documents = Array.from({ length: 40 }, (_, i) => spanDocument({ trace: i }));
    const pages = await searchPages(await backendOf(documents), queryIn('{ }', day), 7);
    expect(idsIn(pages).sort()).toEqual(all(40));
  });

  it('go on behind a cursor, and from the beginning behind what is none', async () => {
    const backend = await backendOf(Array.from({ length: 10 }, (_, i) => spanDocument({ trace: i, at: i })));
    const query = queryIn('{ }', day);
    const [first, ...others] = await searchPages(backend, query, 4);
    expect(idsIn(await searchPages(backend, query, 4, first.cursor))).toEqual(idsIn(others));
    for (const cursor of ['', 'x', '[1]', '{}', '["a",2]', 'null'])
      expect(idsIn(await searchPages(backend, query, 20, cursor))).toHaveLength(10);
    expect(readListCursor('[1,2,-1,false,"a",3,"b"]')).toMatchObject({ start: 1, end: 2, until: undefined, open: ['a', 'b'] });
  });

  it('cost three requests each, after one for what the index has', async () => {
    await searchPages(
      await backendOf(Array.from({ length: 8 }, (_, i) => spanDocument({ trace: i, at: i }))),
      queryIn('{ }', day),
      4,
    );
    const lines = server?.requests.map(({ line }) => line.replace(/\?.*/, '').replace(/\/jaeger.*\//, '')) ?? [];
    // The third page is empty: that the second was the last could not be known.
    expect(lines).toEqual(['GET _field_caps', ...Array(7).fill('POST _search')]);
  });

  it('has traces that overlap the time range, and no others', async () => {
    const minutes = 60_000_000;
    const found = async (text: string): Promise<string[]> => {
      const documents = [
        spanDocument({ trace: 0, at: -50 * minutes, duration: 51 * minutes, name: 'long' }),
        spanDocument({ trace: 1, at: -50 * minutes, duration: 40 * minutes, name: 'long' }),
        spanDocument({ trace: 2, at: -30_000_000, duration: 10 }),
        spanDocument({ trace: 2, span: 20, at: -30_000_000, duration: 40_000_000, name: 'root' }),
        spanDocument({ trace: 3, at: -30_000_000, duration: 10 }),
        spanDocument({ trace: 4, at: 10 }),
        spanDocument({ trace: 5, at: 61 * minutes }),
        spanDocument({ trace: 6, at: -30 * 60 * minutes, duration: 31 * 60 * minutes, name: 'long' }),
      ];
      const backend = await backendOf(documents);
      const pages = await searchPages(backend, queryIn(text, { startMs: noonMs, endMs: noonMs + 3_600_000 }), 20);
      await server?.stop();
      return idsIn(pages).sort();
    };
    expect(await found('{ }')).toEqual([0, 2, 4, 6].map((trace) => hex(trace + 1, 32)));
    expect(await found('{ name = "long" }')).toEqual([0, 6].map((trace) => hex(trace + 1, 32)));
    expect(await found('{ name = "op" && duration < 1ms }')).toEqual([2, 4].map((trace) => hex(trace + 1, 32)));
  });

  it('has traces whose spans match behind the time range only', async () => {
    const end = 3_600_000_000;
    const documents = [
      spanDocument({ trace: 0, at: end - 1_000, name: 'root' }),
      spanDocument({ trace: 0, span: 10, at: end + 5_000_000 }),
      spanDocument({ trace: 1, at: end + 5_000_000 }),
      spanDocument({ trace: 2, at: end - 2_000 }),
    ];
    const backend = await backendOf(documents, undefined, 2 * 3_600_000);
    const query = queryIn('{ name = "op" }', { startMs: noonMs, endMs: noonMs + 3_600_000 });
    const pages = await searchPages(backend, query, 20);
    expect(pages.map((page) => idsIn([page]))).toEqual([[hex(3, 32)], [hex(1, 32)]]);
    expect(idsIn(await searchPages(backend, query, 20, pages[0].cursor))).toEqual([hex(1, 32)]);
  });

  it('takes traces that have no id for what they are', async () => {
    const odd = ['<b>x</b>', '../../_all', ''].map((traceID, i) => spanDocument({ trace: i, more: { traceID } }));
    const pages = await searchPages(await backendOf([...odd, spanDocument({ trace: 9 })]), queryIn('{ }', day), 20);
    expect([idsIn(pages), pages[0].leftOut]).toEqual([[hex(10, 32)], 3]);
  });
});

describe('a whole trace', () => {
  const spansIn = (bodies: readonly Uint8Array<ArrayBuffer>[]): string[] =>
    bodies.flatMap((body) => decodedSpans(body).map(({ spanId }) => spanId));

  it('comes in slices where it has more spans than a server gives', async () => {
    // Ten spans each microsecond, and 5,200 in one of them.
    const times = [...Array.from({ length: 6_000 }, (_, i) => Math.floor(i / 10)), ...Array<number>(5_200).fill(450)];
    const backend = await backendOf(times.map((at, span) => spanDocument({ trace: 0, span, at })));
    const { bodies, partial } = await backend.get(hex(1, 32));
    const spans = spansIn(bodies);
    expect([spans.length, new Set(spans).size, partial]).toEqual([11_200, 11_200, undefined]);
    expect([bodies.length, server?.requests.filter(({ body }) => body.includes('"size":10000')).length]).toEqual([1, 3]);
    const [page] = await searchPages(backend, queryIn('{ }', day), 5);
    expect(page.traces[0].spanCount).toBe(11_200);
  });

  it.each([
    ['64 bits in 16 digits', '00000000000000ab', `${'0'.repeat(30)}ab`],
    ['without its zeros, as Jaeger wrote it once', 'ab', `${'0'.repeat(30)}ab`],
    ['in capitals', `${'0'.repeat(16)}00000000000000AB`, `${'0'.repeat(30)}ab`],
    ['of 128 bits in capitals', 'F'.repeat(32), 'f'.repeat(32)],
  ])('is found by its id: %s', async (_, stored, id) => {
    const backend = await backendOf([spanDocument({ trace: 0, more: { traceID: stored } })]);
    for (const asked of [id, id.toUpperCase()]) {
      const { bodies } = await backend.get(asked);
      expect(bodies.flatMap((body) => decodedSpans(body).map(({ traceId }) => traceId))).toEqual([id]);
    }
    expect(idsIn(await searchPages(backend, queryIn(`{ trace:id = "${id}" }`, day), 5))).toEqual([id]);
  });

  it('is put together of spans that have its id in several ways', async () => {
    const ids = ['00000000000000ab', `${'0'.repeat(30)}ab`];
    const backend = await backendOf(ids.map((traceID, span) => spanDocument({ trace: 0, span, more: { traceID } })));
    const [page] = await searchPages(backend, queryIn('{ }', day), 1);
    expect(page.traces).toMatchObject([{ traceId: `${'0'.repeat(30)}ab`, spanCount: 2 }]);
  });

  it('is looked for in the archive as well, which searches leave out', async () => {
    const one = spanDocument({ trace: 0 });
    server = await startSearchServer({
      sources: { 'prod-jaeger-span-2026-11-21': [one], 'prod-jaeger-span-archive': [one, spanDocument({ trace: 1 })] },
    });
    const options = { indexPrefix: 'prod' };
    const backend = new ElasticsearchBackend(
      backendContext({ type: 'elasticsearch', url: server.url, options }, { nowMs: () => noonMs }),
    );
    expect(spansIn((await backend.get(hex(1, 32))).bodies)).toHaveLength(1);
    expect(spansIn((await backend.get(hex(2, 32))).bodies)).toHaveLength(1);
    expect(idsIn(await searchPages(backend, queryIn('{ }', day), 5))).toEqual([hex(1, 32)]);
    await expect(backend.get(hex(3, 32))).rejects.toMatchObject({
      name: 'NotFound',
      message: expect.stringContaining('has no trace'),
    });
  });
});
