// Compressed files: opened as what is in them, within bounds, and told of where they are damaged.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpacking } from '../../../src/engine/files/unpack';
import { failure, InProcessEngine } from '../../support/inProcessEngine';
import { requestBytes } from '../../support/otlp';

const trace = (spans: number): Buffer =>
  Buffer.from(
    requestBytes(
      Array.from({ length: spans }, (_, i) => ({
        traceId: 'a1',
        spanId: (i + 1).toString(16),
        name: `GET /${i}`,
        durationMs: 5,
      })),
    ),
  );
const zstd: unknown = Reflect.get(zlib, 'zstdCompressSync');
const zstdOf = (bytes: Uint8Array): Buffer => {
  const packed: unknown = typeof zstd === 'function' ? zstd(bytes) : undefined;
  if (!(packed instanceof Uint8Array)) throw new Error('There is no zstd.');
  return Buffer.from(packed);
};

describe('compressed files', () => {
  let folder = '';
  const engine = new InProcessEngine();
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'archives-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const open = (bytes: Uint8Array, name: string): ReturnType<InProcessEngine['openAndList']> => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return engine.openAndList({ dataset: `file:${name}`, name, path });
  };

  it('opens what gzip holds, from disk and from bytes', async () => {
    const packed = zlib.gzipSync(trace(300));
    expect((await open(packed, 'a.json.gz')).spanCount).toBe(300);
    const content = await engine.openAndList({ dataset: 'bytes', name: 'b.json.gz', bytes: new Uint8Array(packed) });
    expect(content).toMatchObject({ spanCount: 300, format: 'otlp-json', defects: [] });
  });

  it('opens several members, as appending to a file makes them', async () => {
    const line = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.from('\n')]);
    const two = Buffer.concat([
      zlib.gzipSync(line(trace(2))),
      zlib.gzipSync(line(Buffer.from(requestBytes([{ traceId: 'b2', spanId: '9', name: 'x' }])))),
    ]);
    expect((await open(two, 'two.jsonl.gz')).spanCount).toBe(3);
  });

  it('reads one that is too large to be held in pieces', async () => {
    const noise = (i: number): string => Array.from({ length: 40 }, (_, k) => Math.sin(i * 41 + k).toString(36)).join('');
    const spans = Array.from({ length: 40_000 }, (_, i) => ({
      traceId: 'c3',
      spanId: (i + 1).toString(16),
      name: 'x',
      attributes: { noise: noise(i) },
    }));
    const bytes = Buffer.from(requestBytes(spans));
    expect(bytes.length).toBeGreaterThan(32 << 20);
    expect((await open(zlib.gzipSync(bytes, { level: 1 }), 'large.json.gz')).spanCount).toBe(40_000);
  });

  it('keeps what comes before damage, and names it', async () => {
    const packed = zlib.gzipSync(trace(2000));
    const content = await open(packed.subarray(0, packed.length - 400), 'cut.json.gz');
    expect(content.spanCount).toBeGreaterThan(1000);
    expect(content.defects.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^cut\.json\.gz is damaged: its gzip data ends early or makes no sense after [\d,]+ unpacked bytes; the [\d,]+ spans before that were kept\.$/,
      ),
    ]);
    // There is no list of a file of one trace: it is said at the trace.
    const { defects } = await engine.call('traceData', { dataset: 'file:cut.json.gz', traceId: content.traces[0].traceId });
    expect(defects.map(({ message }) => message).join()).toContain('cut.json.gz is damaged');
    expect(await failure(open(packed.subarray(0, 12), 'head.json.gz'))).toBe(
      'BadData: head.json.gz is damaged: its gzip data ends early or makes no sense after 0 unpacked bytes.',
    );
  });

  it('refuses what becomes far too much before it has become it', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(64 << 20, ' '), { level: 9 });
    expect(await failure(open(bomb, 'bomb.json.gz'))).toMatch(
      /^TooLarge: bomb\.json\.gz unpacks to more than 200 times its [\d,]+ bytes, which no trace data does\. It is not opened\.$/,
    );
  });

  it('refuses an archive in an archive, and what is no trace data', async () => {
    const inner = zlib.gzipSync(trace(1));
    const said = 'holds another archive. Unpack it, then open what is in that.';
    expect(await failure(open(zlib.gzipSync(inner), 'twice.gz'))).toBe(`BadData: twice.gz ${said}`);
    expect(await failure(open(zlib.gzipSync(Buffer.from('PK\u0003\u0004 and so on')), 'zip.gz'))).toBe(`BadData: zip.gz ${said}`);
    expect(await failure(open(zlib.gzipSync(Buffer.from('a,b\n1,2\n')), 'table.csv.gz'))).toMatch(
      /^BadData: table\.csv\.gz is text that begins with "a,b"/,
    );
  });

  it.skipIf(typeof zstd !== 'function')('opens what zstd holds, and keeps what comes before damage', async () => {
    const packed = zstdOf(trace(3000));
    expect((await open(packed, 'a.json.zst')).spanCount).toBe(3000);
    const noise = Array.from({ length: 60_000 }, (_, i) => Math.sin(i).toString(36));
    const lines = noise.map((text, i) => requestBytes([{ traceId: 'd4', spanId: (i + 1).toString(16), name: text }]));
    const long = zstdOf(Buffer.concat(lines.slice(0, 5000).flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
    const content = await open(long.subarray(0, long.length - 200), 'cut.jsonl.zst');
    expect(content.defects[0].message).toMatch(/^cut\.jsonl\.zst is damaged: its zstd data ends early/);
    expect(content.spanCount).toBeGreaterThan(100);
  });

  it.skipIf(typeof zstd !== 'function')('opens several frames of zstd, as appending and pzstd make them', async () => {
    const skipped = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7);
    const lines = [2, 3].map((spans) => zstdOf(Buffer.concat([trace(spans), Buffer.from('\n')])));
    const content = await open(Buffer.concat([skipped, ...lines]), 'two.jsonl.zst');
    expect([content.format, content.traces[0].spanCount]).toEqual(['otlp-jsonl', 3]);
    expect(content.defects.map(({ message }) => message)).toEqual(['2 spans came twice and count once in their traces.']);
  });

  it('passes over what follows the end of gzip data', async () => {
    const padded = Buffer.concat([zlib.gzipSync(trace(5)), Buffer.alloc(512), Buffer.from('no gzip')]);
    expect(await open(padded, 'padded.json.gz')).toMatchObject({ spanCount: 5, defects: [] });
  });

  it.skipIf(typeof zstd === 'function')('says of zstd that this Node has none', async () => {
    expect(await failure(open(new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0]), 'a.json.zst'))).toMatch(
      /^BadData: a\.json\.zst is compressed with Zstandard, which this VS Code cannot unpack: its Node has none before 22\.15\./,
    );
  });

  it('stops when nobody waits any more', async () => {
    const stop = new AbortController();
    const packed = zlib.gzipSync(trace(60_000));
    const opening = engine.call(
      'openFile',
      { dataset: 'stop', name: 'stop.json.gz', bytes: new Uint8Array(packed) },
      stop.signal,
    );
    stop.abort();
    expect(await failure(opening)).toBe('Cancelled: Cancelled.');
  });

  it('stops as well where nothing comes of what is unpacked', async () => {
    const stop = new AbortController();
    const member = zlib.gzipSync('');
    let given = 0;
    const input = function* (): Generator<Uint8Array> {
      for (; given < 500; given++) {
        if (given === 3) stop.abort();
        yield Buffer.concat(Array.from({ length: 100 }, () => member));
      }
    };
    const pieces = unpacking(input(), 'gzip', 'empty.gz', 1 << 20, stop.signal);
    expect(await failure(pieces.next())).toBe('Cancelled: Cancelled.');
    expect(given).toBe(3);
  });
});
