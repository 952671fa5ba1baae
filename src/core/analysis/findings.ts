/**
 * What a person would want to be told about a trace: queries or calls in a loop (N+1), and calls that were tried again. Rules, not
 * guesses: each says in its message what was seen.
 */

import { STEP_ROWS, type Steps } from '../../base/steps';
import { KIND_CLIENT, KIND_CONSUMER, KIND_PRODUCER, KIND_SERVER, STATUS_ERROR } from '../model/batch';
import { FLAG_RUNNING, type SpanTable } from '../model/table';
import { formatCount, formatDuration } from '../text/formatText';
import type { Groups } from './groups';
import { shownStarts } from './times';

export interface Finding {
  readonly kind: 'nPlusOne' | 'retry';
  /** Rows concerned, first = where to go. At most 1,000. */
  readonly rows: readonly number[];
  /** For the chip: "N+1"; for a retry "try", followed by the place in `rows`. */
  readonly chip: string;
  /** What was called: a name of the table's strings. */
  readonly name: number;
  /** A sentence, with the name as it may be shown. */
  readonly message: (name: string) => string;
}

const MAX_ROWS = 1000;
const MAX_FINDINGS = 1000;
/** Many SDKs' starts are whole milliseconds while durations are exact: what follows may seem to begin this much too early. */
const CLOCK_STEP_NS = 1e6;
/** Calls one after the other take about as long as the time they cover; side by side, longer. */
const OVERLAP_TOLERANCE = 0.1;

/** In the order of their first rows. In steps. */
export function* findFindings(table: SpanTable, groups: Groups): Steps<Finding[]> {
  const starts = shownStarts(table);
  const found = [...(yield* loops(table, groups, starts)), ...(yield* retries(table, starts))];
  return found.sort((a, b) => a.rows[0] - b.rows[0]).slice(0, MAX_FINDINGS);
}

function* loops(table: SpanTable, groups: Groups, starts: Float64Array): Steps<Finding[]> {
  const found: Finding[] = [];
  let looked = 0;
  for (let g = 0; g < groups.count; g++) {
    // They are in the order of their first rows: more would be left out.
    if (found.length === MAX_FINDINGS) break;
    const rows = groups.rows.subarray(groups.start[g], groups.start[g + 1]);
    looked += rows.length;
    if (looked >= STEP_ROWS) {
      looked = 0;
      yield;
    }
    if (!isOutgoing(table, rows[0]) || !isSequential(table, rows, starts)) continue;
    let failed = 0;
    let totalNs = 0;
    for (const row of rows) {
      if (table.status[row] === STATUS_ERROR) failed++;
      totalNs += table.durationNsOf[row];
    }
    if (failed >= rows.length - 1) continue;
    const calls = formatCount(rows.length, 'call');
    const duration = formatDuration(totalNs);
    found.push({
      kind: 'nPlusOne',
      rows: Array.from(rows.subarray(0, MAX_ROWS)),
      chip: 'N+1',
      name: table.name[rows[0]],
      message: (name) => `${calls} of ${name} one after the other, ${duration} in all. One call for all of them may do.`,
    });
  }
  return found;
}

/** Leaves the process: a client span, or one with `db.*` attributes (older instrumentations give those no kind). */
function isOutgoing(table: SpanTable, row: number): boolean {
  if (table.kind[row] === KIND_CLIENT) return true;
  if (table.kind[row] === KIND_SERVER || table.kind[row] === KIND_PRODUCER || table.kind[row] === KIND_CONSUMER) return false;
  const batch = table.batches[table.batch[row]];
  const at = table.batchRow[row];
  for (let i = batch.attributeStart[at]; i < batch.attributeEnd[at]; i++) {
    if (table.strings.get(batch.attributes.key[i]).startsWith('db.')) return true;
  }
  return false;
}

function isSequential(table: SpanTable, rows: Uint32Array, starts: Float64Array): boolean {
  let totalNs = 0;
  let endNs = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    totalNs += table.durationNsOf[row];
    endNs = Math.max(endNs, starts[row] + table.durationNsOf[row]);
  }
  return totalNs <= (endNs - starts[rows[0]]) * (1 + OVERLAP_TOLERANCE) + CLOCK_STEP_NS;
}

/**
 * Two or more siblings of one name and service, one after the other, of which all but the last ended in an error. Looks only at
 * parents with an erroneous child, so that a trace without errors costs one pass.
 */
function* retries(table: SpanTable, starts: Float64Array): Steps<Finding[]> {
  const found: Finding[] = [];
  const { count, parent, status, subtreeEnd, durationNsOf } = table;
  const lookedAt = new Uint8Array(count);
  let looked = 0;
  for (let row = 0; row < count; row++) {
    const up = parent[row];
    if (status[row] !== STATUS_ERROR || up < 0 || lookedAt[up] === 1) continue;
    lookedAt[up] = 1;
    const byKind = new Map<number, number[]>();
    for (let child = up + 1; child < subtreeEnd[up]; child = subtreeEnd[child]) {
      const key = table.name[child] * 0x100000 + (table.service[child] % 0x100000);
      const list = byKind.get(key);
      if (list) list.push(child);
      else byKind.set(key, [child]);
      if (++looked < STEP_ROWS) continue;
      looked = 0;
      yield;
    }
    for (const rows of byKind.values()) if (rows.length > 1 && isRetry(rows)) found.push(retry(table, rows));
  }
  return found;

  function isRetry(rows: readonly number[]): boolean {
    for (let k = 0; k < rows.length - 1; k++) {
      const durationNs = durationNsOf[rows[k]];
      const earliestNs = starts[rows[k]] + durationNs - Math.min(CLOCK_STEP_NS, durationNs / 2);
      if (status[rows[k]] !== STATUS_ERROR || starts[rows[k + 1]] < earliestNs) return false;
    }
    return true;
  }
}

function retry(table: SpanTable, rows: readonly number[]): Finding {
  const last = rows[rows.length - 1];
  const outcome =
    table.status[last] === STATUS_ERROR
      ? 'every try ended in an error'
      : (table.flags[last] & FLAG_RUNNING) !== 0
        ? 'the last try still runs'
        : `try ${rows.length} worked`;
  return {
    kind: 'retry',
    rows: rows.slice(0, MAX_ROWS),
    chip: 'try',
    name: table.name[last],
    message: (name) => `${name} was tried ${rows.length} times; ${outcome}.`,
  };
}
