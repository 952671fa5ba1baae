/** What a batch takes in memory. Its columns are its own; its value bytes may be shared with other batches of the same input. */

import type { SpanBatch } from '../../core/model/batch';

/** Bytes for the batch's objects: about thirty typed arrays with their buffers (measured on Node 20 and 24). */
const OBJECTS = 6_000;

/** Bytes of a batch's columns, whole backing buffers counted, without its value bytes. */
export function bytesOf(batch: SpanBatch): number {
  const { attributes, events, links } = batch;
  let bytes = OBJECTS;
  for (const column of [
    batch.traceId,
    batch.spanId,
    batch.parentSpanId,
    batch.start,
    batch.durationNs,
    batch.name,
    batch.kind,
    batch.status,
    batch.statusMessage,
    batch.flags,
    batch.traceState,
    batch.resource,
    batch.scope,
    batch.attributeStart,
    batch.attributeEnd,
    batch.eventStart,
    batch.eventEnd,
    batch.linkStart,
    batch.linkEnd,
    attributes.key,
    attributes.type,
    attributes.number,
    attributes.length,
    events.name,
    events.time,
    events.attributeStart,
    events.attributeEnd,
    links.traceId,
    links.spanId,
    links.attributeStart,
    links.attributeEnd,
  ]) {
    bytes += column.buffer.byteLength;
  }
  return bytes;
}

/** Counts each backing buffer once, however many batches look into it. */
export class SharedBytes {
  private readonly users = new Map<ArrayBufferLike, number>();
  bytes = 0;

  retain(buffer: ArrayBufferLike): void {
    const users = this.users.get(buffer) ?? 0;
    if (users === 0) this.bytes += buffer.byteLength;
    this.users.set(buffer, users + 1);
  }

  release(buffer: ArrayBufferLike): void {
    const users = this.users.get(buffer) ?? 0;
    if (users > 1) {
      this.users.set(buffer, users - 1);
    } else if (users === 1) {
      this.users.delete(buffer);
      this.bytes -= buffer.byteLength;
    }
  }
}
