/**
 * Jaeger's two HTTP APIs, as plain requests: `/api/v3` (stable; OTLP JSON) and the older `/api` (internal; Jaeger's own JSON, search and
 * lists removed after 2.20). What differs between versions was seen on real servers; the connector (`jaeger.ts`) chooses.
 * Sources: jaegertracing/jaeger `cmd/jaeger/internal/extension/jaegerquery/internal` (http_handler.go, apiv3/http_gateway.go,
 * apiv3/query_parser.go) at v1.76.0, v2.20.0 and main.
 */

import { SpanhopError } from '../../base/errors';
import type { Answer, Dependency } from '../../core/answers/answer';
import type { BackendContext, TimeRange } from '../common/backend';
import { goDuration, looksLikeJson } from '../common/http';
import { messageOf, type Parameters, ServerClient } from '../common/serverClient';
import { rfc3339 } from '../common/times';
import type { JaegerRequest } from './jaegerRequest';

/** What a search asks for, within the request. */
export interface JaegerSearch {
  readonly request: JaegerRequest;
  /** Undefined: of any. */
  readonly service: string | undefined;
  readonly limit: number;
}

export class JaegerClient extends ServerClient {
  constructor(context: BackendContext) {
    const { tenant, tenantHeader = 'x-tenant' } = context.settings.options;
    super(context, 'jaeger', tenant === undefined ? {} : { [String(tenantHeader).toLowerCase()]: String(tenant) });
  }

  /** A list that must be there. */
  private async names(path: string, parameters: Parameters, what: string, signal?: AbortSignal, forAsking = false) {
    const answer = await this.ask(path, parameters, { what, forAsking }, signal);
    if (answer.response.status !== 200 || !answer.read?.facts.object) throw this.unexpected(answer);
    return answer.read.names;
  }

  /**
   * Parameters of a v3 search, in both spellings: servers before 2.19 know snake_case and `num_traces` only, later ones camelCase and
   * some aliases; sent alike, all of them answer.
   */
  private searchParameters({ request, service, limit }: JaegerSearch): Parameters {
    const duration = (ns: number | undefined): string | undefined => (ns === undefined ? undefined : goDuration(ns));
    const attributes = request.errors ? { ...request.attributes, error: 'true' } : request.attributes;
    const values: [string, string, string | undefined][] = [
      ['start_time_min', 'startTimeMin', rfc3339(request.startUnixNano)],
      ['start_time_max', 'startTimeMax', rfc3339(request.endUnixNano)],
      ['num_traces', 'searchDepth', String(limit)],
      ['service_name', 'serviceName', service],
      ['operation_name', 'operationName', request.operation],
      ['duration_min', 'durationMin', duration(request.minDurationNs)],
      ['duration_max', 'durationMax', duration(request.maxDurationNs)],
    ];
    const parameters: [string, string | undefined][] = [];
    for (const [snake, camel, value] of values) parameters.push([`query.${snake}`, value], [`query.${camel}`, value]);
    if (Object.keys(attributes).length > 0) parameters.push(['query.attributes', JSON.stringify(attributes)]);
    return parameters;
  }

  /** `/api/v3/trace-summaries` (2.19 and later); undefined when the server does not know them: it answers 404, or its web page. */
  async summaries(search: JaegerSearch, signal?: AbortSignal): Promise<Answer | undefined> {
    const want = { what: 'summaries', limit: search.limit };
    const answer = await this.ask('/api/v3/trace-summaries', this.searchParameters(search), want, signal);
    if (answer.read !== undefined && answer.response.status !== 200) throw this.unexpected(answer);
    return answer.read?.facts.object ? answer.read : undefined;
  }

  /** `/api/v3/traces`: whole traces as OTLP JSON; undefined when nothing was found, which v3 answers with 404. */
  async traces(search: JaegerSearch, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const response = await this.get('/api/v3/traces', this.searchParameters(search), signal);
    if (response.status === 200 && looksLikeJson(response.body)) return response.body;
    const answer = await this.read(response, { what: 'kind' }, signal);
    if (response.status === 404 && /no traces found/i.test(messageOf(answer) ?? '')) return undefined;
    throw this.unexpected(answer);
  }

  /** The older API answers JSON in Jaeger's envelope. */
  async hasLegacySearch(signal?: AbortSignal): Promise<boolean> {
    const { response, read } = await this.ask('/api/services', [], { what: 'kind' }, signal);
    return response.status === 200 && read?.facts.enveloped === true;
  }

  /**
   * `/api/traces`: whole traces as Jaeger's JSON (up to 2.20).
   * @param errors asks for those in error; what some storages find for it are others
   */
  async legacyTraces(search: JaegerSearch, errors: boolean, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { request, service, limit } = search;
    const tags = errors ? { ...request.attributes, error: 'true' } : request.attributes;
    const response = await this.get(
      '/api/traces',
      [
        ['service', service],
        ['operation', request.operation],
        ['start', String(request.startUnixNano / 1000n)],
        ['end', String(request.endUnixNano / 1000n)],
        ['minDuration', request.minDurationNs === undefined ? undefined : goDuration(request.minDurationNs)],
        ['maxDuration', request.maxDurationNs === undefined ? undefined : goDuration(request.maxDurationNs)],
        ['tags', Object.keys(tags).length > 0 ? JSON.stringify(tags) : undefined],
        ['limit', String(limit)],
      ],
      signal,
    );
    if (response.status !== 200 || !looksLikeJson(response.body)) throw await this.refused(response, signal);
    return response.body;
  }

  /** @param forAsking the names go back to the server: as they are */
  services(api: 'v3' | 'legacy', forAsking: boolean, signal?: AbortSignal): Promise<readonly string[]> {
    return api === 'v3'
      ? this.names('/api/v3/services', [], 'services', signal, forAsking)
      : this.names('/api/services', [], 'data', signal, forAsking);
  }

  async operations(api: 'v3' | 'legacy', service: string, signal?: AbortSignal): Promise<readonly string[]> {
    if (api === 'v3') return this.names('/api/v3/operations', [['service', service]], 'operations', signal);
    const answer = await this.ask('/api/operations', [['service', service]], { what: 'data' }, signal);
    if (answer.response.status === 200 && answer.read?.facts.enveloped === true) return answer.read.names;
    // The oldest of its endpoints for it, and the only one that VictoriaTraces has.
    const path = `/api/services/${encodeURIComponent(service)}/operations`;
    const older = await this.ask(path, [], { what: 'data' }, signal);
    if (older.response.status === 200 && older.read?.facts.enveloped === true) return older.read.names;
    throw this.unexpected(answer);
  }

  /** Only the older API tells; it is kept where its search is gone. */
  async dependencies({ startMs, endMs }: TimeRange, signal?: AbortSignal): Promise<readonly Dependency[]> {
    const parameters: Parameters = [
      ['endTs', String(Math.round(endMs))],
      ['lookback', String(Math.max(1, Math.round(endMs - startMs)))],
    ];
    const answer = await this.ask('/api/dependencies', parameters, { what: 'dependencies' }, signal);
    if (answer.response.status !== 200 || answer.read?.dependencies === undefined) throw this.unexpected(answer);
    return answer.read.dependencies;
  }

  /** Only the older API has it, and keeps it. Reading asks the archive by itself. */
  async archive(traceId: string, signal?: AbortSignal): Promise<void> {
    const response = await this.post(`/api/archive/${traceId}`, [], '', 'application/json', signal);
    const answer = await this.read(response, { what: 'kind' }, signal);
    if (response.status === 200 && answer.read?.facts.enveloped === true) return;
    if (/archive.{0,40}not configured/i.test(messageOf(answer) ?? ''))
      throw new SpanhopError('NotSupported', `${this.who} has no archive: its configuration names no storage for one.`);
    if (response.status === 404 && answer.read?.facts.enveloped === true) throw this.none(traceId);
    throw this.unexpected(answer);
  }

  /** One trace: OTLP JSON of v3, or Jaeger's JSON. Rejects with NotFound. */
  async trace(traceId: string, api: 'v3' | 'legacy', signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.get(api === 'v3' ? `/api/v3/traces/${traceId}` : `/api/traces/${traceId}`, [], signal);
    if (response.status === 404 && looksLikeJson(response.body)) throw this.none(traceId);
    if (response.status !== 200 || !looksLikeJson(response.body)) throw await this.refused(response, signal);
    if (isNothing(response.body)) throw this.none(traceId);
    return response.body;
  }

  private none(traceId: string): SpanhopError {
    const message = `${this.who} has no trace ${traceId}. It may have expired, or belong to another backend.`;
    return new SpanhopError('NotFound', message);
  }
}

/** The older API's envelope without a trace: what VictoriaTraces answers for an id that it does not know. */
function isNothing(body: Uint8Array): boolean {
  const text = body.length < 4096 ? new TextDecoder().decode(body) : '';
  return /"data"\s*:\s*(?:null|\[\s*\])/.test(text);
}
