/**
 * Backends behind Grafana: its proxy takes the requests of a data source, and adds what that needs to prove who asks. To a connector this is its server
 * with another address, which is found out with the first request. Where no data source is named, and Grafana turns out to be at the address, the only
 * one of the kind is taken.
 * Sources: Grafana documentation, "Data source HTTP API" (`/api/datasources`, `/api/datasources/proxy/uid/:uid/*`), "Health API"; grafana/grafana
 * pkg/api/pluginproxy/ds_proxy.go (a data source's 401 becomes a 400).
 */

import { SpanhopError } from '../../base/errors';
import { SharedWork } from '../../base/sharedWork';
import type { Answer } from '../../core/answers/answer';
import type { BackendContext } from './backend';
import { detailOfChoices } from './grafanaField';
import { address, looksLikeJson } from './http';
import { type ReadResponse, ServerClient } from './serverClient';
import type { HttpRequest, HttpResponse, Transport } from './transport';

/** A data source of Grafana's, or a server by itself. */
export interface DataSource {
  /** Its requests go where they have to. */
  readonly context: BackendContext;
  /** Base address of the metrics that the data source names for its service graph; undefined: none, or there is no Grafana. */
  metricsUrl(signal?: AbortSignal): Promise<string | undefined>;
}

/** Where requests go. */
interface Place {
  readonly url: string;
  /** As people name the data source; undefined: there is no Grafana. */
  readonly name?: string;
  readonly metricsUid?: string;
}

const EXCERPT = 1 << 12;
const MAX_SHOWN = 10;
const MAX_CHOICES = 200;

/** @param type of the data source, as Grafana names it: `tempo`, `jaeger`, `zipkin` */
export function throughGrafana(context: BackendContext, type: string): DataSource {
  const { datasource } = context.settings.options;
  const proxy = new GrafanaProxy(context, type, typeof datasource === 'string' ? datasource : undefined);
  return { context: { ...context, transport: proxy }, metricsUrl: (signal) => proxy.metricsUrl(signal) };
}

/** For kinds that are seldom meant by Grafana's address: only through a data source that is named. */
export function throughDataSource(context: BackendContext, type: string): BackendContext {
  return context.settings.options.datasource === undefined ? context : throughGrafana(context, type).context;
}

class GrafanaProxy implements Transport {
  private readonly own: string;
  private readonly client: ServerClient;
  private readonly finding = new SharedWork((_: 'place', signal) => this.find(signal));
  private place: Place | undefined;

  constructor(
    private readonly context: BackendContext,
    private readonly type: string,
    private readonly wanted: string | undefined,
  ) {
    this.own = context.settings.url.replace(/\/+$/, '');
    this.client = new ServerClient(context, 'grafana');
  }

  async request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    if (this.wanted !== undefined) this.place ??= await this.finding.get('place', signal);
    if (this.place) return this.through(this.place, request, signal);
    const response = await this.asIs(request, signal);
    const isOdd = response.status === 404 || /html/i.test(response.headers['content-type'] ?? '');
    this.place = isOdd && (await this.isGrafana(signal)) ? await this.finding.get('place', signal) : { url: this.own };
    return this.place.name === undefined ? response : this.through(this.place, request, signal);
  }

  /** Grafana wants a token before it says anything but that it is well. */
  private async asIs(request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpResponse> {
    try {
      return await this.context.transport.request(request, signal);
    } catch (error) {
      const isRefused = error instanceof SpanhopError && error.kind === 'Unauthorized';
      throw isRefused && (await this.isGrafana(signal)) ? this.refusal(error) : error;
    }
  }

  async metricsUrl(signal?: AbortSignal): Promise<string | undefined> {
    if (this.wanted === undefined && !this.place && !(await this.isGrafana(signal))) return undefined;
    this.place ??= await this.finding.get('place', signal);
    return this.place.metricsUid === undefined ? undefined : this.proxied(this.place.metricsUid);
  }

  private proxied(uid: string): string {
    return `${this.own}/api/datasources/proxy/uid/${encodeURIComponent(uid)}`;
  }

  private async through(place: Place, request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpResponse> {
    if (place.name === undefined) return this.context.transport.request(request, signal);
    const url = place.url + request.url.slice(this.own.length);
    let response: HttpResponse;
    try {
      response = await this.context.transport.request({ ...request, url }, signal);
    } catch (error) {
      throw this.refusal(error);
    }
    const problem = this.problemOf(place.name, response);
    if (problem) throw problem;
    return response;
  }

  /** What Grafana itself says of a request, and not what is behind it. */
  private problemOf(name: string, { status, headers, body }: HttpResponse): SpanhopError | undefined {
    const detail = `status ${status}`;
    if (/html/i.test(headers['content-type'] ?? '') && status < 400) return this.signIn(detail);
    if (status < 400) return undefined;
    const said = saidOf(body);
    if (status === 404 && /data ?source/i.test(said))
      return new SpanhopError('NotFound', `${this.who} has no data source "${name}" any more.`, detail);
    if (status === 400 && /authentication to data source failed/i.test(said))
      return new SpanhopError(
        'Unauthorized',
        `${this.who} is refused by its data source "${name}": the credential that is stored there is wrong. Who manages Grafana can correct it.`,
        detail,
      );
    if (status === 502 || status === 504)
      return new SpanhopError('Unreachable', `${this.who} cannot reach what is behind its data source "${name}".`, detail);
    return undefined;
  }

  private signIn(detail: string): SpanhopError {
    const message = `${this.who} wants somebody to sign in. Set the token of a service account as the credential.`;
    return new SpanhopError('Unauthorized', message, detail);
  }

  private refusal(error: unknown): unknown {
    if (!(error instanceof SpanhopError) || error.kind !== 'Unauthorized') return error;
    const isForbidden = /\b403\b/.test(`${error.detail ?? ''} ${error.message}`);
    const message = isForbidden
      ? `${this.who} does not let this token ask its data sources (status 403). Give its service account the role Viewer, or the permission "datasources:query".`
      : `${this.who} does not know this token (status 401). Make one for a service account (Administration, Users and access), and set it as the credential.`;
    return new SpanhopError('Unauthorized', message, error.detail);
  }

  private get who(): string {
    return `Grafana at ${this.own}`;
  }

  /** Rejects with `Cancelled` only. */
  private async isGrafana(signal: AbortSignal | undefined): Promise<boolean> {
    try {
      const health = { method: 'GET', url: address(this.own, '/api/health'), maxBytes: 1 << 16 } as const;
      const { status, body } = await this.context.transport.request(health, signal);
      const text = new TextDecoder().decode(body.subarray(0, EXCERPT));
      return status === 200 && looksLikeJson(body) && /"database"\s*:\s*"/.test(text);
    } catch (error) {
      if (error instanceof SpanhopError && error.kind === 'Cancelled') throw error;
      return false;
    }
  }

  private async find(signal: AbortSignal): Promise<Place> {
    let sources: Answer;
    try {
      sources = await this.sources(signal);
    } catch (error) {
      // Some tokens may ask a data source, and not list all of them.
      const mayBeUid = this.wanted !== undefined && /^[A-Za-z0-9_-]{1,40}$/.test(this.wanted);
      const isForbidden = error instanceof SpanhopError && error.kind === 'Unauthorized' && /\b403\b/.test(error.message);
      if (isForbidden && mayBeUid && this.wanted) return { url: this.proxied(this.wanted), name: this.wanted };
      throw error;
    }
    const { uid, name, metricsUid } = sources.facts;
    if (typeof uid === 'string' && uid !== '') {
      return {
        url: this.proxied(uid),
        name: String(name),
        ...(typeof metricsUid === 'string' && { metricsUid }),
      };
    }
    const names = sources.names.slice(0, MAX_CHOICES);
    throw new SpanhopError('NotFound', this.none(sources.names), names.length === 0 ? undefined : detailOfChoices(names));
  }

  private none(names: readonly string[]): string {
    const { wanted, type } = this;
    if (names.length === 0) return `${this.who} has no data source of the type ${type} that this token may see.`;
    const all = names
      .slice(0, MAX_SHOWN)
      .map((name) => `"${name}"`)
      .join(', ');
    const more = names.length > MAX_SHOWN ? ' and more' : '';
    return wanted === undefined
      ? `${this.who} has several data sources of the type ${type}. Name one of them as "datasource": ${all}${more}.`
      : `${this.who} has no data source "${wanted}" of the type ${type}. It has ${all}${more}.`;
  }

  private async sources(signal: AbortSignal): Promise<Answer> {
    const want = { what: this.type, key: this.wanted ?? '', forAsking: true };
    let answer: ReadResponse;
    try {
      answer = await this.client.ask('/api/datasources', [], want, signal);
    } catch (error) {
      throw this.refusal(error);
    }
    const { response, read } = answer;
    if (response.status === 200 && read?.facts.list) return read;
    if (/html/i.test(response.headers['content-type'] ?? '')) throw this.signIn(`status ${response.status}`);
    throw this.client.unexpected(answer);
  }
}

/** The beginning of what an answer says, whatever it is. */
function saidOf(body: Uint8Array): string {
  return new TextDecoder().decode(body.subarray(0, EXCERPT));
}
