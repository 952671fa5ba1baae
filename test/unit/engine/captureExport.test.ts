// A capture as a file of each format: all of it is there when it is opened again, by us and by who reads the format; nothing is left of an export that was ended.

import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requestBytes } from '../../support/otlp';
import { captures, client, everything, folder, post, settings, spans, start } from './support/captureWindow';

const out = (name: string): string => join(folder, '..', `${folder.split('/').pop()}-${name}`);

async function captured(): Promise<string> {
  const port = await start();
  for (let from = 1; from <= 400; from += 100) await post(port, requestBytes(spans(from, 100)));
  const record = {
    traceId: '1'.padStart(32, '0'),
    spanId: '1'.padStart(16, '0'),
    body: { stringValue: 'a line' },
    timeUnixNano: '5',
  };
  const attributes = [{ key: 'service.name', value: { stringValue: 'shop' } }];
  const body = { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ scope: { name: 'log' }, logRecords: [record] }] }] };
  await post(port, JSON.stringify(body), 'application/json', '/v1/logs');
  return (await captures())[0].id;
}

it.each(['otlp-json', 'otlp-jsonl', 'otlp-proto'] as const)('is whole in %s, log records beside it', async (format) => {
  const capture = await captured();
  const path = out(`all.otlp.${format === 'otlp-proto' ? 'pb' : format === 'otlp-json' ? 'json' : 'jsonl'}`);
  const { recordsPath = '', ...counts } = await client.call('exportCapture', { capture, format, path });
  expect(counts).toEqual({ spans: 400, records: 1 });
  await client.call('clearCapture', {});
  for (const [dataset, file] of [
    ['file:spans', path],
    ['file:logs', recordsPath],
  ] as const)
    await client.call('openFile', { dataset, name: file, path: file });
  const { traces } = await client.call('findTraces', { dataset: 'file:spans', query: everything, limit: 1_000 });
  expect(traces.length).toBe(400);
  const data = await client.call('traceData', { dataset: 'file:spans', traceId: '1'.padStart(32, '0') });
  expect(data.spans[0]).toMatchObject({ name: 'call 1', service: 's1', logs: [{ body: 'a line' }] });
  if (format === 'otlp-json') expect(JSON.parse(readFileSync(path, 'utf8')).resourceSpans.length).toBeGreaterThan(0);
});

it('hides what a person hides by now, and takes no other file away', async () => {
  const capture = await captured();
  await client.call('configure', { ...settings, redactKeys: [], redactPatterns: ['call 1\\b', 'a line'] });
  const path = out('hidden.otlp.json');
  const other = out('hidden.logs.otlp.jsonl');
  writeFileSync(other, 'mine');
  const { recordsPath = '' } = await client.call('exportCapture', { capture, format: 'otlp-json', path });
  expect(readFileSync(path, 'utf8')).not.toMatch(/call 1"/);
  expect(readFileSync(recordsPath, 'utf8')).not.toContain('a line');
  expect(readFileSync(other, 'utf8')).toBe('mine');
});

it('leaves nothing behind when it is ended, or cannot be written', async () => {
  const capture = await captured();
  const stop = new AbortController();
  stop.abort();
  const path = out(`${randomUUID()}.otlp.json`);
  await expect(client.call('exportCapture', { capture, format: 'otlp-json', path }, { signal: stop.signal })).rejects.toThrow();
  expect(existsSync(path)).toBe(false);
  const nowhere = join(folder, 'none', 'a.otlp.json');
  await expect(client.call('exportCapture', { capture, format: 'otlp-json', path: nowhere })).rejects.toThrow(
    /cannot be written/,
  );
  await expect(client.call('exportCapture', { capture, format: 'otlp-json', path: folder })).rejects.toThrow(/folder/);
  expect(readdirSync(folder).length).toBeGreaterThan(1);
});
