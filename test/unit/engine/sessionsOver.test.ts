// When the log of a session is closed, by a clock that the test moves, and what comes late.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OneAtATime } from '../../../src/base/limit';
import { CaptureDirectory } from '../../../src/capture/directory/directory';
import type { CurrentCapture } from '../../../src/engine/capture/intakeOwner';
import { RunningCaptures } from '../../../src/engine/capture/runningCaptures';

let folder: string;
let directory: CaptureDirectory;
let running: RunningCaptures;
let turns: OneAtATime;
let now = 1_760_000_000_000;
let limitBytes = 1 << 30;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-sessions-'));
  directory = new CaptureDirectory(folder);
  turns = new OneAtATime();
  limitBytes = 1 << 30;
  const numbers: string[] = [];
  const numberOf = (id: string): number => numbers.indexOf(id) + 1 || numbers.push(id);
  running = new RunningCaptures(
    {
      directory,
      receiving: true,
      get limitBytes() {
        return limitBytes;
      },
      emit: () => {},
      add: numberOf,
      number: numberOf,
      prune: async () => {},
      changed: () => {},
      inTurn: (work) => turns.run(work),
    },
    () => now++,
  );
  await running.begin([]);
});
afterEach(async () => {
  await running.end();
  rmSync(folder, { recursive: true, force: true });
});

async function send(session: string, bytes = 12): Promise<CurrentCapture> {
  const capture = await running.take(session);
  if (!capture) throw new Error('nothing is captured');
  await capture.log.append(new Uint8Array(bytes - 4).fill(10));
  capture.spans++;
  capture.lastAt = now;
  return capture;
}
const pass = async (ms: number): Promise<void> => {
  now += ms;
  await turns.run(() => running.closeOver());
};
const locks = (): number => readdirSync(folder).filter((name) => name.endsWith('.lock')).length;

it('closes a session some seconds after its end, and goes on with it when something comes late', async () => {
  const session = randomUUID();
  running.sessions.announce(session, { name: 'Launch shop' });
  const first = await send(session);
  await pass(3_600_000);
  expect(locks()).toBe(2);
  running.sessions.end(session);
  await pass(5_000);
  expect(locks()).toBe(2);
  await pass(10_000);
  expect(locks()).toBe(1);
  const late = await send(session);
  expect([late.id, late.spans, late.log.bytes]).toEqual([first.id, 2, 24]);
  await pass(20_000);
  expect(locks()).toBe(1);
  expect((await directory.find(first.id))?.index).toMatchObject({ spans: 2, bytes: 24 });
});

it('closes a session of which nobody tells the end when it was silent for two minutes', async () => {
  await send(randomUUID());
  await pass(60_000);
  expect(locks()).toBe(2);
  await pass(61_000);
  expect(locks()).toBe(1);
});

it('begins one capture for requests that come at once', async () => {
  const session = randomUUID();
  const all = await Promise.all(Array.from({ length: 20 }, () => send(session)));
  expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  expect(all[0].spans).toBe(20);
});

it('has few logs open, however many sessions there are, and no more captures than a hundred of sessions that nobody announced', async () => {
  for (let i = 0; i < 130; i++) await send(randomUUID());
  expect(locks()).toBeLessThanOrEqual(32);
  const list = await directory.list();
  expect(list.length).toBe(101);
  expect(list.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(130 * 12);
});

it('goes on in another log of the same session where the logs are too long', async () => {
  const session = randomUUID();
  running.sessions.announce(session, { name: 'Launch shop' });
  await send('');
  const first = await send(session, 600);
  limitBytes = 1_000;
  await running.rotate();
  const next = await send(session);
  expect(next.id).not.toBe(first.id);
  const about = (await directory.list()).filter((one) => one.about.session === session).map((one) => one.about.name);
  expect(about).toEqual(['Launch shop', 'Launch shop']);
  expect(running.current?.log.bytes).toBe(12);
});
