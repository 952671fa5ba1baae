/**
 * Clock skew: a span of another machine that lies outside its parent, because the machines' clocks differ. Shown shifted into its
 * parent; what the data says stays reachable.
 *
 * The shift of one span, from Jaeger's clock-skew adjuster (jaegertracing/jaeger, `clockskew` adjuster): the time that the call spent on
 * the network is `parent's duration − child's duration`, taken as equally long there and back, so the child should start at
 * `parent's start + (parent's duration − child's duration) / 2`. A child that lasts longer than its parent is only made to start no
 * earlier than it. What lies within its parent is not moved.
 *
 * One clock has one error, so we look at all calls into a clock together: each call says in which range the shift must be
 * (`[parent's start − child's start, parent's end − child's end]`), the middle of what all of them allow is applied to every span of that
 * clock, and with one call that is Jaeger's formula. Only where calls contradict each other (a service without host names that runs on several
 * machines) is each call's subtree moved on its own.
 *
 * Never moved: spans on the same clock as their parent; children that need not lie in their parent (producer to consumer, spans without an
 * end); differences under a millisecond, which are the resolution of many SDKs' clocks.
 */

import { ranges, type Steps } from '../../base/steps';
import type { SpanBatch } from '../model/batch';
import { KIND_CONSUMER, KIND_INTERNAL, KIND_PRODUCER } from '../model/batch';
import type { StringTable } from '../model/strings';
import { FLAG_RUNNING } from '../model/table';
import { formatCount, formatDuration } from '../text/formatText';
import { clockColumn } from './clocks';

/** A smaller difference is not a skewed clock. */
const TOLERANCE_NS = 1e6;
const MAX_IDS = 100;

export interface SkewInput {
  readonly count: number;
  readonly parent: Int32Array;
  readonly startNs: Float64Array;
  readonly durationNsOf: Float64Array;
  readonly kind: Uint8Array;
  readonly flags: Uint16Array;
  readonly service: Uint32Array;
  readonly strings: StringTable;
  readonly batches: readonly SpanBatch[];
  readonly batch: Uint32Array;
  readonly batchRow: Uint32Array;
}

export interface ClockCorrection {
  readonly correctionNs: Float64Array | undefined;
  /** Largest first. */
  readonly corrections: readonly { readonly service: string; readonly correctionNs: number }[];
  readonly defect: { readonly rows: number; readonly message: string; readonly first: readonly number[] } | undefined;
}

const NOTHING: ClockCorrection = { correctionNs: undefined, corrections: [], defect: undefined };

/** In steps. */
export function* correctingClocks(table: SkewInput): Steps<ClockCorrection> {
  const { clock, clocks } = yield* clockColumn(table);
  if (clocks < 2 || !(yield* someOutside(table, clock))) return NOTHING;
  const correctionNs = yield* shiftClocks(table, clock, clocks);
  const first: number[] = [];
  const largest = new Map<number, number>();
  let rows = 0;
  yield* ranges(table.count, (from, to) => {
    for (let row = from; row < to; row++) {
      const shiftNs = correctionNs[row];
      if (shiftNs === 0) continue;
      rows++;
      if (first.length < MAX_IDS) first.push(row);
      if (Math.abs(shiftNs) > Math.abs(largest.get(table.service[row]) ?? 0)) largest.set(table.service[row], shiftNs);
    }
  });
  if (rows === 0) return NOTHING;
  const corrections = [...largest]
    .map(([service, shiftNs]) => ({ service: table.strings.get(service), correctionNs: shiftNs }))
    .sort((a, b) => Math.abs(b.correctionNs) - Math.abs(a.correctionNs));
  return { correctionNs, corrections, defect: { rows, message: skewMessage(rows, corrections), first } };
}

/** What the defect says. */
export function skewMessage(rows: number, corrections: ClockCorrection['corrections']): string {
  const clocks = corrections
    .slice(0, 3)
    .map(
      ({ service, correctionNs }) =>
        `${service} by ${formatDuration(Math.abs(correctionNs))} ${correctionNs < 0 ? 'ahead' : 'behind'}`,
    );
  const more = corrections.length > 3 ? ` and ${corrections.length - 3} more` : '';
  return `Clocks differ: ${clocks.join(', ')}${more}. ${formatCount(rows, 'span')} ${rows === 1 ? 'is' : 'are'} shown shifted into their parents; the data is unchanged.`;
}

/** A call from one clock to another whose child has to lie within its parent. */
function isCall(table: SkewInput, clock: Uint32Array, row: number): boolean {
  const up = table.parent[row];
  if (up < 0 || clock[up] === clock[row]) return false;
  if (((table.flags[row] | table.flags[up]) & FLAG_RUNNING) !== 0) return false;
  if (table.kind[up] === KIND_PRODUCER || table.kind[row] === KIND_CONSUMER) return false;
  return table.kind[up] !== KIND_INTERNAL || table.kind[row] !== KIND_INTERNAL;
}

function* someOutside(table: SkewInput, clock: Uint32Array): Steps<boolean> {
  const { parent, startNs, durationNsOf } = table;
  let found = false;
  yield* ranges(table.count, (from, to) => {
    for (let row = from; row < to && !found; row++) {
      const up = parent[row];
      if (up < 0 || clock[up] === clock[row]) continue;
      const before = startNs[up] - startNs[row];
      const after = startNs[row] + durationNsOf[row] - startNs[up] - durationNsOf[up];
      found = (before > TOLERANCE_NS || after > TOLERANCE_NS) && isCall(table, clock, row);
    }
  });
  return found;
}

/** Correction per row. Clocks are settled in the order in which the tree meets them: a parent's clock before its child's. */
function* shiftClocks(table: SkewInput, clock: Uint32Array, clocks: number): Steps<Float64Array> {
  const { count, parent, startNs, durationNsOf } = table;
  const least = new Float64Array(clocks).fill(Number.NEGATIVE_INFINITY);
  const most = new Float64Array(clocks).fill(Number.POSITIVE_INFINITY);
  const shiftOf = new Float64Array(clocks);
  /** Order in which clocks are met, from 1. */
  const met = new Uint32Array(clocks);
  const order: number[] = [];
  for (let row = 0; row < count; row++) {
    if (met[clock[row]] !== 0) continue;
    order.push(clock[row]);
    met[clock[row]] = order.length;
  }
  /** Calls into each clock from clocks met before it; a call back into a clock that is settled says nothing new about it. */
  const calls: number[][] = order.map(() => []);
  yield* ranges(count, (from, to) => {
    for (let row = from; row < to; row++)
      if (isCall(table, clock, row) && met[clock[parent[row]]] < met[clock[row]]) calls[met[clock[row]] - 1].push(row);
  });
  const contradicted = new Uint8Array(clocks);
  for (const [place, here] of order.entries()) {
    yield* ranges(calls[place].length, (from, to) => {
      for (let i = from; i < to; i++) narrow(calls[place][i], here);
    });
    if (least[here] > most[here]) contradicted[here] = 1;
    else if (least[here] > TOLERANCE_NS || most[here] < -TOLERANCE_NS) {
      // One of the two ends is finite. A child longer than its parent gives the lower one only.
      shiftOf[here] = most[here] === Number.POSITIVE_INFINITY ? least[here] : (least[here] + most[here]) / 2;
    }
  }
  const correctionNs = new Float64Array(count);
  yield* ranges(count, (from, to) => {
    for (let row = from; row < to; row++) shift(row);
  });
  return correctionNs;

  /** What a call into a clock says of its shift. */
  function narrow(row: number, here: number): void {
    const up = parent[row];
    const upStart = startNs[up] + shiftOf[clock[up]];
    least[here] = Math.max(least[here], upStart - startNs[row]);
    if (durationNsOf[row] <= durationNsOf[up])
      most[here] = Math.min(most[here], upStart + durationNsOf[up] - startNs[row] - durationNsOf[row]);
  }

  function shift(row: number): void {
    const up = parent[row];
    if (contradicted[clock[row]] === 0) correctionNs[row] = shiftOf[clock[row]];
    else if (up >= 0 && clock[up] === clock[row]) correctionNs[row] = correctionNs[up];
    else if (isCall(table, clock, row)) correctionNs[row] = shiftOfCall(table, row, correctionNs[up]);
  }
}

/** Jaeger's shift of one child, see above. */
function shiftOfCall(table: SkewInput, row: number, parentShiftNs: number): number {
  const up = table.parent[row];
  const upStart = table.startNs[up] + parentShiftNs;
  const slackNs = table.durationNsOf[up] - table.durationNsOf[row];
  const before = upStart - table.startNs[row];
  if (slackNs < 0) return before > TOLERANCE_NS ? before : 0;
  return before > TOLERANCE_NS || before + slackNs < -TOLERANCE_NS ? before + slackNs / 2 : 0;
}
