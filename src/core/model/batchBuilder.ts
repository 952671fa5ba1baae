/** Columns under construction (`batch.ts`): what decoders write. */

import type { AttributeColumns, Dropped, RareFields, Resource, Scope, SpanBatch } from './batch';
import type { StringTable } from './strings';

/** Numbers of rows at some moment. */
export interface BatchMark {
  readonly spans: number;
  readonly attributes: number;
  readonly events: number;
  readonly links: number;
}

/** What a span without a resource, or without a scope, has. */
export const NO_RESOURCE: Resource = { service: 0, attributeStart: 0, attributeEnd: 0 };
export const NO_SCOPE: Scope = { name: 0, version: 0, attributeStart: 0, attributeEnd: 0 };

function grown32(array: Uint32Array, size: number): Uint32Array {
  const next = new Uint32Array(size);
  next.set(array);
  return next;
}

function grown8(array: Uint8Array, size: number): Uint8Array {
  const next = new Uint8Array(size);
  next.set(array);
  return next;
}

function grown64(array: Float64Array, size: number): Float64Array {
  const next = new Float64Array(size);
  next.set(array);
  return next;
}

/** Bytes of a row, in all of its columns. */
const SPAN_BYTES = 98;
const ATTRIBUTE_BYTES = 17;
const EVENT_BYTES = 20;
const LINK_BYTES = 32;

/**
 * Growing columns. Decoders call `span()`, `attribute()`, … and write the cells of the row that they got; hot loops may write the
 * arrays directly after `reserve…`. Attributes of one owner must be added in one run.
 */
export class BatchBuilder {
  blob: Uint8Array;
  count = 0;
  traceId: Uint32Array;
  spanId: Uint32Array;
  parentSpanId: Uint32Array;
  start: Uint32Array;
  durationNs: Float64Array;
  name: Uint32Array;
  kind: Uint8Array;
  status: Uint8Array;
  statusMessage: Uint32Array;
  flags: Uint32Array;
  traceState: Uint32Array;
  resource: Uint32Array;
  scope: Uint32Array;
  attributeStart: Uint32Array;
  attributeEnd: Uint32Array;
  eventStart: Uint32Array;
  eventEnd: Uint32Array;
  linkStart: Uint32Array;
  linkEnd: Uint32Array;

  attributeCount = 0;
  attributeKey: Uint32Array;
  attributeType: Uint8Array;
  attributeNumber: Float64Array;
  attributeLength: Uint32Array;

  eventCount = 0;
  eventName: Uint32Array = new Uint32Array(64);
  eventTime: Uint32Array = new Uint32Array(128);
  eventAttributeStart: Uint32Array = new Uint32Array(64);
  eventAttributeEnd: Uint32Array = new Uint32Array(64);

  linkCount = 0;
  linkTraceId: Uint32Array = new Uint32Array(64);
  linkSpanId: Uint32Array = new Uint32Array(32);
  linkAttributeStart: Uint32Array = new Uint32Array(16);
  linkAttributeEnd: Uint32Array = new Uint32Array(16);

  /** The first of each is none, so that a row for which nothing is written never has another's. */
  readonly resources: Resource[] = [NO_RESOURCE];
  readonly scopes: Scope[] = [NO_SCOPE];

  private readonly dropped = new Map<number, Dropped>();
  private readonly eventDropped = new Map<number, number>();
  private readonly linkFields = new Map<
    number,
    { readonly traceState: number; readonly flags: number; readonly dropped: number }
  >();

  /**
   * @param strings table that names go into; shared by all batches of a dataset
   * @param blob the input's bytes; may be set later, before `finish`
   * @param expectedSpans rows to reserve
   */
  constructor(
    readonly strings: StringTable,
    blob: Uint8Array = new Uint8Array(0),
    expectedSpans = 256,
  ) {
    const n = Math.max(16, expectedSpans);
    this.blob = blob;
    this.traceId = new Uint32Array(n * 4);
    this.spanId = new Uint32Array(n * 2);
    this.parentSpanId = new Uint32Array(n * 2);
    this.start = new Uint32Array(n * 2);
    this.durationNs = new Float64Array(n);
    this.name = new Uint32Array(n);
    this.kind = new Uint8Array(n);
    this.status = new Uint8Array(n);
    this.statusMessage = new Uint32Array(n);
    this.flags = new Uint32Array(n);
    this.traceState = new Uint32Array(n);
    this.resource = new Uint32Array(n);
    this.scope = new Uint32Array(n);
    this.attributeStart = new Uint32Array(n);
    this.attributeEnd = new Uint32Array(n);
    this.eventStart = new Uint32Array(n);
    this.eventEnd = new Uint32Array(n);
    this.linkStart = new Uint32Array(n);
    this.linkEnd = new Uint32Array(n);
    this.attributeKey = new Uint32Array(n * 8);
    this.attributeType = new Uint8Array(n * 8);
    this.attributeNumber = new Float64Array(n * 8);
    this.attributeLength = new Uint32Array(n * 8);
  }

  /** Adds a row of zeros and returns its index. Its attribute, event and link ranges are empty at the present ends. */
  span(): number {
    const row = this.count++;
    if (row >= this.name.length) this.growSpans(row + 1);
    this.attributeStart[row] = this.attributeCount;
    this.attributeEnd[row] = this.attributeCount;
    this.eventStart[row] = this.eventCount;
    this.eventEnd[row] = this.eventCount;
    this.linkStart[row] = this.linkCount;
    this.linkEnd[row] = this.linkCount;
    return row;
  }

  attribute(key: number, type: number, number: number, length: number): void {
    const row = this.attributeCount++;
    if (row >= this.attributeKey.length) this.growAttributes(row + 1);
    this.attributeKey[row] = key;
    this.attributeType[row] = type;
    this.attributeNumber[row] = number;
    this.attributeLength[row] = length;
  }

  /** Appends copies of attribute rows `[start, end)`, for an owner whose attributes came in two runs. */
  repeatAttributes(start: number, end: number): void {
    for (let row = start; row < end; row++) {
      this.attribute(this.attributeKey[row], this.attributeType[row], this.attributeNumber[row], this.attributeLength[row]);
    }
  }

  /** Adds an event row (time in two words) whose attributes, added next, start here; set `eventAttributeEnd` after them. */
  event(name: number, timeLow: number, timeHigh: number): number {
    const row = this.eventCount++;
    if (row >= this.eventName.length) {
      const size = this.eventName.length * 2;
      this.onGrow(this.byteLength + (size - row) * EVENT_BYTES);
      this.eventName = grown32(this.eventName, size);
      this.eventTime = grown32(this.eventTime, size * 2);
      this.eventAttributeStart = grown32(this.eventAttributeStart, size);
      this.eventAttributeEnd = grown32(this.eventAttributeEnd, size);
    }
    this.eventName[row] = name;
    this.eventTime[row * 2] = timeLow;
    this.eventTime[row * 2 + 1] = timeHigh;
    this.eventAttributeStart[row] = this.attributeCount;
    this.eventAttributeEnd[row] = this.attributeCount;
    return row;
  }

  /** Adds a link row with zero ids; the caller writes `linkTraceId`, `linkSpanId` and, after its attributes, `linkAttributeEnd`. */
  link(): number {
    const row = this.linkCount++;
    if (row >= this.linkAttributeStart.length) {
      const size = this.linkAttributeStart.length * 2;
      this.onGrow(this.byteLength + (size - row) * LINK_BYTES);
      this.linkTraceId = grown32(this.linkTraceId, size * 4);
      this.linkSpanId = grown32(this.linkSpanId, size * 2);
      this.linkAttributeStart = grown32(this.linkAttributeStart, size);
      this.linkAttributeEnd = grown32(this.linkAttributeEnd, size);
    }
    this.linkAttributeStart[row] = this.attributeCount;
    this.linkAttributeEnd[row] = this.attributeCount;
    return row;
  }

  /** Notes what an SDK left out of the span in `row`; what is not given stays. */
  setDropped(row: number, counts: Partial<Dropped>): void {
    const known = this.dropped.get(row) ?? { attributes: 0, events: 0, links: 0 };
    this.dropped.set(row, { ...known, ...counts });
  }

  setEventDropped(row: number, count: number): void {
    this.eventDropped.set(row, count);
  }

  setLinkFields(row: number, fields: Partial<{ traceState: number; flags: number; dropped: number }>): void {
    const known = this.linkFields.get(row) ?? { traceState: 0, flags: 0, dropped: 0 };
    this.linkFields.set(row, { ...known, ...fields });
  }

  private rareFields(): RareFields | undefined {
    const { dropped, eventDropped, linkFields } = this;
    if (dropped.size + eventDropped.size + linkFields.size === 0) return undefined;
    return { dropped, eventDropped, links: linkFields };
  }

  /** Bytes of the columns, with their reserve; without `blob` and strings. */
  get byteLength(): number {
    const rows = this.name.length * SPAN_BYTES + this.attributeKey.length * ATTRIBUTE_BYTES;
    return rows + this.eventName.length * EVENT_BYTES + this.linkAttributeStart.length * LINK_BYTES;
  }

  /** Told before columns grow, with the `byteLength` that they will have; what it throws leaves them as they are. */
  onGrow: (byteLength: number) => void = () => {};

  /** Rows so far, for `rollback`. */
  mark(): BatchMark {
    return { spans: this.count, attributes: this.attributeCount, events: this.eventCount, links: this.linkCount };
  }

  /** Forgets the rows added since `mark`: of a span whose bytes turned out to be damaged, or not all there yet. */
  rollback(mark: BatchMark): void {
    for (let row = mark.spans; row < this.count; row++) {
      this.clearSpan(row);
      this.dropped.delete(row);
    }
    for (let row = mark.events; row < this.eventCount; row++) this.eventDropped.delete(row);
    for (let row = mark.links; row < this.linkCount; row++) this.linkFields.delete(row);
    this.linkTraceId.fill(0, mark.links * 4, this.linkCount * 4);
    this.linkSpanId.fill(0, mark.links * 2, this.linkCount * 2);
    this.count = mark.spans;
    this.attributeCount = mark.attributes;
    this.eventCount = mark.events;
    this.linkCount = mark.links;
  }

  private clearSpan(row: number): void {
    this.traceId.fill(0, row * 4, row * 4 + 4);
    this.spanId.fill(0, row * 2, row * 2 + 2);
    this.parentSpanId.fill(0, row * 2, row * 2 + 2);
    this.start.fill(0, row * 2, row * 2 + 2);
    this.durationNs[row] = 0;
    this.name[row] = 0;
    this.kind[row] = 0;
    this.status[row] = 0;
    this.statusMessage[row] = 0;
    this.flags[row] = 0;
    this.traceState[row] = 0;
    this.resource[row] = 0;
    this.scope[row] = 0;
  }

  /** The columns, cut to length by views (no copy). The builder must not be used afterwards. */
  finish(): SpanBatch {
    const n = this.count;
    return {
      strings: this.strings,
      blob: this.blob,
      count: n,
      traceId: this.traceId.subarray(0, n * 4),
      spanId: this.spanId.subarray(0, n * 2),
      parentSpanId: this.parentSpanId.subarray(0, n * 2),
      start: this.start.subarray(0, n * 2),
      durationNs: this.durationNs.subarray(0, n),
      name: this.name.subarray(0, n),
      kind: this.kind.subarray(0, n),
      status: this.status.subarray(0, n),
      statusMessage: this.statusMessage.subarray(0, n),
      flags: this.flags.subarray(0, n),
      traceState: this.traceState.subarray(0, n),
      resource: this.resource.subarray(0, n),
      scope: this.scope.subarray(0, n),
      attributeStart: this.attributeStart.subarray(0, n),
      attributeEnd: this.attributeEnd.subarray(0, n),
      eventStart: this.eventStart.subarray(0, n),
      eventEnd: this.eventEnd.subarray(0, n),
      linkStart: this.linkStart.subarray(0, n),
      linkEnd: this.linkEnd.subarray(0, n),
      attributes: this.attributeColumns(),
      events: {
        count: this.eventCount,
        name: this.eventName.subarray(0, this.eventCount),
        time: this.eventTime.subarray(0, this.eventCount * 2),
        attributeStart: this.eventAttributeStart.subarray(0, this.eventCount),
        attributeEnd: this.eventAttributeEnd.subarray(0, this.eventCount),
      },
      links: {
        count: this.linkCount,
        traceId: this.linkTraceId.subarray(0, this.linkCount * 4),
        spanId: this.linkSpanId.subarray(0, this.linkCount * 2),
        attributeStart: this.linkAttributeStart.subarray(0, this.linkCount),
        attributeEnd: this.linkAttributeEnd.subarray(0, this.linkCount),
      },
      resources: this.resources,
      scopes: this.scopes,
      rare: this.rareFields(),
    };
  }

  /** The attributes so far; of use until more are added. */
  attributeColumns(): AttributeColumns {
    return {
      count: this.attributeCount,
      key: this.attributeKey.subarray(0, this.attributeCount),
      type: this.attributeType.subarray(0, this.attributeCount),
      number: this.attributeNumber.subarray(0, this.attributeCount),
      length: this.attributeLength.subarray(0, this.attributeCount),
    };
  }

  private growSpans(least: number): void {
    const n = Math.max(least, this.name.length * 2);
    this.onGrow(this.byteLength + (n - this.name.length) * SPAN_BYTES);
    this.traceId = grown32(this.traceId, n * 4);
    this.spanId = grown32(this.spanId, n * 2);
    this.parentSpanId = grown32(this.parentSpanId, n * 2);
    this.start = grown32(this.start, n * 2);
    this.durationNs = grown64(this.durationNs, n);
    this.name = grown32(this.name, n);
    this.kind = grown8(this.kind, n);
    this.status = grown8(this.status, n);
    this.statusMessage = grown32(this.statusMessage, n);
    this.flags = grown32(this.flags, n);
    this.traceState = grown32(this.traceState, n);
    this.resource = grown32(this.resource, n);
    this.scope = grown32(this.scope, n);
    this.attributeStart = grown32(this.attributeStart, n);
    this.attributeEnd = grown32(this.attributeEnd, n);
    this.eventStart = grown32(this.eventStart, n);
    this.eventEnd = grown32(this.eventEnd, n);
    this.linkStart = grown32(this.linkStart, n);
    this.linkEnd = grown32(this.linkEnd, n);
  }

  private growAttributes(least: number): void {
    const n = Math.max(least, this.attributeKey.length * 2);
    this.onGrow(this.byteLength + (n - this.attributeKey.length) * ATTRIBUTE_BYTES);
    this.attributeKey = grown32(this.attributeKey, n);
    this.attributeType = grown8(this.attributeType, n);
    this.attributeNumber = grown64(this.attributeNumber, n);
    this.attributeLength = grown32(this.attributeLength, n);
  }
}
