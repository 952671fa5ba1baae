/**
 * Which traces may be found, told from whole batches: conditions run over columns from end to end, and only traces with rows that fulfil what a query needs
 * are looked at one by one.
 */

import { ranges, type Steps } from '../../base/steps';
import type { SpanBatch } from '../../core/model/batch';
import type { StringTable } from '../../core/model/strings';
import { type Candidates, compileConditions, type RowCondition } from '../../core/query/evaluation/candidates';
import { Cursor } from '../../core/query/evaluation/cursor';
import { NONE } from '../store/none';
import type { StoredBatch } from '../store/storedBatch';
import type { TraceStore } from '../store/traceStore';

/** Rows of one step, keys of attributes, and bytes of their values. */
const ROWS = 1 << 12;
const ATTRIBUTES = 1 << 16;
const BYTES = 1 << 15;

/** What was found of traces, by slot. What comes meanwhile is not in it. */
export class CandidateTraces {
  /** The bits of the conditions that one of its spans fulfils. */
  private readonly marks: Uint8Array;
  /** Spans that fulfil the only condition; where that is asked for. */
  private readonly counts: Uint32Array | undefined;

  constructor(
    private readonly store: TraceStore,
    private readonly candidates: Candidates,
  ) {
    this.marks = new Uint8Array(store.ids.end);
    this.counts = candidates.least > 1 && candidates.conditions.length === 1 ? new Uint32Array(store.ids.end) : undefined;
  }

  has(slot: number): boolean {
    const { candidates, counts, marks } = this;
    return candidates.holds(marks[slot]) && (!counts || counts[slot] >= candidates.least);
  }

  /** In steps. */
  *find(): Steps<void> {
    const compiled = new Map<StringTable, readonly (RowCondition | undefined)[]>();
    for (const stored of [...this.store.batches()]) {
      const { strings } = stored.batch;
      let conditions = compiled.get(strings);
      if (!conditions) {
        conditions = compileConditions(this.candidates, strings);
        compiled.set(strings, conditions);
      }
      for (const [index, condition] of conditions.entries()) if (condition) yield* this.mark(stored, condition, 1 << index);
    }
  }

  private *mark({ batch, nextRow }: StoredBatch, { test, attribute }: RowCondition, bit: number): Steps<void> {
    const { marks, counts } = this;
    const at = new Cursor(batch);
    const slotOf = slotFinder(this.store, batch);
    const look = (row: number): void => {
      at.row = row;
      // What left memory while its trace stayed is not asked for.
      if (!test(at) || nextRow[row] === NONE) return;
      const slot = slotOf(row);
      if (slot < 0 || slot >= marks.length) return;
      marks[slot] |= bit;
      if (counts) counts[slot]++;
    };
    if (attribute && isInOrder(batch)) {
      const walk = new AttributeWalk(batch, attribute, look);
      while (!walk.isDone) {
        walk.on();
        yield;
      }
      return;
    }
    const lookAll = (from: number, to: number): void => {
      for (let row = from; row < to; row++) look(row);
    };
    yield* ranges(batch.count, lookAll, ROWS);
  }
}

/** Whether attributes of rows follow each other as the rows do. */
function isInOrder({ attributeStart, attributeEnd, count }: SpanBatch): boolean {
  for (let row = 1; row < count; row++) if (attributeStart[row] < attributeEnd[row - 1]) return false;
  return true;
}

/** Along the column of keys, to the rows that have an attribute, each once: most spans do not have the one that is asked for. */
class AttributeWalk {
  private at = 0;
  private row = 0;
  private looked = -1;

  constructor(
    private readonly batch: SpanBatch,
    private readonly wanted: NonNullable<RowCondition['attribute']>,
    private readonly look: (row: number) => void,
  ) {}

  get isDone(): boolean {
    return this.at >= this.batch.attributes.count || this.row >= this.batch.count;
  }

  /** One step: so many keys, or bytes of values, which a regular expression goes through. */
  on(): void {
    const { batch, wanted, look } = this;
    const { attributeStart, attributeEnd, count } = batch;
    const { key: keys, length } = batch.attributes;
    const { key, test } = wanted;
    const end = Math.min(batch.attributes.count, this.at + ATTRIBUTES);
    let { at, row, looked } = this;
    let bytes = 0;
    for (; at < end && bytes < BYTES; at++) {
      if (keys[at] !== key) continue;
      while (row < count && attributeEnd[row] <= at) row++;
      if (row === count) break;
      // Others are of events, links, resources and scopes.
      if (attributeStart[row] > at || looked === row) continue;
      bytes += length[at];
      if (!test(batch, at, row)) continue;
      looked = row;
      look(row);
    }
    this.at = at;
    this.row = row;
    this.looked = looked;
  }
}

/** Rows of one trace mostly follow each other. */
function slotFinder({ ids }: TraceStore, { traceId }: SpanBatch): (row: number) => number {
  let last = -1;
  let slot = -1;
  return (row) => {
    const a = row * 4;
    const b = last * 4;
    const isSame =
      last >= 0 &&
      traceId[a + 3] === traceId[b + 3] &&
      traceId[a + 2] === traceId[b + 2] &&
      traceId[a + 1] === traceId[b + 1] &&
      traceId[a] === traceId[b];
    if (!isSame) slot = ids.find(traceId, a);
    last = row;
    return slot;
  };
}
