/**
 * One OTLP/JSON span, resource or scope into columns: the hot part of opening a JSON file. Keys are recognised by their bytes, ids and times
 * go from digits to words, values of attributes are located and left where they are.
 * Source of the members: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding"; snake_case is what
 * protobuf's JSON mapping has readers accept as well.
 */

import { int64Of } from '../../model/anyValue';
import {
  type Resource,
  type Scope,
  VALUE_BASE64,
  VALUE_BIG_INT,
  VALUE_BOOL,
  VALUE_DOUBLE,
  VALUE_EMPTY,
  VALUE_INT,
  VALUE_JSON_ANY,
  VALUE_JSON_STRING,
  VALUE_STRING,
} from '../../model/batch';
import { JsonReader, NO_MORE } from '../json/jsonReader';
import { KeyTable } from '../json/keys';
import { NULL } from '../json/numbers';
import { FLAW_ENUM, FLAW_LINK, FLAW_PARENT } from '../sink/flaws';
import { kindNames, statusNames } from './otlpEnums';

const K_TRACE_ID = 1;
const K_SPAN_ID = 2;
const K_PARENT = 3;
const K_NAME = 4;
const K_KIND = 5;
const K_START = 6;
const K_END = 7;
const K_ATTRIBUTES = 8;
const K_EVENTS = 9;
const K_LINKS = 10;
const K_STATUS = 11;
const K_FLAGS = 12;
const K_TRACE_STATE = 13;
const K_TIME = 14;
const K_CODE = 15;
const K_MESSAGE = 16;
const K_VERSION = 17;
const K_KEY = 18;
const K_VALUE = 19;
const K_DROPPED_ATTRIBUTES = 20;
const K_DROPPED_EVENTS = 21;
const K_DROPPED_LINKS = 22;
const keys = new KeyTable({
  traceId: K_TRACE_ID,
  trace_id: K_TRACE_ID,
  spanId: K_SPAN_ID,
  span_id: K_SPAN_ID,
  parentSpanId: K_PARENT,
  parent_span_id: K_PARENT,
  name: K_NAME,
  kind: K_KIND,
  startTimeUnixNano: K_START,
  start_time_unix_nano: K_START,
  endTimeUnixNano: K_END,
  end_time_unix_nano: K_END,
  attributes: K_ATTRIBUTES,
  events: K_EVENTS,
  links: K_LINKS,
  status: K_STATUS,
  flags: K_FLAGS,
  traceState: K_TRACE_STATE,
  trace_state: K_TRACE_STATE,
  timeUnixNano: K_TIME,
  time_unix_nano: K_TIME,
  code: K_CODE,
  message: K_MESSAGE,
  version: K_VERSION,
  key: K_KEY,
  value: K_VALUE,
  droppedAttributesCount: K_DROPPED_ATTRIBUTES,
  dropped_attributes_count: K_DROPPED_ATTRIBUTES,
  droppedEventsCount: K_DROPPED_EVENTS,
  dropped_events_count: K_DROPPED_EVENTS,
  droppedLinksCount: K_DROPPED_LINKS,
  dropped_links_count: K_DROPPED_LINKS,
});

const V_STRING = 1;
const V_BOOL = 2;
const V_INT = 3;
const V_DOUBLE = 4;
const V_NESTED = 5;
const V_BYTES = 6;
const valueKeys = new KeyTable({
  stringValue: V_STRING,
  string_value: V_STRING,
  boolValue: V_BOOL,
  bool_value: V_BOOL,
  intValue: V_INT,
  int_value: V_INT,
  doubleValue: V_DOUBLE,
  double_value: V_DOUBLE,
  arrayValue: V_NESTED,
  array_value: V_NESTED,
  kvlistValue: V_NESTED,
  kvlist_value: V_NESTED,
  bytesValue: V_BYTES,
  bytes_value: V_BYTES,
});

const QUOTE = 34;

export class OtlpJsonRecords extends JsonReader {
  /** The value that `anyValue` read, as an attribute row has it. */
  private valueType = VALUE_EMPTY;
  private valueNumber = 0;
  private valueLength = 0;

  private enumValue(names: KeyTable, most: number): number {
    if (this.bytes[this.at] === QUOTE) {
      const start = this.at;
      this.string();
      const named = this.find(names);
      if (named >= 0) return named;
      this.at = start;
    }
    const isNull = this.bytes[this.at] === NULL;
    const value = this.number();
    if (value >>> 0 === value && value <= most) return value;
    if (!isNull) this.flaws |= FLAW_ENUM;
    return 0;
  }

  /** Reads the span at the cursor. */
  span(resource: number, scope: number): void {
    const { sink } = this;
    const { builder } = sink;
    const row = builder.span();
    builder.resource[row] = resource;
    builder.scope[row] = scope;
    let endLow = 0;
    let endHigh = 0;
    let idsGood = 0;
    this.flaws = 0;
    this.at++;
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) break;
      switch (key) {
        case K_TRACE_ID:
          if (this.id(builder.traceId, row * 4, 4)) idsGood |= 1;
          break;
        case K_SPAN_ID:
          if (this.id(builder.spanId, row * 2, 2)) idsGood |= 2;
          break;
        case K_PARENT:
          this.reference(builder.parentSpanId, row * 2, 2, FLAW_PARENT);
          break;
        case K_NAME:
          builder.name[row] = this.name();
          break;
        case K_KIND:
          builder.kind[row] = this.enumValue(kindNames, 5);
          break;
        case K_START:
          this.integer64();
          builder.start[row * 2] = this.low;
          builder.start[row * 2 + 1] = this.high;
          break;
        case K_END:
          this.integer64();
          endLow = this.low;
          endHigh = this.high;
          break;
        case K_ATTRIBUTES:
          builder.attributeStart[row] = builder.attributeCount;
          this.attributes();
          builder.attributeEnd[row] = builder.attributeCount;
          break;
        case K_EVENTS:
          builder.eventStart[row] = builder.eventCount;
          if (this.enterList()) while (!this.endOfList()) this.event();
          builder.eventEnd[row] = builder.eventCount;
          break;
        case K_LINKS:
          builder.linkStart[row] = builder.linkCount;
          if (this.enterList()) while (!this.endOfList()) this.link();
          builder.linkEnd[row] = builder.linkCount;
          break;
        case K_STATUS:
          this.status(row);
          break;
        case K_FLAGS:
          builder.flags[row] |= this.unsigned() & 0xffff;
          break;
        case K_TRACE_STATE:
          builder.traceState[row] = this.name();
          break;
        case K_DROPPED_ATTRIBUTES:
          this.dropped(row, 'attributes');
          break;
        case K_DROPPED_EVENTS:
          this.dropped(row, 'events');
          break;
        case K_DROPPED_LINKS:
          this.dropped(row, 'links');
          break;
        default:
          this.skip();
      }
    }
    sink.setEnd(row, endLow, endHigh);
    if (idsGood !== 3) sink.checkIds(row);
    if (this.flaws !== 0) sink.flawed(row, this.flaws);
  }

  private dropped(row: number, what: 'attributes' | 'events' | 'links'): void {
    const count = this.unsigned();
    if (count > 0) this.sink.builder.setDropped(row, { [what]: count });
  }

  private status(row: number): void {
    const { builder } = this.sink;
    if (!this.enterObject()) return;
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) return;
      if (key === K_CODE) builder.status[row] = this.enumValue(statusNames, 2);
      else if (key === K_MESSAGE) builder.statusMessage[row] = this.name();
      else this.skip();
    }
  }

  private event(): void {
    const { builder } = this.sink;
    if (!this.enterObject()) return;
    const row = builder.event(0, 0, 0);
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) return;
      if (key === K_NAME) builder.eventName[row] = this.name();
      else if (key === K_TIME) {
        this.integer64();
        builder.eventTime[row * 2] = this.low;
        builder.eventTime[row * 2 + 1] = this.high;
      } else if (key === K_ATTRIBUTES) {
        builder.eventAttributeStart[row] = builder.attributeCount;
        this.attributes();
        builder.eventAttributeEnd[row] = builder.attributeCount;
      } else if (key === K_DROPPED_ATTRIBUTES) builder.setEventDropped(row, this.unsigned());
      else this.skip();
    }
  }

  private link(): void {
    const { builder } = this.sink;
    if (!this.enterObject()) return;
    const row = builder.link();
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) return;
      if (key === K_TRACE_ID) this.reference(builder.linkTraceId, row * 4, 4, FLAW_LINK);
      else if (key === K_SPAN_ID) this.reference(builder.linkSpanId, row * 2, 2, FLAW_LINK);
      else if (key === K_ATTRIBUTES) {
        builder.linkAttributeStart[row] = builder.attributeCount;
        this.attributes();
        builder.linkAttributeEnd[row] = builder.attributeCount;
      } else if (key === K_TRACE_STATE) builder.setLinkFields(row, { traceState: this.name() });
      else if (key === K_FLAGS) builder.setLinkFields(row, { flags: this.unsigned() });
      else if (key === K_DROPPED_ATTRIBUTES) builder.setLinkFields(row, { dropped: this.unsigned() });
      else this.skip();
    }
  }

  /** The list of KeyValue at the cursor, into attribute rows. */
  attributes(): void {
    const { sink } = this;
    const { builder } = sink;
    if (!this.enterList()) return;
    while (!this.endOfList()) {
      if (!this.enterObject()) continue;
      let name = 0;
      this.valueType = VALUE_EMPTY;
      this.valueNumber = 0;
      this.valueLength = 0;
      for (;;) {
        const key = this.member(keys);
        if (key === NO_MORE) break;
        if (key === K_KEY) name = this.name();
        else if (key === K_VALUE) this.anyValue();
        else this.skip();
      }
      builder.attribute(name, this.valueType, this.valueNumber, this.valueLength);
    }
  }

  private anyValue(): void {
    const start = this.at;
    if (!this.enterObject()) return;
    let nested = false;
    for (;;) {
      const key = this.member(valueKeys);
      if (key === NO_MORE) break;
      const first = this.bytes[this.at];
      if (first === NULL) {
        this.skip();
        continue;
      }
      nested = false;
      if (key === V_STRING && first === QUOTE) {
        this.string();
        this.range(this.escaped ? VALUE_JSON_STRING : VALUE_STRING);
      } else if (key === V_INT) this.integer();
      else if (key === V_BOOL) {
        // "true" may stand in quotes.
        this.valueNumber = this.bytes[first === QUOTE ? this.at + 1 : this.at] === 116 ? 1 : 0;
        this.valueType = VALUE_BOOL;
        this.valueLength = 0;
        this.skip();
      } else if (key === V_DOUBLE) this.double(this.number());
      else if (key === V_BYTES && first === QUOTE) {
        this.string();
        this.range(VALUE_BASE64);
      } else {
        nested = key === V_NESTED;
        this.skip();
      }
    }
    if (nested) {
      this.valueType = VALUE_JSON_ANY;
      this.valueNumber = start;
      this.valueLength = this.at - start;
    }
  }

  private double(value: number): void {
    this.valueType = VALUE_DOUBLE;
    this.valueNumber = value;
    this.valueLength = 0;
  }

  private range(type: number): void {
    this.valueType = type;
    this.valueNumber = this.start;
    this.valueLength = this.length;
  }

  /** An int64, in quotes or not; one that a double does not hold stays where it is. */
  private integer(): void {
    const quoted = this.bytes[this.at] === QUOTE;
    const start = quoted ? this.at + 1 : this.at;
    const value = this.number();
    this.valueLength = 0;
    if (Number.isSafeInteger(value)) {
      this.valueType = VALUE_INT;
      this.valueNumber = value;
      return;
    }
    const length = this.at - start - (quoted ? 1 : 0);
    if (length < 16 || int64Of(this.slice(start, start + length)) === undefined) {
      this.double(value);
      return;
    }
    this.valueType = VALUE_BIG_INT;
    this.valueNumber = start;
    this.valueLength = length;
  }

  /** Reads the resource at the cursor. */
  resource(): Resource {
    const { builder } = this.sink;
    const attributeStart = builder.attributeCount;
    this.owner();
    return this.sink.resource(attributeStart, this.bytes);
  }

  /** Reads the scope at the cursor. */
  scope(): Scope {
    const { builder } = this.sink;
    const attributeStart = builder.attributeCount;
    const { name, version } = this.owner();
    return { name, version, attributeStart, attributeEnd: builder.attributeCount };
  }

  private owner(): { name: number; version: number } {
    let name = 0;
    let version = 0;
    this.at++;
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) return { name, version };
      if (key === K_NAME) name = this.name();
      else if (key === K_VERSION) version = this.name();
      else if (key === K_ATTRIBUTES) this.attributes();
      else this.skip();
    }
  }
}
