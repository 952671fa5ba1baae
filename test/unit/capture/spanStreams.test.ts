// Streams of spans on a port of a capture: what comes in frames gets to the sink, whatever the pieces, the order, the end; and nobody takes more than a
// share.

import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { Listener } from '../../../src/capture/listen/listener';
import { otlpHttp } from '../../../src/capture/otlp/otlpHttp';
import type { SpanExport } from '../../../src/capture/sink';
import { SpanStreams, type StreamLimits } from '../../../src/capture/stream/spanStreams';
import { decodeBytes } from '../../../src/core/format/format';
import { StringTable } from '../../../src/core/model/strings';
import { FRAME } from '../../../src/core/spanStream/wire';

const HEAD = 'SPANHOP/1 spans\n\n';

function frame(kind: number, ...payload: (Uint8Array | readonly number[])[]): Buffer {
  const all = Buffer.concat(payload.map((part) => Buffer.from(part)));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(all.length);
  head[0] = kind;
  return Buffer.concat([head, all]);
}
/** A field of bytes or text. */
const field = (number: number, bytes: Uint8Array | string): Buffer => {
  const all = Buffer.from(bytes);
  return Buffer.concat([Buffer.from([(number << 3) | 2, all.length]), all]);
};
const span = (id: number, name: string): Buffer =>
  Buffer.concat([field(1, Buffer.alloc(16, id)), field(2, Buffer.alloc(8, id)), field(5, name)]);
const resource = (service: string): Buffer =>
  field(1, field(1, Buffer.concat([field(1, 'service.name'), field(2, field(1, service))])));
const context = (id: number, service: string, scope: string): Buffer => {
  const about = resource(service);
  return frame(FRAME.context, [0, id, 0, 0, 0, about.length], about, field(1, field(1, scope)));
};
const inContext = (id: number, one: Uint8Array): Buffer => frame(FRAME.span, [0, id], one);
const whole = (service: string, ...spans: Buffer[]): Buffer =>
  frame(FRAME.request, field(1, Buffer.concat([resource(service), field(2, Buffer.concat(spans.map((one) => field(2, one))))])));

let listener: Listener;
let streams: SpanStreams;
let port: number;
let told: string[];
/** `service scope: names`, one for each request. */
let taken: string[];
let lost: number;
let answer: (request: SpanExport) => Promise<void>;
let changed: () => void;

async function listen(limits: StreamLimits = {}): Promise<void> {
  [told, taken, lost] = [[], [], 0];
  answer = async () => {};
  changed = () => {};
  const sink = {
    spans: async (request: SpanExport) => {
      await answer(request);
      const { batches } = decodeBytes(request.otlp ?? new Uint8Array(0), { strings: new StringTable(), format: 'otlp-proto' });
      for (const batch of batches) {
        const names = Array.from({ length: batch.count }, (_, row) => batch.strings.get(batch.name[row]));
        const services = new Set(Array.from({ length: batch.count }, (_, row) => batch.resources[batch.resource[row]].service));
        taken.push(`${[...services].map((one) => batch.strings.get(one)).join('+')}: ${names.join(' ')}`);
      }
      changed();
      return { rejected: 0, message: '' };
    },
    over: () => {},
    lost: (spans: number) => {
      lost += spans;
      changed();
    },
  };
  streams = new SpanStreams(
    sink,
    (message) => {
      told.push(message);
      changed();
    },
    limits,
  );
  listener = new Listener((kind, message) => told.push(`${kind}: ${message}`), { streams: (socket) => streams.take(socket) });
  const noSink = { ...sink, records: sink.spans, metrics: () => {}, refused: () => {} };
  port = await listener.listen(otlpHttp(noSink as never), 0);
}
beforeEach(() => listen());
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all([listener.close(0), streams.stop(0)]);
});

const sockets: Socket[] = [];

interface Program {
  readonly socket: Socket;
  /** All that it was told, when the connection has ended. */
  readonly heard: Promise<string>;
}

/** A program that sends these bytes in pieces of a size. */
async function program(bytes: Buffer | string, size = Number.POSITIVE_INFINITY): Promise<Program> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.setNoDelay(true);
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  const heard = new Promise<string>((resolve) => socket.on('close', () => resolve(text)));
  const all = Buffer.from(bytes);
  for (let at = 0; at < all.length; at += size) {
    await new Promise<void>((sent) => socket.write(all.subarray(at, Math.min(all.length, at + size)), () => sent()));
  }
  return { socket, heard };
}

function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    changed = () => holds() && resolve();
    changed();
  });
}
const all = (...parts: (string | Buffer)[]): Buffer => Buffer.concat(parts.map((part) => Buffer.from(part)));

const three = all(
  HEAD,
  context(1, 'shop', 'http'),
  inContext(1, span(1, 'GET')),
  context(2, 'shop', 'pg'),
  inContext(2, span(2, 'SELECT')),
  inContext(1, span(3, 'POST')),
);

describe('a stream of spans', () => {
  it('gets to the sink as one request while the program runs on', async () => {
    await program(three);
    await until(() => taken.length > 0);
    expect(taken).toEqual(['shop: GET POST SELECT']);
    expect(told).toEqual([]);
  });

  it.each([1, 2, 3, 7, 100])('comes in pieces of %i bytes', async (size) => {
    const { socket } = await program(three, size);
    socket.end();
    await until(() => taken.join(' ').split(' ').length === taken.length + 3);
    expect(taken.flatMap((line) => line.split(' ').slice(1)).sort()).toEqual(['GET', 'POST', 'SELECT']);
  });

  it('brings whole requests as well, which follow each other in one', async () => {
    await program(all(HEAD, whole('a', span(1, 'x'), span(2, 'y')), whole('b', span(3, 'z'))));
    await until(() => taken.length > 0);
    expect(taken).toEqual(['a+b: x y z']);
  });

  it('keeps what is whole when the program is torn off in the middle of a span, and says nothing of it', async () => {
    const { socket } = await program(all(three, inContext(1, span(4, 'torn')).subarray(0, 20)));
    socket.destroy();
    await until(() => taken.length > 0);
    expect([taken, told]).toEqual([['shop: GET POST SELECT'], []]);
    await until(() => streams.count === 0 || void setImmediate(() => changed()) !== undefined);
  });

  it.each([
    ['a kind that is none', frame(9, [1]), 'a frame in it is of the kind 9, which is none'],
    ['a span of an unknown context', inContext(7, span(1, 'x')), 'a span in it is of no context that it told of'],
    ['a span that is damaged', inContext(1, span(1, 'x').subarray(0, 12)), 'a span in it is damaged'],
    ['a request that is damaged', frame(FRAME.request, [10, 90, 1]), 'a request in it is damaged'],
    ['a context that is shorter than it says', frame(FRAME.context, [0, 1, 0, 0, 9, 9, 1]), 'a context in it is damaged'],
    ['a count of another length', frame(FRAME.lost, [1]), 'a count in it is damaged'],
  ])('ends at %s, and what came before is kept', async (_what, damage, why) => {
    const { heard } = await program(all(three, damage, inContext(1, span(5, 'after'))));
    await heard;
    await until(() => taken.length > 0);
    expect(taken).toEqual(['shop: GET POST SELECT']);
    expect(told).toEqual([`A stream of spans was closed: ${why}.`]);
  });

  it.each(['SP', 'SPANHOP/2 spans\n\n', 'SPAM\n\n', 'SPANHOP/1 spansX', `SPANHOP/1 spans\n${'x: y\n'.repeat(300)}`])(
    'is none that begins with %j',
    async (beginning) => {
      const { heard, socket } = await program(beginning);
      if (beginning === 'SP') socket.end();
      await heard;
      expect(taken).toEqual([]);
    },
  );

  it('is answered only where it asks', async () => {
    const { socket } = await program(all('SPANHOP/1 spans\nlater: thing\nanswer: yes\n\n', three.subarray(HEAD.length)));
    const answered = await new Promise((resolve) => socket.once('data', (data) => resolve(data.toString())));
    expect(answered).toBe('SPANHOP/1 ok\n');
    await until(() => taken.length > 0);
  });

  it('tells of what the program lost', async () => {
    await program(all(HEAD, frame(FRAME.lost, [0, 0, 1, 2])));
    await until(() => lost > 0);
    expect(lost).toBe(258);
  });

  it('waits while nothing can be kept, and loses nothing', async () => {
    let failures = 2;
    answer = async () => {
      if (failures-- > 0) throw new SpanhopError('Unreachable', 'The disk is full.');
    };
    const { socket } = await program(three);
    socket.end();
    await until(() => taken.length > 0);
    expect([failures, taken, told]).toEqual([-1, ['shop: GET POST SELECT'], []]);
  });

  it('leaves bytes with the system while the engine is busy, and gathers the rest', async () => {
    let release: () => void = () => {};
    const busy = new Promise<void>((resolve) => {
      release = resolve;
    });
    let requests = 0;
    answer = () => (requests++ === 0 ? busy : Promise.resolve());
    const { socket } = await program(three);
    await until(() => requests > 0 || void setImmediate(() => changed()) !== undefined);
    const long = inContext(1, span(6, 'x'.repeat(100)));
    const many = Buffer.concat(Array.from({ length: 200_000 }, () => long));
    let sent = false;
    socket.end(many, () => {
      sent = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent).toBe(false);
    release();
    await until(() => taken.reduce((sum, line) => sum + line.split(' ').length - 1, 0) === 200_003);
    expect(requests).toBeLessThan(60);
  });
});

describe('streams', () => {
  it('of any damage end, or bring what can be read, and those beside them go on', async () => {
    const { socket } = await program(HEAD);
    for (let at = 0; at < three.length; at++) {
      const ends = [three.subarray(0, at), Buffer.from(three)];
      ends[1][at] ^= 1 << (at % 8);
      // A length that became longer waits for its end.
      const programs = await Promise.all(ends.map((bytes) => program(bytes)));
      for (const one of programs) one.socket.end();
      await Promise.all(programs.map((one) => one.heard));
    }
    [taken, told] = [[], []];
    socket.write(three.subarray(HEAD.length));
    await until(() => taken.includes('shop: GET POST SELECT'));
  });

  it('of thousands of connections at once leave room for those that are there', async () => {
    await listener.close(0);
    await listen({ streams: 50 });
    const { socket } = await program(HEAD);
    await until(() => streams.count > 0 || void setImmediate(() => changed()) !== undefined);
    const crowd = await Promise.all(Array.from({ length: 1_000 }, () => program('SPANHOP/1 sp')));
    await until(() => told.length >= 951);
    expect(streams.count).toBe(50);
    socket.write(three.subarray(HEAD.length));
    await until(() => taken.length > 0);
    for (const one of crowd) one.socket.destroy();
  });

  it('are closed when there are too many', async () => {
    await listener.close(0);
    await listen({ streams: 1 });
    await program(three);
    await until(() => taken.length > 0);
    const { heard } = await program(three);
    await heard;
    expect(told).toEqual(['A stream of spans was closed: 1 of them are open.']);
  });

  it('give way when they hold too much that is not whole, the largest first', async () => {
    await listener.close(0);
    await listen({ unfinishedBytes: 1_000_000 });
    const good = await program(HEAD);
    const begun = frame(FRAME.request, Buffer.alloc(2_000_000)).subarray(0, 700_000);
    const first = await program(all(HEAD, begun, begun.subarray(0, 100_000)));
    const second = await program(all(HEAD, begun));
    await Promise.race([first.heard, second.heard]);
    expect(told).toEqual(['A stream of spans was closed: it began to send spans of many megabytes, and so did others.']);
    good.socket.write(three.subarray(HEAD.length));
    await until(() => taken.length > 0);
  });

  it('end with the capture: the program is told, and what it sent until it heard of it is kept', async () => {
    const { socket, heard } = await program(HEAD);
    socket.once('data', () => socket.end(three.subarray(HEAD.length)));
    await until(() => streams.count > 0 || void setImmediate(() => changed()) !== undefined);
    await streams.stop(5_000);
    expect(taken).toEqual(['shop: GET POST SELECT']);
    expect(await heard).toBe('end\n');
  });

  it('end with the capture when the program stands still', async () => {
    const { socket } = await program(three);
    await until(() => taken.length > 0);
    socket.pause();
    await streams.stop(1);
    expect(streams.count).toBe(0);
  });
});
