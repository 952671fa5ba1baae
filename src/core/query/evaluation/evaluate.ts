/**
 * Runs a query over the columns of one trace: the one evaluator for searches, find in a trace, and what else asks which spans match. The results are
 * Tempo's (`evaluation` says of each part where its rules come from), with these differences:
 *
 * - A span that was delivered twice is one.
 * - Where the format of the data has lost types, because all its tags are text, a text that reads as a number or a truth value is one.
 * - What Tempo answers with an error for single spans (a division by 0, `!` of a text) is no match.
 * - One element of `||` that is true is enough, whatever the others are; `2 ^ 3` is 8.
 */

import type { Steps } from '../../../base/steps';
import { gathering } from '../../analysis/gather';
import { linking, ROOT } from '../../analysis/link';
import { findingRepeated } from '../../analysis/repeated';
import type { TraceSource } from '../../analysis/sources';
import { isZeroSpanId, spanIdHex } from '../../model/ids';
import type { StringTable } from '../../model/strings';
import type { SpanTable, TraceOverview } from '../../model/table';
import type { Query, Stage } from '../query';
import type { CompiledStage, SpanSet } from './compiled';
import { Cursor, type TraceFacts, type TraceSpans } from './cursor';
import { asksStructure, hasRegExp } from './fieldNeeds';
import { haveOwnIds, NO_PARENT, parentsOf } from './spanLinks';
import { compileStages, Evaluation, unionOf } from './spanSets';
import { Structure } from './structure';

/** The sets of spans that came out of the last stage, of the spans of a trace. */
export interface Evaluated {
  readonly spans: TraceSpans;
  readonly sets: readonly SpanSet[];
}

/** A query made ready for the spans of one string table. It knows the strings that are in it now: make a new one for each search. */
export class TraceQuery {
  private readonly compiled: readonly CompiledStage[];
  private readonly asksStructure: boolean;
  /** Only one set of conditions: what came twice cannot change whether others match. */
  private readonly isPlain: boolean;
  /** One span may take long. */
  private readonly isSlow: boolean;

  constructor(stages: readonly Stage[], strings: StringTable) {
    this.compiled = compileStages(stages, strings);
    this.asksStructure = asksStructure(stages);
    this.isSlow = hasRegExp(stages);
    this.isPlain = stages.every(({ type }) => type === 'spans' || type === 'select');
  }

  /**
   * In steps; undefined: the trace does not match. All batches share the string table.
   * @throws SpanhopError `BadQuery` where the query asks for what its data does not allow (`spanSets.ts`)
   */
  *ofSources(sources: readonly TraceSource[], facts: TraceFacts): Steps<Evaluated | undefined> {
    const spans = yield* spansOf(sources);
    if (spans.count === 0) return undefined;
    if (this.asksStructure) return yield* this.ofLinked(sources, spans, facts);
    if (!this.isPlain) return yield* this.run(spans, facts, yield* repeatedIn(sources, spans), undefined);
    const found = yield* this.run(spans, facts, [], undefined);
    if (!found) return undefined;
    const repeated = yield* repeatedIn(sources, spans);
    return repeated.length === 0 ? found : yield* this.run(spans, facts, repeated, undefined);
  }

  private *ofLinked(sources: readonly TraceSource[], spans: TraceSpans, facts: TraceFacts): Steps<Evaluated | undefined> {
    const linked = yield* parentsOf(spans);
    if (linked) return yield* this.run(spans, facts, [], yield* Structure.of(linked, (span) => linked[span] === NO_PARENT));
    const all = yield* gathering(sources);
    const { parent, dropped, begun, ownParent } = yield* linking(sources, all);
    const isOwn = new Set(ownParent);
    const structure = yield* Structure.of(parent, (span) => parent[span] === ROOT && !isOwn.has(span));
    return yield* this.run(spans, facts, [...dropped, ...begun], structure);
  }

  /** In steps: of an assembled trace, whose spans are its rows. */
  *ofTable(table: SpanTable, facts: TraceFacts): Steps<Evaluated | undefined> {
    const { count, batches, batch, batchRow: row, parent } = table;
    const spans: TraceSpans = { count, batches, batch, row };
    if (!this.asksStructure) return yield* this.run(spans, facts, [], undefined);
    const isRoot = (span: number): boolean => isZeroSpanId(batches[batch[span]].parentSpanId, row[span]);
    return yield* this.run(spans, facts, [], yield* Structure.of(parent.subarray(0, count), isRoot));
  }

  private *run(
    spans: TraceSpans,
    facts: TraceFacts,
    left: readonly number[],
    structure: Structure | undefined,
  ): Steps<Evaluated | undefined> {
    const at = new Cursor(spans.batches[0]);
    at.spans = spans;
    at.facts = facts;
    at.structure = structure;
    const all = left.length === 0 ? known[spans.count] : undefined;
    const input: SpanSet = { spans: all ?? (yield* numbered(spans.count, left)), attributes: [] };
    const sets = yield* new Evaluation(at, spans, this.isSlow).run(this.compiled, input);
    return sets.length === 0 ? undefined : { spans, sets };
  }
}

/** Spans of one step. */
const SPANS = 1 << 15;
/** Of one source all spans have batch 0. */
let zeros = new Uint32Array(1 << 10);

function* spansOf(sources: readonly TraceSource[]): Steps<TraceSpans> {
  const batches = sources.map(({ batch }) => batch);
  let count = 0;
  for (const { rows } of sources) count += rows.length;
  if (sources.length === 1) {
    if (zeros.length < count) zeros = new Uint32Array(count * 2);
    return { count, batches, batch: zeros, row: sources[0].rows };
  }
  const batch = new Uint32Array(count);
  const row = new Uint32Array(count);
  let at = 0;
  for (const [index, { rows }] of sources.entries()) {
    for (let k = 0; k < rows.length; k++, at++) {
      batch[at] = index;
      row[at] = rows[k];
      if (at % SPANS === SPANS - 1) yield;
    }
  }
  return { count, batches, batch, row };
}

/** Spans that came before, or were only begun. */
function* repeatedIn(sources: readonly TraceSource[], spans: TraceSpans): Steps<readonly number[]> {
  return (yield* haveOwnIds(spans)) ? [] : yield* findingRepeated(sources, spans.count);
}

/** From 0, of small traces. */
const known: (Uint32Array | undefined)[] = [];
const FEW = 256;

/** From 0, without some. */
function* numbered(count: number, without: readonly number[]): Steps<ArrayLike<number>> {
  const skipped = new Set(without);
  const all = new Uint32Array(count - skipped.size);
  for (let span = 0, at = 0; span < count; span++) {
    if (skipped.size === 0 || !skipped.has(span)) all[at++] = span;
    if (span % SPANS === SPANS - 1) yield;
  }
  if (skipped.size === 0 && count <= FEW) known[count] = all;
  return all;
}

/** What is told of the spans that match: how many, and the ids of the first ones by start. */
export function matchedOf({ spans, sets }: Evaluated): NonNullable<TraceOverview['matched']> {
  const all = unionOf(sets);
  const first: number[] = [];
  for (let i = 0; i < all.length; i++) {
    if (first.length === MAX_IDS && !isBefore(spans, all[i], first[MAX_IDS - 1])) continue;
    let place = first.length;
    while (place > 0 && isBefore(spans, all[i], first[place - 1])) place--;
    first.splice(place, 0, all[i]);
    if (first.length > MAX_IDS) first.pop();
  }
  return { count: all.length, spanIds: first.map((span) => spanIdHex(spans.batches[spans.batch[span]].spanId, spans.row[span])) };
}

const MAX_IDS = 10;

function isBefore({ batches, batch, row }: TraceSpans, a: number, b: number): boolean {
  const first = batches[batch[a]].start;
  const second = batches[batch[b]].start;
  const high = first[row[a] * 2 + 1] - second[row[b] * 2 + 1];
  return high < 0 || (high === 0 && first[row[a] * 2] < second[row[b] * 2]);
}

/** Whether a trace overlaps the time range of a query. */
export function overlaps(
  query: Pick<Query, 'startUnixNano' | 'endUnixNano'>,
  trace: Pick<TraceFacts, 'startUnixNano' | 'durationNs'>,
): boolean {
  if (query.endUnixNano !== undefined && trace.startUnixNano > query.endUnixNano) return false;
  return query.startUnixNano === undefined || trace.startUnixNano + BigInt(Math.round(trace.durationNs)) >= query.startUnixNano;
}
