// Each session has a capture of its own, and what comes without one another: in memory, on disk, after the session's end and after a reload.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SESSION_KEY } from '../../../src/core/model/logRecord';
import { requestBytes, type SpanSpec } from '../../support/otlp';
import { captures, client, folder, names, newClient, post, restored, settings, start } from './support/captureWindow';

const span = (number: number, session?: string, more: Partial<SpanSpec> = {}): SpanSpec => ({
  traceId: number.toString(16),
  spanId: number.toString(16),
  name: `call ${number}`,
  ...(session === undefined ? {} : { resource: { [SESSION_KEY]: session } }),
  ...more,
});
const sent = async (port: number, ...spans: readonly SpanSpec[]): Promise<void> =>
  expect((await post(port, requestBytes(spans))).status).toBe(200);
/** Name (or session), whether it runs, spans: the oldest first. */
const rows = async (of = client): Promise<unknown[]> =>
  (await captures(of))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ name, session, live, spans, errors }) => [name ?? session ?? '', live, spans, errors]);

describe('captures of sessions', () => {
  it('has one for each session, called as its launch, and one for what comes without', async () => {
    const port = await start();
    const [shop, job] = [randomUUID(), `task-${randomUUID()}`];
    const about = { name: 'Launch shop', program: '/shop/server.mjs', commit: 'a'.repeat(40), changes: true };
    await client.call('beginSession', { session: shop, about });
    await sent(port, span(1));
    await sent(port, span(2, shop), span(3, shop, { error: true }));
    await sent(port, span(4, job));
    expect(await rows()).toEqual([
      ['', true, 1, 0],
      ['Launch shop', true, 2, 1],
      [job, true, 1, 0],
    ]);
    const found = (await captures()).find(({ session }) => session === shop);
    expect(found).toMatchObject({ ...about, session: shop });
    expect(await names(client, found?.id)).toEqual(['call 2', 'call 3']);
    expect(await names()).toEqual(['call 1', 'call 2', 'call 3', 'call 4']);
  });

  it('divides a request that holds spans of several', async () => {
    const port = await start();
    const [one, two] = [randomUUID(), randomUUID()];
    await sent(port, span(1, one), span(2), span(3, two), span(4, one));
    expect(new Set(await rows())).toEqual(
      new Set([
        ['', true, 1, 0],
        [one, true, 2, 0],
        [two, true, 1, 0],
      ]),
    );
    for (const { session, path } of await captures()) {
      const log = readFileSync(path, 'latin1');
      for (const other of [one, two]) expect(log.includes(other)).toBe(other === session);
    }
  });

  it('keeps what is no id of ours with all the rest', async () => {
    const port = await start();
    await sent(port, span(1, '../../etc/passwd'), span(2, 'x'), span(3, `${randomUUID()}\n`));
    expect(await rows()).toEqual([['', true, 3, 0]]);
  });

  it('keeps log records with the spans of their session', async () => {
    const port = await start();
    const session = randomUUID();
    await sent(port, span(1, session));
    const attributes = [{ key: SESSION_KEY, value: { stringValue: session } }];
    const record = {
      traceId: '1'.padStart(32, '0'),
      spanId: '1'.padStart(16, '0'),
      body: { stringValue: 'a line' },
      timeUnixNano: '1',
    };
    const body = { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: [record] }] }] };
    expect((await post(port, JSON.stringify(body), 'application/json', '/v1/logs')).status).toBe(200);
    const found = (await captures()).find((one) => one.session === session);
    expect(readFileSync(join(folder, `${found?.id}.logs.pb`), 'latin1')).toContain('a line');
  });

  it('has all of a run in memory after a reload, and goes on with a session that still sends', async () => {
    const port = await start();
    const session = randomUUID();
    await client.call('beginSession', { session, about: { name: 'Launch shop' } });
    await sent(port, span(1));
    await sent(port, span(2, session));
    await client.dispose();
    const later = newClient();
    await later.call('configure', settings);
    await restored(later);
    expect(await names(later)).toEqual(['call 1', 'call 2']);
    const { httpPort = 0 } = await later.call('startCapture', { wellKnownPort: false });
    await sent(httpPort, span(3, session));
    expect(await rows(later)).toEqual([
      ['', false, 1, 0],
      ['Launch shop', true, 2, 0],
      ['', true, 0, 0],
    ]);
    expect(await names(later)).toEqual(['call 1', 'call 2', 'call 3']);
  });

  it('is called as a person names it, and keeps that name', async () => {
    const port = await start();
    const session = randomUUID();
    await client.call('beginSession', { session, about: { name: 'Launch shop' } });
    await sent(port, span(1, session));
    const id = (await captures()).find((one) => one.session === session)?.id ?? '';
    await client.call('describeCapture', { capture: id, name: 'before the cache', pinned: true });
    await client.call('stopCapture', {});
    expect(await rows()).toEqual([['before the cache', false, 1, 0]]);
    expect((await captures())[0].pinned).toBe(true);
    await client.call('describeCapture', { capture: id, name: '', pinned: false });
    expect(await rows()).toEqual([[session, false, 1, 0]]);
    await expect(client.call('describeCapture', { capture: '20200101T000000000Z-00000000', name: 'x' })).rejects.toThrow(
      /no capture/,
    );
  });

  it('clears one session and leaves the others', async () => {
    const port = await start();
    const [one, two] = [randomUUID(), randomUUID()];
    await sent(port, span(1, one));
    await sent(port, span(2, two));
    const of = async (session: string): Promise<string> => (await captures()).find((each) => each.session === session)?.id ?? '';
    const first = await of(one);
    await client.call('clearCapture', { capture: first });
    expect(await names()).toEqual(['call 2']);
    await sent(port, span(3, one));
    expect(await of(one)).not.toBe(first);
    expect(await names()).toEqual(['call 2', 'call 3']);
    await client.call('clearCapture', {});
    expect(await rows()).toEqual([['', true, 0, 0]]);
  });
});
