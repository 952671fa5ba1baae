/** One Zipkin span of JSON into columns. Tags are texts, whatever they were. */

import { BATCH_NO_END, BATCH_SHARED, KIND_INTERNAL, VALUE_JSON, VALUE_JSON_STRING, VALUE_STRING } from '../../model/batch';
import { JsonReader, NO_MORE } from '../json/jsonReader';
import { KeyTable } from '../json/keys';
import { NULL } from '../json/numbers';
import { FLAW_ENUM, FLAW_PARENT } from '../sink/flaws';
import type { Sink } from '../sink/sink';
import { type Endpoint, ZipkinRow } from './zipkinRow';

const K_TRACE_ID = 1;
const K_ID = 2;
const K_PARENT = 3;
const K_KIND = 4;
const K_NAME = 5;
const K_TIMESTAMP = 6;
const K_DURATION = 7;
const K_LOCAL = 8;
const K_REMOTE = 9;
const K_ANNOTATIONS = 10;
const K_TAGS = 11;
const K_DEBUG = 12;
const K_SHARED = 13;
const K_VALUE = 14;
const K_SERVICE = 15;
const K_IPV4 = 16;
const K_IPV6 = 17;
const K_PORT = 18;
const keys = new KeyTable({
  traceId: K_TRACE_ID,
  id: K_ID,
  parentId: K_PARENT,
  kind: K_KIND,
  name: K_NAME,
  timestamp: K_TIMESTAMP,
  duration: K_DURATION,
  localEndpoint: K_LOCAL,
  remoteEndpoint: K_REMOTE,
  annotations: K_ANNOTATIONS,
  tags: K_TAGS,
  debug: K_DEBUG,
  shared: K_SHARED,
  value: K_VALUE,
  serviceName: K_SERVICE,
  ipv4: K_IPV4,
  ipv6: K_IPV6,
  port: K_PORT,
});

const kindNames = new KeyTable({ SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 });

const QUOTE = 34;
const TRUE = 116;

export class ZipkinSpans extends JsonReader {
  private readonly row: ZipkinRow;

  constructor(sink: Sink) {
    super(sink);
    this.row = new ZipkinRow(sink);
  }

  /** Reads the span at the cursor. */
  span(): void {
    const { sink } = this;
    const { builder } = sink;
    const row = this.row.begin();
    this.flaws = 0;
    let local: Endpoint | undefined;
    let remote: Endpoint | undefined;
    let isDebug = false;
    this.at++;
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) break;
      switch (key) {
        case K_TRACE_ID:
          this.id(builder.traceId, row * 4, 4);
          break;
        case K_ID:
          this.id(builder.spanId, row * 2, 2);
          break;
        case K_PARENT:
          this.reference(builder.parentSpanId, row * 2, 2, FLAW_PARENT);
          break;
        case K_KIND:
          builder.kind[row] = this.kindName();
          break;
        case K_NAME:
          builder.name[row] = this.name();
          break;
        case K_TIMESTAMP:
          this.micros(builder.start, row * 2);
          break;
        case K_DURATION:
          builder.durationNs[row] = this.microsLong();
          builder.flags[row] &= ~BATCH_NO_END;
          break;
        case K_LOCAL:
          local = this.endpoint();
          break;
        case K_REMOTE:
          remote = this.endpoint();
          break;
        case K_ANNOTATIONS:
          if (this.enterList()) while (!this.endOfList()) this.annotation();
          builder.eventEnd[row] = builder.eventCount;
          break;
        case K_TAGS:
          builder.attributeStart[row] = builder.attributeCount;
          this.tags(row);
          builder.attributeEnd[row] = builder.attributeCount;
          break;
        case K_DEBUG:
          isDebug = this.bytes[this.at] === TRUE;
          this.skip();
          break;
        case K_SHARED:
          if (this.bytes[this.at] === TRUE) builder.flags[row] |= BATCH_SHARED;
          this.skip();
          break;
        default:
          this.skip();
      }
    }
    this.row.end(row, { local, remote, isDebug });
    if (this.flaws !== 0) sink.flawed(row, this.flaws);
  }

  /** None, which may be `null`, is OpenTelemetry's internal. */
  private kindName(): number {
    const first = this.bytes[this.at];
    if (first === QUOTE) {
      this.string();
      const kind = this.find(kindNames);
      if (kind >= 0) return kind;
    } else this.skip();
    if (first !== NULL) this.flaws |= FLAW_ENUM;
    return KIND_INTERNAL;
  }

  private tags(row: number): void {
    const { builder, strings } = this.sink;
    if (!this.enterObject()) return;
    for (;;) {
      if (this.nextItem() === 125) {
        this.at++;
        return;
      }
      this.key();
      const key = this.intern(strings);
      const start = this.at;
      if (this.bytes[start] !== QUOTE) {
        this.skip();
        builder.attribute(key, VALUE_JSON, start, this.at - start);
        continue;
      }
      this.string();
      if (this.row.isField(key)) this.row.tag(row, key, this.intern(strings));
      else {
        builder.attribute(key, this.escaped ? VALUE_JSON_STRING : VALUE_STRING, this.start, this.length);
      }
    }
  }

  private endpoint(): Endpoint {
    let service = 0;
    let ipv4 = 0;
    let ipv6 = 0;
    let port = 0;
    if (!this.enterObject()) return { service, address: 0, port };
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) return { service, address: ipv4 === 0 ? ipv6 : ipv4, port };
      if (key === K_SERVICE) service = this.name();
      else if (key === K_IPV4) ipv4 = this.name();
      else if (key === K_IPV6) ipv6 = this.name();
      else if (key === K_PORT) port = this.unsigned(65535);
      else this.skip();
    }
  }

  private annotation(): void {
    const { builder, strings } = this.sink;
    if (!this.enterObject()) return;
    const row = builder.event(0, 0, 0);
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) break;
      if (key === K_TIMESTAMP) this.micros(builder.eventTime, row * 2);
      else if (key === K_VALUE && this.bytes[this.at] === QUOTE) {
        this.string();
        if (!this.escaped || !this.row.event(row, this.text())) builder.eventName[row] = this.intern(strings);
      } else this.skip();
    }
    this.row.annotated(row);
  }
}
