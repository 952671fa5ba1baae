/** What was sent to the recorded servers, as the evaluator of queries gets it: rows of batches, by trace. */

import { readFileSync } from 'node:fs';
import { finish } from '../../src/base/steps';
import { overviewOfRows } from '../../src/core/analysis/overview';
import type { TraceSource } from '../../src/core/analysis/sources';
import { decodeBytes } from '../../src/core/format/format';
import { spanIdHex, traceIdHex } from '../../src/core/model/ids';
import { StringTable } from '../../src/core/model/strings';
import { type Evaluated, overlaps, TraceQuery } from '../../src/core/query/evaluation/evaluate';
import type { Query } from '../../src/core/query/query';
import { sharedPath } from './sharedData';

/** Rows by trace id. @param files of the folder of recordings */
export function recordedSources(files: readonly string[]): Map<string, readonly TraceSource[]> {
  const strings = new StringTable();
  const traces = new Map<string, { batch: TraceSource['batch']; rows: number[] }[]>();
  for (const file of files) {
    for (const batch of decodeBytes(readFileSync(sharedPath('recorded', file)), { strings }).batches) {
      for (let row = 0; row < batch.count; row++) {
        const id = traceIdHex(batch.traceId, row);
        const sources = traces.get(id) ?? [];
        traces.set(id, sources);
        if (sources.at(-1)?.batch !== batch) sources.push({ batch, rows: [] });
        sources.at(-1)?.rows.push(row);
      }
    }
  }
  return traces;
}

/** Undefined: the trace does not match. */
export function evaluateRows(query: Query, traceId: string, sources: readonly TraceSource[]): Evaluated | undefined {
  const facts = overviewOfRows(traceId, sources);
  if (!overlaps(query, facts)) return undefined;
  return finish(new TraceQuery(query.stages, sources[0].batch.strings).ofSources(sources, facts));
}

/** Ids of the spans of all sets, each once. */
export function spanIdsOf(evaluated: Evaluated | undefined): Set<string> {
  const { spans } = evaluated ?? {};
  const found = evaluated?.sets.flatMap((set) => Array.from(set.spans)) ?? [];
  return new Set(found.map((span) => (spans ? spanIdHex(spans.batches[spans.batch[span]].spanId, spans.row[span]) : '')));
}
