/** The first span of a trace that a query is true of. */

import type { TraceKey } from '../../protocol/traces';
import type { EngineService } from '../engine/engineService';

/** Its id; undefined where it is true of none. Rejects with `SpanhopError`. */
export async function firstSpan(engine: Pick<EngineService, 'call'>, key: TraceKey, query: string): Promise<string | undefined> {
  const { revision, rows } = await engine.call('findSpans', { ...key, text: query });
  // Rows are those of the revision that was searched: the trace may grow between the two questions.
  return rows.length === 0 ? undefined : (await engine.call('spanData', { ...key, revision, row: rows[0] })).spanId;
}
