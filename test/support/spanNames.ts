// What a query finds in a trace, by the names of the spans.

import { finish } from '../../src/base/steps';
import type { SpanBatch } from '../../src/core/model/batch';
import { type Evaluated, TraceQuery } from '../../src/core/query/evaluation/evaluate';
import { findTextToStages } from '../../src/core/query/findText';
import { traceOverview } from './atOnce';
import { allRows, TEXT_TRACE_ID } from './traceText';

/** Names of the spans of all sets, in the order of rows. @param text free text or a query */
export function spanNames(text: string, batch: SpanBatch): string[] {
  const rows = evaluatedBatch(text, batch)?.sets.flatMap(({ spans }) => Array.from(spans)) ?? [];
  return [...new Set(rows)].sort((a, b) => a - b).map((row) => batch.strings.get(batch.name[row]));
}

/** Names of the spans of each set. */
export function setNames(text: string, batch: SpanBatch): string[][] {
  const sets = evaluatedBatch(text, batch)?.sets ?? [];
  return sets.map(({ spans }) => Array.from(spans, (row) => batch.strings.get(batch.name[row])));
}

/** What a query makes of all spans of a batch, as one trace. */
export function evaluatedBatch(text: string, batch: SpanBatch): Evaluated | undefined {
  const sources = [{ batch, rows: allRows(batch) }];
  const query = new TraceQuery(findTextToStages(text), batch.strings);
  return finish(query.ofSources(sources, traceOverview(TEXT_TRACE_ID, sources)));
}
