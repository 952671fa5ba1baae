import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseQuery } from '../../../src/core/query/parse';
import type { EngineMethods } from '../../../src/protocol/engine';
import type { Params } from '../../../src/protocol/rpc';
import { failure, InProcessEngine, shop } from '../../support/inProcessEngine';
import { BASE_MS, requestBytes, type SpanSpec } from '../../support/otlp';

// A machine that is busy with other tests is slow, and that is no failure.
vi.setConfig({ testTimeout: 30_000 });

let folder: string;
let engine: InProcessEngine;
const limits = { captureMemoryBytes: 1 << 28, captureLogBytes: 1 << 28 };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-engine-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  engine = new InProcessEngine();
});

const call: InProcessEngine['call'] = (method, params, signal) => engine.call(method, params, signal);
const open: InProcessEngine['open'] = (spans, dataset) => engine.open(spans, dataset);

describe('findTraces', () => {
  const find = async (query: string, more: Partial<Params<EngineMethods, 'findTraces'>> = {}): Promise<string> => {
    const parsed = { ...parseQuery(query), ...more.query };
    const { traces, more: rest } = await call('findTraces', { dataset: 'file:a', limit: 10, ...more, query: parsed });
    return traces.map(({ traceId }) => traceId.slice(-2)).join(' ') + (rest ? ' …' : '');
  };

  it('evaluates filters over spans, resources and whole traces', async () => {
    await open(shop);
    expect(await find('{}')).toBe('c3 b2 a1');
    expect(await find('{ resource.service.name = "db" }')).toBe('a1');
    expect(await find('{ status = error }')).toBe('a1');
    expect(await find('{ name = "GET /login" }')).toBe('b2');
    expect(await find('{ duration > 40ms }')).toBe('c3 a1');
    expect(await find('{ .db.rows = 3 }')).toBe('a1');
    expect(await find('{ rootServiceName = "web" }')).toBe('b2 a1');
    expect(await find('{ name = "SELECT" } && { name = "GET /cart" }')).toBe('a1');
    expect(await find('{ name = "none" }')).toBe('');
  });

  it('pages, and knows whether there is more', async () => {
    await open(shop);
    expect(await find('{}', { limit: 2 })).toBe('c3 b2 …');
    expect(await find('{}', { limit: 2, offset: 2 })).toBe('a1');
    expect(await find('{}', { limit: 3 })).toBe('c3 b2 a1');
  });

  it('takes traces that overlap a time range', async () => {
    await open(shop);
    const at = (ms: number): bigint => BigInt(BASE_MS + ms) * 1_000_000n;
    const all = parseQuery('{}');
    expect(await find('{}', { query: { ...all, startUnixNano: at(30), endUnixNano: at(1001) } })).toBe('b2 a1');
    expect(await find('{}', { query: { ...all, startUnixNano: at(51) } })).toBe('c3 b2');
    expect(await find('{}', { query: { ...all, endUnixNano: at(999) } })).toBe('a1');
  });

  it('finds nothing in a dataset that is not there', async () => {
    expect(await call('findTraces', { dataset: 'local', query: parseQuery('{}'), limit: 5 })).toEqual({
      traces: [],
      more: false,
    });
  });
});

describe('one trace', () => {
  const key = { dataset: 'file:a', traceId: 'a1'.padStart(32, '0') };
  beforeEach(() => open(shop));

  it('is located by any spelling of its id, files first', async () => {
    await call('addBytes', { dataset: 'backend:j', name: 'j', bytes: requestBytes(shop.slice(0, 1)) });
    expect(await call('locateTrace', { traceId: `00-${key.traceId}-0000000000000001-01` })).toEqual(key);
    expect(await call('locateTrace', { traceId: 'A1' })).toEqual(key);
    expect(await call('locateTrace', { traceId: 'a1', dataset: 'backend:j' })).toEqual({ ...key, dataset: 'backend:j' });
    expect(await call('locateTrace', { traceId: 'ffff' })).toBeUndefined();
    expect(await call('locateTrace', { traceId: 'no id' })).toBeUndefined();
  });

  it('is a snapshot with buffers of exactly its size', async () => {
    const snapshot = await call('openTrace', key);
    expect(snapshot).toMatchObject({ count: 3, errorCount: 1, rootName: 'GET /cart', services: ['web', 'db'], live: false });
    expect([snapshot.depth, snapshot.name, snapshot.word].map(({ byteLength }) => byteLength)).toEqual([3, 3, 3]);
    expect((await call('openTrace', key)).revision).toBe(snapshot.revision);
  });

  it('tells everything about a span, by row or by id', async () => {
    const details = await call('spanDetails', { ...key, spanId: '2' });
    expect(details).toMatchObject({
      row: 1,
      spanId: '0000000000000002',
      parentSpanId: '0000000000000001',
      name: 'SELECT',
      service: 'db',
      kind: 'internal',
      status: 'unset',
      startNs: 5e6,
      durationNs: 1e7,
      selfNs: 1e7,
      share: 0.2,
      running: false,
      defects: [],
    });
    expect(details.attributes).toEqual([{ key: 'db.rows', value: { text: '3', type: 'int' } }]);
    expect(await call('spanDetails', { ...key, row: 0 })).toMatchObject({ name: 'GET /cart', selfNs: 35e6 });
    expect(await call('spanDetails', { ...key, row: 2 })).toMatchObject({ status: 'error', statusMessage: 'it broke' });
    expect(await failure(call('spanDetails', { ...key, row: 3 }))).toMatch(/^NotFound: There is no row 3 /);
    const orphan = await call('spanDetails', { dataset: 'file:a', traceId: 'c3', row: 0 });
    expect(orphan.defects.join()).toMatch(/parent/);
  });

  it('finds spans by text and by query', async () => {
    const rows = async (text: string): Promise<number[]> => [...(await call('findSpans', { ...key, text })).rows];
    expect(await rows('select')).toEqual([1, 2]);
    expect(await rows('status = error')).toEqual([2]);
    expect(await rows('{ .db.rows > 2 }')).toEqual([1]);
    expect(await rows('nothing like this')).toEqual([]);
    expect(await failure(rows('{ status = '))).toMatch(/^BadQuery: /);
  });

  it('finds a span by its id', async () => {
    expect(await call('spanDetails', { ...key, spanId: '3' })).toMatchObject({ row: 2 });
    for (const spanId of ['ff', 'not an id'])
      expect(await failure(call('spanDetails', { ...key, spanId }))).toBe(
        `NotFound: There is no span ${spanId} in trace ${key.traceId}.`,
      );
  });

  it('gives the span ids of all rows, or what is new of them', async () => {
    const { words } = await call('spanIds', key);
    expect([...new Uint32Array(words)]).toEqual([0, 1, 0, 2, 0, 3]);
    const { spanIds, revision } = await call('openTrace', { ...key, idsUpTo: 3 });
    expect([...new Uint32Array(spanIds ?? new ArrayBuffer(0))]).toEqual([0, 1, 0, 2, 0, 3]);
    const again = await call('openTrace', { ...key, idsUpTo: 3, idsSince: revision });
    expect([...new Uint32Array(again.idChanges?.runs ?? new ArrayBuffer(0))]).toEqual([1, 3]);
    expect(again).not.toHaveProperty('spanIds');
    expect(await call('openTrace', { ...key, idsUpTo: 3, idsSince: 987_654 })).toHaveProperty('spanIds');
    expect(await call('openTrace', { ...key, idsUpTo: 2 })).not.toHaveProperty('spanIds');
    expect(await call('openTrace', key)).not.toHaveProperty('spanIds');
    expect(await call('traceRevision', key)).toBe(revision);
  });

  it('is plain data for the exported API', async () => {
    const { overview, spans, defects } = await call('traceData', key);
    expect(overview.spanCount).toBe(3);
    expect(defects).toEqual([]);
    expect(spans.map(({ name }) => name)).toEqual(['GET /cart', 'SELECT', 'SELECT']);
    expect(spans[1]).toMatchObject({
      traceId: key.traceId,
      spanId: '0000000000000002',
      parentSpanId: '0000000000000001',
      kind: 1,
      status: 0,
      durationNs: 1e7,
      startTimeUnixNano: BigInt(BASE_MS + 5) * 1_000_000n,
      scope: { name: 'test' },
    });
    expect({ ...spans[1].attributes }).toEqual({ 'db.rows': 3 });
    expect({ ...spans[1].resource }).toEqual({ 'service.name': 'db' });
  });

  it('tells its errors, its slowest spans and its services', async () => {
    const { errors, errorCount, slowest, services } = await call('highlights', { ...key, limit: 2 });
    expect([errors.map(({ spanId }) => spanId), errorCount]).toEqual([['0000000000000003'], 1]);
    expect(slowest.map(({ name }) => name)).toEqual(['GET /cart', 'SELECT']);
    expect(services.map(({ name, spans }) => [name, spans])).toEqual([
      ['web', 1],
      ['db', 2],
    ]);
  });
});

describe('addBytes', () => {
  it('says of a trace why it is not whole, until it comes whole', async () => {
    const partial = 'Tempo gave only a part of the trace: it is too large.';
    await call('addBytes', { dataset: 'backend:j', name: 'j', bytes: requestBytes(shop), partial });
    const key = { dataset: 'backend:j', traceId: 'a1'.padStart(32, '0') };
    const told = async (): Promise<string[]> => (await call('traceData', key)).defects.map(({ message }) => message);
    expect(await told()).toContain(partial);
    await call('addBytes', { dataset: 'backend:j', name: 'j', bytes: requestBytes(shop) });
    expect(await told()).not.toContain(partial);
  });

  it('replaces the traces of the answer and keeps the others', async () => {
    await call('addBytes', { dataset: 'backend:j', name: 'j', bytes: requestBytes(shop) });
    const content = await call('addBytes', { dataset: 'backend:j', name: 'j', bytes: requestBytes(shop.slice(0, 2)) });
    expect(content.traces).toHaveLength(1);
    const { traces } = await call('findTraces', { dataset: 'backend:j', query: parseQuery('{}'), limit: 9 });
    expect(traces.map(({ traceId, spanCount }) => [traceId.slice(-2), spanCount])).toEqual([
      ['c3', 1],
      ['b2', 1],
      ['a1', 2],
    ]);
  });
});

describe('vocabulary', () => {
  it('knows services, operations and keys', async () => {
    await open(shop);
    expect(await call('services', { dataset: 'file:a' })).toEqual(['db', 'queue', 'web']);
    expect(await call('operations', { dataset: 'file:a', service: 'web' })).toEqual(['GET /cart', 'GET /login']);
    expect(await call('operations', { dataset: 'file:a' })).toEqual(['GET /cart', 'GET /login', 'SELECT', 'lost']);
    expect((await call('attributeKeys', { dataset: 'file:a' }))[0]).toBe('service.name');
    expect(await failure(call('services', { dataset: 'file:b' }))).toBe('NotFound: file:b is not open.');
    expect(await call('tags', { dataset: 'file:a' })).toContain('resource.service.name');
    const values = await call('tagValues', { dataset: 'file:a', key: 'resource.service.name' });
    expect([...values].sort()).toEqual(['db', 'queue', 'web']);
    expect(await call('tagValues', { dataset: 'file:a', key: 'span.service.name' })).toEqual([]);
    expect(await failure(call('tagValues', { dataset: 'file:a', key: 'duration' }))).toContain('BadQuery');
  });
});

describe('redaction', () => {
  const key = { dataset: 'file:a', traceId: 'b2' };
  const secret: SpanSpec = {
    traceId: 'b2',
    spanId: '4',
    name: 'login',
    attributes: { password: 'hunter2', note: 'card 1234-5678', 'code.file.path': '/1234-5678.ts' },
    events: [
      {
        name: 'exception',
        attributes: { 'exception.message': 'card 1234-5678', 'exception.stacktrace': 'Error\n at /1234-5678.ts:3' },
      },
    ],
  };
  beforeEach(async () => {
    await open([secret]);
    await call('configure', { redactKeys: ['pass*'], redactPatterns: ['\\d{4}-\\d{4}'], ...limits });
  });

  it('applies to details, the API and exports of both formats, but not to what leads to source', async () => {
    const details = await call('spanDetails', { ...key, row: 0 });
    expect(details.attributes.map(({ key: name, value }) => `${name}=${value.type}:${value.text}`)).toEqual([
      'password=redacted:••••',
      'note=string:card ••••',
      'code.file.path=string:/••••.ts',
    ]);
    expect(details.exceptions[0]).toMatchObject({ message: 'card ••••', stack: 'Error\n at /••••.ts:3' });
    const data = await call('traceData', key);
    expect({ ...data.spans[0].attributes }).toEqual({ password: '••••', note: 'card ••••', 'code.file.path': '/••••.ts' });
    const forSource = await call('spanData', { ...key, row: 0 });
    expect(forSource.attributes['code.file.path']).toBe('/1234-5678.ts');
    expect(forSource.attributes.password).toBe('••••');
    for (const format of ['otlp-json', 'otlp-proto'] as const) {
      const { bytes, spanCount } = await call('exportTrace', { ...key, format });
      const text = new TextDecoder().decode(bytes);
      expect(spanCount).toBe(1);
      expect(text).toContain('card ••••');
      expect(text).not.toMatch(/hunter2|1234-5678/);
    }
  });

  it('does not change what is kept', async () => {
    await call('exportTrace', { ...key, format: 'otlp-json' });
    await call('configure', { redactKeys: [], redactPatterns: [], ...limits });
    expect((await call('spanDetails', { ...key, row: 0 })).attributes[0].value.text).toBe('hunter2');
  });
});

describe('exportTrace', () => {
  it('writes what can be opened again', async () => {
    await open(shop);
    const key = { dataset: 'file:a', traceId: 'a1' };
    for (const format of ['otlp-json', 'otlp-proto'] as const) {
      const path = join(folder, `export.${format}`);
      expect(await call('exportTrace', { ...key, format, path })).toEqual({ spanCount: 3 });
      const content = await engine.openAndList({ dataset: `file:${format}`, name: format, path });
      expect([content.spanCount, content.traces[0].rootName, content.traces[0].errorCount]).toEqual([3, 'GET /cart', 1]);
    }
    expect(await failure(call('exportTrace', { ...key, format: 'otlp-json', path: join(folder, 'no', 'where') }))).toMatch(
      /^Unreachable: Trace .* cannot be written to /,
    );
  });
});
