/**
 * Who is whose parent in a trace whose ids are all different, which most are, without what repairing others takes (`analysis/link.ts`). The table of ids is
 * kept from trace to trace: a search looks at tens of thousands of small ones.
 */

import type { Steps } from '../../../base/steps';
import { mixSpanId } from '../../model/spanIdRows';
import type { TraceSpans } from './cursor';

/** Negative parents. */
export const NO_PARENT = -1;
const PARENT_MISSING = -2;

/** Spans of a trace that is linked without a pause, in the table that is kept. */
const FEW = 1 << 12;
/** Spans of one step. */
const SPANS = 1 << 14;

/** Open addressing, at most half full. */
class IdTable {
  /** Per place: the span + 1 that has its id there, where the mark is that of the trace. */
  private readonly places: Uint32Array;
  private readonly marks: Uint32Array;
  private mark = 0;
  private mask = 0;
  private spans: TraceSpans | undefined;

  constructor(count: number) {
    let size = 16;
    while (size < count * 2) size *= 2;
    this.places = new Uint32Array(size);
    this.marks = new Uint32Array(size);
  }

  begin(spans: TraceSpans): void {
    let size = 16;
    while (size < spans.count * 2) size *= 2;
    this.mask = size - 1;
    this.spans = spans;
    if (++this.mark < 2 ** 32) return;
    this.marks.fill(0);
    this.mark = 1;
  }

  end(): void {
    this.spans = undefined;
  }

  /** Whether the span has an id, and no other had it. */
  add(span: number, high: number, low: number): boolean {
    if (high === 0 && low === 0) return false;
    const at = this.placeOf(high, low);
    if (this.marks[at] === this.mark) return false;
    this.marks[at] = this.mark;
    this.places[at] = span + 1;
    return true;
  }

  /** -1: none. */
  find(high: number, low: number): number {
    const at = this.placeOf(high, low);
    return this.marks[at] === this.mark ? this.places[at] - 1 : -1;
  }

  private placeOf(high: number, low: number): number {
    const { places, marks, mark, mask, spans } = this;
    let at = mixSpanId(high, low) & mask;
    for (; spans && marks[at] === mark; at = (at + 1) & mask) {
      const span = places[at] - 1;
      const { spanId } = spans.batches[spans.batch[span]];
      const row = spans.row[span] * 2;
      if (spanId[row + 1] === low && spanId[row] === high) break;
    }
    return at;
  }
}

const kept = new IdTable(FEW);

/** In steps: whether all spans have ids, and each its own. */
export function* haveOwnIds(spans: TraceSpans): Steps<boolean> {
  const ids = yield* idsOf(spans);
  ids?.end();
  return ids !== undefined;
}

/** In steps: per span its parent, or a negative number; undefined: ids repeat, or are none. */
export function* parentsOf(spans: TraceSpans): Steps<Int32Array | undefined> {
  const ids = yield* idsOf(spans);
  if (!ids) return undefined;
  const { batches, batch, row, count } = spans;
  const parent = new Int32Array(count);
  for (let span = 0; span < count; span++) {
    const { parentSpanId } = batches[batch[span]];
    const high = parentSpanId[row[span] * 2];
    const low = parentSpanId[row[span] * 2 + 1];
    if (high === 0 && low === 0) parent[span] = NO_PARENT;
    else {
      const found = ids.find(high, low);
      // A span that names itself has none.
      parent[span] = found < 0 || found === span ? PARENT_MISSING : found;
    }
    if (span % SPANS === SPANS - 1) yield;
  }
  ids.end();
  return parent;
}

function* idsOf(spans: TraceSpans): Steps<IdTable | undefined> {
  const { batches, batch, row, count } = spans;
  const ids = count <= FEW ? kept : new IdTable(count);
  ids.begin(spans);
  for (let span = 0; span < count; span++) {
    const { spanId } = batches[batch[span]];
    if (!ids.add(span, spanId[row[span] * 2], spanId[row[span] * 2 + 1])) return undefined;
    if (span % SPANS === SPANS - 1) yield;
  }
  return ids;
}
