import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaptureLog } from '../../../src/capture/log/log';
import { type LogEnd, readLog } from '../../../src/capture/log/logReader';
import { ProtoReader } from '../../../src/core/format/proto/protoReader';
import { ProtoWriter } from '../../../src/core/format/proto/writer';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-log-'));
  path = join(folder, 'a.otlp.pb');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A request of one resource that has a text, as the address of its schema, and no spans. */
function body(text: string): Uint8Array {
  const writer = new ProtoWriter();
  const resource = writer.open(0x0a, 1);
  writer.text(0x1a, text);
  writer.close(resource, 1);
  return writer.finish();
}

function textOf(bytes: Uint8Array): string {
  const reader = new ProtoReader();
  reader.open(bytes);
  reader.varint(bytes.length);
  reader.varint(bytes.length);
  reader.varint(bytes.length);
  const end = reader.limit(bytes.length);
  return new TextDecoder().decode(bytes.subarray(reader.at, end));
}

/** The requests as text, one by one, and how the file ends. */
async function readAll(endAt?: number): Promise<{ requests: string[]; end: LogEnd }> {
  const requests: string[] = [];
  const end = await readLog(
    path,
    ({ bytes, lengths }) => {
      let at = 0;
      for (const length of lengths) {
        requests.push(textOf(bytes.subarray(at, at + length)));
        at += length;
      }
      expect(at).toBe(bytes.length);
    },
    undefined,
    endAt,
  );
  return { requests, end };
}

describe('CaptureLog', () => {
  it('writes a length of four bytes, big endian, before each request', async () => {
    const log = await CaptureLog.create(path);
    await log.append(body('abc'));
    await log.append(body('z'));
    await log.close();
    expect([...readFileSync(path)]).toEqual([0, 0, 0, 7, 10, 5, 26, 3, 97, 98, 99, 0, 0, 0, 5, 10, 3, 26, 1, 122]);
    expect(log.bytes).toBe(20);
  });

  it('has every request in the file when its append resolves, and keeps their order', async () => {
    const log = await CaptureLog.create(path);
    const sent = Array.from({ length: 80 }, (_, i) => `request ${i} ${'x'.repeat((i * 37) % 5000)}`);
    await Promise.all(
      sent.map(async (text) => {
        await log.append(body(text));
        expect(readFileSync(path).includes(text)).toBe(true);
      }),
    );
    await log.close();
    expect((await readAll()).requests).toEqual(sent);
  });

  it('refuses after it was closed, and waits for what is under way', async () => {
    const log = await CaptureLog.create(path);
    const pending = log.append(body('last'));
    await log.close();
    await pending;
    await expect(log.append(body('late'))).rejects.toThrow('The capture was stopped.');
    expect((await readAll()).requests).toEqual(['last']);
  });

  it('never takes over a file that exists', async () => {
    await (await CaptureLog.create(path)).close();
    await expect(CaptureLog.create(path)).rejects.toThrow(/EEXIST/);
  });
});

describe('readLog', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('finds a tail that is torn after %i bytes', async (kept) => {
    const log = await CaptureLog.create(path);
    await log.append(body('whole'));
    await log.append(body('torn!'));
    await log.close();
    truncateSync(path, 13 + kept);
    const { requests, end } = await readAll();
    expect(requests).toEqual(['whole']);
    expect(end).toEqual({ wholeBytes: 13, tornBytes: kept, requests: 1, damage: undefined });
  });

  it('takes neither a hole of zeros nor noise at the end for an unfinished request', async () => {
    const log = await CaptureLog.create(path);
    await log.append(body('whole'));
    await log.close();
    for (const tail of [
      new Uint8Array(100),
      Uint8Array.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]),
      Uint8Array.from([0, 0, 1, 0, 7, 7]),
    ]) {
      truncateSync(path, 13);
      appendFileSync(path, tail);
      expect((await readAll()).end).toEqual({
        wholeBytes: 13 + tail.length,
        tornBytes: 0,
        requests: 1,
        damage: {
          parts: [{ at: 13, bytes: tail.length, onlyLength: false }],
          count: 1,
          bytes: tail.length,
          requestsBefore: 1,
          requestsAfter: 0,
        },
      });
    }
  });

  it('reads requests larger than a piece, and those on its borders', async () => {
    const log = await CaptureLog.create(path);
    const sent = [10, (4 << 20) - 14, 5 << 20, 3, (4 << 20) + 1, 0x20000].map((length, i) => String(i).repeat(length));
    for (const text of sent) await log.append(body(text));
    await log.close();
    const { requests, end } = await readAll();
    expect(requests.map((text) => `${text[0]} ${text.length}`)).toEqual(sent.map((text) => `${text[0]} ${text.length}`));
    expect(end.tornBytes).toBe(0);
    expect(end.wholeBytes).toBe(log.bytes);
  });

  it('reads no further than it is told', async () => {
    const log = await CaptureLog.create(path);
    await log.append(body('one'));
    const mark = log.bytes;
    await log.append(body('two'));
    await log.close();
    expect((await readAll(mark)).requests).toEqual(['one']);
  });

  it('reads an empty log', async () => {
    await (await CaptureLog.create(path)).close();
    expect((await readAll()).end).toEqual({ wholeBytes: 0, tornBytes: 0, requests: 0, damage: undefined });
  });
});
