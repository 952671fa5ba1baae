/**
 * Programs that send each span by itself would make a batch of thirty arrays for each: ten times the memory of the span. So small
 * batches are decoded again, many at once: their requests joined are one request (protobuf: repeated fields of concatenated
 * messages add up; source: protobuf.dev, "Encoding", "Last One Wins"), with the same spans in the same order.
 */

import { SpanhopError } from '../../base/errors';
import { decodeBytes } from '../../core/format/format';
import type { SpanBatch } from '../../core/model/batch';
import type { Dataset } from '../store/dataset';
import { joined } from '../store/encodeSpans';
import type { StoredBatch } from '../store/storedBatch';

/** Batches of fewer spans are small. */
const SMALL = 128;
/** Requests of more bytes stay by themselves: a batch may have left memory while it waits here, with all of its request. */
const SMALL_BYTES = 1 << 16;
/** So many small ones become one. */
const TOGETHER = 256;

export class SmallBatches {
  private waiting: StoredBatch[] = [];

  /** Takes note of a batch whose `blob` is the request that it came in. Now and then, joins those noted before. */
  note(dataset: Dataset, stored: StoredBatch): void {
    if (stored.batch.count >= SMALL || stored.batch.blob.buffer.byteLength > SMALL_BYTES) return;
    this.waiting.push(stored);
    if (this.waiting.length < TOGETHER) return;
    const here = this.waiting.filter((one) => dataset.store.has(one) && one.capture === stored.capture);
    this.waiting = [];
    if (here.length < 2) return;
    const bytes = joined(here.map(({ batch }) => batch.blob));
    const batches = decoded(bytes, dataset);
    if (batches.length === 1 && hasSpansOf(batches[0], here)) dataset.store.merge(here, batches[0]);
  }
}

/** None where the requests were each small enough to be as odd as they were, and are too odd together: then they stay as they are. */
function decoded(bytes: Uint8Array, { strings }: Dataset): readonly SpanBatch[] {
  try {
    return decodeBytes(bytes, { strings, format: 'otlp-proto' }).batches;
  } catch (error) {
    if (error instanceof SpanhopError && error.kind === 'TooLarge') return [];
    throw error;
  }
}

/** Belt and braces: rows are found by their numbers, so these must be the same spans in the same order. */
function hasSpansOf(batch: SpanBatch, parts: readonly StoredBatch[]): boolean {
  let offset = 0;
  for (const part of parts) {
    const { traceId, spanId, count } = part.batch;
    for (let i = 0; i < count * 4; i++) if (batch.traceId[offset * 4 + i] !== traceId[i]) return false;
    for (let i = 0; i < count * 2; i++) if (batch.spanId[offset * 2 + i] !== spanId[i]) return false;
    offset += count;
  }
  return offset === batch.count;
}
