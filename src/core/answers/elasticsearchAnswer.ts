/**
 * Lists and errors of Elasticsearch and OpenSearch, and of Logz.io, which answers alike: of a search, the buckets of its aggregations; which fields an
 * index has; what the server is.
 * Sources: elastic.co, Elasticsearch reference, "Search API", "Multi search API", "Field capabilities API", "Terms aggregation"; opensearch.org, "Search";
 * logzio/jaeger-logzio store/reader.go.
 */

import type { Answer, AnswerWant, Dependency } from './answer';
import { answerOf, count, isJson, type Json, named, namesOf, text, traceIdOf } from './answerFields';

/** Buckets and documents of an answer that are read. */
const MAX_READ = 10_000;
const MAX_FIELDS = 20_000;
/** Aggregations within each other, as far as buckets are looked for. */
const MAX_DEPTH = 6;

/**
 * `what`: `kind` nothing but what the answer is; `server` also its facts `version` and `distribution`; `fields` as names, each behind the type that it
 * has (`keyword traceID`), and the fact how many `indices` have them; `traces` the buckets of the aggregation `found` in their order, with the span count of each and the times of its spans
 * (`first`, `last`: epoch microseconds), and in `ids` their keys; `terms` the keys of `found` as names; `keys` the names of attributes, scoped;
 * `values` those of an attribute; `time` the fact `micros` that the only document is sorted by; `dependencies`.
 *
 * Facts of all: `object`; of a search also `shards`, how many of them `failed` and for what `reason`, whether it `timedOut`, `more`: there are buckets
 * beyond those that came; of an error its `type`.
 */
export function readElasticsearchAnswer(json: unknown, want: AnswerWant): Answer {
  if (!isJson(json)) return answerOf({});
  // Of several searches at once: only one is asked for.
  const answer = Array.isArray(json.responses) && isJson(json.responses[0]) ? json.responses[0] : json;
  const told = { message: messageOf(answer), facts: { object: true, ...factsOf(answer) } };
  const found = isJson(answer.aggregations) ? answer.aggregations : {};
  switch (want.what) {
    case 'server':
      return answerOf({ ...told, facts: { ...told.facts, ...serverOf(answer) } });
    case 'fields':
      return answerOf({
        ...told,
        facts: { ...told.facts, indices: Array.isArray(answer.indices) ? answer.indices.length : 0 },
        names: fieldsOf(answer.fields),
      });
    case 'traces':
      return answerOf({ ...told, ...tracesOf(bucketsOf(found.found)) });
    case 'terms':
      return answerOf({ ...told, names: namesOf(bucketsOf(found.found).map(({ key }) => key)) });
    case 'keys':
      return answerOf({ ...told, names: namesOf(keysOf(found)) });
    case 'values':
      return answerOf({ ...told, values: valuesOf(found) });
    case 'time': {
      const sort = hitsOf(answer)[0]?.sort;
      const micros = Array.isArray(sort) ? sort[0] : undefined;
      return answerOf({ ...told, facts: { ...told.facts, ...(isTime(micros) && { micros }) } });
    }
    case 'dependencies':
      return answerOf({ ...told, dependencies: dependenciesOf(hitsOf(answer)) });
    default:
      return answerOf(told);
  }
}

function messageOf(answer: Json): string | undefined {
  const { error, errorCode, message } = answer;
  if (isJson(error)) {
    const cause = Array.isArray(error.root_cause) ? error.root_cause[0] : undefined;
    return named(isJson(cause) ? cause.reason : undefined) || named(error.reason) || named(error.type) || undefined;
  }
  // Of Logz.io: a code, and mostly a sentence.
  if (errorCode !== undefined) return named(message) || named(errorCode) || named(String(errorCode));
  return named(error) || (answer.hits === undefined ? named(message) : '') || undefined;
}

function factsOf(answer: Json): Answer['facts'] {
  const facts: Record<string, string | number | boolean> = {};
  const { error, errorCode, _shards: shards, _clusters: clusters } = answer;
  if (isJson(error)) facts.type = named(error.type);
  else if (errorCode !== undefined || error !== undefined) facts.type = named(errorCode) || 'error';
  if (answer.timed_out === true) facts.timedOut = true;
  if (isJson(shards)) {
    const failures = Array.isArray(shards.failures) ? shards.failures : [];
    const reason = isJson(failures[0]) && isJson(failures[0].reason) ? failures[0].reason : {};
    facts.shards = count(shards.total);
    facts.failed = count(shards.failed);
    if (count(shards.failed) > 0) facts.reason = named(reason.reason) || named(reason.type);
  }
  if (isJson(clusters) && count(clusters.skipped) > 0) facts.skippedClusters = count(clusters.skipped);
  const found = isJson(answer.aggregations) ? answer.aggregations.found : undefined;
  if (isJson(found)) facts.more = count(found.sum_other_doc_count) > 0;
  return facts;
}

function serverOf({ version, tagline }: Json): Answer['facts'] {
  if (!isJson(version) || typeof version.number !== 'string') return {};
  const isOpenSearch = version.distribution === 'opensearch' || /opensearch/i.test(text(tagline));
  return { version: named(version.number), distribution: isOpenSearch ? 'OpenSearch' : 'Elasticsearch' };
}

/** A field that indices have with several types comes with each. */
function fieldsOf(fields: unknown): string[] {
  if (!isJson(fields)) return [];
  return Object.entries(fields)
    .slice(0, MAX_FIELDS)
    .flatMap(([name, types]) => (isJson(types) ? Object.keys(types).map((type) => `${type} ${name}`) : []));
}

function bucketsOf(aggregation: unknown): Json[] {
  return isJson(aggregation) && Array.isArray(aggregation.buckets) ? aggregation.buckets.slice(0, MAX_READ).filter(isJson) : [];
}

function tracesOf(buckets: readonly Json[]): Pick<Answer, 'traces' | 'ids' | 'traceCount' | 'leftOut'> {
  const ids: string[] = [];
  const traces = buckets.flatMap((bucket) => {
    const traceId = traceIdOf(bucket.key);
    if (traceId === undefined) return [];
    ids.push(text(bucket.key));
    const first = microsOf(bucket.first);
    const last = microsOf(bucket.last);
    return [
      {
        traceId,
        rootName: '',
        rootService: '',
        startUnixNano: BigInt(first) * 1000n,
        durationNs: Math.max(0, last - first) * 1000,
        spanCount: count(bucket.doc_count),
      },
    ];
  });
  return { traces, ids, traceCount: buckets.length, leftOut: buckets.length - traces.length };
}

/** Of a metric: a whole number, which is 0 where there was none. */
function microsOf(metric: unknown): number {
  const value = isJson(metric) ? metric.value : undefined;
  return isTime(value) ? value : 0;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Keys of the attributes of spans, resources and events, each an aggregation with the name of its scope. */
function keysOf(found: Json): string[] {
  return ['span', 'resource', 'event'].flatMap((scope) =>
    innermost(found[scope]).map(({ key }) => (text(key) === '' ? '' : `${scope}.${text(key)}`)),
  );
}

/** The buckets that stand in an aggregation, or in those in it. */
function innermost(aggregation: unknown, depth = 0): Json[] {
  if (!isJson(aggregation) || depth === MAX_DEPTH) return [];
  const own = bucketsOf(aggregation);
  return own.length > 0 ? own : Object.values(aggregation).flatMap((inner) => innermost(inner, depth + 1));
}

/** Each once; those that stand in a list beside their type have it, the others are what they look like. */
function valuesOf(found: Json): (string | number | boolean)[] {
  const values = new Set<string | number | boolean>();
  for (const bucket of Object.values(found).flatMap((aggregation) => innermost(aggregation))) {
    const value = bucket.key_as_string ?? bucket.key;
    const types = innermost(bucket.types).map(({ key }) => text(key));
    if (typeof value === 'number' || typeof value === 'boolean') values.add(value);
    else if (typeof value === 'string') for (const type of types.length > 0 ? types : ['']) addValue(values, named(value), type);
    if (values.size >= MAX_READ) break;
  }
  return [...values];
}

function addValue(values: Set<string | number | boolean>, value: string, type: string): void {
  const number = Number(value);
  const isNumber = value !== '' && Number.isFinite(number) && (type === 'float64' || String(number) === value);
  const isBool = value === 'true' || value === 'false';
  if (type === 'binary') return;
  if (isNumber && type !== 'string' && type !== 'bool') values.add(number);
  else if (isBool && type !== 'string') values.add(value === 'true');
  else values.add(value);
}

function hitsOf(answer: Json): Json[] {
  const hits = isJson(answer.hits) ? answer.hits.hits : undefined;
  return Array.isArray(hits) ? hits.slice(0, MAX_READ).filter(isJson) : [];
}

/** Of all the days that were found: who calls whom, and how often. */
function dependenciesOf(hits: readonly Json[]): Dependency[] {
  const calls = new Map<string, { parent: string; child: string; calls: number }>();
  for (const { _source: day } of hits) {
    const links = isJson(day) && Array.isArray(day.dependencies) ? day.dependencies : [];
    for (const link of links.slice(0, MAX_READ).filter(isJson)) {
      const [parent, child] = [named(link.parent), named(link.child)];
      const key = JSON.stringify([parent, child]);
      const known = calls.get(key) ?? { parent, child, calls: 0 };
      known.calls += count(link.callCount);
      if (calls.size < MAX_READ || calls.has(key)) calls.set(key, known);
    }
  }
  return [...calls.values()];
}
