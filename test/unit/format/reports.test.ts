// Trace data as people have it: every file of ours and of a folder of small inputs against what must come out of it when it is opened.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatNames } from '../../../src/core/format/formatNames';
import { layoutOf } from '../../../src/core/format/sniff';
import { InProcessEngine } from '../../support/inProcessEngine';
import { emptyFiles, filesWithSpans, foreignFiles, type PeoplesFile } from '../../support/peoplesFiles';
import { decode, type PlainSpan } from './spans';

const kindNames = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const named = (files: readonly PeoplesFile[]) => files.map((file) => [file.name, file] as const);

describe('trace data as people have it', () => {
  let engine: InProcessEngine;
  beforeAll(() => {
    engine = new InProcessEngine();
  });

  it.each(named(filesWithSpans))('%s: spans', (_, { bytes, expected: wanted }) => {
    const { format, spanCount, spans } = decode(bytes);
    const byName = new Map(spans.map((span): [string, PlainSpan] => [span.name, span]));
    const of = (name: string): PlainSpan | undefined => byName.get(name);
    if (wanted.format) expect(format).toBe(wanted.format);
    if (wanted.spans !== undefined) expect(spans).toHaveLength(wanted.spans);
    expect(spanCount).toBe(spans.length);
    for (const [name, kind] of Object.entries(wanted.kinds ?? {})) expect(kindNames[of(name)?.kind ?? -1]).toBe(kind);
    for (const [name, ns] of Object.entries(wanted.durations ?? {})) {
      expect(Math.abs((of(name)?.durationNs ?? NaN) - ns)).toBeLessThanOrEqual(wanted.tolerance ?? 0);
    }
    const idsOf = (name: string) => spans.filter((span) => span.name === name).map(({ spanId }) => spanId);
    for (const [name, parent] of Object.entries(wanted.parents ?? {})) expect(idsOf(parent)).toContain(of(name)?.parentSpanId);
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

  it.each(named(filesWithSpans))('%s: the trace', async (name, { bytes, expected: wanted }) => {
    const list = await engine.openAndList({ dataset: name, name, bytes });
    const opened = await Promise.all(list.traces.map(({ traceId }) => engine.call('traceData', { dataset: name, traceId })));
    const defects = [...list.defects, ...opened.flatMap((trace) => trace.defects)];
    const told = [...new Set(defects.map(({ message }) => message))].join('\n');
    if (wanted.spans !== undefined) {
      expect(list.spanCount).toBe(wanted.spans);
      const shown = list.traces.reduce((sum, { spanCount = 0 }) => sum + spanCount, 0);
      expect(shown).toBe(wanted.rows ?? wanted.spans);
      expect(opened.flatMap((trace) => trace.spans)).toHaveLength(shown);
    }
    if (wanted.traces !== undefined) expect(list.traces).toHaveLength(wanted.traces);
    const [trace] = list.traces;
    if (wanted.services) expect([...new Set(list.traces.flatMap((one) => one.services ?? []))].sort()).toEqual(wanted.services);
    if (wanted.root !== undefined) expect(trace.rootName).toBe(wanted.root);
    if (wanted.startUnixNano !== undefined) expect(String(trace.startUnixNano)).toBe(wanted.startUnixNano);
    if (wanted.durationNs !== undefined)
      expect(Math.abs(trace.durationNs - wanted.durationNs)).toBeLessThanOrEqual(wanted.tolerance ?? 0);
    if (wanted.errors !== undefined) expect(trace.errorCount).toBe(wanted.errors);
    if (wanted.traceIds) expect(list.traces.map(({ traceId }) => traceId)).toEqual(wanted.traceIds);
    if (wanted.defect !== undefined) expect(told).toContain(wanted.defect);
    if (wanted.noDefects) expect(told.replace(/^\d+ spans? came twice .*$/m, '')).toBe('');
  });

  it.each(named(foreignFiles))('%s is refused in words', async (name, { bytes, expected: { error } }) => {
    await expect(engine.openAndList({ dataset: name, name, bytes })).rejects.toThrow(error ?? '');
  });

  it.each(named(emptyFiles))('%s has no trace, and nothing is wrong with it', async (name, { bytes, expected: { format } }) => {
    const list = await engine.openAndList({ dataset: name, name, bytes });
    expect(list).toMatchObject({ format, spanCount: 0, traces: [], defects: [] });
  });

  it('has a fixture for every kind that has a name', () => {
    const formats = new Set<string>();
    for (const folder of ['formats', 'kinds'].map((name) => join(__dirname, '../../fixtures', name)))
      for (const file of readdirSync(folder)) {
        const layout = layoutOf(readFileSync(join(folder, file)));
        if (layout) formats.add(layout.format);
      }
    expect(Object.keys(formatNames).filter((format) => !formats.has(format))).toEqual([]);
  });
});
