/**
 * How a debugger is asked which span is under way where a program stands, one way a language: an expression that is evaluated in the stopped frame,
 * and whether that may run code of the program. The answer is `<trace id>/<span id>`, in whatever quotes the debugger writes it.
 */

import { parseSpanId, parseTraceId } from '../../core/model/ids';

export interface ActiveTraceQuestion {
  readonly expression: string;
  /** Evaluating it calls methods of the program or of its libraries, which a person has to allow. */
  readonly runsCode: boolean;
}

export interface ActiveSpan {
  readonly traceId: string;
  readonly spanId: string | undefined;
}

/**
 * Node: what our preload keeps for it, or OpenTelemetry's own global API, whose keys are registered symbols. Both only read.
 * Source: the package @opentelemetry/api 1.9, its global (`opentelemetry.js.api.1`) and the key of the span in a context.
 */
const node =
  "(() => { const own = globalThis[Symbol.for('spanhop.active')]; if (own) return own(); " +
  "const span = globalThis[Symbol.for('opentelemetry.js.api.1')]?.context?.active?.()?.getValue?.(Symbol.for('OpenTelemetry Context Key SPAN'))?.spanContext?.(); " +
  "return span ? span.traceId + '/' + span.spanId : ''; })()";

/** Nothing is imported: where OpenTelemetry is not loaded there is no span. */
const python =
  "(lambda m: '' if m is None else (lambda c: format(c.trace_id, '032x') + '/' + format(c.span_id, '016x'))" +
  "(m.get_current_span().get_span_context()))(__import__('sys').modules.get('opentelemetry.trace'))";

const dotnet =
  'System.Diagnostics.Activity.Current == null ? "" : System.Diagnostics.Activity.Current.TraceId.ToString() + "/" + System.Diagnostics.Activity.Current.SpanId.ToString()';

const java =
  'io.opentelemetry.api.trace.Span.current().getSpanContext().getTraceId() + "/" + io.opentelemetry.api.trace.Span.current().getSpanContext().getSpanId()';

/** By the type of a debug configuration; undefined where a debugger cannot be asked. */
export function activeTraceQuestion(debugType: string): ActiveTraceQuestion | undefined {
  switch (debugType) {
    case 'node':
    case 'pwa-node':
    case 'node-terminal':
    case 'pwa-extensionHost':
    case 'extensionHost':
      return { expression: node, runsCode: false };
    case 'python':
    case 'debugpy':
      return { expression: python, runsCode: false };
    case 'coreclr':
    case 'clr':
    case 'netcoredbg':
      return { expression: dotnet, runsCode: true };
    case 'java':
    case 'kotlin':
      return { expression: java, runsCode: true };
    default:
      return undefined;
  }
}

/** Undefined where no span is under way. */
export function readActiveSpan(answer: unknown): ActiveSpan | undefined {
  const match = typeof answer === 'string' ? /\b([0-9a-f]{32})\/([0-9a-f]{16})\b/i.exec(answer) : null;
  const traceId = match ? parseTraceId(match[1]) : undefined;
  if (!match || traceId === undefined || /^0*$/.test(traceId)) return undefined;
  const spanId = parseSpanId(match[2]);
  return { traceId, spanId: spanId === undefined || /^0*$/.test(spanId) ? undefined : spanId };
}
