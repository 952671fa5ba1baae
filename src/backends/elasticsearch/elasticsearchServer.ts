/**
 * Elasticsearch and OpenSearch as Jaeger fills them: an index a day, or indices behind an alias that it reads by. A pattern finds both, whatever the dates
 * in the names look like, and leaves out what was archived, which is there twice.
 * Sources: jaegertracing/jaeger internal/storage/elasticsearch/config, internal/storage/v1/elasticsearch/factory.go; elastic.co, "Multi-target syntax",
 * "Search API", "Field capabilities API"; opensearch.org, "Search".
 */

import { SpanhopError } from '../../base/errors';
import type { Answer } from '../../core/answers/answer';
import type { BackendContext, BackendSettings } from '../common/backend';
import { type Parameters, type ReadResponse, ServerClient } from '../common/serverClient';
import type { Clause } from './clauses';
import { type DocumentServer, documentsIn, type Micros, type Search } from './documentServer';
import { askedFields, type SpanFields, spanFields } from './spanFields';

const DAY = 24 * 3_600_000_000;
/** Fields come with documents, seldom; milliseconds for which they are taken for granted. */
const FIELDS_HOLD = 300_000;

/** Indices that are not there, or closed, are none to search. */
const lenient: Parameters = [
  ['ignore_unavailable', 'true'],
  ['allow_no_indices', 'true'],
];
/** Of an answer with documents, no more than is read. */
const documentsOnly = 'timed_out,_shards,hits.hits._source,error,status';

export interface IndexNames {
  readonly spans: string;
  /** Lists the services and operations that there are. */
  readonly services: string;
  readonly dependencies: string;
  /** Traces that somebody archived. */
  readonly archive: string;
}

/** As Jaeger makes names of its options `index-prefix` and `use-aliases`. */
export function indexNames({ options }: Pick<BackendSettings, 'options'>): IndexNames {
  const prefix = String(options.indexPrefix ?? '');
  const start = prefix === '' || prefix.endsWith('-') ? prefix : `${prefix}-`;
  const name = (what: string): string => `${start}jaeger-${what}${options.readAliases === true ? '-read' : '-*'}`;
  return {
    spans: options.readAliases === true ? name('span') : `${name('span')},-${start}jaeger-span-archive*`,
    services: name('service'),
    dependencies: name('dependencies'),
    archive: `${start}jaeger-span-archive*`,
  };
}

export class ElasticsearchServer implements DocumentServer {
  readonly mostIds = 10_000;
  readonly traceReach = DAY;
  private readonly client: ServerClient;
  private known: { readonly fields: SpanFields; readonly untilMs: number } | undefined;

  /** @param index of the documents of spans */
  constructor(
    private readonly context: BackendContext,
    readonly index: string,
    private readonly others: readonly string[] = [],
  ) {
    this.client = new ServerClient(context, 'elasticsearch');
  }

  get who(): string {
    return this.client.who;
  }

  newestOf(range: Micros): Micros {
    return range;
  }

  async fields(signal?: AbortSignal): Promise<SpanFields | undefined> {
    const nowMs = this.context.nowMs();
    if (this.known && this.known.untilMs > nowMs) return this.known.fields;
    const answer = await this.client.ask(
      pathOf([this.index, ...this.others], '_field_caps'),
      [...lenient, ['fields', askedFields.join(',')]],
      { what: 'fields', forAsking: true },
      signal,
    );
    const read = isMissing(answer) ? undefined : this.checked(answer);
    const fields = spanFields(read?.names ?? []);
    if (fields) this.known = { fields, untilMs: nowMs + FIELDS_HOLD };
    else if (typeof read?.facts.indices === 'number' && read.facts.indices > 0) {
      const message = `The indices ${this.index} of ${this.who} have no spans that Jaeger stored: they have no field traceID. Check the index prefix.`;
      throw new SpanhopError('BadData', message);
    }
    return fields;
  }

  ask({ body }: Search, what: string, signal?: AbortSignal): Promise<Answer> {
    return this.askOf(this.index, body, { what }, signal);
  }

  /** Of any index. */
  async askOf(
    index: string,
    body: Clause,
    want: { readonly what: string; readonly forAsking?: boolean; readonly key?: string },
    signal?: AbortSignal,
  ): Promise<Answer> {
    const response = await this.client.post(
      pathOf([index], '_search'),
      lenient,
      JSON.stringify(body),
      'application/json',
      signal,
    );
    const answer = await this.client.read(response, want, signal);
    return isMissing(answer) && answer.read ? { ...answer.read, message: undefined } : this.checked(answer);
  }

  async documents({ body }: Search, mayLack: boolean, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const parameters: Parameters = [...lenient, ['filter_path', documentsOnly]];
    const path = pathOf([this.index], '_search');
    const response = await this.client.post(path, parameters, JSON.stringify(body), 'application/json', signal);
    return documentsIn(this.client, response, mayLack, signal);
  }

  /** What the server says of itself; a person may have no right to ask it, and then nothing is known. */
  async itself(signal?: AbortSignal): Promise<Answer['facts']> {
    try {
      const answer = await this.client.ask('/', [], { what: 'server' }, signal);
      const read = this.checked(answer);
      if (read.facts.version === undefined) throw this.client.unexpected(answer);
      return read.facts;
    } catch (error) {
      if (error instanceof SpanhopError && error.kind === 'Unauthorized') return {};
      throw error;
    }
  }

  private checked(answer: ReadResponse): Answer {
    const { response, read } = answer;
    if (response.status !== 200 || read?.facts.object !== true || read.facts.type !== undefined)
      throw this.client.unexpected(answer);
    return read;
  }
}

/** The index is not there: nothing was stored in it yet. */
function isMissing({ response, read }: ReadResponse): boolean {
  return response.status === 404 && read?.facts.type === 'index_not_found_exception';
}

/** Commas and stars are the servers' own; all else of a name is as it is. */
function pathOf(indices: readonly string[], what: string): string {
  return `/${indices.map((index) => index.split(',').map(encodeURIComponent).join(',')).join(',')}/${what}`;
}
