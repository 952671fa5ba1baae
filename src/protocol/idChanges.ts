/**
 * The ids of a trace's spans for somebody who has those of an earlier revision: they are half of a picture, and when a trace grows nearly all of
 * them are known. Runs of rows that follow each other in both stand for their ids; only new ids are carried.
 */

import { ranges, type Steps } from '../base/steps';
import { SpanIdRows } from '../core/model/spanIdRows';

export interface IdChanges {
  /** The revision that the runs are of. */
  readonly since: number;
  /** Uint32, pairs: the first row there and one, or 0 for ids that are new; and how many rows follow each other. */
  readonly runs: ArrayBuffer;
  /** New ids in the order of their rows, two Uint32 each. */
  readonly words: ArrayBuffer;
}

/** @param before ids of the revision `since`; @param words of this one: two Uint32 a row, most significant first */
export function* idChanges(since: number, before: Uint32Array, words: Uint32Array): Steps<IdChanges> {
  const known = new SpanIdRows(before);
  yield;
  const runs: number[] = [];
  const added: number[] = [];
  /** What would go on with the last run; 0: a new id. */
  let next = -1;
  yield* ranges(words.length / 2, (from, to) => {
    for (let row = from; row < to; row++) {
      const high = words[row * 2];
      const low = words[row * 2 + 1];
      // Most rows follow the one before in both revisions: no look-up.
      const follows = next > 0 && before[(next - 1) * 2] === high && before[(next - 1) * 2 + 1] === low;
      const at = follows ? next : known.find(high, low) + 1;
      if (at === 0) added.push(high, low);
      if (at === next) runs[runs.length - 1]++;
      else runs.push(at, 1);
      next = at === 0 ? 0 : at + 1;
    }
  });
  return { since, runs: Uint32Array.from(runs).buffer, words: Uint32Array.from(added).buffer };
}

/** The ids of all rows again. Undefined where `before` cannot be what the runs are of; no room is made before that is known. */
export function applyIdChanges(before: Uint32Array, changes: IdChanges, count: number): Uint32Array | undefined {
  if (changes.runs.byteLength % 8 !== 0 || changes.words.byteLength % 8 !== 0) return undefined;
  const runs = new Uint32Array(changes.runs);
  const added = new Uint32Array(changes.words);
  let rows = 0;
  let news = 0;
  for (let k = 0; k < runs.length; k += 2) {
    const [from, length] = [runs[k], runs[k + 1]];
    if (from > 0 && from - 1 + length > before.length / 2) return undefined;
    if (from === 0) news += length;
    rows += length;
  }
  if (rows !== count || news !== added.length / 2) return undefined;
  const words = new Uint32Array(count * 2);
  let at = 0;
  let taken = 0;
  for (let k = 0; k < runs.length; k += 2) {
    const from = runs[k];
    const length = runs[k + 1] * 2;
    words.set(from === 0 ? added.subarray(taken, taken + length) : before.subarray((from - 1) * 2, (from - 1) * 2 + length), at);
    at += length;
    if (from === 0) taken += length;
  }
  return words;
}
