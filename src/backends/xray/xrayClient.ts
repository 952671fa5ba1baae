/** X-Ray's API, as plain requests. Source: botocore, xray/2016-04-12/service-2.json. */

import {
  BatchGetTracesCommand,
  GetServiceGraphCommand,
  GetTraceSegmentDestinationCommand,
  GetTraceSummariesCommand,
  ListRetrievedTracesCommand,
  StartTraceRetrievalCommand,
} from '@aws-sdk/client-xray';
import { SpanhopError } from '../../base/errors';
import { Limit } from '../../base/limit';
import { wait } from '../../base/wait';
import type { Answer, AnswerWant } from '../../core/answers/answer';
import type { BackendContext, TimeRange } from '../common/backend';
import { unexpectedAnswer } from '../common/http';
import type { HttpResponse } from '../common/transport';
import { xrayId } from './xrayAddress';
import { type SendCommand, XRaySdk } from './xraySdk';

/** Traces of one request: more are refused, which no definition of the API says. Source: awslabs/mcp, rum_tools.py. */
const perRequest = 5;
/** Traces of one retrieval. */
const perRetrieval = 100;
const atOnce = 4;
/** Pages of one list: a server that never ends is left. */
const mostPages = 1_000;
/** Retrievals take seconds, and their list is empty until they are done. */
const firstLookMs = 250;
const longestLookMs = 5_000;
const retrievalMs = 60_000;

/** Whole traces, and why some are not. */
export interface WholeTraces {
  readonly bodies: Uint8Array<ArrayBuffer>[];
  readonly found: number;
  readonly partial?: string;
}

/** One page of a list. */
type Want = Omit<AnswerWant, 'of'>;

export class XRayClient {
  private readonly sdk: XRaySdk;

  constructor(private readonly context: BackendContext) {
    this.sdk = new XRaySdk(context);
  }

  /** In messages. */
  get who(): string {
    return this.sdk.who;
  }

  region(signal?: AbortSignal): Promise<string> {
    return this.sdk.region(signal);
  }

  /** Newest first. Pages may be empty although more follow. */
  summaries(
    range: TimeRange,
    filter: string | undefined,
    token: string | undefined,
    want: Want,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const asked = { ...timesOf(range), FilterExpression: filter, NextToken: token, Sampling: false };
    return this.ask((client, options) => client.send(new GetTraceSummariesCommand(asked), options), want, signal);
  }

  /** All pages of the service graph of a range. */
  async graph(range: TimeRange, signal?: AbortSignal): Promise<readonly Answer[]> {
    const pages: Answer[] = [];
    for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
      const asked = { ...timesOf(range), NextToken: token };
      const page = await this.ask(
        (client, options) => client.send(new GetServiceGraphCommand(asked), options),
        { what: 'graph' },
        signal,
      );
      pages.push(page);
      token = pages.length < mostPages ? page.next : undefined;
    }
    return pages;
  }

  /** Whether traces go to CloudWatch Logs (Transaction Search), from where they have to be retrieved. */
  async isRetrieved(signal?: AbortSignal): Promise<boolean> {
    const { facts } = await this.ask(
      (client, options) => client.send(new GetTraceSegmentDestinationCommand({}), options),
      { what: 'facts' },
      signal,
    );
    return facts.destination === 'CloudWatchLogs' && facts.status === 'ACTIVE';
  }

  /** @param ids of 32 digits */
  async traces(ids: readonly string[], signal?: AbortSignal): Promise<WholeTraces> {
    const batches = inParts(ids.map(xrayId), perRequest);
    const limit = new Limit(atOnce);
    const first = await Promise.all(batches.map((batch) => limit.run(() => this.batch(batch, signal), signal)));
    // Asked for once more: what was not processed is not said to be missing.
    const left = first.flatMap(({ unprocessed }) => unprocessed);
    const again = await Promise.all(inParts(left, perRequest).map((batch) => limit.run(() => this.batch(batch, signal), signal)));
    const all = [...first, ...again];
    const missing = again.flatMap(({ unprocessed }) => unprocessed).length;
    return {
      bodies: all.flatMap(({ bodies }) => bodies),
      found: all.reduce((sum, { found }) => sum + found, 0),
      partial: partialOf(
        missing,
        all.reduce((sum, { cut }) => sum + cut, 0),
      ),
    };
  }

  /** Names of parts of a service in some traces. @param ids of 32 digits, as many as one request takes */
  async operations(service: string, ids: readonly string[], signal?: AbortSignal): Promise<readonly string[]> {
    const names = new Set<string>();
    for (let token: string | undefined, page = 0; page === 0 || (token !== undefined && page < mostPages); page++) {
      const asked = { TraceIds: ids.slice(0, perRequest).map(xrayId), NextToken: token };
      const want = { what: 'operations', key: service };
      const found = await this.ask((client, options) => client.send(new BatchGetTracesCommand(asked), options), want, signal);
      for (const name of found.names) names.add(name);
      token = found.next;
    }
    return [...names].sort();
  }

  private async batch(ids: readonly string[], signal: AbortSignal | undefined) {
    const bodies: Uint8Array<ArrayBuffer>[] = [];
    const unprocessed = new Set<string>();
    let found = 0;
    let cut = 0;
    for (let token: string | undefined, page = 0; page === 0 || (token !== undefined && page < mostPages); page++) {
      const asked = { TraceIds: [...ids], NextToken: token };
      const response = await this.sdk.send((client, options) => client.send(new BatchGetTracesCommand(asked), options), signal);
      const around = await this.read({ ...response, body: response.body.slice() }, { what: 'traces' }, signal);
      found += around.traceCount;
      cut += Number(around.facts.cut);
      // What was not asked for is not asked for again.
      for (const id of around.ids ?? []) if (ids.includes(id)) unprocessed.add(id);
      if (around.traceCount > 0) bodies.push(response.body);
      token = around.next;
    }
    return { bodies: together(bodies), unprocessed: [...unprocessed], found, cut };
  }

  /** Of an account with Transaction Search. @param range in which the traces are looked for */
  async retrieve(ids: readonly string[], range: TimeRange, signal?: AbortSignal): Promise<WholeTraces> {
    const bodies: Uint8Array<ArrayBuffer>[] = [];
    let found = 0;
    for (const part of inParts(ids.map(xrayId), perRetrieval)) {
      const asked = { ...timesOf(range), TraceIds: [...part] };
      const { next: RetrievalToken } = await this.ask(
        (client, options) => client.send(new StartTraceRetrievalCommand(asked), options),
        { what: 'facts' },
        signal,
      );
      if (RetrievalToken === undefined)
        throw new SpanhopError('BadData', `${this.who} began to retrieve traces without a token. Try again.`);
      for await (const { body, around } of this.retrieved(RetrievalToken, signal)) {
        found += around.traceCount;
        if (around.traceCount > 0) bodies.push(body);
      }
    }
    return { bodies: together(bodies), found };
  }

  /** Pages of a retrieval as soon as it is complete. */
  private async *retrieved(RetrievalToken: string, signal: AbortSignal | undefined) {
    const deadline = this.context.nowMs() + retrievalMs;
    let delayMs = firstLookMs;
    for (let token: string | undefined, page = 0; page < mostPages; ) {
      const asked = { RetrievalToken, NextToken: token, TraceFormat: 'XRAY' as const };
      const response = await this.sdk.send(
        (client, options) => client.send(new ListRetrievedTracesCommand(asked), options),
        signal,
      );
      const around = await this.read({ ...response, body: response.body.slice() }, { what: 'traces' }, signal);
      const { status } = around.facts;
      if (status === 'COMPLETE') {
        yield { body: response.body, around };
        token = around.next;
        page++;
        if (token === undefined) return;
        continue;
      }
      if (status !== 'SCHEDULED' && status !== 'RUNNING')
        throw new SpanhopError('BadData', `${this.who} could not retrieve the traces (${String(status)}). Try again.`);
      if (this.context.nowMs() >= deadline)
        throw new SpanhopError('Timeout', `${this.who} did not retrieve the traces within ${retrievalMs / 1000} s. Try again.`);
      await wait(delayMs, signal);
      delayMs = Math.min(delayMs * 2, longestLookMs);
    }
  }

  private async ask(command: SendCommand, want: Want, signal?: AbortSignal): Promise<Answer> {
    return this.read(await this.sdk.send(command, signal), want, signal);
  }

  /** Takes the body away. */
  private async read(response: HttpResponse, want: Want, signal: AbortSignal | undefined): Promise<Answer> {
    const beginning = { ...response, body: response.body.slice(0, 1 << 10) };
    const answer = await this.context.reader.readAnswer(response.body, { ...want, of: 'xray' }, signal);
    if (answer === undefined) throw unexpectedAnswer(this.who, beginning);
    return answer;
  }
}

/** Pages as one text: what is in one belongs to segments that are in another. */
function together(pages: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer>[] {
  if (pages.length < 2) return pages;
  const whole = new Uint8Array(pages.reduce((sum, { length }) => sum + length + 1, 0));
  let at = 0;
  for (const page of pages) {
    whole.set(page, at);
    at += page.length;
    whole[at++] = 0x0a;
  }
  return [whole];
}

/** Times of the API are seconds. */
function timesOf({ startMs, endMs }: TimeRange): { readonly StartTime: Date; readonly EndTime: Date } {
  return { StartTime: new Date(Math.max(0, startMs)), EndTime: new Date(Math.max(0, endMs)) };
}

function inParts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

function partialOf(missing: number, cut: number): string | undefined {
  const sentences = [
    ...(missing > 0
      ? [`X-Ray did not give ${missing === 1 ? 'one trace' : `${missing} traces`} that it lists: search again for it.`]
      : []),
    ...(cut > 0
      ? [`X-Ray holds ${cut === 1 ? 'one trace' : `${cut} traces`} only in part: what a trace may be long was exceeded.`]
      : []),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}
