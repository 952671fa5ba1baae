/**
 * A Zipkin in a few lines, for what a recording cannot show: pages, many traces at one time, other storages. It searches as the real one does, which
 * `zipkinModel.test.ts` checks by the recorded answers. Sources: openzipkin/zipkin `QueryRequest.java`, `InMemoryStorage.java`,
 * `ElasticsearchSpanStore.java`, `CassandraSpanStore.java` at 3.5.1.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ModelSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly name?: string;
  /** Microseconds. */
  readonly timestamp?: number;
  readonly duration?: number;
  readonly localEndpoint?: { readonly serviceName?: string };
  readonly remoteEndpoint?: { readonly serviceName?: string };
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[];
  readonly tags?: Readonly<Record<string, string>>;
}

export type Storage = 'InMemory' | 'Elasticsearch' | 'Cassandra';

interface Request {
  readonly serviceName: string | undefined;
  readonly remoteServiceName: string | undefined;
  readonly spanName: string | undefined;
  readonly terms: ReadonlyMap<string, string>;
  readonly minDuration: number | undefined;
  readonly maxDuration: number | undefined;
  readonly endTs: number;
  readonly lookback: number;
  readonly limit: number;
}

export class ZipkinModel {
  /** `GET path` of each search, in order. */
  readonly searches: URL[] = [];
  private readonly traces = new Map<string, ModelSpan[]>();
  private server: Server | undefined;

  constructor(
    spans: readonly ModelSpan[],
    private readonly storage: Storage = 'InMemory',
  ) {
    for (const { name, localEndpoint, remoteEndpoint, ...span } of spans) {
      const own = {
        ...span,
        ...(name ? { name: name.toLowerCase() } : {}),
        ...(localEndpoint ? { localEndpoint: lowered(localEndpoint) } : {}),
        ...(remoteEndpoint ? { remoteEndpoint: lowered(remoteEndpoint) } : {}),
      };
      const known = this.traces.get(span.traceId);
      if (known) known.push(own);
      else this.traces.set(span.traceId, [own]);
    }
  }

  get traceCount(): number {
    return this.traces.size;
  }

  private get services(): string[] {
    const names = [...this.traces.values()].flat().flatMap(({ localEndpoint }) => localEndpoint?.serviceName ?? []);
    return [...new Set(names)].sort();
  }

  /** Resolves with its address. */
  async start(): Promise<string> {
    const server = createServer((request, response) => {
      const url = new URL(`http://x${request.url ?? ''}`);
      const [status, body] = this.answer(url);
      response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'text/*' }).end(body);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  /** Status and body. */
  answer(url: URL): readonly [number, string] {
    if (url.pathname === '/health') {
      const details = { [`${this.storage}Storage{}`]: { status: 'UP' } };
      return [200, JSON.stringify({ status: 'UP', zipkin: { status: 'UP', details } })];
    }
    if (url.pathname === '/info') return [200, '{"zipkin":{"version":"3.5.1"}}'];
    if (url.pathname === '/api/v2/services') return [200, JSON.stringify(this.services)];
    const id = /^\/api\/v2\/trace\/([0-9a-f]+)$/.exec(url.pathname)?.[1];
    if (id !== undefined) {
      const trace = this.traces.get(id);
      return trace ? [200, JSON.stringify(trace)] : [404, `${id} not found`];
    }
    if (url.pathname !== '/api/v2/traces') return [404, '404 Not Found'];
    this.searches.push(url);
    const request = read(url.searchParams);
    if (typeof request === 'string') return [400, request];
    return [200, JSON.stringify(this.search(request))];
  }

  private search(request: Request): ModelSpan[][] {
    if (this.storage === 'InMemory') return this.fromMemory(request);
    return this.storage === 'Elasticsearch' ? this.bySpans(request, request.limit) : this.fromCutIndex(request);
  }

  /** In the order of the latest span in the window; what is found is tested as a whole. */
  private fromMemory(request: Request): ModelSpan[][] {
    const found: { readonly at: number; readonly spans: ModelSpan[] }[] = [];
    for (const spans of this.traces.values()) {
      if (request.serviceName !== undefined && !spans.some((span) => span.localEndpoint?.serviceName === request.serviceName))
        continue;
      const inWindow = spans.map(startMs).filter((at) => at >= request.endTs - request.lookback && at <= request.endTs);
      if (inWindow.length > 0 && test(request, spans)) found.push({ at: Math.max(...inWindow), spans });
    }
    return found
      .sort((a, b) => b.at - a.at)
      .slice(0, request.limit)
      .map(({ spans }) => spans);
  }

  /** All conditions of one span, in the order of the first span that fulfils them. */
  private bySpans(request: Request, limit: number): ModelSpan[][] {
    const found: { readonly at: number; readonly spans: ModelSpan[] }[] = [];
    for (const spans of this.traces.values()) {
      const matching = spans.filter((span) => isInWindow(request, span) && testSpan(request, span)).map(startMs);
      if (matching.length > 0) found.push({ at: Math.min(...matching), spans });
    }
    return found
      .sort((a, b) => b.at - a.at)
      .slice(0, limit)
      .map(({ spans }) => spans);
  }

  /** Each condition has a list of spans of its own, which is cut before the lists are put together. */
  private fromCutIndex(request: Request): ModelSpan[][] {
    const { terms, spanName, minDuration, maxDuration, remoteServiceName, ...window } = request;
    const none = {
      spanName: undefined,
      minDuration: undefined,
      maxDuration: undefined,
      remoteServiceName: undefined,
      terms: new Map(),
    };
    const lists: Request[] = [...terms].map(([key, value]) => ({ ...window, ...none, terms: new Map([[key, value]]) }));
    if (spanName !== undefined || minDuration !== undefined || (lists.length === 0 && remoteServiceName === undefined))
      lists.push({ ...window, ...none, spanName, minDuration, maxDuration });
    if (remoteServiceName !== undefined) lists.push({ ...window, ...none, remoteServiceName });
    const ids = lists.map((list) => {
      const rows = [...this.traces.values()].flat().filter((span) => isInWindow(list, span) && testSpan(list, span));
      const cut = rows.sort((a, b) => startMs(b) - startMs(a)).slice(0, request.limit * 3);
      return [...new Set(cut.map(({ traceId }) => traceId))];
    });
    const common = ids.reduce((left, right) => left.filter((id) => right.includes(id)));
    return common.slice(0, request.limit).map((id) => this.traces.get(id) ?? []);
  }
}

function lowered<T extends { readonly serviceName?: string }>(endpoint: T): T {
  return endpoint.serviceName === undefined ? endpoint : { ...endpoint, serviceName: endpoint.serviceName.toLowerCase() };
}

function startMs({ timestamp = 0 }: ModelSpan): number {
  return Math.floor(timestamp / 1000);
}

function isInWindow({ endTs, lookback }: Request, span: ModelSpan): boolean {
  return span.timestamp !== undefined && startMs(span) >= endTs - lookback && startMs(span) <= endTs;
}

/** Or what is wrong with it. */
function read(parameters: URLSearchParams): Request | string {
  const number = (name: string, fallback?: number): number | undefined => {
    const text = parameters.get(name);
    return text === null ? fallback : Number(text);
  };
  const name = (key: string): string | undefined => parameters.get(key)?.toLowerCase() || undefined;
  const spanName = name('spanName');
  const terms = new Map<string, string>();
  for (const term of (parameters.get('annotationQuery') ?? '').split(' and ').filter(Boolean)) {
    const at = term.indexOf('=');
    if (at >= 0) terms.set(term.slice(0, at).trim(), term.slice(at + 1).trim());
    else if (!terms.has(term.trim())) terms.set(term.trim(), '');
  }
  const endTs = number('endTs', 1_795_267_839_000) ?? 0;
  const lookback = number('lookback', 86_400_000) ?? 0;
  const limit = number('limit', 10) ?? 0;
  const [minDuration, maxDuration] = [number('minDuration'), number('maxDuration')];
  for (const each of [endTs, lookback, limit, minDuration, maxDuration]) if (Number.isNaN(each)) return 'For input string';
  if (endTs <= 0) return 'endTs <= 0';
  if (limit <= 0) return 'limit <= 0';
  if (lookback <= 0) return 'lookback <= 0';
  if (minDuration !== undefined && minDuration <= 0) return 'minDuration <= 0';
  if (minDuration === undefined && maxDuration !== undefined) return 'maxDuration is only valid with minDuration';
  if (minDuration !== undefined && maxDuration !== undefined && maxDuration < minDuration) return 'maxDuration < minDuration';
  return {
    serviceName: name('serviceName'),
    remoteServiceName: name('remoteServiceName'),
    spanName: spanName === 'all' ? undefined : spanName,
    terms,
    minDuration,
    maxDuration,
    endTs,
    lookback,
    limit,
  };
}

/** Of the memory store: each condition of any span of the service, or of the trace. */
function test(request: Request, spans: readonly ModelSpan[]): boolean {
  const root = spans.find((span) => span.timestamp !== undefined && span.parentId === undefined);
  const starts = spans.flatMap(({ timestamp }) => timestamp ?? []);
  const begin = root?.timestamp ?? (starts.length > 0 ? Math.min(...starts) : undefined);
  if (begin === undefined || begin < (request.endTs - request.lookback) * 1000 || begin > request.endTs * 1000) return false;
  const own = spans.filter(
    ({ localEndpoint }) => request.serviceName === undefined || localEndpoint?.serviceName === request.serviceName,
  );
  const any = (part: Partial<Request>): boolean => own.some((span) => testSpan({ ...everything, ...part }, span));
  return (
    own.length > 0 &&
    any({ remoteServiceName: request.remoteServiceName }) &&
    any({ spanName: request.spanName }) &&
    any({ minDuration: request.minDuration, maxDuration: request.maxDuration }) &&
    [...request.terms].every((term) => any({ terms: new Map([term]) }))
  );
}

const everything: Request = {
  serviceName: undefined,
  remoteServiceName: undefined,
  spanName: undefined,
  terms: new Map(),
  minDuration: undefined,
  maxDuration: undefined,
  endTs: 0,
  lookback: 0,
  limit: 0,
};

function testSpan(request: Request, span: ModelSpan): boolean {
  const { serviceName, remoteServiceName, spanName, minDuration, maxDuration, terms } = request;
  if (serviceName !== undefined && span.localEndpoint?.serviceName !== serviceName) return false;
  if (remoteServiceName !== undefined && span.remoteEndpoint?.serviceName !== remoteServiceName) return false;
  if (spanName !== undefined && span.name !== spanName) return false;
  const { duration = 0, tags = {}, annotations = [] } = span;
  if (minDuration !== undefined && (duration < minDuration || duration > (maxDuration ?? Number.POSITIVE_INFINITY))) return false;
  return [...terms].every(([key, value]) =>
    value === '' ? key in tags || annotations.some((annotation) => annotation.value === key) : tags[key] === value,
  );
}
