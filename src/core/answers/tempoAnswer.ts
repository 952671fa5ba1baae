/**
 * Tempo's lists and errors. Its JSON leaves out what is zero or empty.
 * Source: grafana/tempo pkg/tempopb/tempo.proto (`SearchResponse`, `SearchTagsV2Response`, `SearchTagValuesV2Response`).
 */

import type { TraceOverview } from '../model/table';
import { printField } from '../query/literals';
import type { FieldScope } from '../query/query';
import type { Answer, AnswerWant } from './answer';
import {
  answerOf,
  count,
  isJson,
  type Json,
  type ListedTrace,
  named,
  nanoseconds,
  newestOf,
  text,
  traceIdOf,
} from './answerFields';

/** Names and values of a list, and characters of one that could still be asked for. */
const MAX_NAMES = 10_000;
const MAX_LENGTH = 1_000;
const MAX_SERVICES = 1_000;
/** Spans that match, of which the ids are kept. */
const MAX_SPANS = 10;

/** What stands for a root that did not arrive, or has no `service.name`. */
const NO_ROOT = '<root span not yet received>';

const scopes: Readonly<Record<string, FieldScope | undefined>> = {
  span: 'span',
  resource: 'resource',
  event: 'event',
  link: 'link',
  instrumentation: 'instrumentation',
};

/**
 * `what`: `search`; `tags` (keys of attributes, as a query writes them); `names` (texts of an attribute's values); `values`; `build`; `kind`. The fact
 * `list` is there where one was wanted and is there, `version` where the server tells its own, `partial` where it says that more would have been found.
 */
export function readTempoAnswer(json: unknown, want: AnswerWant): Answer {
  if (!isJson(json)) return answerOf({});
  const message = named(json.message) || named(json.error) || undefined;
  switch (want.what) {
    case 'search': {
      const list = Array.isArray(json.traces) ? json.traces.filter(isJson).map(listedOf) : [];
      const isPartial = json.status === 'PARTIAL';
      return answerOf({ facts: { list: isList(json, 'traces'), partial: isPartial }, message, ...newestOf(list, want) });
    }
    case 'tags':
      return answerOf({ facts: { list: 'scopes' in json || 'tagNames' in json }, message, names: keysOf(json) });
    case 'names': {
      const names = valuesOf(json).filter((value) => typeof value === 'string' && value !== '');
      return answerOf({ facts: { list: 'tagValues' in json }, message, names: names.map(String).sort() });
    }
    case 'values':
      return answerOf({ facts: { list: 'tagValues' in json }, message, values: valuesOf(json).sort(inOrder) });
    case 'build':
      return answerOf({ facts: typeof json.version === 'string' ? { version: named(json.version) } : {}, message });
    default:
      return answerOf({ message });
  }
}

/** An empty list may be left out. */
function isList(json: Json, name: string): boolean {
  return Array.isArray(json[name]) || 'metrics' in json;
}

function listedOf(trace: Json): ListedTrace | undefined {
  const traceId = traceIdOf(trace.traceID);
  if (traceId === undefined) return undefined;
  const startUnixNano = nanoseconds(trace.startTimeUnixNano);
  return {
    traceId,
    startUnixNano,
    overview: () => {
      const rootService = named(trace.rootServiceName);
      return {
        traceId,
        rootName: named(trace.rootTraceName),
        rootService: rootService === NO_ROOT ? '' : rootService,
        startUnixNano,
        durationNs: count(trace.durationMs) * 1e6,
        ...statisticsOf(trace.serviceStats),
        ...matchedOf(trace),
      };
    },
  };
}

/** Of all sets that came out of the query; a span is in one of them. Without a query there are none. */
function matchedOf({ spanSets, spanSet }: Json): Pick<TraceOverview, 'matched'> {
  const sets = (Array.isArray(spanSets) ? spanSets : [spanSet]).filter(isJson);
  if (sets.length === 0) return {};
  const startOf = new Map<string, bigint>();
  let matches = 0;
  for (const { matched, spans } of sets) {
    const listed = Array.isArray(spans) ? spans.slice(0, MAX_SPANS).filter(isJson) : [];
    matches += Math.max(count(matched), listed.length);
    for (const { spanID, startTimeUnixNano } of listed) {
      const id = text(spanID).toLowerCase();
      if (/^[0-9a-f]{1,16}$/.test(id)) startOf.set(id.padStart(16, '0'), nanoseconds(startTimeUnixNano));
    }
    if (startOf.size > MAX_SERVICES) break;
  }
  const spanIds = [...startOf].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([id]) => id);
  return { matched: { count: matches, spanIds: spanIds.slice(0, MAX_SPANS) } };
}

/** Older servers have none. */
function statisticsOf(value: unknown): { spanCount?: number; errorCount?: number; services?: string[] } {
  if (!isJson(value)) return {};
  let spanCount = 0;
  let errorCount = 0;
  const services: string[] = [];
  for (const [service, statistics] of Object.entries(value).slice(0, MAX_SERVICES)) {
    if (service !== '') services.push(named(service));
    if (!isJson(statistics)) continue;
    spanCount += count(statistics.spanCount);
    errorCount += count(statistics.errorCount);
  }
  return { spanCount, errorCount, services: services.sort() };
}

/** Of version 2 by scope, of version 1 without. Intrinsics are no attributes. */
function keysOf({ scopes: byScope, tagNames }: Json): string[] {
  const keys = new Set<string>();
  const add = (scope: FieldScope, names: unknown): void => {
    for (const name of Array.isArray(names) ? names : []) {
      if (keys.size === MAX_NAMES) return;
      if (typeof name === 'string' && name !== '' && name.length <= MAX_LENGTH) keys.add(printField({ scope, name }));
    }
  };
  add('any', tagNames);
  for (const each of Array.isArray(byScope) ? byScope.filter(isJson) : []) {
    const scope = scopes[text(each.name)];
    if (scope) add(scope, each.tags);
  }
  return [...keys].sort();
}

/** Of version 2 with their types, of version 1 texts. Each once. */
function valuesOf({ tagValues }: Json): (string | number | boolean)[] {
  const values = new Map<string, string | number | boolean>();
  for (const each of Array.isArray(tagValues) ? tagValues : []) {
    const value = isJson(each) ? readValueText(text(each.type), text(each.value)) : text(each);
    if (value !== undefined) values.set(`${typeof value} ${String(value)}`, value);
    if (values.size === MAX_NAMES) break;
  }
  return [...values.values()];
}

/** Undefined for what a query could not ask for as a value of ours: an integer that no number holds, a number that is none. */
function readValueText(type: string, value: string): string | number | boolean | undefined {
  if (value.length > MAX_LENGTH) return undefined;
  if (type === 'bool') return value === 'true';
  if (type !== 'int' && type !== 'float') return value;
  const number = Number(value === '' ? '0' : value);
  return Number.isFinite(number) && (type === 'float' || Number.isSafeInteger(number)) ? number : undefined;
}

/** Numbers first. */
function inOrder(a: string | number | boolean, b: string | number | boolean): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : typeof b === 'number' ? 1 : 0;
  return a < b ? -1 : a > b ? 1 : 0;
}
