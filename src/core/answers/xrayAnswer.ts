/**
 * AWS X-Ray's lists: summaries of traces, the service graph, and what stands around the segments of whole traces.
 * Source: botocore, xray/2016-04-12/service-2.json.
 */

import type { Answer, AnswerWant, Dependency } from './answer';
import { answerOf, isJson, type Json, type ListedTrace, named, namesOf, newestOf, ServiceNames, text } from './answerFields';

/** Values of an annotation, and members of a graph, that are looked at. */
const MOST = 10_000;

/**
 * `what`: `summaries`, `annotations` (keys as `names`), `values` of the annotation `key`, `graph`, `traces` (of whole traces what is
 * around them: `ids` that were not processed), `operations` (of whole traces the names of parts that are of the service `key`), `facts`. `next` is where the next page begins, or the token of a retrieval.
 */
export function readXRayAnswer(json: unknown, want: AnswerWant): Answer {
  if (!isJson(json)) return answerOf({});
  const next = text(json.NextToken ?? json.RetrievalToken) || undefined;
  const facts = factsOf(json);
  const summaries = objectsIn(json.TraceSummaries);
  switch (want.what) {
    case 'summaries': {
      const services = new ServiceNames();
      return answerOf({
        facts,
        next,
        ...newestOf(
          summaries.map((summary) => listedOf(summary, services)),
          want,
        ),
      });
    }
    case 'annotations':
      return answerOf({
        facts,
        next,
        names: namesOf(summaries.flatMap(({ Annotations }) => Object.keys(isJson(Annotations) ? Annotations : {}))),
      });
    case 'values':
      return answerOf({ facts, next, values: valuesOf(summaries, want.key ?? '') });
    case 'graph': {
      const services = objectsIn(json.Services).slice(0, MOST);
      const names = namesOf(services.filter(({ Type }) => Type !== 'client').map(({ Name }) => Name));
      return answerOf({ facts, next, names, dependencies: dependenciesOf(services) });
    }
    case 'traces': {
      const unprocessed = Array.isArray(json.UnprocessedTraceIds) ? json.UnprocessedTraceIds : [];
      return answerOf({ facts, next, traceCount: objectsIn(json.Traces).length, ids: unprocessed.map(text).filter(isXRayId) });
    }
    case 'operations':
      return answerOf({ facts, next, names: namesOf(operationsOf(json, want.key ?? '')) });
    default:
      return answerOf({ facts, next });
  }
}

/** Names of a service's segments and of what is within them. */
function operationsOf(json: Json, service: string): string[] {
  const names = new Set<string>();
  const documents = objectsIn(json.Traces).flatMap(({ Segments }) => objectsIn(Segments).map(({ Document }) => Document));
  const pending = documents.map(documentOf).filter((segment) => segment?.name === service);
  for (let part = pending.pop(); part !== undefined && names.size < MOST; part = pending.pop()) {
    names.add(text(part.name));
    for (const inner of objectsIn(part.subsegments)) pending.push(inner);
  }
  return [...names];
}

function documentOf(document: unknown): Json | undefined {
  try {
    const read: unknown = JSON.parse(text(document));
    return isJson(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

function factsOf(json: Json): Answer['facts'] {
  const short = (key: string, value: unknown) => (typeof value === 'string' ? { [key]: value.slice(0, 100) } : {});
  return {
    ...short('destination', json.Destination),
    ...short('status', json.Status ?? json.RetrievalStatus),
    cut: objectsIn(json.Traces).filter(({ LimitExceeded }) => LimitExceeded === true).length,
    summaries: Array.isArray(json.TraceSummaries),
  };
}

function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

function isXRayId(id: string): boolean {
  return /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i.test(id) && /[1-9a-f]/i.test(id.slice(2));
}

function listedOf(summary: Json, services: ServiceNames): ListedTrace | undefined {
  const id = text(summary.Id);
  if (!isXRayId(id)) return undefined;
  const traceId = id.slice(2).replace('-', '').toLowerCase();
  // Stand-ins leave the time out; the id begins with it.
  const startUnixNano = nanosOfSeconds(summary.StartTime) || BigInt(Number.parseInt(traceId.slice(0, 8), 16)) * 1_000_000_000n;
  const entry = isJson(summary.EntryPoint) ? named(summary.EntryPoint.Name) : '';
  const failed = summary.HasFault === true || summary.HasError === true || summary.HasThrottle === true;
  return {
    traceId,
    startUnixNano,
    overview: () => ({
      traceId,
      rootName: entry,
      rootService: entry,
      startUnixNano,
      durationNs: Number(nanosOfSeconds(summary.Duration)),
      // It tells of the root that it failed, and not of how many there are.
      ...(failed ? { errorCount: 1 } : {}),
      services: services.of(
        objectsIn(summary.ServiceIds)
          .filter(({ Type }) => Type !== 'client')
          .map(({ Name }) => Name),
      ),
    }),
  };
}

/** Seconds with a fraction, as far as a double holds them; 0 for what is none. */
function nanosOfSeconds(value: unknown): bigint {
  return typeof value === 'number' && value > 0 && value < 1e10 ? BigInt(Math.round(value * 1e6)) * 1000n : 0n;
}

function valuesOf(summaries: readonly Json[], key: string): (string | number | boolean)[] {
  const found = new Set<string | number | boolean>();
  for (const { Annotations } of summaries) {
    const values = isJson(Annotations) && Object.hasOwn(Annotations, key) ? objectsIn(Annotations[key]) : [];
    for (const { AnnotationValue: value } of values) {
      if (!isJson(value) || found.size >= MOST) continue;
      const { StringValue, NumberValue, BooleanValue } = value;
      if (typeof StringValue === 'string') found.add(named(StringValue));
      else if (typeof NumberValue === 'number' && Number.isFinite(NumberValue)) found.add(NumberValue);
      else if (typeof BooleanValue === 'boolean') found.add(BooleanValue);
    }
  }
  return [...found];
}

/** Clients are pseudo-callers: nobody that could be named. */
function dependenciesOf(services: readonly Json[]): Dependency[] {
  const byReference = new Map(services.map((service) => [service.ReferenceId, service]));
  const found: Dependency[] = [];
  for (const service of services) {
    if (service.Type === 'client') continue;
    for (const edge of objectsIn(service.Edges)) {
      const child = byReference.get(edge.ReferenceId);
      if (child === undefined || found.length >= MOST) continue;
      const { TotalCount, ErrorStatistics, FaultStatistics } = isJson(edge.SummaryStatistics) ? edge.SummaryStatistics : {};
      const errors = [ErrorStatistics, FaultStatistics].map((one) => countOf(isJson(one) ? one.TotalCount : 0));
      found.push({
        parent: named(service.Name),
        child: named(child.Name),
        calls: countOf(TotalCount),
        errors: errors[0] + errors[1],
      });
    }
  }
  return found;
}

function countOf(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(Math.trunc(value), Number.MAX_SAFE_INTEGER) : 0;
}
