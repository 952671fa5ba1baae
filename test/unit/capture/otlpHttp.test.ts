import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { Listener, type ListenerOptions } from '../../../src/capture/listen/listener';
import type { Encoding } from '../../../src/capture/otlp/answers';
import { otlpHttp } from '../../../src/capture/otlp/otlpHttp';
import type { RecordExport, SpanExport, Taken, TelemetrySink } from '../../../src/capture/sink';

const PROTOBUF = 'application/x-protobuf';

class Sink implements TelemetrySink {
  /** Those in JSON are read by the export alone. */
  readonly bodies: { body: Uint8Array; encoding: Encoding }[] = [];
  readonly others: string[] = [];
  readonly refusals: string[] = [];
  readonly tellings: string[] = [];
  answer: () => Promise<Taken> = async () => ({ rejected: 0, message: '' });

  spans({ otlp }: SpanExport): Promise<Taken> {
    this.bodies.push({ body: otlp ?? new Uint8Array(0), encoding: otlp ? 'protobuf' : 'json' });
    return this.answer();
  }

  records({ otlp }: RecordExport): Promise<Taken> {
    this.others.push(`logs ${otlp ? `protobuf ${otlp.length}` : 'json'}`);
    return this.answer();
  }

  metrics(): void {
    this.others.push('metrics');
  }

  refused(message: string): void {
    this.refusals.push(message);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let sink: Sink;
let receiver: Listener;
let port: number;

async function listen(options: ListenerOptions = {}): Promise<void> {
  sink = new Sink();
  const { tellings } = sink;
  receiver = new Listener((kind, message) => tellings.push(`${kind}: ${message}`), options);
  port = await receiver.listen(otlpHttp(sink), 0);
}

beforeEach(() => listen());
afterEach(() => receiver.close(0));

function send(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: Uint8Array | string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        port,
        host: '127.0.0.1',
        path,
        method: options.method ?? 'POST',
        headers: options.headers ?? { 'content-type': PROTOBUF },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}

const json = (answer: Answer): unknown => JSON.parse(answer.body.toString());

describe('OTLP over HTTP', () => {
  it('listens on loopback only, at a port of its own', async () => {
    const other = new Listener(() => {});
    expect(await other.listen(otlpHttp(sink), 0)).not.toBe(port);
    await expect(other.listen(otlpHttp(sink), port)).rejects.toThrow(/EADDRINUSE/);
    await other.close(0);
  });

  it('answers protobuf with an empty message, and JSON with an empty object', async () => {
    const proto = await send('/v1/traces', { body: Uint8Array.from([10, 0]) });
    expect([proto.status, proto.headers['content-type'], proto.body.length]).toEqual([200, PROTOBUF, 0]);
    const text = await send('/v1/traces/', { headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{}' });
    expect([text.status, text.headers['content-type'], json(text)]).toEqual([200, 'application/json', {}]);
    expect(sink.bodies.map(({ body, encoding }) => [encoding, body.length])).toEqual([
      ['protobuf', 2],
      ['json', 0],
    ]);
  });

  it('answers only when the sink has the spans safe', async () => {
    let safe: () => void = () => {};
    const reached = new Promise<void>((resolve) => {
      sink.answer = () =>
        new Promise((settle) => {
          safe = () => settle({ rejected: 0, message: '' });
          resolve();
        });
    });
    let answered = false;
    const answer = send('/v1/traces', { body: 'x' }).then((value) => {
      answered = true;
      return value;
    });
    await reached;
    expect(answered).toBe(false);
    safe();
    expect((await answer).status).toBe(200);
  });

  it('unpacks gzip, and nothing else', async () => {
    const body = Buffer.from('spans '.repeat(1000));
    const headers = { 'content-type': PROTOBUF, 'content-encoding': 'gzip' };
    expect((await send('/v1/traces', { headers, body: gzipSync(body) })).status).toBe(200);
    expect(Buffer.from(sink.bodies[0].body).equals(body)).toBe(true);
    expect((await send('/v1/traces', { headers: { ...headers, 'content-encoding': 'br' }, body })).status).toBe(415);
    const damaged = await send('/v1/traces', { headers, body: gzipSync(body).subarray(0, 30) });
    expect(damaged.status).toBe(400);
    expect(sink.bodies).toHaveLength(1);
    expect(sink.refusals).toHaveLength(2);
  });

  it('takes chunked bodies of unknown length', async () => {
    const text = 'y'.repeat(300_000);
    const answer = await send('/v1/traces', {
      headers: { 'content-type': PROTOBUF, 'transfer-encoding': 'chunked' },
      body: text,
    });
    expect(answer.status).toBe(200);
    expect(Buffer.from(sink.bodies[0].body).toString()).toBe(text);
  });

  it('limits bodies, also after unpacking', async () => {
    await receiver.close(0);
    await listen({ maxBodyBytes: 100_000 });
    const big = new Uint8Array(100_001);
    const plain = await send('/v1/traces', { body: big });
    expect(plain.status).toBe(413);
    // google.rpc.Status { code: RESOURCE_EXHAUSTED, message }
    expect([...plain.body.subarray(0, 2)]).toEqual([8, 8]);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const bomb = await send('/v1/traces', { headers, body: gzipSync(big) });
    expect(bomb.status).toBe(413);
    expect(json(bomb)).toMatchObject({ code: 8 });
    const chunked = await send('/v1/traces', {
      headers: { 'content-type': PROTOBUF, 'transfer-encoding': 'chunked' },
      body: big,
    });
    expect(chunked.status).toBe(413);
    expect((await send('/v1/traces', { body: big.subarray(1) })).status).toBe(200);
    expect(sink.bodies).toHaveLength(1);
  });

  it('says 400 with a Status for what cannot be read, and takes the next request', async () => {
    sink.answer = async () => {
      throw new SpanhopError('BadData', 'Not a trace export.');
    };
    const proto = await send('/v1/traces', { body: 'garbage' });
    expect(proto.status).toBe(400);
    expect(proto.headers['content-type']).toBe(PROTOBUF);
    expect(proto.body.toString('latin1')).toBe('\x08\x03\x12\x13Not a trace export.');
    const text = await send('/v1/traces', { headers: { 'content-type': 'application/json' }, body: 'garbage' });
    expect(json(text)).toEqual({ code: 3, message: 'Not a trace export.' });
    sink.answer = async () => ({ rejected: 0, message: '' });
    expect((await send('/v1/traces', { body: 'good' })).status).toBe(200);
  });

  it('says 503 and when to come again for what cannot be kept now', async () => {
    sink.answer = async () => {
      throw new SpanhopError('Unreachable', 'The disk is full.');
    };
    const answer = await send('/v1/traces', { body: 'x' });
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
  });

  it('tells what part of a request was refused', async () => {
    sink.answer = async () => ({ rejected: 2, message: 'Two spans had no id.' });
    const text = await send('/v1/traces', { headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(json(text)).toEqual({ partialSuccess: { rejectedSpans: '2', errorMessage: 'Two spans had no id.' } });
    const proto = await send('/v1/traces', { body: 'x' });
    expect(proto.body.toString('latin1')).toBe('\x0a\x18\x08\x02\x12\x14Two spans had no id.');
    const logs = await send('/v1/logs', { headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(json(logs)).toEqual({ partialSuccess: { rejectedLogRecords: '2', errorMessage: 'Two spans had no id.' } });
  });

  it('passes a warning on where nothing was refused, and says 413 for what is too large to be kept', async () => {
    sink.answer = async () => ({ rejected: 0, message: 'One span has no id.' });
    const text = await send('/v1/traces', { headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(json(text)).toEqual({ partialSuccess: { rejectedSpans: '0', errorMessage: 'One span has no id.' } });
    sink.answer = async () => {
      throw new SpanhopError('TooLarge', 'A span is too large to be kept.');
    };
    expect((await send('/v1/traces', { body: 'x' })).status).toBe(413);
  });

  it('hands logs on, and counts metrics', async () => {
    expect((await send('/v1/logs', { body: 'x' })).status).toBe(200);
    expect((await send('/v1/metrics', { headers: { 'content-type': 'application/json' }, body: '{}' })).status).toBe(200);
    expect(sink.others).toEqual(['logs protobuf 1', 'metrics']);
    expect(sink.bodies).toHaveLength(0);
  });

  it('refuses other paths, methods and types', async () => {
    expect((await send('/other')).status).toBe(404);
    const get = await send('/v1/traces', { method: 'GET', headers: {} });
    expect([get.status, get.headers.allow]).toEqual([405, 'POST, OPTIONS']);
    expect((await send('/v1/traces', { headers: { 'content-type': 'text/plain' }, body: 'x' })).status).toBe(415);
    expect((await send('/v1/traces', { headers: {}, body: 'x' })).status).toBe(415);
  });

  it('lets pages of this machine send, and no others', async () => {
    const origin = 'http://localhost:5173';
    const preflight = await send('/v1/traces', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,x-trace' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'content-type,x-trace',
      'access-control-allow-methods': 'POST',
    });
    const sent = await send('/v1/traces', { headers: { origin, 'content-type': 'application/json' }, body: '{}' });
    expect(sent.headers['access-control-allow-origin']).toBe(origin);
    for (const foreign of ['https://example.com', 'http://localhost.example.com', 'null', 'file://']) {
      const refused = await send('/v1/traces', { headers: { origin: foreign, 'content-type': 'application/json' }, body: '{}' });
      expect([foreign, refused.status, refused.headers['access-control-allow-origin']]).toEqual([foreign, 403, undefined]);
    }
    expect(sink.bodies).toHaveLength(1);
  });

  it('refuses names that only point at this machine', async () => {
    const status = async (host: string): Promise<number> =>
      (await send('/v1/traces', { headers: { host, 'content-type': PROTOBUF }, body: 'x' })).status;
    for (const host of [
      'localhost',
      'LOCALHOST:4318',
      '127.0.0.1:80',
      '127.1.2.3',
      '[::1]:4318',
      'shop.localhost',
      'host.docker.internal:9',
    ]) {
      expect([host, await status(host)]).toEqual([host, 200]);
    }
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', '[::2]']) {
      expect([host, await status(host)]).toEqual([host, 403]);
    }
  });

  it('is not held up by clients that hang, and counts a body that ends early', async () => {
    await receiver.close(0);
    await listen({ requestTimeoutMs: 300 });
    const head = `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: 100\r\n\r\n`;
    const slow = connect(port, '127.0.0.1');
    slow.write(`${head}part`);
    const broken = connect(port, '127.0.0.1');
    broken.write(`${head}part`, () => broken.destroy());
    expect((await send('/v1/traces', { body: 'whole' })).status).toBe(200);
    const said = await new Promise<string>((resolve) => {
      let text = '';
      slow.on('data', (chunk) => {
        text += String(chunk);
      });
      slow.on('close', () => resolve(text));
    });
    expect(said).toMatch(/^(HTTP\/1.1 408|$)/);
    await expect.poll(() => sink.refusals.length).toBe(2);
    expect(sink.tellings).toEqual(Array(2).fill('unreadable: The body ended early.'));
    expect(sink.bodies).toHaveLength(1);
  });

  it('answers what is under way before it closes', async () => {
    let safe: () => void = () => {};
    const reached = new Promise<void>((resolve) => {
      sink.answer = () =>
        new Promise((settle) => {
          safe = () => settle({ rejected: 0, message: '' });
          resolve();
        });
    });
    const answer = send('/v1/traces', { body: 'x' });
    await reached;
    const closed = receiver.close(5_000);
    safe();
    expect((await answer).status).toBe(200);
    await closed;
    await expect(send('/v1/traces', { body: 'x' })).rejects.toThrow(/ECONNREFUSED/);
  });
});
