/**
 * Jaeger's JSON, as its UI downloads it and /api/traces answers: an envelope `{data: [trace]}`, one trace, or a list of them. Spans come
 * before the processes that they name, so a trace's resources are reserved by name and filled in when they are met.
 * Source: jaegertracing/jaeger internal/uimodel/model.go.
 */

import { KeyTable } from '../json/keys';
import { type Grammar, leaveOut, READ, ROOT, SKIP } from '../json/machine';
import type { Sink } from '../sink/sink';
import { JaegerSpans } from './jaegerSpan';

const TRACE = 1;
const TRACES = 2;
const SPANS = 3;
const PROCESSES = 4;

const K_DATA = 1;
const K_SPANS = 2;
const K_PROCESSES = 3;
const K_WARNINGS = 4;
const K_ERRORS = 5;
const K_TRACE_ID = 6;
const keys = new KeyTable({
  data: K_DATA,
  spans: K_SPANS,
  processes: K_PROCESSES,
  warnings: K_WARNINGS,
  errors: K_ERRORS,
  traceID: K_TRACE_ID,
});

const OPEN_OBJECT = 123;
const OPEN_LIST = 91;
/** First byte of `null`, which a server writes for a list without items. */
const NULL = 110;

export class JaegerGrammar implements Grammar {
  readonly scanner: JaegerSpans;

  constructor(private readonly sink: Sink) {
    this.scanner = new JaegerSpans(sink);
  }

  partOf(context: number): string {
    if (context === SPANS) return 'a span';
    if (context === PROCESSES) return 'a process';
    return context === ROOT ? '' : 'a trace';
  }

  element(context: number, first: number): number {
    if (context === SPANS) {
      if (first !== OPEN_OBJECT) return leaveOut(this.scanner, this.sink, this.partOf(context), 'a span');
      this.scanner.span();
      return READ;
    }
    if (first === OPEN_OBJECT) return TRACE;
    if (first === OPEN_LIST) return TRACES;
    if (context === ROOT) throw this.scanner.unexpected('an object');
    return leaveOut(this.scanner, this.sink, this.partOf(context), 'an object');
  }

  member(context: number, first: number): number {
    const { scanner } = this;
    if (context === PROCESSES) {
      if (first !== OPEN_OBJECT) return SKIP;
      scanner.namedProcess(scanner.intern(this.sink.strings));
      return READ;
    }
    switch (scanner.find(keys)) {
      case K_DATA:
        return first === OPEN_LIST ? TRACES : first === OPEN_OBJECT ? TRACE : this.absent(first);
      case K_SPANS:
        return first === OPEN_LIST ? SPANS : this.absent(first);
      case K_PROCESSES:
        return first === OPEN_OBJECT ? PROCESSES : SKIP;
      case K_TRACE_ID:
        scanner.traceId();
        return READ;
      case K_WARNINGS:
        return this.tell(first, 'Jaeger says of');
      case K_ERRORS:
        return this.tell(first, 'Jaeger could not give all of');
      default:
        return SKIP;
    }
  }

  private absent(first: number): number {
    if (first !== NULL) throw this.scanner.unexpected('a list');
    return SKIP;
  }

  /** What the server says about the trace, or about what it could not find. */
  private tell(first: number, opening: string): number {
    if (first !== OPEN_LIST) return SKIP;
    const { scanner, sink } = this;
    const start = scanner.at;
    scanner.skip();
    const said = saidIn(scanner.slice(start, scanner.at));
    for (const message of said) sink.note({ kind: 'capped', count: 1, message: `${opening} ${sink.name}: ${message}` });
    return READ;
  }

  opened(context: number): void {
    if (context === TRACE) this.scanner.forgetTrace();
  }

  closed(context: number): void {
    if (context === TRACE) this.scanner.forgetTrace();
  }

  /** Resources may be filled in until the trace ends. */
  canFlush(): boolean {
    return this.scanner.betweenTraces();
  }

  finishBatch(): void {}

  carry(): void {}
}

/** Texts of warnings (strings) or errors (`{msg}`). */
function saidIn(json: string): string[] {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch {
    return [];
  }
  if (!Array.isArray(list)) return [];
  const texts: string[] = [];
  for (const item of list) {
    if (typeof item === 'string') texts.push(item);
    else if (typeof item === 'object' && item !== null && 'msg' in item && typeof item.msg === 'string') texts.push(item.msg);
  }
  return texts.slice(0, 20);
}
