/**
 * One Zipkin span into columns. A span without times is kept: it starts at its first annotation, or is placed by assembly; without a duration it
 * counts as still running. Tags are texts, whatever they were.
 */

import {
  BATCH_NO_END,
  BATCH_NO_START,
  BATCH_SHARED,
  BATCH_UNTYPED,
  KIND_INTERNAL,
  STATUS_ERROR,
  STATUS_OK,
  VALUE_INTERNED,
  VALUE_JSON,
  VALUE_JSON_STRING,
  VALUE_STRING,
} from '../../model/batch';
import type { BatchBuilder } from '../../model/batchBuilder';
import { JsonReader, NO_MORE } from '../json/jsonReader';
import { KeyTable } from '../json/keys';
import { NULL } from '../json/numbers';
import { FLAW_ENUM, FLAW_PARENT } from '../sink/flaws';
import type { Sink } from '../sink/sink';

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

/** Tags that are fields of an OpenTelemetry span. */
const F_STATUS = 1;
const F_ERROR = 2;
const F_SCOPE = 3;
const F_SCOPE_VERSION = 4;
const fields: Readonly<Record<string, number>> = {
  'otel.status_code': F_STATUS,
  error: F_ERROR,
  'otel.scope.name': F_SCOPE,
  'otel.library.name': F_SCOPE,
  'otel.scope.version': F_SCOPE_VERSION,
  'otel.library.version': F_SCOPE_VERSION,
};

/** Indices of strings, and a number; 0 is none. */
interface Endpoint {
  readonly service: number;
  readonly address: number;
  readonly port: number;
}

const QUOTE = 34;
const TRUE = 116;

export class ZipkinSpans extends JsonReader {
  private readonly fieldOf = new Map<number, number>();
  /** Local endpoints of the batch under construction, as text, and their resources. */
  private readonly resources = new Map<string, number>();
  private resourcesOf: BatchBuilder | undefined;
  private scopeName = 0;
  private scopeVersion = 0;
  private errorText: number | undefined;
  /** Of the annotations of the span, the earliest; words. */
  private readonly earliest = new Uint32Array(2);

  constructor(sink: Sink) {
    super(sink);
    for (const [name, field] of Object.entries(fields)) this.fieldOf.set(sink.strings.intern(name), field);
  }

  /** Reads the span at the cursor. */
  span(): void {
    const { sink } = this;
    const { builder } = sink;
    const row = builder.span();
    builder.kind[row] = KIND_INTERNAL;
    builder.flags[row] = BATCH_NO_END | BATCH_UNTYPED;
    this.scopeName = 0;
    this.scopeVersion = 0;
    this.errorText = undefined;
    this.earliest.fill(0);
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
    this.rejoin(row);
    this.settleError(row);
    if (remote) this.remoteAttributes(row, remote);
    if (isDebug) sink.attribute('debug', true);
    builder.attributeEnd[row] = builder.attributeCount;
    if ((builder.start[row * 2] | builder.start[row * 2 + 1]) === 0) this.startOf(row);
    builder.scope[row] = sink.scope(this.scopeName, this.scopeVersion);
    builder.resource[row] = this.resource(local);
    sink.checkIds(row);
    if (this.flaws !== 0) sink.flawed(row, this.flaws);
  }

  /** A span that gives no start begins with its first annotation. */
  private startOf(row: number): void {
    const { earliest } = this;
    const { start, flags } = this.sink.builder;
    start.set(earliest, row * 2);
    if ((earliest[0] | earliest[1]) === 0) flags[row] |= BATCH_NO_START;
  }

  /** Attributes follow that no one key lists: those that came earlier are put before them. */
  private rejoin(row: number): void {
    const { builder } = this.sink;
    const start = builder.attributeStart[row];
    const end = builder.attributeEnd[row];
    if (end === builder.attributeCount) return;
    builder.attributeStart[row] = builder.attributeCount;
    builder.repeatAttributes(start, end);
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
      const field = this.fieldOf.get(key);
      if (field !== undefined) this.field(row, field, key);
      else {
        builder.attribute(key, this.escaped ? VALUE_JSON_STRING : VALUE_STRING, this.start, this.length);
      }
    }
  }

  private field(row: number, field: number, key: number): void {
    const { builder, strings } = this.sink;
    const text = this.intern(strings);
    if (field === F_ERROR) this.errorText = text;
    else if (field === F_SCOPE) this.scopeName = text;
    else if (field === F_SCOPE_VERSION) this.scopeVersion = text;
    else if (strings.get(text) === 'OK') builder.status[row] = STATUS_OK;
    else if (strings.get(text) === 'ERROR') builder.status[row] = STATUS_ERROR;
    else builder.attribute(key, VALUE_INTERNED, text, 0);
  }

  /** The tag `error` means an error whatever its value. With OpenTelemetry's status beside it, it is the description; else it is kept. */
  private settleError(row: number): void {
    if (this.errorText === undefined) return;
    const { builder, strings } = this.sink;
    if (builder.status[row] === STATUS_ERROR) {
      builder.statusMessage[row] = this.errorText;
      return;
    }
    builder.status[row] = STATUS_ERROR;
    builder.attribute(strings.intern('error'), VALUE_INTERNED, this.errorText, 0);
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

  /** The other side of a call, under OpenTelemetry's names, unless tags give it already. */
  private remoteAttributes(row: number, remote: Endpoint): void {
    const { sink } = this;
    const { builder, strings } = sink;
    const add = (name: string, value: string | number): void => {
      const key = strings.intern(name);
      for (let at = builder.attributeStart[row]; at < builder.attributeCount; at++) if (builder.attributeKey[at] === key) return;
      sink.attribute(name, value);
    };
    if (remote.service !== 0) add('peer.service', strings.get(remote.service));
    if (remote.address !== 0) add('network.peer.address', strings.get(remote.address));
    if (remote.port !== 0) add('network.peer.port', remote.port);
  }

  /** Index of the resource of a local endpoint, made when it is new. */
  private resource(local: Endpoint | undefined): number {
    const { sink } = this;
    const { builder, strings } = sink;
    if (this.resourcesOf !== builder) {
      this.resourcesOf = builder;
      this.resources.clear();
    }
    const { service, address, port } = local ?? { service: 0, address: 0, port: 0 };
    const key = `${service} ${address} ${port}`;
    const known = this.resources.get(key);
    if (known !== undefined) return known;
    const attributeStart = builder.attributeCount;
    if (service !== 0) builder.attribute(strings.intern('service.name'), VALUE_INTERNED, service, 0);
    if (address !== 0) builder.attribute(strings.intern('network.local.address'), VALUE_INTERNED, address, 0);
    if (port !== 0) sink.attribute('network.local.port', port);
    const index = this.sink.addResource({ service, attributeStart, attributeEnd: builder.attributeCount });
    this.resources.set(key, index);
    return index;
  }

  private annotation(): void {
    const { builder } = this.sink;
    if (!this.enterObject()) return;
    const row = builder.event(0, 0, 0);
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) break;
      if (key === K_TIMESTAMP) this.micros(builder.eventTime, row * 2);
      else if (key === K_VALUE && this.bytes[this.at] === QUOTE) {
        this.string();
        this.annotationValue(row);
      } else this.skip();
    }
    const low = builder.eventTime[row * 2];
    const high = builder.eventTime[row * 2 + 1];
    const { earliest } = this;
    const none = earliest[0] === 0 && earliest[1] === 0;
    if (none || high < earliest[1] || (high === earliest[1] && low < earliest[0])) earliest.set([low, high]);
  }

  /** OpenTelemetry writes events with attributes as `"name": {…}`; everything else is a name. */
  private annotationValue(row: number): void {
    const { builder, strings } = this.sink;
    const event = this.escaped ? parseEvent(this.text()) : undefined;
    if (!event) {
      builder.eventName[row] = this.intern(strings);
      return;
    }
    builder.eventName[row] = strings.intern(event.name);
    for (const [key, value] of Object.entries(event.attributes)) {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') this.sink.attribute(key, value);
      else this.sink.attribute(key, value === null ? undefined : JSON.stringify(value));
    }
    builder.eventAttributeEnd[row] = builder.attributeCount;
  }
}

/** The name stands between the quotes as it is, quotes in it not escaped, so the attributes begin where what follows is JSON. */
function parseEvent(text: string): { readonly name: string; readonly attributes: object } | undefined {
  if (!text.startsWith('"') || !text.endsWith('}')) return undefined;
  let tries = 0;
  for (const split of text.matchAll(/"\s*:\s*(?=\{)/g)) {
    if (split.index === 0) continue;
    if (++tries > 8) return undefined;
    const attributes = parseObject(text.slice(split.index + split[0].length));
    if (attributes) return { name: text.slice(1, split.index), attributes };
  }
  return undefined;
}

function parseObject(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
