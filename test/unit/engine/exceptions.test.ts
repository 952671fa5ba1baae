// Which exceptions the traces at hand hold, and how often each happened, as the engine answers it for Problems.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { everything } from '../../../src/core/query/build';
import type { ExceptionSummary } from '../../../src/protocol/exceptions';
import { InProcessEngine } from '../../support/inProcessEngine';
import { BASE_MS, request, type SpanSpec } from '../../support/otlp';

// A machine that is busy with other tests is slow, and that is no failure.
vi.setConfig({ testTimeout: 60_000 });

const limits = { captureMemoryBytes: 1 << 28, captureLogBytes: 1 << 28, redactKeys: [], redactPatterns: [] };
const folder = mkdtempSync(join(tmpdir(), 'spanhop-exceptions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let engine: InProcessEngine;
beforeEach(() => {
  engine = new InProcessEngine();
});

interface Thrown {
  readonly type?: string;
  readonly message?: string;
  readonly stack?: string;
}

const event = ({ type, message, stack }: Thrown): NonNullable<SpanSpec['events']>[number] => ({
  name: 'exception',
  attributes: {
    ...(type === undefined ? {} : { 'exception.type': type }),
    ...(message === undefined ? {} : { 'exception.message': message }),
    ...(stack === undefined ? {} : { 'exception.stacktrace': stack }),
  },
});

/** A span that recorded exceptions. */
const failed = (trace: number, span: number, thrown: Thrown | readonly Thrown[], more: Partial<SpanSpec> = {}): SpanSpec => ({
  traceId: trace.toString(16),
  spanId: span.toString(16),
  startMs: span,
  events: [thrown].flat().map(event),
  ...more,
});

const js = (type: string, message: string, line: number): Thrown => ({
  type,
  message,
  stack: `${type}: ${message}\n    at lib (/app/node_modules/x/y.js:1:1)\n    at charge (/app/dist/pay.js:${line}:7)\n    at next (/app/dist/pay.js:1:1)`,
});

/** `type: message, count, last trace/span` of all, the last one first. */
async function all(): Promise<string[]> {
  const { ids, changed } = await engine.call('exceptions', {});
  expect(changed.map(({ id }) => id)).toEqual(ids);
  return changed.map(told);
}

const told = ({ type, message, count, runs: [run] }: ExceptionSummary): string =>
  `${type}: ${message}, ${count}, ${Number(`0x${run.traceId}`).toString(16)}/${Number(`0x${run.spanId}`).toString(16)}`;

describe('exceptions', () => {
  it('are one where type, shape of message and place are', async () => {
    await engine.open([
      failed(1, 1, js('GatewayTimeout', 'no answer for cart 42', 12)),
      failed(2, 2, js('GatewayTimeout', 'no answer for cart 77', 12), { service: 'payments' }),
      failed(3, 3, js('GatewayTimeout', 'no answer for cart 77', 40)),
      failed(4, 4, js('TypeError', 'no answer for cart 1', 12)),
      failed(5, 5, js('GatewayTimeout', 'no route for cart 1', 12)),
      { traceId: '6', spanId: '6', error: true },
    ]);
    expect(await all()).toEqual([
      'GatewayTimeout: no route for cart 1, 1, 5/5',
      'TypeError: no answer for cart 1, 1, 4/4',
      'GatewayTimeout: no answer for cart 77, 1, 3/3',
      'GatewayTimeout: no answer for cart 77, 2, 2/2',
    ]);
    const { changed } = await engine.call('exceptions', {});
    const [, , elsewhere, first] = changed;
    expect(first).toMatchObject({ firstMs: BASE_MS + 1, lastMs: BASE_MS + 2, services: ['shop', 'payments'] });
    expect(first.runs.map(({ dataset, timeMs }) => [dataset, timeMs - BASE_MS])).toEqual([
      ['file:a', 2],
      ['file:a', 1],
    ]);
    expect(elsewhere.kind).toBe(first.kind);
    expect(new Set(changed.map(({ kind }) => kind)).size).toBe(3);
  });

  it('count once in a trace, whoever recorded them, and are shown at the innermost span', async () => {
    const one = js('GatewayTimeout', 'no answer to try 1', 12);
    await engine.open([
      // Express records an error on each of its layers, others on each span that it leaves.
      failed(1, 1, [one, one, one]),
      failed(1, 3, one),
      failed(1, 2, one),
      // The next try fails at the same line, with another number in its message.
      failed(1, 4, js('GatewayTimeout', 'no answer to try 2', 12)),
      failed(2, 5, one),
    ]);
    expect(await all()).toEqual(['GatewayTimeout: no answer to try 1, 3, 2/5']);
    const [{ runs }] = (await engine.call('exceptions', {})).changed;
    expect(runs.map(({ traceId, spanId }) => `${Number(traceId)}/${Number(spanId)}`)).toEqual(['2/5', '1/4']);
  });

  it('are shown at the innermost span whatever the ids and the order, where several began in one millisecond', async () => {
    const one = js('GatewayTimeout', 'no answer', 12);
    /** A chain of spans that began together: each ended a little before its parent. */
    const chain = (trace: number, ids: readonly number[], parents: boolean, order: readonly number[]): SpanSpec[] => {
      const spans = ids.map((id, depth) => ({
        ...failed(trace, id, one),
        startMs: 100,
        durationMs: 10 - depth,
        ...(parents && depth > 0 ? { parent: `${ids[depth - 1]}` } : {}),
      }));
      return order.map((depth) => spans[depth]);
    };
    await engine.open([
      ...chain(1, [9, 8, 7], true, [0, 1, 2]),
      ...chain(2, [9, 8, 7], true, [2, 0, 1]),
      ...chain(3, [7, 8, 9], true, [1, 2, 0]),
      // Spans between them do not have the record, so that nobody's parent is known.
      ...chain(4, [9, 8, 7], false, [1, 0, 2]),
      ...chain(5, [7, 8, 9], false, [2, 1, 0]),
    ]);
    const [{ runs }] = (await engine.call('exceptions', {})).changed;
    expect(runs.map(({ traceId, spanId }) => `${Number(traceId)}/${Number(spanId)}`).sort()).toEqual([
      '1/7',
      '2/7',
      '3/9',
      '4/7',
      '5/9',
    ]);
  });

  it('are shown at the innermost span where the clocks of a parent and a child differ', async () => {
    const one = js('GatewayTimeout', 'no answer', 12);
    await engine.open([
      { ...failed(1, 1, one), startMs: 500 },
      { ...failed(1, 2, one), startMs: 100, parent: '1' },
    ]);
    expect(await all()).toEqual(['GatewayTimeout: no answer, 1, 1/2']);
  });

  it('are shown at one span where two are each the parent of the other', async () => {
    const one = js('GatewayTimeout', 'no answer', 12);
    await engine.open([
      { ...failed(1, 1, one), parent: '2' },
      { ...failed(1, 2, one), parent: '1' },
    ]);
    expect(await all()).toEqual(['GatewayTimeout: no answer, 1, 1/2']);
  });

  it('count once where Python prints a longer stack at each span, and where Go has none but of the recording', async () => {
    const python = (depth: number): Thrown => ({
      type: 'orders.NotFound',
      message: 'order 99',
      stack: `Traceback (most recent call last):\n${['app', 'orders', 'repository']
        .slice(3 - depth)
        .map((name, i) => `  File "/srv/${name}.py", line ${i + 1 + (3 - depth)}, in ${name}\n    x()\n`)
        .join('')}orders.NotFound: order 99`,
    });
    const go = (file: string): Thrown => ({
      type: '*errors.errorString',
      message: 'no such order',
      stack: `goroutine 18 [running]:\ngo.opentelemetry.io/otel/sdk/trace.recordStackTrace()\n\t/go/pkg/mod/go.opentelemetry.io/otel/sdk@v1.38.0/trace/span.go:517 +0x58\nmain.${file}()\n\t/src/shop/${file}.go:42 +0x1b`,
    });
    await engine.open([
      failed(1, 1, python(3)),
      failed(1, 2, python(2)),
      failed(1, 3, python(1)),
      failed(2, 11, go('server')),
      failed(2, 12, go('orders')),
    ]);
    expect(await all()).toEqual(['*errors.errorString: no such order, 1, 2/c', 'orders.NotFound: order 99, 1, 1/3']);
  });

  it('without a stack are at the place of their span, unless one with a stack is in the trace', async () => {
    const bare = { type: 'DbError', message: 'locked' };
    const at = (line: number): Partial<SpanSpec> => ({
      attributes: { 'code.file.path': '/app/db.ts', 'code.line.number': line },
    });
    await engine.open([
      failed(1, 1, bare),
      failed(1, 2, bare, at(7)),
      failed(1, 3, bare),
      failed(2, 4, bare, at(7)),
      failed(3, 5, bare, at(9)),
      failed(4, 6, { ...js('DbError', 'locked', 5) }),
      failed(4, 7, bare, at(9)),
      // Attributes of the span itself.
      { traceId: '5', spanId: '8', startMs: 8, durationMs: 2, attributes: { 'exception.type': 'Own', 'exception.message': 'm' } },
    ]);
    expect(await all()).toEqual([
      'Own: m, 1, 5/8',
      'DbError: locked, 1, 4/6',
      'DbError: locked, 1, 3/5',
      'DbError: locked, 2, 2/4',
    ]);
  });

  it('take type and message from the stack where nothing else names them', async () => {
    await engine.open([failed(1, 1, { stack: js('GatewayTimeout', 'no answer', 3).stack })]);
    expect(await all()).toEqual(['GatewayTimeout: no answer, 1, 1/1']);
  });

  it('are told as far as they changed, and leave with their traces', async () => {
    await engine.open([failed(1, 1, js('A', 'x', 1)), failed(2, 2, js('B', 'x', 1))]);
    const first = await engine.call('exceptions', {});
    await engine.open([failed(3, 3, js('A', 'x', 1)), failed(2, 2, js('B', 'x', 1))], 'file:b');
    const second = await engine.call('exceptions', { known: first });
    // The same trace in two datasets is one.
    expect(second.changed.map(told)).toEqual(['A: x, 2, 3/3']);
    expect(new Set(second.ids)).toEqual(new Set(first.ids));
    expect((await engine.call('exceptions', { known: second })).changed).toEqual([]);
    await engine.call('dropDataset', { dataset: 'file:a' });
    const third = await engine.call('exceptions', { known: second });
    expect(third.changed.filter(({ type }) => type === 'A').map(told)).toEqual(['A: x, 1, 3/3']);
    await engine.call('dropDataset', { dataset: 'file:b' });
    expect((await engine.call('exceptions', { known: third })).ids).toEqual([]);
    const stale = { generation: first.generation - 1, revision: 1e9 };
    await engine.open([failed(1, 1, js('A', 'x', 1))]);
    expect((await engine.call('exceptions', { known: stale })).changed).toHaveLength(1);
  });

  it('are the 500 that happened last', async () => {
    await engine.open(Array.from({ length: 600 }, (_, i) => failed(i + 1, i + 1, js('A', 'x', i + 1))));
    const first = await engine.call('exceptions', {});
    expect(first.ids).toHaveLength(500);
    expect(told(first.changed[0])).toBe('A: x, 1, 258/258');
    // One of those left out happens again.
    await engine.open([failed(900, 900, js('A', 'x', 1))], 'file:b');
    const second = await engine.call('exceptions', { known: first });
    expect(second.changed.map(told)).toEqual(['A: x, 2, 384/384']);
    expect(second.ids).toHaveLength(500);
    // Others leave: what was left out is told of for the first time.
    await engine.call('dropDataset', { dataset: 'file:b' });
    const third = await engine.call('exceptions', { known: second });
    expect(third.changed).toHaveLength(1);
    expect(third.ids).toEqual(first.ids);
  });

  it('are redacted where they are shown, and not where they lead to source', async () => {
    const secret = 'Bearer abcdefgh12345678';
    await engine.open([
      failed(
        1,
        1,
        { type: 'Denied', message: `no ${secret}`, stack: js('Denied', `no ${secret}`, 3).stack },
        {
          attributes: { password: 'hunter2', 'code.file.path': '/app/Bearer abcdefgh12345678/x.ts' },
        },
      ),
    ]);
    await engine.call('configure', { ...limits, redactKeys: ['password'], redactPatterns: ['Bearer [a-z0-9]+'] });
    const { changed, ids, generation } = await engine.call('exceptions', {});
    expect(changed[0].message).toBe('no ••••');
    const [source] = await engine.call('exceptionSources', { generation, ids });
    expect(source.redacted.message).toBe('no ••••');
    expect(source.redacted.stack).toContain('Denied: no ••••\n');
    expect(source.redacted.stack).not.toContain('Bearer');
    expect(source.stack).toContain(secret);
    expect(source.span.attributes).toEqual({ password: '••••', 'code.file.path': '/app/Bearer abcdefgh12345678/x.ts' });
    await engine.call('configure', { ...limits, redactKeys: ['exception.*'] });
    const again = await engine.call('exceptions', {});
    expect([again.changed[0].type, again.changed[0].message]).toEqual(['••••', '••••']);
    expect(await engine.call('exceptionSources', { generation: generation - 1, ids })).toEqual([]);
  });
});

/** Small numbers that look random and are the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Counted anew from the spans: distinct trace and message of each type, shape and line; stackless ones only where no other tells. */
function recount(spans: readonly SpanSpec[]): string[] {
  const occurrences = new Map<string, Set<string>>();
  const facts = spans.flatMap((span) =>
    (span.events ?? []).map(({ attributes = {} }) => ({
      trace: span.traceId,
      start: span.startMs ?? 0,
      type: attributes['exception.type'],
      message: attributes['exception.message'],
      line: /pay\.js:(\d+):7/.exec(attributes['exception.stacktrace'] ?? '')?.[1],
    })),
  );
  for (const one of facts) {
    const { trace, type, message, line } = one;
    const same = facts.filter((other) => other.trace === trace && other.type === type && other.message === message);
    if (line === undefined && same.some((other) => other.line !== undefined)) continue;
    const key = `${type} ${message.replace(/\d+/g, 'N')} ${line ?? 'span'}`;
    const set = occurrences.get(key) ?? new Set();
    set.add(`${trace} ${message}`);
    occurrences.set(key, set);
  }
  return [...occurrences].map(([key, { size }]) => `${key} ${size}`).sort();
}

describe('counting', () => {
  it('agrees with an independent recount while captured traces come and go', async () => {
    await engine.call('configure', limits);
    await engine.call('openCaptures', { directory: join(folder, 'live') });
    const { httpPort } = await engine.call('startCapture', { wellKnownPort: false });
    const roll = dice(7);
    const sent: SpanSpec[] = [];
    let known: { generation: number; revision: number } | undefined;
    const mirror = new Map<number, ExceptionSummary>();
    const check = async (spans: readonly SpanSpec[]): Promise<void> => {
      const answer = await engine.call('exceptions', { known });
      known = answer;
      for (const one of answer.changed) mirror.set(one.id, one);
      for (const id of mirror.keys()) if (!answer.ids.includes(id)) mirror.delete(id);
      const { generation, ids } = answer;
      const lines = new Map<number, string>();
      for (const { id, stack } of await engine.call('exceptionSources', { generation, ids }))
        lines.set(id, /pay\.js:(\d+):7/.exec(stack ?? '')?.[1] ?? 'span');
      const mine = [...mirror.values()].map(
        ({ id, type, message, count }) => `${type} ${message.replace(/\d+/g, 'N')} ${lines.get(id)} ${count}`,
      );
      expect(mine.sort()).toEqual(recount(spans));
    };
    try {
      for (let i = 1; i <= 900; i++) {
        const thrown = Array.from({ length: roll(3) }, () => {
          const type = ['A', 'B'][roll(2)];
          const message = `${['lost', 'late'][roll(2)]} ${roll(4)}`;
          return roll(4) === 0 ? { type, message } : js(type, message, 1 + roll(3));
        });
        // Spans of a trace come in several requests, in any order; all stackless ones have one name.
        const span = failed(1 + Math.floor(i / 6) + roll(3), i, thrown, { name: 'work', startMs: roll(1000) });
        const headers = { 'content-type': 'application/json' };
        const body = JSON.stringify(request([span]));
        expect((await fetch(`http://127.0.0.1:${httpPort}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200);
        sent.push(span);
        if (i % 97 === 0) await check(sent);
      }
      await check(sent);
      // Whole traces leave, the oldest first.
      const { bytes } = await engine.call('memory', {});
      await engine.call('configure', { ...limits, captureMemoryBytes: Math.floor(bytes / 2) });
      const { traces } = await engine.call('findTraces', {
        dataset: 'local',
        query: everything,
        limit: 1000,
      });
      expect(traces.length).toBeGreaterThan(0);
      const left = new Set(traces.map(({ traceId }) => BigInt(`0x${traceId}`)));
      const here = sent.filter(({ traceId }) => left.has(BigInt(`0x${traceId}`)));
      expect(here.length).toBeLessThan(sent.length);
      await check(here);
    } finally {
      await engine.call('stopCapture', {});
    }
    await engine.call('clearCapture', {});
    await check([]);
  });

  it('goes on where a caller gave up in the middle', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => failed(i + 1, i + 1, js('A', `x ${i}`, 1 + (i % 3))));
    await engine.open(many);
    const gone = new AbortController();
    const asked = engine.call('exceptions', {}, gone.signal);
    gone.abort();
    await asked.catch(() => {});
    const { changed } = await engine.call('exceptions', {});
    expect(changed.map(({ count }) => count).sort()).toEqual([6666, 6667, 6667]);
  });
});
