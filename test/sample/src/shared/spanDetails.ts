// Tells automatic instrumentation what only the caller knows: the line that asked for a query or a request, its route template, its try.
//
// The details travel in the context from the calling line to the start of the span that a library's instrumentation makes for it.
import { type Attributes, type Context, context, createContextKey, type Span } from '@opentelemetry/api';
import type { tracing } from '@opentelemetry/sdk-node';

const DETAILS = createContextKey('details of the next span');

/** Spans that instrumentation starts within `work` get these attributes as well. */
export function withSpanDetails<T>(details: Attributes, work: () => T): T {
  return context.with(context.active().setValue(DETAILS, details), work);
}

/** Adds the details, and names a span as the semantic conventions say: "POST /price", "SELECT product". */
export class SpanDetailsProcessor implements tracing.SpanProcessor {
  onStart(span: Span & tracing.ReadableSpan, parent: Context): void {
    const details = parent.getValue(DETAILS);
    if (details) span.setAttributes(details as Attributes);
    const { 'http.request.method': method, 'url.template': template } = span.attributes;
    const { 'db.operation.name': operation, 'db.collection.name': table } = span.attributes;
    if (method && template) span.updateName(`${method} ${template}`);
    if (operation && table) span.updateName(`${String(operation).toUpperCase()} ${table}`);
  }

  onEnd(): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
