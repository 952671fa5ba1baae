/** Logz.io: the documents that Jaeger's spans are there, asked for two days at a time. */

import { Limit } from '../../base/limit';
import type { Query } from '../../core/query/query';
import type { Backend, BackendContext, BackendSettings, FindOptions, FindPage, FoundTrace, ServerFacts } from '../common/backend';
import { DocumentBackend } from '../elasticsearch/documentBackend';
import { type Micros, partsOf } from '../elasticsearch/documentServer';
import { namesSearch, operationsSearch } from '../elasticsearch/listSearches';
import { logzioFields, type SpanFields } from '../elasticsearch/spanFields';
import { type CountedTraces, countSpans } from '../elasticsearch/wholeTraces';
import { LogzioServer } from './logzioServer';

const DAY_MS = 24 * 3_600_000;
const HOUR = 3_600_000_000;
/** Names of one answer, as Logz.io's own reader asks for. */
const MOST_NAMES = 1_000;
/** Parts of the days in which a trace is looked for by its id that are asked at once. */
const parallel = 4;
const MOST_DAYS = 90;

export class LogzioBackend implements Backend {
  readonly settings: BackendSettings;
  private readonly server: LogzioServer;
  private readonly traces: DocumentBackend;

  constructor(private readonly context: BackendContext) {
    this.settings = context.settings;
    this.server = new LogzioServer(context);
    this.traces = new DocumentBackend(context, this.server, 'No spans were stored yet.');
  }

  async describe(signal?: AbortSignal): Promise<ServerFacts> {
    return { product: 'Logz.io', services: (await this.services(signal)).length };
  }

  /** Those that there are documents of; where there are none, those of spans. Of the last two days. */
  services(signal?: AbortSignal): Promise<readonly string[]> {
    return this.firstNames((of) => namesSearch(of, { match_all: {} }, MOST_NAMES), signal);
  }

  operations(service: string, signal?: AbortSignal): Promise<readonly string[]> {
    return this.firstNames((of) => operationsSearch(logzioFields, of, service, MOST_NAMES), signal);
  }

  find(query: Query, options: FindOptions, signal?: AbortSignal): AsyncIterable<FindPage> {
    return this.traces.find(query, options, signal);
  }

  get(traceId: string, signal?: AbortSignal): Promise<FoundTrace> {
    const days = this.lookbackDays();
    const missing = `It was looked for in the last ${days} days ("lookbackDays" of this backend), or belongs to another backend.`;
    return this.traces.get(traceId, (fields, ids) => this.count(fields, ids, days, signal), missing, signal);
  }

  private async firstNames(
    search: (of: SpanFields['service']) => ReturnType<typeof operationsSearch>,
    signal: AbortSignal | undefined,
  ): Promise<readonly string[]> {
    for (const field of [logzioFields.listedService, logzioFields.service]) {
      const body = search(field);
      const { names } = body ? await this.server.ask({ body, times: this.days(1) }, 'terms', signal) : { names: [] };
      if (names.length > 0) return names;
    }
    return [];
  }

  /** Part by part, newest first, some at once, until one has the trace; and the one before it where the trace may have begun there. */
  private async count(
    fields: SpanFields,
    ids: readonly string[],
    days: number,
    signal: AbortSignal | undefined,
  ): Promise<CountedTraces> {
    const parts = partsOf(this.server, this.days(days));
    const limit = new Limit(parallel);
    const count = (part: Micros): Promise<CountedTraces> =>
      limit.run(() => countSpans(this.server, fields, ids, part, signal), signal);
    let partial: string | undefined;
    for (let at = 0; at < parts.length; at += parallel) {
      const asked = parts.slice(at, at + parallel);
      const found = await Promise.all(asked.map(count));
      partial ??= found.find((one) => one.partial !== undefined)?.partial;
      const counted = found.flatMap((one) => one.counted);
      if (counted.length === 0) continue;
      const earliest = asked[asked.length - 1].start;
      const before = counted.some(({ times }) => times.start < earliest + HOUR) ? parts.at(at + parallel) : undefined;
      const more = before && (await count(before));
      return { counted: [...counted, ...(more?.counted ?? [])], partial: partial ?? more?.partial };
    }
    return { counted: [], partial };
  }

  private lookbackDays(): number {
    const days = Math.round(Number(this.settings.options.lookbackDays ?? 14));
    return Math.min(Math.max(days, 1), MOST_DAYS);
  }

  /** So many days back from now, and a minute ahead for clocks that are off. */
  private days(days: number): Micros {
    const now = Math.round(this.context.nowMs());
    return { start: Math.max(0, now - days * DAY_MS) * 1000, end: (now + 60_000) * 1000 };
  }
}
