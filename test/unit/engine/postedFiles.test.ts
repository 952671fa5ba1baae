// The files of people as bodies of requests, over HTTP: where exporters send them, in the types and compressions that they use, and in wrong ones.
// What the capture holds then is what opens as a file.

import * as zlib from 'node:zlib';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InProcessEngine } from '../../support/inProcessEngine';
import { filesWithSpans, foreignFiles, type PeoplesFile } from '../../support/peoplesFiles';
import { client, start } from './support/captureWindow';

/** What programs send, and what people post with curl: lines of a console are neither. */
const bodies = filesWithSpans.filter(({ name }) => /\.(?:jsonl?|ndjson)$/.test(name));
const zstd: unknown = Reflect.get(zlib, 'zstdCompressSync');

function typeOf({ name }: PeoplesFile): string {
  return /l$|ndjson$/.test(name) ? 'application/x-ndjson' : 'application/json; charset=utf-8';
}

interface Sending {
  readonly path: string;
  readonly type?: string;
  readonly encoding?: string;
}

async function send(
  port: number,
  body: Uint8Array,
  { path, type, encoding }: Sending,
): Promise<{ status: number; text: string }> {
  const headers = {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(encoding ? { 'content-encoding': encoding } : {}),
  };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body: Buffer.from(body) });
  return { status: answer.status, text: await answer.text() };
}

const untaken = async (): Promise<string[]> =>
  ((await client.call('captureState', {})).untaken ?? []).map(({ message }) => message);

async function postAll(sending: Sending, pack: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  const port = await start();
  const opener = new InProcessEngine();
  let spans = 0;
  for (const file of bodies) {
    const { name, bytes } = file;
    const list = await opener.openAndList({ dataset: name, name, bytes });
    const { status, text } = await send(port, pack(bytes), { type: typeOf(file), ...sending });
    // As Zipkin answers there.
    expect([name, status]).toEqual([name, sending.path.endsWith('/spans') ? 202 : 200]);
    // A warning is no loss.
    if (text.includes('rejectedSpans')) expect(text).toContain('"rejectedSpans":"0"');
    spans += list.spanCount;
    const { counts } = await client.call('captureState', {});
    expect([name, counts]).toEqual([name, expect.objectContaining({ spans, rejected: 0 })]);
    for (const { traceId } of list.traces) {
      const opened = await opener.call('traceData', { dataset: name, traceId });
      const kept = await client.call('traceData', { dataset: 'local', traceId });
      expect([name, kept.spans]).toEqual([name, opened.spans]);
      expect([name, kept.overview]).toEqual([name, expect.objectContaining(opened.overview)]);
    }
  }
}

const plain = (bytes: Uint8Array): Uint8Array => bytes;

describe('a file as a body', () => {
  it.each(['/v1/traces', '/', '/api/v2/spans', '/otlp/v1/traces'])('is kept as it opens, sent to %s', (path) =>
    postAll({ path }, plain),
  );

  it('is kept as it opens, by gzip', () => postAll({ path: '/v1/traces', encoding: 'gzip' }, (bytes) => gzipSync(bytes)));

  it.skipIf(typeof zstd !== 'function')('is kept as it opens, by zstd', () =>
    postAll({ path: '/', encoding: 'zstd' }, (bytes) => {
      const packed: unknown = typeof zstd === 'function' ? zstd(bytes) : undefined;
      if (packed instanceof Uint8Array) return packed;
      throw new Error('There is no zstd.');
    }),
  );

  it.each([
    ['text/plain', 'its Content-Type is "text/plain", not application/x-protobuf or application/json.'],
    [
      'application/octet-stream',
      'its Content-Type is "application/octet-stream", not application/x-protobuf or application/json.',
    ],
    ['application/x-www-form-urlencoded', 'its Content-Type is "application/x-www-form-urlencoded", not'],
    [undefined, 'it has no Content-Type.'],
  ])('in the type %j is answered with the types that are taken, and told', async (type, said) => {
    const port = await start();
    for (const { bytes } of bodies.slice(0, 3))
      for (const path of ['/v1/traces', '/']) {
        const { status, text } = await send(port, bytes, { path, type });
        expect([status, text]).toEqual([
          415,
          expect.stringContaining('Use Content-Type application/x-protobuf or application/json.'),
        ]);
      }
    expect(await untaken()).toEqual([expect.stringContaining(said)]);
    expect((await client.call('captureState', {})).counts).toMatchObject({ spans: 0, traces: 0, rejected: 6 });
  });

  it('is read by what it is where its type says protobuf', () =>
    postAll({ path: '/v1/traces', type: 'application/x-protobuf' }, plain));

  it.each(['/v1/traces', '/v1/logs', '/'])('of several signals is kept whole, sent to %s', async (path) => {
    const port = await start();
    const file = bodies.find(({ name }) => name === 'collector.jsonl');
    const { status, text } = await send(port, file?.bytes ?? new Uint8Array(0), { path, type: 'application/json' });
    expect([status, text]).toEqual([200, '{}']);
    expect((await client.call('captureState', {})).counts).toMatchObject({ spans: 3, logRequests: 1, metricRequests: 1 });
    const traceId = 'f6c0de5eed0000000000000000000006'.padStart(32, '0');
    const { spans } = await client.call('traceData', { dataset: 'local', traceId });
    expect(spans.map(({ name, logs }) => [name, logs.map(({ body }) => body)])).toEqual([
      ['POST /cart', ['slow']],
      ['reserve', []],
    ]);
  });

  it.each(foreignFiles.map((file) => [file.name, file] as const))('%s is refused in words', async (_, { bytes, expected }) => {
    const port = await start();
    const { status, text } = await send(port, bytes, { path: '/v1/traces', type: 'application/json' });
    expect([status, text]).toEqual([400, expect.stringContaining(expected.error ?? '')]);
    expect(await untaken()).toEqual([expect.stringContaining(expected.error ?? '')]);
  });
});
