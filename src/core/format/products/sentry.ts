/**
 * Transactions of Sentry: the event as its page and API give it, and as SDKs send and print it, of which the span that began the transaction stands in
 * `contexts.trace`, the others in `spans`.
 * Source: develop.sentry.dev, "Transaction Payloads", "Span Interface".
 */

import { type DocumentKind, isMembers, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { nanosOfStart } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';

const SECOND = 1_000_000_000;
const SERVER = 2;
const CLIENT = 3;

export const sentry: DocumentKind = {
  format: 'sentry',
  hint: /"(?:start_timestamp|startTimestamp)"\s*:\s*[\d"]/,
  is: (document) => {
    const { trace_id, span_id } = rootOf(document);
    return trace_id !== undefined && span_id !== undefined && startOf(document) !== undefined;
  },
  translate: (document) => {
    const root = rootOf(document);
    const resource = resourceOf(document);
    const whole: Members = {
      ...root,
      start_timestamp: document.start_timestamp ?? document.startTimestamp,
      timestamp: document.timestamp ?? document.endTimestamp,
      description: document.transaction ?? document.title,
      tags: document.tags,
    };
    return otlpOf([whole, ...spansIn(document)].map((span) => spanOf(span, root.trace_id, resource)));
  },
};

function rootOf({ contexts }: Members): Members {
  return membersOf(membersOf(contexts).trace);
}

/** The API has them as an entry of the event. */
function spansIn({ spans, entries }: Members): readonly Members[] {
  return [...membersIn(spans), ...membersIn(entries).flatMap(({ type, data }) => (type === 'spans' ? membersIn(data) : []))];
}

function startOf({ start_timestamp, startTimestamp }: Members): bigint | undefined {
  return nanosOfStart(start_timestamp ?? startTimestamp, SECOND);
}

function spanOf(span: Members, traceId: unknown, resource: PlainAttributes): PlainSpan {
  const operation = textOf(span.op) ?? '';
  const description = textOf(span.description);
  const status = scalarOf(span.status);
  return {
    traceId: span.trace_id ?? traceId,
    spanId: span.span_id,
    parentSpanId: span.parent_span_id,
    name: description === undefined || description === '' ? operation : description,
    kind: /\bserver$/.test(operation) ? SERVER : /\bclient$|^db\b/.test(operation) ? CLIENT : 0,
    start: nanosOfStart(span.start_timestamp, SECOND),
    end: nanosOfStart(span.timestamp, SECOND),
    attributes: {
      ...(operation === '' ? {} : { 'sentry.op': operation }),
      ...membersOf(span.data),
      ...(isMembers(span.tags) ? span.tags : {}),
    },
    // `unknown` and what is not set say nothing.
    status: status === '' || status === 'unknown' || status === 'unset' ? 0 : status === 'ok' ? 1 : 2,
    statusMessage: status === 'ok' || status === 'unknown' ? undefined : status,
    resource,
  };
}

function resourceOf({ platform, release, environment, server_name: server }: Members): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  if (platform !== undefined) found['telemetry.sdk.language'] = platform;
  if (scalarOf(release) !== '') found['service.version'] = release;
  if (environment !== undefined) found['deployment.environment.name'] = environment;
  if (server !== undefined) found['host.name'] = server;
  return found;
}
