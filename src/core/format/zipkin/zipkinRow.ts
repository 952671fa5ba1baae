/**
 * What Zipkin's spans have in common, in JSON or protobuf, beyond their fields: what OpenTelemetry's Zipkin exporter made of a span's status, scope and
 * events is turned back, endpoints become attributes and resources. A span without times is kept: it starts at its first annotation, or is placed by
 * assembly; without a duration it counts as still running.
 */

import {
  BATCH_NO_END,
  BATCH_NO_START,
  BATCH_UNTYPED,
  KIND_INTERNAL,
  STATUS_ERROR,
  STATUS_OK,
  VALUE_INTERNED,
} from '../../model/batch';
import type { BatchBuilder } from '../../model/batchBuilder';
import type { Sink } from '../sink/sink';

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
export interface Endpoint {
  readonly service: number;
  readonly address: number;
  readonly port: number;
}

export class ZipkinRow {
  private readonly fieldOf = new Map<number, number>();
  /** Local endpoints of the batch under construction, as text, and their resources. */
  private readonly resources = new Map<string, number>();
  private resourcesOf: BatchBuilder | undefined;
  private scopeName = 0;
  private scopeVersion = 0;
  private errorText: number | undefined;
  /** Of the annotations of the span, the earliest; words. */
  private readonly earliest = new Uint32Array(2);

  constructor(private readonly sink: Sink) {
    for (const [name, field] of Object.entries(fields)) this.fieldOf.set(sink.strings.intern(name), field);
  }

  /** Begins a span, and returns its row. */
  begin(): number {
    const { builder } = this.sink;
    const row = builder.span();
    builder.kind[row] = KIND_INTERNAL;
    builder.flags[row] = BATCH_NO_END | BATCH_UNTYPED;
    this.scopeName = 0;
    this.scopeVersion = 0;
    this.errorText = undefined;
    this.earliest.fill(0);
    return row;
  }

  /** Ends the span, after all that it said of itself was put into the row. */
  end(
    row: number,
    { local, remote, isDebug }: { local: Endpoint | undefined; remote: Endpoint | undefined; isDebug: boolean },
  ): void {
    const { sink } = this;
    const { builder } = sink;
    this.rejoin(row);
    this.settleError(row);
    if (remote) this.remoteAttributes(row, remote);
    if (isDebug) sink.attribute('debug', true);
    builder.attributeEnd[row] = builder.attributeCount;
    if ((builder.start[row * 2] | builder.start[row * 2 + 1]) === 0) this.startOf(row);
    builder.scope[row] = sink.scope(this.scopeName, this.scopeVersion);
    builder.resource[row] = this.resource(local);
    sink.checkIds(row);
  }

  /** Whether a tag of this name is a field of the span: `tag` takes it then. */
  isField(key: number): boolean {
    return this.fieldOf.has(key);
  }

  /** Takes a tag that is a field; its key and its text are interned. */
  tag(row: number, key: number, text: number): void {
    const { builder, strings } = this.sink;
    const field = this.fieldOf.get(key);
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

  /** An annotation is read whose time stands in the row of events. */
  annotated(event: number): void {
    const { builder } = this.sink;
    const low = builder.eventTime[event * 2];
    const high = builder.eventTime[event * 2 + 1];
    const { earliest } = this;
    const none = earliest[0] === 0 && earliest[1] === 0;
    if (none || high < earliest[1] || (high === earliest[1] && low < earliest[0])) earliest.set([low, high]);
  }

  /**
   * Takes what an annotation says, where it is an event with attributes as OpenTelemetry writes it, `"name": {…}`. Whether it is: everything else is a
   * name.
   */
  event(event: number, text: string): boolean {
    const parsed = parseEvent(text);
    if (!parsed) return false;
    const { builder, strings } = this.sink;
    builder.eventName[event] = strings.intern(parsed.name);
    for (const [key, value] of Object.entries(parsed.attributes)) {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') this.sink.attribute(key, value);
      else this.sink.attribute(key, value === null ? undefined : JSON.stringify(value));
    }
    builder.eventAttributeEnd[event] = builder.attributeCount;
    return true;
  }

  /** A span that gives no start begins with its first annotation. */
  private startOf(row: number): void {
    const { earliest } = this;
    const { start, flags } = this.sink.builder;
    start.set(earliest, row * 2);
    if ((earliest[0] | earliest[1]) === 0) flags[row] |= BATCH_NO_START;
  }

  /** Attributes follow that no one key lists: those that came earlier are put before them. */
  rejoin(row: number): void {
    const { builder } = this.sink;
    const start = builder.attributeStart[row];
    const end = builder.attributeEnd[row];
    if (end === builder.attributeCount) return;
    builder.attributeStart[row] = builder.attributeCount;
    builder.repeatAttributes(start, end);
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
