/** Spans of a trace that say different things of their source: who opens one opens others, and each of these is a question of its own. */

import type { Slices } from '../../base/slices';
import type { SpanBatch } from '../../core/model/batch';
import { spanIdHex } from '../../core/model/ids';
import type { SpanTable } from '../../core/model/table';
import { hintKeys } from '../../source/hints';
import { locationKeys } from '../../source/model/attributes';
import { CodeRepeats } from '../code/codeRepeats';

/** Spans that are looked at, spread over the trace. */
const maxRows = 20_000;

/** Ids of the first span of each kind, in the order of the trace. */
export async function sourceSampleOf(table: SpanTable, limit: number, slices: Slices): Promise<string[]> {
  const seen = new Map<SpanBatch, CodeRepeats>();
  const ids: string[] = [];
  const step = Math.max(1, Math.ceil(table.count / maxRows));
  for (let row = 0; row < table.count && ids.length < limit; row += step) {
    if ((row & 255) === 0) await slices.maybePause();
    const batch = table.batches[table.batch[row]];
    const at = table.batchRow[row];
    let repeats = seen.get(batch);
    if (!repeats) {
      const keys = [...hintKeys, ...locationKeys].map((key) => batch.strings.find(key)).filter((index) => index >= 0);
      repeats = new CodeRepeats(batch, new Set(keys), [batch.name, batch.scope]);
      seen.set(batch, repeats);
    }
    if (repeats.find(at) !== undefined) continue;
    repeats.note(at, row);
    ids.push(spanIdHex(batch.spanId, at));
  }
  return ids;
}
