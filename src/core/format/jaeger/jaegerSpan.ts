/**
 * One span of Jaeger's JSON into columns, with everything that OpenTelemetry's fields became on the way to Jaeger turned back: kind, status,
 * scope and trace state from tags, events from logs, parent and links from references.
 * Sources: jaegertracing/jaeger internal/uimodel/model.go; opentelemetry-collector-contrib pkg/translator/jaeger.
 */

import {
  BATCH_NO_END,
  BATCH_NO_START,
  type Resource,
  STATUS_ERROR,
  STATUS_OK,
  VALUE_BOOL,
  VALUE_INTERNED,
  VALUE_JSON,
} from '../../model/batch';
import { NO_MORE } from '../json/jsonReader';
import { KeyTable } from '../json/keys';
import { FLAW_PARENT } from '../sink/flaws';
import type { Sink } from '../sink/sink';
import { JaegerProcesses } from './jaegerProcesses';
import { JaegerReferences } from './jaegerReferences';

const K_TRACE_ID = 1;
const K_SPAN_ID = 2;
const K_PARENT = 3;
const K_NAME = 4;
const K_REFERENCES = 5;
const K_START = 6;
const K_DURATION = 7;
const K_TAGS = 8;
const K_LOGS = 9;
const K_PROCESS_ID = 10;
const K_PROCESS = 11;
const K_WARNINGS = 12;
const K_FLAGS = 13;
const K_TIMESTAMP = 15;
const K_FIELDS = 16;
const K_SERVICE = 17;
const keys = new KeyTable({
  traceID: K_TRACE_ID,
  spanID: K_SPAN_ID,
  parentSpanID: K_PARENT,
  operationName: K_NAME,
  references: K_REFERENCES,
  startTime: K_START,
  duration: K_DURATION,
  tags: K_TAGS,
  logs: K_LOGS,
  processID: K_PROCESS_ID,
  process: K_PROCESS,
  warnings: K_WARNINGS,
  flags: K_FLAGS,
  timestamp: K_TIMESTAMP,
  fields: K_FIELDS,
  serviceName: K_SERVICE,
});

/** Tags that are fields of an OpenTelemetry span. */
const F_KIND = 1;
const F_STATUS = 2;
const F_STATUS_MESSAGE = 3;
const F_ERROR = 4;
const F_SCOPE = 5;
const F_SCOPE_VERSION = 6;
const F_TRACE_STATE = 7;
const fields: Readonly<Record<string, number>> = {
  'span.kind': F_KIND,
  'otel.status_code': F_STATUS,
  'otel.status_description': F_STATUS_MESSAGE,
  error: F_ERROR,
  'otel.scope.name': F_SCOPE,
  'otel.library.name': F_SCOPE,
  'otel.scope.version': F_SCOPE_VERSION,
  'otel.library.version': F_SCOPE_VERSION,
  'w3c.tracestate': F_TRACE_STATE,
};
const kinds = new Map([
  ['internal', 1],
  ['server', 2],
  ['client', 3],
  ['producer', 4],
  ['consumer', 5],
]);

export class JaegerSpans extends JaegerReferences {
  /** Index of a tag's key in the string table -> the field it is. */
  private readonly fieldOf = new Map<number, number>();
  private readonly eventKey: number;
  private readonly messageKey: number;
  private readonly processes: JaegerProcesses;
  private readonly traceWords = new Uint32Array(4);
  private spans = 0;
  private scopeName = 0;
  private scopeVersion = 0;
  private errorTag: { readonly type: number; readonly number: number; readonly length: number } | undefined;

  constructor(sink: Sink) {
    super(sink);
    this.processes = new JaegerProcesses(sink);
    for (const [name, field] of Object.entries(fields)) this.fieldOf.set(sink.strings.intern(name), field);
    this.eventKey = sink.strings.intern('event');
    this.messageKey = sink.strings.intern('message');
  }

  /** Processes belong to the trace they stand in. What its spans named and it does not have is told. */
  forgetTrace(): void {
    this.processes.forget();
    this.traceWords.fill(0);
    this.spans = 0;
  }

  /** True when nothing of a trace was read yet. */
  betweenTraces(): boolean {
    return this.spans === 0 && this.processes.isEmpty;
  }

  /** The id of the trace, for spans that do not repeat it. */
  traceId(): void {
    this.id(this.traceWords, 0, 4);
  }

  /** Reads the process at the cursor, of this name. */
  namedProcess(name: number): void {
    this.processes.met(name, this.process());
  }

  private process(): Resource {
    const { builder, strings } = this.sink;
    const attributeStart = builder.attributeCount;
    this.at++;
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) break;
      if (key === K_SERVICE) {
        builder.attribute(strings.intern('service.name'), VALUE_INTERNED, this.name(), 0);
      } else if (key === K_TAGS) {
        if (this.enterList()) while (!this.endOfList()) if (this.tag()) this.keep();
      } else this.skip();
    }
    return this.sink.resource(attributeStart, this.bytes);
  }

  /** Reads the span at the cursor. */
  span(): void {
    const { sink } = this;
    const { builder } = sink;
    const row = builder.span();
    builder.traceId.set(this.traceWords, row * 4);
    builder.flags[row] = BATCH_NO_END;
    this.forgetReferences();
    this.scopeName = 0;
    this.scopeVersion = 0;
    this.errorTag = undefined;
    let warningsStart = 0;
    let warningsLength = 0;
    let embedded: Resource | undefined;
    let process = -1;
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
        case K_REFERENCES:
          if (this.enterList()) while (!this.endOfList()) this.readReference();
          break;
        case K_START:
          this.micros(builder.start, row * 2);
          break;
        case K_DURATION:
          builder.durationNs[row] = this.microsLong();
          builder.flags[row] &= ~BATCH_NO_END;
          break;
        case K_TAGS:
          this.tags(row);
          break;
        case K_LOGS:
          if (this.enterList()) while (!this.endOfList()) this.log();
          builder.eventEnd[row] = builder.eventCount;
          break;
        case K_PROCESS_ID:
          process = this.name();
          break;
        case K_PROCESS:
          if (this.next() === 123) embedded = this.process();
          else this.skip();
          break;
        case K_WARNINGS:
          warningsStart = this.at;
          this.skip();
          warningsLength = this.at - warningsStart;
          break;
        case K_FLAGS:
          builder.flags[row] |= this.unsigned() & 0xffff;
          break;
        default:
          this.skip();
      }
    }
    if ((builder.start[row * 2] | builder.start[row * 2 + 1]) === 0) builder.flags[row] |= BATCH_NO_START;
    this.settleReferences(row);
    builder.scope[row] = sink.scope(this.scopeName, this.scopeVersion);
    if (embedded) builder.resource[row] = this.sink.addResource(embedded);
    else if (process >= 0) builder.resource[row] = this.processes.named(process);
    else sink.count('without a process, so that their service is not known.');
    if (warningsLength > 2 && this.bytes[warningsStart] === 91) this.warnings(row, warningsStart, warningsLength);
    sink.checkIds(row);
    if (this.flaws !== 0) sink.flawed(row, this.flaws);
    this.spans++;
  }

  /** Warnings that Jaeger added, under the name that its newer API gives them. */
  private warnings(row: number, start: number, length: number): void {
    const { builder, strings } = this.sink;
    this.rejoin(row);
    builder.attribute(strings.intern('@jaeger@warnings'), VALUE_JSON, start, length);
    builder.attributeEnd[row] = builder.attributeCount;
  }

  /** Puts the span's attributes at the end, for more of them to follow. */
  private rejoin(row: number): void {
    const { builder } = this.sink;
    const start = builder.attributeStart[row];
    const end = builder.attributeEnd[row];
    if (end === builder.attributeCount) return;
    builder.attributeStart[row] = builder.attributeCount;
    builder.repeatAttributes(start, end);
  }

  private tags(row: number): void {
    const { builder } = this.sink;
    builder.attributeStart[row] = builder.attributeCount;
    if (this.enterList()) {
      while (!this.endOfList()) {
        if (!this.tag()) continue;
        const field = this.fieldOf.get(this.tagKey);
        if (field === undefined || !this.field(row, field)) this.keep();
      }
    }
    this.settleError(row);
    builder.attributeEnd[row] = builder.attributeCount;
  }

  /** Puts the tag read last where it belongs; false when its value is not what that place takes. */
  private field(row: number, field: number): boolean {
    const { builder, strings } = this.sink;
    if (field === F_ERROR) {
      this.errorTag = { type: this.valueType, number: this.valueNumber, length: this.valueLength };
      return true;
    }
    const text = this.internValue();
    if (text < 0) return false;
    switch (field) {
      case F_KIND: {
        const kind = kinds.get(strings.get(text).toLowerCase());
        builder.kind[row] = kind ?? 0;
        return kind !== undefined;
      }
      case F_STATUS: {
        const code = strings.get(text);
        if (code !== 'OK' && code !== 'ERROR') return code === 'UNSET';
        builder.status[row] = code === 'OK' ? STATUS_OK : STATUS_ERROR;
        return true;
      }
      case F_STATUS_MESSAGE:
        builder.statusMessage[row] = text;
        return true;
      case F_SCOPE:
        this.scopeName = text;
        return true;
      case F_SCOPE_VERSION:
        this.scopeVersion = text;
        return true;
      default:
        builder.traceState[row] = text;
        return true;
    }
  }

  /** `error` repeats the status of an OpenTelemetry span, and is all there is of older ones. */
  private settleError(row: number): void {
    const tag = this.errorTag;
    if (!tag) return;
    const { builder, strings } = this.sink;
    const set = tag.type === VALUE_BOOL ? tag.number === 1 : !this.isText(tag, 'false');
    if (set && builder.status[row] === STATUS_ERROR && tag.type === VALUE_BOOL) return;
    if (set && builder.status[row] === 0) builder.status[row] = STATUS_ERROR;
    builder.attribute(strings.intern('error'), tag.type, tag.number, tag.length);
  }

  private isText(tag: { readonly number: number; readonly length: number }, text: string): boolean {
    return tag.length === text.length && this.slice(tag.number, tag.number + tag.length) === text;
  }

  /** A log becomes an event: named by its field `event`, or by `message` when that comes first, as older translators wrote it. */
  private log(): void {
    const { builder } = this.sink;
    if (!this.enterObject()) return;
    const row = builder.event(0, 0, 0);
    let named = false;
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) break;
      if (key === K_TIMESTAMP) this.micros(builder.eventTime, row * 2);
      else if (key === K_FIELDS) {
        builder.eventAttributeStart[row] = builder.attributeCount;
        if (!this.enterList()) continue;
        for (let i = 0; !this.endOfList(); i++) {
          if (!this.tag()) continue;
          const names = !named && (this.tagKey === this.eventKey || (i === 0 && this.tagKey === this.messageKey));
          const name = names ? this.internValue() : -1;
          if (name < 0) this.keep();
          else {
            builder.eventName[row] = name;
            named = true;
          }
        }
        builder.eventAttributeEnd[row] = builder.attributeCount;
      } else this.skip();
    }
    builder.eventAttributeEnd[row] = builder.attributeCount;
  }
}
