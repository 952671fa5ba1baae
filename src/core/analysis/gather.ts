/** First step of assembling: the spans of all sources in one row of columns, in the order of input. */

import { STEP_ROWS, type Steps } from '../../base/steps';
import { BATCH_NO_END, BATCH_SHARED, KIND_CLIENT, KIND_SERVER } from '../model/batch';
import { findingEarliestStart, offsetNs, type TraceSource, type Words, withoutStart } from './sources';

/** Why a span's time was repaired. */
export const TIME_NEGATIVE = 1;
export const TIME_NO_START = 2;
export const TIME_RUNNING = 4;
/** Neither its start nor its end is known. */
export const TIME_NONE = 8;

export interface Gathered {
  readonly count: number;
  /** Epoch nanoseconds that `startNs` counts from. */
  readonly origin: Words;
  /** Index of the source, and row of its batch. */
  readonly source: Uint32Array;
  readonly row: Uint32Array;
  readonly idHigh: Uint32Array;
  readonly idLow: Uint32Array;
  readonly parentHigh: Uint32Array;
  readonly parentLow: Uint32Array;
  readonly startNs: Float64Array;
  /** Never negative. */
  readonly durationNs: Float64Array;
  /** TIME_… bits. */
  readonly time: Uint8Array;
}

/**
 * In steps. Negative durations become 0. A span without a start is put where it ended, or at the trace's start when it has no end either,
 * and has the length that the data says, or none. A span without an end has a duration of 0.
 */
export function* gathering(sources: readonly TraceSource[]): Steps<Gathered> {
  let count = 0;
  for (const source of sources) count += source.rows.length;
  const origin = yield* findingEarliestStart(sources);
  const source = new Uint32Array(count);
  const row = new Uint32Array(count);
  const idHigh = new Uint32Array(count);
  const idLow = new Uint32Array(count);
  const parentHigh = new Uint32Array(count);
  const parentLow = new Uint32Array(count);
  const startNs = new Float64Array(count);
  const durationNs = new Float64Array(count);
  const time = new Uint8Array(count);
  /** Rows `[begin, end)` of source `s`, from place `to` on. */
  const copy = (s: number, begin: number, end: number, to: number): void => {
    const { batch, rows } = sources[s];
    for (let k = begin, at = to; k < end; k++, at++) {
      const from = rows[k];
      source[at] = s;
      row[at] = from;
      idHigh[at] = batch.spanId[from * 2];
      idLow[at] = batch.spanId[from * 2 + 1];
      parentHigh[at] = batch.parentSpanId[from * 2];
      parentLow[at] = batch.parentSpanId[from * 2 + 1];
      const low = batch.start[from * 2];
      const high = batch.start[from * 2 + 1];
      const duration = batch.durationNs[from];
      const known = (low === 0 && high === 0) || Number.isNaN(duration) ? withoutStart(batch, from, origin) : undefined;
      if (known) {
        time[at] = known.hasEnd ? TIME_NO_START : TIME_NO_START | TIME_NONE;
        startNs[at] = known.startNs;
        durationNs[at] = known.durationNs;
      } else {
        startNs[at] = offsetNs(high, low, origin);
        if ((batch.flags[from] & BATCH_NO_END) !== 0) time[at] = TIME_RUNNING;
        else if (duration < 0) time[at] = TIME_NEGATIVE;
        else durationNs[at] = duration;
      }
    }
  };
  let at = 0;
  let pause = STEP_ROWS;
  for (let s = 0; s < sources.length; s++) {
    const { length } = sources[s].rows;
    for (let begin = 0; begin < length; begin += STEP_ROWS) {
      const end = Math.min(begin + STEP_ROWS, length);
      copy(s, begin, end, at);
      at += end - begin;
      if (at < pause) continue;
      pause = at + STEP_ROWS;
      yield;
    }
  }
  return { count, origin, source, row, idHigh, idLow, parentHigh, parentLow, startNs, durationNs, time };
}

/** The second of two spans with one id is the first again: delivered twice. */
export function isSameSpan(sources: readonly TraceSource[], all: Gathered, a: number, b: number): boolean {
  const first = sources[all.source[a]].batch;
  const second = sources[all.source[b]].batch;
  const i = all.row[a];
  const j = all.row[b];
  return (
    beganAlike(sources, all, a, b) &&
    all.durationNs[a] === all.durationNs[b] &&
    all.time[a] === all.time[b] &&
    first.status[i] === second.status[j] &&
    (first.flags[i] & BATCH_SHARED) === (second.flags[j] & BATCH_SHARED) &&
    first.attributeEnd[i] - first.attributeStart[i] === second.attributeEnd[j] - second.attributeStart[j] &&
    first.eventEnd[i] - first.eventStart[i] === second.eventEnd[j] - second.eventStart[j]
  );
}

/** The span `a`, which runs, is `b` as it was when it began, or as it was earlier where `b` runs too. Its name may be another one by now. */
export function isBeginningOf(sources: readonly TraceSource[], all: Gathered, a: number, b: number): boolean {
  return (all.time[a] & TIME_RUNNING) !== 0 && ((all.time[b] & TIME_RUNNING) === 0 || a < b) && isOneSpan(sources, all, a, b);
}

/** What of a span is the same all its life, beside its id. */
function isOneSpan(sources: readonly TraceSource[], all: Gathered, a: number, b: number): boolean {
  const first = sources[all.source[a]].batch;
  const second = sources[all.source[b]].batch;
  return (
    all.startNs[a] === all.startNs[b] &&
    all.parentHigh[a] === all.parentHigh[b] &&
    all.parentLow[a] === all.parentLow[b] &&
    first.kind[all.row[a]] === second.kind[all.row[b]] &&
    first.resources[first.resource[all.row[a]]].service === second.resources[second.resource[all.row[b]]].service
  );
}

/** All that a span has when it begins is the same. */
function beganAlike(sources: readonly TraceSource[], all: Gathered, a: number, b: number): boolean {
  const first = sources[all.source[a]].batch;
  const second = sources[all.source[b]].batch;
  return isOneSpan(sources, all, a, b) && first.name[all.row[a]] === second.name[all.row[b]];
}

/** Two spans with one id are the client's and the server's half of one call, as Zipkin's B3 propagation reports them. Which is the server's? */
export function serverHalf(sources: readonly TraceSource[], all: Gathered, a: number, b: number): number {
  const first = sources[all.source[a]].batch;
  const second = sources[all.source[b]].batch;
  const i = all.row[a];
  const j = all.row[b];
  const firstShared = (first.flags[i] & BATCH_SHARED) !== 0;
  const secondShared = (second.flags[j] & BATCH_SHARED) !== 0;
  if (firstShared !== secondShared) return firstShared ? a : b;
  if (first.resources[first.resource[i]].service === second.resources[second.resource[j]].service) return -1;
  if (first.kind[i] === KIND_CLIENT && second.kind[j] === KIND_SERVER) return b;
  if (first.kind[i] === KIND_SERVER && second.kind[j] === KIND_CLIENT) return a;
  return -1;
}
