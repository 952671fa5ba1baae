/**
 * The Google Cloud Trace backend. Its list gives whole traces, so that one request is a page; filters narrow it, and the engine decides. Services, names
 * and attributes are those of its latest traces: the API has no lists of them, and nothing of who calls whom.
 */

import { SharedWork } from '../../base/sharedWork';
import type { AnswerWant } from '../../core/answers/answer';
import type { Query } from '../../core/query/query';
import type { Backend, BackendContext, FindOptions, FindPage, FoundTrace, ServerFacts } from '../common/backend';
import { inTurn, pagesFrom } from '../common/pages';
import { type TimeWindow, windowOf } from '../common/times';
import { CloudTraceClient } from './cloudTraceClient';
import { toCloudTraceRequest } from './cloudTraceRequest';

/** Traces out of which services and attributes are told. */
const sampled = 100;

/** Where a page begins: in the search by one of the filters, whose window holds for all. */
interface Cursor {
  readonly window: TimeWindow;
  readonly filter: number;
  readonly token?: string;
}

export class CloudTraceBackend implements Backend {
  readonly settings;
  private readonly client: CloudTraceClient;
  private readonly sampling = new SharedWork((want: string, signal) => this.sample(JSON.parse(want), signal));

  constructor(private readonly context: BackendContext) {
    this.settings = context.settings;
    this.client = new CloudTraceClient(context);
  }

  async describe(signal?: AbortSignal): Promise<ServerFacts> {
    const services = await this.services(signal);
    return { product: `Google Cloud Trace of ${await this.client.projectId(signal)}`, services: services.length };
  }

  async services(signal?: AbortSignal): Promise<readonly string[]> {
    return (await this.ofSample({ what: 'services' }, signal)).names;
  }

  async operations(service: string, signal?: AbortSignal): Promise<readonly string[]> {
    return (await this.ofSample({ what: 'operations', key: service }, signal)).names;
  }

  async tags(signal?: AbortSignal): Promise<readonly string[]> {
    return (await this.ofSample({ what: 'tags' }, signal)).names;
  }

  async tagValues(key: string, signal?: AbortSignal): Promise<readonly (string | number | boolean)[]> {
    return (await this.ofSample({ what: 'values', key }, signal)).values ?? [];
  }

  async get(traceId: string, signal?: AbortSignal): Promise<FoundTrace> {
    return { bodies: [await this.client.trace(traceId, signal)] };
  }

  find(query: Query, options: FindOptions, signal?: AbortSignal): AsyncIterable<FindPage> {
    return pagesFrom(options.cursor, (cursor) =>
      this.page(query, options.pageSize, readCursor(cursor) ?? this.beginning(query), signal),
    );
  }

  private beginning(query: Query): Cursor {
    return { window: windowOf(query, this.context.nowMs(), this.context.windowMs), filter: 0 };
  }

  private async page(query: Query, pageSize: number, cursor: Cursor, signal: AbortSignal | undefined): Promise<FindPage> {
    const { filters, pushDown } = toCloudTraceRequest(query);
    const { window, token } = cursor;
    const search = { window, filter: filters[cursor.filter], token, pageSize };
    const { body, around } = await this.client.list(search, { what: 'page' }, signal);
    const hasMore = cursor.filter + 1 < filters.length;
    const next: Cursor | undefined =
      around.next !== undefined
        ? { window, filter: cursor.filter, token: around.next }
        : hasMore
          ? { window, filter: cursor.filter + 1 }
          : undefined;
    return {
      traces: [],
      bodies: inTurn(around.traceCount > 0 ? [body] : []),
      pushDown,
      next: () => next && writeCursor(next),
    };
  }

  private ofSample(want: Omit<AnswerWant, 'of'>, signal: AbortSignal | undefined) {
    return this.sampling.get(JSON.stringify(want), signal);
  }

  private async sample(want: Omit<AnswerWant, 'of'>, signal: AbortSignal) {
    const window = windowOf({ stages: [] }, this.context.nowMs(), this.context.windowMs);
    return (await this.client.list({ window, filter: undefined, token: undefined, pageSize: sampled }, want, signal)).around;
  }
}

function writeCursor({ window, filter, token }: Cursor): string {
  return JSON.stringify([
    String(window.startUnixNano),
    String(window.endUnixNano),
    filter,
    ...(token === undefined ? [] : [token]),
  ]);
}

/** Undefined where the text is none of ours: the search begins anew. */
function readCursor(text: string | undefined): Cursor | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [start, end, filter, token]: unknown[] = parts;
  const isNano = (value: unknown): value is string => typeof value === 'string' && /^\d{1,20}$/.test(value);
  if (!isNano(start) || !isNano(end) || typeof filter !== 'number' || !Number.isSafeInteger(filter) || filter < 0)
    return undefined;
  const window = { startUnixNano: BigInt(start), endUnixNano: BigInt(end) };
  return { window, filter, ...(typeof token === 'string' ? { token } : {}) };
}
