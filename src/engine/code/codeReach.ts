/**
 * Which spans lead to some calls, or which these make: up and down the trees of their traces, summed up by service, kind and name. One trace
 * at a time is linked, the one with the latest call first, until a budget is used up; the answer says of how many calls it is.
 */

import type { Slices } from '../../base/slices';
import { inSlices } from '../../base/steps';
import { KIND_CLIENT, KIND_CONSUMER, KIND_PRODUCER, KIND_SERVER, type SpanBatch, STATUS_ERROR } from '../../core/model/batch';
import { spanIdHex, traceIdHex } from '../../core/model/ids';
import type { CodeReach, ReachedSpan } from '../../protocol/code';
import { LinkedTrace } from '../store/linkedTrace';
import type { CallInTrace, CodeService } from './codeService';
import { unionNs } from './intervals';

export interface ReachBudget {
  /** Spans of all traces that are linked. */
  readonly spans: number;
  readonly ms: number;
}

export type Direction = 'callers' | 'callees';

/** Ancestors of one call that are told of, beside the topmost. */
const MAX_STEPS = 64;
/** Kinds of spans that are kept apart. */
const MAX_KINDS = 1_000;
const MAX_TOLD = 100;

interface Reached {
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  spans: number;
  calls: number;
  errors: number;
  distance: number;
  entry: number;
  timeNs: number;
  sample: ReachedSpan['sample'];
  sampleStart: number;
}

/** @param own places of the calls: a caller that is one of them is the function itself */
export async function reachOf(
  calls: readonly CallInTrace[],
  direction: Direction,
  own: ReadonlySet<number>,
  code: Pick<CodeService, 'placeOf'>,
  budget: ReachBudget,
  slices: Slices,
): Promise<CodeReach> {
  const walk = new Walk(own, code);
  const until = performance.now() + budget.ms;
  let spans = 0;
  for (const ofTrace of byTrace(calls)) {
    const [{ dataset, slot }] = ofTrace;
    if (performance.now() > until) break;
    if (slices.due) await slices.pause();
    const count = dataset.store.spanCount[slot];
    if (spans + count > budget.spans) continue;
    spans += count;
    const trace = await inSlices(LinkedTrace.of(dataset.store, slot), slices);
    if (direction === 'callers') walk.up(trace, ofTrace);
    else walk.down(trace, ofTrace);
  }
  return walk.result(calls.length);
}

/** Calls of each trace, traces in the order of their first call here. */
function byTrace(calls: readonly CallInTrace[]): Iterable<readonly CallInTrace[]> {
  const all = new Map<string, CallInTrace[]>();
  for (const call of calls) {
    const key = `${call.dataset.name}\n${call.slot}`;
    const known = all.get(key);
    if (known) known.push(call);
    else all.set(key, [call]);
  }
  return all.values();
}

class Walk {
  private readonly reached = new Map<string, Reached>();
  private readonly refused = new Set<string>();
  private calls = 0;
  private durationNs = 0;

  constructor(
    private readonly own: ReadonlySet<number>,
    private readonly code: Pick<CodeService, 'placeOf'>,
  ) {}

  up(trace: LinkedTrace, calls: readonly CallInTrace[]): void {
    const counted = new Set<number>();
    for (const call of calls) {
      const start = this.begin(trace, call);
      if (start < 0) continue;
      const root = trace.root(start);
      const seen = new Set<Reached>();
      let distance = 0;
      const note = (span: number): void => {
        if (span === start || this.isOwn(trace, span)) return;
        const one = this.of(trace, span, call);
        if (!one) return;
        if (!counted.has(span)) one.spans++;
        counted.add(span);
        if (span === root) one.entry++;
        if (seen.has(one)) return;
        seen.add(one);
        one.calls++;
        if (call.error) one.errors++;
        one.distance = Math.min(one.distance, distance);
      };
      const last = Math.min(MAX_STEPS, trace.count);
      let at = trace.parent[start];
      for (distance = 1; at >= 0 && distance <= last; distance++) {
        note(at);
        if (at === root) break;
        at = trace.parent[at];
      }
      if (distance > last) note(root);
    }
  }

  down(trace: LinkedTrace, calls: readonly CallInTrace[]): void {
    /** Call of each span that is one, or was made by one to leave its process. */
    const callOf = new Map<number, CallInTrace>();
    for (const call of calls) {
      const span = this.begin(trace, call);
      if (span >= 0) callOf.set(span, call);
    }
    const counted = new Set<number>();
    const times = new Map<Reached, Map<CallInTrace, number[]>>();
    const note = (span: number, call: CallInTrace, distance: number): void => {
      const one = this.of(trace, span, call);
      if (!one) return;
      // A call that calls itself makes some spans twice: as its child's, and through its child.
      if (!counted.has(span)) {
        one.spans++;
        if (trace.batch(span).status[trace.row(span)] === STATUS_ERROR) one.errors++;
      }
      counted.add(span);
      one.distance = Math.min(one.distance, distance);
      let ofCalls = times.get(one);
      if (!ofCalls) {
        ofCalls = new Map();
        times.set(one, ofCalls);
      }
      const { startNs, durationNs } = trace.all;
      const interval = [startNs[span], startNs[span] + durationNs[span]];
      const known = ofCalls.get(call);
      if (known) known.push(...interval);
      else ofCalls.set(call, interval);
    };
    const leaving = new Map<number, CallInTrace>();
    this.children(trace, callOf, (span, call) => {
      note(span, call, 1);
      const kind = trace.batch(span).kind[trace.row(span)];
      if (kind === KIND_CLIENT || kind === KIND_PRODUCER) leaving.set(span, call);
    });
    // What answered in another process is what was called.
    this.children(trace, leaving, (span, call) => {
      const kind = trace.batch(span).kind[trace.row(span)];
      if (kind === KIND_SERVER || kind === KIND_CONSUMER) note(span, call, 2);
    });
    for (const [one, ofCalls] of times) {
      for (const [call, intervals] of ofCalls) {
        const span = trace.find(call.batch, call.row);
        const from = trace.all.startNs[span];
        one.calls++;
        one.timeNs += unionNs(intervals, from, from + trace.all.durationNs[span]);
      }
    }
  }

  result(of: number): CodeReach {
    const all = [...this.reached.values()].sort((a, b) => b.calls - a.calls || a.distance - b.distance);
    return {
      calls: this.calls,
      of,
      durationNs: this.durationNs,
      spans: all.slice(0, MAX_TOLD).map(({ sampleStart: _, ...one }) => one),
      more: Math.max(0, all.length - MAX_TOLD) + this.refused.size,
    };
  }

  /** Counts a call; its span in the trace, or -1 where it has left memory or was delivered twice. */
  private begin(trace: LinkedTrace, call: CallInTrace): number {
    const span = trace.find(call.batch, call.row);
    // Negative beside root and orphan: the same span came before.
    if (span < 0 || trace.parent[span] < -2) return -1;
    this.calls++;
    this.durationNs += trace.all.durationNs[span];
    return span;
  }

  private children(
    trace: LinkedTrace,
    parents: ReadonlyMap<number, CallInTrace>,
    each: (span: number, call: CallInTrace) => void,
  ): void {
    if (parents.size === 0) return;
    for (let span = 0; span < trace.count; span++) {
      const call = trace.parent[span] < 0 ? undefined : parents.get(trace.parent[span]);
      if (call) each(span, call);
    }
  }

  private isOwn(trace: LinkedTrace, span: number): boolean {
    return this.own.has(this.code.placeOf(trace.batch(span), trace.row(span)));
  }

  private of(trace: LinkedTrace, span: number, { dataset }: CallInTrace): Reached | undefined {
    const batch = trace.batch(span);
    const row = trace.row(span);
    const service = batch.strings.get(batch.resources[batch.resource[row]].service);
    const name = batch.strings.get(batch.name[row]);
    const kind = batch.kind[row];
    const key = `${kind} ${service}\n${name}`;
    const start = startOf(batch, row);
    const sample = (): ReachedSpan['sample'] => ({
      dataset: dataset.name,
      traceId: traceIdHex(batch.traceId, row),
      spanId: spanIdHex(batch.spanId, row),
    });
    const known = this.reached.get(key);
    if (known) {
      if (start > known.sampleStart) {
        known.sample = sample();
        known.sampleStart = start;
      }
      return known;
    }
    if (this.reached.size >= MAX_KINDS) {
      if (this.refused.size < MAX_KINDS) this.refused.add(key);
      return undefined;
    }
    const one: Reached = {
      service,
      name,
      kind,
      spans: 0,
      calls: 0,
      errors: 0,
      distance: Number.POSITIVE_INFINITY,
      entry: 0,
      timeNs: 0,
      sample: sample(),
      sampleStart: start,
    };
    this.reached.set(key, one);
    return one;
  }
}

function startOf({ start }: SpanBatch, row: number): number {
  return start[row * 2 + 1] * 4294967296 + start[row * 2];
}
