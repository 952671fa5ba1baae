/** What of a trace is still under way, and when debuggers held its programs: of this moment, so it is worked out for each picture. */

import { ranges, type Steps } from '../../base/steps';
import { FLAG_RUNNING, type SpanTable } from '../../core/model/table';
import { wordsToBigint } from '../../core/model/unixNano';
import { type LiveSpans, RUN_ENDED, RUN_GOES_ON, RUN_UNHEARD, type TraceStop } from '../../protocol/snapshot';
import { isOfProgram, type Program, type Programs } from './programs';

/** Held times of one trace that a page is told; of more, the first. */
const MAX_STOPS = 1_000;

export interface LiveTrace {
  /** Undefined where all spans have ended. */
  readonly running?: LiveSpans;
  readonly stops: readonly TraceStop[];
}

/** In steps. @param nowMs epoch milliseconds */
export function* liveTrace(table: SpanTable, programs: Programs, nowMs: number): Steps<LiveTrace> {
  const rows: number[] = [];
  const ours = new Set<Program>();
  let last = -1;
  let lastResource = -1;
  yield* ranges(table.count, (from, to) => {
    for (let row = from; row < to; row++) {
      if ((table.flags[row] & FLAG_RUNNING) !== 0) rows.push(row);
      const number = table.batch[row];
      const batch = table.batches[number];
      const resource = batch.resource[table.batchRow[row]];
      if (number === last && resource === lastResource) continue;
      last = number;
      lastResource = resource;
      const program = programs.of(batch, resource);
      if (program) ours.add(program);
    }
  });
  const running = rows.length > 0 ? yield* liveSpans(table, rows, programs, nowMs) : undefined;
  const stops = traceStops(table, ours, programs, rows.length > 0 ? nowMs : 0);
  return { ...(running ? { running } : {}), stops };
}

function* liveSpans(table: SpanTable, rows: readonly number[], programs: Programs, nowMs: number): Steps<LiveSpans> {
  const elapsedNs = new Float64Array(rows.length);
  const state = new Uint8Array(rows.length);
  yield* ranges(rows.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const row = rows[i];
      const batch = table.batches[table.batch[row]];
      const at = table.batchRow[row];
      const program = programs.of(batch, batch.resource[at]);
      const now = programs.stateOf(program);
      const untilMs = now.state === 'runs' ? nowMs : now.untilMs;
      const startMs = Number(wordsToBigint(batch.start, at)) / 1e6 - (program?.aheadMs ?? 0);
      // Where nobody knows when the program ended, the span lasted at least as long as the trace.
      elapsedNs[i] = Math.max(0, untilMs === undefined ? table.durationNs - table.startNs[row] : (untilMs - startMs) * 1e6);
      state[i] = now.state === 'runs' ? RUN_GOES_ON : now.state === 'ended' ? RUN_ENDED : RUN_UNHEARD;
    }
  });
  return { madeAtMs: nowMs, rows: Uint32Array.from(rows).buffer, elapsedNs: elapsedNs.buffer, state: state.buffer };
}

/**
 * By start, in nanoseconds from the trace's start.
 * @param nowMs 0 where all spans have ended
 */
function traceStops(table: SpanTable, ours: ReadonlySet<Program>, programs: Programs, nowMs: number): TraceStop[] {
  if (ours.size === 0) return [];
  // Clocks of the programs of one trace that differ are corrected to one another, so one stands for all.
  let aheadMs = 0;
  for (const program of ours) if (Math.abs(program.aheadMs) > Math.abs(aheadMs)) aheadMs = program.aheadMs;
  const originMs = Number(table.startUnixNano) / 1e6 - aheadMs;
  const endMs = Math.max(originMs + table.durationNs / 1e6, nowMs);
  const found = programs.stops.between(originMs, endMs, (stop) => [...ours].some((program) => isOfProgram(stop, program)));
  return found.slice(0, MAX_STOPS).map(({ startMs, endMs: until, reason, place }) => ({
    startNs: (startMs - originMs) * 1e6,
    ...(until === undefined ? {} : { endNs: (until - originMs) * 1e6 }),
    reason,
    ...(place === undefined ? {} : { place }),
  }));
}
