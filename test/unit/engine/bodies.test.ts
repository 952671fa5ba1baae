// What is posted and is no OTLP as it should be: read by what it is, put where it belongs, or refused in words that the window has too.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { captures, client, names, post, start } from './support/captureWindow';

const json = 'application/json';
const zipkin = [
  {
    traceId: '1'.repeat(32),
    id: '2'.repeat(16),
    name: 'get /',
    timestamp: 1_700_000_000_000_000,
    duration: 5_000,
    localEndpoint: { serviceName: 'web' },
  },
  {
    traceId: '1'.repeat(32),
    id: '3'.repeat(16),
    parentId: '2'.repeat(16),
    name: 'query',
    timestamp: 1_700_000_000_001_000,
    duration: 9,
  },
];
const log = (traceId: string) => ({
  resourceLogs: [{ scopeLogs: [{ logRecords: [{ traceId, timeUnixNano: '1', body: { stringValue: 'x' } }] }] }],
});
const span = (id: number, more: object = {}) => ({
  traceId: `${id}`.repeat(32),
  spanId: `${id}`.repeat(16),
  name: `call ${id}`,
  ...more,
});
const request = (...spans: object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const untaken = async (): Promise<string[]> =>
  ((await client.call('captureState', {})).untaken ?? []).map(({ message, count }) => `${count} ${message}`);

describe('a body', () => {
  it.each(['/', '/api/v2/spans', '/v1/traces', '/v1/logs'])("of Zipkin's is kept, sent to %s", async (path) => {
    const port = await start();
    expect((await post(port, JSON.stringify(zipkin), json, path)).status).toBe(path === '/api/v2/spans' ? 202 : 200);
    expect(await names()).toEqual(['get /']);
    expect((await client.call('captureState', {})).counts).toMatchObject({ spans: 2, rejected: 0 });
    expect(await untaken()).toEqual([]);
  });

  it("of Jaeger's is kept", async () => {
    const port = await start();
    expect((await post(port, readFileSync('test/fixtures/formats/types.jaeger.json', 'utf8'), json, '/api/traces')).status).toBe(
      200,
    );
    expect((await client.call('captureState', {})).counts.spans).toBeGreaterThan(0);
  });

  it('that belongs to another path is put where it belongs', async () => {
    const port = await start();
    for (const path of ['/v1/traces', '/'])
      expect((await post(port, JSON.stringify(log('1'.repeat(32))), json, path)).status).toBe(200);
    expect((await post(port, JSON.stringify(request(span(1))), json, '/v1/logs')).status).toBe(200);
    expect(
      (await post(port, '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","gauge":{}}]}]}]}', json, '/')).status,
    ).toBe(200);
    expect(await names()).toEqual(['call 1']);
    expect((await client.call('captureState', {})).counts).toMatchObject({ spans: 1, logRequests: 3, metricRequests: 1 });
  });

  it('that holds nothing is answered as taken', async () => {
    const port = await start();
    for (const body of ['', '{}', '[]', '{"resourceSpans":[]}'])
      expect([body, (await post(port, body, json)).status]).toEqual([body, 200]);
    expect((await post(port, '{"resourceLogs":[]}', json, '/v1/logs')).status).toBe(200);
    expect(await untaken()).toEqual([]);
  });

  it.each(['{"user":"ada","id":7}', '[{"a":1}]', '"text"', 'null', '<html></html>', '{"resource'])(
    'like %s is refused, and told',
    async (body) => {
      const port = await start();
      for (const path of ['/v1/traces', '/']) expect((await post(port, body, json, path)).status).toBe(400);
      expect(await untaken()).toEqual([expect.stringMatching(/^2 A request of telemetry was refused: .{20}/)]);
      expect((await client.call('captureState', {})).counts).toMatchObject({ spans: 0, rejected: 2 });
    },
  );

  it('whose spans are not kept is counted by span, and told with how many', async () => {
    const port = await start();
    const answer = await post(port, JSON.stringify(request(span(1), span(2, { traceId: 7, spanId: 'zz' }), span(3))));
    expect(answer.status).toBe(200);
    const { counts } = await client.call('captureState', {});
    const whole = await untaken();
    expect(counts.spans + counts.rejected).toBe(3);
    if (counts.rejected > 0) expect(whole).toEqual([expect.stringMatching(/^1 Of 3 spans in a request, 1 is not kept: /)]);
  });

  it('in protobuf that breaks off is counted by the spans that it had', async () => {
    const port = await start();
    expect((await post(port, JSON.stringify(request(...[1, 2, 3, 4, 5].map((id) => span(id)))))).status).toBe(200);
    const whole = readFileSync((await captures())[0].path).subarray(4);
    expect((await post(port, whole.subarray(0, whole.length - 3), 'application/x-protobuf')).status).toBe(400);
    expect((await client.call('captureState', {})).counts).toMatchObject({ spans: 5, rejected: 5 });
  });
});

describe('a debug session', () => {
  const id = '12345678-1234-1234-1234-123456789abc';
  const of = (session: string, n: number): string =>
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'vscode.debug.session.id', value: { stringValue: session } }] },
          scopeSpans: [{ spans: [span(n)] }],
        },
      ],
    });

  it('is heard of once, and only by an id of ours', async () => {
    const port = await start();
    const heard: string[] = [];
    client.on('sessionHeard', ({ session }) => heard.push(session));
    for (const [n, session] of [id, 'password=secret', id].entries())
      expect((await post(port, of(session, n + 1))).status).toBe(200);
    await client.call('captureState', {});
    expect(heard).toEqual([id]);
  });
});
