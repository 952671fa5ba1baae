/** The engine's data in the shapes of the exported API. */

import type { Defect, Span, SpanKind, TraceSummary } from '../../api';
import type { Defect as EngineDefect, TraceOverview } from '../../core/model/table';
import type { SpanData } from '../../protocol/traces';

/** OTLP's `SpanKind` and `Status.code` by number (opentelemetry-proto, trace.proto). */
const kinds: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const statuses: readonly Span['status'][] = ['unset', 'ok', 'error'];

export function toApiSummary(trace: TraceOverview, backend: string): TraceSummary {
  return {
    traceId: trace.traceId,
    backend,
    rootService: trace.rootService,
    rootName: trace.rootName,
    startTimeUnixNano: trace.startUnixNano,
    durationNs: trace.durationNs,
    spanCount: trace.spanCount,
    errorCount: trace.errorCount,
    ...(trace.missingSpans === undefined ? {} : { missingSpans: trace.missingSpans }),
    services: trace.services && [...trace.services],
    ...(trace.matched ? { matched: { count: trace.matched.count, spanIds: [...trace.matched.spanIds] } } : {}),
  };
}

export function toApiDefect(defect: EngineDefect): Defect {
  return { ...defect, spanIds: defect.spanIds && [...defect.spanIds] };
}

export function toApiSpan(span: SpanData): Span {
  return {
    ...span,
    kind: kinds[span.kind] ?? 'unspecified',
    status: statuses[span.status] ?? 'unset',
    events: [...span.events],
    links: [...span.links],
    logs: [...span.logs],
  };
}
