/**
 * One OTLP `Span` message into one row. This is the hottest code of opening a protobuf file, so: whole tags are switched on, nothing is
 * allocated, strings are interned from the bytes, and values of attributes are only located.
 * Field numbers: opentelemetry/proto/trace/v1/trace.proto, common/v1/common.proto (v1.11.0).
 */

import {
  type Resource,
  type Scope,
  VALUE_BOOL,
  VALUE_BYTES,
  VALUE_DOUBLE,
  VALUE_EMPTY,
  VALUE_INT,
  VALUE_PROTO,
  VALUE_STRING,
} from '../../model/batch';
import type { BatchBuilder } from '../../model/batchBuilder';
import { ProtoReader } from '../proto/protoReader';
import { Damage } from '../sink/damage';
import { FLAW_ENUM, FLAW_LINK, FLAW_NUMBER, FLAW_PARENT } from '../sink/flaws';
import type { Sink } from '../sink/sink';

/** `key = number << 3 | wire type`, of the fields that are read. */
const LEN = 2;

export class OtlpProtoRecords extends ProtoReader {
  /** FLAW_… of the span being read. */
  private flaws = 0;
  /** The value that `anyValue` read, as an attribute row has it. */
  private valueType = VALUE_EMPTY;
  private valueNumber = 0;
  private valueLength = 0;

  constructor(readonly sink: Sink) {
    super();
  }

  /** Reads the Span in `[start, end)`. */
  span(start: number, end: number, resource: number, scope: number): void {
    const { view, sink } = this;
    const { builder } = sink;
    const { strings } = builder;
    const row = builder.span();
    builder.resource[row] = resource;
    builder.scope[row] = scope;
    let endLow = 0;
    let endHigh = 0;
    let idsGood = 0;
    this.flaws = 0;
    this.at = start;
    while (this.at < end) {
      const tag = this.varint(end);
      switch (tag) {
        case (1 << 3) | LEN: {
          const stop = this.limit(end);
          if (stop - this.at === 16) {
            const words = builder.traceId;
            const at = this.at;
            words[row * 4] = view.getUint32(at);
            words[row * 4 + 1] = view.getUint32(at + 4);
            words[row * 4 + 2] = view.getUint32(at + 8);
            words[row * 4 + 3] = view.getUint32(at + 12);
            idsGood |= 1;
          } else this.oddId(builder.traceId, row * 4, 4, stop, 0);
          this.at = stop;
          break;
        }
        case (2 << 3) | LEN: {
          const stop = this.limit(end);
          if (stop - this.at === 8) {
            builder.spanId[row * 2] = view.getUint32(this.at);
            builder.spanId[row * 2 + 1] = view.getUint32(this.at + 4);
            idsGood |= 2;
          } else this.oddId(builder.spanId, row * 2, 2, stop, 0);
          this.at = stop;
          break;
        }
        case (3 << 3) | LEN:
          builder.traceState[row] = this.string(end);
          break;
        case (4 << 3) | LEN: {
          const stop = this.limit(end);
          if (stop - this.at === 8) {
            builder.parentSpanId[row * 2] = view.getUint32(this.at);
            builder.parentSpanId[row * 2 + 1] = view.getUint32(this.at + 4);
          } else this.oddId(builder.parentSpanId, row * 2, 2, stop, FLAW_PARENT);
          this.at = stop;
          break;
        }
        case (5 << 3) | LEN: {
          const stop = this.limit(end);
          builder.name[row] = strings.internBytes(this.bytes, this.at, stop - this.at);
          this.at = stop;
          break;
        }
        case 6 << 3:
          builder.kind[row] = this.small(end, 5);
          break;
        case (7 << 3) | 1: {
          const at = this.fixed(8, end);
          builder.start[row * 2] = view.getUint32(at, true);
          builder.start[row * 2 + 1] = view.getUint32(at + 4, true);
          break;
        }
        case (8 << 3) | 1: {
          const at = this.fixed(8, end);
          endLow = view.getUint32(at, true);
          endHigh = view.getUint32(at + 4, true);
          break;
        }
        case (9 << 3) | LEN:
          if (builder.attributeCount !== builder.attributeEnd[row]) this.rejoin(builder, row);
          this.attribute(end);
          builder.attributeEnd[row] = builder.attributeCount;
          break;
        case (11 << 3) | LEN: {
          const stop = this.limit(end);
          this.event(stop);
          break;
        }
        case (13 << 3) | LEN: {
          const stop = this.limit(end);
          this.link(stop);
          break;
        }
        case (15 << 3) | LEN: {
          const stop = this.limit(end);
          this.status(row, stop);
          break;
        }
        case (16 << 3) | 5:
          builder.flags[row] |= view.getUint32(this.fixed(4, end), true) & 0xffff;
          break;
        case 10 << 3:
          this.dropped(row, 'attributes', end);
          break;
        case 12 << 3:
          this.dropped(row, 'events', end);
          break;
        case 14 << 3:
          this.dropped(row, 'links', end);
          break;
        default:
          this.other(tag, end);
      }
    }
    builder.eventEnd[row] = builder.eventCount;
    builder.linkEnd[row] = builder.linkCount;
    sink.setEnd(row, endLow, endHigh);
    if (idsGood !== 3) sink.checkIds(row);
    if (this.flaws !== 0) sink.flawed(row, this.flaws);
  }

  /** Attributes of the span that come after an event or link: the earlier ones are repeated, so that all are in one run. */
  private rejoin(builder: BatchBuilder, row: number): void {
    const start = builder.attributeStart[row];
    const end = builder.attributeEnd[row];
    builder.attributeStart[row] = builder.attributeCount;
    builder.repeatAttributes(start, end);
  }

  private dropped(row: number, what: 'attributes' | 'events' | 'links', end: number): void {
    const count = this.unsigned(end);
    if (count > 0) this.sink.builder.setDropped(row, { [what]: count });
  }

  /** A field that is not read; must be well-formed all the same. */
  private other(tag: number, end: number): void {
    if (tag < 8) throw new Damage(this.at, 'has a field with the number 0', false);
    this.skip(tag, end);
  }

  /** A uint32; more than it can hold is the largest. */
  private unsigned(end: number): number {
    const value = this.varint(end);
    if (value <= 0xffffffff) return value;
    this.flaws |= FLAW_NUMBER;
    return 0xffffffff;
  }

  /** An id of the wrong length: shorter ones are padded on the left, what is longer is no id, which is noted as `flaw`. */
  private oddId(words: Uint32Array, first: number, count: number, stop: number, flaw: number): void {
    const { bytes, at } = this;
    words.fill(0, first, first + count);
    if (stop - at > count * 4) {
      this.flaws |= flaw;
      return;
    }
    for (let i = stop - 1, byte = 0; i >= at; i--, byte++) {
      words[first + count - 1 - (byte >> 2)] |= bytes[i] << ((byte & 3) * 8);
    }
  }

  private string(end: number): number {
    const stop = this.limit(end);
    const index = this.sink.strings.internBytes(this.bytes, this.at, stop - this.at);
    this.at = stop;
    return index;
  }

  /** An enum: what is not known counts as 0. */
  private small(end: number, most: number): number {
    const value = this.varint(end);
    if (value <= most) return value;
    this.flaws |= FLAW_ENUM;
    return 0;
  }

  private status(row: number, end: number): void {
    const { builder } = this.sink;
    while (this.at < end) {
      const tag = this.varint(end);
      if (tag === ((2 << 3) | LEN)) builder.statusMessage[row] = this.string(end);
      else if (tag === 3 << 3) builder.status[row] = this.small(end, 2);
      else this.other(tag, end);
    }
  }

  private event(end: number): void {
    const { builder } = this.sink;
    const row = builder.event(0, 0, 0);
    while (this.at < end) {
      const tag = this.varint(end);
      if (tag === ((1 << 3) | 1)) {
        const at = this.fixed(8, end);
        builder.eventTime[row * 2] = this.view.getUint32(at, true);
        builder.eventTime[row * 2 + 1] = this.view.getUint32(at + 4, true);
      } else if (tag === ((2 << 3) | LEN)) builder.eventName[row] = this.string(end);
      else if (tag === ((3 << 3) | LEN)) this.attribute(end);
      else if (tag === 4 << 3) builder.setEventDropped(row, this.unsigned(end));
      else this.other(tag, end);
    }
    builder.eventAttributeEnd[row] = builder.attributeCount;
  }

  private link(end: number): void {
    const { builder } = this.sink;
    const row = builder.link();
    while (this.at < end) {
      const tag = this.varint(end);
      if (tag === ((1 << 3) | LEN)) {
        const stop = this.limit(end);
        this.oddId(builder.linkTraceId, row * 4, 4, stop, FLAW_LINK);
        this.at = stop;
      } else if (tag === ((2 << 3) | LEN)) {
        const stop = this.limit(end);
        this.oddId(builder.linkSpanId, row * 2, 2, stop, FLAW_LINK);
        this.at = stop;
      } else if (tag === ((4 << 3) | LEN)) this.attribute(end);
      else if (tag === ((3 << 3) | LEN)) builder.setLinkFields(row, { traceState: this.string(end) });
      else if (tag === 5 << 3) builder.setLinkFields(row, { dropped: this.unsigned(end) });
      else if (tag === ((6 << 3) | 5)) builder.setLinkFields(row, { flags: this.view.getUint32(this.fixed(4, end), true) });
      else this.other(tag, end);
    }
    builder.linkAttributeEnd[row] = builder.attributeCount;
  }

  /** The KeyValue at the cursor, whose length comes first, into the next attribute row. */
  attribute(end: number): void {
    const stop = this.limit(end);
    const { builder } = this.sink;
    let key = 0;
    this.valueType = VALUE_EMPTY;
    this.valueNumber = 0;
    this.valueLength = 0;
    while (this.at < stop) {
      const tag = this.varint(stop);
      if (tag === ((1 << 3) | LEN)) {
        const keyEnd = this.limit(stop);
        key = builder.strings.internBytes(this.bytes, this.at, keyEnd - this.at);
        this.at = keyEnd;
      } else if (tag === ((2 << 3) | LEN)) {
        const valueEnd = this.limit(stop);
        this.anyValue(valueEnd);
      } else this.other(tag, stop);
    }
    builder.attribute(key, this.valueType, this.valueNumber, this.valueLength);
  }

  /** The AnyValue that ends at `end`, into `valueType`, `valueNumber`, `valueLength`. */
  private anyValue(end: number): void {
    const start = this.at;
    while (this.at < end) {
      const tag = this.varint(end);
      switch (tag) {
        case (1 << 3) | LEN:
          this.range(VALUE_STRING, end);
          break;
        case 2 << 3:
          this.valueType = VALUE_BOOL;
          this.valueNumber = this.varint(end) === 0 ? 0 : 1;
          break;
        case 3 << 3:
          this.integer(start, end);
          break;
        case (4 << 3) | 1:
          this.valueType = VALUE_DOUBLE;
          this.valueNumber = this.view.getFloat64(this.fixed(8, end), true);
          break;
        case (5 << 3) | LEN:
        case (6 << 3) | LEN:
          this.at = this.limit(end);
          this.message(start, end);
          break;
        case (7 << 3) | LEN:
          this.range(VALUE_BYTES, end);
          break;
        default:
          this.other(tag, end);
      }
    }
  }

  private range(type: number, end: number): void {
    const stop = this.limit(end);
    this.valueType = type;
    this.valueNumber = this.at;
    this.valueLength = stop - this.at;
    this.at = stop;
  }

  private message(start: number, end: number): void {
    this.valueType = VALUE_PROTO;
    this.valueNumber = start;
    this.valueLength = end - start;
  }

  /** Integers that a double does not hold stay in the message. */
  private integer(start: number, end: number): void {
    const at = this.at;
    if (at < end && this.bytes[at] < 128) {
      this.at = at + 1;
      this.valueType = VALUE_INT;
      this.valueNumber = this.bytes[at];
      return;
    }
    this.varint64(end);
    const value = (this.high | 0) * 4294967296 + this.low;
    if (Number.isSafeInteger(value)) {
      this.valueType = VALUE_INT;
      this.valueNumber = value;
    } else this.message(start, end);
  }

  /** Reads the Resource in `[start, end)`: its attributes, and the index of its service's name. */
  resource(start: number, end: number): Resource {
    const { builder } = this.sink;
    const attributeStart = builder.attributeCount;
    this.at = start;
    while (this.at < end) {
      const tag = this.varint(end);
      if (tag === ((1 << 3) | LEN)) this.attribute(end);
      else this.other(tag, end);
    }
    return this.sink.resource(attributeStart, this.bytes);
  }

  /** Reads the InstrumentationScope in `[start, end)`. */
  scope(start: number, end: number): Scope {
    const { builder } = this.sink;
    const attributeStart = builder.attributeCount;
    let name = 0;
    let version = 0;
    this.at = start;
    while (this.at < end) {
      const tag = this.varint(end);
      if (tag === ((1 << 3) | LEN)) name = this.string(end);
      else if (tag === ((2 << 3) | LEN)) version = this.string(end);
      else if (tag === ((3 << 3) | LEN)) this.attribute(end);
      else this.other(tag, end);
    }
    return { name, version, attributeStart, attributeEnd: builder.attributeCount };
  }
}
