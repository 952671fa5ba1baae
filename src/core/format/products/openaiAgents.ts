/**
 * Spans of OpenAI's Agents SDK, as its exporter sends and programs print them: ids are texts with `trace_` and `span_` before, what a span is of stands in
 * `span_data`.
 * Source: openai/openai-agents-python, tracing/spans.py and span_data.py.
 */

import { type DocumentKind, isMembers, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { hexOfAny, nanosOfAnyUnit } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';

export const openaiAgents: DocumentKind = {
  format: 'openai-agents',
  hint: /"object"\s*:\s*"trace\.span"/,
  is: (document) => isSpan(document) || membersIn(document.data).some(isSpan),
  translate: (document) => otlpOf((isSpan(document) ? [document] : membersIn(document.data).filter(isSpan)).map(spanOf)),
};

function isSpan({ object, id, trace_id, started_at }: Members): boolean {
  return object === 'trace.span' && typeof id === 'string' && typeof trace_id === 'string' && started_at !== undefined;
}

function spanOf(span: Members): PlainSpan {
  const data = membersOf(span.span_data);
  const error = isMembers(span.error) ? textOf(span.error.message) : textOf(span.error);
  return {
    traceId: idOf(span.trace_id, 16),
    spanId: idOf(span.id, 8),
    parentSpanId: idOf(span.parent_id, 8),
    name: [scalarOf(data.type), scalarOf(data.name ?? data.model)].filter((part) => part !== '').join(' '),
    start: nanosOfAnyUnit(span.started_at),
    end: nanosOfAnyUnit(span.ended_at),
    attributes: attributesOf(data),
    status: span.error === null || span.error === undefined ? 0 : 2,
    statusMessage: error,
  };
}

/** `trace_` has 32 digits of hex behind it, `span_` 24. */
function idOf(id: unknown, size: 8 | 16): string | undefined {
  return hexOfAny(scalarOf(id).replace(/^trace_/, ''), size);
}

function attributesOf({ type, model, input, output, usage, ...data }: Members): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  if (type !== undefined) found['openai.span.type'] = type;
  if (model !== undefined && model !== null) found['gen_ai.request.model'] = model;
  for (const [key, value] of Object.entries({ input, output, usage, ...data }))
    if (value !== undefined && value !== null) found[`openai.${key}`] = value;
  return found;
}
