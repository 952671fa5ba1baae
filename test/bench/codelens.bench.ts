// CodeLens of one document with a million spans loaded. First the index alone: summing up a batch as it comes, the first question and the
// next one in a live capture, against aggregating all spans anew from a list of objects as a viewer does that keeps objects; both must
// agree. Then as the extension host has it: the engine in its worker, and what an answer costs the thread that asks.

import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { finish } from '../../src/base/steps';
import { CodeIndex, functionsOf, statisticsOf } from '../../src/code';
import { type SpanBatch, STATUS_ERROR, VALUE_INT, VALUE_INTERNED } from '../../src/core/model/batch';
import { BatchBuilder } from '../../src/core/model/batchBuilder';
import { StringTable } from '../../src/core/model/strings';
import { EngineClient } from '../../src/engine/client';
import { encodeBatches, joined } from '../../src/engine/store/encodeSpans';
import type { CodeSubject } from '../../src/protocol/code';
import { report } from '../support/budget.mjs';

const SPANS = 1_000_000;
const BATCH = 20_000;
/** What a busy program sends between two looks. */
const LIVE = 1_000;
const BUDGET_MS = 20;
const RUNS = 9;

interface Shape {
  readonly files: number;
  readonly functions: number;
}

/** Functions of equal share, durations over six orders of magnitude, one error in a hundred. */
class Spans {
  readonly place = new Uint32Array(SPANS + RUNS * LIVE);
  readonly durationNs = new Float64Array(this.place.length);
  readonly error = new Uint8Array(this.place.length);
  readonly trace = new Uint32Array(this.place.length);

  constructor(readonly shape: Shape) {
    let seed = 7;
    const random = (): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 2 ** 32;
    };
    for (let i = 0; i < this.place.length; i++) {
      this.place[i] = Math.floor(random() * shape.files) * shape.functions + Math.floor(random() * shape.functions);
      this.durationNs[i] = Math.round(Math.exp(random() * 14 + 6));
      this.error[i] = random() < 0.01 ? 1 : 0;
      this.trace[i] = Math.floor(random() * 10_000) + 1;
    }
  }

  file(place: number): string {
    return `/usr/src/app/src/file${Math.floor(place / this.shape.functions)}.ts`;
  }

  batch(begin: number, end: number): SpanBatch {
    const builder = new BatchBuilder(new StringTable(), new Uint8Array(0), end - begin);
    const { strings } = builder;
    builder.resources.push({ service: strings.intern('cart'), attributeStart: 0, attributeEnd: 0 });
    builder.scopes.push({ name: 0, version: 0, attributeStart: 0, attributeEnd: 0 });
    const keys = ['code.file.path', 'code.function.name', 'code.line.number', 'http.route'].map((key) => strings.intern(key));
    const route = strings.intern('/cart/{id}');
    for (let i = begin; i < end; i++) {
      const row = builder.span();
      builder.traceId[row * 4 + 3] = this.trace[i];
      builder.spanId[row * 2 + 1] = i + 1;
      const startNs = BigInt(1.79e12 + i) * 1_000_000n;
      builder.start[row * 2] = Number(startNs & 0xffffffffn);
      builder.start[row * 2 + 1] = Number(startNs >> 32n);
      builder.durationNs[row] = this.durationNs[i];
      if (this.error[i]) builder.status[row] = STATUS_ERROR;
      const place = this.place[i];
      builder.attributeStart[row] = builder.attributeCount;
      builder.attribute(keys[0], VALUE_INTERNED, strings.intern(this.file(place)), 0);
      builder.attribute(keys[1], VALUE_INTERNED, strings.intern(`function${place}`), 0);
      builder.attribute(keys[2], VALUE_INT, (place % this.shape.functions) * 10 + 1, 0);
      builder.attribute(keys[3], VALUE_INTERNED, route, 0);
      builder.attributeEnd[row] = builder.attributeCount;
    }
    return builder.finish();
  }
}

for (const shape of [
  { files: 50, functions: 20 },
  { files: 1, functions: 1 },
  { files: 1, functions: 20 },
  { files: 1, functions: 2000 },
]) {
  const title = `1M spans in ${shape.files} × ${shape.functions} functions`;
  const spans = new Spans(shape);
  const batches = Array.from({ length: SPANS / BATCH }, (_, i) => spans.batch(i * BATCH, (i + 1) * BATCH));
  const live = Array.from({ length: RUNS }, (_, i) => spans.batch(SPANS + i * LIVE, SPANS + (i + 1) * LIVE));
  alone(title, spans, [...batches, ...live]);
  await inWorker(title, shape, batches, live);
}

function alone(title: string, spans: Spans, batches: readonly SpanBatch[]): void {
  const index = new CodeIndex();
  const group = Array.from({ length: spans.shape.functions }, (_, i) => [i]);
  const ask = (): string => group.map((places) => Object.values(finish(index.measure(places))).join(' ')).join('\n');
  let at = 0;
  const asked: number[] = [];
  let added = 0;
  for (const batch of batches) {
    const rows = {
      row: Uint32Array.from({ length: batch.count }, (_, row) => row),
      place: spans.place.slice(at, at + batch.count),
    };
    const begun = performance.now();
    index.add(batch, rows);
    added += performance.now() - begun;
    at += batch.count;
    if (at < SPANS) continue;
    // What the batches before left behind is not what a question costs.
    if (asked.length === 0) globalThis.gc?.();
    const asking = performance.now();
    ask();
    asked.push(performance.now() - asking);
  }
  const [first, ...next] = asked;
  // Two captures, one after the other.
  const half = batches.length / 2;
  const tell = () => group.map((places) => index.durationsByOrigin(places, (source) => (source <= half ? 0 : 1), 5_000));
  const trends = tell();
  let trendMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const begun = performance.now();
    tell();
    trendMs = Math.min(trendMs, performance.now() - begun);
  }
  if (trends.some(({ size }) => size !== 2)) throw new Error(`${title}: a poor trend`);
  const { text, ms } = anew(spans);
  if (ask() !== text) throw new Error(`${title}: the index and the plain list differ`);
  report({ what: `${title}: summing up`, value: (added / at) * 1e6, unit: 'ns a span' });
  report({ what: '  first question, cold', value: first, unit: 'ms' });
  report({ what: '  next ones, after 1000 spans more, best', value: Math.min(...next), unit: 'ms', atMost: BUDGET_MS });
  report({ what: '  calls of two captures told apart, best', value: trendMs, unit: 'ms', atMost: BUDGET_MS });
  report({ what: '  against a list of objects', value: ms / Math.min(...next), unit: 'times', note: `${ms.toFixed(0)} ms` });
}

async function inWorker(title: string, shape: Shape, batches: readonly SpanBatch[], live: readonly SpanBatch[]): Promise<void> {
  const client = new EngineClient({ workerPath: join(process.cwd(), 'dist', 'engine.js'), onLog: () => {} });
  let opened = 0;
  const open = (some: readonly SpanBatch[]): Promise<unknown> =>
    client.call(
      'openFile',
      { dataset: `file:${opened++}`, name: 'x.otlp.pb', bytes: joined(encodeBatches(some)) },
      { timeoutMs: 0 },
    );
  try {
    for (let i = 0; i < batches.length; i += 10) await open(batches.slice(i, i + 10));
    const begun = performance.now();
    const places = await client.call('codePlaces', { baseName: 'file0.ts' }, { timeoutMs: 0 });
    report({ what: `${title}, in the engine: reading them, once`, value: performance.now() - begun, unit: 'ms' });
    const functions = functionsOf(
      [...places.place].map((place, i) => ({ place, name: places.functions[places.functionName[i]], line: places.line[i] - 1 })),
    );
    if (functions.length !== shape.functions) throw new Error(`${title}: ${functions.length} functions`);
    const groups = functions.map((one) => one.places.map(({ place }) => place));
    const { generation } = places;
    const first = performance.now();
    await client.call('codeStatistics', { generation, groups });
    report({ what: '  the first CodeLens', value: performance.now() - first, unit: 'ms' });
    const waited: number[] = [];
    const busy: number[] = [];
    for (const batch of live) {
      await open([batch]);
      const before = performance.eventLoopUtilization();
      const asking = performance.now();
      await client.call('codePlaces', { baseName: 'file0.ts', known: places });
      const answer = await client.call('codeStatistics', { generation, groups });
      if (!answer || statisticsOf(functions, answer).length !== functions.length) throw new Error(`${title}: a poor answer`);
      waited.push(performance.now() - asking);
      busy.push(performance.eventLoopUtilization(before).active);
    }
    report({ what: '  CodeLens after 1000 spans more, best', value: Math.min(...waited), unit: 'ms', atMost: BUDGET_MS });
    report({ what: '  of it the asking thread is busy', value: Math.min(...busy), unit: 'ms', atMost: 5 });
    const listing = performance.now();
    const calls = await client.call('codeSpans', { generation, places: groups[0], limit: 200 });
    if (calls?.length !== 200) throw new Error(`${title}: ${calls?.length} calls`);
    report({ what: '  the last 200 calls of a function', value: performance.now() - listing, unit: 'ms' });
    await furtherQuestions(client, { generation, places: groups[0] });
  } finally {
    await client.dispose();
  }
}

/** What a hover and callers cost beside a million spans. Their traces are of a hundred spans, all of which have no parent. */
async function furtherQuestions(client: EngineClient, subject: CodeSubject): Promise<void> {
  const best = async (runs: number, work: () => Promise<unknown>): Promise<number> => {
    let ms = Number.POSITIVE_INFINITY;
    for (let i = 0; i < runs; i++) {
      const begun = performance.now();
      if ((await work()) === undefined) throw new Error('a poor answer');
      ms = Math.min(ms, performance.now() - begun);
    }
    return ms;
  };
  const keys = ['http.route', 'http.response.status_code'];
  const hover = await best(RUNS, () => client.call('codeDetails', { ...subject, keys }));
  report({ what: '  a hover, best', value: hover, unit: 'ms', atMost: 50 });
  for (const direction of ['callers', 'callees'] as const) {
    const ms = await best(1, () => client.call('codeReach', { ...subject, direction }, { timeoutMs: 0 }));
    report({ what: `  ${direction} of the last 5000 calls`, value: ms, unit: 'ms', atMost: 6_000 });
  }
}

/** What it costs on every question without an index: filter, group, sort. The best of two. */
function anew(spans: Spans): { text: string; ms: number } {
  const all = Array.from(spans.place, (place, i) => ({
    file: spans.file(place),
    name: `function${place}`,
    durationNs: spans.durationNs[i],
    isError: spans.error[i] === 1,
    startMs: i,
    traceId: spans.trace[i].toString(16).padStart(32, '0'),
  }));
  let ms = Number.POSITIVE_INFINITY;
  let text = '';
  for (let run = 0; run < 2; run++) {
    const begun = performance.now();
    const groups = new Map<string, { durations: number[]; errors: number; last: (typeof all)[number] }>();
    for (const span of all) {
      if (!span.file.endsWith('/file0.ts')) continue;
      const group = groups.get(span.name) ?? { durations: [], errors: 0, last: span };
      group.durations.push(span.durationNs);
      if (span.isError) group.errors++;
      if (span.startMs >= group.last.startMs) group.last = span;
      groups.set(span.name, group);
    }
    const lines = Array.from({ length: spans.shape.functions }, (_, i) => {
      const { durations, errors, last } = groups.get(`function${i}`) ?? { durations: [], errors: 0, last: all[0] };
      durations.sort((a, b) => a - b);
      const at = (fraction: number): number => durations[Math.ceil(fraction * durations.length) - 1];
      // No call leads to another: each that failed is an error of its own.
      return [durations.length, errors, errors, at(0.5), at(0.95), last.traceId].join(' ');
    });
    text = lines.join('\n');
    ms = Math.min(ms, performance.now() - begun);
  }
  return { text, ms };
}
