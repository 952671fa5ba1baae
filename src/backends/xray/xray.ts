/**
 * The AWS X-Ray backend. A search asks for summaries, in windows of six hours, the newest first; where X-Ray's filter expressions do not say all of the
 * query, the whole traces are read as well, and the engine decides. Where Transaction Search sends spans to CloudWatch Logs, traces are retrieved from
 * there, and lists hold what X-Ray indexes.
 */

import { SpanhopError } from '../../base/errors';
import { SharedWork } from '../../base/sharedWork';
import type { Answer, Dependency } from '../../core/answers/answer';
import type { TraceOverview } from '../../core/model/table';
import type { Query } from '../../core/query/query';
import type { Backend, BackendContext, FindOptions, FindPage, FoundTrace, ServerFacts, TimeRange } from '../common/backend';
import { inTurn, pagesFrom } from '../common/pages';
import { isExact } from '../common/pushDown';
import { windowOf } from '../common/times';
import { type WholeTraces, XRayClient } from './xrayClient';
import { readCursor, writeCursor, type XRayCursor } from './xrayCursor';
import { serviceFilter, toXRayRequest, wantsAnnotations, type XRayRequest } from './xrayRequest';

const hour = 3_600_000;
const minute = 60_000;
const windowMs = 6 * hour;
/** X-Ray finds traces by when they began: those that began before the range and reach into it are looked for so far back. */
const reachMs = 10 * minute;
/** What is older is gone. Source: AWS X-Ray FAQs, "How long does X-Ray store trace data". */
const keptDays = 31;
/** Ids made by X-Ray begin with the time; of others nothing is known, and they are looked for so far back. */
const retrievalDays = 7;

const onlyIndexed =
  'X-Ray\'s index was searched: failures and requests of whole services, and annotations. What stands in subsegments and metadata alone is not found; set "scan" for this backend to look into every trace.';
const onlySampled =
  'Transaction Search is on: X-Ray lists the traces that it indexes (one of a hundred, unless set otherwise). Others are found by their id.';

export class XRayBackend implements Backend {
  readonly settings;
  private readonly client: XRayClient;
  private mayRetrieve = true;
  private readonly learning = new SharedWork((_: 'annotations', signal) => this.learn(signal));
  private annotations: ReadonlySet<string> | undefined;
  /** Transaction Search is on; undefined: not asked yet. */
  private retrieves: boolean | undefined;
  /** Stand-ins take no filter expressions. */
  private filters = true;
  /** Filter expressions that were refused. */
  private readonly refused = new Set<string>();
  /** The server's page of which a part was listed. */
  private held: { readonly key: string; readonly answer: Answer } | undefined;

  constructor(private readonly context: BackendContext) {
    this.settings = context.settings;
    this.client = new XRayClient(context);
  }

  async describe(signal?: AbortSignal): Promise<ServerFacts> {
    const region = await this.client.region(signal);
    return { product: `AWS X-Ray in ${region}`, services: (await this.services(signal)).length };
  }

  /** Those of the last six hours. */
  async services(signal?: AbortSignal): Promise<readonly string[]> {
    const pages = await this.client.graph(this.lastHours(), signal);
    return [...new Set(pages.flatMap(({ names }) => names))].sort();
  }

  /** X-Ray has no list of them: those of the latest traces of the service. */
  async operations(service: string, signal?: AbortSignal): Promise<readonly string[]> {
    const filter = this.filters ? serviceFilter(service) : undefined;
    const want = { what: 'summaries', limit: 100 };
    const { traces } = await this.client.summaries(this.lastHours(), filter, undefined, want, signal);
    const ids = traces.map(({ traceId }) => traceId);
    return ids.length === 0 ? [] : this.client.operations(service, ids, signal);
  }

  async tags(signal?: AbortSignal): Promise<readonly string[]> {
    const keys = await this.learning.get('annotations', signal);
    const known = ['resource.service.name', 'span.http.request.method', 'span.http.response.status_code', 'span.url.full'];
    return [...known, 'span.enduser.id', ...[...keys].map((key) => `span.${key}`)];
  }

  async tagValues(key: string, signal?: AbortSignal): Promise<readonly (string | number | boolean)[]> {
    if (key === 'resource.service.name') return this.services(signal);
    const want = { what: 'values', key: key.replace(/^span\./, '') };
    return (await this.client.summaries(this.lastHours(), undefined, undefined, want, signal)).values ?? [];
  }

  /** Of each window of six hours, put together. */
  async dependencies(range: TimeRange, signal?: AbortSignal): Promise<readonly Dependency[]> {
    const { endMs } = range;
    const startMs = Math.max(range.startMs, this.context.nowMs() - keptDays * 24 * hour);
    const all = new Map<string, Dependency>();
    for (let end = endMs; end > startMs; end -= windowMs) {
      const pages = await this.client.graph({ startMs: Math.max(startMs, end - windowMs), endMs: end }, signal);
      for (const { parent, child, calls = 0, errors = 0 } of pages.flatMap(({ dependencies = [] }) => dependencies)) {
        const key = JSON.stringify([parent, child]);
        const known = all.get(key);
        all.set(key, { parent, child, calls: calls + (known?.calls ?? 0), errors: errors + (known?.errors ?? 0) });
      }
    }
    return [...all.values()];
  }

  async get(traceId: string, signal?: AbortSignal): Promise<FoundTrace> {
    const { bodies, found, partial } = await this.whole([traceId], this.around(traceId), signal);
    if (found === 0) {
      const sentence = `${this.client.who} has no trace ${traceId}. It may have expired, or be of another region or account.`;
      throw new SpanhopError('NotFound', sentence);
    }
    return { bodies, partial };
  }

  find(query: Query, options: FindOptions, signal?: AbortSignal): AsyncIterable<FindPage> {
    return pagesFrom(options.cursor, (cursor) =>
      this.page(query, options.pageSize, readCursor(cursor) ?? this.beginning(query), signal),
    );
  }

  private beginning(query: Query): XRayCursor {
    const { startUnixNano, endUnixNano } = windowOf(query, this.context.nowMs(), this.context.windowMs);
    return { startMs: Number(startUnixNano / 1_000_000n), endMs: Number((endUnixNano + 999_999n) / 1_000_000n), offset: 0 };
  }

  private async page(query: Query, pageSize: number, cursor: XRayCursor, signal: AbortSignal | undefined): Promise<FindPage> {
    const retrieves = await this.isRetrieved(signal);
    const window = { startMs: Math.max(cursor.startMs - reachMs, cursor.endMs - windowMs), endMs: cursor.endMs };
    const { request, answer } = await this.list(query, window, cursor, signal);
    const end = cursor.offset + pageSize;
    const listed = answer.traces.slice(cursor.offset, end).filter((trace) => reaches(trace, cursor.startMs));
    const next = nextCursor(answer, end, window, cursor);
    const whole = isExact(request.pushDown)
      ? undefined
      : await this.whole(
          listed.map(({ traceId }) => traceId),
          spanned(listed),
          signal,
        );
    const sentences = [request.indexed ? onlyIndexed : undefined, retrieves ? onlySampled : undefined, whole?.partial];
    const partial = sentences.filter((sentence) => sentence !== undefined).join(' ');
    return {
      traces: whole ? [] : listed,
      ...(whole ? { bodies: inTurn(whole.bodies) } : {}),
      pushDown: request.pushDown,
      next: () => next && writeCursor(next),
      leftOut: cursor.offset === 0 ? answer.leftOut : 0,
      ...(partial === '' ? {} : { partial }),
    };
  }

  /** The server's page, and what was asked for: less than it could be where the filter was refused. */
  private async list(query: Query, window: TimeRange, { token, offset }: XRayCursor, signal: AbortSignal | undefined) {
    for (;;) {
      const request = await this.requestFor(query, signal);
      const key = JSON.stringify([window, request.filter, token]);
      if (offset > 0 && this.held?.key === key) return { request, answer: this.held.answer };
      try {
        const answer = await this.client.summaries(window, request.filter, token, { what: 'summaries' }, signal);
        this.held = { key, answer };
        return { request, answer };
      } catch (error) {
        if (request.filter === undefined || !this.isRefusal(error, request.filter)) throw error;
      }
    }
  }

  private async requestFor(query: Query, signal: AbortSignal | undefined): Promise<XRayRequest> {
    const scan = this.settings.options.scan === true;
    const needsKeys = this.filters && !scan && wantsAnnotations(query);
    const annotations = needsKeys ? (this.annotations ?? (await this.learning.get('annotations', signal))) : new Set<string>();
    const request = toXRayRequest(query, { filters: this.filters, scan, annotations });
    if (request.filter === undefined || !this.refused.has(request.filter)) return request;
    return toXRayRequest(query, { filters: false, scan, annotations });
  }

  /** Whether it is the filter that the server does not take: it is searched without one then. */
  private isRefusal(error: unknown, filter: string): boolean {
    if (!(error instanceof SpanhopError)) return false;
    if (/not implemented/i.test(error.message)) this.filters = false;
    else if (error.kind === 'BadQuery') this.refused.add(filter);
    else return false;
    return true;
  }

  /** @param range in which they are, where they have to be retrieved */
  private async whole(ids: readonly string[], range: TimeRange, signal: AbortSignal | undefined): Promise<WholeTraces> {
    if (ids.length === 0) return { bodies: [], found: 0 };
    if (this.mayRetrieve && (await this.isRetrieved(signal))) {
      try {
        return await this.client.retrieve(ids, range, signal);
      } catch (error) {
        if (!isDenied(error)) throw error;
        this.mayRetrieve = false;
      }
    }
    return this.client.traces(ids, signal);
  }

  /** Who may not ask for it, and stand-ins that do not know it, have traces as they always were. */
  private async isRetrieved(signal: AbortSignal | undefined): Promise<boolean> {
    if (this.retrieves !== undefined) return this.retrieves;
    try {
      this.retrieves = await this.client.isRetrieved(signal);
    } catch (error) {
      const isUnknown = error instanceof SpanhopError && ['BadData', 'BadQuery', 'NotFound'].includes(error.kind);
      if (!isUnknown && !isDenied(error)) throw error;
      this.retrieves = false;
    }
    return this.retrieves;
  }

  private async learn(signal: AbortSignal): Promise<ReadonlySet<string>> {
    const { names } = await this.client.summaries(this.lastHours(), undefined, undefined, { what: 'annotations' }, signal);
    this.annotations = new Set(names);
    return this.annotations;
  }

  private lastHours(): TimeRange {
    const endMs = this.context.nowMs() + minute;
    return { startMs: endMs - windowMs, endMs };
  }

  /** When a trace may have been, as its id tells. */
  private around(traceId: string): TimeRange {
    const nowMs = this.context.nowMs();
    const beganMs = Number.parseInt(traceId.slice(0, 8), 16) * 1000;
    const isTime = beganMs > nowMs - 40 * 24 * hour && beganMs < nowMs + hour;
    if (!isTime) return { startMs: nowMs - retrievalDays * 24 * hour, endMs: nowMs };
    return { startMs: beganMs - hour, endMs: Math.max(beganMs + minute, Math.min(nowMs, beganMs + 24 * hour)) };
  }
}

/** Where the next page begins: in the same page of the server, on its next one, or in the window before. */
function nextCursor(answer: Answer, offset: number, window: TimeRange, cursor: XRayCursor): XRayCursor | undefined {
  const { startMs, endMs } = cursor;
  if (offset < answer.traces.length) return { ...cursor, offset };
  if (answer.next !== undefined) return { startMs, endMs, token: answer.next, offset: 0 };
  return window.startMs > startMs - reachMs ? { startMs, endMs: window.startMs, offset: 0 } : undefined;
}

function reaches({ startUnixNano, durationNs }: TraceOverview, startMs: number): boolean {
  // Summaries round: a second is near enough, and whole traces are looked at anyway where it matters.
  return Number(startUnixNano / 1_000_000n) + durationNs / 1e6 + 1_000 >= startMs;
}

/** A minute around the traces. */
function spanned(traces: readonly TraceOverview[]): TimeRange {
  const starts = traces.map(({ startUnixNano }) => Number(startUnixNano / 1_000_000n));
  const ends = traces.map(({ startUnixNano, durationNs }) => Number(startUnixNano / 1_000_000n) + durationNs / 1e6);
  return { startMs: Math.min(...starts) - minute, endMs: Math.max(...ends) + minute };
}

function isDenied(error: unknown): boolean {
  return (
    error instanceof SpanhopError && error.kind === 'Unauthorized' && /^(?:AccessDenied|UnauthorizedOp)/.test(error.detail ?? '')
  );
}
