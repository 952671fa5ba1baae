/** The span that is looked at, and what conditions are compiled into. */

import type { SpanBatch } from '../../model/batch';
import type { TraceOverview } from '../../model/table';
import type { Static } from './statics';
import type { Structure } from './structure';

/** What conditions on a whole trace look at (`rootName`, `traceDuration`, …). */
export type TraceFacts = Pick<TraceOverview, 'traceId' | 'rootName' | 'rootService' | 'durationNs' | 'startUnixNano'>;

/** The spans of one trace, numbered from 0. All batches share one string table. */
export interface TraceSpans {
  readonly count: number;
  readonly batches: readonly SpanBatch[];
  /** Per span: index of its batch, and its row there. */
  readonly batch: ArrayLike<number>;
  readonly row: ArrayLike<number>;
}

/** One for a whole search, moved from span to span: nothing is made for a span that is looked at. */
export class Cursor {
  batch: SpanBatch;
  row = 0;
  span = 0;
  /** Row of the event, of the link that conditions are about; -1: of any. */
  event = -1;
  link = -1;
  /** Only while whole traces are looked at, and only where the query asks for them. */
  spans: TraceSpans | undefined;
  facts: TraceFacts | undefined;
  structure: Structure | undefined;

  constructor(batch: SpanBatch) {
    this.batch = batch;
  }

  /** To another span of the trace. */
  move(span: number, { batches, batch, row }: TraceSpans): void {
    this.batch = batches[batch[span]];
    this.row = row[span];
    this.span = span;
  }
}

/** A condition on the span at the cursor. It may move the cursor, and puts it back. */
export type Test = (at: Cursor) => boolean;

/** A value of the span at the cursor. */
export type Read = (at: Cursor) => Static;

/** Compared by identity: what is never or always so needs no look at a span. */
export const never: Test = () => false;
export const always: Test = () => true;
