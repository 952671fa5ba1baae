/**
 * The AWS SDK with our own transport below it. The SDK finds credentials (environment, profiles, SSO, roles, containers, instances), the endpoint and the
 * region, signs, and tells what an error is; requests go out as all others do, with proxy, time-out, size cap, patience and cancel. What an answer holds
 * never comes to the SDK, which would parse it on the thread that must not be held: it gets an empty object, and the bytes go to the engine.
 */

import { XRayClient } from '@aws-sdk/client-xray';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { abortable } from '../../base/abortable';
import type { BackendContext } from '../common/backend';
import { looksLikeJson, unexpectedAnswer } from '../common/http';
import { userInfoProblem } from '../common/serverClient';
import type { HttpResponse, Transport } from '../common/transport';
import { givenEndpoint } from './xrayAddress';
import { isStale, problemOf, refusedBy } from './xrayProblems';

/** Bytes of an error, and of an answer to the SDK's own requests for credentials. */
const MOST_TO_SDK = 1 << 20;

/** Headers that prove who asks: where a server repeats them, nobody is to see them. */
const proofs: ReadonlySet<string> = new Set(['authorization', 'x-amz-security-token', 'x-amz-sso_bearer_token']);

/** As the SDK has it. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sends one command with a client. */
export type SendCommand = (client: XRayClient, options: { readonly abortSignal: AbortSignal }) => Promise<unknown>;

export class XRaySdk {
  /** In messages. */
  readonly who: string;
  private client: XRayClient | undefined;
  private readonly handler: TransportHandler;

  constructor(private readonly context: BackendContext) {
    const { settings, transport } = context;
    this.who = `AWS X-Ray ("${settings.name}")`;
    this.handler = new TransportHandler(transport, this.who, settings.headers ?? {});
  }

  /** The region that is asked; rejects with SpanhopError where none is set. */
  async region(signal?: AbortSignal): Promise<string> {
    try {
      return await abortable(this.connected().config.region(), signal);
    } catch (error) {
      throw this.problem(error);
    }
  }

  /**
   * The answer to a command, which is JSON. What may be no longer true is got anew once: the clock's difference, and credentials that were renewed
   * on the disk meanwhile. Rejects with SpanhopError.
   */
  async send(command: SendCommand, signal?: AbortSignal): Promise<HttpResponse> {
    const problem = userInfoProblem(this.context.settings);
    if (problem) throw problem;
    for (let isFirst = true; ; isFirst = false) {
      const call = new AbortController();
      const leave = (): void => call.abort();
      signal?.addEventListener('abort', leave, { once: true });
      try {
        const answer = this.handler.answerOf(call.signal);
        await abortable(command(this.connected(), { abortSignal: call.signal }), signal);
        return await answer;
      } catch (error) {
        const stale = isStale(error);
        if (!isFirst || stale === undefined || signal?.aborted) throw this.problem(error);
        if (stale === 'credentials') this.client = undefined;
      } finally {
        signal?.removeEventListener('abort', leave);
      }
    }
  }

  private problem(error: unknown): Error {
    const { profile } = this.context.settings.options;
    return problemOf(error, this.who, typeof profile === 'string' ? profile : process.env.AWS_PROFILE);
  }

  private connected(): XRayClient {
    this.client ??= this.connect();
    return this.client;
  }

  private connect(): XRayClient {
    const { region, profile } = this.context.settings.options;
    const chosen = typeof profile === 'string' ? { profile } : {};
    return new XRayClient({
      ...chosen,
      ...(typeof region === 'string' ? { region } : {}),
      endpoint: givenEndpoint(this.context.settings),
      credentials: defaultProvider({ ...chosen, ignoreCache: true }),
      requestHandler: this.handler,
      // Patience is the transport's.
      maxAttempts: 1,
    });
  }
}

/** The SDK's HTTP client. */
class TransportHandler {
  private readonly awaited = new WeakMap<AbortSignal, (answer: HttpResponse) => void>();

  constructor(
    private readonly transport: Transport,
    private readonly who: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** What comes for the command that is sent with this signal. */
  answerOf(call: AbortSignal): Promise<HttpResponse> {
    return new Promise((resolve) => this.awaited.set(call, resolve));
  }

  /** Also for the credentials' own requests, of which nobody awaits the bytes. */
  async handle(request: SdkRequest, options: { readonly abortSignal?: unknown } = {}) {
    const signal = options.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
    const take = signal && this.awaited.get(signal);
    const named = (isWanted: boolean): Readonly<Record<string, string>> =>
      Object.fromEntries(Object.entries(request.headers).filter(([name]) => proofs.has(name.toLowerCase()) === isWanted));
    const open = named(false);
    const proof = named(true);
    const response = await this.transport.request(
      {
        method: request.method === 'GET' ? 'GET' : 'POST',
        url: urlOf(request),
        headers: take ? { ...this.headers, ...open } : open,
        authorize: async () => proof,
        ...(typeof request.body === 'string' || request.body instanceof Uint8Array ? { body: request.body } : {}),
        ...(take ? {} : { maxBytes: MOST_TO_SDK }),
        idempotent: true,
        takesRefusals: true,
      },
      signal,
    );
    const isAnswer = response.status < 300;
    if (take && isRefusal(response) && !looksLikeJson(response.body)) throw refusedBy(this.who, response.status);
    if (take && (!looksLikeJson(response.body) || (!isAnswer && response.body.length > MOST_TO_SDK)))
      throw unexpectedAnswer(this.who, response);
    if (take && isAnswer) take(response);
    const body = take && isAnswer ? new TextEncoder().encode('{}') : response.body;
    return { response: { statusCode: response.status, headers: response.headers, body } };
  }

  /** Nothing to be set: the interface of the SDK has it. */
  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }
}

function isRefusal({ status }: HttpResponse): boolean {
  return status === 401 || status === 403;
}

function urlOf({ protocol, hostname, port, path, query = {} }: SdkRequest): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => (one === null ? key : `${key}=${encodeURIComponent(String(one))}`)),
  );
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
}
