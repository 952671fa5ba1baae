// A registered port that somebody else has: whose it is said to be, and that it is taken over when it is free. Two real receivers, the test's clock.

import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OneAtATime } from '../../../src/base/limit';
import type { CaptureProtocol } from '../../../src/capture/listen/protocol';
import { SpanStreams } from '../../../src/capture/stream/spanStreams';
import { CapturePorts } from '../../../src/engine/capture/capturePorts';
import { listenersIn, lsofName } from '../../../src/engine/capture/listenerName';
import { holderOf, isHeld } from '../../../src/engine/capture/portHolder';

const protocol: CaptureProtocol = { name: 'none', hint: 'Nothing is here.', routeTo: () => undefined };
let registered: number;
let told: string[];
const closers: (() => unknown)[] = [];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function openPorts(name: string): CapturePorts {
  const turns = new OneAtATime();
  const ports = new CapturePorts(
    protocol,
    {
      emit: (_event, data) => void ('message' in data && told.push(`${name}: ${data.message}`)),
      tell: () => {},
      streams: new SpanStreams({ spans: async () => ({ rejected: 0, message: '' }), lost: () => {}, over: () => {} }, () => {}),
      inTurn: (work) => turns.run(work),
      leaves: () => false,
      changed: () => void told.push(`${name} changed`),
    },
    1_000,
  );
  closers.push(() => ports.close(0));
  return ports;
}

/** Time passes, and what was begun by it ends. */
async function pass(ms: number, until: () => boolean, turns = 500): Promise<void> {
  vi.advanceTimersByTime(ms);
  for (let i = 0; i < turns && !until(); i++) await new Promise((turn) => setImmediate(turn));
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  told = [];
  registered = await freePort();
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  vi.useRealTimers();
});

it('gives a window a port of the range that package.json tells VS Code not to speak of, also when many of it are taken', async () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
  const silent = contributes.configurationDefaults['remote.portsAttributes'];
  expect(silent).toEqual({
    4317: expect.objectContaining({ onAutoForward: 'ignore' }),
    4318: expect.objectContaining({ onAutoForward: 'ignore' }),
    9411: expect.objectContaining({ onAutoForward: 'ignore' }),
    '24318-24817': expect.objectContaining({ onAutoForward: 'ignore' }),
  });
  const windows = Array.from({ length: 20 }, (_, i) => openPorts(`window ${i}`));
  for (const one of windows) await one.openOwn(0);
  const own = windows.map(({ own = 0 }) => own);
  expect(new Set(own).size).toBe(20);
  for (const port of own) expect(port >= 24_318 && port <= 24_817, `${port}`).toBe(true);
});

const holderIn = (ports: CapturePorts): string | undefined => ports.asked[0]?.holder;
const hasIt = (ports: CapturePorts): boolean => ports.open.some(({ isRegistered }) => isRegistered);

it('is said to be another window’s, and taken over when that one ends', async () => {
  const [first, second] = [openPorts('first'), openPorts('second')];
  await first.openRegistered([registered]);
  await second.openRegistered([registered]);
  expect([hasIt(first), holderIn(first), hasIt(second), holderIn(second)]).toEqual([true, 'here', false, 'window']);
  expect(told).toEqual([expect.stringMatching(/^second: Port \d+ belongs to another window, which captures; it is taken over/)]);
  await pass(5_000, () => false);
  expect(hasIt(second)).toBe(false);
  await first.close(0);
  await pass(1_000, () => hasIt(second) && told.length > 2);
  expect([hasIt(second), holderIn(second)]).toEqual([true, 'here']);
  expect(told.slice(1)).toEqual([expect.stringMatching(/^second: Port \d+ became free/), 'second changed']);
  // Nothing is tried any more.
  expect(vi.getTimerCount()).toBe(0);
});

it('is one window’s alone, of several that wait', async () => {
  const windows = ['first', 'second', 'third'].map(openPorts);
  for (const one of windows) await one.openRegistered([registered]);
  await windows[0].close(0);
  await pass(1_000, () => windows.slice(1).some(hasIt));
  await pass(1_000, () => false);
  expect(windows.filter(hasIt)).toHaveLength(1);
});

it('is not taken by a window that stopped meanwhile', async () => {
  const [first, second] = [openPorts('first'), openPorts('second')];
  await first.openRegistered([registered]);
  await second.openRegistered([registered]);
  await second.close(0);
  await first.close(0);
  await pass(5_000, () => false);
  expect([hasIt(second), vi.getTimerCount()]).toEqual([false, 0]);
});

it.each(['http', 'silent'])('is said to be another program’s, whether that answers (%s)', async (kind) => {
  const other =
    kind === 'http' ? createHttpServer((_request, response) => response.end()) : createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => other.listen(registered, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => other.close(resolve)));
  const ports = openPorts('window');
  await ports.openRegistered([registered]);
  expect(holderIn(ports)).toBe('program');
  // Of this process itself the system tells at least on Linux.
  const name = process.platform === 'linux' ? new RegExp(`another program, .+ \\(process ${process.pid}\\)`) : /another program/;
  expect(told).toEqual([expect.stringMatching(name)]);
});

it('is asked no longer than it may take, however much the program answers meanwhile', async () => {
  const dripping = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\n');
    const drip = (): void => {
      if (!socket.destroyed) setTimeout(() => socket.write('x: y\r\n', drip), 5);
    };
    drip();
  });
  await new Promise<void>((resolve) => dripping.listen(registered, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => dripping.close(resolve)));
  expect((await holderOf(registered, 100)).holder).toBe('program');
});

it('is said to be the program’s that took it between two windows', async () => {
  const [first, second] = [openPorts('first'), openPorts('second')];
  await first.openRegistered([registered]);
  await second.openRegistered([registered]);
  expect(holderIn(second)).toBe('window');
  await first.close(0);
  const other = createHttpServer((_request, response) => response.end());
  await new Promise<void>((resolve) => other.listen(registered, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => other.close(resolve)));
  // Whose name the system is asked for.
  await pass(1_000, () => holderIn(second) === 'program', 1_000_000);
  expect([hasIt(second), holderIn(second)]).toEqual([false, 'program']);
  expect(told.at(-1)).toBe('second changed');
});

it('is taken over one by one of several, and each is told whose it is', async () => {
  const second = await freePort();
  const [one, two] = [openPorts('one'), openPorts('two')];
  await one.openOwn(0);
  const other = createHttpServer((_request, response) => response.end());
  await new Promise<void>((resolve) => other.listen(second, '127.0.0.1', resolve));
  await one.openRegistered([registered, second]);
  await two.openRegistered([registered, second]);
  expect([one, two].map(({ asked }) => asked.map(({ port, holder }) => [port, holder]))).toEqual([
    [
      [registered, 'here'],
      [second, 'program'],
    ],
    [
      [registered, 'window'],
      [second, 'program'],
    ],
  ]);
  expect(one.open).toEqual([
    { port: one.own, isRegistered: false },
    { port: registered, isRegistered: true },
  ]);
  await one.close(0);
  await pass(1_000, () => hasIt(two), 1_000_000);
  expect(two.asked.map(({ holder }) => holder)).toEqual(['here', 'program']);
  await new Promise((resolve) => other.close(resolve));
  await pass(1_000, () => two.asked[1].holder === 'here' && vi.getTimerCount() === 0, 1_000_000);
  expect([two.asked.map(({ holder }) => holder), vi.getTimerCount()]).toEqual([['here', 'here'], 0]);
});

it('is held where it could be listened on beside another, as on macOS and Windows', async () => {
  expect(await isHeld(registered, 'darwin')).toBe(false);
  const other = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => other.listen(registered, '0.0.0.0', resolve));
  closers.push(() => new Promise((resolve) => other.close(resolve)));
  expect([await isHeld(registered, 'darwin'), await isHeld(registered, 'win32')]).toEqual([true, true]);
});

it('has its program’s name read from what the system says', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:10DE 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 123456 1 0000000000000000 100 0 0 10 0
   1: 0100007F:10DE 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 123457 1 0000000000000000 20 4 30 10 -1
   2: 00000000:10DD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 123458 1 0000000000000000 100 0 0 10 0`;
  expect(listenersIn(table, 4318)).toEqual([['123456', 1000]]);
  expect(listenersIn(table, 4317)).toEqual([['123458', 0]]);
  expect(listenersIn('', 4317)).toEqual([]);
  expect(lsofName('p812\ncotelcol\nf7\n')).toBe('otelcol (process 812)');
  expect(lsofName('')).toBeUndefined();
});
