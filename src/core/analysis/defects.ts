/** What assembling found wrong with a trace, in words. */

import type { Steps } from '../../base/steps';
import { spanIdHex } from '../model/ids';
import type { Defect, DefectKind } from '../model/table';
import { formatCount } from '../text/formatText';
import { type Gathered, TIME_NEGATIVE, TIME_NO_START } from './gather';
import { DROPPED, type Linked, ORPHAN, ROOT } from './link';
import type { TraceSource } from './sources';

/** Ids that a defect lists. */
const MAX_IDS = 100;
/** Missing parents that a message names. */
const MAX_NAMED = 5;

/** In steps, a pass over all spans each. */
export function* assemblyDefects(
  sources: readonly TraceSource[],
  all: Gathered,
  linked: Linked,
  cut: readonly number[],
): Steps<Defect[]> {
  const { parent, duplicates, dropped, ownParent, withoutId, orphans } = linked;
  const found: Defect[] = [];
  const idOf = (span: number) => spanIdHex(sources[all.source[span]].batch.spanId, all.row[span]);
  const add = (kind: DefectKind, count: number, message: string, spans: Iterable<number>) => {
    if (count > 0) found.push({ kind, count, message, spanIds: Array.from(spans, idOf) });
  };
  if (orphans > 0)
    add(
      'orphan',
      orphans,
      orphanMessage(all, linked),
      matching(all, (span) => parent[span] === ORPHAN),
    );
  yield;
  add(
    'cycle',
    cut.length,
    `${formatCount(cut.length, 'cycle')} of spans that are their own ancestors: each is shown from its earliest span, which became a root.`,
    cut.slice(0, MAX_IDS),
  );
  add(
    'cycle',
    ownParent.length,
    `${formatCount(ownParent.length, 'span')} ${ownParent.length === 1 ? 'names itself as its parent, and is shown as a root' : 'name themselves as their parents, and are shown as roots'}.`,
    ownParent.slice(0, MAX_IDS),
  );
  add(
    'duplicateId',
    withoutId.length,
    `${formatCount(withoutId.length, 'span')} ${withoutId.length === 1 ? 'has' : 'have'} no id: what belongs below ${withoutId.length === 1 ? 'it' : 'them'} cannot be told.`,
    withoutId.slice(0, 1),
  );
  add(
    'duplicateId',
    dropped.length,
    `${formatCount(dropped.length, 'span')} came twice and ${dropped.length === 1 ? 'is' : 'are'} shown once.`,
    dropped.slice(0, MAX_IDS),
  );
  add(
    'duplicateId',
    duplicates.length,
    `${formatCount(duplicates.length, 'span')} ${duplicates.length === 1 ? 'has' : 'have'} the id of another, different span. All are shown; children are below the one that was running when they began.`,
    duplicates.slice(0, MAX_IDS),
  );
  yield;
  const negative = countTimes(all, parent, TIME_NEGATIVE);
  add(
    'negativeDuration',
    negative,
    `${formatCount(negative, 'span')} ${negative === 1 ? 'ends before it starts and is' : 'end before they start and are'} shown with a duration of 0.`,
    matching(all, (span) => parent[span] !== DROPPED && (all.time[span] & TIME_NEGATIVE) !== 0),
  );
  yield;
  const unknown = countTimes(all, parent, TIME_NO_START);
  add(
    'unreadable',
    unknown,
    unknown === 1
      ? '1 span has no start time, and is shown where it ended, at the start of its parent, or at the start of the trace.'
      : `${formatCount(unknown, 'span')} have no start time, and are shown where they ended, at the start of their parents, or at the start of the trace.`,
    matching(all, (span) => parent[span] !== DROPPED && (all.time[span] & TIME_NO_START) !== 0),
  );
  yield;
  addRoots(all, linked, cut, add);
  return found;
}

function addRoots(
  all: Gathered,
  linked: Linked,
  cut: readonly number[],
  add: (kind: DefectKind, count: number, message: string, spans: Iterable<number>) => void,
): void {
  const { parent, ownParent, orphans } = linked;
  if (all.count === 0) return;
  let roots = -cut.length - ownParent.length;
  for (let span = 0; span < all.count; span++) if (parent[span] === ROOT) roots++;
  // Cycles have been told: what they were cut at is shown as a root.
  if (roots === 0 && orphans === 0) return;
  if (roots === 0) {
    const count = formatCount(orphans + cut.length, 'span');
    add(
      'missingRoot',
      1,
      `The root of this trace is missing. ${count} without a parent ${orphans + cut.length === 1 ? 'is' : 'are'} shown as ${orphans + cut.length === 1 ? 'root' : 'roots'}.`,
      [],
    );
  } else if (roots > 1) {
    const wasCut = new Set([...cut, ...ownParent]);
    const isRoot = (span: number) => parent[span] === ROOT && !wasCut.has(span);
    add(
      'missingRoot',
      roots,
      `This trace has ${roots} roots: nothing joins them. The longest gives the trace its name and its critical path.`,
      matching(all, isRoot),
    );
  }
}

function countTimes(all: Gathered, parent: Int32Array, bit: number): number {
  let count = 0;
  for (let span = 0; span < all.count; span++) if (parent[span] !== DROPPED && (all.time[span] & bit) !== 0) count++;
  return count;
}

/** The first spans that a test holds for. */
function* matching(all: Gathered, test: (span: number) => boolean): Generator<number> {
  let found = 0;
  for (let span = 0; span < all.count && found < MAX_IDS; span++) {
    if (!test(span)) continue;
    found++;
    yield span;
  }
}

function orphanMessage(all: Gathered, linked: Linked): string {
  /** Pairs of words: a million orphans mostly have the same few parents. */
  const missing: number[] = [];
  const isKnown = (high: number, low: number): boolean => {
    for (let i = 0; i < missing.length; i += 2) if (missing[i + 1] === low && missing[i] === high) return true;
    return false;
  };
  for (let span = 0; span < all.count && missing.length <= MAX_NAMED * 2; span++) {
    if (linked.parent[span] !== ORPHAN || isKnown(all.parentHigh[span], all.parentLow[span])) continue;
    missing.push(all.parentHigh[span], all.parentLow[span]);
  }
  const ids = Uint32Array.from(missing);
  const found = missing.length / 2;
  const more = found > MAX_NAMED;
  const named = Array.from({ length: Math.min(found, MAX_NAMED) }, (_, i) => spanIdHex(ids, i)).join(', ');
  const spans = linked.orphans === 1 ? 'The parent of 1 span' : `The parents of ${formatCount(linked.orphans, 'span')}`;
  const verb = linked.orphans === 1 ? 'is' : 'are';
  return `${spans} ${verb} not in this trace (missing: ${named}${more ? ' and more' : ''}). ${linked.orphans === 1 ? 'It is shown as a root' : 'They are shown as roots'}.`;
}
