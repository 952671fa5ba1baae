/**
 * Who calls whom, out of traces: a span whose parent is of another service is a call between the two. What reports nothing of itself (a database, a
 * service of others) is known by the calls that end there, where they name it with `peer.service`.
 * Source: OpenTelemetry semantic conventions, "General remote service attributes"; a call fails where either end of it says so, as in Tempo's service graph.
 */

import { STEP_ROWS, type Steps } from '../../base/steps';
import { KIND_CLIENT, KIND_PRODUCER, type SpanBatch, STATUS_ERROR } from '../model/batch';
import { readValue } from '../model/values';
import { DROPPED } from './link';

export interface ServiceCall {
  readonly parent: string;
  readonly child: string;
  readonly calls: number;
  /** Of the calls. */
  readonly errors: number;
}

/** A trace whose spans know their parents. */
export interface CallingSpans {
  readonly count: number;
  /** As `linking` tells it. */
  readonly parent: Int32Array;
  batch(span: number): SpanBatch;
  row(span: number): number;
}

/** Pairs of services: more than this are not drawn by anybody. */
const MAX_PAIRS = 10_000;
const PEER = 'peer.service';

export class ServiceCalls {
  private readonly pairs = new Map<string, { readonly parent: string; readonly child: string; calls: number; errors: number }>();

  /** Counts the calls of a trace, in steps. */
  *adding(trace: CallingSpans): Steps<void> {
    const { count, parent } = trace;
    /** Spans whose call is counted by what was called. */
    const answered = new Uint8Array(count);
    for (let span = 0; span < count; span++) {
      if (span % STEP_ROWS === STEP_ROWS - 1) yield;
      const above = parent[span];
      if (above < 0) continue;
      const caller = serviceOf(trace, above);
      const called = serviceOf(trace, span);
      if (caller === called || caller === '' || called === '') continue;
      answered[above] = 1;
      this.count(caller, called, hasFailed(trace, span) || (isOutgoing(trace, above) && hasFailed(trace, above)));
    }
    for (let span = 0; span < count; span++) {
      if (span % STEP_ROWS === STEP_ROWS - 1) yield;
      if (answered[span] === 1 || parent[span] === DROPPED || !isOutgoing(trace, span)) continue;
      const caller = serviceOf(trace, span);
      const called = peerOf(trace.batch(span), trace.row(span));
      if (caller !== '' && called !== '' && caller !== called) this.count(caller, called, hasFailed(trace, span));
    }
  }

  /** Those with the most calls first. */
  all(): ServiceCall[] {
    return [...this.pairs.values()].sort((a, b) => b.calls - a.calls || compare(a.parent, b.parent) || compare(a.child, b.child));
  }

  private count(parent: string, child: string, failed: boolean): void {
    const key = JSON.stringify([parent, child]);
    let pair = this.pairs.get(key);
    if (!pair) {
      if (this.pairs.size === MAX_PAIRS) return;
      pair = { parent, child, calls: 0, errors: 0 };
      this.pairs.set(key, pair);
    }
    pair.calls++;
    if (failed) pair.errors++;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function serviceOf(trace: CallingSpans, span: number): string {
  const batch = trace.batch(span);
  return batch.strings.get(batch.resources[batch.resource[trace.row(span)]].service);
}

function hasFailed(trace: CallingSpans, span: number): boolean {
  return trace.batch(span).status[trace.row(span)] === STATUS_ERROR;
}

function isOutgoing(trace: CallingSpans, span: number): boolean {
  const kind = trace.batch(span).kind[trace.row(span)];
  return kind === KIND_CLIENT || kind === KIND_PRODUCER;
}

/** The service at the other end, as the span names it. */
function peerOf(batch: SpanBatch, row: number): string {
  const key = batch.strings.find(PEER);
  if (key < 0) return '';
  for (let at = batch.attributeStart[row]; at < batch.attributeEnd[row]; at++) {
    if (batch.attributes.key[at] !== key) continue;
    const value = readValue(batch, at);
    return typeof value === 'string' ? value : '';
  }
  return '';
}
