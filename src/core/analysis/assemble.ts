/**
 * From rows of batches to one trace: a tree in pre-order with everything that is wrong repaired and counted (`link.ts`, `order.ts`,
 * `skew.ts` say how). Works on columns only; a million spans take well under a second,
 * in steps between which others have their turn (`assembling`).
 */

import { ranges, type Steps } from '../../base/steps';
import { type SpanBatch, STATUS_ERROR } from '../model/batch';
import { spanIdHex } from '../model/ids';
import { StringTable } from '../model/strings';
import {
  type Defect,
  FLAG_CORRECTED,
  FLAG_DEFECT,
  FLAG_ERROR_BELOW,
  FLAG_EVENTS,
  FLAG_LINKS,
  FLAG_NO_LENGTH,
  FLAG_ORPHAN,
  FLAG_RUNNING,
  type SpanTable,
} from '../model/table';
import { assemblyDefects } from './defects';
import { type Gathered, gathering, TIME_NEGATIVE, TIME_NO_START, TIME_NONE, TIME_RUNNING } from './gather';
import { type Linked, linking, ORPHAN } from './link';
import { preOrder } from './order';
import { type ClockCorrection, correctingClocks } from './skew';
import { sourceFlags } from './sourceFlags';
import { type TraceSource, toBigInt } from './sources';
import { correctedStarts, shownBounds } from './times';

/**
 * Assembles the trace whose spans are the given rows. All batches must share one string table. What it is given must not change meanwhile;
 * string tables may grow.
 * @param traceId 32 hex digits
 */
export function* assembling(traceId: string, sources: readonly TraceSource[]): Steps<SpanTable> {
  const strings = sources[0]?.batch.strings ?? new StringTable();
  const all = yield* gathering(sources);
  const linked = yield* linking(sources, all);
  const { order, cut } = yield* preOrder(all, linked.parent, linked.dropped.length + linked.begun.length);
  const count = order.length;
  const { batches, batchOfSource } = numberBatches(sources);

  const rowOf = new Int32Array(all.count);
  for (let row = 0; row < count; row++) rowOf[order[row]] = row;
  const parent = new Int32Array(count);
  const depth = new Uint32Array(count);
  const startNs = new Float64Array(count);
  const durationNsOf = new Float64Array(count);
  const kind = new Uint8Array(count);
  const status = new Uint8Array(count);
  const flags = new Uint16Array(count);
  const name = new Uint32Array(count);
  const service = new Uint32Array(count);
  const spanId = new Uint32Array(count * 2);
  const batch = new Uint32Array(count);
  const batchRow = new Uint32Array(count);
  let errorCount = 0;
  let durationNs = 0;
  const flagsOf = sourceFlags(strings);
  yield* ranges(count, (from, to) => {
    for (let row = from; row < to; row++) fill(row);
  });
  for (const span of [...cut, ...linked.duplicates, ...linked.ownParent, ...linked.withoutId]) flags[rowOf[span]] |= FLAG_DEFECT;
  const subtreeEnd = yield* closeSubtrees(parent, flags);
  const clocks = yield* correctingClocks({
    count,
    parent,
    startNs,
    durationNsOf,
    kind,
    flags,
    service,
    strings,
    batches,
    batch,
    batchRow,
  });
  markCorrected(clocks, flags);
  yield;
  const shown = clocks.correctionNs ? showFrom(clocks.correctionNs, startNs, durationNsOf) : { startNs: 0, lengthNs: durationNs };
  yield;
  return {
    traceId,
    count,
    startUnixNano: toBigInt(all.origin) + BigInt(shown.startNs),
    durationNs: shown.lengthNs,
    strings,
    parent,
    depth,
    subtreeEnd,
    startNs,
    durationNsOf,
    kind,
    status,
    flags,
    name,
    service,
    spanId,
    correctionNs: clocks.correctionNs,
    corrections: clocks.corrections,
    errorCount,
    defects: yield* defects(sources, all, linked, cut, clocks, spanId),
    batches,
    batch,
    batchRow,
  };

  function fill(row: number): void {
    const span = order[row];
    const up = linked.parent[span];
    if (up >= 0) {
      parent[row] = rowOf[up];
      depth[row] = depth[rowOf[up]] + 1;
    } else parent[row] = -1;
    // A span of which no time is known is shown with its parent.
    startNs[row] = up >= 0 && (all.time[span] & TIME_NONE) !== 0 ? startNs[parent[row]] : all.startNs[span];
    durationNsOf[row] = all.durationNs[span];
    durationNs = Math.max(durationNs, startNs[row] + durationNsOf[row]);
    const from = sources[all.source[span]].batch;
    const at = all.row[span];
    kind[row] = from.kind[at];
    status[row] = from.status[at];
    name[row] = from.name[at];
    service[row] = from.resources[from.resource[at]].service;
    spanId[row * 2] = all.idHigh[span];
    spanId[row * 2 + 1] = all.idLow[span];
    batch[row] = batchOfSource[all.source[span]];
    batchRow[row] = at;
    let bits = flagsOf(from, at);
    if (from.eventEnd[at] > from.eventStart[at]) bits |= FLAG_EVENTS;
    if (from.linkEnd[at] > from.linkStart[at]) bits |= FLAG_LINKS;
    if (up === ORPHAN) bits |= FLAG_ORPHAN;
    if ((all.time[span] & TIME_RUNNING) !== 0) bits |= FLAG_RUNNING;
    if ((all.time[span] & (TIME_NEGATIVE | TIME_NO_START)) !== 0) bits |= FLAG_DEFECT;
    if ((all.time[span] & TIME_NO_START) !== 0 && durationNsOf[row] === 0) bits |= FLAG_NO_LENGTH;
    if (status[row] === STATUS_ERROR) {
      bits |= FLAG_ERROR_BELOW;
      errorCount++;
    }
    flags[row] = bits;
  }
}

/** Each batch once, in order of appearance, and by source which one it is. */
function numberBatches(sources: readonly TraceSource[]): { batches: SpanBatch[]; batchOfSource: Uint32Array } {
  const numbers = new Map<SpanBatch, number>();
  const batchOfSource = Uint32Array.from(sources, ({ batch }) => {
    const number = numbers.get(batch) ?? numbers.size;
    numbers.set(batch, number);
    return number;
  });
  return { batches: [...numbers.keys()], batchOfSource };
}

/** Subtree ends from the last row to the first; passes FLAG_ERROR_BELOW on to the parents on the way. */
function* closeSubtrees(parent: Int32Array, flags: Uint16Array): Steps<Uint32Array> {
  const last = parent.length - 1;
  const subtreeEnd = new Uint32Array(parent.length);
  yield* ranges(parent.length, (from, to) => {
    for (let row = last - from; row > last - to; row--) {
      if (subtreeEnd[row] === 0) subtreeEnd[row] = row + 1;
      const up = parent[row];
      if (up < 0) continue;
      if (subtreeEnd[up] < subtreeEnd[row]) subtreeEnd[up] = subtreeEnd[row];
      flags[up] |= flags[row] & FLAG_ERROR_BELOW;
    }
  });
  return subtreeEnd;
}

function markCorrected(clocks: ClockCorrection, flags: Uint16Array): void {
  const { correctionNs } = clocks;
  if (!correctionNs) return;
  for (let row = 0; row < flags.length; row++) if (correctionNs[row] !== 0) flags[row] |= FLAG_CORRECTED;
}

/**
 * Has times count from the earliest that is shown: what a wrong clock says may be hours before. Returns where that is, from the earliest start, and
 * how long what is shown takes.
 */
function showFrom(
  correctionNs: Float64Array,
  startNs: Float64Array,
  durations: Float64Array,
): { startNs: number; lengthNs: number } {
  const bounds = shownBounds(correctedStarts(startNs, correctionNs), durations);
  const from = Math.floor(bounds.startNs);
  for (let row = 0; row < startNs.length; row++) startNs[row] -= from;
  return { startNs: from, lengthNs: bounds.endNs - from };
}

function* defects(
  sources: readonly TraceSource[],
  all: Gathered,
  linked: Linked,
  cut: readonly number[],
  clocks: ClockCorrection,
  spanId: Uint32Array,
): Steps<Defect[]> {
  const found = yield* assemblyDefects(sources, all, linked, cut);
  const skew = clocks.defect;
  if (skew) {
    found.push({
      kind: 'clockSkew',
      count: skew.rows,
      message: skew.message,
      spanIds: skew.first.map((row) => spanIdHex(spanId, row)),
    });
  }
  return found;
}
