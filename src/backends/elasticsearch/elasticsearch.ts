/** Elasticsearch and OpenSearch, as Jaeger fills them. */

import { SpanhopError } from '../../base/errors';
import type { Dependency } from '../../core/answers/answer';
import type { Query } from '../../core/query/query';
import type {
  Backend,
  BackendContext,
  BackendSettings,
  FindOptions,
  FindPage,
  FoundTrace,
  ServerFacts,
  TimeRange,
} from '../common/backend';
import { DocumentBackend } from './documentBackend';
import type { Micros } from './documentServer';
import { ElasticsearchServer, type IndexNames, indexNames } from './elasticsearchServer';
import { dependenciesSearch, keysOfFields, keysSearch, namesSearch, operationsSearch, valuesSearch } from './listSearches';
import { begunIn } from './timeClauses';
import { countSpans } from './wholeTraces';

/** Tags that are fields of a span here. */
const fieldTags =
  /^span\.(?:span\.kind|error|otel\.(?:status_code|status_description|(?:scope|library)\.(?:name|version))|w3c\.tracestate)$/;

export class ElasticsearchBackend implements Backend {
  readonly settings: BackendSettings;
  private readonly names: IndexNames;
  private readonly server: ElasticsearchServer;
  private readonly traces: DocumentBackend;
  private readonly archive: ElasticsearchServer;
  private readonly archived: DocumentBackend;

  constructor(private readonly context: BackendContext) {
    this.settings = context.settings;
    this.names = indexNames(context.settings);
    const { spans, services, archive } = this.names;
    const nothing = `No spans were stored yet in ${spans.split(',')[0]}, or the index prefix is another one.`;
    this.server = new ElasticsearchServer(context, spans, [services]);
    this.traces = new DocumentBackend(context, this.server, nothing);
    this.archive = new ElasticsearchServer(context, archive);
    this.archived = new DocumentBackend(context, this.archive, nothing);
  }

  async describe(signal?: AbortSignal): Promise<ServerFacts> {
    const { version, distribution } = await this.server.itself(signal);
    const services = await this.services(signal);
    return {
      ...(typeof distribution === 'string' && { product: distribution }),
      ...(typeof version === 'string' && { version }),
      services: services.length,
    };
  }

  /** Those that Jaeger keeps a list of; where it has none, those of the last spans. */
  async services(signal?: AbortSignal): Promise<readonly string[]> {
    const fields = await this.server.fields(signal);
    if (!fields) return [];
    const listed = await this.server.askOf(this.names.services, namesSearch(fields.listedService), { what: 'terms' }, signal);
    if (listed.names.length > 0) return listed.names;
    const body = namesSearch(fields.service, { bool: { filter: begunIn(fields, this.lately()) } });
    return (await this.server.ask({ body }, 'terms', signal)).names;
  }

  async operations(service: string, signal?: AbortSignal): Promise<readonly string[]> {
    const fields = await this.server.fields(signal);
    const listed = fields && operationsSearch(fields, fields.listedService, service);
    if (!fields || !listed) return [];
    const { names } = await this.server.askOf(this.names.services, listed, { what: 'terms' }, signal);
    if (names.length > 0) return names;
    const body = operationsSearch(fields, fields.service, service);
    return body ? (await this.server.ask({ body }, 'terms', signal)).names : [];
  }

  find(query: Query, options: FindOptions, signal?: AbortSignal): AsyncIterable<FindPage> {
    return this.traces.find(query, options, signal);
  }

  /** An archived trace is asked for where no other is left. */
  async get(traceId: string, signal?: AbortSignal): Promise<FoundTrace> {
    const missing = 'It may have expired, or belong to another backend.';
    const from = (backend: DocumentBackend, server: ElasticsearchServer): Promise<FoundTrace> =>
      backend.get(traceId, (fields, ids) => countSpans(server, fields, ids, undefined, signal), missing, signal);
    try {
      return await from(this.traces, this.server);
    } catch (error) {
      if (!(error instanceof SpanhopError) || error.kind !== 'NotFound') throw error;
      return from(this.archived, this.archive).catch(() => Promise.reject(error));
    }
  }

  async tags(signal?: AbortSignal): Promise<readonly string[]> {
    const fields = await this.server.fields(signal);
    if (!fields) return [];
    const body = keysSearch(fields, this.lately());
    const { names } = await this.server.ask({ body }, 'keys', signal);
    const keys = [...names, ...keysOfFields(fields), 'resource.service.name'].filter((key) => !fieldTags.test(key));
    return [...new Set(keys)].sort();
  }

  async tagValues(key: string, signal?: AbortSignal): Promise<readonly (string | number | boolean)[]> {
    if (key === 'resource.service.name') return this.services(signal);
    const fields = await this.server.fields(signal);
    const body = fields && valuesSearch(fields, key, this.lately());
    return body ? ((await this.server.askOf(this.server.index, body, { what: 'values', key }, signal)).values ?? []) : [];
  }

  /** What a job of Jaeger's counts once a day. */
  async dependencies(range: TimeRange, signal?: AbortSignal): Promise<readonly Dependency[]> {
    const answer = await this.server.askOf(this.names.dependencies, dependenciesSearch(range), { what: 'dependencies' }, signal);
    if (answer.facts.shards === 0 || answer.facts.type !== undefined) {
      const message = `${this.server.who} has no index ${this.names.dependencies}: the job that counts who calls whom (jaeger-spark-dependencies) did not run yet.`;
      throw new SpanhopError('NotSupported', message);
    }
    return answer.dependencies ?? [];
  }

  private lately(): Micros {
    const now = Math.round(this.context.nowMs());
    return { start: Math.max(0, now - this.context.windowMs) * 1000, end: (now + 60_000) * 1000 };
  }
}
