import { describe, expect, it } from 'vitest';
import { isThisMachine, parseEndpoint, parseHeaders } from '../../../../src/capture/forward/forwardEndpoint';
import { ForwardQueue, type Waiting } from '../../../../src/capture/forward/forwardQueue';
import { giveUpAfterMs, isRetryable, nextTryMs } from '../../../../src/capture/forward/forwardRetry';
import { KnownItems, mixed } from '../../../../src/capture/forward/knownItems';

const one = (id: number, bytes: number, signal: Waiting['signal'] = 'traces'): Waiting => ({
  ...{ signal, bytes, items: id },
  encode: () => [Uint8Array.of(id)],
});

describe('what waits to be forwarded', () => {
  it('is taken in its order, as many together as a request may have, never two signals in one', () => {
    const queue = new ForwardQueue(1000);
    for (const each of [one(1, 40), one(2, 50), one(3, 50), one(4, 500, 'logs'), one(5, 10)]) expect(queue.add(each)).toBe(true);
    const taken = [];
    for (let next = queue.take(100); next; next = queue.take(100))
      taken.push([next.signal, next.items, next.parts.map(([id]) => id)]);
    expect(taken).toEqual([
      ['traces', 3, [1, 2]],
      ['traces', 3, [3]],
      ['logs', 4, [4]],
      ['traces', 5, [5]],
    ]);
    expect([queue.bytes, queue.items, queue.dropped, queue.isEmpty]).toEqual([0, 0, 0, true]);
  });

  it('is bounded: what does not fit is dropped and counted, one that is too large for all waits alone', () => {
    const queue = new ForwardQueue(100);
    expect(queue.add(one(7, 5000))).toBe(true);
    expect(queue.add(one(2, 1))).toBe(false);
    expect([queue.dropped, queue.take(10)?.items]).toEqual([2, 7]);
    expect(queue.add(one(3, 1))).toBe(true);
    queue.clear();
    expect([queue.bytes, queue.items, queue.take(10)]).toEqual([0, 0, undefined]);
  });

  it('goes on behind one that cannot be encoded, and through very many', () => {
    const queue = new ForwardQueue(1e9);
    queue.add({
      signal: 'traces',
      bytes: 1,
      items: 9,
      encode: () => {
        throw new Error('no');
      },
    });
    for (let i = 0; i < 5000; i++) queue.add(one(1, 1));
    let items = 0;
    for (let next = queue.take(7); next; next = queue.take(7)) items += next.items;
    expect([items, queue.dropped, queue.bytes]).toEqual([5000, 9, 0]);
  });
});

describe('what came back', () => {
  it('is known, and hardly anything else is', () => {
    const known = new KnownItems();
    const key = (i: number): [number, number] => [mixed(1, i), mixed(2, i)];
    for (let i = 0; i < 300_000; i++) expect(known.add(...key(i)), String(i)).toBe(false);
    let again = 0;
    for (let i = 290_000; i < 300_000; i++) if (known.add(...key(i))) again++;
    expect(again).toBeGreaterThan(9_000);
  });
});

describe('an endpoint', () => {
  const base = (text: string): string => {
    const found = parseEndpoint(text);
    return typeof found === 'string' ? found : `${found.base} ${found.host} ${found.port}`;
  };

  it('is taken as people write it', () => {
    expect(base(' http://localhost:4318/ ')).toBe('http://localhost:4318 localhost 4318');
    expect(base('localhost:4318')).toBe('http://localhost:4318 localhost 4318');
    expect(base('https://otlp.example/otlp/v1/traces')).toBe('https://otlp.example/otlp otlp.example 443');
    expect(base('http://[::1]:4318')).toBe('http://[::1]:4318 ::1 4318');
  });

  it('is refused where it could do something else than meant', () => {
    for (const text of [
      '',
      'ftp://a',
      'file:///etc/passwd',
      'http://u:p@a',
      'http://a?x=1',
      'http://a#x',
      'javascript:alert(1)',
      'nothing at all',
    ])
      expect(parseEndpoint(text), text).toBeTypeOf('string');
  });

  it('is this machine by all of its names', () => {
    const own = ['workstation', '192.168.7.9', 'fe80::1'];
    for (const host of [
      'localhost',
      'a.localhost',
      '127.0.0.1',
      '127.9.9.9',
      '::1',
      '0.0.0.0',
      '::',
      '::ffff:7f00:1',
      'workstation',
      '192.168.7.9',
    ])
      expect(isThisMachine(host, own), host).toBe(true);
    for (const host of ['localhost.example', '128.0.0.1', 'otel', '192.168.7.8'])
      expect(isThisMachine(host, own), host).toBe(false);
  });
});

describe('headers', () => {
  it('are read as OTEL_EXPORTER_OTLP_HEADERS has them, and as lines', () => {
    expect(parseHeaders('x-api-key=a%20b,Authorization=Basic dXNlcjo=')).toEqual({
      'x-api-key': 'a b',
      authorization: 'Basic dXNlcjo=',
    });
    expect(parseHeaders('x-a: one, two\nx-b: 50%\n')).toEqual({ 'x-a': 'one, two', 'x-b': '50%' });
    expect(parseHeaders('')).toEqual({});
  });

  it('are refused where they would end the request, or are not a person’s to set', () => {
    for (const text of ['a', 'content-length=0', 'Host=x', 'a b=c', 'x-a=%0d%0ax-b: 1', 'x-a=\u4e2d', `x=${'y'.repeat(20_000)}`])
      expect(parseHeaders(text), text.slice(0, 20)).toBeTypeOf('string');
  });
});

describe('another try', () => {
  it('comes later each time, not before the endpoint wants it, and has an end', () => {
    expect([1, 2, 3, 20].map((tries) => nextTryMs(tries, 0, undefined, 0.5))).toEqual([1000, 1500, 2250, 30_000]);
    expect(nextTryMs(1, 0, 7_000, 0)).toBe(7_000);
    expect(nextTryMs(9, giveUpAfterMs - 1, undefined, 0)).toBeUndefined();
    expect(nextTryMs(1, 0, giveUpAfterMs + 1, 0)).toBeUndefined();
  });

  it('is for those answers alone for which OTLP says so', () => {
    expect([200, 400, 401, 404, 408, 413, 429, 500, 501, 502, 503, 504].filter(isRetryable)).toEqual([429, 502, 503, 504]);
  });
});
