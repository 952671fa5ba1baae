// HTTP between the services: a client that throws on an error status, and an Express app that answers JSON.
import { trace } from '@opentelemetry/api';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { addressOf } from './addresses';
import { codeAttributes } from './callSite';
import { withSpanDetails } from './spanDetails';
import { recordFailure } from './traced';

export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';

  constructor(
    service: string,
    readonly status: number,
    request: string,
  ) {
    super(`${service} answered ${status} to ${request}`);
  }
}

export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

export interface CallOptions {
  /** Fills the template's parameters, `/cart/:id`. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeoutMs?: number;
  /** How often this request has been sent before. */
  readonly resendCount?: number;
}

/** Asks another service and returns its JSON. */
export async function call<T>(service: string, method: 'GET' | 'POST', template: string, options: CallOptions = {}): Promise<T> {
  const path = template.replace(/:(\w+)/g, (_, name) => encodeURIComponent(options.params?.[name] ?? ''));
  const url = new URL(path, addressOf(service));
  url.search = new URLSearchParams(options.query).toString();
  const details = {
    ...codeAttributes(call),
    'url.template': template,
    'peer.service': service,
    'http.request.resend_count': options.resendCount || undefined,
  };
  const abort = new AbortController();
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const headers = { 'content-type': 'application/json' };
  const answer = withSpanDetails(details, () => fetch(url, { method, body, headers, signal: abort.signal }));
  const limit = options.timeoutMs ?? 10_000;
  const timer = setTimeout(() => abort.abort(new TimeoutError(`${service} did not answer within ${limit} ms`)), limit);
  try {
    const response = await answer;
    if (!response.ok) throw new UpstreamError(service, response.status, `${method} ${template}`);
    return (await response.json()) as T;
  } finally {
    clearTimeout(timer);
  }
}

/** An app with JSON bodies; the answer names the trace, so that a person can look it up. */
export function createApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json());
  app.use((_request: Request, response: Response, next: NextFunction) => {
    const traceId = trace.getActiveSpan()?.spanContext().traceId;
    if (traceId) response.setHeader('x-trace-id', traceId);
    next();
  });
  return app;
}

/** The last handler of an app: what nobody caught is recorded on the request's span and answered with 500. */
export function answerFailures(app: Express): Express {
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const span = trace.getActiveSpan();
    if (span) recordFailure(span, error);
    response.status(500).json({ error: error instanceof Error ? error.message : String(error) });
  });
  return app;
}
