/**
 * Spans as Jaeger keeps them in Elasticsearch and OpenSearch: one document each, its process in it, tags as a list or as an object whose keys have `@` for
 * a dot; alone, or as hits of a search and as dumps of an index have them (`_source`). Logz.io names the span's own tags `JaegerTags` and `JaegerTag`.
 * Sources: jaegertracing/jaeger internal/storage/elasticsearch/dbmodel/model.go; logzio/jaeger-logzio store/objects.
 */

import { base64Text } from '../../model/base64';
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

function isSpan(document: Members): boolean {
  const { traceID, spanID, operationName, process } = document;
  return (
    typeof traceID === 'string' &&
    typeof spanID === 'string' &&
    operationName !== undefined &&
    isMembers(process) &&
    startOf(document) !== undefined
  );
}

/** Epoch microseconds; milliseconds are all that there is where somebody left those out. */
function startOf({ startTime, startTimeMillis }: Members): number | undefined {
  if (typeof startTime === 'number') return startTime;
  return typeof startTimeMillis === 'number' ? startTimeMillis * 1000 : undefined;
}

function spanOf(span: Members): unknown {
  const process = membersOf(span.process);
  const { JaegerTags, JaegerTag, ...others } = span;
  return {
    ...others,
    startTime: startOf(span),
    tags: withStatus([...tagsOf(span), ...tagsOf({ tags: JaegerTags, tag: JaegerTag })]),
    logs: membersIn(span.logs).map((log) => ({ timestamp: log.timestamp, fields: tagsOf({ tags: log.fields, tag: log.field }) })),
    process: { serviceName: process.serviceName, tags: tagsOf(process) },
  };
}

/** Jaeger keeps nothing of a status that is an error but `error`, which it takes away again when it reads one. */
function withStatus(tags: readonly Members[]): readonly Members[] {
  const isError = tags.some(({ key, value }) => key === 'error' && value === true);
  return isError && !tags.some(({ key }) => key === 'otel.status_code')
    ? [...tags, { key: 'otel.status_code', type: 'string', value: 'ERROR' }]
    : tags;
}

function tagsOf({ tags, tag }: Members): Members[] {
  const named = Object.entries(membersOf(tag)).map(([key, value]) => ({
    key: key.replaceAll('@', '.'),
    ...(typeof value === 'bigint' ? { type: 'int64', value: value.toString() } : { type: typeOf(value), value }),
  }));
  return [...membersIn(tags).map(tagOf), ...named];
}

function tagOf(tag: Members): Members {
  const { key, type, value } = tag;
  if (typeof value === 'bigint') return { ...tag, value: value.toString() };
  if (key === '@jaeger@warnings' && typeof value === 'string') return { key, value: listIn(value) };
  // Here bytes are hexadecimal digits, in the JSON of the UI base64.
  return type === 'binary' && typeof value === 'string' ? { ...tag, value: base64OfHex(value) } : tag;
}

/** A list that was made a text on the way into the index. */
function listIn(text: string): unknown {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : text;
  } catch {
    return text;
  }
}

/** The text itself, where it is no pairs of hexadecimal digits. */
function base64OfHex(hex: string): string {
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) return hex;
  return base64Text(Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16)));
}

function typeOf(value: unknown): string {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return 'string';
}
