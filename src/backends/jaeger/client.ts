/**
 * Jaeger's two HTTP APIs, as plain requests: `/api/v3` (stable; OTLP JSON) and the older `/api` (internal; Jaeger's own JSON, search and
 * lists removed after 2.20). What differs between versions was seen on real servers; the connector (`jaeger.ts`) chooses.
 * Sources: jaegertracing/jaeger `cmd/jaeger/internal/extension/jaegerquery/internal` (http_handler.go, apiv3/http_gateway.go,
 * apiv3/query_parser.go) at v1.76.0, v2.20.0 and main.
 */

import { SpanhopError } from '../../base/errors';
import type { JaegerAnswer, JaegerWant } from '../../core/answers/jaegerAnswer';
import type { AnswerReader, BackendSettings } from '../common/backend';
import { address, goDuration, looksLikeJson, unexpectedAnswer } from '../common/http';
import type { HttpResponse, Transport } from '../common/transport';
import type { JaegerRequest } from './request';

/** Bytes of an answer that are kept to say what it was. */
const EXCERPT = 1 << 10;

/** An answer, and what was read of it; undefined: it is no JSON object. Of JSON, the body is its beginning. */
export interface Answer {
  readonly response: HttpResponse;
  readonly read: JaegerAnswer | undefined;
}

/** The last nanosecond that Go's `Time.UnixNano` has. */
const LAST_NANO = 2n ** 63n - 1n;

/** Nanoseconds since the epoch as RFC 3339 with nanoseconds; a time that Go does not have is the nearest that it has. */
export function rfc3339(unixNano: bigint): string {
  const nanos = unixNano < 0n ? 0n : unixNano > LAST_NANO ? LAST_NANO : unixNano;
  const seconds = nanos / 1_000_000_000n;
  const fraction = nanos % 1_000_000_000n;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction.toString().padStart(9, '0')}Z`;
}

export class JaegerClient {
  constructor(
    readonly settings: BackendSettings,
    private readonly transport: Transport,
    private readonly reader: AnswerReader,
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

  /** Asks for what is no trace, and reads it. */
  async ask(
    path: string,
    parameters: readonly (readonly [string, string | undefined])[],
    want: JaegerWant,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    return this.read(await this.get(path, parameters, signal), want, signal);
  }

  /** The error for an answer that is not what was asked for. */
  unexpected(answer: Answer): SpanhopError {
    return unexpectedAnswer(this.who, answer.response, messageOf(answer));
  }

  private async read(response: HttpResponse, want: JaegerWant, signal: AbortSignal | undefined): Promise<Answer> {
    const { body } = response;
    if (!looksLikeJson(body)) return { response, read: undefined };
    try {
      const beginning = { ...response, body: body.slice(0, EXCERPT) };
      return { response: beginning, read: await this.reader.readAnswer(body, want, signal) };
    } catch (error) {
      if (!(error instanceof SpanhopError) || error.kind !== 'TooLarge') throw error;
      throw new SpanhopError('TooLarge', `What ${this.who} answered is not read. ${error.message}`, error.detail);
    }
  }

  /** A list that must be there. */
  private async names(
    path: string,
    parameters: readonly (readonly [string, string | undefined])[],
    want: JaegerWant,
    signal: AbortSignal | undefined,
  ): Promise<readonly string[]> {
    const answer = await this.ask(path, parameters, want, signal);
    if (answer.response.status !== 200 || answer.read === undefined) throw this.unexpected(answer);
    return answer.read.names;
  }

  /** The error for whole traces that did not come. */
  private async refused(response: HttpResponse, signal: AbortSignal | undefined): Promise<SpanhopError> {
    return this.unexpected(await this.read(response, { what: 'kind' }, signal));
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
  ): Promise<JaegerAnswer | undefined> {
    const parameters = this.searchParameters(request, service, limit);
    const answer = await this.ask('/api/v3/trace-summaries', parameters, { what: 'summaries', limit }, signal);
    if (answer.read !== undefined && answer.response.status !== 200) throw this.unexpected(answer);
    return answer.read;
  }

  /** `/api/v3/traces`: whole traces as OTLP JSON; undefined when nothing was found, which v3 answers with 404. */
  async traces(
    request: JaegerRequest,
    service: string | undefined,
    limit: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const response = await this.get('/api/v3/traces', this.searchParameters(request, service, limit), signal);
    if (response.status === 200 && looksLikeJson(response.body)) return response.body;
    const answer = await this.read(response, { what: 'kind' }, signal);
    if (response.status === 404 && /no traces found/i.test(messageOf(answer) ?? '')) return undefined;
    throw this.unexpected(answer);
  }

  /** The older API answers JSON in Jaeger's envelope. */
  async hasLegacySearch(signal?: AbortSignal): Promise<boolean> {
    const { response, read } = await this.ask('/api/services', [], { what: 'kind' }, signal);
    return response.status === 200 && read?.enveloped === true;
  }

  /** `/api/traces`: whole traces as Jaeger's JSON (up to 2.20). */
  async legacyTraces(
    request: JaegerRequest,
    service: string,
    limit: number,
    errors: boolean,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
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
      ? this.names('/api/v3/services', [], { what: 'services', forAsking }, signal)
      : this.names('/api/services', [], { what: 'data', forAsking }, signal);
  }

  v3Operations(service: string, signal?: AbortSignal): Promise<readonly string[]> {
    return this.names('/api/v3/operations', [['service', service]], { what: 'operations' }, signal);
  }

  legacyOperations(service: string, signal?: AbortSignal): Promise<readonly string[]> {
    return this.names('/api/operations', [['service', service]], { what: 'data' }, signal);
  }

  /** One trace: OTLP JSON of v3, or Jaeger's JSON. Rejects with NotFound. */
  async trace(traceId: string, api: 'v3' | 'legacy', signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.get(api === 'v3' ? `/api/v3/traces/${traceId}` : `/api/traces/${traceId}`, [], signal);
    if (response.status === 404 && looksLikeJson(response.body)) {
      throw new SpanhopError(
        'NotFound',
        `${this.who} has no trace ${traceId}. It may have expired, or belong to another backend.`,
      );
    }
    if (response.status !== 200 || !looksLikeJson(response.body)) throw await this.refused(response, signal);
    return response.body;
  }
}

/** What the server says of itself: in its JSON, or as plain text of one line. */
function messageOf({ response: { status, body }, read }: Answer): string | undefined {
  if (read !== undefined) return read.message;
  const line = new TextDecoder().decode(body.subarray(0, 400)).trim();
  return status >= 400 && line !== '' && !line.includes('\n') && !line.startsWith('<') ? line : undefined;
}
