/**
 * Google Cloud Trace's lists and errors: what stands around whole traces, and services, names and attributes out of them.
 * Source: googleapis google/devtools/cloudtrace/v1/trace.proto, google/rpc/error_details.proto.
 */

import { readLabels } from '../format/clouds/cloudTraceLabels';
import type { Answer, AnswerWant } from './answer';
import { answerOf, isJson, type Json, named, namesOf, text } from './answerFields';

/** Values that are told of an attribute. */
const MOST_VALUES = 1_000;

/**
 * `what`: `page` (`next`, `traceCount`), `services`, `operations` (of the service `key`), `tags`, `values` (of the attribute `key`, scoped as in a query),
 * `kind`. Facts of an error: `code` and `reason`.
 */
export function readCloudTraceAnswer(json: unknown, want: AnswerWant): Answer {
  // An error of a stream stands in a list.
  const first = Array.isArray(json) ? json[0] : json;
  if (!isJson(first)) return answerOf({});
  const error = isJson(first.error) ? first.error : undefined;
  const facts = { object: !Array.isArray(json) && error === undefined, ...(error ? factsOf(error) : {}) };
  const message = error ? named(error.message) || undefined : undefined;
  const traces = objectsIn(first.traces);
  const around = { facts, message, next: text(first.nextPageToken) || undefined, traceCount: traces.length };
  const spans = (): Json[] => traces.flatMap(({ spans }) => objectsIn(spans));
  switch (want.what) {
    case 'services':
      return answerOf({ ...around, names: namesOf(spans().map((span) => resourceOf(span)['service.name'])) });
    case 'operations': {
      const own = spans().filter((span) => resourceOf(span)['service.name'] === want.key);
      return answerOf({ ...around, names: namesOf(own.map(({ name }) => name)) });
    }
    case 'tags':
      return answerOf({ ...around, names: namesOf(spans().flatMap(keysOf)) });
    case 'values':
      return answerOf({ ...around, values: valuesOf(spans(), want.key ?? '') });
    default:
      return answerOf(around);
  }
}

function factsOf(error: Json): Answer['facts'] {
  const reasons = objectsIn(error.details).map(({ reason }) => text(reason));
  const reason = reasons.find((one) => one !== '') ?? '';
  return { code: text(error.status).slice(0, 100), reason: reason.slice(0, 100) };
}

function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

function resourceOf({ labels }: Json): Readonly<Record<string, unknown>> {
  return readLabels(isJson(labels) ? labels : {}).resource;
}

function keysOf({ labels }: Json): string[] {
  const { attributes, resource } = readLabels(isJson(labels) ? labels : {});
  return [...Object.keys(resource).map((key) => `resource.${key}`), ...Object.keys(attributes).map((key) => `span.${key}`)];
}

function valuesOf(spans: readonly Json[], key: string): (string | number | boolean)[] {
  const found = new Set<string | number>();
  for (const { labels } of spans) {
    const { attributes, resource } = readLabels(isJson(labels) ? labels : {});
    const value = key.startsWith('resource.') ? resource[key.slice(9)] : attributes[key.replace(/^span\./, '')];
    if (found.size >= MOST_VALUES) break;
    if (typeof value === 'string') found.add(named(value));
    else if (typeof value === 'number') found.add(value);
  }
  return [...found];
}
