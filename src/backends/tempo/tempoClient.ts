/**
 * Tempo's HTTP API as plain requests. What versions differ in is seen from what answers: `/api/v2/traces` is there since 2.6, `/api/v2/search/tags` since
 * 2.2; an older one answers with the 404 page of its router.
 * Sources: grafana/tempo docs/sources/tempo/api_docs, pkg/api/http.go, modules/frontend at ad33aa8faf; answers of that version.
 */

import { SpanhopError } from '../../base/errors';
import type { Answer } from '../../core/answers/answer';
import { parseDuration } from '../../core/query/durations';
import type { BackendContext, FoundTrace } from '../common/backend';
import { unexpectedAnswer } from '../common/http';
import { messageOf, type Parameters, type ReadResponse, ServerClient } from '../common/serverClient';
import type { HttpResponse, Transport } from '../common/transport';
import type { AskedWindow } from './tempoPaging';
import { aroundTrace } from './traceAnswer';

/** Spans of each set of an answer that are named. */
const SPANS_OF_SET = '10';
const PROTOBUF = 'application/protobuf';

export type SearchAnswer =
  | { readonly found: Answer }
  /** The query is refused, with the server's words. */
  | { readonly refused: SpanhopError }
  /** The window is longer than so many seconds. */
  | { readonly longest: number }
  /** The limit is higher than that. */
  | { readonly mostTraces: number };

export class TempoClient {
  private readonly client: ServerClient;
  /** It has the second version of the endpoint; undefined: not known yet. */
  private hasSecondTraces: boolean | undefined;
  private hasSecondTags: boolean | undefined;

  constructor(context: BackendContext) {
    const { orgId } = context.settings.options;
    const transport: Transport = {
      request: (request, signal) =>
        context.transport.request(request, signal).catch((error) => Promise.reject(this.inWords(error))),
    };
    const headers = typeof orgId === 'string' ? { 'x-scope-orgid': orgId } : undefined;
    this.client = new ServerClient({ ...context, transport }, 'tempo', headers);
  }

  /** As it is named in messages. */
  get who(): string {
    return this.client.who;
  }

  /** Undefined where it does not tell. Rejects where no Tempo is there. */
  async version(signal?: AbortSignal): Promise<string | undefined> {
    const built = await this.client.ask('/api/status/buildinfo', [], { what: 'build' }, signal);
    const { version } = built.read?.facts ?? {};
    if (built.response.status === 200 && typeof version === 'string') return version === '' ? undefined : version;
    const echo = await this.client.get('/api/echo', [], signal);
    if (echo.status === 200 && /^\s*echo\s*$/.test(excerptOf(echo))) return undefined;
    if (echo.status === 404) throw unexpectedAnswer(this.who, echo, 'no API of Tempo is there (status 404)');
    throw this.failure({ response: echo, read: undefined });
  }

  async search(query: string, window: AskedWindow, limit: number, signal?: AbortSignal): Promise<SearchAnswer> {
    const parameters: Parameters = [['q', query], ...windowParameters(window), ['limit', String(limit)], ['spss', SPANS_OF_SET]];
    const answer = await this.client.ask('/api/search', parameters, { what: 'search', limit }, signal);
    const { response, read } = answer;
    if (response.status === 200 && read?.facts.list) return { found: read };
    const said = messageOf(answer) ?? '';
    const longest = response.status === 400 ? longestOf(said) : undefined;
    if (longest !== undefined) return { longest };
    const mostTraces = /limit \d+ exceeds max limit (\d{1,9})\b/.exec(response.status === 400 ? said : '')?.[1];
    if (mostTraces !== undefined) return { mostTraces: Number(mostTraces) };
    const isQuery = response.status === 400 && /traceql|parse error|syntax|unknown identifier|not (?:yet )?supported/i.test(said);
    if (isQuery) return { refused: this.badQuery(said) };
    throw this.failure(answer);
  }

  /** Rejects with NotFound. @param traceId hexadecimal */
  async trace(traceId: string, signal?: AbortSignal): Promise<FoundTrace> {
    if (this.hasSecondTraces !== false) {
      const response = await this.client.get(`/api/v2/traces/${traceId}`, [], signal, PROTOBUF);
      if (response.status !== 404) {
        const found = this.traceOf(response, traceId, true);
        this.hasSecondTraces = true;
        return found;
      }
      if (this.hasSecondTraces) throw this.unknown(traceId);
    }
    const response = await this.client.get(`/api/traces/${traceId}`, [], signal, PROTOBUF);
    // Without a body: it looked, and has none.
    if (response.status === 404 && response.body.length === 0) throw this.unknown(traceId);
    const found = this.traceOf(response, traceId, false);
    this.hasSecondTraces = false;
    return found;
  }

  private traceOf(response: HttpResponse, traceId: string, isWrapped: boolean): FoundTrace {
    const isPage = /html/i.test(response.headers['content-type'] ?? '');
    // 206: what implements this API elsewhere says so of a part.
    if ((response.status !== 200 && response.status !== 206) || isPage) throw this.failure({ response, read: undefined });
    const { isEmpty, partial } = aroundTrace(response.body, isWrapped);
    if (isEmpty) throw this.unknown(traceId);
    if (partial === undefined) return { bodies: [response.body] };
    const why = partial === '' ? 'it does not say why' : partial.replace(/\.$/, '');
    return { bodies: [response.body], partial: `Tempo gave only a part of the trace: ${why}.` };
  }

  /** Keys of attributes, as a query writes them. */
  async tags(window: AskedWindow, signal?: AbortSignal): Promise<readonly string[]> {
    const answer = await this.newest('/search/tags', (path) =>
      this.client.ask(path, windowParameters(window), { what: 'tags' }, signal),
    );
    return answer.names;
  }

  /**
   * Values of an attribute or an intrinsic, of those spans that a filter leaves, where the server can filter.
   * @param tag as a query writes it, and as version 1 knows it
   */
  values(
    tag: { readonly scoped: string; readonly plain: string; readonly filter?: string },
    want: { readonly what: 'names' | 'values'; readonly key?: string },
    window: AskedWindow,
    signal?: AbortSignal,
  ): Promise<Answer> {
    return this.newest(`/search/tag/`, (path) => {
      const isSecond = path.startsWith('/api/v2');
      const name = encodeURIComponent(isSecond ? tag.scoped : tag.plain);
      const parameters: Parameters = [['q', isSecond ? tag.filter : undefined], ...windowParameters(window)];
      return this.client.ask(`${path}${name}/values`, parameters, want, signal);
    });
  }

  /** Asks the second version of an endpoint, and the first where there is no second. */
  private async newest(path: string, ask: (path: string) => Promise<ReadResponse>): Promise<Answer> {
    if (this.hasSecondTags !== false) {
      const answer = await ask(`/api/v2${path}`);
      if (answer.response.status !== 404) {
        const list = this.listOf(answer);
        this.hasSecondTags = true;
        return list;
      }
    }
    const list = this.listOf(await ask(`/api${path}`));
    this.hasSecondTags = false;
    return list;
  }

  private listOf(answer: ReadResponse): Answer {
    if (answer.response.status === 200 && answer.read?.facts.list) return answer.read;
    throw this.failure(answer);
  }

  /** A tenant that is missing is answered with 401, as a wrong password is. */
  private inWords(error: unknown): unknown {
    if (!(error instanceof SpanhopError) || error.kind !== 'Unauthorized' || !/no org id/i.test(error.detail ?? '')) return error;
    const message = `${this.who} keeps tenants apart, and was not told which one is meant. Set its "orgId" in the settings.`;
    return new SpanhopError('Unauthorized', message, error.detail);
  }

  private unknown(traceId: string): SpanhopError {
    const message = `${this.who} has no trace ${traceId}. It may have expired, not be there yet, or belong to another tenant or backend.`;
    return new SpanhopError('NotFound', message);
  }

  private badQuery(said: string): SpanhopError {
    return new SpanhopError('BadQuery', `${this.who} refused the query: ${said.replace(/\.$/, '')}.`, 'status 400');
  }

  /** The error for an answer that is not what was asked for. */
  private failure(answer: ReadResponse): SpanhopError {
    const { status } = answer.response;
    const said = messageOf(answer)?.replace(/\.$/, '');
    const detail = `status ${status}: ${said ?? ''}`;
    switch (status) {
      case 400:
        if (said === undefined) break;
        return new SpanhopError('BadQuery', `${this.who} refused the request: ${said}.`, detail);
      case 422:
        return new SpanhopError(
          'TooLarge',
          `${this.who} has the trace, and it is larger than it may give: ${said ?? 'no more is said'}.`,
          detail,
        );
      case 429: {
        const message = `${this.who} has too much to do (${said ?? 'too many requests'}). Try again, or search a shorter range.`;
        return new SpanhopError('Unreachable', message, detail);
      }
    }
    return this.client.unexpected(answer);
  }
}

function windowParameters({ from, to }: AskedWindow): Parameters {
  return [
    ['start', String(from)],
    ['end', String(to)],
  ];
}

function excerptOf({ body }: HttpResponse): string {
  return new TextDecoder().decode(body.subarray(0, 100));
}

/** Seconds, of `range specified by start and end exceeds 168h0m0s.` */
export function longestOf(said: string): number | undefined {
  const told = /range.{1,100}exceeds ([\d.hms]{1,40}?)\.?(?:\s|$)/.exec(said)?.[1];
  const nanoseconds = told === undefined ? undefined : parseDuration(told);
  return nanoseconds === undefined ? undefined : Math.floor(nanoseconds / 1e9) || undefined;
}
