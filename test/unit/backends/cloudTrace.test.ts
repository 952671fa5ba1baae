// The Cloud Trace backend with Google's own library, against a server made of the API's published definition.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CloudTraceBackend } from '../../../src/backends/cloudtrace/cloudTrace';
import type { BackendSettings } from '../../../src/backends/common/backend';
import { HttpTransport } from '../../../src/backends/common/httpTransport';
import type { Transport } from '../../../src/backends/common/transport';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext, firstPage } from '../../support/backend';
import { type CloudSpan, CloudTraceServer, type GoogleError } from '../../support/cloudTraceServer';
import { decodedSpans } from '../../support/plainSpans';
import { searched } from '../../support/search';

const nowMs = Date.UTC(2026, 10, 20, 12);
const at = (seconds: number): string => new Date(nowMs + seconds * 1000).toISOString();
const traceId = (number: number): string => number.toString(16).padStart(32, 'a');
const span = (number: number, more: Partial<CloudSpan> = {}): CloudSpan => ({
  spanId: String(14_476_845_006_702_390_000n + BigInt(number)),
  name: '/checkout',
  kind: 'RPC_SERVER',
  startTime: at(-60 - number),
  endTime: at(-59 - number),
  ...more,
});
const trace = (number: number, ...spans: CloudSpan[]) => ({ projectId: 'demo-project', traceId: traceId(number), spans });

let server: CloudTraceServer;
let folder: string;
/** What is asked of Google's accounts goes to the test's server, too. */
const overLoopback: Transport = {
  request(request, signal) {
    const url = request.url.replace(/^https:\/\/(?:oauth2|iamcredentials)\.googleapis\.com/, server.url);
    return new HttpTransport({ timeoutMs: 5000, maxBytes: 64 << 20, retries: 0 }).request({ ...request, url }, signal);
  },
};
const backend = (options: BackendSettings['options'] = {}, transport = overLoopback): CloudTraceBackend =>
  new CloudTraceBackend(
    backendContext({ name: 'prod', type: 'cloudtrace', url: server.url, options }, { nowMs: () => nowMs, transport }),
  );
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

beforeEach(async () => {
  server = await new CloudTraceServer().start();
  folder = mkdtempSync(join(tmpdir(), 'spanhop-google-'));
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file('key.json', server.keyFile()));
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', '');
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await server.stop();
});

describe('a search of Cloud Trace', () => {
  it('gets whole traces, a page after the other, the latest first, as the service account', async () => {
    server.traces = Array.from({ length: 5 }, (_, i) => trace(i + 1, span(i + 1)));
    const { traceIds, pages } = await searched(backend(), '{}', 2);
    expect(traceIds).toEqual([1, 2, 3, 4, 5].map(traceId));
    expect(pages.map(({ traces }) => traces.length)).toEqual([2, 2, 1]);
    expect(server.requests[0]).toMatchObject({
      path: '/v1/projects/demo-project/traces',
      query: {
        view: 'COMPLETE',
        pageSize: '2',
        orderBy: 'start desc',
        startTime: '2026-11-19T12:01:00.000000000Z',
        endTime: '2026-11-20T12:01:00.000000000Z',
      },
    });
    expect(server.requests[1].query.pageToken).toBe('t2');
    expect(server.claims).toMatchObject([
      { scope: 'https://www.googleapis.com/auth/trace.readonly', iss: expect.stringContaining('reader@') },
    ]);
  });

  const errors = [
    'label:/error/message',
    'label:/error/name',
    '/http/status_code:5',
    'http.response.status_code:5',
    'http.status_code:5',
  ];
  const services = [
    'service.name',
    'g.co/gae/app/module',
    'g.co/r/generic_task/job',
    'g.co/r/cloud_run_revision/service_name',
    'g.co/r/gae_app/module_id',
  ];
  const cases: [query: string, filters: readonly (string | undefined)[], numbers: readonly number[]][] = [
    ['{ name = "query" }', ['+span:query'], [3]],
    ['{ name =~ "/chec.*" && duration > 1500ms }', ['span:/chec latency:1500000000ns'], [2]],
    ['{ rootName = "GET /a b" }', ['+root:"GET /a b"'], [5]],
    ['{ span.tenant = "a\\"c me" }', ['+tenant:"a\\"c me"'], [4]],
    ['{ span.tenant != nil }', ['label:tenant'], [1, 4]],
    ['{ span.http.request.method = "GET" }', ['+/http/method:GET', '+http.request.method:GET'], [1, 2]],
    ['{ span.http.response.status_code = 503 }', ['+/http/status_code:503', '+http.response.status_code:503'], [1]],
    ['{ span.tenant = "acme" || span.tenant = "other" }', ['+tenant:acme', '+tenant:other'], [1]],
    ['{ status = error }', errors, [1, 3]],
    ['{ resource.service.name = "cart" }', services.map((label) => `+${label}:cart`), [2, 3]],
    ['{ resource.service.name = "cart" && span.http.request.method = "GET" }', services.map((label) => `+${label}:cart`), [2]],
    ['{ span.count > 3 }', [undefined], []],
    ['{ resource.k8s.pod.name = "p" }', [undefined], [3]],
    ['{ kind = client }', [undefined], [3]],
    ['{ span.root = "x" }', [undefined], []],
  ];
  it.each(cases)('finds %s', async (query, filters, numbers) => {
    server.traces = [
      trace(1, span(1, { labels: { '/http/method': 'GET', '/http/status_code': '503', tenant: 'acme' } })),
      trace(2, span(2, { endTime: at(-58), labels: { 'http.request.method': 'GET', 'service.name': 'cart' } })),
      trace(
        3,
        span(3),
        span(33, {
          parentSpanId: span(3).spanId,
          name: 'query',
          kind: 'RPC_CLIENT',
          labels: { '/error/name': 'E', 'g.co/r/generic_task/job': 'cart', 'g.co/r/k8s_container/pod_name': 'p' },
        }),
      ),
      trace(4, span(4, { name: 'other', labels: { tenant: 'a"c me' } })),
      trace(5, span(5, { name: 'GET /a b' })),
    ];
    const { traceIds, pages } = await searched(backend(), query);
    expect([...traceIds].sort()).toEqual(numbers.map(traceId).sort());
    expect(server.requests.map(({ query: { filter } }) => filter)).toEqual(filters);
    expect(pages).toHaveLength(filters.length);
  });

  it('asks for fewer traces where a page would be too large', async () => {
    server.traces = Array.from({ length: 4 }, (_, i) => trace(i + 1, span(i + 1, { labels: { long: 'x'.repeat(3 << 20) } })));
    const { traceIds } = await searched(backend(), '{}', 4);
    expect(traceIds).toHaveLength(4);
    expect(server.requests.map(({ query: { pageSize } }) => pageSize)).toEqual(['4', '2', '2']);
  });

  it('finds the next page behind a trace that is larger than pages are', async () => {
    server.traces = Array.from({ length: 3 }, (_, i) => trace(i + 1, span(i + 1, { labels: { long: 'x'.repeat(9 << 20) } })));
    expect((await searched(backend(), '{}', 1)).traceIds).toEqual([1, 2, 3].map(traceId));
    expect(server.requests.map(({ query: { pageToken } }) => pageToken)).toEqual([undefined, 't1', 't2']);
  });

  it.each(['nonsense', '[]', '["a","b",0]', '["1","2",-1]'])('begins anew where a cursor is none: %s', async (cursor) => {
    server.traces = [trace(1, span(1))];
    expect((await firstPage(backend().find(parseQuery('{}'), { pageSize: 5, cursor }))).bodies).toHaveLength(1);
  });
});

it('tells services, names and attributes of the latest traces', async () => {
  server.traces = [
    trace(1, span(1, { labels: { 'service.name': 'shop', '/http/status_code': '200' } })),
    trace(2, span(2, { name: 'pay', labels: { 'g.co/gae/app/module': 'cart', tenant: 'acme' } })),
  ];
  const one = backend();
  expect(await one.describe()).toEqual({ product: 'Google Cloud Trace of demo-project', services: 2 });
  expect(await one.services()).toEqual(['cart', 'shop']);
  expect(await one.operations('cart')).toEqual(['pay']);
  expect(await one.tags()).toEqual(['resource.service.name', 'span.http.response.status_code', 'span.tenant']);
  expect(await one.tagValues('span.http.response.status_code')).toEqual([200]);
  expect(await one.tagValues('resource.service.name')).toEqual(['shop', 'cart']);
});

it('gives a trace, with its 64-bit ids, and says of another that it is not there', async () => {
  server.traces = [trace(1, span(1), span(2, { parentSpanId: span(1).spanId }))];
  const { bodies } = await backend().get(traceId(1));
  expect(bodies.flatMap((body) => decodedSpans(body))).toMatchObject([
    { spanId: 'c8e815d4fce22af1', parentSpanId: '' },
    { spanId: 'c8e815d4fce22af2', parentSpanId: 'c8e815d4fce22af1' },
  ]);
  await expect(backend().get(traceId(9))).rejects.toMatchObject({
    kind: 'NotFound',
    message: expect.stringContaining('demo-project'),
  });
});

describe("Google's credentials", () => {
  it('are renewed where a token is not taken any more', async () => {
    const one = backend();
    await one.services();
    server.tokens.clear();
    server.tokens.add('none');
    await one.services();
    expect(server.claims).toHaveLength(2);
  });

  it('of a user count for the project that they name, or that is set', async () => {
    const user = {
      type: 'authorized_user',
      client_id: 'c',
      client_secret: 's',
      refresh_token: 'good',
      quota_project_id: 'billed',
    };
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file('user.json', JSON.stringify(user)));
    await backend({ projectId: 'demo-project' }).services();
    await backend({ projectId: 'demo-project', quotaProject: 'other-one' }).services();
    expect(server.requests.map(({ headers }) => headers['x-goog-user-project'])).toEqual(['billed', 'other-one']);
  });

  it('may be those of an account that is impersonated', async () => {
    const impersonated = {
      type: 'impersonated_service_account',
      service_account_impersonation_url:
        'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/other@x.iam:generateAccessToken',
      source_credentials: { type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'good' },
      delegates: [],
    };
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file('i.json', JSON.stringify(impersonated)));
    await backend({ projectId: 'demo-project' }).services();
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer ya29.impersonated-of-the-test']);
  });

  it('may come from a file of the settings, unless that says what to run or to read', async () => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '');
    await backend({ credentialsFile: file('k.json', server.keyFile()) }).services();
    const external = {
      type: 'external_account',
      audience: '//iam.googleapis.com/x',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${server.url}/token`,
      credential_source: { file: '/etc/passwd' },
    };
    const options = { projectId: 'demo-project', credentialsFile: file('e.json', JSON.stringify(external)) };
    await expect(backend(options).services()).rejects.toMatchObject({
      kind: 'Unauthorized',
      message: expect.stringMatching(/^The "credentialsFile" is neither/),
    });
    expect(server.claims).toHaveLength(1);
  });

  it('go to nobody but Google and this machine', async () => {
    const settings = { name: 'x', type: 'cloudtrace', url: 'https://evil.example', options: { projectId: 'demo-project' } };
    const seen: string[] = [];
    // As the real one, but for the network.
    const transport: Transport = {
      async request({ url, authorize, method, headers = {} }, signal = new AbortController().signal) {
        if (authorize) seen.push(JSON.stringify(await authorize({ url: new URL(url), method, headers }, signal)));
        return overLoopback.request({ url, method, headers }, signal);
      },
    };
    const one = new CloudTraceBackend(backendContext(settings, { nowMs: () => nowMs, transport }));
    await expect(one.services()).rejects.toMatchObject({
      kind: 'Unauthorized',
      message: expect.stringContaining('evil.example'),
    });
    expect([seen, server.claims]).toEqual([[], []]);
  });

  it.each([
    [
      'there are none',
      { GOOGLE_APPLICATION_CREDENTIALS: '', HOME: '/nonexistent' },
      /^There are no Google credentials. Run "gcloud auth/,
    ],
    [
      'the file is not there',
      { GOOGLE_APPLICATION_CREDENTIALS: '/nonexistent.json' },
      /^The file with Google's credentials cannot be read/,
    ],
  ])('%s', async (_, env, message) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    await expect(backend({ projectId: 'demo-project' }).services()).rejects.toMatchObject({
      kind: 'Unauthorized',
      message: expect.stringMatching(message),
    });
  });

  it('that were revoked are to be got anew', async () => {
    server.tokenError = { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' };
    await expect(backend().services()).rejects.toMatchObject({
      kind: 'Unauthorized',
      message: expect.stringMatching(/revoked. Run "gcloud auth/),
    });
  });

  it('are not asked for where nobody is to prove anything', async () => {
    await expect(backend({ projectId: 'demo-project', auth: 'none' }).services()).rejects.toMatchObject({ kind: 'Unauthorized' });
    expect(server.claims).toEqual([]);
    await expect(backend({ auth: 'none' }).services()).rejects.toMatchObject({
      message: '"prod" has no project. Set its "projectId".',
    });
  });
});

const permission = 'The caller does not have permission';
const refusals: [what: string, error: GoogleError, kind: string, message: RegExp][] = [
  [
    'a missing permission',
    { code: 403, status: 'PERMISSION_DENIED', message: permission },
    'Unauthorized',
    /cloudtrace\.traces\.list.*roles\/cloudtrace\.user/,
  ],
  [
    'an API that is not enabled',
    {
      code: 403,
      status: 'PERMISSION_DENIED',
      message: 'Cloud Trace API has not been used',
      details: [{ '@type': 'x' }, { reason: 'SERVICE_DISABLED' }],
    },
    'Unauthorized',
    /not enabled in the project demo-project\. Run "gcloud services enable/,
  ],
  [
    'a missing quota project',
    { code: 403, status: 'PERMISSION_DENIED', message: 'requires a quota project, which is not set' },
    'Unauthorized',
    /Set "quotaProject"/,
  ],
  [
    'other scopes',
    { code: 403, status: 'PERMISSION_DENIED', message: 'Request had insufficient authentication scopes.' },
    'Unauthorized',
    /scopes/,
  ],
  ['no quota', { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded' }, 'Unreachable', /no quota left/],
  [
    'a bad request',
    { code: 400, status: 'INVALID_ARGUMENT', message: 'Invalid filter' },
    'BadQuery',
    /does not take the request: Invalid filter\.$/,
  ],
  ['an error of the server', { code: 500, status: 'INTERNAL', message: 'Internal error' }, 'BadData', /answered: Internal error/],
];
it.each(refusals)('says in a sentence what is wrong: %s', async (_, error, kind, message) => {
  server.troubles = [error];
  await expect(backend().services()).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
});
