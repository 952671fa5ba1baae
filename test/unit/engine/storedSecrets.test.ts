// Secrets in requests of every kind that the receiver takes: none of them is anywhere in the folder of captures, and the rest is.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeBytes, encodeOtlpProto } from '../../../src/core/format/format';
import { encodeLogs } from '../../../src/core/format/otlp/encodeLogs';
import { StringTable } from '../../../src/core/model/strings';
import { request } from '../../support/otlp';
import { captures, client, folder, names, post, settings, start } from './support/captureWindow';

const rules = { redactKeys: ['*authorization*', 'token'], redactPatterns: ['\\bBearer\\s+\\w+'], redactCardNumbers: true };
const span = (number: number) => ({
  traceId: number.toString(16),
  spanId: number.toString(16),
  name: `call ${number} Bearer s3cr3t`,
  service: 'shop token=s3cr3t',
  attributes: {
    'http.request.header.authorization': 's3cr3t',
    'url.full': `http://a/?token=s3cr3t&page=${number}`,
    card: 4111111111111111,
  },
});
const json = (...numbers: number[]): string => JSON.stringify(request(numbers.map(span)));
const proto = (...numbers: number[]): Uint8Array => {
  const { batches } = decodeBytes(new TextEncoder().encode(json(...numbers)), { strings: new StringTable() });
  return encodeOtlpProto(batches.map((batch) => ({ batch, rows: Array.from({ length: batch.count }, (_, row) => row) })));
};
const record = {
  traceId: '1'.padStart(32, '0'),
  spanId: '1'.padStart(16, '0'),
  timeUnixNano: 1n,
  severityNumber: 9,
  severityText: 'INFO',
  eventName: '',
  body: '{"token":"s3cr3t","page":1}',
  attributes: { authorization: 's3cr3t' },
  service: 'shop',
  scope: 'Bearer s3cr3t',
};
const onDisk = (): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');

it('are nowhere on the disk, whatever they came in', async () => {
  const port = await start();
  await client.call('configure', { ...settings, ...rules, redactStored: true });
  const damaged = proto(5, 6);
  damaged[damaged.length - 3] = 0xff;
  for (const [body, type, path] of [
    [json(1), 'application/json', '/v1/traces'],
    [proto(2, 3), 'application/x-protobuf', '/v1/traces'],
    [damaged, 'application/x-protobuf', '/v1/traces'],
    [encodeLogs([record]), 'application/x-protobuf', '/v1/logs'],
  ] as const)
    expect((await post(port, body, type, path)).status).toBe(200);
  await client.call('stopCapture', {});
  const disk = onDisk();
  expect(disk).not.toContain('s3cr3t');
  expect(disk).toContain('page=2');
  expect(disk).toContain('"page":1');
  await client.call('configure', { ...settings });
  expect(await names()).toContain('call 1 ••••');
  expect((await captures())[0].services).toEqual(['shop token=••••']);
});

it('are there as they came where a person wants captures as they come, and are hidden when they are shown', async () => {
  const port = await start();
  await client.call('configure', { ...settings, ...rules, redactStored: false });
  expect((await post(port, proto(1), 'application/x-protobuf')).status).toBe(200);
  expect(onDisk()).toContain('s3cr3t');
  expect(await names()).toEqual(['call 1 ••••']);
});
