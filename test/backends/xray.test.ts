/** The X-Ray backend against moto's X-Ray, through the real AWS SDK: segments that it was given are found, filtered here, and come back. */
import { PutTraceSegmentsCommand, XRayClient } from '@aws-sdk/client-xray';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EngineService } from '../../src/app/engine/engineService';
import { pagesOfBackend } from '../../src/app/traces/tracePages';
import { XRayBackend } from '../../src/backends/xray/xray';
import { parseQuery } from '../../src/core/query/parse';
import { backendContext, firstPage } from '../support/backend';
import { InProcessEngine } from '../support/inProcessEngine';
import { decodedSpans } from '../support/plainSpans';
import { findMoto, startMoto } from './servers/motoServer.mjs';

const moto: { path?: string; reason?: string } = findMoto();
if (moto.path === undefined) console.warn(`No moto: ${moto.reason}`);

describe.skipIf(moto.path === undefined)("moto's X-Ray", () => {
  let server: { readonly url: string; stop(): Promise<void> };
  const seconds = Math.floor(Date.now() / 1000) - 600;
  const trace = (number: number): string => `1-${seconds.toString(16)}-${number.toString(16).padStart(24, '0')}`;
  const backend = (): XRayBackend =>
    new XRayBackend(backendContext({ name: 'moto', type: 'xray', url: server.url, options: { region: 'eu-central-1' } }));

  beforeAll(async () => {
    server = await startMoto(moto.path);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    const client = new XRayClient({ region: 'eu-central-1', endpoint: server.url });
    for (let number = 1; number <= 23; number++) {
      const segment = {
        trace_id: trace(number),
        id: number.toString(16).padStart(16, '0'),
        name: number % 2 === 0 ? 'cart' : 'shop',
        start_time: seconds + number,
        end_time: seconds + number + 0.25,
        annotations: { number },
        metadata: { default: { 'http.route': `/items/${number}` } },
        ...(number === 7 ? { fault: true, cause: { exceptions: [{ id: 'e', type: 'Broken', message: 'no' }] } } : {}),
        subsegments: [
          {
            id: `f${number.toString(16).padStart(15, '0')}`,
            name: 'inner',
            start_time: seconds + number,
            end_time: seconds + number + 0.1,
          },
        ],
      };
      await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: [JSON.stringify(segment)] }));
    }
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await server?.stop();
  });

  it('lists traces by their summaries, a page after the other, newest first', async () => {
    const page = await firstPage(backend().find(parseQuery('{}'), { pageSize: 10 }));
    expect(page).toMatchObject({ isWhole: false, pushDown: { exact: [], superset: [], here: [] } });
    expect(page.traces).toHaveLength(10);
    const rest = await firstPage(backend().find(parseQuery('{}'), { pageSize: 100, cursor: page.cursor }));
    expect(new Set([...page.traces, ...rest.traces].map(({ traceId }) => traceId)).size).toBe(23);
    expect(rest.cursor).toBeUndefined();
  });

  it.each([
    ['{ resource.service.name = "cart" }', [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]],
    ['{ status = error }', [7]],
    ['{ span.number > 20 && span.http.route = "/items/21" }', [21]],
    ['{ name = "inner" && duration > 200ms }', []],
    ['{ event.exception.type = "Broken" }', [7]],
    ['{ resource.service.name = "shop" && name = "inner" }', [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]],
  ])('finds what %s says, although moto takes no filters', async (text, numbers) => {
    const inProcess = new InProcessEngine();
    await inProcess.call('configure', { redactKeys: [], redactPatterns: [], captureLogBytes: 1 });
    const engine: Pick<EngineService, 'call'> = { call: (method, params) => inProcess.call(method, params) };
    const found: string[] = [];
    for await (const page of pagesOfBackend(
      engine,
      backend(),
      'backend:moto',
      { query: parseQuery(text), pageSize: 50 },
      undefined,
    )) {
      expect(page.pushDown?.superset).toEqual([]);
      found.push(...page.traces.map(({ traceId }) => traceId));
    }
    expect(found.sort()).toEqual(numbers.map((number) => trace(number).slice(2).replace('-', '')).sort());
  });

  it('gives a trace back as it was sent, and says of another that it is not there', async () => {
    const id = trace(7).slice(2).replace('-', '');
    const { bodies, partial } = await backend().get(id);
    expect(partial).toBeUndefined();
    expect(bodies.flatMap((body) => decodedSpans(body))).toMatchObject([{ name: 'shop' }, { name: 'inner' }]);
    await expect(backend().get('5'.repeat(32))).rejects.toMatchObject({ kind: 'NotFound' });
  });

  it('tells where it is', async () => {
    expect(await backend().describe()).toEqual({ product: 'AWS X-Ray in eu-central-1', services: 0 });
  });
});
