// OTLP/JSON of unusual writers, in a file and posted: the same trace either way, and the answer never counts more as rejected than was sent.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { SpanData } from '../../../src/protocol/traces';
import { sharedData, sharedPath } from '../../support/sharedData';
import { captures, client, everything, post, start } from './support/captureWindow';

interface Expected {
  readonly spans: number;
  readonly traces: number;
  readonly services: readonly string[];
  readonly root?: string;
  readonly startUnixNano?: string;
  readonly durationNs: number;
  readonly errors?: number;
  readonly parents?: Readonly<Record<string, string>>;
  readonly durations?: Readonly<Record<string, number>>;
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly traceIds?: readonly string[];
  readonly defect?: string;
}

const shape = (spans: readonly SpanData[]): string[] =>
  spans
    .map((span) =>
      JSON.stringify({ ...span, session: undefined }, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
    )
    .sort();

it.runIf(sharedData).each(['times-low-high', 'go-proto-structs', 'null-values', 'ids-base64-of-hex', 'ids-empty'])(
  '%s',
  async (name) => {
    const bytes = readFileSync(sharedPath('reports', `${name}.json`));
    const all: Readonly<Record<string, Expected>> = JSON.parse(readFileSync(sharedPath('reports', 'expected.json'), 'utf8'));
    const expected = all[`${name}.json`];
    const port = await start();
    const { dataset } = await client.call('openFile', { dataset: 'file:a', name, bytes: new Uint8Array(bytes) });
    const file = await client.call('listFile', { dataset });
    expect([file.spanCount, file.traces.length]).toEqual([expected.spans, expected.traces]);
    const [overview] = file.traces;
    expect([...(overview.services ?? [])].sort()).toEqual(expected.services);
    expect(overview.durationNs).toBe(expected.durationNs);
    if (expected.root !== undefined) expect(overview.rootName).toBe(expected.root);
    if (expected.startUnixNano !== undefined) expect(overview.startUnixNano).toBe(BigInt(expected.startUnixNano));
    if (expected.errors !== undefined) expect(overview.errorCount).toBe(expected.errors);
    if (expected.traceIds !== undefined) expect([overview.traceId]).toEqual(expected.traceIds);

    const opened = await client.call('traceData', { dataset, traceId: overview.traceId });
    expect(opened.spans.length).toBe(expected.spans);
    const span = (wanted: string) => opened.spans.find((one) => one.name === wanted);
    for (const [child, parent] of Object.entries(expected.parents ?? {}))
      expect(span(child)?.parentSpanId).toBe(span(parent)?.spanId);
    for (const [one, ns] of Object.entries(expected.durations ?? {})) expect(span(one)?.durationNs).toBe(ns);
    for (const [one, attributes] of Object.entries(expected.attributes ?? {})) {
      for (const [key, value] of Object.entries(attributes)) {
        expect(Object.keys(span(one)?.attributes ?? {})).toContain(key);
        expect(span(one)?.attributes[key]).toBe(value ?? undefined);
      }
    }
    const told = [...file.defects, ...opened.defects].map(({ message }) => message).join(' ');
    if (expected.defect === undefined) expect(told).toBe('');
    else expect(told).toContain(expected.defect);

    const answer = await post(port, new Uint8Array(bytes));
    expect(answer.status).toBe(200);
    const { partialSuccess } = await answer.json();
    expect(Number(partialSuccess?.rejectedSpans ?? 0)).toBe(0);
    expect(partialSuccess?.errorMessage ?? '').toContain(expected.defect ?? '');
    expect((await captures())[0]).toMatchObject({ spans: expected.spans, traces: expected.traces });
    const { traces } = await client.call('findTraces', { dataset: 'local', query: everything, limit: 10 });
    expect(traces.map(({ session, ...rest }) => rest)).toEqual(file.traces);
    const posted = await client.call('traceData', { dataset: 'local', traceId: traces[0].traceId });
    expect(shape(posted.spans)).toEqual(shape(opened.spans));
    expect(await client.call('openTrace', { dataset: 'local', traceId: traces[0].traceId })).toMatchObject({
      count: expected.spans,
    });
  },
);
