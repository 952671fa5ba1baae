// What X-Ray and the AWS SDK say when something is wrong, as sentences for a person; and what is mended without one.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HttpTransport } from '../../../src/backends/common/httpTransport';
import { XRayBackend } from '../../../src/backends/xray/xray';
import { problemOf } from '../../../src/backends/xray/xrayProblems';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext, firstPage } from '../../support/backend';
import { XRayServer } from '../../support/xrayServer';

let server: XRayServer;
beforeEach(async () => {
  server = await new XRayServer().start();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

const backend = (url = server.url): XRayBackend =>
  new XRayBackend(
    backendContext(
      { name: 'prod', type: 'xray', url, options: { region: 'eu-central-1' } },
      { transport: new HttpTransport({ timeoutMs: 5000, maxBytes: 1 << 20, retries: 0 }) },
    ),
  );

it.each([
  [
    'AccessDeniedException',
    403,
    'User: arn:aws:iam::1:user/ann is not authorized to perform: xray:GetServiceGraph',
    'Unauthorized',
    /^The AWS credentials may not use xray:GetServiceGraph\. .*AWSXrayReadOnlyAccess/,
  ],
  [
    'ExpiredTokenException',
    403,
    'The security token included in the request is expired',
    'Unauthorized',
    /^The AWS credentials have expired/,
  ],
  ['UnrecognizedClientException', 403, 'The security token is invalid.', 'Unauthorized', /^AWS does not know the credentials/],
  [
    'InvalidSignatureException',
    403,
    'The request signature we calculated does not match',
    'Unauthorized',
    /^AWS does not know the credentials/,
  ],
  [
    'InvalidSignatureException',
    403,
    'Signature not yet current: 20261129T120000Z is still later than',
    'Unauthorized',
    /^The clock of this machine is off/,
  ],
  ['ThrottledException', 429, 'Rate exceeded', 'Unreachable', /asked too often now/],
  ['InvalidRequestException', 400, 'Time range is too long', 'BadQuery', /does not take the request: Time range is too long\.$/],
  ['InternalFailure', 500, 'oops', 'BadData', /answered: oops\.$/],
])('%s (%i) is told: %s', async (type, status, message, kind, sentence) => {
  server.trouble = { status, type, message };
  await expect(backend().services()).rejects.toMatchObject({ kind, message: expect.stringMatching(sentence) });
});

it.each([
  [
    'The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.',
    'dev',
    /Run "aws sso login --profile dev"/,
  ],
  [
    "Token is expired. To refresh this SSO session run 'aws sso login' with the corresponding profile.",
    undefined,
    /Run "aws sso login" in a terminal/,
  ],
  ['Could not load credentials from any providers', undefined, /^There are no AWS credentials\. Run "aws configure"/],
  ['Could not load credentials from any providers', 'dev', /^AWS has no credentials of the profile "dev"/],
  [
    'Profile dev returned non-JSON',
    'dev',
    /^The AWS credentials of the profile "dev" cannot be had: Profile dev returned non-JSON\.$/,
  ],
])('credentials that are missing are told with what to do: %s', (message, profile, sentence) => {
  const error = Object.assign(new Error(message), { name: 'CredentialsProviderError' });
  expect(problemOf(error, 'AWS X-Ray', profile)).toMatchObject({
    kind: 'Unauthorized',
    message: expect.stringMatching(sentence),
  });
});

it('corrects a clock that is off by what the server says', async () => {
  server.clockMs = 40 * 60_000;
  expect(await backend().services()).toEqual([]);
  expect(server.asked('/ServiceGraph')).toHaveLength(2);
});

it('takes credentials that were renewed meanwhile', async () => {
  const one = backend();
  await one.services();
  server.accessKey = 'AKIDNEW';
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDNEW');
  await one.services();
  expect(server.asked('/ServiceGraph')).toHaveLength(3);
});

it('asks nothing while a password stands in the address', async () => {
  const settings = { name: 'prod', type: 'xray', url: server.url, hasUserInfo: true, options: { region: 'eu-central-1' } };
  await expect(new XRayBackend(backendContext(settings)).services()).rejects.toMatchObject({
    kind: 'Unauthorized',
    message: expect.stringContaining('Remove it'),
  });
  expect(server.requests).toEqual([]);
});

it('says which region is missing', async () => {
  const none = new XRayBackend(backendContext({ name: 'prod', type: 'xray', url: server.url }));
  await expect(none.describe()).rejects.toMatchObject({
    message: 'AWS X-Ray ("prod") has no region. Set the backend\'s "region", or that of the AWS profile.',
  });
});

it('goes on being refused where a filter is not what is wrong', async () => {
  server.trouble = { status: 400, type: 'InvalidRequestException', message: 'No' };
  const pages = backend().find(parseQuery('{ resource.service.name = "a" }'), { pageSize: 5 });
  await expect(firstPage(pages)).rejects.toMatchObject({ kind: 'BadQuery' });
});

it('tells nobody of a token that a server repeats', async () => {
  vi.stubEnv('AWS_SESSION_TOKEN', 'FwoGZXIvYXdzEBYaDsecret');
  const echoing = createServer(({ headers }, response) => {
    const message = `bad ${headers['x-amz-security-token']} in ${headers.authorization}`;
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
  });
  await new Promise<void>((resolve) => echoing.listen(0, '127.0.0.1', resolve));
  const error: unknown = await backend(`http://127.0.0.1:${(echoing.address() as AddressInfo).port}`)
    .services()
    .catch((thrown: unknown) => thrown);
  echoing.close();
  expect(error).toMatchObject({ kind: 'BadData', message: expect.stringContaining('bad ***') });
  expect(JSON.stringify(error)).not.toMatch(/secret|Signature=[0-9a-f]/);
});

describe('a server that hangs', () => {
  it('is left at once when nobody waits any more', async () => {
    let arrive = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const hanging = createServer(() => arrive());
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const controller = new AbortController();
    const asked = backend(`http://127.0.0.1:${(hanging.address() as AddressInfo).port}`).services(controller.signal);
    await arrived;
    const closed = new Promise<void>((resolve) => hanging.close(() => resolve()));
    controller.abort();
    await expect(asked).rejects.toMatchObject({ kind: 'Cancelled' });
    // Its connection goes, too: what was asked is asked no more.
    await closed;
  });
});
