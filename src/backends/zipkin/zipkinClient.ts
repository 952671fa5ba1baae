/**
 * Zipkin's `/api/v2`, as plain requests. The API answers below the web page's path as well (`/zipkin/api/v2`); what the server tells of itself does not,
 * so it is looked for beside and below the base address.
 * Sources: openzipkin/zipkin-api `zipkin2-api.yaml`; openzipkin/zipkin `ZipkinQueryApiV2.java`, `ZipkinUiConfiguration.java` at 3.5.1.
 */

import { SpanhopError, throwIfAborted } from '../../base/errors';
import type { Answer, AnswerWant, Dependency } from '../../core/answers/answer';
import type { BackendContext, FoundTrace, TimeRange } from '../common/backend';
import { looksLikeJson } from '../common/http';
import { messageOf, type Parameters, ServerClient } from '../common/serverClient';
import type { ZipkinSearch } from './zipkinRequest';

/** Bytes at the beginning of a trace in which the id of its first span is. */
const BEGINNING = 1 << 12;
/** Bytes in which the id that was asked for is looked for, where another one comes first. */
const SEARCHED = 1 << 20;

export interface SearchWindow {
  /** Epoch milliseconds, included. */
  readonly startMs: number;
  readonly endMs: number;
  readonly limit: number;
}

export class ZipkinClient extends ServerClient {
  constructor(context: BackendContext) {
    super(context, 'zipkin');
  }

  /** Names of services, of spans, of remote services, or of keys. */
  async names(list: string, parameters: Parameters = [], forAsking = false, signal?: AbortSignal): Promise<readonly string[]> {
    return (await this.list(list, parameters, { what: 'names', forAsking }, signal)).names;
  }

  async values(key: string, signal?: AbortSignal): Promise<readonly (string | number | boolean)[]> {
    return (await this.list('autocompleteValues', [['key', key]], { what: 'values', key }, signal)).values ?? [];
  }

  async dependencies({ startMs, endMs }: TimeRange, signal?: AbortSignal): Promise<readonly Dependency[]> {
    const end = Math.max(1, Math.ceil(endMs));
    const parameters: Parameters = [
      ['endTs', String(end)],
      ['lookback', String(Math.max(1, end - Math.floor(startMs)))],
    ];
    return (await this.list('dependencies', parameters, { what: 'dependencies' }, signal)).dependencies ?? [];
  }

  /** Whole traces: a list of lists of spans. */
  async traces(
    search: ZipkinSearch,
    { startMs, endMs, limit }: SearchWindow,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const terms = Object.entries(search.terms ?? {}).map(([key, value]) => (value === undefined ? key : `${key}=${value}`));
    const response = await this.get(
      '/api/v2/traces',
      [
        ['serviceName', search.serviceName],
        ['spanName', search.spanName],
        ['remoteServiceName', search.remoteServiceName],
        ['annotationQuery', terms.length === 0 ? undefined : terms.join(' and ')],
        ['minDuration', search.minDuration === undefined ? undefined : String(search.minDuration)],
        ['maxDuration', search.maxDuration === undefined ? undefined : String(search.maxDuration)],
        ['endTs', String(endMs)],
        ['lookback', String(Math.max(1, endMs - startMs))],
        ['limit', String(limit)],
      ],
      signal,
    );
    if (response.status !== 200 || !isList(response.body)) throw await this.refused(response, signal);
    return response.body;
  }

  /** One trace. @param traceId 32 digits. Rejects with NotFound. */
  async trace(traceId: string, signal?: AbortSignal): Promise<FoundTrace> {
    // Ids of 64 bits have 16 digits there.
    const id = traceId.startsWith('0'.repeat(16)) ? traceId.slice(16) : traceId;
    const response = await this.get(`/api/v2/trace/${id}`, [], signal);
    const isNone = response.status === 200 && isEmptyList(response.body);
    if (isNone || (response.status === 404 && /^[0-9a-f]+ not found$/.test(messageOf({ response, read: undefined }) ?? ''))) {
      throw new SpanhopError(
        'NotFound',
        `${this.who} has no trace ${traceId}. It may have expired, or belong to another backend.`,
      );
    }
    if (response.status !== 200 || !isList(response.body)) throw await this.refused(response, signal);
    return { bodies: [response.body], ...otherId(response.body, traceId) };
  }

  /** Its version, where it tells. */
  async version(signal?: AbortSignal): Promise<string | undefined> {
    const version = (await this.aside('/info', 'info', signal))?.facts.version;
    return typeof version === 'string' ? version : undefined;
  }

  /** Class of its storage (`InMemory`, `Elasticsearch`, `Cassandra`, `MySQL`), where it tells. */
  async storage(signal?: AbortSignal): Promise<string | undefined> {
    const storage = (await this.aside('/health', 'health', signal))?.facts.storage;
    return typeof storage === 'string' ? storage : undefined;
  }

  /** False where it says that its search is switched off: it answers every search with an empty list then. */
  async isSearchEnabled(signal?: AbortSignal): Promise<boolean> {
    const paths = this.isBelowPage ? ['/config.json', '/zipkin/config.json'] : ['/zipkin/config.json', '/config.json'];
    for (const path of paths) {
      const enabled = (await this.aside(path, 'config', signal))?.facts.searchEnabled;
      if (enabled !== undefined) return enabled === true;
    }
    return true;
  }

  private get isBelowPage(): boolean {
    return /\/zipkin\/*$/.test(this.settings.url);
  }

  private async list(
    name: string,
    parameters: Parameters,
    want: Omit<AnswerWant, 'of'>,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const answer = await this.ask(`/api/v2/${name}`, parameters, want, signal);
    if (answer.response.status !== 200 || answer.read?.facts.list !== true) throw this.unexpected(answer);
    return answer.read;
  }

  /** What is good to know, and no trouble where it is not to be had. */
  private async aside(path: string, what: string, signal: AbortSignal | undefined): Promise<Answer | undefined> {
    try {
      // The page's own path has the API and nothing of this.
      const at = this.isBelowPage && path !== '/config.json' ? `/..${path}` : path;
      const { response, read } = await this.ask(at, [], { what }, signal);
      return response.status === 200 || what === 'health' ? read : undefined;
    } catch {
      throwIfAborted(signal);
      return undefined;
    }
  }
}

function isList(body: Uint8Array): boolean {
  return looksLikeJson(body) && startOf(body, 64).trimStart().startsWith('[');
}

/** `[]`, however it is spaced. */
export function isEmptyList(body: Uint8Array): boolean {
  return body.length < 64 && /^\s*\[\s*\]\s*$/.test(startOf(body, 64));
}

/**
 * A server with `STRICT_TRACE_ID=false` takes traces for one whose ids end alike: what it answers may have the 128 bits of which 64 were asked for, or
 * the other way round.
 */
function otherId(body: Uint8Array, traceId: string): Pick<FoundTrace, 'traceId' | 'partial'> {
  const first = /"traceId"\s*:\s*"([0-9a-f]{16,32})"/.exec(startOf(body, BEGINNING))?.[1].padStart(32, '0');
  if (first === undefined || first === traceId || first.slice(16) !== traceId.slice(16)) return {};
  const short = traceId.startsWith('0'.repeat(16)) ? traceId.slice(16) : traceId;
  const isThere = new RegExp(`"traceId"\\s*:\\s*"${short}"`).test(startOf(body, SEARCHED));
  return isThere
    ? {
        partial: `The server joins traces whose ids end alike: it has spans of trace ${first} as well, which is a trace of its own here.`,
      }
    : { traceId: first };
}

function startOf(body: Uint8Array, bytes: number): string {
  return new TextDecoder().decode(body.subarray(0, bytes));
}
