/** Whether what was written is what was read: spans are compared by a sum, for they are grouped by resource and scope when they are written. */

import type { SpanBatch } from '../../core/model/batch';

/** Whether the batches hold as many spans, attributes, events and links, and spans of the same ids, times, kinds and states. */
export function holdSameSpans(some: readonly SpanBatch[], others: readonly SpanBatch[]): boolean {
  const [a, b] = [sumOf(some), sumOf(others)];
  return a.every((value, i) => value === b[i]);
}

function sumOf(batches: readonly SpanBatch[]): readonly number[] {
  let [spans, attributes, events, links, sum] = [0, 0, 0, 0, 0];
  for (const batch of batches) {
    spans += batch.count;
    events += batch.events.count;
    links += batch.links.count;
    for (let row = 0; row < batch.count; row++) {
      attributes += batch.attributeEnd[row] - batch.attributeStart[row];
      sum = (sum + hashOf(batch, row)) >>> 0;
    }
  }
  return [spans, attributes, events, links, sum];
}

function hashOf({ traceId, spanId, parentSpanId, start, kind, status }: SpanBatch, row: number): number {
  let hash = kind[row] * 8 + status[row];
  const mix = (word: number): void => {
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  };
  for (let i = 0; i < 4; i++) mix(traceId[row * 4 + i]);
  for (let i = 0; i < 2; i++) {
    mix(spanId[row * 2 + i]);
    mix(parentSpanId[row * 2 + i]);
    mix(start[row * 2 + i]);
  }
  return hash >>> 0;
}
