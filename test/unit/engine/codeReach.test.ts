// Who leads to a function and what it calls, against an independent recount over the traces as plain data: random trees, repeated calls,
// recursion and orphans included; then very deep ones and circles.
import { describe, expect, it, vi } from 'vitest';
import type { CodeReach } from '../../../src/protocol/code';
import type { SpanData } from '../../../src/protocol/traces';
import { InProcessEngine } from '../../support/inProcessEngine';
import { BASE_MS, type SpanSpec } from '../../support/otlp';

vi.setConfig({ testTimeout: 30_000 });

const at = (fn: string, line: number): NonNullable<SpanSpec['attributes']> => ({
  'code.file.path': '/app/pay.ts',
  'code.function.name': fn,
  'code.line.number': line,
});

async function ask(engine: InProcessEngine, fn: string, direction: 'callers' | 'callees'): Promise<CodeReach> {
  const places = await engine.call('codePlaces', { baseName: 'pay.ts' });
  const own = [...places.place].filter((_, i) => places.functions[places.functionName[i]] === fn);
  const answer = await engine.call('codeReach', { generation: places.generation, places: own, direction });
  if (!answer) throw new Error('another generation');
  return answer;
}

const asText = ({ spans }: CodeReach): string[] =>
  spans
    .map(
      (one) =>
        `${one.service} ${one.name}: ${one.calls} calls, ${one.spans} spans, ${one.errors} errors, ${one.entry} entries, ${one.distance} away, ${one.timeNs / 1e6} ms`,
    )
    .sort();

/** A shop: a checkout calls payments over HTTP, which charges twice. */
const checkout = (id: number, more: Partial<SpanSpec> = {}): SpanSpec[] => {
  const span = (n: number, parent: number | undefined, spec: Partial<SpanSpec>): SpanSpec => ({
    traceId: (0xa00 + id).toString(16),
    spanId: (id * 16 + n).toString(16),
    ...(parent === undefined ? {} : { parent: (id * 16 + parent).toString(16) }),
    ...spec,
  });
  return [
    span(1, undefined, { name: 'POST /checkout', service: 'storefront', kind: 2, durationMs: 100 }),
    span(2, 1, { name: 'POST', service: 'storefront', kind: 3, durationMs: 90 }),
    span(3, 2, { name: 'POST /charge', service: 'payments', kind: 2, durationMs: 80, attributes: at('handle', 5) }),
    span(4, 3, { name: 'charge', service: 'payments', startMs: 10, durationMs: 40, attributes: at('charge', 20) }),
    span(5, 3, { name: 'charge', service: 'payments', startMs: 50, durationMs: 10, error: true, attributes: at('charge', 20) }),
    span(6, 4, { name: 'POST', service: 'payments', kind: 3, startMs: 12, durationMs: 20, ...more }),
    span(7, 6, { name: 'POST /authorize', service: 'gateway', kind: 2, startMs: 14, durationMs: 10 }),
    span(8, 4, { name: 'POST', service: 'payments', kind: 3, startMs: 22, durationMs: 20 }),
    span(9, 7, { name: 'deep', service: 'gateway', startMs: 15, durationMs: 1 }),
  ];
};

describe('codeReach', () => {
  it('tells callers: what leads to the calls, how near, and where they came in', async () => {
    const engine = new InProcessEngine();
    await engine.open([...checkout(1), ...checkout(2)]);
    const callers = await ask(engine, 'charge', 'callers');
    expect([callers.calls, callers.of, callers.more]).toEqual([4, 4, 0]);
    expect(asText(callers)).toEqual([
      'payments POST /charge: 4 calls, 2 spans, 2 errors, 0 entries, 1 away, 0 ms',
      'storefront POST /checkout: 4 calls, 2 spans, 2 errors, 4 entries, 3 away, 0 ms',
      'storefront POST: 4 calls, 2 spans, 2 errors, 0 entries, 2 away, 0 ms',
    ]);
  });

  it('tells callees: what the calls made, through a client span what answered; time side by side counts once', async () => {
    const engine = new InProcessEngine();
    await engine.open(checkout(1, { error: true }));
    const callees = await ask(engine, 'charge', 'callees');
    expect(asText(callees)).toEqual([
      'gateway POST /authorize: 1 calls, 1 spans, 0 errors, 0 entries, 2 away, 10 ms',
      'payments POST: 1 calls, 2 spans, 1 errors, 0 entries, 1 away, 30 ms',
    ]);
    expect(callees.durationNs).toBe(50e6);
  });

  it('agrees with a recount over random traces', async () => {
    let seed = 3;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const specs: SpanSpec[] = [];
    for (let trace = 1; trace <= 60; trace++) {
      const count = 1 + random(60);
      for (let i = 1; i <= count; i++) {
        // Some have no parent, some name one that is missing.
        const parent = i === 1 || random(20) === 0 ? undefined : random(30) === 0 ? 9999 : 1 + random(i - 1);
        const fn = ['charge', 'charge', 'handle', 'load'][random(4)];
        specs.push({
          traceId: trace.toString(16),
          spanId: (trace * 100 + i).toString(16),
          ...(parent === undefined ? {} : { parent: (parent === 9999 ? 0xfffffff : trace * 100 + parent).toString(16) }),
          name: `op ${random(2)}`,
          service: `s${random(2)}`,
          kind: 1 + random(3),
          startMs: random(50),
          durationMs: 1 + random(50),
          error: random(6) === 0,
          ...(random(3) === 0 ? {} : { attributes: at(fn, 10 + fn.length) }),
        });
      }
    }
    // Parents come after their children, as exporters send them.
    specs.reverse();
    const engine = new InProcessEngine();
    await engine.open(specs.filter(({ traceId }) => Number.parseInt(traceId, 16) % 2 === 0));
    await engine.open(
      specs.filter(({ traceId }) => Number.parseInt(traceId, 16) % 2 === 1),
      'file:b',
    );
    const traces: SpanData[][] = [];
    for (let trace = 1; trace <= 60; trace++) {
      const dataset = trace % 2 === 0 ? 'file:a' : 'file:b';
      traces.push([...(await engine.call('traceData', { dataset, traceId: trace.toString(16).padStart(32, '0') })).spans]);
    }
    const callers = await ask(engine, 'charge', 'callers');
    expect(asText(callers)).toEqual(recountCallers(traces));
    const callees = await ask(engine, 'charge', 'callees');
    expect(asText(callees)).toEqual(recountCallees(traces));
    expect(callers.calls).toBe(traces.flat().filter(isCharge).length);
  });

  it('walks 50,000 levels, and a circle', async () => {
    const engine = new InProcessEngine();
    const deep: SpanSpec[] = Array.from({ length: 50_000 }, (_, i) => ({
      traceId: '1',
      spanId: (i + 1).toString(16),
      ...(i === 0 ? {} : { parent: i.toString(16) }),
      name: i === 0 ? 'top' : i < 25_000 ? 'recurse' : 'charge',
      attributes: i < 25_000 ? {} : at('charge', 20),
    }));
    const circle: SpanSpec[] = [
      { traceId: '2', spanId: 'a', parent: 'b', name: 'a', attributes: at('charge', 20) },
      { traceId: '2', spanId: 'b', parent: 'a', name: 'b' },
    ];
    await engine.open([...deep, ...circle]);
    const callers = await ask(engine, 'charge', 'callers');
    expect(callers.of).toBe(5000);
    expect(callers.spans.find(({ name }) => name === 'top')?.entry).toBeGreaterThan(4990);
  });
});

const isCharge = ({ attributes }: SpanData): boolean => attributes['code.function.name'] === 'charge';
const startMs = ({ startTimeUnixNano }: SpanData): number => Number(startTimeUnixNano / 1000n) / 1000 - BASE_MS;

class Sums {
  readonly all = new Map<
    string,
    { calls: Set<SpanData>; spans: Set<SpanData>; errors: number; entry: number; distance: number; ms: number }
  >();

  of(span: SpanData): NonNullable<ReturnType<typeof this.all.get>> {
    const key = `${span.service} ${span.name}:${span.kind}`;
    const one = this.all.get(key) ?? { calls: new Set(), spans: new Set(), errors: 0, entry: 0, distance: 1e9, ms: 0 };
    this.all.set(key, one);
    return one;
  }

  text(): string[] {
    return [...this.all]
      .map(
        ([key, one]) =>
          `${key.split(':')[0]}: ${one.calls.size} calls, ${one.spans.size} spans, ${one.errors} errors, ${one.entry} entries, ${one.distance} away, ${one.ms} ms`,
      )
      .sort();
  }
}

function ancestors(trace: readonly SpanData[], span: SpanData): SpanData[] {
  const byId = new Map(trace.map((one) => [one.spanId, one]));
  const chain: SpanData[] = [];
  for (let up = byId.get(span.parentSpanId ?? ''); up; up = byId.get(up.parentSpanId ?? '')) chain.push(up);
  return chain;
}

function recountCallers(traces: readonly SpanData[][]): string[] {
  const sums = new Sums();
  for (const trace of traces) {
    for (const call of trace.filter(isCharge)) {
      const chain = ancestors(trace, call);
      for (const [i, up] of chain.entries()) {
        if (isCharge(up)) continue;
        const one = sums.of(up);
        one.spans.add(up);
        if (!one.calls.has(call) && call.status === 2) one.errors++;
        one.calls.add(call);
        one.distance = Math.min(one.distance, i + 1);
        if (i === chain.length - 1) one.entry++;
      }
    }
  }
  return sums.text();
}

function recountCallees(traces: readonly SpanData[][]): string[] {
  const sums = new Sums();
  for (const trace of traces) {
    const childrenOf = (span: SpanData): SpanData[] => trace.filter(({ parentSpanId }) => parentSpanId === span.spanId);
    for (const call of trace.filter(isCharge)) {
      const made: [SpanData, number][] = childrenOf(call).map((child) => [child, 1]);
      for (const [child] of [...made]) {
        if (child.kind !== 3 && child.kind !== 4) continue;
        made.push(
          ...childrenOf(child).flatMap((below): [SpanData, number][] =>
            below.kind === 2 || below.kind === 5 ? [[below, 2]] : [],
          ),
        );
      }
      const busy = new Map<ReturnType<Sums['of']>, Set<number>>();
      for (const [child, distance] of made) {
        const one = sums.of(child);
        // A span below a recursion counts for each of the calls that lead to it.
        if (!one.spans.has(child) && child.status === 2) one.errors++;
        one.spans.add(child);
        one.calls.add(call);
        one.distance = Math.min(one.distance, distance);
        const slots = busy.get(one) ?? new Set();
        busy.set(one, slots);
        const [from, to] = [startMs(call), startMs(call) + call.durationNs / 1e6];
        for (let ms = startMs(child); ms < startMs(child) + child.durationNs / 1e6; ms++)
          if (ms >= from && ms < to) slots.add(ms);
      }
      for (const [one, slots] of busy) one.ms += slots.size;
    }
  }
  return sums.text();
}
