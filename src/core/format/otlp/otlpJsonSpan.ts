/**
 * One OTLP/JSON span, resource or scope into columns: the hot part of opening a JSON file. Keys are recognised by their bytes, ids and times
 * go from digits to words.
 * Source of the members: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding"; snake_case is what
 * protobuf's JSON mapping has readers accept as well.
 */

import type { Resource, Scope } from '../../model/batch';
import { NO_MORE } from '../json/jsonReader';
import { KeyTable } from '../json/keys';
import { NULL } from '../json/numbers';
import { FLAW_ENUM, FLAW_LINK, FLAW_PARENT } from '../sink/flaws';
import { type EnumNames, enumOf, kindNames, statusNames } from './otlpEnums';
import { OtlpJsonValues } from './otlpJsonValues';

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
  droppedAttributesCount: K_DROPPED_ATTRIBUTES,
  dropped_attributes_count: K_DROPPED_ATTRIBUTES,
  droppedEventsCount: K_DROPPED_EVENTS,
  dropped_events_count: K_DROPPED_EVENTS,
  droppedLinksCount: K_DROPPED_LINKS,
  dropped_links_count: K_DROPPED_LINKS,
});

const QUOTE = 34;
const OPEN_OBJECT = 123;
/** Longer texts are no names of enums. */
const LONGEST_NAME = 64;

export class OtlpJsonRecords extends OtlpJsonValues {
  private enumValue(names: EnumNames, most: number): number {
    if (this.bytes[this.at] === QUOTE) {
      const start = this.at;
      this.string();
      const named = this.find(names.table);
      if (named >= 0) return named;
      const other = this.length > LONGEST_NAME ? undefined : enumOf(names, this.text());
      if (other !== undefined) return other;
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
    this.flaws = 0;
    this.at++;
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) break;
      switch (key) {
        case K_TRACE_ID:
          this.id(builder.traceId, row * 4, 4);
          break;
        case K_SPAN_ID:
          this.id(builder.spanId, row * 2, 2);
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
    sink.checkIds(row);
    if (this.flaws !== 0) sink.flawed(row, this.flaws);
  }

  private dropped(row: number, what: 'attributes' | 'events' | 'links'): void {
    const count = this.unsigned();
    if (count > 0) this.sink.builder.setDropped(row, { [what]: count });
  }

  private status(row: number): void {
    const { builder } = this.sink;
    if (this.next() !== OPEN_OBJECT) {
      builder.status[row] = this.enumValue(statusNames, 2);
      return;
    }
    this.at++;
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
