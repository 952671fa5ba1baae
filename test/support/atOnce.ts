/** What the engine does in steps, at once: a test compares the result, and a benchmark the whole of the work. */

import { finish } from '../../src/base/steps';
import { analysing, type TraceAnalysis } from '../../src/core/analysis/analyse';
import { assembling } from '../../src/core/analysis/assemble';
import { overviewing } from '../../src/core/analysis/overview';
import type { TraceSource } from '../../src/core/analysis/sources';
import { otlpJsonPieces, type RowSelection } from '../../src/core/format/format';
import type { SpanTable, TraceOverview } from '../../src/core/model/table';
import { type PackOptions, packing } from '../../src/protocol/columns';
import type { TraceSnapshot } from '../../src/protocol/snapshot';

export function assembleTrace(traceId: string, sources: readonly TraceSource[]): SpanTable {
  return finish(assembling(traceId, sources));
}

export function analyseTrace(table: SpanTable): TraceAnalysis {
  return finish(analysing(table));
}

export function packSnapshot(table: SpanTable, analysis: TraceAnalysis, options: PackOptions): TraceSnapshot {
  return finish(packing(table, analysis, options));
}

export function traceOverview(traceId: string, sources: readonly TraceSource[]): TraceOverview {
  return finish(overviewing(traceId, sources));
}

export function encodeOtlpJson(selections: Iterable<RowSelection>): string {
  return Buffer.concat([...otlpJsonPieces(selections)].filter((piece) => piece !== undefined)).toString('utf8');
}
