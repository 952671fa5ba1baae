/**
 * Spans as Jaeger keeps them in Elasticsearch and OpenSearch: one document each, its process in it, tags as a list or as an object whose keys have `@` for
 * a dot; alone, or as hits of a search and as dumps of an index have them (`_source`).
 * Source: jaegertracing/jaeger internal/storage/elasticsearch/dbmodel/model.go.
 */

import { type DocumentKind, isMembers, membersIn, membersOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { jaegerTrace } from './jaegerTrace';

export const jaegerDocument: DocumentKind = {
  format: 'jaeger-documents',
  inParts: (document) => !isSpan(document),
  hint: /"startTimeMillis"\s*:/,
  is: (document) => spansIn(document).length > 0,
  translate: (document) => jaegerTrace(spansIn(document).map(spanOf)),
};

/** The document itself, the one in a dump, or all that a search, or several at once, found. */
function spansIn(document: Members): readonly Members[] {
  if (isSpan(document)) return [document];
  if (isMembers(document._source)) return isSpan(document._source) ? [document._source] : [];
  const answers = Array.isArray(document.responses) ? membersIn(document.responses) : [document];
  return answers.flatMap((answer) =>
    membersIn(membersOf(answer.hits).hits).flatMap(({ _source }) => (isMembers(_source) && isSpan(_source) ? [_source] : [])),
  );
}

function isSpan({ traceID, spanID, operationName, process, startTime }: Members): boolean {
  return (
    typeof traceID === 'string' &&
    typeof spanID === 'string' &&
    operationName !== undefined &&
    isMembers(process) &&
    typeof startTime === 'number'
  );
}

function spanOf(span: Members): unknown {
  const process = membersOf(span.process);
  return {
    ...span,
    tags: tagsOf(span),
    logs: membersIn(span.logs).map((log) => ({ timestamp: log.timestamp, fields: tagsOf({ tags: log.fields, tag: log.field }) })),
    process: { serviceName: process.serviceName, tags: tagsOf(process) },
  };
}

function tagsOf({ tags, tag }: Members): unknown[] {
  const named = Object.entries(membersOf(tag)).map(([key, value]) => ({
    key: key.replaceAll('@', '.'),
    ...(typeof value === 'bigint' ? { type: 'int64', value: value.toString() } : { type: typeOf(value), value }),
  }));
  return [
    ...membersIn(tags).map((one) => (typeof one.value === 'bigint' ? { ...one, value: one.value.toString() } : one)),
    ...named,
  ];
}

function typeOf(value: unknown): string {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return 'string';
}
