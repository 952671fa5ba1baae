/**
 * The tracing account of Logz.io, by what its own reader for Jaeger asks: searches in the language of Elasticsearch, of the last two days through
 * `_msearch`, of two earlier calendar days (UTC) through the documented `/v1/search`, which says by `dayOffset` which ones they are.
 * Sources: logzio/jaeger-logzio store (reader.go, traceFinder.go, queryUtils.go); logzio/logz-docs, "logzio-public-api", `/v1/search`.
 */

import type { Answer } from '../../core/answers/answer';
import type { BackendContext } from '../common/backend';
import { ServerClient } from '../common/serverClient';
import type { HttpResponse } from '../common/transport';
import { type DocumentServer, documentsIn, type Micros, type Search } from '../elasticsearch/documentServer';
import { logzioFields, type SpanFields } from '../elasticsearch/spanFields';

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;

const dayOf = (micros: number): number => Math.floor(micros / DAY);

export class LogzioServer implements DocumentServer {
  readonly mostIds = 1_000;
  readonly traceReach = HOUR;
  private readonly client: ServerClient;
  /** The undocumented way is not there. */
  private hasSearchOnly = false;

  constructor(private readonly context: BackendContext) {
    this.client = new ServerClient(context, 'elasticsearch');
  }

  get who(): string {
    return this.client.who;
  }

  /** Two calendar days. */
  newestOf({ start, end }: Micros): Micros {
    return { start: Math.max(start, (dayOf(end) - 1) * DAY, 0), end };
  }

  async fields(): Promise<SpanFields> {
    return logzioFields;
  }

  async ask(search: Search, what: string, signal?: AbortSignal): Promise<Answer> {
    const response = await this.send(search, signal);
    const answer = await this.client.read(response, { what }, signal);
    if (response.status !== 200 || answer.read?.facts.object !== true || answer.read.facts.type !== undefined)
      throw this.client.unexpected(answer);
    return answer.read;
  }

  async documents(search: Search, mayLack: boolean, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return documentsIn(this.client, await this.send(search, signal), mayLack, signal);
  }

  private async send({ body, times }: Search, signal: AbortSignal | undefined): Promise<HttpResponse> {
    const now = this.context.nowMs() * 1000;
    const offset = Math.max(0, dayOf(now) - dayOf(times?.end ?? now));
    if (offset === 0 && !this.hasSearchOnly) {
      const lines = `{}\n${JSON.stringify(body)}\n`;
      const response = await this.client.post('/v1/elasticsearch/_msearch', [], lines, 'application/x-ndjson', signal);
      if (response.status !== 404 && response.status !== 405) return response;
      this.hasSearchOnly = true;
    }
    return this.client.post('/v1/search', [['dayOffset', String(offset)]], JSON.stringify(body), 'application/json', signal);
  }
}
