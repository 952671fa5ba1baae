/** What connectors do alike: requests below the base address, lists and errors read in the engine, and what is said of an answer that is none. */

import { SpanhopError } from '../../base/errors';
import type { Answer, AnswerWant } from '../../core/answers/answer';
import type { BackendContext, BackendSettings } from './backend';
import { address, looksLikeJson, unexpectedAnswer } from './http';
import type { HttpResponse } from './transport';

/** Bytes of an answer that are kept to say what it was. */
const EXCERPT = 1 << 10;

export type Parameters = readonly (readonly [name: string, value: string | undefined])[];

/** An answer, and what was read of it; undefined: it is no JSON. Of JSON, the body is its beginning. */
export interface ReadResponse {
  readonly response: HttpResponse;
  readonly read: Answer | undefined;
}

export class ServerClient {
  readonly settings: BackendSettings;

  /**
   * @param of whose answers these are (`AnswerWant.of`)
   * @param headers of all requests, beside those of the settings, which win
   */
  constructor(
    private readonly context: BackendContext,
    private readonly of: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {
    this.settings = context.settings;
  }

  /** The server as it is named in messages. */
  get who(): string {
    return `"${this.settings.name}" at ${this.settings.url}`;
  }

  /** @param accept the type that is asked for; default: JSON */
  get(path: string, parameters: Parameters = [], signal?: AbortSignal, accept = 'application/json'): Promise<HttpResponse> {
    return this.send('GET', address(this.settings.url, path, parameters), { accept }, undefined, signal);
  }

  /** @param contentType of the body */
  post(path: string, parameters: Parameters, body: string, contentType: string, signal?: AbortSignal): Promise<HttpResponse> {
    const headers = { accept: 'application/json', 'content-type': contentType };
    return this.send('POST', address(this.settings.url, path, parameters), headers, body, signal);
  }

  /** Asks for what is no trace, and reads it. */
  async ask(path: string, parameters: Parameters, want: Omit<AnswerWant, 'of'>, signal?: AbortSignal): Promise<ReadResponse> {
    return this.read(await this.get(path, parameters, signal), want, signal);
  }

  /** Takes the body away. */
  async read(response: HttpResponse, want: Omit<AnswerWant, 'of'>, signal?: AbortSignal): Promise<ReadResponse> {
    const { body } = response;
    if (!looksLikeJson(body)) return { response, read: undefined };
    try {
      const beginning = { ...response, body: body.slice(0, EXCERPT) };
      return { response: beginning, read: await this.context.reader.readAnswer(body, { ...want, of: this.of }, signal) };
    } catch (error) {
      if (!(error instanceof SpanhopError) || error.kind !== 'TooLarge') throw error;
      throw new SpanhopError('TooLarge', `What ${this.who} answered is not read. ${error.message}`, error.detail);
    }
  }

  /** The error for an answer that is not what was asked for. */
  unexpected(answer: ReadResponse): SpanhopError {
    return unexpectedAnswer(this.who, answer.response, messageOf(answer));
  }

  /** The error for a body that is not the traces that were asked for. */
  async refused(response: HttpResponse, signal?: AbortSignal): Promise<SpanhopError> {
    return this.unexpected(await this.read(response, { what: 'kind' }, signal));
  }

  private send(
    method: 'GET' | 'POST',
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<HttpResponse> {
    const { headers: own } = this.settings;
    const problem = userInfoProblem(this.settings);
    if (problem) return Promise.reject(problem);
    // Whatever the method: connectors only read.
    const request = { method, url, headers: { ...headers, ...this.headers, ...own }, body, idempotent: true };
    return this.context.transport.request(request, signal);
  }
}

/** The error for an address with a user name or password in it: nothing is asked. */
export function userInfoProblem({ name, hasUserInfo }: BackendSettings): SpanhopError | undefined {
  if (!hasUserInfo) return undefined;
  const message = `The address of "${name}" has a user name or password in it. Remove it from the settings, where others may read it, and set a credential.`;
  return new SpanhopError('Unauthorized', message);
}

/** What the server says of itself: in its JSON, or as plain text of one line. */
export function messageOf({ response: { status, body }, read }: ReadResponse): string | undefined {
  if (read !== undefined) return read.message;
  const line = new TextDecoder().decode(body.subarray(0, 400)).trim();
  return status >= 400 && line !== '' && !line.includes('\n') && !line.startsWith('<') ? line : undefined;
}
