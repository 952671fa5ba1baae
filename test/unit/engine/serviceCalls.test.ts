// Who calls whom, out of the traces of a dataset: what servers without dependencies of their own are asked through.

import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { InProcessEngine } from '../../support/inProcessEngine';
import { BASE_MS, type SpanSpec } from '../../support/otlp';
import { sharedData, sharedPath } from '../../support/sharedData';

vi.setConfig({ testTimeout: 30_000 });

const client = 3;
const server = 2;

async function calls(
  spans: readonly SpanSpec[],
  range: { startUnixNano?: bigint; endUnixNano?: bigint } = {},
): Promise<string[]> {
  const engine = new InProcessEngine();
  await engine.open(spans);
  const found = await engine.call('serviceCalls', { dataset: 'file:a', ...range });
  return found.map(({ parent, child, calls, errors }) => `${parent} > ${child} ${calls}/${errors}`);
}

describe('calls between services', () => {
  it('are spans whose parent is of another service, and fail where either end says so', async () => {
    expect(
      await calls([
        { traceId: 'a1', spanId: '1', service: 'web', kind: server },
        { traceId: 'a1', spanId: '2', parent: '1', service: 'web' },
        { traceId: 'a1', spanId: '3', parent: '2', service: 'web', kind: client, error: true },
        { traceId: 'a1', spanId: '4', parent: '3', service: 'cart', kind: server },
        { traceId: 'a1', spanId: '5', parent: '2', service: 'cart', kind: server, error: true },
        { traceId: 'b2', spanId: '6', service: 'web', error: true },
        // What fails is not the call where only the work around it did.
        { traceId: 'b2', spanId: '7', parent: '6', service: 'cart', kind: server },
        { traceId: 'b2', spanId: '8', parent: '7', service: 'stock', kind: server },
      ]),
    ).toEqual(['web > cart 3/2', 'cart > stock 1/0']);
  });

  it('end at what tells nothing of itself, unless it does', async () => {
    const peer = { 'peer.service': 'postgres' };
    expect(
      await calls([
        { traceId: 'a1', spanId: '1', service: 'web', kind: server, attributes: { 'peer.service': 'browser' } },
        { traceId: 'a1', spanId: '2', parent: '1', service: 'web', kind: client, attributes: peer },
        { traceId: 'a1', spanId: '3', parent: '1', service: 'web', kind: client, attributes: peer, error: true },
        { traceId: 'a1', spanId: '4', parent: '1', service: 'web', kind: client, attributes: { 'peer.service': 'basket' } },
        { traceId: 'a1', spanId: '5', parent: '4', service: 'cart', kind: server },
      ]),
    ).toEqual(['web > postgres 2/1', 'web > cart 1/0']);
  });

  it('count a span once that was delivered twice, and none without a service', async () => {
    const twice: SpanSpec = { traceId: 'a1', spanId: '2', parent: '1', service: 'cart' };
    const none: SpanSpec = { traceId: 'a1', spanId: '3', parent: '1', service: '' };
    expect(await calls([{ traceId: 'a1', spanId: '1', service: 'web' }, twice, twice, none])).toEqual(['web > cart 1/0']);
  });

  it('are those of a time range', async () => {
    const at = (ms: number): bigint => BigInt(BASE_MS + ms) * 1_000_000n;
    const spans = (traceId: string, startMs: number, service: string): SpanSpec[] => [
      { traceId, spanId: '1', service: 'web', startMs },
      { traceId, spanId: '2', parent: '1', service, startMs },
    ];
    const both = [...spans('a1', 0, 'early'), ...spans('b2', 1000, 'late')];
    expect(await calls(both, { startUnixNano: at(500) })).toEqual(['web > late 1/0']);
    expect(await calls(both, { endUnixNano: at(500) })).toEqual(['web > early 1/0']);
  });

  it('hide in names what is to be hidden', async () => {
    const engine = new InProcessEngine();
    await engine.call('configure', { redactKeys: [], redactPatterns: ['token=\\w+'], captureLogBytes: 1 });
    await engine.open([
      { traceId: 'a1', spanId: '1', service: 'web token=s3cret' },
      { traceId: 'a1', spanId: '2', parent: '1', service: 'cart' },
    ]);
    expect(await engine.call('serviceCalls', { dataset: 'file:a' })).toEqual([
      { parent: 'web ••••', child: 'cart', calls: 1, errors: 0 },
    ]);
  });
});

it.skipIf(sharedData === undefined)('of a recorded shop are those that Jaeger tells, and databases', async () => {
  const engine = new InProcessEngine();
  const bytes = new Uint8Array(readFileSync(sharedPath('recorded', 'input.otlp.json')));
  await engine.openAndList({ dataset: 'file:a', name: 'input.otlp.json', bytes });
  const found = await engine.call('serviceCalls', { dataset: 'file:a' });
  const recorded = JSON.parse(readFileSync(sharedPath('recorded', 'jaeger-main', 'legacy-dependencies.json'), 'utf8'));
  const told: { parent: string; child: string; callCount: number }[] = JSON.parse(recorded.response.body).data;
  // Jaeger counts the steps within a service as well.
  const between = told.filter(({ parent, child }) => parent !== child);
  const services = new Set(told.map(({ child }) => child));
  const counted = found.filter(({ child }) => services.has(child));
  const text = (parent: string, child: string, calls: number): string => `${parent} > ${child} ${calls}`;
  // Of the trace in which both halves of a call have one id, Jaeger also takes what is below the server's half for a call.
  const halves = between.find(({ parent, child }) => parent === 'storefront' && child === 'catalog');
  if (halves) halves.callCount--;
  expect(counted.map(({ parent, child, calls }) => text(parent, child, calls)).sort()).toEqual(
    between.map(({ parent, child, callCount }) => text(parent, child, callCount)).sort(),
  );
  expect(found.map(({ parent, child }) => `${parent} > ${child}`)).toContain('catalog > postgres');
});
