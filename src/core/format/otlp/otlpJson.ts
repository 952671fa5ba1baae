/**
 * OTLP/JSON as exporters, the Collector, Jaeger's /api/v3 and Tempo write it, in one grammar: Tempo's JSON differs in base64 ids, names
 * of enums and the name of the outermost list only.
 * Sources: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding"; pkg/tempopb of grafana/tempo for `batches` and `trace`.
 */

import type { Resource, Scope } from '../../model/batch';
import { NO_RESOURCE, NO_SCOPE } from '../../model/batchBuilder';
import { KeyTable } from '../json/keys';
import { type Grammar, leaveOut, READ, ROOT, SKIP } from '../json/machine';
import type { Carrier, Sink } from '../sink/sink';
import { OtlpJsonRecords } from './otlpJsonSpan';
import { withSchema } from './otlpProto';

const DOCUMENTS = 1;
const DOCUMENT = 2;
const RESOURCE_LIST = 3;
const RESOURCE_SPANS = 4;
const SCOPE_LIST = 5;
const SCOPE_SPANS = 6;
const SPANS = 7;
/** Lists of log records and metrics, walked only to be counted; each with the groups above it. */
const OTHER_LIST = 8;
const OTHER_GROUP = 9;
const LOGS = 10;
const METRICS = 11;

const K_RESOURCE_SPANS = 1;
const K_ENVELOPE = 2;
const K_OTHER = 3;
const K_STATUS = 4;
const K_MESSAGE = 5;
const K_OTHER_ID = 6;
const K_OTHER_TIME = 7;
const K_OTHER_SPAN = 8;
const documentKeys = new KeyTable({
  resourceSpans: K_RESOURCE_SPANS,
  resource_spans: K_RESOURCE_SPANS,
  batches: K_RESOURCE_SPANS,
  result: K_ENVELOPE,
  trace: K_ENVELOPE,
  resourceLogs: K_OTHER,
  resource_logs: K_OTHER,
  resourceMetrics: K_OTHER,
  resource_metrics: K_OTHER,
  status: K_STATUS,
  message: K_MESSAGE,
  context: K_OTHER_ID,
  traceId: K_OTHER_ID,
  traceID: K_OTHER_ID,
  trace_id: K_OTHER_ID,
  startTime: K_OTHER_TIME,
  start_time: K_OTHER_TIME,
  start: K_OTHER_TIME,
  duration: K_OTHER_TIME,
  localEndpoint: K_OTHER_TIME,
  SpanContext: K_OTHER_SPAN,
});
/** What members of a document say of it: it has an id and a time of its own, as a span of another format has. */
const ID = 1;
const TIME = 2;

const K_RESOURCE = 1;
const K_SCOPE_SPANS = 2;
const K_SCOPE = 3;
const K_SPANS = 4;
const K_SCHEMA = 5;
const groupKeys = new KeyTable({
  resource: K_RESOURCE,
  scopeSpans: K_SCOPE_SPANS,
  scope_spans: K_SCOPE_SPANS,
  instrumentationLibrarySpans: K_SCOPE_SPANS,
  instrumentation_library_spans: K_SCOPE_SPANS,
  scope: K_SCOPE,
  instrumentationLibrary: K_SCOPE,
  instrumentation_library: K_SCOPE,
  spans: K_SPANS,
  schemaUrl: K_SCHEMA,
  schema_url: K_SCHEMA,
});

const K_GROUPS = 1;
const K_LOGS = 2;
const K_METRICS = 3;
const otherKeys = new KeyTable({
  scopeLogs: K_GROUPS,
  scope_logs: K_GROUPS,
  instrumentationLibraryLogs: K_GROUPS,
  scopeMetrics: K_GROUPS,
  scope_metrics: K_GROUPS,
  instrumentationLibraryMetrics: K_GROUPS,
  logRecords: K_LOGS,
  log_records: K_LOGS,
  metrics: K_METRICS,
});

const OPEN_OBJECT = 123;
const OPEN_LIST = 91;
const QUOTE = 34;
/** First byte of `null`, which stands for an absent field. */
const NULL = 110;

export class OtlpJsonGrammar implements Grammar {
  readonly scanner: OtlpJsonRecords;
  private resource = 0;
  private scope = 0;
  private inResource = false;
  private partial = false;
  /** Of the document at hand: `ID`, `TIME`. */
  private otherMembers = 0;
  private message = '';

  constructor(private readonly sink: Sink) {
    this.scanner = new OtlpJsonRecords(sink);
  }

  partOf(context: number): string {
    switch (context) {
      case SPANS:
        return 'a span';
      case RESOURCE_LIST:
      case RESOURCE_SPANS:
        return "a resource's spans";
      case SCOPE_LIST:
      case SCOPE_SPANS:
        return "a scope's spans";
      case ROOT:
        return '';
      default:
        return 'an object';
    }
  }

  element(context: number, first: number): number {
    const { scanner, sink } = this;
    if (context === SPANS) {
      if (first !== OPEN_OBJECT) return leaveOut(scanner, sink, this.partOf(context), 'a span');
      scanner.span(this.resource, this.scope);
      return READ;
    }
    if (context === ROOT || context === DOCUMENTS) {
      if (first === OPEN_OBJECT) return DOCUMENT;
      if (first === OPEN_LIST) return DOCUMENTS;
      if (context === ROOT) throw scanner.unexpected('an object');
      return SKIP;
    }
    if (context === LOGS || context === METRICS) {
      scanner.skip();
      if (context === LOGS) sink.logs++;
      else sink.metrics++;
      return READ;
    }
    if (first !== OPEN_OBJECT) {
      if (context === RESOURCE_LIST || context === SCOPE_LIST) return leaveOut(scanner, sink, this.partOf(context), 'an object');
      return SKIP;
    }
    if (context === RESOURCE_LIST) return RESOURCE_SPANS;
    if (context === SCOPE_LIST) return SCOPE_SPANS;
    return context === OTHER_LIST ? OTHER_GROUP : SKIP;
  }

  member(context: number, first: number): number {
    const { scanner } = this;
    if (context === DOCUMENT) return this.documentMember(first);
    if (context === OTHER_GROUP) {
      const key = scanner.find(otherKeys);
      if (first !== OPEN_LIST) return SKIP;
      return key === K_GROUPS ? OTHER_LIST : key === K_LOGS ? LOGS : key === K_METRICS ? METRICS : SKIP;
    }
    const key = scanner.find(groupKeys);
    if (context === RESOURCE_SPANS && key === K_SCOPE_SPANS) return this.oneOrMore(first, SCOPE_LIST, SCOPE_SPANS);
    if (context === SCOPE_SPANS && key === K_SPANS) {
      if (first !== OPEN_OBJECT) return this.oneOrMore(first, SPANS, SKIP);
      scanner.span(this.resource, this.scope);
      return READ;
    }
    const { resources, scopes } = this.sink.builder;
    if (key === K_SCHEMA && first === QUOTE) {
      const schemaUrl = scanner.name();
      if (schemaUrl === 0) return READ;
      if (context === RESOURCE_SPANS) resources[this.resource] = { ...resources[this.resource], schemaUrl };
      else scopes[this.scope] = { ...scopes[this.scope], schemaUrl };
      return READ;
    }
    if (first !== OPEN_OBJECT) return SKIP;
    if (context === RESOURCE_SPANS && key === K_RESOURCE) {
      resources[this.resource] = withSchema(scanner.resource(), resources[this.resource]);
      return READ;
    }
    if (context === SCOPE_SPANS && key === K_SCOPE) {
      scopes[this.scope] = withSchema(scanner.scope(), scopes[this.scope]);
      return READ;
    }
    return SKIP;
  }

  private documentMember(first: number): number {
    const { scanner } = this;
    // A list of ResourceSpans without the request around it.
    const group = scanner.find(groupKeys);
    if (group === K_SCOPE_SPANS) {
      this.openResource();
      return this.oneOrMore(first, SCOPE_LIST, SCOPE_SPANS);
    }
    if (group === K_RESOURCE && first === OPEN_OBJECT) {
      this.openResource();
      this.sink.builder.resources[this.resource] = scanner.resource();
      return READ;
    }
    switch (scanner.find(documentKeys)) {
      case K_RESOURCE_SPANS:
        return this.oneOrMore(first, RESOURCE_LIST, RESOURCE_SPANS);
      case K_ENVELOPE:
        return first === OPEN_OBJECT ? DOCUMENT : SKIP;
      case K_OTHER:
        return first === OPEN_LIST ? OTHER_LIST : SKIP;
      case K_STATUS:
        if (first !== QUOTE) return SKIP;
        scanner.string();
        if (scanner.text() === 'PARTIAL') this.partial = true;
        return READ;
      case K_MESSAGE:
        if (first !== QUOTE) return SKIP;
        scanner.string();
        this.message = scanner.text();
        return READ;
      case K_OTHER_ID:
        return this.other(ID);
      case K_OTHER_TIME:
        return this.other(TIME);
      case K_OTHER_SPAN:
        return this.other(ID | TIME);
      default:
        return SKIP;
    }
  }

  private other(members: number): number {
    this.otherMembers |= members;
    return SKIP;
  }

  /** A list, or its only item without the list, as converters from YAML and XML write it. Anything else is damage, which is told. */
  private oneOrMore(first: number, list: number, item: number): number {
    if (first === OPEN_LIST) return list;
    if (first === OPEN_OBJECT) return item;
    if (first === NULL) return SKIP;
    throw this.scanner.unexpected('a list');
  }

  private openResource(): void {
    if (this.inResource) return;
    this.resource = this.sink.addResource(NO_RESOURCE);
    this.inResource = true;
  }

  opened(context: number): void {
    if (context === RESOURCE_SPANS) this.openResource();
    if (context === SCOPE_SPANS) this.scope = this.sink.addScope(NO_SCOPE);
  }

  closed(context: number): void {
    if (context === RESOURCE_SPANS || context === DOCUMENT) this.inResource = false;
    if (context !== DOCUMENT) return;
    if (this.otherMembers === (ID | TIME))
      this.sink.count('of another format behind those that were read, left out. Open them in a file of their own.');
    this.otherMembers = 0;
    if (!this.partial) return;
    const reason = this.message === '' ? '' : `: ${this.message}`;
    this.sink.note({ kind: 'capped', count: 1, message: `${this.sink.name} is a part of the trace only${reason}.` });
    this.partial = false;
  }

  canFlush(): boolean {
    return true;
  }

  finishBatch(): void {}

  carry(carrier: Carrier): void {
    if (!this.inResource) return;
    const resource: Resource = carrier.previous.resources[this.resource] ?? NO_RESOURCE;
    const scope: Scope = carrier.previous.scopes[this.scope] ?? NO_SCOPE;
    this.resource = carrier.next.resources.push(carrier.copy(resource)) - 1;
    this.scope = carrier.next.scopes.push(carrier.copy(scope)) - 1;
  }
}
