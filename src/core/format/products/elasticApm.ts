/**
 * Transactions and spans of Elastic APM as its indices have them: one document each, alone, in lists, as hits of a search (`_source`), with all members of
 * members, or with names in one (`fields`), as Kibana shows them.
 * Source: elastic.co, "APM data model", exported fields.
 */

import { type DocumentKind, isMembers, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { at, hexOfAny, kindOf, nanosOf, nanosOfStart } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';

const MICROSECOND = 1000;

export const elasticApm: DocumentKind = {
  format: 'elastic-apm',
  inParts: (document) => !isSpan(document),
  hint: /"processor"\s*:\s*\{[^{}]{0,60}"event"\s*:\s*"(?:transaction|span)"/,
  is: (document) => spansIn(document).length > 0,
  translate: (document) => otlpOf(spansIn(document).map(spanOf)),
};

/** The document itself, the one in it, or all of several. */
function spansIn(document: Members): readonly Members[] {
  if (isSpan(document)) return [document];
  const inner = [document._source, document.fields].filter(isMembers).filter(isSpan);
  if (inner.length > 0) return inner.slice(0, 1);
  const several = [...membersIn(document.events), ...membersIn(membersOf(document.hits).hits)];
  return several.flatMap((one) => (one.hits === undefined && one.events === undefined ? spansIn(one) : []));
}

function isSpan(document: Members): boolean {
  const id = at(document, 'span.id') ?? at(document, 'transaction.id');
  const length = at(document, 'span.duration.us', 'transaction.duration.us', 'span.duration', 'transaction.duration');
  return id !== undefined && at(document, 'trace.id') !== undefined && length !== undefined && timeOf(document) !== undefined;
}

function timeOf(document: Members): bigint | undefined {
  return nanosOfStart(at(document, 'timestamp.us'), MICROSECOND) ?? nanosOfStart(at(document, '@timestamp'));
}

function spanOf(document: Members): PlainSpan {
  // A span has its transaction's id as well.
  const of = at(document, 'span.duration.us', 'span.name') === undefined ? 'transaction' : 'span';
  const start = timeOf(document);
  const length = nanosOf(at(document, `${of}.duration.us`), MICROSECOND);
  const outcome = scalarOf(at(document, 'event.outcome'));
  return {
    traceId: hexOfAny(at(document, 'trace.id'), 16),
    spanId: hexOfAny(at(document, `${of}.id`), 8),
    parentSpanId: hexOfAny(at(document, 'parent.id'), 8),
    name: textOf(at(document, `${of}.name`)) ?? '',
    kind: kindOf(at(document, `${of}.kind`, 'span.kind')) || (of === 'transaction' ? 2 : 0),
    ...(start === undefined ? {} : { start }),
    ...(start === undefined || length === undefined ? {} : { end: start + length }),
    attributes: attributesOf(document, of),
    links: membersIn(membersOf(document[of]).links).map((link) => ({
      traceId: hexOfAny(at(link, 'trace.id'), 16),
      spanId: hexOfAny(at(link, 'span.id'), 8),
    })),
    status: outcome === 'failure' ? 2 : 0,
    resource: resourceOf(document),
  };
}

/** Under OpenTelemetry's names where it has them. */
const names: readonly (readonly [string, string])[] = [
  ['http.request.method', 'http.request.method'],
  ['http.response.status_code', 'http.response.status_code'],
  ['url.full', 'url.full'],
  ['url.original', 'url.full'],
  ['span.db.statement', 'db.query.text'],
  ['span.db.instance', 'db.namespace'],
  ['span.db.type', 'db.system.name'],
  ['span.http.url.original', 'url.full'],
  ['span.destination.service.resource', 'server.address'],
  ['transaction.result', 'elastic.transaction.result'],
];

function attributesOf(document: Members, of: string): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  for (const [path, name] of names) found[name] ??= at(document, path);
  found[`elastic.${of}.type`] = at(document, `${of}.type`);
  for (const [key, value] of Object.entries(membersOf(document.labels))) found[key] = value;
  for (const [key, value] of Object.entries(membersOf(document.numeric_labels))) found[key] = value;
  for (const key of Object.keys(found)) if (found[key] === undefined) delete found[key];
  return found;
}

function resourceOf(document: Members): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  for (const [path, name] of [
    ['service.name', 'service.name'],
    ['service.version', 'service.version'],
    ['service.environment', 'deployment.environment.name'],
    ['host.name', 'host.name'],
    ['agent.name', 'elastic.agent.name'],
  ]) {
    const value = at(document, path);
    if (value !== undefined) found[name] = value;
  }
  return found;
}
