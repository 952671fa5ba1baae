/**
 * A small index of documents that answers what connectors ask of Elasticsearch: of the query language `bool`, `term`, `terms`, `match`, `range`, `regexp`,
 * `exists`, `nested` and `match_all`, of the aggregations `terms` (ordered by a metric), `min`, `max`, `nested` and `filter`. What it does not know it
 * refuses. Like the real ones it keeps no keyword of more than 256 characters, compares a text by its words, and sees nothing of nested objects from outside.
 * Sources: elastic.co, "Query DSL", "Aggregations", "ignore_above", "Nested field type", "Text analysis" (standard analyzer).
 */

export interface Json {
  readonly [name: string]: unknown;
}

/** How an index keeps its fields. `template`: as Jaeger's templates say; `guessed`: as a server does that was given none. */
export type Mapping = 'template' | 'guessed';

type Scalar = string | number | boolean;

/** Values of fields by their whole names; of nested objects by the path of their list. */
export interface Indexed {
  readonly fields: ReadonlyMap<string, readonly Scalar[]>;
  readonly nested: ReadonlyMap<string, readonly Indexed[]>;
  readonly source: Json;
}

const nestedPaths = ['tags', 'process.tags', 'references', 'logs', 'logs.fields', 'dependencies'];
const numbers = /^(?:startTime|startTimeMillis|duration|flags|timestamp|@timestamp|logs\.timestamp)$/;
const LONGEST = 256;

export class Refused extends Error {}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const clauses = (value: unknown): readonly Json[] => list(value).filter(isJson);
const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);

export class DocumentIndex {
  readonly documents: Indexed[] = [];

  constructor(
    readonly mapping: Mapping,
    sources: readonly Json[],
  ) {
    for (const source of sources) this.documents.push(this.indexed(source));
  }

  private indexed(source: Json): Indexed {
    const fields = new Map<string, Scalar[]>();
    const nested = new Map<string, Indexed[]>();
    const ignored: string[] = [];
    this.walk(source, '', fields, nested, ignored);
    if (ignored.length > 0) fields.set('_ignored', ignored);
    return { fields, nested, source };
  }

  private walk(
    value: unknown,
    path: string,
    fields: Map<string, Scalar[]>,
    nested: Map<string, Indexed[]>,
    ignored: string[],
  ): void {
    if (Array.isArray(value) && this.mapping === 'template' && nestedPaths.includes(path)) {
      const own = nested.get(path) ?? [];
      nested.set(path, own);
      for (const item of value) {
        const inner = new Map<string, Scalar[]>();
        this.walk(item, path, inner, nested, ignored);
        own.push({ fields: inner, nested, source: {} });
      }
    } else if (Array.isArray(value)) for (const item of value) this.walk(item, path, fields, nested, ignored);
    else if (isJson(value))
      for (const [key, inner] of Object.entries(value))
        this.walk(inner, path === '' ? key : `${path}.${key}`, fields, nested, ignored);
    else if (isScalar(value)) {
      if (this.typeOf(path, value) === 'keyword' && String(value).length > LONGEST) ignored.push(path);
      else fields.set(path, [...(fields.get(path) ?? []), typeof value === 'string' ? value.replace(/^int64!/, '') : value]);
    }
  }

  private typeOf(path: string, value: Scalar): 'keyword' | 'text' | 'long' | 'boolean' {
    if (numbers.test(path)) return 'long';
    if (this.mapping === 'template') return 'keyword';
    return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'long' : 'boolean';
  }

  /** As the capabilities of fields are told: types by name. */
  types(): Map<string, string> {
    const types = new Map<string, string>();
    const add = ({ fields, nested }: Indexed): void => {
      for (const [name, values] of fields) {
        const type = this.typeOf(name, values[0]);
        if (name === '_ignored' || types.get(name) === 'text') continue;
        types.set(name, type);
        if (type === 'text') types.set(`${name}.keyword`, 'keyword');
      }
      for (const [path, inner] of nested) {
        types.set(path, 'nested');
        for (const one of inner) add({ ...one, nested: new Map() });
      }
    };
    for (const document of this.documents) add(document);
    return types;
  }

  private valuesOf(document: Indexed, field: string): readonly Scalar[] {
    if (!field.endsWith('.keyword')) return document.fields.get(field) ?? [];
    return (document.fields.get(field.slice(0, -8)) ?? []).filter((value) => String(value).length <= LONGEST);
  }

  matches(document: Indexed, query: Json): boolean {
    const [[name, given] = ['', undefined], ...more] = Object.entries(query);
    if (more.length > 0 || !isJson(given)) throw new Refused(`[${name}] malformed query`);
    if (name === 'bool') return this.bool(document, given);
    if (name === 'match_all') return true;
    if (name === 'exists') return this.valuesOf(document, String(given.field)).length > 0;
    if (name === 'nested') {
      const { path, query: inner } = given;
      const within = document.nested.get(String(path));
      if (!within && this.mapping !== 'template') throw new Refused(`[nested] failed to find nested object under path [${path}]`);
      return (within ?? []).some((one) => isJson(inner) && this.matches(one, inner));
    }
    const [[field, value] = ['', undefined], ...others] = Object.entries(given);
    if (others.length > 0) throw new Refused(`[${name}] query does not support several fields`);
    const values = this.valuesOf(document, field);
    switch (name) {
      case 'term':
        return values.some((one) => this.isTerm(field, one, value));
      case 'terms':
        return values.some((one) => list(value).some((each) => this.isTerm(field, one, each)));
      case 'match':
        return this.match(field, values, value);
      case 'range':
        return values.some((one) => isJson(value) && inRange(one, value));
      case 'regexp': {
        const pattern = new RegExp(`^(?:${isJson(value) ? value.value : value})$`, 's');
        return values.some((one) => pattern.test(String(one)));
      }
      default:
        throw new Refused(`unknown query [${name}]`);
    }
  }

  private bool(document: Indexed, { filter, must, should, must_not: not, minimum_should_match: least }: Json): boolean {
    if (![...clauses(filter), ...clauses(must)].every((one) => this.matches(document, one))) return false;
    if (clauses(not).some((one) => this.matches(document, one))) return false;
    const any = clauses(should).filter((one) => this.matches(document, one)).length;
    const isNeeded = should !== undefined && filter === undefined && must === undefined;
    return any >= Number(least ?? (isNeeded ? 1 : 0));
  }

  private isTerm(field: string, value: Scalar, wanted: unknown): boolean {
    const type = field.endsWith('.keyword') ? 'keyword' : this.typeOf(field, value);
    if (type === 'text') return wordsOf(String(value)).includes(String(wanted));
    if (type === 'long' && Number.isNaN(Number(wanted))) throw new Refused(`For input string: "${wanted}"`);
    return type === 'long' ? Number(value) === Number(wanted) : String(value) === String(wanted);
  }

  private match(field: string, values: readonly Scalar[], given: unknown): boolean {
    const {
      query,
      operator,
      zero_terms_query: empty,
    } = isJson(given) ? given : { query: given, operator: 'or', zero_terms_query: '' };
    if (!values.some((value) => this.typeOf(field, value) === 'text'))
      return values.some((value) => String(value) === String(query));
    const words = wordsOf(String(query));
    if (words.length === 0) return empty === 'all';
    const own = values.flatMap((value) => wordsOf(String(value)));
    return operator === 'and' ? words.every((word) => own.includes(word)) : words.some((word) => own.includes(word));
  }

  aggregate(documents: readonly Indexed[], given: Json): Json {
    return Object.fromEntries(
      Object.entries(given).map(([name, one]) => [name, isJson(one) ? this.aggregation(documents, one) : undefined]),
    );
  }

  private aggregation(documents: readonly Indexed[], given: Json): Json {
    const { aggs, ...own } = given;
    const [[type, options] = ['', undefined]] = Object.entries(own);
    if (!isJson(options)) throw new Refused('malformed aggregation');
    const below = (of: readonly Indexed[]): Json => ({ doc_count: of.length, ...(isJson(aggs) && this.aggregate(of, aggs)) });
    switch (type) {
      case 'min':
      case 'max': {
        const all = documents.flatMap((one) => this.valuesOf(one, String(options.field)).map(Number));
        return { value: all.length === 0 ? null : all.reduce((a, b) => Math[type](a, b)) };
      }
      case 'nested':
        return below(documents.flatMap((one) => one.nested.get(String(options.path)) ?? []));
      case 'filter':
        return below(documents.filter((one) => this.matches(one, options)));
      case 'terms':
        return this.terms(documents, options, below);
      default:
        throw new Refused(`unknown aggregation [${type}]`);
    }
  }

  private terms(documents: readonly Indexed[], { field, size = 10, order }: Json, below: (of: readonly Indexed[]) => Json): Json {
    const byKey = new Map<Scalar, Indexed[]>();
    for (const one of documents) {
      for (const value of new Set(this.valuesOf(one, String(field)))) {
        if (this.typeOf(String(field), value) === 'text' && !String(field).endsWith('.keyword'))
          throw new Refused(`Text fields are not optimised for aggregations: [${field}]`);
        const key = this.mapping === 'template' && !numbers.test(String(field)) ? String(value) : value;
        const of = byKey.get(key);
        if (of) of.push(one);
        else byKey.set(key, [one]);
      }
    }
    const buckets: Json[] = [...byKey].map(([key, of]) => ({ key, ...below(of) }));
    const [metric] = isJson(order) ? Object.keys(order) : [];
    const rank = (bucket: Json): number => {
      const value = metric === undefined ? bucket.doc_count : bucket[metric];
      return Number(isJson(value) ? value.value : value);
    };
    buckets.sort((a, b) => rank(b) - rank(a) || (String(a.key) < String(b.key) ? -1 : 1));
    const most = Number(size);
    const others = buckets.slice(most).reduce((sum, { doc_count: count }) => sum + Number(count), 0);
    return { doc_count_error_upper_bound: 0, sum_other_doc_count: others, buckets: buckets.slice(0, most) };
  }
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}_]+/u)
    .filter((word) => word !== '');
}

function inRange(value: Scalar, bounds: Json): boolean {
  const order = (bound: unknown): number => {
    const [a, b] = typeof bound === 'number' ? [Number(value), bound] : [Date.parse(String(value)), Date.parse(String(bound))];
    return a - b;
  };
  return Object.entries(bounds).every(([name, bound]) => {
    if (name === 'gte') return order(bound) >= 0;
    if (name === 'gt') return order(bound) > 0;
    if (name === 'lte') return order(bound) <= 0;
    if (name === 'lt') return order(bound) < 0;
    throw new Refused(`[range] query does not support [${name}]`);
  });
}
