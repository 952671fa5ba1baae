/**
 * Jaeger's two HTTP APIs, as plain requests: `/api/v3` (stable; OTLP JSON) and the older `/api` (internal; Jaeger's own JSON, search and
 * lists removed after 2.20). What differs between versions was seen on real servers; the connector (`jaeger.ts`) chooses.
 * Sources: jaegertracing/jaeger `cmd/jaeger/internal/extension/jaegerquery/internal` (http_handler.go, apiv3/http_gateway.go,
 * apiv3/query_parser.go) at v1.76.0, v2.20.0 and main.
 */

import { SpanhopError } from '../../core/errors';
import type { TraceOverview } from '../../core/model/table';
import type { BackendSettings, HttpResponse, Transport } from '../backend';
import { address, goDuration, jsonObject, looksLikeJson, unexpectedAnswer } from '../http';
import type { JaegerRequest } from './request';

/** Characters of a name, services of a trace and names of a list that are taken from an answer. */
const MAX_NAME = 1_000;
const MAX_SERVICES = 1_000;
const MAX_NAMES = 10_000;

export type Json = Record<string, unknown>;

/** Nanoseconds since the epoch as RFC 3339 with nanoseconds. */
export function rfc3339(unixNano: bigint): string {
  const seconds = unixNano / 1_000_000_000n;
  const fraction = unixNano % 1_000_000_000n;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction.toString().padStart(9, '0')}Z`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function count(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(Math.trunc(value), 0xffffffff) : 0;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? listed(value.filter((entry): entry is string => typeof entry === 'string')) : [];
}

/** Epoch nanoseconds, a uint64; 0 for what is none. */
/** A name that is longer could not be asked for by it. */
function listed(names: readonly string[]): string[] {
  return names.filter((name) => name.length <= MAX_NAME).slice(0, MAX_NAMES);
}

function bigintOf(value: unknown): bigint {
  const isDigits = typeof value === 'string' && /^\d{1,20}$/.test(value);
  const isNumber = typeof value === 'number' && value > 0 && value < 2 ** 64;
  const nanos = isDigits ? BigInt(value) : isNumber ? BigInt(Math.trunc(value)) : 0n;
  return nanos < 2n ** 64n ? nanos : 0n;
}

/** What the server says of itself when a request did not succeed: of v3, of the older API, or plain text of one line. */
export function serverMessage(response: HttpResponse): string | undefined {
  const json = jsonObject(response);
  if (json === undefined) {
    const line = new TextDecoder().decode(response.body.subarray(0, 400)).trim();
    return response.status >= 400 && line !== '' && !line.includes('\n') && !line.startsWith('<') ? line : undefined;
  }
  if (isJson(json.error)) return named(json.error.message) || undefined;
  if (Array.isArray(json.errors) && isJson(json.errors[0])) return named(json.errors[0].msg) || undefined;
  return undefined;
}

export class JaegerClient {
  constructor(
    readonly settings: BackendSettings,
    private readonly transport: Transport,
  ) {}

  /** The server as it is named in messages. */
  get who(): string {
    return `"${this.settings.name}" at ${this.settings.url}`;
  }

  get(
    path: string,
    parameters: readonly (readonly [string, string | undefined])[],
    signal: AbortSignal | undefined,
  ): Promise<HttpResponse> {
    if (this.settings.hasUserInfo) {
      return Promise.reject(
        new SpanhopError(
          'Unauthorized',
          `The address of "${this.settings.name}" has a user name or password in it. Remove it from the settings, where others may read it, and set a credential.`,
        ),
      );
    }
    const url = address(this.settings.url, path, parameters);
    return this.transport.request(
      { method: 'GET', url, headers: { accept: 'application/json', ...this.settings.headers } },
      signal,
    );
  }

  /** An answer that must be a JSON object with status 200. */
  async json(
    path: string,
    parameters: readonly (readonly [string, string | undefined])[],
    signal: AbortSignal | undefined,
  ): Promise<Json> {
    const response = await this.get(path, parameters, signal);
    const json = response.status === 200 ? jsonObject(response) : undefined;
    if (json === undefined) throw unexpectedAnswer(this.who, response, serverMessage(response));
    return json;
  }

  /**
   * Parameters of a v3 search, in both spellings: servers before 2.19 know snake_case and `num_traces` only, later ones camelCase and
   * some aliases; sent alike, all of them answer.
   */
  private searchParameters(request: JaegerRequest, service: string | undefined, limit: number): [string, string | undefined][] {
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
  async summaries(
    request: JaegerRequest,
    service: string | undefined,
    limit: number,
    signal?: AbortSignal,
  ): Promise<{ readonly traces: TraceOverview[]; readonly leftOut: number } | undefined> {
    const response = await this.get('/api/v3/trace-summaries', this.searchParameters(request, service, limit), signal);
    const json = jsonObject(response);
    if (json === undefined) return undefined;
    if (response.status !== 200) throw unexpectedAnswer(this.who, response, serverMessage(response));
    const summaries = Array.isArray(json.summaries) ? json.summaries.filter(isJson) : [];
    const traces = summaries.map(overviewOf).filter((trace) => trace !== undefined);
    return { traces, leftOut: summaries.length - traces.length };
  }

  /** `/api/v3/traces`: whole traces as OTLP JSON; undefined when nothing was found, which v3 answers with 404. */
  async traces(
    request: JaegerRequest,
    service: string | undefined,
    limit: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const response = await this.get('/api/v3/traces', this.searchParameters(request, service, limit), signal);
    if (response.status === 404 && /no traces found/i.test(serverMessage(response) ?? '')) return undefined;
    if (response.status !== 200 || !looksLikeJson(response.body))
      throw unexpectedAnswer(this.who, response, serverMessage(response));
    return response.body;
  }

  /** The older API answers JSON in Jaeger's envelope. */
  async hasLegacySearch(signal?: AbortSignal): Promise<boolean> {
    const response = await this.get('/api/services', [], signal);
    const json = response.status === 200 ? jsonObject(response) : undefined;
    return json !== undefined && 'data' in json;
  }

  /** `/api/traces`: whole traces as Jaeger's JSON (up to 2.20). */
  async legacyTraces(
    request: JaegerRequest,
    service: string,
    limit: number,
    errors: boolean,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
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
    if (response.status !== 200 || !looksLikeJson(response.body))
      throw unexpectedAnswer(this.who, response, serverMessage(response));
    return response.body;
  }

  async v3Services(signal?: AbortSignal): Promise<string[]> {
    return strings((await this.json('/api/v3/services', [], signal)).services).sort();
  }

  async legacyServices(signal?: AbortSignal): Promise<string[]> {
    return strings((await this.json('/api/services', [], signal)).data).sort();
  }

  async v3Operations(service: string, signal?: AbortSignal): Promise<string[]> {
    return operationNames((await this.json('/api/v3/operations', [['service', service]], signal)).operations);
  }

  async legacyOperations(service: string, signal?: AbortSignal): Promise<string[]> {
    return operationNames((await this.json('/api/operations', [['service', service]], signal)).data);
  }

  /** One trace: OTLP JSON of v3, or Jaeger's JSON. Rejects with NotFound. */
  async trace(traceId: string, api: 'v3' | 'legacy', signal?: AbortSignal): Promise<Uint8Array> {
    const response = await this.get(api === 'v3' ? `/api/v3/traces/${traceId}` : `/api/traces/${traceId}`, [], signal);
    if (response.status === 404 && looksLikeJson(response.body)) {
      throw new SpanhopError(
        'NotFound',
        `${this.who} has no trace ${traceId}. It may have expired, or belong to another backend.`,
      );
    }
    if (response.status !== 200 || !looksLikeJson(response.body))
      throw unexpectedAnswer(this.who, response, serverMessage(response));
    return response.body;
  }
}

function operationNames(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const names = value.map((entry) => (typeof entry === 'string' ? entry : isJson(entry) ? text(entry.name) : ''));
  return listed([...new Set(names.filter((name) => name !== ''))]).sort();
}

/** A name of the server's as it is listed. */
const named = (value: unknown): string => text(value).slice(0, MAX_NAME);

/** Undefined where the id is none: it would be asked for by its address, and leads nowhere. */
function overviewOf(summary: Json): TraceOverview | undefined {
  const id = text(summary.traceId);
  if (!/^[0-9a-f]{1,32}$/i.test(id) || /^0+$/.test(id)) return undefined;
  const start = bigintOf(summary.minStartTimeUnixNano);
  const end = bigintOf(summary.maxEndTimeUnixNano);
  const services = Array.isArray(summary.services)
    ? summary.services
        .filter(isJson)
        .slice(0, MAX_SERVICES)
        .map((service) => named(service.name))
    : [];
  return {
    traceId: id.toLowerCase().padStart(32, '0'),
    rootName: named(summary.rootOperationName),
    rootService: named(summary.rootServiceName),
    startUnixNano: start,
    durationNs: end > start ? Number(end - start) : 0,
    spanCount: count(summary.spanCount),
    errorCount: count(summary.errorSpanCount),
    services: services.filter((name) => name !== ''),
  };
}
