// Trace data as people have it: every file of a folder of small inputs against what must come out, as a file that is opened and, where somebody would
// send it, as a body.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { InProcessEngine } from '../../support/inProcessEngine';
import { sharedData, sharedPath } from '../../support/sharedData';
import { decode, type PlainSpan } from './spans';

interface Expected {
  readonly spans?: number;
  readonly traces?: number;
  readonly services?: readonly string[];
  readonly error: string | null;
  readonly root?: string;
  readonly startUnixNano?: string;
  readonly durationNs?: number;
  readonly errors?: number;
  readonly parents?: Readonly<Record<string, string>>;
  readonly kinds?: Readonly<Record<string, string>>;
  readonly durations?: Readonly<Record<string, number>>;
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly events?: Readonly<Record<string, number>>;
  readonly links?: Readonly<Record<string, number>>;
  readonly traceIds?: readonly string[];
  readonly defect?: string;
  readonly noDefects?: boolean;
  readonly tolerance?: number;
}

const kindNames = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const read = (file: string): Buffer => readFileSync(sharedPath('reports', file));
const expected: Readonly<Record<string, Expected>> = sharedData ? JSON.parse(read('expected.json').toString()) : {};
const files = Object.entries(expected).filter(([, { error }]) => error === null);
const refused = Object.entries(expected).filter(([, { error }]) => error !== null);

describe.skipIf(sharedData === undefined)('trace data as people have it', () => {
  let engine: InProcessEngine;
  beforeAll(() => {
    engine = new InProcessEngine();
  });

  it.each(files)('%s: spans', (file, wanted) => {
    const spans = decode(read(file)).spans as PlainSpan[];
    const byName = new Map(spans.map((span) => [span.name, span]));
    const of = (name: string): PlainSpan | undefined => byName.get(name);
    expect(spans).toHaveLength(wanted.spans ?? -1);
    for (const [name, kind] of Object.entries(wanted.kinds ?? {})) expect(kindNames[of(name)?.kind ?? -1]).toBe(kind);
    for (const [name, ns] of Object.entries(wanted.durations ?? {})) {
      expect(Math.abs((of(name)?.durationNs ?? NaN) - ns)).toBeLessThanOrEqual(wanted.tolerance ?? 0);
    }
    for (const [name, attributes] of Object.entries(wanted.attributes ?? {})) {
      const found = Object.fromEntries(
        Object.entries(of(name)?.attributes ?? {}).map(([key, value]) => [
          key,
          typeof value === 'bigint' ? String(value) : (value ?? null),
        ]),
      );
      expect(found).toMatchObject(attributes);
    }
    for (const [name, count] of Object.entries(wanted.events ?? {})) expect(of(name)?.events).toHaveLength(count);
    for (const [name, count] of Object.entries(wanted.links ?? {})) expect(of(name)?.links).toHaveLength(count);
  });

  it.each(files)('%s: the trace', async (file, wanted) => {
    const bytes = read(file);
    const list = await engine.openAndList({ dataset: file, name: file, bytes: new Uint8Array(bytes) });
    let said = list.defects.map(({ message }) => message).join('\n');
    if (wanted.defect !== undefined && !said.includes(wanted.defect)) {
      const { traceId } = list.traces[0];
      const opened = await engine.call('traceData', { dataset: file, traceId });
      said = opened.defects.map(({ message }) => message).join('\n');
    }
    expect(list.spanCount).toBe(wanted.spans);
    expect(list.traces).toHaveLength(wanted.traces ?? -1);
    const [trace] = list.traces;
    if (wanted.services) expect([...new Set(list.traces.flatMap((one) => one.services ?? []))].sort()).toEqual(wanted.services);
    if (wanted.root !== undefined) expect(trace.rootName).toBe(wanted.root);
    if (wanted.startUnixNano !== undefined) expect(String(trace.startUnixNano)).toBe(wanted.startUnixNano);
    if (wanted.durationNs !== undefined)
      expect(Math.abs(trace.durationNs - wanted.durationNs)).toBeLessThanOrEqual(wanted.tolerance ?? 0);
    if (wanted.errors !== undefined) expect(trace.errorCount).toBe(wanted.errors);
    if (wanted.traceIds) expect(list.traces.map(({ traceId }) => traceId)).toEqual(wanted.traceIds);
    if (wanted.defect !== undefined) expect(said).toContain(wanted.defect);
    if (wanted.noDefects) expect(said).toBe('');
  });

  it.each(refused)('%s is refused in words', async (file, { error }) => {
    await expect(engine.openAndList({ dataset: file, name: file, bytes: new Uint8Array(read(file)) })).rejects.toThrow(
      error ?? '',
    );
  });
});
