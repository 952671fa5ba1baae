// Spans of the shop's own, around a piece of its work.
import { type Attributes, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { codeAttributes } from './callSite';

const tracer = trace.getTracer('shop', '1.4.0');

/** Runs `work` in a span of this name, which tells the line that asked for it and records what `work` throws. */
export async function traced<T>(name: string, attributes: Attributes, work: (span: Span) => T | Promise<T>): Promise<T> {
  const code = codeAttributes(traced);
  return tracer.startActiveSpan(name, { attributes: { ...code, ...attributes } }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      recordFailure(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

export function recordFailure(span: Span, error: unknown): void {
  const failure = error instanceof Error ? error : new Error(String(error));
  span.recordException(failure);
  span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
}
