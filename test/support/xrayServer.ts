/**
 * A server that speaks X-Ray's API as its definition and its guide have it: filters, pages, limits, errors, Transaction Search. It checks who asks as far as
 * a test needs it: the key's name, and that its clock and that of the signature agree.
 * Source: botocore, xray/2016-04-12/service-2.json.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseFilter, type Segment, seconds } from './xrayFilter';

export interface XRayRequestSeen {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage['headers'];
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

const invalid = (message: string): Refusal => new Refusal(400, 'InvalidRequestException', message);

export class XRayServer {
  readonly requests: XRayRequestSeen[] = [];
  segments: Segment[] = [];
  /** Summaries of a page. */
  pageSize = 100;
  /** So many pages without a trace come before each that has some. */
  emptyPages = 0;
  /** So many requests are answered with `ThrottledException`. */
  throttled = 0;
  /** The name of the key that is known. */
  accessKey = 'AKIDTEST';
  /** What else is wrong: the error of each request. */
  trouble: { readonly status: number; readonly type: string; readonly message: string } | undefined;
  /** Milliseconds that its clock is ahead. */
  clockMs = 0;
  /** It takes filter expressions. */
  filters = true;
  destination: 'XRay' | 'CloudWatchLogs' = 'XRay';
  /** Looks at a retrieval before it is complete. */
  looks = 1;
  /** Actions that are not allowed. */
  denied: readonly string[] = [];
  /** Of traces that are not processed at the first time. */
  unprocessed = new Set<string>();
  /** Traces that are cut. */
  cut = new Set<string>();
  private readonly server = createServer((request, response) => void this.take(request, response));

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** Of the requests to a path, in order. */
  asked(path: string): readonly XRayRequestSeen['body'][] {
    return this.requests.filter((one) => one.path === path).map(({ body }) => body);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const path = request.url ?? '';
    const date = { date: new Date(Date.now() + this.clockMs).toUTCString() };
    try {
      const body = JSON.parse(text || '{}');
      this.requests.push({ path, body, headers: request.headers });
      this.authenticate(request);
      const answer = this.answer(path, body);
      response.writeHead(200, { ...date, 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } catch (error) {
      const { status, type, message } = error instanceof Refusal ? error : new Refusal(500, 'InternalFailure', String(error));
      const headers = { ...date, 'content-type': 'application/json', 'x-amzn-errortype': type };
      response.writeHead(status, headers).end(JSON.stringify({ message }));
    }
  }

  private authenticate({ headers }: IncomingMessage): void {
    const signed =
      /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/[a-z0-9-]+\/xray\/aws4_request, SignedHeaders=\S+, Signature=[0-9a-f]{64}$/.exec(
        headers.authorization ?? '',
      );
    if (!signed) throw new Refusal(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    if (signed[1] !== this.accessKey)
      throw new Refusal(403, 'UnrecognizedClientException', 'The security token included in the request is invalid.');
    const [, year, month, day, hour, minute, second] =
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date'])) ?? [];
    const sent = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    if (Math.abs(sent - Date.now() - this.clockMs) > 300_000)
      throw new Refusal(
        403,
        'InvalidSignatureException',
        'Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z',
      );
    if (this.throttled > 0) {
      this.throttled--;
      throw new Refusal(429, 'ThrottledException', 'Rate exceeded');
    }
    if (this.trouble) throw new Refusal(this.trouble.status, this.trouble.type, this.trouble.message);
  }

  private answer(path: string, body: Readonly<Record<string, unknown>>): unknown {
    const action = { '/TraceSummaries': 'GetTraceSummaries', '/Traces': 'BatchGetTraces', '/ServiceGraph': 'GetServiceGraph' }[
      path
    ];
    const name = action ?? path.slice(1);
    if (this.denied.includes(name))
      throw new Refusal(
        403,
        'AccessDeniedException',
        `User: arn:aws:iam::1:user/ann is not authorized to perform: xray:${name} because no identity-based policy allows it`,
      );
    switch (path) {
      case '/TraceSummaries':
        return this.summaries(body);
      case '/Traces':
        return this.whole(body);
      case '/ServiceGraph':
        return this.graph(body);
      case '/GetTraceSegmentDestination':
        return { Destination: this.destination, Status: 'ACTIVE' };
      case '/StartTraceRetrieval':
        this.range(body, 24 * 8);
        return { RetrievalToken: `r-${JSON.stringify(this.ids(body, 100))}` };
      case '/ListRetrievedTraces':
        return this.retrieved(body);
      default:
        throw new Refusal(404, 'UnknownOperationException', 'Unknown operation');
    }
  }

  private traces(): Map<string, Segment[]> {
    const traces = new Map<string, Segment[]>();
    for (const segment of this.segments) {
      const id = String(segment.trace_id);
      traces.set(id, [...(traces.get(id) ?? []), segment]);
    }
    return traces;
  }

  private range(body: Readonly<Record<string, unknown>>, mostHours = 6): { readonly start: number; readonly end: number } {
    const { StartTime: start, EndTime: end } = body;
    if (typeof start !== 'number' || typeof end !== 'number') throw invalid('StartTime and EndTime are required');
    if (end < start) throw invalid('EndTime is before StartTime');
    if (end - start > mostHours * 3600) throw invalid(`Time range cannot be longer than ${mostHours} hours`);
    return { start, end };
  }

  private ids(body: Readonly<Record<string, unknown>>, most: number): string[] {
    const { TraceIds: ids } = body;
    if (!Array.isArray(ids) || ids.length === 0 || ids.length > most) throw invalid(`TraceIds takes 1 to ${most} ids`);
    if (ids.some((id) => !/^1-[0-9a-f]{8}-[0-9a-f]{24}$/.test(String(id)))) throw invalid('A trace id is none');
    return ids.map(String);
  }

  private summaries(body: Readonly<Record<string, unknown>>): unknown {
    const { start, end } = this.range(body);
    if (body.Sampling !== false) throw invalid('Tests take all traces');
    if (typeof body.FilterExpression === 'string' && !this.filters) throw invalid('Invalid filter expression');
    let test: ReturnType<typeof parseFilter>;
    try {
      test = typeof body.FilterExpression === 'string' ? parseFilter(body.FilterExpression) : () => true;
    } catch (error) {
      throw invalid(`Invalid filter expression. ${String(error)}`);
    }
    const found = [...this.traces()]
      .map(([Id, segments]) => ({ Id, segments, ...seconds(segments) }))
      .filter((trace) => trace.start >= start && trace.start <= end && test(trace.segments))
      .sort((a, b) => b.start - a.start);
    const [offset, empty] = typeof body.NextToken === 'string' ? JSON.parse(body.NextToken) : [0, this.emptyPages];
    if (empty > 0) return { TraceSummaries: [], NextToken: JSON.stringify([offset, empty - 1]) };
    const page = found.slice(offset, offset + this.pageSize);
    const isLast = offset + this.pageSize >= found.length;
    return {
      ApproximateTime: Date.now() / 1000,
      TracesProcessedCount: found.length,
      TraceSummaries: page.map(summaryOf),
      ...(isLast ? {} : { NextToken: JSON.stringify([offset + this.pageSize, this.emptyPages]) }),
    };
  }

  private whole(body: Readonly<Record<string, unknown>>): unknown {
    const traces = this.traces();
    const ids = this.ids(body, 5).filter((id) => traces.has(id));
    const unprocessed = ids.filter((id) => this.unprocessed.delete(id));
    const processed = ids.filter((id) => !unprocessed.includes(id));
    // Half of the segments on each of two pages.
    const isFirst = body.NextToken === undefined;
    const pages = processed.map((id) => {
      const all = traces.get(id) ?? [];
      const half = Math.ceil(all.length / 2);
      return {
        Id: id,
        LimitExceeded: isFirst && this.cut.has(id),
        Segments: (isFirst ? all.slice(0, half) : all.slice(half)).map((one) => ({ Id: one.id, Document: JSON.stringify(one) })),
      };
    });
    const more = isFirst && processed.some((id) => (traces.get(id) ?? []).length > 1);
    return {
      Traces: pages.filter(({ Segments }) => Segments.length > 0),
      UnprocessedTraceIds: isFirst ? unprocessed : [],
      ...(more ? { NextToken: '2' } : {}),
    };
  }

  private retrieved(body: Readonly<Record<string, unknown>>): unknown {
    if (this.looks > 0) {
      this.looks--;
      return { RetrievalStatus: this.looks > 0 ? 'SCHEDULED' : 'RUNNING', Traces: [] };
    }
    const ids: string[] = JSON.parse(String(body.RetrievalToken).slice(2));
    const traces = this.traces();
    const found = ids.filter((id) => traces.has(id));
    const offset = Number(body.NextToken ?? 0);
    return {
      RetrievalStatus: 'COMPLETE',
      TraceFormat: body.TraceFormat,
      Traces: found.slice(offset, offset + 5).map((Id) => ({
        Id,
        Spans: (traces.get(Id) ?? []).map((one) => ({ Id: one.id, Document: JSON.stringify(one) })),
      })),
      ...(offset + 5 < found.length ? { NextToken: String(offset + 5) } : {}),
    };
  }

  /** Each service that has a segment below one of another. */
  private graph(body: Readonly<Record<string, unknown>>): unknown {
    const { start, end } = this.range(body);
    const within = this.segments.filter(({ start_time }) => Number(start_time) >= start && Number(start_time) < end);
    const names = [...new Set(within.map(({ name }) => String(name)))];
    const edges = new Map<string, Segment[]>();
    for (const segment of within) {
      const above = within.find(({ trace_id, id }) => trace_id === segment.trace_id && id === segment.parent_id);
      if (!above) continue;
      const key = JSON.stringify([above.name, segment.name]);
      edges.set(key, [...(edges.get(key) ?? []), segment]);
    }
    const edge = (name: string) =>
      [...edges]
        .filter(([key]) => JSON.parse(key)[0] === name)
        .map(([key, calls]) => ({
          ReferenceId: names.indexOf(JSON.parse(key)[1]),
          SummaryStatistics: {
            TotalCount: calls.length,
            ErrorStatistics: { TotalCount: calls.filter(({ error }) => error === true).length },
            FaultStatistics: { TotalCount: calls.filter(({ fault }) => fault === true).length },
          },
        }));
    const client = {
      ReferenceId: names.length,
      Name: names[0],
      Type: 'client',
      Edges: [{ ReferenceId: 0, SummaryStatistics: { TotalCount: 9 } }],
    };
    return {
      Services: [
        ...names.map((Name, ReferenceId) => ({ ReferenceId, Name, Type: 'AWS::EC2::Instance', Edges: edge(Name) })),
        client,
      ],
    };
  }
}

function summaryOf({ Id, segments, start, end }: { Id: string; segments: Segment[]; start: number; end: number }): unknown {
  const root = segments.find(({ parent_id }) => parent_id === undefined);
  const annotations: Record<string, unknown[]> = {};
  for (const segment of segments) {
    for (const [key, value] of Object.entries(segment.annotations ?? {})) {
      const AnnotationValue =
        typeof value === 'number'
          ? { NumberValue: value }
          : typeof value === 'boolean'
            ? { BooleanValue: value }
            : { StringValue: value };
      annotations[key] = [...(annotations[key] ?? []), { AnnotationValue, ServiceIds: [] }];
    }
  }
  return {
    Id,
    StartTime: start,
    Duration: Math.round((end - start) * 1000) / 1000,
    HasFault: root?.fault === true,
    HasError: root?.error === true,
    HasThrottle: segments.some(({ throttle }) => throttle === true),
    Annotations: annotations,
    ServiceIds: [...new Set(segments.map(({ name }) => name)), 'client'].map((Name) => ({
      Name,
      Type: Name === 'client' ? 'client' : 'AWS',
    })),
    EntryPoint: root && { Name: root.name },
  };
}
