/**
 * Spans and their processors as SDK 1.x and 2.x both have them: what is added to a provider has to do with either.
 * Source: `ReadableSpan` and `SpanProcessor` of @opentelemetry/sdk-trace-base 1.30 and 2.12.
 */

import type { Attributes, Context, HrTime, Link, SpanContext, SpanKind, SpanStatus } from '@opentelemetry/api';

export interface SpanLike {
  readonly name: string;
  readonly kind: SpanKind;
  spanContext(): SpanContext;
  /** SDK 2.x */
  readonly parentSpanContext?: SpanContext;
  /** SDK 1.x */
  readonly parentSpanId?: string;
  readonly startTime: HrTime;
  /** `[0, 0]` (2.x) or `[-1, -1]` (1.x) until it has ended. */
  readonly endTime: HrTime;
  readonly ended: boolean;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links: readonly Link[];
  readonly events: readonly {
    readonly time: HrTime;
    readonly name: string;
    readonly attributes?: Attributes;
    readonly droppedAttributesCount?: number;
  }[];
  readonly resource: { readonly attributes: Attributes };
  /** SDK 2.x */
  readonly instrumentationScope?: ScopeLike;
  /** SDK 1.x */
  readonly instrumentationLibrary?: ScopeLike;
  readonly droppedAttributesCount?: number;
  readonly droppedEventsCount?: number;
  readonly droppedLinksCount?: number;
  setAttribute(key: string, value: string | number | boolean): unknown;
}

export interface ScopeLike {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
}

export interface SpanProcessorLike {
  onStart(span: SpanLike, parentContext: Context): void;
  onEnd(span: SpanLike): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}
