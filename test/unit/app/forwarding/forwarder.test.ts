// What is sent on, in which order, what is tried again and when, and what becomes of it when the endpoint changes, goes away, or the window closes. The clock is the test's.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Forwarder } from '../../../../src/app/forwarding/forwarder';
import type { HttpRequest, HttpResponse } from '../../../../src/backends/common/transport';
import { SpanhopError } from '../../../../src/base/errors';
import type { ForwardedPiece } from '../../../../src/protocol/forward';

let waiting: ForwardedPiece[];
let sent: string[];
let requests: HttpRequest[];
let answers: (Partial<HttpResponse> | Error | 'never')[];
let takes: boolean[];
let forwarder: Forwarder;

const target = { base: 'http://one:4318', isFar: false };
const other = { base: 'https://two/otlp', isFar: true };

function piece(text: string, items = 1): ForwardedPiece {
  return { signal: 'traces', items, body: new TextEncoder().encode(text), zipped: false };
}

beforeEach(() => {
  vi.useFakeTimers();
  [waiting, sent, requests, answers, takes] = [[], [], [], [], []];
  forwarder = new Forwarder({
    take: async (zipped) => {
      takes.push(zipped);
      const next = waiting.shift();
      return { waiting: 0, dropped: 0, returned: 0, ...(next ? { piece: { ...next, zipped } } : {}) };
    },
    transport: {
      async request(request, signal) {
        const { url, body } = request;
        requests.push(request);
        sent.push(`${url} ${new TextDecoder().decode(body as Uint8Array)}`);
        const answer = answers.shift() ?? { status: 200 };
        if (answer === 'never')
          return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new SpanhopError('Cancelled', 'x'))));
        if (answer instanceof Error) throw answer;
        return { status: 200, headers: {}, body: new Uint8Array(0), ...answer };
      },
    },
    headers: async (origin) => ({ 'x-for': origin }),
    changed: () => {},
    random: () => 0.5,
  });
});
afterEach(() => {
  forwarder.dispose();
  vi.useRealTimers();
});

const pass = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const unreachable = new SpanhopError('Unreachable', 'http://one:4318 cannot be reached: connection refused.');

it('sends what waits in its order, and asks for more until there is none', async () => {
  waiting = [piece('a', 2), { ...piece('b'), signal: 'logs' }];
  forwarder.direct(target);
  await pass();
  expect(sent).toEqual(['http://one:4318/v1/traces a', 'http://one:4318/v1/logs b']);
  expect(requests[0].headers).toEqual({
    'x-for': 'http://one:4318',
    accept: 'application/x-protobuf',
    'content-type': 'application/x-protobuf',
  });
  waiting = [piece('c')];
  forwarder.ask();
  await pass();
  expect(sent).toHaveLength(3);
  expect(forwarder.counts).toEqual({ sent: 4, waiting: 0, overflowed: 0, refused: 0, returned: 0 });
});

it('has it zipped for another machine, and says so', async () => {
  waiting = [piece('a')];
  forwarder.direct(other);
  await pass();
  expect(takes[0]).toBe(true);
  expect([sent[0], requests[0].headers?.['content-encoding']]).toEqual(['https://two/otlp/v1/traces a', 'gzip']);
});

it('tries again after answers that ask for it and where nobody answers, later each time, and keeps the order', async () => {
  waiting = [piece('a'), piece('b')];
  answers = [unreachable, { status: 503 }, { status: 429, headers: { 'retry-after': '20' } }];
  forwarder.direct(target);
  await pass();
  expect(sent).toHaveLength(1);
  expect(forwarder.trouble).toContain('cannot be reached');
  await pass(999);
  expect(sent).toHaveLength(1);
  await pass(1);
  expect([sent.length, forwarder.trouble]).toEqual([2, 'is busy (status 503) and is asked again']);
  await pass(1_500);
  expect(sent).toHaveLength(3);
  await pass(19_999);
  expect(sent).toHaveLength(3);
  await pass(1);
  expect(sent.map((each) => each.at(-1))).toEqual(['a', 'a', 'a', 'a', 'b']);
  expect([forwarder.trouble, forwarder.counts.sent]).toEqual([undefined, 2]);
});

it('drops what is refused and says why, and gives up after five minutes', async () => {
  waiting = [piece('a', 3), piece('b', 2), piece('c')];
  answers = [{ status: 400, body: new TextEncoder().encode('bad \u0000 data') as Uint8Array<ArrayBuffer> }, { status: 401 }];
  forwarder.direct(target);
  await pass();
  expect(forwarder.counts).toMatchObject({ refused: 5, sent: 1 });
  waiting = [piece('d', 4)];
  answers = [{ status: 400, body: new TextEncoder().encode('bad \u0000 data') as Uint8Array<ArrayBuffer> }];
  forwarder.ask();
  await pass();
  expect(forwarder.trouble).toBe('refuses traces (status 400: bad data)');
  waiting = [piece('e', 7), piece('f')];
  answers = Array.from({ length: 40 }, () => unreachable);
  forwarder.ask();
  await pass(300_000);
  expect(forwarder.counts.refused).toBe(16);
  answers = [];
  await pass(30_000);
  expect(sent.at(-1)).toContain('f');
});

it('counts what was not taken of a request that was', async () => {
  // ExportTraceServiceResponse { partial_success { rejected_spans: 2, error_message: "old" } }
  const body = Uint8Array.of(0x0a, 7, 0x08, 2, 0x12, 3, 0x6f, 0x6c, 0x64);
  waiting = [piece('a', 5), piece('b', 1)];
  answers = [{ body }, { body: body.slice(0, 5) }];
  forwarder.direct(target);
  await pass();
  expect(forwarder.counts).toMatchObject({ sent: 4, refused: 2 });
});

it('sends what is on its way to the next endpoint when that changes, and nothing when there is none', async () => {
  waiting = [piece('a'), piece('b')];
  answers = ['never'];
  forwarder.direct(target);
  await pass();
  forwarder.direct(other);
  await pass();
  expect(sent).toEqual(['http://one:4318/v1/traces a', 'https://two/otlp/v1/traces a', 'https://two/otlp/v1/traces b']);
  expect(forwarder.counts.sent).toBe(2);
  // The first one was not zipped, and stays so.
  expect(requests.map(({ headers }) => headers?.['content-encoding'])).toEqual([undefined, undefined, 'gzip']);
  waiting = [piece('c')];
  answers = ['never'];
  forwarder.ask();
  await pass();
  forwarder.direct(undefined);
  forwarder.ask();
  await pass(600_000);
  expect(sent).toHaveLength(4);
  expect(forwarder.counts).toMatchObject({ sent: 0, refused: 0 });
});

it('tries at once when something in the way has gone', async () => {
  waiting = [piece('a')];
  answers = [{ status: 503, headers: { 'retry-after': '200' } }];
  forwarder.direct(target);
  await pass();
  forwarder.ask(true);
  await pass();
  expect([sent.length, forwarder.counts.sent]).toEqual([2, 1]);
});

it('lets the window close: what is on its way has a moment, and what gets nowhere none', async () => {
  waiting = [piece('a')];
  answers = ['never'];
  forwarder.direct(target);
  await pass();
  let closed = false;
  void forwarder.flush(1_000).then(() => (closed = true));
  await pass(999);
  expect(closed).toBe(false);
  await pass(1);
  expect(closed).toBe(true);
  forwarder.dispose();
  await pass(600_000);
  expect(sent).toHaveLength(1);
});

it('does not wait at the end for an endpoint that is away, or for nothing', async () => {
  let closed = 0;
  void forwarder.flush(1_000).then(() => closed++);
  await pass();
  waiting = [piece('a')];
  answers = [unreachable];
  forwarder.direct(target);
  await pass();
  void forwarder.flush(1_000).then(() => closed++);
  await pass();
  expect(closed).toBe(2);
});

it('goes on when the engine that has it goes down and comes back', async () => {
  let isDown = true;
  const calls: string[] = [];
  const own = new Forwarder({
    take: async () => {
      calls.push('take');
      if (isDown) throw new SpanhopError('Unreachable', 'The engine stopped.');
      return { waiting: 0, dropped: 0, returned: 0, ...(calls.length < 3 ? { piece: piece('a') } : {}) };
    },
    transport: { request: async () => ({ status: 200, headers: {}, body: new Uint8Array(0) }) },
    headers: async () => ({}),
    changed: () => {},
  });
  own.direct(target);
  await pass(60_000);
  expect(calls).toHaveLength(1);
  isDown = false;
  own.ask();
  await pass();
  expect([own.counts.sent, own.trouble]).toEqual([1, undefined]);
  own.dispose();
});
