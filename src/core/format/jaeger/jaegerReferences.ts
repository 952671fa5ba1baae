/**
 * What a span of Jaeger's JSON refers to: its parent, and others, which are links.
 * Source: jaegertracing/jaeger internal/uimodel/model.go.
 */

import { NO_MORE } from '../json/jsonReader';
import { KeyTable } from '../json/keys';
import { FLAW_LINK } from '../sink/flaws';
import type { Sink } from '../sink/sink';
import { JaegerTags } from './jaegerTag';

const K_REF_TYPE = 1;
const K_TRACE_ID = 2;
const K_SPAN_ID = 3;
const keys = new KeyTable({ refType: K_REF_TYPE, traceID: K_TRACE_ID, spanID: K_SPAN_ID });

const REFERENCE_WORDS = 7;

export class JaegerReferences extends JaegerTags {
  private readonly childOf: number;
  private readonly followsFrom: number;
  /** Of the span being read: type, trace id and span id of each reference. */
  private readonly references: number[] = [];
  private readonly referenceWords = new Uint32Array(6);

  constructor(sink: Sink) {
    super(sink);
    this.childOf = sink.strings.intern('CHILD_OF');
    this.followsFrom = sink.strings.intern('FOLLOWS_FROM');
  }

  /** The next span begins. */
  protected forgetReferences(): void {
    this.references.length = 0;
  }

  protected readReference(): void {
    if (!this.enterObject()) return;
    const words = this.referenceWords.fill(0);
    let type = 0;
    for (;;) {
      const key = this.member(keys);
      if (key === NO_MORE) break;
      if (key === K_REF_TYPE) type = this.name();
      else if (key === K_TRACE_ID) this.reference(words, 0, 4, FLAW_LINK);
      else if (key === K_SPAN_ID) this.reference(words, 4, 2, FLAW_LINK);
      else this.skip();
    }
    this.references.push(type, ...words);
  }

  /**
   * The first CHILD_OF within the trace is the parent, else the first FOLLOWS_FROM within it; all others are links. One that names no trace is
   * within it. Source: jaegertracing/jaeger-idl model/v1/span.go, `ParentSpanID`.
   */
  protected settleReferences(row: number): void {
    const { builder } = this.sink;
    const { references } = this;
    let childOf = -1;
    let followsFrom = -1;
    for (let at = references.length - REFERENCE_WORDS; at >= 0; at -= REFERENCE_WORDS) {
      if (!this.isWithin(row, at)) continue;
      if (references[at] === this.childOf) childOf = at;
      else if (references[at] === this.followsFrom) followsFrom = at;
    }
    // Older writers name the parent beside the references.
    const hasParent = (builder.parentSpanId[row * 2] | builder.parentSpanId[row * 2 + 1]) !== 0;
    const parent = childOf >= 0 || hasParent ? childOf : followsFrom;
    for (let at = 0; at < references.length; at += REFERENCE_WORDS) {
      if (at === parent) {
        builder.parentSpanId[row * 2] = references[at + 5];
        builder.parentSpanId[row * 2 + 1] = references[at + 6];
        continue;
      }
      const link = builder.link();
      for (let i = 0; i < 4; i++) builder.linkTraceId[link * 4 + i] = references[at + 1 + i];
      for (let i = 0; i < 2; i++) builder.linkSpanId[link * 2 + i] = references[at + 5 + i];
    }
    builder.linkEnd[row] = builder.linkCount;
  }

  /** Whether the reference at `at` is to the span's own trace, which it is given when it names none. */
  private isWithin(row: number, at: number): boolean {
    const { traceId } = this.sink.builder;
    const { references } = this;
    let anyTrace = false;
    let sameTrace = true;
    for (let i = 0; i < 4; i++) anyTrace ||= references[at + 1 + i] !== 0;
    for (let i = 0; i < 4; i++) {
      if (!anyTrace) references[at + 1 + i] = traceId[row * 4 + i];
      sameTrace &&= references[at + 1 + i] === traceId[row * 4 + i];
    }
    return sameTrace;
  }
}
