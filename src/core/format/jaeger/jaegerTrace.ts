/** Spans as a trace of Jaeger's UI, each with its process in it. Source: jaegertracing/jaeger internal/uimodel/model.go. */

import type { Translation } from '../documents/kind';

export function jaegerTrace(spans: readonly unknown[]): Translation {
  return { as: 'jaeger', value: { data: [{ spans, processes: {} }] } };
}
