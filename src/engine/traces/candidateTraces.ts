/**
 * Which traces may be found, told from whole batches: conditions run over columns from end to end, and only traces with rows that fulfil what a query needs
 * are looked at one by one.
 */

import type { Steps } from '../../base/steps';
import type { SpanBatch } from '../../core/model/batch';
import type { StringTable } from '../../core/model/strings';
import { type Candidates, compileConditions } from '../../core/query/evaluation/candidates';
import type { Test } from '../../core/query/evaluation/cursor';
import { Cursor } from '../../core/query/evaluation/cursor';
import { NONE } from '../store/none';
import type { StoredBatch } from '../store/storedBatch';
import type { TraceStore } from '../store/traceStore';

/** Rows of one step. */
const ROWS = 1 << 12;

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
    const compiled = new Map<StringTable, readonly (Test | undefined)[]>();
    for (const stored of [...this.store.batches()]) {
      const { strings } = stored.batch;
      let tests = compiled.get(strings);
      if (!tests) {
        tests = compileConditions(this.candidates, strings);
        compiled.set(strings, tests);
      }
      for (const [index, test] of tests.entries()) if (test) yield* this.mark(stored, test, 1 << index);
    }
  }

  private *mark({ batch, nextRow }: StoredBatch, test: Test, bit: number): Steps<void> {
    const { marks, counts } = this;
    const at = new Cursor(batch);
    const slotOf = slotFinder(this.store, batch);
    for (let row = 0; row < batch.count; row++) {
      at.row = row;
      // What left memory while its trace stayed is not asked for.
      if (test(at) && nextRow[row] !== NONE) {
        const slot = slotOf(row);
        if (slot >= 0 && slot < marks.length) {
          marks[slot] |= bit;
          if (counts) counts[slot]++;
        }
      }
      if (row % ROWS === ROWS - 1) yield;
    }
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
