/**
 * A query as Zipkin can take it. How conditions are put together differs by storage: Elasticsearch wants all of them of one span, the memory store of
 * any spans of the service (or of the trace, where no service is named); so beside the service, one of them is exact, and more are a superset.
 * Sources: openzipkin/zipkin `QueryRequest.java` (rules, and `test`), `InMemoryStorage.java`, `ElasticsearchSpanStore.java`,
 * `CassandraSpanStore.java` at 3.5.1.
 */

import type { Comparison, Condition } from '../../core/query/pushDown';
import type { Literal, Query } from '../../core/query/query';
import { type PushDown, pushDown, type Taken } from '../common/pushDown';
import { type TimeWindow, windowOf } from '../common/times';

/** One search. Names in any case: the server makes them lower-case. */
export interface ZipkinSearch {
  readonly serviceName?: string;
  readonly remoteServiceName?: string;
  readonly spanName?: string;
  /** Terms of `annotationQuery` by their key: a value, or undefined for "there is such a tag, or an annotation of this text". */
  readonly terms?: Readonly<Record<string, string | undefined>>;
  /** Microseconds. */
  readonly minDuration?: number;
  readonly maxDuration?: number;
}

export interface ZipkinRequest extends TimeWindow {
  /** A trace that matches is found by one of them. One at least. */
  readonly searches: readonly ZipkinSearch[];
  readonly pushDown: PushDown;
}

/** Searches of one page. */
const MAX_SEARCHES = 4;
const MAX_TERMS = 20;
/** Characters of a name or a term: Elasticsearch and Cassandra leave those of more than 256 out of their indexes. */
const MAX_LENGTH = 200;

/** Tags that stand in other fields here, and attributes that are made of a span's endpoints or flags: as tags, nothing or something else is found. */
const notTags = /^(?:otel\.(?:status_code|scope\.|library\.)|network\.(?:peer|local)\.(?:address|port)$|debug$)/;

/**
 * @param oneIndex the storage looks up conditions one by one and cuts each list before it intersects them (Cassandra): it is asked for those of one list
 * @param nowMs epoch milliseconds
 * @param windowMs how far back a search goes that names no start
 */
export function toZipkinRequest(query: Query, oneIndex: boolean, nowMs: number, windowMs: number): ZipkinRequest {
  const asked = new Asked(oneIndex);
  const parts = pushDown(query, (condition) => asked.take(condition));
  const { searches } = asked;
  return { searches, ...windowOf(query, nowMs, windowMs), pushDown: parts };
}

/** What conditions are about. */
type Group = 'service' | 'name' | 'duration' | 'remote' | 'term';

class Asked {
  searches: readonly ZipkinSearch[] = [{}];
  private readonly groups = new Set<Group>();

  constructor(private readonly oneIndex: boolean) {}

  take(condition: Condition): Taken {
    const { field } = condition;
    if (field.parent) return 'no';
    if (condition.operator === 'in')
      return this.takeOneOf(condition.values.map((value) => this.waysOf({ ...condition, operator: '=', value })));
    if (field.scope === 'intrinsic' && field.name === 'duration') return this.takeDuration(condition);
    const ways = this.waysOf(condition);
    return ways ? this.add(ways) : 'no';
  }

  /** Any of several values: what is found is the sum of what is found for each. */
  private takeOneOf(each: readonly (Ways | undefined)[]): Taken {
    const first = each[0];
    if (!first || each.length > MAX_SEARCHES) return 'no';
    const searches: ZipkinSearch[] = [];
    for (const ways of each) {
      if (!ways) return 'no';
      searches.push(...ways.searches);
    }
    return this.add({ ...first, searches, isExact: each.every((ways) => ways?.isExact) });
  }

  /** Puts what is asked for into each search, in each of its ways. */
  private add({ group, searches, isExact }: Ways): Taken {
    if (this.searches.length * searches.length > MAX_SEARCHES) return 'no';
    if (this.oneIndex && !this.isSameIndex(group)) return 'no';
    const joined: ZipkinSearch[] = [];
    for (const search of this.searches) {
      for (const more of searches) {
        const both = joinedSearch(search, more);
        if (!both) return 'no';
        joined.push(both);
      }
    }
    this.searches = joined;
    const isOnly = [...this.groups].every((known) => known === 'service' || known === group);
    this.groups.add(group);
    return isExact && (isOnly || group === 'service') ? 'exact' : 'superset';
  }

  /** Service, name and duration are one list; so are remote services, and each term within a service. */
  private isSameIndex(group: Group): boolean {
    const isNamed = (one: Group): boolean => one === 'name' || one === 'duration';
    const others = [...this.groups].filter((one) => one !== 'service');
    return group === 'service' || others.length === 0 || (isNamed(group) && others.every(isNamed));
  }

  private waysOf({ field, operator, value }: Comparison): Ways | undefined {
    const { scope, name } = field;
    if (operator !== '=') return operator === '!=' && value.type === 'nil' && scope === 'span' ? existing(name) : undefined;
    if (scope === 'intrinsic') return intrinsicWays(name, value);
    const text = textOf(value);
    if (text === undefined) return undefined;
    if (name === 'service.name') return serviceWays(scope, text);
    if (scope === 'span' && name === 'peer.service') {
      const tag = termWays('peer.service', text);
      return isName(text) && tag
        ? { group: 'remote', searches: [{ remoteServiceName: text }, ...tag.searches], isExact: false }
        : undefined;
    }
    // Unscoped, an attribute may be an event's, which no search finds.
    return (scope === 'span' || scope === 'resource') && !notTags.test(name) ? termWays(name, text) : undefined;
  }

  /** A maximum alone is refused, and with a minimum it leaves out spans that tell no duration. */
  private takeDuration({ operator, value }: Comparison): Taken {
    if (value.type !== 'duration' && value.type !== 'int' && value.type !== 'float') return 'no';
    const ns = Number(value.type === 'duration' ? value.valueNs : value.value);
    const isMinimum = operator === '>' || operator === '>=';
    const isMaximum = operator === '<' || operator === '<=';
    // The server makes durations below a microsecond one.
    if (!Number.isFinite(ns) || ns < 2_000 || !(isMinimum || isMaximum)) return 'no';
    if (this.oneIndex && !this.isSameIndex('duration')) return 'no';
    const micros = isMinimum ? Math.floor(ns / 1000) : Math.ceil(ns / 1000);
    const [one] = this.searches;
    const min = isMinimum ? Math.max(one.minDuration ?? 0, micros) : one.minDuration;
    const max = isMaximum ? Math.min(one.maxDuration ?? Number.POSITIVE_INFINITY, micros) : one.maxDuration;
    if (min === undefined || micros > Number.MAX_SAFE_INTEGER || (max !== undefined && max < min)) return 'no';
    this.searches = this.searches.map((search) => ({
      ...search,
      minDuration: min,
      ...(max === undefined ? {} : { maxDuration: max }),
    }));
    const isOnly = [...this.groups].every((known) => known === 'service' || known === 'duration');
    this.groups.add('duration');
    return isOnly && (operator === '>=' || operator === '<=') && ns % 1000 === 0 ? 'exact' : 'superset';
  }
}

/** Searches of which each finds a part of what a condition asks for, and together all of it. */
interface Ways {
  readonly group: Group;
  readonly searches: readonly ZipkinSearch[];
  /** They find nothing else. */
  readonly isExact: boolean;
}

function intrinsicWays(name: string, value: Literal): Ways | undefined {
  switch (name) {
    case 'name':
      // `all` means any to the server.
      if (value.type !== 'string' || !isName(value.value) || value.value.toLowerCase() === 'all') return undefined;
      return { group: 'name', searches: [{ spanName: value.value }], isExact: true };
    case 'status':
      if (value.type !== 'status' || value.value === 'unset') return undefined;
      // OpenTelemetry's exporters write both tags for an error; other libraries write `error` alone.
      return value.value === 'error'
        ? {
            group: 'term',
            searches: [{ terms: { error: undefined } }, { terms: { 'otel.status_code': 'ERROR' } }],
            isExact: false,
          }
        : { group: 'term', searches: [{ terms: { 'otel.status_code': 'OK' } }], isExact: false };
    case 'instrumentation:name': {
      if (value.type !== 'string') return undefined;
      const [now, before] = ['otel.scope.name', 'otel.library.name'].map((key) => termWays(key, value.value));
      return now && before ? { group: 'term', searches: [...now.searches, ...before.searches], isExact: false } : undefined;
    }
    default:
      return undefined;
  }
}

function serviceWays(scope: string, text: string): Ways | undefined {
  if (!isName(text)) return undefined;
  const own: Ways = { group: 'service', searches: [{ serviceName: text }], isExact: true };
  if (scope === 'resource') return own;
  // Unscoped, a tag of the span decides before the endpoint.
  const tag = scope === 'any' ? termWays('service.name', text) : undefined;
  return tag && { group: 'term', searches: [...own.searches, ...tag.searches], isExact: false };
}

/** An equality with a tag. */
function termWays(key: string, text: string): Ways | undefined {
  // Without a value it would ask for any.
  if (text === '' || !isTermPart(key) || key.includes('=') || !isTermPart(text) || key.length + text.length > MAX_LENGTH)
    return undefined;
  return { group: 'term', searches: [{ terms: { [key]: text } }], isExact: key !== 'error' };
}

function existing(key: string): Ways | undefined {
  if (key === 'peer.service' || notTags.test(key) || !isTermPart(key) || key.includes('=') || key.length > MAX_LENGTH)
    return undefined;
  return { group: 'term', searches: [{ terms: { [key]: undefined } }], isExact: false };
}

/** What the server splits terms at, and takes away, cannot be in them; Cassandra's index has a mark of its own. */
function isTermPart(text: string): boolean {
  return text !== '' && text === text.trim() && !` ${text} `.includes(' and ') && !/[\u2591\p{Cc}]/u.test(text);
}

function isName(text: string): boolean {
  return text !== '' && text.length <= MAX_LENGTH && !/\p{Cc}/u.test(text);
}

/** Tags are text, whatever they were. How writers of floats write them differs. */
function textOf(value: Literal): string | undefined {
  switch (value.type) {
    case 'string':
      return value.value;
    case 'int':
    case 'bool':
      return String(value.value);
    default:
      return undefined;
  }
}

/** Both in one; undefined where they want different things of one parameter. */
function joinedSearch(left: ZipkinSearch, right: ZipkinSearch): ZipkinSearch | undefined {
  for (const name of ['serviceName', 'remoteServiceName', 'spanName'] as const)
    if (left[name] !== undefined && right[name] !== undefined && left[name] !== right[name]) return undefined;
  const known = left.terms ?? {};
  for (const key of Object.keys(right.terms ?? {})) if (key in known) return undefined;
  const terms = { ...known, ...right.terms };
  if (Object.keys(terms).length > MAX_TERMS) return undefined;
  return { ...left, ...right, ...(Object.keys(terms).length === 0 ? {} : { terms }) };
}
