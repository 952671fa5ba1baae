import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LogEnd, readLog } from '../../../src/capture/log/logReader';
import { ProtoWriter } from '../../../src/core/format/proto/writer';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-damage-'));
  path = join(folder, 'a.otlp.pb');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LEN = 2;

/** An ExportTraceServiceRequest; `value` is an attribute of each of its spans. */
function request(number: number, spans: number, value: Uint8Array): Uint8Array {
  const writer = new ProtoWriter();
  const resource = writer.open((1 << 3) | LEN, 2);
  writer.bytes((1 << 3) | LEN, Uint8Array.of());
  const scope = writer.open((2 << 3) | LEN, 2);
  for (let i = 0; i < spans; i++) {
    const span = writer.open((2 << 3) | LEN, 2);
    writer.words((1 << 3) | LEN, Uint32Array.of(1, 2, number, 4), 0, 4);
    writer.words((2 << 3) | LEN, Uint32Array.of(number + 1, i + 1), 0, 2);
    writer.text((5 << 3) | LEN, 'GET /cart');
    writer.varint((7 << 3) | 1);
    writer.fixed64(number, 0x18000000);
    const attribute = writer.open((9 << 3) | LEN, 2);
    writer.text((1 << 3) | LEN, 'k');
    const any = writer.open((2 << 3) | LEN, 2);
    writer.bytes((1 << 3) | LEN, value);
    writer.close(any, 2);
    writer.close(attribute, 2);
    writer.close(span, 2);
  }
  writer.close(scope, 2);
  writer.close(resource, 2);
  return writer.finish();
}

function frame(body: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function randomFrom(seed: number): (below: number) => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const hash = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('base64');

async function read(): Promise<{ whole: string[]; bodies: Buffer[]; damaged: Uint8Array[]; end: LogEnd }> {
  const whole: string[] = [];
  const bodies: Buffer[] = [];
  const damaged: Uint8Array[] = [];
  const end = await readLog(path, (piece) => {
    if (piece.damaged) damaged.push(piece.bytes);
    let at = 0;
    for (const length of piece.lengths) {
      if (!piece.damaged) {
        bodies.push(Buffer.from(piece.bytes.subarray(at, at + length)));
        whole.push(hash(bodies[bodies.length - 1]));
      }
      at += length;
    }
  });
  return { whole, bodies, damaged, end };
}

/** A log: its requests, and where each of them (with its length) stands. */
interface Log {
  readonly bytes: Buffer;
  readonly frames: readonly { readonly from: number; readonly to: number; readonly hash: string }[];
}

function logOf(bodies: readonly Uint8Array[]): Log {
  let at = 0;
  const frames = bodies.map((body) => {
    const from = at;
    at += 4 + body.length;
    return { from, to: at, hash: hash(body) };
  });
  return { bytes: Buffer.concat(bodies.map(frame)), frames };
}

const plain = (count: number, spans = 3): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => request(i, spans, Buffer.from('x'.repeat(i % 90))));

describe('a damaged log', () => {
  it('loses nothing for one wrong bit of a length, whichever it is', async () => {
    const log = logOf(plain(20));
    for (let bit = 0; bit < 32; bit++) {
      const bytes = Buffer.from(log.bytes);
      bytes[log.frames[10].from + (bit >> 3)] ^= 1 << (bit & 7);
      writeFileSync(path, bytes);
      const { whole, end } = await read();
      expect(whole).toEqual(log.frames.map(({ hash }) => hash));
      expect(end).toMatchObject({ wholeBytes: log.bytes.length, tornBytes: 0, requests: 20 });
      expect(end.damage).toEqual({
        parts: [{ at: log.frames[10].from, bytes: 4, onlyLength: true }],
        count: 1,
        bytes: 4,
        requestsBefore: 10,
        requestsAfter: 9,
      });
    }
  });

  it('tells lengths of equal requests apart, which lead exactly to the next but one', async () => {
    const body = request(7, 1, Buffer.alloc(40, 0x0a));
    const bodies = Array.from({ length: 16 }, () => request(7, 1, Buffer.alloc(40 + 128 - 4 - body.length, 0x0a)));
    expect(bodies[0].length).toBe(124);
    const log = logOf(bodies);
    log.bytes.writeUInt32BE(124 + 128, log.frames[5].from);
    writeFileSync(path, log.bytes);
    const { whole, damaged } = await read();
    expect(whole.length).toBe(16);
    expect(damaged).toEqual([]);
  });

  it('goes on after a hole of zeros of 4,096 bytes, and says how much is missing', async () => {
    const log = logOf(plain(200));
    const from = log.frames[100].from + 10;
    log.bytes.fill(0, from, from + 4096);
    writeFileSync(path, log.bytes);
    const { whole, end } = await read();
    const hit = log.frames.filter((frame) => frame.to > from && frame.from < from + 4096);
    expect(whole).toEqual(log.frames.filter((frame) => !hit.includes(frame)).map(({ hash }) => hash));
    expect(end.damage).toMatchObject({ count: 1, requestsBefore: 100, requestsAfter: 100 - hit.length });
    expect(end.damage?.bytes).toBe(hit[hit.length - 1].to - hit[0].from);
  });

  it.each(Array.from({ length: Number(process.env.SPANHOP_DAMAGE_SEEDS ?? 6) }, (_, i) => i + 1))(
    'keeps each request that damage did not touch, once: seed %i',
    async (seed) => {
      const random = randomFrom(seed);
      for (let round = 0; round < 60; round++) {
        const log = logOf(
          Array.from({ length: 3 + random(40) }, (_, i) => request(i, 1 + random(9), Buffer.alloc(random(300), random(256)))),
        );
        const cuts: { from: number; to: number; put: Buffer }[] = [];
        for (let n = 1 + random(3); n > 0; n--) {
          const from = random(log.bytes.length);
          const size = 1 + random([1, 8, 400, 2500][random(4)]);
          const to = Math.min(log.bytes.length, from + size);
          const old = log.bytes.subarray(from, to);
          const put = [
            Buffer.alloc(to - from),
            Buffer.alloc(0),
            Buffer.concat([old, Buffer.from(Array.from({ length: size }, () => random(256)))]),
            Buffer.from(Array.from(old, (byte) => byte ^ (1 << random(8)))),
            Buffer.from(Array.from(old, () => random(256))),
          ][random(5)];
          if (cuts.every((cut) => cut.to < from || cut.from > to)) cuts.push({ from, to, put });
        }
        cuts.sort((a, b) => a.from - b.from);
        const parts: Buffer[] = [];
        let at = 0;
        for (const { from, to, put } of cuts) {
          parts.push(log.bytes.subarray(at, from), put);
          at = to;
        }
        parts.push(log.bytes.subarray(at));
        writeFileSync(path, Buffer.concat(parts));
        const { whole, bodies, end } = await read();
        // An insertion between two requests touches neither.
        const untouched = log.frames.filter((frame) => cuts.every((cut) => cut.to <= frame.from || cut.from >= frame.to));
        const known = new Set(log.frames.map(({ hash }) => hash));
        for (const { from, to, hash } of untouched) {
          // Where just the four bytes of its length went to the one before, both are read as one.
          const found = whole.includes(hash)
            ? whole.filter((one) => one === hash)
            : bodies.filter((body) => body.includes(log.bytes.subarray(from + 4, to)));
          expect(found.length, `round ${round}`).toBe(1);
        }
        // A request with one wrong bit in a value reads as a whole; no other is made up.
        expect(whole.filter((one) => !known.has(one)).length).toBeLessThanOrEqual(log.frames.length - untouched.length);
        expect(end.wholeBytes + end.tornBytes).toBe(parts.reduce((sum, part) => sum + part.length, 0));
      }
    },
  );

  it('takes no value that looks like requests for requests, while they are whole', async () => {
    const inner = Buffer.concat(plain(5).map(frame));
    const log = logOf([...plain(3), request(50, 2, inner), ...plain(3)]);
    writeFileSync(path, log.bytes);
    expect((await read()).whole).toEqual(log.frames.map(({ hash }) => hash));
  });

  it('takes no value of a sound span for requests, while something behind it is damaged, the length before it, or the request unfinished', async () => {
    const inner = Buffer.concat(plain(5).map(frame));
    const log = logOf([...plain(3), request(50, 3, inner), ...plain(3)]);
    const { from, to } = log.frames[3];
    const others = log.frames.filter((_, i) => i !== 3).map(({ hash }) => hash);

    const hole = Buffer.from(log.bytes);
    hole.fill(0xff, to - 3, to + 10);
    writeFileSync(path, hole);
    const known = new Set([...others, hash(hole.subarray(from + 4, to))]);
    const beside = (await read()).whole;
    expect(beside.every((one) => known.has(one))).toBe(true);
    expect(beside.length).toBe(6);

    const length = Buffer.from(log.bytes);
    length.writeUInt32BE(0x07ffffff, from);
    writeFileSync(path, length);
    expect((await read()).whole).toEqual(log.frames.map(({ hash }) => hash));

    writeFileSync(path, log.bytes.subarray(0, to - 5));
    const torn = await read();
    expect(torn.whole).toEqual(others.slice(0, 3));
    expect(torn.end).toMatchObject({ wholeBytes: from, tornBytes: to - 5 - from, damage: undefined });
  });

  it('takes what follows a request that lost bytes for requests, not for the rest of its value, where whole ones end the file', async () => {
    const long = frame(request(1, 1, new Uint8Array(6_000).fill(97)));
    const others = Array.from({ length: 4 }, (_, i) => request(i + 2, 2, Uint8Array.of(98)));
    // More is missing than what follows: by its length, and by that of its value, the first one goes beyond the end of the file.
    const lost = Buffer.concat([long.subarray(0, 500), long.subarray(5_500)]);
    writeFileSync(path, Buffer.concat([lost, ...others.map(frame)]));
    const { whole, end } = await read();
    expect(whole).toEqual(others.map(hash));
    expect(end).toMatchObject({ tornBytes: 0, requests: 4 });
  });

  it('cuts a request that was being written, and no more', async () => {
    const others = Array.from({ length: 4 }, (_, i) => request(i + 2, 2, Uint8Array.of(98)));
    const tail = frame(request(1, 1, new Uint8Array(6_000).fill(97)));
    for (const length of [1, 4, 5, 40, 500, tail.length - 1]) {
      writeFileSync(path, Buffer.concat([...others.map(frame), tail.subarray(0, length)]));
      const { whole, end } = await read();
      expect(whole).toEqual(others.map(hash));
      expect(end).toMatchObject({ tornBytes: length, requests: 4 });
    }
  });

  it('hands out what the damaged request still is', async () => {
    const log = logOf(plain(5, 20));
    const { from, to } = log.frames[2];
    log.bytes[from + 4] ^= 0x40;
    writeFileSync(path, log.bytes);
    const { whole, damaged, end } = await read();
    expect(whole.length).toBe(4);
    expect(damaged).toEqual([]);
    expect(end.damage?.parts).toEqual([{ at: from, bytes: to - from, onlyLength: false }]);
    // Its first field's length: the spans are still there.
    log.bytes[from + 4] ^= 0x40;
    log.bytes[from + 5] ^= 0x02;
    writeFileSync(path, log.bytes);
    expect((await read()).damaged.map((bytes) => bytes.length)).toEqual([to - from - 4]);
  });

  it('reads 4 MB of damage in a time that grows with its length, also where it looks like requests everywhere', async () => {
    const size = 4 << 20;
    const last = plain(3_000, 30);
    // A length that fits and fields that lead on and on, at every place.
    const pattern = Buffer.from([0, 0, 0xff, 0xf0, 0x0a, 0x04, 0x00, 0x0f]);
    for (const fill of [Buffer.from([0]), Buffer.from([0x0a]), pattern, Buffer.from([0x00, 0x0a, 0x00, 0x0a, 0x0a])]) {
      writeFileSync(path, Buffer.concat([Buffer.alloc(size, fill), ...last.map(frame)]));
      const started = performance.now();
      const { whole, end } = await read();
      expect(performance.now() - started).toBeLessThan(10_000);
      // At worst those right behind are missing as well.
      expect(whole).toContain(hash(last[last.length - 1]));
      expect(end.damage?.count).toBe(1);
    }
  }, 45_000);

  it('stops when it is told to', async () => {
    writeFileSync(path, Buffer.alloc(16 << 20));
    const controller = new AbortController();
    controller.abort();
    await expect(readLog(path, () => {}, controller.signal)).rejects.toMatchObject({ kind: 'Cancelled' });
  });
});
