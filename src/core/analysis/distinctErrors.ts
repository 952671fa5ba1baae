/**
 * How many errors the records of a trace are. An exception is recorded by each span that it leaves, by some frameworks several times on one, and
 * it is one exception nevertheless. Problems counts all records of a trace; CodeLens and hovers those of one function, and its failures
 * without a record. All by what stands here, so that they say the same of the same.
 *
 * * Records of one type, message and place of throwing are one exception, told of at the innermost span.
 * * A record that tells only where it was recorded counts when no other of its type and message tells where it was thrown; all such ones are one.
 * * Unless calls of the same (one service, kind and name) recorded it of which none leads to another, as each item of a job does, or each try
 *   that failed alike: an exception leaves through its callers. Then each is its own. Of spans that name no parent nobody knows, and
 *   they are one.
 * * A failure without a record is one, unless a call right below failed too, which passed it on, or one above it recorded what it ended with.
 */

import type { SpanBatch } from '../model/batch';

/**
 * How surely a record tells where its exception was thrown. `thrown`: by the stack of the exception. `recorded`: a stack or `code.*` of
 * whoever recorded it, so the same error has another one on each span that it passes. `library`: by no line of the user's. `none`: not at all.
 */
export type Placing = 'thrown' | 'recorded' | 'library' | 'none';

/** An exception as one span recorded it. */
export interface ThrownRecord {
  /** Of type and message: within a trace, two that differ have different ones for all purposes. */
  readonly hash: number;
  readonly placing: Placing;
  /** The same for records of one place. */
  readonly place: string | number;
}

/** What is read of the batch that a span is in. */
export type SpanColumns = Pick<
  SpanBatch,
  'spanId' | 'parentSpanId' | 'start' | 'durationNs' | 'kind' | 'name' | 'resource' | 'resources' | 'strings'
>;

/** A span: a row of its columns. */
export interface SpanAt {
  readonly source: SpanColumns;
  readonly row: number;
}

/** A call that failed, or that recorded exceptions, whatever its status is. */
export interface FailedCall<R extends ThrownRecord> extends SpanAt {
  readonly records: readonly R[];
}

/** An error, and the call that stands for it: with a record an exception, else a failure by its status alone. */
export interface DistinctError<C, R> {
  readonly call: C;
  readonly record: R | undefined;
}

/** Calls between a failure and the one that recorded it. */
const MAX_STEPS = 64;
const rank: Readonly<Record<Placing, number>> = { thrown: 3, recorded: 2, library: 1, none: 0 };

/** The errors of calls that are all of one trace. */
export function errorsInTrace<R extends ThrownRecord, C extends FailedCall<R>>(
  calls: readonly C[],
): readonly DistinctError<C, R>[] {
  if (calls.length === 1 && calls[0].records.length <= 1) return [{ call: calls[0], record: calls[0].records[0] }];
  const recorded = calls.flatMap((call) => call.records.map((record) => recordOf(call, record)));
  const exceptions = distinctExceptions(recorded, ({ call }) => call);
  const failures = failuresAlone(calls).map((call) => ({ call, record: undefined }));
  const all = [...exceptions.map(({ call, record }) => ({ call, record })), ...failures];
  // Calls that are each other's parents leave nobody.
  return all.length === 0 && calls.length > 0 ? [{ call: calls[0], record: undefined }] : all;
}

/** Calls without a record that are errors of their own. */
function failuresAlone<C extends FailedCall<ThrownRecord>>(calls: readonly C[]): readonly C[] {
  const without = calls.filter(({ records }) => records.length === 0);
  if (without.length === 0) return without;
  const known = new Map(calls.map((call) => [idAt(call.source.spanId, call.row), call]));
  const passedOn = new Set<number>();
  for (const { source, row } of calls) if (hasParent(source, row)) passedOn.add(idAt(source.parentSpanId, row));
  const told = new Set<C>();
  return without.filter((call) => {
    if (passedOn.has(idAt(call.source.spanId, call.row))) return false;
    const above = recordAbove(call, known);
    if (!above || told.has(above)) return true;
    told.add(above);
    return false;
  });
}

/** The call that recorded what one right below it, or below others that failed, ended with. */
function recordAbove<C extends FailedCall<ThrownRecord>>(call: C, known: ReadonlyMap<number, C>): C | undefined {
  let at = call;
  for (let step = 0; step < MAX_STEPS && hasParent(at.source, at.row); step++) {
    const above = known.get(idAt(at.source.parentSpanId, at.row));
    if (!above) return undefined;
    if (above.records.length > 0) return above;
    at = above;
  }
  return undefined;
}

interface RecordOfCall<C, R> extends ThrownRecord {
  readonly call: C;
  readonly record: R;
}

function recordOf<C, R extends ThrownRecord>(call: C, record: R): RecordOfCall<C, R> {
  const { hash, placing, place } = record;
  return { hash, placing, place, call, record };
}

/** The records of one trace that stand for an exception each. @param spanOf undefined where it has left memory */
export function distinctExceptions<R extends ThrownRecord>(
  records: readonly R[],
  spanOf: (record: R) => SpanAt | undefined,
): readonly R[] {
  if (records.length <= 1) return records;
  const thrown = new Map<number, Map<R['place'], R[]>>();
  for (const record of records) {
    if (record.placing !== 'thrown') continue;
    const places = thrown.get(record.hash) ?? new Map<R['place'], R[]>();
    thrown.set(record.hash, places);
    collect(places, record.place, record);
  }
  const recorded = new Map<number, R[]>();
  for (const record of records)
    if (record.placing !== 'thrown' && !thrown.has(record.hash)) collect(recorded, record.hash, record);
  const same = [...[...thrown.values()].flatMap((places) => [...places.values()]), ...[...recorded.values()].map(bestPlaced)];
  return same.flatMap((group) => (group.length === 1 ? group : timesThrown(group, spanOf)));
}

function collect<K, R>(lists: Map<K, R[]>, key: K, record: R): void {
  const list = lists.get(key);
  if (list) list.push(record);
  else lists.set(key, [record]);
}

function bestPlaced<R extends ThrownRecord>(records: readonly R[]): R[] {
  const best = records.reduce((most, { placing }) => Math.max(most, rank[placing]), 0);
  return records.filter(({ placing }) => rank[placing] === best);
}

interface Known<R> extends SpanAt {
  readonly record: R;
  /** Of the span. */
  readonly id: number;
}

/** Of records of the same: one, or one of each call where calls of the same recorded it side by side. */
function timesThrown<R>(records: readonly R[], spanOf: (record: R) => SpanAt | undefined): readonly R[] {
  const spans = new Map<number, Known<R>>();
  const parents = new Set<number>();
  for (const record of records) {
    const span = spanOf(record);
    if (!span) continue;
    const { source, row } = span;
    const id = idAt(source.spanId, row);
    if (!spans.has(id)) spans.set(id, { record, source, row, id });
    if (hasParent(source, row)) parents.add(idAt(source.parentSpanId, row));
  }
  const all = [...spans.values()];
  if (all.length === 0) return [records[0]];
  const leaves = all.filter(({ id }) => !parents.has(id));
  // Spans that are each other's parents leave nobody.
  if (leaves.length === 0) return [innermost(all)];
  const calls = new Map<string, Known<R>[]>();
  for (const leaf of leaves) if (hasParent(leaf.source, leaf.row)) collect(calls, calledOf(leaf), leaf);
  let most: readonly Known<R>[] = [];
  for (const one of calls.values()) if (one.length > most.length) most = one;
  return most.length > 1 ? most.map(({ record }) => record) : [innermost(leaves)];
}

/** What was called: the same for calls of the same. */
function calledOf({ source, row }: SpanAt): string {
  const service = source.resources[source.resource[row]]?.service ?? 0;
  return `${source.kind[row]} ${source.strings.get(service)}\n${source.strings.get(source.name[row])}`;
}

/**
 * The record of the innermost span, whatever the order in which they came, of spans of which none is the parent of another. Where nothing is
 * known between two of them, the later start counts: a child begins after its parent. Clocks of whole milliseconds make many begin
 * together (JavaScript's SDK starts at `Date.now()` and measures durations finely): then the one that ended first.
 */
function innermost<R>(spans: readonly Known<R>[]): R {
  return spans.reduce((inner, span) => (isInner(span, inner) ? span : inner)).record;
}

/** Of those that began and ended together any is right, but always the same. */
function isInner(a: SpanAt & { readonly id: number }, b: SpanAt & { readonly id: number }): boolean {
  const [startA, startB] = [startAt(a), startAt(b)];
  if (startA !== startB) return startA > startB;
  const [lengthA, lengthB] = [lengthOf(a), lengthOf(b)];
  if (lengthA !== lengthB) return lengthA < lengthB;
  return a.id > b.id;
}

/** Epoch nanoseconds; a double, exact to 256 ns. */
function startAt({ source: { start }, row }: SpanAt): number {
  return start[row * 2 + 1] * 4294967296 + start[row * 2];
}

function lengthOf({ source, row }: SpanAt): number {
  const duration = source.durationNs[row];
  return Number.isNaN(duration) ? 0 : duration;
}

/** 53 bits of a span's id: within a trace as good as all of them, and no text. */
function idAt(words: Uint32Array, row: number): number {
  return (words[row * 2] & 0x1fffff) * 4294967296 + words[row * 2 + 1];
}

function hasParent({ spanId, parentSpanId }: SpanColumns, row: number): boolean {
  const [high, low] = [parentSpanId[row * 2], parentSpanId[row * 2 + 1]];
  return (high !== 0 || low !== 0) && (high !== spanId[row * 2] || low !== spanId[row * 2 + 1]);
}
