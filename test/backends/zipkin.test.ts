/** The Zipkin backend against a real Zipkin: what is found, page by page, and what differs by how it was started. Skipped where none can be had. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipkinBackend } from '../../src/backends/zipkin/zipkin';
import { backendContext } from '../support/backend';
import { failure, InProcessEngine } from '../support/inProcessEngine';
import { searchBackend } from '../support/searchBackend';
import { sharedData, sharedPath } from '../support/sharedData';
import type { ModelSpan } from '../support/zipkinModel';
import { dated, foundHere, zipkinQueries } from '../support/zipkinQueries';
import { findZipkin, startZipkin } from './servers/zipkinServer.mjs';

interface Running {
  readonly url: string;
  readonly otlp: string;
  stop(): Promise<void>;
}

const zipkin: { path?: string; reason?: string } =
  sharedData === undefined ? { reason: 'the recorded input is not here' } : findZipkin();
if (zipkin.path === undefined) console.warn(`No real Zipkin: ${zipkin.reason}`);

const endMs = 1_795_267_839_000;
const window = { startUnixNano: BigInt(endMs - 600_000) * 1_000_000n, endUnixNano: BigInt(endMs) * 1_000_000n };

/** Of 64 bits, with the same 64 bits as another of 128. */
const [whole, half] = ['3878247720201ef0363ddbaf9bf739cd', '363ddbaf9bf739cd'.padStart(32, '0')];

describe.skipIf(zipkin.path === undefined)('a real Zipkin', () => {
  const spans = (): ModelSpan[] => JSON.parse(readFileSync(sharedPath('recorded', 'input.zipkin.json'), 'utf8'));
  let server: Running | undefined;

  async function started(env: Record<string, string>): Promise<ZipkinBackend> {
    server = await startZipkin(zipkin.path, { env });
    const body = readFileSync(sharedPath('recorded', 'input.zipkin.json'));
    const sent = await fetch(server.otlp, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(sent.status).toBe(202);
    return new ZipkinBackend(backendContext({ type: 'zipkin', url: server.url }, { nowMs: () => endMs }));
  }

  describe('as it comes', () => {
    let backend: ZipkinBackend;
    beforeAll(async () => {
      backend = await started({ AUTOCOMPLETE_KEYS: 'http.method,env' });
    }, 180_000);
    afterAll(() => server?.stop());

    it('tells what it is', async () => {
      expect(await backend.describe()).toEqual({ version: '3.5.1', services: 10 });
      expect(await backend.tagValues('span.env')).toEqual(['prod', 'stage']);
      expect(await backend.tagValues('span.peer.service')).toContain('postgres');
      const calls = await backend.dependencies({ startMs: endMs - 600_000, endMs });
      expect(calls).toContainEqual({ parent: 'storefront', child: 'payment', calls: 14, errors: 5 });
    });

    it('has the same answers as the spans have here, however small its pages are', async () => {
      // What it stores is in lower case, and so is what it is compared with.
      const stored = dated(spans()).map((span) => {
        const { serviceName } = span.localEndpoint ?? {};
        return {
          ...span,
          name: span.name?.toLowerCase(),
          localEndpoint: { ...span.localEndpoint, serviceName: serviceName?.toLowerCase() },
        };
      });
      const wanted = await foundHere(stored, zipkinQueries, window);
      for (const [i, text] of zipkinQueries.entries()) {
        const found = await searchBackend(backend, { text, ...window, pageSize: i % 2 === 0 ? 4 : 100 });
        expect(found.traces.map(({ traceId }) => traceId).sort(), text).toEqual(wanted[i]);
      }
    });

    it('tells ids of 64 and of 128 bits apart', async () => {
      const ids = await Promise.all([whole, half].map(async (id) => (await backend.get(id)).traceId));
      expect(ids).toEqual([undefined, undefined]);
      expect(await failure(backend.get('3b0fa60e85f17047'.padStart(32, '0')))).toMatch(/^NotFound/);
    });
  });

  it('that takes ids for one whose ends are alike, and searches nothing', async () => {
    const backend = await started({ STRICT_TRACE_ID: 'false', SEARCH_ENABLED: 'false' });
    try {
      const engine = new InProcessEngine();
      for (const id of [whole, half]) {
        const { bodies, traceId = id } = await backend.get(id);
        await engine.call('addBytes', { dataset: 'backend:test', name: 'test', bytes: bodies[0] });
        expect(await engine.call('locateTrace', { traceId, dataset: 'backend:test' })).toBeDefined();
      }
      expect((await backend.get('3b0fa60e85f17047'.padStart(32, '0'))).traceId).toMatch(/3b0fa60e85f17047$/);
      expect(await failure(searchBackend(backend, window))).toMatch(/^NotSupported: .*search switched off/);
      expect(await backend.describe()).toEqual({ version: '3.5.1', services: undefined });
    } finally {
      await server?.stop();
    }
  }, 180_000);
});
