/** What commands may be given: a row of the Traces view, or an object or text of a keybinding, a link or another extension. */

import { parseSpanId, parseTraceparent } from '../../core/model/ids';

export interface SpanArgument {
  readonly traceId: string;
  readonly backend?: string;
  readonly spanId?: string;
}

/** Undefined when the argument names no trace. */
export function readSpanArgument(given: unknown): SpanArgument | undefined {
  if (typeof given === 'string') {
    return given.trim() === '' ? undefined : { traceId: given, spanId: parseTraceparent(given)?.spanId };
  }
  if (typeof given !== 'object' || given === null || !('traceId' in given) || typeof given.traceId !== 'string') return undefined;
  const backend = 'backend' in given && typeof given.backend === 'string' ? given.backend : undefined;
  const spanId = 'spanId' in given && typeof given.spanId === 'string' ? parseSpanId(given.spanId) : undefined;
  return { traceId: given.traceId, backend, spanId };
}
