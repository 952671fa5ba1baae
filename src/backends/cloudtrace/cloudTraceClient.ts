/** Version 1 of Cloud Trace's API, as plain requests. Source: googleapis google/devtools/cloudtrace/v1/trace.proto. */

import { SpanhopError, throwIfAborted } from '../../base/errors';
import type { Answer, AnswerWant } from '../../core/answers/answer';
import type { BackendContext } from '../common/backend';
import { address, looksLikeJson } from '../common/http';
import { type Parameters, type ReadResponse, ServerClient, userInfoProblem } from '../common/serverClient';
import { rfc3339, type TimeWindow } from '../common/times';
import type { HttpResponse } from '../common/transport';
import { GoogleAccess } from './googleAccess';
import { apiProblem } from './googleProblems';

/** Bytes of a page of whole traces: of more, fewer traces are asked for. */
const MOST_OF_PAGE = 8 << 20;
/** Traces of a page. */
const MOST_TRACES = 1_000;

const nothingRead: Answer = { facts: {}, names: [], traces: [], traceCount: 0, leftOut: 0 };

export interface CloudTraceSearch {
  readonly window: TimeWindow;
  readonly filter: string | undefined;
  readonly token: string | undefined;
  readonly pageSize: number;
}

export class CloudTraceClient extends ServerClient {
  private readonly access: GoogleAccess;
  /** Traces of which a page was not too large. */
  private most = MOST_TRACES;

  constructor(private readonly made: BackendContext) {
    super(made, 'cloudtrace');
    this.access = new GoogleAccess(made);
  }

  projectId(signal?: AbortSignal): Promise<string> {
    return this.access.projectId(signal);
  }

  /** Whole traces, the latest first, and what was read around them. */
  async list(
    { window, filter, token, pageSize }: CloudTraceSearch,
    want: Omit<AnswerWant, 'of'>,
    signal?: AbortSignal,
  ): Promise<{ readonly body: Uint8Array<ArrayBuffer>; readonly around: Answer }> {
    const project = await this.projectId(signal);
    for (let size = Math.min(pageSize, this.most); ; size = Math.floor(size / 2)) {
      const parameters: Parameters = [
        ['view', 'COMPLETE'],
        ['pageSize', String(size)],
        ['startTime', rfc3339(window.startUnixNano)],
        ['endTime', rfc3339(window.endUnixNano)],
        ['orderBy', 'start desc'],
        ['filter', filter],
        ['pageToken', token],
      ];
      try {
        const response = await this.fetch(`/v1/projects/${encodeURIComponent(project)}/traces`, parameters, size > 1, signal);
        const { body: whole } = response;
        // One trace that is too large to be looked at twice.
        if (response.status === 200 && whole.length > MOST_OF_PAGE && looksLikeJson(whole))
          return { body: whole, around: { ...nothingRead, traceCount: 1, next: tokenAround(whole) } };
        const body = whole.slice();
        const answer = await this.read(response, want, signal);
        if (answer.response.status !== 200 || !answer.read?.facts.object)
          throw this.problem(answer, project, 'cloudtrace.traces.list');
        return { body, around: answer.read };
      } catch (error) {
        throwIfAborted(signal);
        if (!(error instanceof SpanhopError) || error.kind !== 'TooLarge' || size <= 1) throw error;
        this.most = Math.floor(size / 2);
      }
    }
  }

  /** One trace. Rejects with NotFound. */
  async trace(traceId: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const project = await this.projectId(signal);
    const response = await this.fetch(`/v1/projects/${encodeURIComponent(project)}/traces/${traceId}`, [], false, signal);
    if (response.status === 200 && looksLikeJson(response.body)) return response.body;
    const answer = await this.read(response, { what: 'kind' }, signal);
    if (response.status === 404 && answer.read?.facts.code === 'NOT_FOUND')
      throw new SpanhopError(
        'NotFound',
        `The project ${project} has no trace ${traceId}. It may have expired, or be of another project.`,
      );
    throw this.problem(answer, project, 'cloudtrace.traces.get');
  }

  private fetch(path: string, parameters: Parameters, isBounded: boolean, signal?: AbortSignal): Promise<HttpResponse> {
    const { url, headers } = this.settings;
    const problem = userInfoProblem(this.settings);
    if (problem) return Promise.reject(problem);
    return this.made.transport.request(
      {
        method: 'GET',
        url: address(url, path, parameters),
        headers: { accept: 'application/json', ...headers },
        authorize: this.access.authorize,
        takesRefusals: true,
        ...(isBounded ? { maxBytes: MOST_OF_PAGE } : {}),
      },
      signal,
    );
  }

  private problem(answer: ReadResponse, project: string, permission: string): SpanhopError {
    const { status } = answer.response;
    const { code = '', reason = '' } = answer.read?.facts ?? {};
    const error = { status, code: String(code), reason: String(reason), message: answer.read?.message ?? '' };
    const isRefusal = status === 401 || status === 403 || answer.read?.facts.code !== undefined;
    return (isRefusal ? apiProblem(error, this.who, project, permission) : undefined) ?? this.unexpected(answer);
  }
}

/** Bytes at both ends of a page that are looked through for the token of the next one. */
const ENDS = 4_096;

/** Where the next page begins: members of an answer may stand in any order, and this one beside a list that is long. */
function tokenAround(page: Uint8Array): string | undefined {
  const decoder = new TextDecoder();
  const token = '"nextPageToken"\\s*:\\s*"([^"\\\\]{1,2000})"\\s*';
  const behind = new RegExp(`,\\s*${token}\\}\\s*$`).exec(decoder.decode(page.subarray(-ENDS)));
  const before = new RegExp(`^\\s*\\{\\s*${token},`).exec(decoder.decode(page.subarray(0, ENDS)));
  return behind?.[1] ?? before?.[1];
}
