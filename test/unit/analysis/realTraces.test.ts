import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TraceAnalysis } from '../../../src/core/analysis/analyse';
import type { TraceSource } from '../../../src/core/analysis/sources';
import { decodeBytes } from '../../../src/core/format/format';
import { traceIdHex } from '../../../src/core/model/ids';
import { StringTable } from '../../../src/core/model/strings';
import type { SpanTable } from '../../../src/core/model/table';
import { unpackSnapshot } from '../../../src/protocol/columns';
import { analyseTrace, assembleTrace, packSnapshot } from '../../support/atOnce';
import { sharedData, sharedPath } from '../../support/sharedData';

interface Opened {
  readonly spanCount: number;
  readonly traces: readonly { readonly table: SpanTable; readonly analysis: TraceAnalysis }[];
}

function open(path: string): Opened {
  const { batches, spanCount } = decodeBytes(readFileSync(path), { strings: new StringTable(), name: path });
  const byTrace = new Map<string, Map<number, number[]>>();
  batches.forEach((batch, at) => {
    for (let row = 0; row < batch.count; row++) {
      const id = traceIdHex(batch.traceId, row);
      const rows = byTrace.get(id) ?? new Map<number, number[]>();
      byTrace.set(id, rows.set(at, [...(rows.get(at) ?? []), row]));
    }
  });
  const traces = [...byTrace].map(([id, rowsOf]) => {
    const sources: TraceSource[] = [...rowsOf].map(([at, rows]) => ({ batch: batches[at], rows }));
    const table = assembleTrace(id, sources);
    return { table, analysis: analyseTrace(table) };
  });
  return { spanCount, traces };
}

describe('the sample shop', () => {
  const { traces } = open(new URL('../../fixtures/sample/shop.otlp.pb', import.meta.url).pathname);

  it('queries in a loop, and tries a payment again', () => {
    const { analysis } =
      traces.find(({ table }) => table.errorCount > 0 && table.count > 50) ?? expect.fail('no failed checkout');
    expect(analysis.findings.map(({ kind, rows }) => [kind, rows.length])).toEqual([
      ['nPlusOne', 38],
      ['retry', 3],
    ]);
    expect(analysis.groups.count).toBe(1);
  });

  it('has one service whose clock is wrong', () => {
    const corrected = traces.flatMap(({ table }) => table.corrections);
    expect(new Set(corrected.map(({ service }) => service))).toEqual(new Set(['pricing']));
    for (const { correctionNs } of corrected) expect(correctionNs / 1e6).toBeCloseTo(-42, -1);
  });
});

const skipped = new Set(['node_modules', 'jaeger-2.13', 'jaeger-main', 'tempo-main', 'zipkin-3.5', 'config']);

function traceFiles(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) return skipped.has(name) ? [] : traceFiles(path);
    return /\.(otlp\.(json|jsonl|pb)|jaeger\.json|zipkin\.json|tempo\.json)$/.test(name) ? [path] : [];
  });
}

describe.skipIf(sharedData === undefined)('public traces and real captures', () => {
  const files = sharedData === undefined ? [] : traceFiles(sharedPath());

  it.each(files.map((file) => [file.slice(sharedPath().length + 1), file]))('%s', (_, file) => {
    const { spanCount, traces } = open(file);
    let shown = 0;
    for (const { table, analysis } of traces) {
      const merged = table.defects.find((defect) => defect.message.includes('came twice'))?.count ?? 0;
      shown += table.count + merged;
      const model = unpackSnapshot(packSnapshot(table, analysis, { revision: 1, dataset: file, live: false }));
      expect(model.tree.subtreeEnd).toEqual(table.subtreeEnd);
      for (let row = 0; row < table.count; row++) {
        expect(table.parent[row]).toBeLessThan(row);
        expect(analysis.selfNs[row]).toBeGreaterThanOrEqual(0);
        expect(analysis.selfNs[row]).toBeLessThanOrEqual(table.durationNsOf[row]);
      }
      expect(analysis.criticalPath.totalNs).toBeLessThanOrEqual(model.bounds.endNs - model.bounds.startNs + 1);
    }
    expect(shown).toBe(spanCount);
  });
});
