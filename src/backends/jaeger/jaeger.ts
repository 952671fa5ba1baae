/**
 * The Jaeger backend. It finds out which API the server speaks from what it answers, because no version number tells:
 *
 * - `/api/v3/trace-summaries` answers JSON (2.19 and later): lists come from summaries, attributes are pushed down.
 * - else `/api/v3` answers JSON (1.60 to 2.18): no attribute filter over v3 (it is silently ignored), so a search with attributes goes
 *   to the older `/api/traces`, any other to `/api/v3/traces`.
 * - else `/api/services` answers Jaeger's envelope: the older API alone.
 *
 * Whatever is not pushed down is filtered by the engine from whole traces. `error=true` finds the wrong spans in the memory store of
 * some versions (those with status OK), so the older API is asked twice, with and without it, and the engine decides.
 */

import { SpanhopError, throwIfAborted } from '../../base/errors';
import { Limit } from '../../base/limit';
import { SharedWork } from '../../base/sharedWork';
import type { Query } from '../../core/query/query';
import type { AnswerReader, Backend, BackendSettings, FindOptions, FindResult } from '../common/backend';
import { unexpectedAnswer } from '../common/http';
import type { Transport } from '../common/transport';
import { JaegerClient } from './client';
import { type JaegerRequest, toJaegerRequest } from './request';

/** What is known of the server so far. */
interface Server {
  readonly v3: boolean;
  /** It has summaries; undefined: not asked yet. */
  summaries: boolean | undefined;
  /** It has the older search; undefined: not asked yet. */
  legacy: boolean | undefined;
}

/** A search without a service asks for each service when the storage cannot do better: at most so many of them, so many at once. */
const maxServices = 50;
const parallel = 4;

export class JaegerBackend implements Backend {
  private readonly client: JaegerClient;
  private readonly probing = new SharedWork((_: 'server', signal) => this.findOut(signal));
  private server: Server | undefined;
  /** The storage said that it needs a service. */
  private serviceNeeded = false;

  constructor(
    readonly settings: BackendSettings,
    transport: Transport,
    reader: AnswerReader,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.client = new JaegerClient(settings, transport, reader);
  }

  async services(signal?: AbortSignal): Promise<readonly string[]> {
    return this.namesOfServices(false, signal);
  }

  async operations(service: string, signal?: AbortSignal): Promise<readonly string[]> {
    const server = await this.probe(signal);
    return server.v3 ? this.client.v3Operations(service, signal) : this.client.legacyOperations(service, signal);
  }

  async get(traceId: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const server = await this.probe(signal);
    return this.client.trace(traceId, server.v3 ? 'v3' : 'legacy', signal);
  }

  async find(query: Query, options: FindOptions, signal?: AbortSignal): Promise<FindResult> {
    const server = await this.probe(signal);
    const request = toJaegerRequest(query, BigInt(this.nowMs()) * 1_000_000n);
    if (request.startUnixNano >= request.endUnixNano) {
      throw new SpanhopError('BadQuery', 'The time range ends before it starts. Swap its two ends.');
    }
    if (server.v3 && server.summaries !== false && request.rest.length === 0) {
      const found = await this.findSummaries(request, options.limit, signal);
      server.summaries = found !== undefined;
      if (found !== undefined) return found;
    }
    return this.findWhole(server, request, options.limit, signal);
  }

  /** Undefined: the server has no summaries. */
  private async findSummaries(
    request: JaegerRequest,
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<FindResult | undefined> {
    const answers = await this.eachService(request.service, signal, (service) =>
      this.client.summaries(request, service, limit, signal),
    );
    const found = answers.filter((answer) => answer !== undefined);
    if (found.length < answers.length) return undefined;
    const byId = new Map(found.flatMap((part) => part.traces).map((trace) => [trace.traceId, trace]));
    const traces = [...byId.values()].sort((a, b) =>
      a.startUnixNano < b.startUnixNano ? 1 : a.startUnixNano > b.startUnixNano ? -1 : 0,
    );
    return {
      traces: traces.slice(0, limit),
      more: found.some((part) => part.traceCount >= limit),
      leftOut: found.reduce((sum, part) => sum + part.leftOut, 0),
      notPushedDown: [],
    };
  }

  /** Whole traces, for the engine to filter and to summarise. The server's own limit counts before that, so it is asked for more. */
  private async findWhole(
    server: Server,
    request: JaegerRequest,
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<FindResult> {
    const keys = Object.keys(request.attributes);
    const olderServer = server.summaries !== true;
    const useLegacy =
      !server.v3 || (olderServer && (keys.length > 0 || request.errors) && (await this.hasLegacy(server, signal)));
    const rest = [...request.rest];
    if (olderServer && request.errors) rest.push('status = error');
    if (olderServer && !useLegacy) rest.push(...keys.map((key) => `.${key}`));
    const depth = rest.length === 0 ? limit : Math.min(limit * 5, 1000);
    const search = async (service: string | undefined): Promise<Uint8Array<ArrayBuffer>[]> => {
      if (!useLegacy) {
        const body = await this.client.traces(request, service, depth, signal);
        return body === undefined ? [] : [body];
      }
      const variants = request.errors ? [true, false] : [false];
      return Promise.all(variants.map((errors) => this.client.legacyTraces(request, service ?? '', depth, errors, signal)));
    };
    const bodies = (await this.eachService(request.service, signal, search, useLegacy)).flat();
    return { traces: [], bodies, tracesPerBody: depth, more: false, notPushedDown: rest };
  }

  /**
   * Runs a search for the service asked for, or for all: first without a service, where that may be; when the storage refuses, once
   * for each service.
   */
  private async eachService<T>(
    service: string | undefined,
    signal: AbortSignal | undefined,
    search: (service: string | undefined) => Promise<T>,
    required = false,
  ): Promise<T[]> {
    if (service !== undefined) return [await search(service)];
    if (!required && !this.serviceNeeded) {
      try {
        return [await search(undefined)];
      } catch (error) {
        if (!(error instanceof SpanhopError) || !/service.{0,20}(name|required)|require.{0,20}service/i.test(error.message))
          throw error;
        this.serviceNeeded = true;
      }
    }
    const services = (await this.namesOfServices(true, signal))
      .filter((name) => !name.startsWith('jaeger-'))
      .slice(0, maxServices);
    const limit = new Limit(parallel);
    const failed = new AbortController();
    const begin = (name: string): Promise<T> => {
      throwIfAborted(signal);
      return search(name);
    };
    try {
      return await Promise.all(services.map((name) => limit.run(() => begin(name), failed.signal)));
    } catch (error) {
      // Nobody reads what the others would answer.
      failed.abort();
      throw error;
    }
  }

  private async namesOfServices(forAsking: boolean, signal: AbortSignal | undefined): Promise<readonly string[]> {
    const server = await this.probe(signal);
    return this.client.services(server.v3 ? 'v3' : 'legacy', forAsking, signal);
  }

  /** Which API the server speaks: asked once for all callers. */
  private async probe(signal: AbortSignal | undefined): Promise<Server> {
    throwIfAborted(signal);
    this.server ??= await this.probing.get('server', signal);
    return this.server;
  }

  private async findOut(signal: AbortSignal): Promise<Server> {
    const asked = this.settings.api ?? 'auto';
    if (asked === 'legacy') return { v3: false, summaries: false, legacy: true };
    const answer = await this.client.ask('/api/v3/services', [], { what: 'kind' }, signal);
    const { response, read } = answer;
    if (response.status === 200 && read?.enveloped === false)
      return { v3: true, summaries: undefined, legacy: asked === 'v3' ? false : undefined };
    if (asked === 'auto' && (await this.client.hasLegacySearch(signal))) return { v3: false, summaries: false, legacy: true };
    if (response.status !== 404) throw this.client.unexpected(answer);
    throw unexpectedAnswer(this.client.who, response, 'no API of Jaeger is there (status 404)');
  }

  private async hasLegacy(server: Server, signal: AbortSignal | undefined): Promise<boolean> {
    server.legacy ??= await this.client.hasLegacySearch(signal);
    return server.legacy;
  }
}
