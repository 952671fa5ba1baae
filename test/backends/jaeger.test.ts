/** The Jaeger backend against a real Jaeger: what goes in over OTLP is found and comes back, span by span. Skipped where none can be had. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpTransport } from '../../src/backends/common/httpTransport';
import { JaegerBackend } from '../../src/backends/jaeger/jaeger';
import { decodeBytes } from '../../src/core/format/format';
import { spanIdHex, traceIdHex } from '../../src/core/model/ids';
import { StringTable } from '../../src/core/model/strings';
import { allOf, condition } from '../../src/core/query/build';
import type { Query, SpanExpression } from '../../src/core/query/query';
import { backendContext, firstPage } from '../support/backend';
import { sharedData, sharedPath } from '../support/sharedData';
import { findJaeger, startJaeger } from './servers/jaegerServer.mjs';

interface Running {
  readonly url: string;
  readonly otlp: string;
  stop(): Promise<void>;
}

const input = sharedData === undefined ? undefined : sharedPath('recorded', 'input.otlp.json');
const jaeger: { path?: string; reason?: string } =
  input === undefined ? { reason: 'the recorded input is not here' } : findJaeger();
if (jaeger.path === undefined) console.warn(`No real Jaeger: ${jaeger.reason}`);

/** Ids of the spans of each trace. */
function spansOf(bytes: Uint8Array): Map<string, string[]> {
  const traces = new Map<string, string[]>();
  for (const batch of decodeBytes(bytes, { strings: new StringTable() }).batches) {
    for (let row = 0; row < batch.count; row++) {
      const id = traceIdHex(batch.traceId, row);
      traces.set(id, [...(traces.get(id) ?? []), spanIdHex(batch.spanId, row)]);
    }
  }
  return traces;
}

describe.skipIf(jaeger.path === undefined)('a real Jaeger', () => {
  let server: Running;
  let sent: Map<string, string[]>;
  let window: Pick<Query, 'startUnixNano' | 'endUnixNano'>;

  const backend = (): JaegerBackend =>
    new JaegerBackend(
      backendContext(
        { name: 'real', type: 'jaeger', url: server.url },
        { transport: new HttpTransport({ timeoutMs: 20_000, maxBytes: 256 << 20 }) },
      ),
    );
  const query = (filter: SpanExpression): Query => ({ stages: [{ type: 'spans', filter }], ...window });

  beforeAll(async () => {
    server = await startJaeger(jaeger.path, { basePath: '/tracing' });
    const body = readFileSync(input ?? '');
    sent = spansOf(body);
    const times = decodeBytes(body, { strings: new StringTable() }).batches.flatMap((batch) => {
      const starts = new BigUint64Array(batch.start.slice().buffer);
      return [...starts];
    });
    const sorted = times.sort((a, b) => (a < b ? -1 : 1));
    window = { startUnixNano: sorted[0] - 1_000_000_000n, endUnixNano: sorted[sorted.length - 1] + 1_000_000_000n };
    const answer = await fetch(`${server.otlp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(200);
  });

  afterAll(() => server?.stop());

  it('lists the services that were sent', async () => {
    expect(await backend().services()).toEqual(expect.arrayContaining(['storefront', 'catalog', 'payment', 'Mail Worker/EU']));
    expect(await backend().operations('storefront')).toContain('POST /checkout');
  });

  it('finds traces by service and by attribute', async () => {
    const service: SpanExpression = condition({ scope: 'resource', name: 'service.name' }, '=', {
      type: 'string',
      value: 'orders',
    });
    const typed: SpanExpression = condition({ scope: 'span', name: 'v.string' }, '=', { type: 'string', value: 'text' });
    const all = await firstPage(backend().find(query(service), { pageSize: 200 }));
    const some = await firstPage(backend().find(query(allOf([service, typed])), { pageSize: 200 }));
    const ids = (bodies: readonly Uint8Array[] = []): string[] => bodies.flatMap((body) => [...spansOf(body).keys()]);
    expect(ids(all.bodies).length).toBeGreaterThan(ids(some.bodies).length);
    expect(ids(some.bodies)).toEqual(['add16e6a0b6395a135c164b06a7057d5']);
  });

  it('gives back every span of every trace that was sent, but for what it renames or merges', async () => {
    const lost: string[] = [];
    for (const [traceId, spans] of sent) {
      const got = spansOf((await backend().get(traceId)).bodies[0]).get(traceId) ?? [];
      // The second of two spans with one id gets a new one (0000000000000001): compare numbers, and ids as sets.
      if (new Set(got).size < new Set(spans).size) lost.push(`${traceId}: ${got.length} of ${spans.length}`);
    }
    expect(lost).toEqual([]);
  });

  it('says that a trace is not there', async () => {
    await expect(backend().get('00000000000000000000000000000abc')).rejects.toMatchObject({ name: 'NotFound' });
  });
});
