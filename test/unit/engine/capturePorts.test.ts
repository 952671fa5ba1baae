// A registered port that somebody else has: whose it is said to be, and that it is taken over when it is free. Two real receivers, the test's clock.

import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OneAtATime } from '../../../src/base/limit';
import type { CaptureProtocol } from '../../../src/capture/listen/protocol';
import { SpanStreams } from '../../../src/capture/stream/spanStreams';
import { CapturePorts } from '../../../src/engine/capture/capturePorts';
import { holderOf } from '../../../src/engine/capture/portHolder';

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
    [{ protocol, registered }],
    {
      emit: (_event, data) => void ('message' in data && told.push(`${name}: ${data.message}`)),
      tell: () => {},
      streams: new SpanStreams({ spans: async () => ({ rejected: 0, message: '' }), lost: () => {} }, () => {}),
      inTurn: (work) => turns.run(work),
      changed: () => void told.push(`${name} changed`),
    },
    1_000,
  );
  closers.push(() => ports.close(0));
  return ports;
}

/** Time passes, and what was begun by it ends. */
async function pass(ms: number, until: () => boolean): Promise<void> {
  vi.advanceTimersByTime(ms);
  for (let i = 0; i < 500 && !until(); i++) await new Promise((turn) => setImmediate(turn));
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
    4318: expect.objectContaining({ onAutoForward: 'ignore' }),
    '24318-24817': expect.objectContaining({ onAutoForward: 'ignore' }),
  });
  const windows = Array.from({ length: 20 }, (_, i) => openPorts(`window ${i}`));
  for (const one of windows) await one.openOwn(0);
  const own = windows.map(({ open }) => open[0].port);
  expect(new Set(own).size).toBe(20);
  for (const port of own) expect(port >= 24_318 && port <= 24_817, `${port}`).toBe(true);
});

const hasIt = (ports: CapturePorts): boolean => ports.open.some(({ isRegistered }) => isRegistered);

it('is said to be another window’s, and taken over when that one ends', async () => {
  const [first, second] = [openPorts('first'), openPorts('second')];
  await first.openRegistered();
  await second.openRegistered();
  expect([hasIt(first), first.registeredHolder, hasIt(second), second.registeredHolder]).toEqual([
    true,
    undefined,
    false,
    'window',
  ]);
  expect(told).toEqual([expect.stringMatching(/^second: Port \d+ belongs to another window, which captures; it is taken over/)]);
  await pass(5_000, () => false);
  expect(hasIt(second)).toBe(false);
  await first.close(0);
  await pass(1_000, () => hasIt(second) && told.length > 2);
  expect([hasIt(second), second.registeredHolder]).toEqual([true, undefined]);
  expect(told.slice(1)).toEqual([expect.stringMatching(/^second: Port \d+ became free/), 'second changed']);
  // Nothing is tried any more.
  expect(vi.getTimerCount()).toBe(0);
});

it('is one window’s alone, of several that wait', async () => {
  const windows = ['first', 'second', 'third'].map(openPorts);
  for (const one of windows) await one.openRegistered();
  await windows[0].close(0);
  await pass(1_000, () => windows.slice(1).some(hasIt));
  await pass(1_000, () => false);
  expect(windows.filter(hasIt)).toHaveLength(1);
});

it('is not taken by a window that stopped meanwhile', async () => {
  const [first, second] = [openPorts('first'), openPorts('second')];
  await first.openRegistered();
  await second.openRegistered();
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
  await ports.openRegistered();
  expect(ports.registeredHolder).toBe('program');
  expect(told).toEqual([expect.stringMatching(/belongs to another program/)]);
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
  expect(await holderOf(registered, 100)).toBe('program');
});

it('is said to be the program’s that took it between two windows', async () => {
  const [first, second] = [openPorts('first'), openPorts('second')];
  await first.openRegistered();
  await second.openRegistered();
  expect(second.registeredHolder).toBe('window');
  await first.close(0);
  const other = createHttpServer((_request, response) => response.end());
  await new Promise<void>((resolve) => other.listen(registered, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => other.close(resolve)));
  await pass(1_000, () => second.registeredHolder === 'program');
  expect([hasIt(second), second.registeredHolder]).toEqual([false, 'program']);
  expect(told.at(-1)).toBe('second changed');
});
