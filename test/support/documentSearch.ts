/** A search over indices, as Elasticsearch and OpenSearch answer it: patterns of names, hits, aggregations, limits, what failed. */

import { DocumentIndex, type Json, type Mapping, Refused } from './documentIndex';

export interface Indices {
  /** Documents by the name of their index. */
  readonly sources: Readonly<Record<string, readonly Json[]>>;
  readonly mapping?: Mapping;
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
}

export interface Answered {
  readonly status: number;
  readonly body: Json;
}

/** Of a search, as the index is that way in reality by default. */
const MOST = 10_000;

export class DocumentSearch {
  /** Shards that fail from now on, with this reason. */
  failing = 0;
  timesOut = false;
  private readonly indices = new Map<string, DocumentIndex>();

  constructor(private readonly given: Indices) {
    for (const [name, sources] of Object.entries(given.sources))
      this.indices.set(name, new DocumentIndex(given.mapping ?? 'template', sources));
  }

  /** Names that a comma-separated list means, or the one that is not there. */
  private named(pattern: string, isLenient: boolean): string[] | { readonly missing: string } {
    const aliases = this.given.aliases ?? {};
    const found = new Set<string>();
    for (const part of pattern.split(',')) {
      const isExcluded = part.startsWith('-') && found.size > 0;
      const wanted = new RegExp(`^${(isExcluded ? part.slice(1) : part).replace(/[.+]/g, '\\$&').replaceAll('*', '.*')}$`);
      const names = [...this.indices.keys(), ...Object.keys(aliases)].filter((name) => wanted.test(name));
      const all = names.flatMap((name) => aliases[name] ?? [name]);
      if (all.length === 0 && !part.includes('*') && !part.startsWith('-') && !isLenient) return { missing: part };
      for (const name of all) {
        if (isExcluded) found.delete(name);
        else found.add(name);
      }
    }
    return [...found];
  }

  fieldCapabilities(pattern: string, asked: readonly string[]): Answered {
    const names = this.named(pattern, true);
    if ('missing' in names) return missingIndex(names.missing);
    const fields: Record<string, Record<string, Json>> = {};
    for (const name of names) {
      for (const [field, type] of this.indices.get(name)?.types() ?? []) {
        if (!asked.some((one) => (one.endsWith('*') ? field.startsWith(one.slice(0, -1)) : one === field))) continue;
        fields[field] = { ...fields[field], [type]: { type, searchable: true, aggregatable: type !== 'text' } };
      }
    }
    return { status: 200, body: { indices: names, fields } };
  }

  search(pattern: string, body: Json, isLenient = true): Answered {
    const names = this.named(pattern, isLenient);
    if ('missing' in names) return missingIndex(names.missing);
    try {
      return { status: 200, body: this.found(names, body) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const cause = { type: 'query_shard_exception', reason: error.message };
      return { status: 400, body: { error: { root_cause: [cause], ...cause }, status: 400 } };
    }
  }

  private found(names: readonly string[], body: Json): Json {
    const { query = { match_all: {} }, size = 10, from = 0, sort, aggs, _source: withSource = true, ...other } = body;
    const unknown = Object.keys(other).filter((name) => name !== 'track_total_hits');
    if (unknown.length > 0) throw new Refused(`unknown key [${unknown[0]}]`);
    if (Number(from) + Number(size) > MOST)
      throw new Refused(`Result window is too large, from + size must be less than or equal to: [${MOST}]`);
    const mapping = this.given.mapping ?? 'template';
    const all = new DocumentIndex(mapping, []);
    for (const name of names) all.documents.push(...(this.indices.get(name)?.documents ?? []));
    const matching = all.documents.filter((document) => all.matches(document, asJson(query)));
    const [order] = Array.isArray(sort) ? sort : [];
    const field = order === undefined ? undefined : Object.keys(asJson(order))[0];
    const keyOf = (source: Json): number =>
      Number(field === undefined ? 0 : typeof source[field] === 'string' ? Date.parse(String(source[field])) : source[field]);
    const sorted = field === undefined ? matching : matching.toSorted((a, b) => keyOf(a.source) - keyOf(b.source));
    const hits = sorted.slice(Number(from), Number(from) + Number(size)).map(({ source }, i) => ({
      _id: String(i),
      ...(withSource === true && { _source: source }),
      ...(field !== undefined && { sort: [keyOf(source)] }),
    }));
    const failures =
      this.failing > 0 ? [{ shard: 0, reason: { type: 'es_rejected_execution_exception', reason: 'queue is full.' } }] : [];
    return {
      took: 1,
      timed_out: this.timesOut,
      _shards: { total: names.length, successful: names.length - this.failing, skipped: 0, failed: this.failing, failures },
      hits: { total: { value: matching.length, relation: 'eq' }, max_score: null, hits },
      ...(aggs !== undefined && { aggregations: all.aggregate(matching, asJson(aggs)) }),
    };
  }
}

export function asJson(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refused('an object is expected');
  return Object.fromEntries(Object.entries(value));
}

function missingIndex(index: string): Answered {
  const cause = { type: 'index_not_found_exception', reason: `no such index [${index}]`, index };
  return { status: 404, body: { error: { root_cause: [cause], ...cause }, status: 404 } };
}
