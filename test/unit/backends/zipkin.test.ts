// The Zipkin connector against what a real server answered.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { BackendSettings } from '../../../src/backends/common/backend';
import { ZipkinBackend } from '../../../src/backends/zipkin/zipkin';
import { ZipkinClient } from '../../../src/backends/zipkin/zipkinClient';
import { SpanhopError } from '../../../src/base/errors';
import { backendContext } from '../../support/backend';
import { failure } from '../../support/inProcessEngine';
import { decodedSpans } from '../../support/plainSpans';
import { recordedZipkin } from '../../support/recorded';
import { bodyOf, exchangesOf, onlyVariant, type ReplayServer, startReplay } from '../../support/replayServer';
import { searchBackend } from '../../support/searchBackend';
import { sharedData, sharedPath } from '../../support/sharedData';

const endMs = 1_795_267_839_000;
const window = { startUnixNano: BigInt(endMs - 600_000) * 1_000_000n, endUnixNano: BigInt(endMs) * 1_000_000n };

let replay: ReplayServer | undefined;

afterEach(async () => {
  await replay?.stop();
  replay = undefined;
});

async function recorded(use?: (name: string) => boolean, settings: Partial<BackendSettings> = {}): Promise<ZipkinBackend> {
  replay = await startReplay(sharedPath('recorded', 'zipkin-3.5'), use);
  const { url } = replay;
  return new ZipkinBackend(
    backendContext({ type: 'zipkin', ...settings, url: `${url}${settings.url ?? ''}` }, { nowMs: () => endMs }),
  );
}

const named = (names: readonly string[]): readonly string[] => {
  const traces = recordedZipkin();
  return names.map((name) => traces.find((trace) => trace.name === name)?.traceId.padStart(32, '0') ?? name);
};

describe.skipIf(sharedData === undefined)('a recorded Zipkin', () => {
  it('tells what it is, and its lists', async () => {
    const zipkin = await recorded();
    expect(await zipkin.describe()).toEqual({ version: '3.5.1', services: 10 });
    expect(await zipkin.services()).toEqual([
      'cart',
      'catalog',
      'mail worker/eu',
      'orders',
      'payment',
      'reindexer',
      'storefront',
      'unknown_service',
      'zip-api',
      'zip-web',
    ]);
    expect(await zipkin.operations('storefront')).toContain('get /products/{id}');
    expect(await zipkin.operations('Mail Worker/EU')).toContain('process orders.placed');
    expect(await zipkin.tags()).toEqual(['resource.service.name', 'span.peer.service', 'span.env', 'span.http.method']);
    expect(await zipkin.tagValues('span.http.method')).toEqual(['GET', 'POST']);
    expect(await zipkin.tagValues('span.env')).toEqual(['prod', 'stage']);
    expect(await zipkin.tagValues('resource.service.name')).toHaveLength(10);
    const calls = await zipkin.dependencies({ startMs: endMs - 600_000, endMs });
    expect(calls).toContainEqual({ parent: 'storefront', child: 'payment', calls: 14, errors: 5 });
    expect(calls).toContainEqual({ parent: 'catalog', child: 'postgres', calls: 55, errors: 0 });
  });

  it('gives a trace by its id, of either length', async () => {
    const zipkin = await recorded();
    for (const name of ['home-01', 'id-64bit', 'id-leading-zeros', 'zipkin-64', 'zipkin-shared', 'zipkin-mixed-ids']) {
      const [id] = named([name]);
      const { bodies, traceId, partial } = await zipkin.get(id);
      expect(bodies, name).toHaveLength(1);
      expect([traceId, partial], name).toEqual([undefined, undefined]);
    }
    expect(await failure(zipkin.get('deadbeefdeadbeefdeadbeefdeadbeef'))).toMatch(
      /^NotFound: "test" at \S+ has no trace deadbeefdeadbeefdeadbeefdeadbeef\. It may have expired/,
    );
    expect(replay?.unknown).toEqual([]);
  });

  it('has a base path', async () => {
    const zipkin = await recorded((name) => /^(wrong-ui-below|info|config|health)$/.test(name), { url: '/zipkin/' });
    expect(await zipkin.describe()).toEqual({ version: '3.5.1', services: 10 });
  });

  it('says that search is switched off, where an empty list alone would say that there is nothing', async () => {
    const zipkin = await recorded((name) => onlyVariant('nosearch')(name) || name === 'info' || name === 'health');
    const sentence =
      /^NotSupported: "test" at \S+ has its search switched off \(SEARCH_ENABLED=false\): it lists nothing\. Open a trace by its id\.$/;
    expect(await failure(searchBackend(zipkin, { text: '{ resource.service.name = "storefront" }', ...window }))).toMatch(
      sentence,
    );
    expect(await failure(zipkin.services())).toMatch(sentence);
    expect(await zipkin.describe()).toEqual({ version: '3.5.1', services: undefined });
    expect((await zipkin.get(named(['home-01'])[0])).bodies).toHaveLength(1);
  });

  it('has a trace of which the server knows half of the id, or joins what has the same half', async () => {
    const zipkin = await recorded(onlyVariant('strict'));
    const [whole, half] = ['3878247720201ef0363ddbaf9bf739cd', `${'0'.repeat(16)}363ddbaf9bf739cd`];
    const joined = await Promise.all([zipkin.get(whole), zipkin.get(half)]);
    expect(joined.map(({ traceId }) => traceId)).toEqual([undefined, undefined]);
    expect(joined.map(({ partial }) => partial).filter(Boolean)).toEqual([
      expect.stringMatching(/^The server joins traces whose ids end alike/),
    ]);
    const [lower] = await Promise.all([zipkin.get(`${'0'.repeat(16)}3b0fa60e85f17047`)]);
    expect(lower.traceId).toMatch(/^[0-9a-f]{16}3b0fa60e85f17047$/);
  });

  it('is empty, and no error, before anything came', async () => {
    const zipkin = await recorded((name) => /^(empty-|config$|health$)/.test(name));
    expect(await zipkin.services()).toEqual([]);
    expect((await searchBackend(zipkin, {})).traces).toEqual([]);
  });

  it.each([['wrong-server-jaeger'], ['wrong-server-tempo'], ['wrong-v1']])('knows nothing of %s', async (name) => {
    const zipkin = await recorded((each) => each === name);
    // Whatever is asked of a server that is another one ends as an error.
    expect(await failure(zipkin.services())).toMatch(/^(BadData|NotFound): /);
  });
});

describe.skipIf(sharedData === undefined)('every recorded exchange', () => {
  /** What the connector asks for at such a path. Undefined: nothing, it is no request of a connector. */
  function asked(client: ZipkinClient, path: string): Promise<unknown> | undefined {
    const { pathname, searchParams } = new URL(`http://x${path}`);
    const last = pathname.replace(/^\/zipkin(?=\/api)/, '');
    if (/^\/api\/v2\/(services|spans|remoteServices|autocompleteKeys)$/.test(last))
      return client.names(last.slice('/api/v2/'.length));
    if (last === '/api/v2/autocompleteValues') return client.values(searchParams.get('key') ?? '');
    if (last === '/api/v2/dependencies') return client.dependencies({ startMs: endMs - 600_000, endMs });
    if (last === '/api/v2/traces') return client.traces({}, { startMs: 1, endMs, limit: 10 }).then(decode);
    if (last === '/api/v2/traceMany') return client.traces({}, { startMs: 1, endMs, limit: 10 }).then(decode);
    if (/^\/api\/v2\/trace\//.test(last))
      return client.trace('68f93c5e752fa3db8489e5dc516822bf').then(({ bodies }) => decode(bodies[0]));
    if (last === '/info') return client.version();
    if (last === '/health') return client.storage();
    if (/config\.json$/.test(last)) return client.isSearchEnabled();
    // What another address, or another server, would answer.
    return last === '/' ? undefined : client.names('services');
  }

  function decode(bytes: Uint8Array): number {
    return decodedSpans(bytes).length;
  }

  it('is read, or ends as an error with what the server said', async () => {
    const exchanges = exchangesOf(sharedPath('recorded', 'zipkin-3.5'));
    expect(exchanges).toHaveLength(161);
    let current = exchanges[0];
    const server = createServer((_, response) => {
      const { status, headers } = current.response;
      const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers;
      response.writeHead(status, { 'content-type': type, 'content-encoding': encoding }).end(bodyOf(current));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new ZipkinClient(backendContext({ type: 'zipkin', url }));
    const others: string[] = [];
    for (const exchange of exchanges) {
      current = exchange;
      const { name, request, response } = exchange;
      const asking = request.method === 'GET' ? asked(client, request.path) : undefined;
      if (!asking) {
        others.push(name);
        continue;
      }
      const outcome = await asking.then(
        () => 'read',
        (error: unknown) => (error instanceof SpanhopError ? `${error.kind}: ${error.message}` : `broken: ${String(error)}`),
      );
      const isPage = name.startsWith('wrong-ui') && name !== 'wrong-ui-below';
      if ((response.status === 200 && !isPage) || name === 'config-root') {
        expect(outcome, name).toBe('read');
        continue;
      }
      expect(outcome, name).toMatch(/^(BadData|NotFound): "test" at /);
      const said = (response.body ?? '').trim();
      // A trace that is not there, and a page, in our words.
      expect(isPage || outcome.includes(said) || /^[0-9a-f]+ not found$/.test(said), `${name}: ${outcome}`).toBe(true);
    }
    server.close();
    expect(others.sort()).toEqual([
      'post-bad-id',
      'post-empty',
      'post-malformed',
      'wrong-method',
      'wrong-method-spans',
      'wrong-root',
    ]);
  });
});
