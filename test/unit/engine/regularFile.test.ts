// Paths that lead to no regular file: refused at once, with a sentence; nothing waits for the other end of a pipe or reads a device without end.

import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readRegular, writeRegular } from '../../../src/engine/disk/regularFile';
import { failure, InProcessEngine, shop } from '../../support/inProcessEngine';
import { requestBytes } from '../../support/otlp';

vi.setConfig({ testTimeout: 30_000 });

let folder: string;
let server: Server;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-regular-'));
  if (process.platform === 'win32') return;
  execFileSync('mkfifo', [at('pipe.json')]);
  symlinkSync(at('pipe.json'), at('link.json'));
  symlinkSync('/dev/zero', at('zero.json'));
  symlinkSync(at('loop.json'), at('loop.json'));
  server = createServer();
  await new Promise<void>((resolve) => server.listen(at('socket.json'), resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const opening = (name: string, path = at(name)): Promise<string> =>
  failure(new InProcessEngine().call('openFile', { dataset: 'file:x', name, path }));

describe.skipIf(process.platform === 'win32')('what is no file', () => {
  it.each([
    ['pipe.json', 'a named pipe'],
    ['link.json', 'a named pipe'],
    ['socket.json', 'a socket'],
    ['zero.json', 'a device'],
  ])('%s is not opened', async (name, what) => {
    expect(await opening(name)).toBe(
      `BadData: ${name} is ${what}, not a file. Save what comes from it as a file, and open that.`,
    );
    expect(await failure(readRegular(at(name), name, 1 << 20))).toContain(what);
  });

  it('a terminal, a link to itself and a file of the kernel are refused too', async () => {
    expect(await opening('ptmx', '/dev/ptmx')).toContain('is a device');
    expect(await opening('loop.json')).toBe('BadData: loop.json is a link that leads to itself.');
    if (process.platform === 'linux') expect(await opening('kmsg', '/proc/kmsg')).toMatch(/^(BadData|Unauthorized): kmsg /);
  });

  it('nothing is exported to a pipe or a device, and a file is replaced whole', async () => {
    const engine = new InProcessEngine();
    const { traces } = await engine.open(shop);
    const { traceId } = traces[0];
    const to = (path: string): Promise<string> =>
      failure(engine.call('exportTrace', { dataset: 'file:a', traceId, format: 'otlp-json', path }));
    expect(await to(at('pipe.json'))).toBe('BadData: pipe.json is a named pipe, not a file. Choose another name.');
    expect(await to('/dev/null')).toBe('BadData: null is a device, not a file. Choose another name.');
    writeFileSync(at('old.json'), 'x'.repeat(100_000));
    expect(await to(at('old.json'))).toBe('no failure');
    expect(JSON.parse(readFileSync(at('old.json'), 'utf8'))).toHaveProperty('resourceSpans');
  });
});

describe('what is written in pieces', () => {
  it('stands there whole and in order, however many pieces there are', async () => {
    const pieces = Array.from({ length: 300 }, (_, i) => new Uint8Array(40_000 + i).fill(i));
    await writeRegular(at('pieces'), 'pieces', pieces);
    expect(Buffer.concat(pieces).equals(readFileSync(at('pieces')))).toBe(true);
    await writeRegular(at('pieces'), 'pieces', []);
    expect(readFileSync(at('pieces'))).toHaveLength(0);
  });

  it('rejects with what making a piece rejects with, also while others are being written', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 200; i++) yield new Uint8Array(50_000);
      throw new Error('no more');
    }
    await expect(writeRegular(at('broken'), 'broken', broken())).rejects.toThrow('no more');
  });
});

describe('a file of zeros', () => {
  it.each([0, 4096])('of 8 GB is refused after its first bytes, %i bytes of data before them', async (bytes) => {
    writeFileSync(at('zeros'), Buffer.alloc(bytes, ' '));
    truncateSync(at('zeros'), 8 * 1024 ** 3);
    const before = performance.now();
    expect(await opening('zeros')).toMatch(/^BadData: zeros /);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

it('a file that grows while it is read ends where it ended when it was opened', async () => {
  const path = at('growing.jsonl');
  writeFileSync(path, requestBytes(shop));
  const file = openSync(path, 'a');
  try {
    const reading = readRegular(path, 'growing', 1 << 20);
    writeSync(file, 'more');
    expect((await reading)?.bytes.length).toBeLessThanOrEqual(requestBytes(shop).length + 4);
    expect(await readRegular(path, 'growing', 10)).toBeUndefined();
  } finally {
    closeSync(file);
  }
});
