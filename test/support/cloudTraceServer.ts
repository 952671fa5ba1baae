/**
 * A server that speaks version 1 of Cloud Trace's API as its definition has it: filters, pages by tokens, errors; and the token endpoint of Google's
 * accounts, which checks the signature of a service account's claim.
 * Sources: googleapis google/devtools/cloudtrace/v1/trace.proto; cloud.google.com/trace, "Trace filters"; RFC 7523.
 */

import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CloudSpan {
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind?: string;
  readonly name: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface CloudTraceOfServer {
  readonly projectId: string;
  readonly traceId: string;
  readonly spans: readonly CloudSpan[];
}

export interface CloudTraceSeen {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
}

/** An error as Google's APIs answer it. */
export interface GoogleError {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details?: readonly unknown[];
}

/** A service account's: making one takes a quarter of a second. */
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

class Refusal extends Error {
  constructor(readonly error: GoogleError) {
    super(error.message);
  }
}

class TokenRefusal extends Error {
  constructor(readonly error: NonNullable<CloudTraceServer['tokenError']>) {
    super(error.error);
  }
}

const badGrant = new TokenRefusal({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' });
const invalid = (message: string): Refusal => new Refusal({ code: 400, status: 'INVALID_ARGUMENT', message });

export class CloudTraceServer {
  readonly requests: CloudTraceSeen[] = [];
  traces: CloudTraceOfServer[] = [];
  /** Nobody has to prove anything. */
  isOpen = false;
  /** Tokens that were given out and hold. */
  readonly tokens = new Set<string>();
  /** Claims that were made for a token. */
  readonly claims: Readonly<Record<string, unknown>>[] = [];
  /** The next answers are these errors. */
  troubles: GoogleError[] = [];
  /** The answer of the token endpoint, where it is an error. */
  tokenError: { readonly error: string; readonly error_description: string } | undefined;
  private readonly server = createServer((request, response) => {
    this.take(request).then(
      (answer) => response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(answer)),
      (thrown: unknown) => {
        if (thrown instanceof TokenRefusal) {
          response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(thrown.error));
          return;
        }
        const error = thrown instanceof Refusal ? thrown.error : { code: 500, status: 'INTERNAL', message: String(thrown) };
        response.writeHead(error.code, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify({ error }));
      },
    );
  });

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

  /** The file of a service account's key, as it is downloaded. */
  keyFile(): string {
    return JSON.stringify({
      type: 'service_account',
      project_id: 'demo-project',
      private_key_id: 'k1',
      private_key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: 'reader@demo-project.iam.gserviceaccount.com',
      client_id: '1',
      token_uri: 'https://oauth2.googleapis.com/token',
    });
  }

  private async take(request: IncomingMessage): Promise<unknown> {
    const url = new URL(request.url ?? '', 'http://localhost');
    let body = '';
    for await (const chunk of request) body += chunk;
    if (url.pathname === '/token') return this.token(new URLSearchParams(body));
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (url.pathname.endsWith(':generateAccessToken') && token !== undefined && this.tokens.has(token)) {
      this.tokens.add('ya29.impersonated-of-the-test');
      return { accessToken: 'ya29.impersonated-of-the-test', expireTime: new Date(Date.now() + 3_600_000).toISOString() };
    }
    const query = Object.fromEntries(url.searchParams);
    this.requests.push({ path: url.pathname, query, headers: request.headers });
    if (!this.isOpen && (token === undefined || !this.tokens.has(token)))
      throw new Refusal({ code: 401, status: 'UNAUTHENTICATED', message: 'Request had invalid authentication credentials.' });
    const trouble = this.troubles.shift();
    if (trouble) throw new Refusal(trouble);
    const [, project, , traceId] = /^\/v1\/projects\/([^/]+)\/traces(\/([0-9a-f]{32}))?$/.exec(url.pathname) ?? [];
    if (project === undefined) throw new Refusal({ code: 404, status: 'NOT_FOUND', message: 'Not found' });
    const own = this.traces.filter(({ projectId }) => projectId === decodeURIComponent(project));
    if (traceId === undefined) return this.list(own, query);
    const trace = own.find((one) => one.traceId === traceId);
    if (!trace) throw new Refusal({ code: 404, status: 'NOT_FOUND', message: 'Resource not found.' });
    return trace;
  }

  private token(form: URLSearchParams): unknown {
    if (this.tokenError) throw new TokenRefusal(this.tokenError);
    if (form.get('grant_type') === 'refresh_token') {
      if (form.get('refresh_token') !== 'good') throw badGrant;
      return this.given();
    }
    const [head, claim, signature] = (form.get('assertion') ?? '').split('.');
    const key = createPublicKey(keys.publicKey.export({ type: 'spki', format: 'pem' }));
    if (!verify('RSA-SHA256', Buffer.from(`${head}.${claim}`), key, Buffer.from(signature, 'base64url'))) throw badGrant;
    this.claims.push(JSON.parse(Buffer.from(claim, 'base64url').toString()));
    return this.given();
  }

  private given(): unknown {
    const access_token = `ya29.token-${this.tokens.size + 1}-of-the-test`;
    this.tokens.add(access_token);
    return { access_token, expires_in: 3600, token_type: 'Bearer' };
  }

  private list(traces: readonly CloudTraceOfServer[], query: Readonly<Record<string, string>>): unknown {
    const { view = 'MINIMAL', pageSize = '100', pageToken, startTime = '', endTime = '9999', filter = '', orderBy } = query;
    if (orderBy !== undefined && !/^(?:trace_id|name|duration|start)(?: desc)?$/.test(orderBy)) throw invalid('Invalid order_by');
    const terms = termsOf(filter);
    const found = traces
      .filter((trace) => {
        const starts = trace.spans.map((span) => span.startTime);
        return starts.some((start) => start >= startTime && start <= endTime) && terms.every((term) => matches(trace, term));
      })
      .sort((a, b) => (rootsOf(a)[0]?.startTime < rootsOf(b)[0]?.startTime ? 1 : -1));
    const offset = pageToken === undefined ? 0 : Number(/^t(\d+)$/.exec(pageToken)?.[1] ?? Number.NaN);
    if (Number.isNaN(offset)) throw invalid('Invalid page token');
    const size = Number(pageSize);
    const page = found.slice(offset, offset + size).map((trace) => {
      if (view === 'COMPLETE') return trace;
      return { projectId: trace.projectId, traceId: trace.traceId, ...(view === 'ROOTSPAN' ? { spans: rootsOf(trace) } : {}) };
    });
    return {
      ...(page.length > 0 ? { traces: page } : {}),
      ...(offset + size < found.length ? { nextPageToken: `t${offset + size}` } : {}),
    };
  }
}

interface Term {
  readonly isExact: boolean;
  readonly key: string;
  readonly value: string;
}

function termsOf(filter: string): Term[] {
  const terms: Term[] = [];
  const term = /\s*(\+?)([^\s:"+][^\s:"]*):(?:"((?:[^"\\]|\\.)*)"|([a-zA-Z0-9./_][a-zA-Z0-9./_-]*))(?=\s|$)/gy;
  let at = 0;
  for (let found = term.exec(filter); found; found = term.exec(filter)) {
    terms.push({ isExact: found[1] === '+', key: found[2], value: found[3]?.replace(/\\(.)/g, '$1') ?? found[4] });
    at = term.lastIndex;
  }
  if (filter.slice(at).trim() !== '') throw invalid(`Invalid filter: ${filter.slice(at)}`);
  return terms;
}

function rootsOf({ spans }: CloudTraceOfServer): CloudSpan[] {
  return spans.filter(({ parentSpanId = '0' }) => parentSpanId === '0');
}

function matches(trace: CloudTraceOfServer, { isExact, key, value }: Term): boolean {
  const fits = (text: string | undefined): boolean => text !== undefined && (isExact ? text === value : text.startsWith(value));
  switch (key) {
    case 'root':
      return rootsOf(trace).some(({ name }) => fits(name));
    case 'span':
      return trace.spans.some(({ name }) => fits(name));
    case 'label':
      return trace.spans.some(({ labels = {} }) => value in labels);
    case 'latency': {
      const [, number, unit = 'ms'] = /^(\d+)(ns|ms|s)?$/.exec(value) ?? [];
      if (number === undefined) throw invalid('Invalid latency');
      const wanted = Number(number) * { ns: 1e-6, ms: 1, s: 1000 }[unit as 'ns' | 'ms' | 's'];
      return rootsOf(trace).some(({ startTime, endTime }) => Date.parse(endTime) - Date.parse(startTime) >= wanted);
    }
    default: {
      const label = key === 'method' || key === 'url' ? `/http/${key}` : key;
      return trace.spans.some(({ labels = {} }) => fits(labels[label]));
    }
  }
}
