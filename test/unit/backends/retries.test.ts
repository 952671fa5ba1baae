// What is asked again, when, and who waits for it. Time and chance are the test's.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Exchange, ExchangeRequest } from '../../../src/backends/common/exchange';
import { HttpTransport, type TransportOptions } from '../../../src/backends/common/httpTransport';
import { backOffMs, retryAfterMs } from '../../../src/backends/common/retries';
import { Traffic } from '../../../src/backends/common/traffic';
import type { HttpRequest } from '../../../src/backends/common/transport';
import { failure } from '../../support/inProcessEngine';

type Answer = number | string | { readonly status: number; readonly headers?: Record<string, string>; readonly afterMs?: number };

const get: HttpRequest = { method: 'GET', url: 'http://jaeger:1/x' };
const fault = (code: string): Error => Object.assign(new Error(code), { code });

/** Answers in turn, the last of them for ever: a status, an answer, or the code of a failure. `at` has the times of the requests. */
function server(answers: readonly Answer[]) {
  const at: number[] = [];
  const seen: ExchangeRequest[] = [];
  const exchange: Exchange = async (request, signal) => {
    const answer = answers[Math.min(at.length, answers.length - 1)];
    at.push(Date.now());
    seen.push(request);
    if (typeof answer === 'string') throw fault(answer);
    const { status, headers = {}, afterMs = 0 } = typeof answer === 'number' ? { status: answer } : answer;
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(fault('ABORT_ERR')));
      setTimeout(resolve, afterMs);
    });
    return { status, headers, body: (async function* () {})(), drop() {} };
  };
  return { at, seen, exchange };
}

const transportTo = (exchange: Exchange, options: Partial<TransportOptions> = {}, traffic = new Traffic()): HttpTransport =>
  new HttpTransport({ timeoutMs: 30_000, maxBytes: 1000, ...options }, { exchange, traffic, random: () => 1 });

/** How it ended, and after how many milliseconds. */
async function outcome(work: Promise<{ readonly status: number }>): Promise<string> {
  const ended = work.then(({ status }) => String(status), String);
  const stamped = ended.then((text) => `${text} after ${Date.now()}`);
  await vi.runAllTimersAsync();
  return stamped;
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('asks again, each time later', () => {
  it.each([[503], [502], [504], [429], ['ECONNREFUSED'], ['ECONNRESET'], ['EAI_AGAIN']])('after %s', async (trouble) => {
    const { at, exchange } = server([trouble, trouble, 200]);
    expect(await outcome(transportTo(exchange).request(get))).toBe('200 after 600');
    expect(at).toEqual([0, 200, 600]);
  });

  it('and no more than thrice', async () => {
    const { at, exchange } = server([503]);
    expect(await outcome(transportTo(exchange).request(get))).toBe('503 after 1400');
    expect(at).toHaveLength(4);
    const refused = server(['ECONNREFUSED']);
    expect(await outcome(transportTo(refused.exchange).request(get))).toContain('nothing listens there');
    expect(refused.at).toHaveLength(4);
  });

  it('at times that chance spreads, and never far apart', () => {
    expect([backOffMs(0, 0), backOffMs(0, 1), backOffMs(2, 0.5), backOffMs(60, 1)]).toEqual([100, 200, 600, 5000]);
  });

  it('until the time-out, which holds for all of it', async () => {
    const slow = server([{ status: 503, afterMs: 700 }]);
    expect(await outcome(transportTo(slow.exchange, { timeoutMs: 2000 }).request(get))).toMatch(
      /^Timeout: .* within 2 s.* after 2000$/,
    );
    expect(slow.at).toEqual([0, 900]);
  });
});

describe('does not ask again', () => {
  it.each([[500], [404], [400], [200], ['CERT_HAS_EXPIRED'], ['ENOTFOUND']])('after %s', async (answer) => {
    const { at, exchange } = server([answer]);
    await outcome(transportTo(exchange).request(get));
    expect(at).toHaveLength(1);
  });

  it('what is not the same when it is asked twice, unless nothing of it was heard', async () => {
    const post: HttpRequest = { ...get, method: 'POST', body: '{}' };
    const tries = async (trouble: Answer, request: HttpRequest): Promise<number> => {
      const { at, exchange } = server([trouble]);
      await outcome(transportTo(exchange).request(request));
      return at.length;
    };
    expect(await tries(503, post)).toBe(1);
    expect(await tries('ECONNRESET', post)).toBe(1);
    expect(await tries(429, post)).toBe(4);
    expect(await tries('ECONNREFUSED', post)).toBe(4);
    expect(await tries(503, { ...post, idempotent: true })).toBe(4);
  });
});

describe('a server that says when', () => {
  it.each([
    ['3', 3000],
    ['Thu, 01 Jan 1970 00:00:05 GMT', 5000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('is asked then: %s', async (text, ms) => {
    const { at, exchange } = server([{ status: 429, headers: { 'retry-after': text } }, 200]);
    expect(await outcome(transportTo(exchange).request(get))).toBe(`200 after ${ms}`);
    expect(at).toEqual([0, ms]);
  });

  it.each([[''], ['soon'], ['-5'], ['1e9'], ['Infinity'], ['2'], ['99999999999']])(
    'or says nonsense, which counts for nothing: "%s"',
    (text) => {
      const ms = retryAfterMs({ headers: { 'retry-after': text } }, 0);
      expect(ms).toBe(text === '2' ? 2000 : undefined);
    },
  );

  it('later than there is time is told at once, with the time', async () => {
    const seconds = server([{ status: 429, headers: { 'retry-after': '120' } }]);
    expect(await outcome(transportTo(seconds.exchange).request(get))).toBe(
      'Unreachable: http://jaeger:1 is asked too often, and wants to be left alone for 2 min. Try again after that. after 0',
    );
    const date = server([{ status: 503, headers: { 'retry-after': 'Thu, 01 Jan 1970 00:00:45 GMT' } }]);
    expect(await outcome(transportTo(date.exchange).request(get))).toContain(
      'is not available now, and wants to be left alone for 45 s',
    );
    expect(seconds.at.length + date.at.length).toBe(2);
  });

  it('is left alone by all who ask it, and others are not', async () => {
    const traffic = new Traffic();
    const { at, exchange } = server([{ status: 429, headers: { 'retry-after': '10' } }, 200]);
    const one = transportTo(exchange, {}, traffic).request(get);
    await vi.advanceTimersByTimeAsync(1);
    const two = transportTo(exchange, {}, traffic).request({ ...get, url: 'http://jaeger:1/other' });
    const hasty = failure(transportTo(exchange, { timeoutMs: 5000 }, traffic).request(get));
    const elsewhere = transportTo(exchange, {}, traffic).request({ ...get, url: 'http://other:1/' });
    await vi.advanceTimersByTimeAsync(0);
    await elsewhere;
    expect(await hasty).toContain('left alone for 10 s');
    expect(Date.now()).toBe(1);
    await vi.runAllTimersAsync();
    await Promise.all([one, two]);
    expect(at).toEqual([0, 1, 10_000, 10_000]);
  });
});

it('stops waiting as soon as the caller gives up', async () => {
  for (const trouble of ['ECONNREFUSED', { status: 429, headers: { 'retry-after': '20' } }] satisfies Answer[]) {
    const stop = new AbortController();
    const { at, exchange } = server([trouble]);
    const said = failure(transportTo(exchange).request(get, stop.signal));
    await vi.advanceTimersByTimeAsync(50);
    stop.abort();
    expect(await said).toMatch(/^Cancelled/);
    expect(at).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  }
});

describe('a server is asked', () => {
  it('by so many at once, and the others wait without losing their time', async () => {
    const { at, exchange } = server([{ status: 200, afterMs: 900 }]);
    const transport = transportTo(exchange, { timeoutMs: 1000, limit: { atOnce: 2 } });
    const all = Array.from({ length: 6 }, () => transport.request(get).then(({ status }) => status));
    await vi.runAllTimersAsync();
    expect(await Promise.all(all)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(at).toEqual([0, 0, 900, 900, 1800, 1800]);
  });

  it('so often a second', async () => {
    const { at, exchange } = server([200]);
    const transport = transportTo(exchange, { limit: { perSecond: 2, atOnce: 100 } });
    const all = Array.from({ length: 6 }, () => transport.request(get));
    await vi.runAllTimersAsync();
    await Promise.all(all);
    expect(at).toEqual([0, 0, 500, 1000, 1500, 2000]);
  });

  it('not at all for one who gave up in the queue', async () => {
    const { at, exchange } = server([{ status: 200, afterMs: 900 }]);
    const transport = transportTo(exchange, { limit: { atOnce: 1 } });
    const first = transport.request(get);
    const stop = new AbortController();
    const second = failure(transport.request(get, stop.signal));
    await vi.advanceTimersByTimeAsync(100);
    stop.abort();
    expect(await second).toMatch(/^Cancelled/);
    await vi.runAllTimersAsync();
    await first;
    expect(at).toHaveLength(1);
  });
});

describe('what proves who asks', () => {
  const header = (value: string): Record<string, string> => ({ authorization: value });

  it('is got anew once after it was refused, and used', async () => {
    const { seen, exchange } = server([401, 200]);
    const asked: unknown[] = [];
    const transport = transportTo(exchange, {
      authorize: async ({ refused }) => {
        asked.push(refused);
        return header(refused ? 'new' : 'old');
      },
    });
    expect(await outcome(transport.request({ ...get, method: 'POST', body: '{}' }))).toBe('200 after 0');
    expect(asked).toEqual([undefined, header('old')]);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['old', 'new']);
  });

  it('is refused in words when there is no other, without asking the server again', async () => {
    const { at, exchange } = server([401]);
    const transport = transportTo(exchange, { authorize: async () => header('same') });
    expect(await outcome(transport.request(get))).toBe(
      'Unauthorized: http://jaeger:1 refused the request (status 401). Set a credential for this backend. after 0',
    );
    expect(at).toHaveLength(1);
  });

  it('may sign the request, and is not got for another origin', async () => {
    const { seen, exchange } = server([{ status: 302, headers: { location: 'http://other:2/' } }, 401]);
    const transport = transportTo(exchange, {
      authorize: async ({ url, method }) => header(`${method} ${url.pathname}`),
      tls: async () => ({ cert: 'mine' }),
    });
    expect(await outcome(transport.request({ ...get, headers: { 'X-Tenant': 'a' } }))).toContain(
      'http://jaeger:1 leads to http://other:2, where no credential is sent, and which refused the request (status 401).',
    );
    expect(seen.map(({ headers, url }) => [url.host, headers.authorization, headers['x-tenant']])).toEqual([
      ['jaeger:1', 'GET /x', 'a'],
      ['other:2', undefined, undefined],
    ]);
  });

  it('comes from the request too, which the settings overrule', async () => {
    const { seen, exchange } = server([200]);
    const transport = transportTo(exchange, { authorize: async () => ({ a: 'settings' }) });
    await outcome(transport.request({ ...get, authorize: async () => ({ a: 'request', b: 'request' }) }));
    expect(seen[0].headers).toMatchObject({ a: 'settings', b: 'request' });
  });

  it('and never comes ends with the time-out', async () => {
    const { at, exchange } = server([200]);
    const transport = transportTo(exchange, { authorize: () => new Promise(() => {}) });
    expect(await outcome(transport.request(get))).toMatch(/^Timeout/);
    expect(at).toEqual([]);
  });
});

it('names a proxy that wants a password', async () => {
  expect(await outcome(transportTo(server([407]).exchange).request(get))).toContain(
    'The proxy on the way to http://jaeger:1 wants a user and a password (status 407). Look at the setting http.proxy.',
  );
});
