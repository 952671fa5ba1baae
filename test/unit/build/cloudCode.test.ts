// The clouds' libraries as they are packaged: minified, in files of their own, which find each other where they are loaded one by one.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Backend, BackendContext } from '../../../src/backends/common/backend';
import { HttpTransport } from '../../../src/backends/common/httpTransport';
import type { Transport } from '../../../src/backends/common/transport';
import { buildAll } from '../../../src/build/build.mjs';
import { backendContext } from '../../support/backend';
import { CloudTraceServer } from '../../support/cloudTraceServer';
import { XRayServer } from '../../support/xrayServer';

const folder = mkdtempSync(join(tmpdir(), 'spanhop-clouds-'));
const dist = join(folder, 'dist');
const xray = new XRayServer();
const google = new CloudTraceServer();

beforeAll(async () => {
  await Promise.all([buildAll({ production: true, quiet: true, dist }), xray.start(), google.start()]);
}, 120_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await Promise.all([xray.stop(), google.stop()]);
});

/** The class out of the file that is loaded when such a backend is used. */
function packaged(name: string, file: string): new (context: BackendContext) => Backend {
  const found = readdirSync(dist).filter((each) => new RegExp(`^extension-${file}-[A-Z0-9]{8}\\.js$`).test(each));
  const loaded = found.map((each) => createRequire(import.meta.url)(join(dist, each))).find((module) => name in module);
  return loaded[name];
}

const transport: Transport = {
  request(request, signal) {
    const url = request.url.replace('https://oauth2.googleapis.com', google.url);
    return new HttpTransport({ timeoutMs: 5000, maxBytes: 1 << 20, retries: 0 }).request({ ...request, url }, signal);
  },
};

it('read X-Ray with the credentials and the region of a profile, and by a program that tells them', async () => {
  const config = join(folder, 'config');
  const tell = `${process.execPath} -e 'console.log(JSON.stringify({Version:1,AccessKeyId:"AKIDTEST",SecretAccessKey:"s"}))'`;
  writeFileSync(
    config,
    [
      '[profile keys]\nregion = eu-west-1\naws_access_key_id = AKIDTEST\naws_secret_access_key = secret',
      `[profile told]\nregion = us-gov-west-1\ncredential_process = ${tell}`,
      '[profile sso]\nregion = eu-west-1\nsso_session = s\nsso_account_id = 1\nsso_role_name = r',
      '[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start',
    ].join('\n'),
  );
  vi.stubEnv('AWS_CONFIG_FILE', config);
  vi.stubEnv('HOME', folder);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, '');
  const XRayBackend = packaged('XRayBackend', 'xray');
  const describe = (profile: string, region = {}) =>
    new XRayBackend(backendContext({ type: 'xray', url: xray.url, options: { profile, ...region } }, { transport })).describe();
  expect(await describe('keys')).toEqual({ product: 'AWS X-Ray in eu-west-1', services: 0 });
  expect(await describe('told')).toEqual({ product: 'AWS X-Ray in us-gov-west-1', services: 0 });
  await expect(describe('sso')).rejects.toMatchObject({ message: expect.stringContaining('"aws sso login --profile sso"') });
  await expect(describe('nobody', { region: 'eu-west-1' })).rejects.toMatchObject({
    message: expect.stringContaining('the profile "nobody"'),
  });
});

it("read Cloud Trace as a service account, behind a proxy that is nobody's but the transport's", async () => {
  writeFileSync(join(folder, 'key.json'), google.keyFile());
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(folder, 'key.json'));
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  const CloudTraceBackend = packaged('CloudTraceBackend', 'cloudTrace');
  const backend = new CloudTraceBackend(backendContext({ type: 'cloudtrace', url: google.url }, { transport }));
  expect(await backend.describe()).toEqual({ product: 'Google Cloud Trace of demo-project', services: 0 });
});
