/**
 * Jaeger's lists and errors, of both its APIs.
 * Sources: jaegertracing/jaeger `cmd/jaeger/internal/extension/jaegerquery/internal` (http_handler.go, apiv3/http_gateway.go) at v1.76.0, v2.20.0.
 */

import type { Answer, AnswerWant, Dependency } from './answer';
import {
  answerOf,
  count,
  isJson,
  type Json,
  type ListedTrace,
  named,
  namesOf,
  nanoseconds,
  newestOf,
  ServiceNames,
  text,
  traceIdOf,
} from './answerFields';

/**
 * `what`: `services` and `operations` of v3, `data` of the older API (a list of names), `summaries`, `dependencies`, `kind`. The fact `object` is there
 * for any JSON object, `enveloped` where it has the older API's envelope, `values` where a list was wanted and is there.
 */
export function readJaegerAnswer(json: unknown, want: AnswerWant): Answer {
  if (!isJson(json)) return answerOf({});
  const facts = { object: true, enveloped: 'data' in json };
  const message = messageOf(json);
  switch (want.what) {
    case 'summaries': {
      const services = new ServiceNames();
      const summaries = (Array.isArray(json.summaries) ? json.summaries : []).filter(isJson);
      const listed = summaries.map((summary) => listedOf(summary, services));
      return answerOf({ facts, message, ...newestOf(listed, want) });
    }
    case 'dependencies':
      return answerOf({ facts, message, dependencies: dependenciesOf(json.data) });
    case 'kind':
      return answerOf({ facts, message });
    default:
      return answerOf({ facts, message, names: namesOf(json[want.what]) });
  }
}

function messageOf(json: Json): string | undefined {
  if (isJson(json.error)) return named(json.error.message) || undefined;
  if (Array.isArray(json.errors) && isJson(json.errors[0])) return named(json.errors[0].msg) || undefined;
  return undefined;
}

function listedOf(summary: Json, services: ServiceNames): ListedTrace | undefined {
  const traceId = traceIdOf(summary.traceId);
  if (traceId === undefined) return undefined;
  const startUnixNano = nanoseconds(summary.minStartTimeUnixNano);
  const end = nanoseconds(summary.maxEndTimeUnixNano);
  return {
    traceId,
    startUnixNano,
    overview: () => ({
      traceId,
      rootName: named(summary.rootOperationName),
      rootService: named(summary.rootServiceName),
      startUnixNano,
      durationNs: end > startUnixNano ? Number(end - startUnixNano) : 0,
      spanCount: count(summary.spanCount),
      errorCount: count(summary.errorSpanCount),
      services: services.of(Array.isArray(summary.services) ? summary.services.filter(isJson).map(({ name }) => name) : []),
    }),
  };
}

function dependenciesOf(value: unknown): Dependency[] {
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, 10_000)
    .filter(isJson)
    .map(({ parent, child, callCount }) => ({ parent: text(parent), child: text(child), calls: count(callCount) }));
}
