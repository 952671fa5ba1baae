import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { requestBytes } from '../../support/otlp';
import { captures, client, everything, folder, logs, names, next, post, settings, spans, start } from './support/captureWindow';

describe('a capture', () => {
  it('takes JSON, and tells of it within a second', async () => {
    const port = await start();
    const told = Promise.all([next(client, 'captured'), next(client, 'changed')]);
    const before = performance.now();
    expect((await post(port, requestBytes(spans(1, 3)))).status).toBe(200);
    const [captured, changed] = await told;
    expect(performance.now() - before).toBeLessThan(1000);
    expect(captured).toMatchObject({ spans: 3, counts: { spans: 3, traces: 3, rejected: 0 } });
    expect(captured.traceIds.map((id) => id.slice(-1)).sort()).toEqual(['1', '2', '3']);
    expect(changed).toMatchObject({ dataset: 'local', traceIds: captured.traceIds });
    expect(await names()).toEqual(['call 1', 'call 2', 'call 3']);
    const opened = await client.call('openTrace', { dataset: 'local', traceId: captured.traceIds[0] });
    expect(opened).toMatchObject({ count: 1, live: true });
  });

  it('takes numbers that no field can hold as the nearest that it can, tells the sender, and goes on', async () => {
    const port = await start();
    const ids = (id: number) => `"traceId":"${`${id}`.repeat(32)}","spanId":"${`${id}`.repeat(16)}","name":"call ${id}"`;
    const odd = [
      '"droppedAttributesCount":1e400',
      '"events":[{"name":"e","droppedAttributesCount":-1}]',
      '"droppedEventsCount":1e300',
    ];
    const all = odd.map((members, i) => `{${ids(i + 1)},${members}}`).join(',');
    const answer = await post(port, `{"resourceSpans":[{"scopeSpans":[{"spans":[${all}]}]}]}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      partialSuccess: {
        rejectedSpans: '0',
        errorMessage: expect.stringContaining('3 spans with a number that is none or out of range'),
      },
    });
    const record = `{"traceId":"${'1'.repeat(32)}","timeUnixNano":1e400,"body":{"stringValue":"x"}}`;
    const logs = await post(port, `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`, undefined, '/v1/logs');
    expect(logs.status).toBe(200);
    expect(await logs.json()).toEqual({
      partialSuccess: { rejectedLogRecords: '0', errorMessage: expect.stringContaining('1 log record with a number') },
    });
    expect((await post(port, requestBytes(spans(9, 1)))).status).toBe(200);
    expect(await names()).toEqual(['call 1', 'call 2', 'call 3', 'call 9']);
  });

  it('counts what it refuses and what holds no spans, and loses nothing else', async () => {
    const port = await start();
    const proto = 'application/x-protobuf';
    await post(port, requestBytes(spans(1, 1)));
    const log = (await captures())[0].path;
    const whole = readFileSync(log).subarray(4);
    expect((await post(port, whole.subarray(0, whole.length - 5), proto)).status).toBe(400);
    expect((await post(port, 'no protobuf', proto)).status).toBe(400);
    expect((await post(port, '{"resourceSpans": [{', 'application/json')).status).toBe(400);
    expect((await post(port, 'x', 'text/plain')).status).toBe(415);
    expect((await post(port, '', proto)).status).toBe(200);
    expect((await post(port, '{}')).status).toBe(200);
    expect((await post(port, 'x', proto, '/v1/metrics')).status).toBe(200);
    expect((await post(port, 'x', proto, '/v1/logs')).status).toBe(400);
    expect((await post(port, whole, proto)).status).toBe(200);
    const { counts } = await client.call('captureState', {});
    expect(counts).toEqual({ spans: 2, traces: 1, rejected: 4, metricRequests: 1, logRequests: 1 });
    expect(readFileSync(log)).toHaveLength(2 * (whole.length + 4));
  });

  it('keeps in its log what any tool can read, JSON as protobuf', async () => {
    const port = await start();
    await post(port, requestBytes(spans(1, 2)));
    await post(port, requestBytes(spans(9, 1)));
    await client.call('stopCapture', {});
    const [{ path, spans: counted, traces, services, live, bytes }] = await captures();
    expect([counted, traces, services, live]).toEqual([3, 3, ['s1', 's9'], false]);
    expect(statSync(path).size).toBe(bytes);
    const content = await client.call('openFile', { dataset: 'file:log', name: 'log', path });
    expect([content.format, content.spanCount, content.defects]).toEqual(['otlp-proto', 3, []]);
  });

  it('stops: the port is closed, and what was captured stays', async () => {
    const port = await start();
    await post(port, requestBytes(spans(1, 2)));
    const stopped = next(client, 'captureChanged');
    const state = await client.call('stopCapture', {});
    expect(state).toMatchObject({ running: false, registered: [], counts: { spans: 2 } });
    expect(state.httpPort).toBeUndefined();
    expect((await stopped).running).toBe(false);
    await expect(post(port, '{}')).rejects.toThrow();
    expect(await names()).toEqual(['call 1', 'call 2']);
    expect((await client.call('stopCapture', {})).running).toBe(false);
  });

  it('starts twice without harm, and again after a stop as another capture', async () => {
    const port = await start();
    expect((await client.call('startCapture', { wellKnownPort: false })).httpPort).toBe(port);
    await post(port, requestBytes(spans(1, 1)));
    await client.call('stopCapture', {});
    const again = await client.call('startCapture', { wellKnownPort: false });
    expect(again.counts.spans).toBe(0);
    await post(again.httpPort ?? 0, requestBytes(spans(2, 1)));
    const [newest, oldest] = await captures();
    expect([newest.live, oldest.live]).toEqual([true, false]);
    expect(await names(client, newest.id)).toEqual(['call 2']);
    expect(await names(client, oldest.id)).toEqual(['call 1']);
    expect(await names()).toEqual(['call 1', 'call 2']);
  });

  it('says so, and works, when the well-known port or the wished one is taken', async () => {
    await client.call('openCaptures', { directory: folder });
    const busy = createServer();
    const taken = await new Promise<number>((done) => {
      busy.listen(0, '127.0.0.1', () => {
        const address = busy.address();
        done(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const { httpPort } = await client.call('startCapture', { wellKnownPort: false, port: taken });
    expect(httpPort).not.toBe(taken);
    expect(logs.join()).toMatch(new RegExp(`Port ${taken} is taken`));
    expect((await post(httpPort ?? 0, requestBytes(spans(1, 1)))).status).toBe(200);
    busy.close();
  });

  it('keeps spans that come one by one in little memory, and every one of them', async () => {
    const port = await start();
    const count = 1_500;
    for (let i = 0; i < count; i += 10) {
      // Traces of five spans each, in requests of their own.
      const sent = Array.from({ length: 10 }, (_, k) => {
        const n = i + k;
        return post(
          port,
          requestBytes([{ traceId: (1 + Math.floor(n / 5)).toString(16), spanId: (1 + n).toString(16), name: `n${n}` }]),
        );
      });
      for (const answer of await Promise.all(sent)) expect(answer.status).toBe(200);
    }
    const { spans: kept, bytes } = await client.call('memory', {});
    expect(kept).toBe(count);
    expect(bytes / count).toBeLessThan(3_000);
    const { traces } = await client.call('findTraces', { dataset: 'local', query: everything, limit: 1_000 });
    expect(traces.map(({ spanCount }) => spanCount)).toEqual(new Array(count / 5).fill(5));
    for (const trace of [1, 52, 150, 299]) {
      const { spans: read } = await client.call('traceData', { dataset: 'local', traceId: trace.toString(16).padStart(32, '0') });
      const wanted = Array.from({ length: 5 }, (_, k) => `n${(trace - 1) * 5 + k}`);
      expect(read.map(({ name }) => name).sort()).toEqual(wanted.sort());
    }
  });

  it('keeps its logs within their limit by beginning new ones and deleting the oldest', async () => {
    const port = await start();
    await client.call('configure', { ...settings, captureLogBytes: 40_000 });
    const [first] = await captures();
    for (let i = 0; i < 60; i++) expect((await post(port, requestBytes(spans(1 + i * 20, 20)))).status).toBe(200);
    // Where a new log began late, the old ones are looked at again within five seconds.
    const bytesOfAll = async (): Promise<number> => (await captures()).reduce((sum, { bytes }) => sum + bytes, 0);
    await expect.poll(bytesOfAll, { timeout: 10_000 }).toBeLessThan(45_000);
    const list = await captures();
    expect(list[0].live).toBe(true);
    expect(list.map(({ id }) => id)).not.toContain(first.id);
    // Memory has its own limit: nothing left it.
    expect(await names()).toHaveLength(1_200);
    await client.call('stopCapture', {});
    expect((await captures()).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(40_000);
  });

  it('clears: one capture or all, of memory and disk, and goes on receiving', async () => {
    const port = await start();
    await post(port, requestBytes(spans(1, 1)));
    await client.call('stopCapture', {});
    const second = (await client.call('startCapture', { wellKnownPort: false })).httpPort ?? 0;
    await post(second, requestBytes(spans(2, 1)));
    const [, first] = await captures();
    await client.call('clearCapture', { capture: first.id });
    expect(await names()).toEqual(['call 2']);
    await client.call('clearCapture', {});
    expect(await names()).toEqual([]);
    expect((await client.call('captureState', {})).counts.spans).toBe(0);
    expect((await post(second, requestBytes(spans(3, 1)))).status).toBe(200);
    expect(await names()).toEqual(['call 3']);
    expect((await captures()).map(({ spans: count }) => count)).toEqual([1]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.pb'))).toHaveLength(1);
  });
});
