// Searches over a store: whole batches are tested first, and what they tell may lose no trace; the store may change between two turns.

import { describe, expect, it } from 'vitest';
import { Slices } from '../../../src/base/slices';
import { finish } from '../../../src/base/steps';
import { overviewOfRows } from '../../../src/core/analysis/overview';
import { decodeBytes } from '../../../src/core/format/format';
import { traceIdHex } from '../../../src/core/model/ids';
import { StringTable } from '../../../src/core/model/strings';
import { matchedOf, TraceQuery } from '../../../src/core/query/evaluation/evaluate';
import { parseQuery } from '../../../src/core/query/parse';
import { Dataset } from '../../../src/engine/store/dataset';
import { rebasing } from '../../../src/engine/store/sources';
import { findTracesIn } from '../../../src/engine/traces/findTraces';
import { requestBytes, type SpanSpec } from '../../support/otlp';

/** More spans than are looked at trace by trace (`findTraces.ts`). */
const TRACES = 2_100;
const services = ['web', 'cart', 'pay', 'db'];

/** Eight spans a trace, in batches of a hundred traces; each third trace has its last spans in the next batch, and each tenth a span twice. */
function specs(trace: number): SpanSpec[] {
  const pick = (at: number, of: number): number => ((trace * 7919 + at * 104_729) >>> 3) % of;
  const made = Array.from(
    { length: 8 },
    (_, at): SpanSpec => ({
      traceId: (trace + 1).toString(16),
      spanId: (at + 1).toString(16),
      parent: at === 0 ? undefined : (Math.floor((at - 1) / 2) + 1).toString(16),
      name: ['GET', 'SELECT', 'POST'][pick(at, 3)],
      service: services[pick(at, 4)],
      kind: pick(at, 5) + 1,
      startMs: trace + at,
      durationMs: pick(at, 90),
      error: pick(at, 11) === 0,
      attributes: { code: pick(at, 400), route: `/r/${pick(at, 50)}`, ratio: pick(at, 10) + 0.5 },
      events: pick(at, 13) === 0 ? [{ name: 'exception', attributes: { type: `E${pick(at, 3)}` } }] : [],
    }),
  );
  return trace % 10 === 0 ? [...made, made[7]] : made;
}

function filled(): Dataset {
  let revision = 0;
  const dataset = new Dataset('local', () => ++revision);
  const tables = [new StringTable(), new StringTable()];
  let late: SpanSpec[] = [];
  for (let from = 0; from < TRACES; from += 100) {
    const spans = late;
    late = [];
    for (let trace = from; trace < from + 100; trace++) {
      const made = specs(trace);
      spans.push(...(trace % 3 === 0 ? made.slice(0, 5) : made));
      if (trace % 3 === 0) late.push(...made.slice(5));
    }
    for (const batch of decodeBytes(requestBytes(spans), { strings: tables[from < TRACES / 2 ? 0 : 1] }).batches) {
      dataset.store.add(batch);
    }
  }
  for (const batch of decodeBytes(requestBytes(late), { strings: tables[1] }).batches) dataset.store.add(batch);
  return dataset;
}

const queries = [
  '{ status = error }',
  '{ span.code = 399 }',
  '{ span.code > 397 && span.route = "/r/7" }',
  '{ .ratio > 9.0 }',
  '{ resource.service.name = "pay" && name =~ "S.*" && duration > 85ms }',
  '{ span.route !~ "/r/.*" }',
  '{ span.route =~ "/r/4[2-5]" && kind = server }',
  '{ !(span.code < 399) }',
  '{ span.code = nil }',
  '{ event.type = "E2" && status = error }',
  '{ rootServiceName = "web" && span.code = 12 }',
  '{ traceDuration > 90ms && status = error }',
  '{ status = error } && { span.code = 17 }',
  '{ span.code = 398 } || { span.code = 17 }',
  '{ status = error } > { status = error }',
  '{ span.code = 300 } >> { }',
  '{ status = error } !>> { span.code = 300 }',
  '{ kind = server } &~ { span.code = 301 }',
  '{ nestedSetParent = -1 && status = error }',
  '{ span:childCount = 2 && span.code = 100 }',
  '{ status = error } | count() > 2',
  '{ status = error } | count() = 3',
  '{ } | count() > 8',
  '{ } | max(span.code) >= 399',
  '{ } | min(span.ratio) > 3.5',
  '{ } | avg(duration) > 60ms',
  '{ } | avg(span.code) < 90',
  '{ } | sum(span.code) > 2700',
  '{ status = error } | by(resource.service.name) | count() > 1',
  '{ status = error } | by(name) | max(duration) > 88ms',
  '({ status = error } | count() > 2) && { span.code > 390 }',
  '{ status = error } | { span.code < 9 }',
  'count() > 100',
] as const;

describe('a search', () => {
  const dataset = filled();
  const traces = [...dataset.store.oldestFirst()].map((slot) => {
    const id = traceIdHex(dataset.store.ids.words, slot);
    const sources = finish(rebasing(dataset.store.rowsOf(slot)));
    return { id, sources, facts: overviewOfRows(id, sources) };
  });

  it.each(queries)('%s finds what a look at each trace finds', async (text) => {
    const { stages } = parseQuery(text);
    const expected: Record<string, number> = {};
    const compiled = new Map<StringTable, TraceQuery>();
    for (const { id, sources, facts } of traces) {
      const { strings } = sources[0].batch;
      const query = compiled.get(strings) ?? new TraceQuery(stages, strings);
      compiled.set(strings, query);
      const matches = finish(query.ofSources(sources, facts));
      if (matches) expected[id] = matchedOf(matches).count;
    }
    const found: Record<string, number | undefined> = {};
    await findTracesIn(dataset, { query: { stages }, limit: TRACES }, undefined, new Slices(), ({ traceId, matched }) => {
      found[traceId] = matched?.count;
    });
    expect(found).toEqual(expected);
  });

  it('counts a span that came twice once, and names the first that match by their start', async () => {
    const { stages } = parseQuery('{ trace:id = "b" && span:id != "1" }');
    const found: unknown[] = [];
    await findTracesIn(dataset, { query: { stages }, limit: 5 }, undefined, new Slices(), ({ matched }) => found.push(matched));
    const ids = [2, 3, 4, 5, 6, 7, 8].map((id) => String(id).padStart(16, '0'));
    expect(found).toEqual([{ count: 7, spanIds: ids }]);
  });

  it('ends at once when its caller gives up', async () => {
    const controller = new AbortController();
    const slices = new Slices(controller.signal, 0);
    const pauses = counting(slices, () => controller.abort());
    const { stages } = parseQuery('{ span.code + 1 = 900 } >> { }');
    const search = findTracesIn(dataset, { query: { stages }, limit: 5 }, undefined, slices, () => {});
    await expect(search).rejects.toMatchObject({ kind: 'Cancelled' });
    expect(pauses()).toBe(1);
  });

  it('bears traces that leave and come meanwhile: those that are here are found, each once', async () => {
    const changing = filled();
    const slices = new Slices(undefined, 0);
    const { stages } = parseQuery('{ span.code > 380 } > { status = error }');
    const before: string[] = [];
    await findTracesIn(changing, { query: { stages }, limit: TRACES }, undefined, new Slices(), ({ traceId }) =>
      before.push(traceId),
    );
    const more = decodeBytes(requestBytes(specs(TRACES + 5)), { strings: new StringTable() }).batches;
    const gone = new Set<string>();
    let pauses = 0;
    counting(slices, () => {
      // From the other end than the search comes from: what it has not reached yet.
      if (gone.size === 100) return;
      const [slot] = changing.store.oldestFirst();
      gone.add(traceIdHex(changing.store.ids.words, slot));
      changing.store.evict(slot);
      if (pauses++ % 10 === 0) for (const batch of more) changing.store.add(batch);
    });
    const found: string[] = [];
    await findTracesIn(changing, { query: { stages }, limit: TRACES }, undefined, slices, ({ traceId }) => found.push(traceId));
    expect(gone.size).toBeGreaterThan(5);
    expect(new Set(found).size).toBe(found.length);
    for (const id of before) if (!gone.has(id)) expect(found).toContain(id);
  });
});

/** Does something in each pause. */
function counting(slices: Slices, inPause: () => void): () => number {
  let pauses = 0;
  const pause = slices.pause.bind(slices);
  slices.pause = () => {
    pauses++;
    inPause();
    return pause();
  };
  return () => pauses;
}
