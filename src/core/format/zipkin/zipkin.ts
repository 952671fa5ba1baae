/**
 * Zipkin's v2 JSON: a list of spans, or a list of lists. What OpenTelemetry's Zipkin exporter made of a span's status, scope and events is turned
 * back. Client and server may report one span id (B3); both halves keep it, and the server's is marked `BATCH_SHARED`, from which
 * assembly makes the client's half the parent of the server's.
 * Sources: openzipkin/zipkin-api zipkin2-api.yaml; opentelemetry-specification trace/sdk_exporters/zipkin.md.
 */

import { type Grammar, leaveOut, READ, ROOT, SKIP } from '../json/machine';
import type { Sink } from '../sink/sink';
import { ZipkinSpans } from './zipkinSpan';

const SPANS = 1;

const OPEN_OBJECT = 123;
const OPEN_LIST = 91;

export class ZipkinGrammar implements Grammar {
  readonly scanner: ZipkinSpans;

  constructor(private readonly sink: Sink) {
    this.scanner = new ZipkinSpans(sink);
  }

  partOf(context: number): string {
    return context === SPANS ? 'a span' : '';
  }

  element(context: number, first: number): number {
    if (first === OPEN_LIST) return SPANS;
    if (first === OPEN_OBJECT) {
      this.scanner.span();
      return READ;
    }
    if (context === ROOT) throw this.scanner.unexpected('a list of spans');
    return leaveOut(this.scanner, this.sink, this.partOf(context), 'a span');
  }

  member(): number {
    return SKIP;
  }

  opened(): void {}

  closed(): void {}

  canFlush(): boolean {
    return true;
  }

  finishBatch(): void {}

  carry(): void {}
}
