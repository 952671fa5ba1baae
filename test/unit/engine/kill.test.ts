// The engine is killed (SIGKILL) under load at random moments, its log is damaged by a seed or not, and another engine opens it: every span that was
// acknowledged and whose bytes the disk still has is there, once. A few times here; `npm run test:durability -- --times 100` does it as
// often as it is told.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EngineClient } from '../../../src/engine/client';
import { damage, KINDS, type Kind, randomFrom } from '../../support/damage';
import { bundleEngine, type EngineBundle } from '../../support/engineBundle';

const times = Number(process.env.SPANHOP_KILLS ?? 4);
const firstSeed = Number(process.env.SPANHOP_KILL_SEED ?? 1);
const load = resolve(__dirname, '../../support/load');
const settings = {
  redactKeys: [],
  redactPatterns: [],
  captureMemoryBytes: 1 << 30,
  memoryBytes: 1 << 30,
  captureLogBytes: 8 * 1024 ** 3,
};
const SPANS = 100;
const SPANS_A_TRACE = 10;

let bundle: EngineBundle;
let folder: string;
const children: ChildProcess[] = [];
const total = { acknowledged: 0, lost: 0, twice: 0, damaged: 0, reloadMs: [0], runs: 0 };

beforeAll(async () => {
  bundle = await bundleEngine();
});
afterAll(() => {
  bundle.remove();
  const { acknowledged, lost, twice, damaged, reloadMs, runs } = total;
  const longest = Math.round(Math.max(...reloadMs));
  console.log(
    `${runs} times killed: ${acknowledged.toLocaleString('en-US')} spans acknowledged, ${damaged.toLocaleString('en-US')} of them in requests that were damaged afterwards; of the others ${lost} lost, ${twice} there twice; longest reload ${longest} ms`,
  );
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function child(script: string, ...args: string[]): ChildProcess {
  const started = spawn(process.execPath, [join(load, script), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(started);
  return started;
}

type Said = Readonly<Record<string, unknown>>;

function lineWith(of: ChildProcess, key: string, passes: (value: unknown) => boolean = () => true): Promise<Said> {
  return new Promise((done) => {
    if (!of.stdout) return;
    createInterface({ input: of.stdout }).on('line', (line) => {
      const said: Said = JSON.parse(line);
      if (key in said && passes(said[key])) done(said);
    });
  });
}

/** A request in a log: who sent it, as the how manyth, and where it stands. */
interface Sent {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** `made.ids[0]` of the load's bodies; the words of a trace id tell the sender and the number of the request. */
async function requestsOf(path: string): Promise<Sent[]> {
  const { makeBody }: { makeBody: (of: object) => { ids: number[]; body: Uint8Array } } = await import(
    '../../support/load/spanBodies.mjs'
  );
  const firstId = makeBody({ service: 'shop-0', spansPerBody: SPANS }).ids[0];
  const bytes = readFileSync(path);
  const found: Sent[] = [];
  for (let from = 0; from + 4 <= bytes.length; ) {
    const to = from + 4 + bytes.readUInt32BE(from);
    if (to > bytes.length) break;
    const at = from + 4 + firstId;
    found.push({ key: `${bytes.readUInt32BE(at + 6)} ${Math.floor(bytes.readUInt32BE(at + 14) / 1000)}`, from, to });
    from = to;
  }
  return found;
}

/** As `stamp` of the load writes them. */
function traceIdOf(key: string): string {
  const [sender, sequence] = key.split(' ').map(Number);
  const trace = sequence * 1000;
  const words = [Math.imul(trace, 0x9e3779b1), sender, Math.imul(trace, 0x85ebca6b), trace];
  return words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

async function run(seed: number, kind: Kind): Promise<void> {
  const random = randomFrom(seed);
  folder = mkdtempSync(join(tmpdir(), 'spanhop-kill-'));
  const host = child('captureHost.mjs', bundle.client, bundle.engine, folder, JSON.stringify(settings));
  const { port } = await lineWith(host, 'port');
  const sender = child('sender.mjs', String(port), '4', String(SPANS));
  const done = lineWith(sender, 'last');
  await lineWith(sender, 'acknowledged', (count) => Number(count) > 20);
  // The random moment is the subject here, no wait for something to happen.
  await new Promise((killed) => setTimeout(killed, random(900)));
  host.kill('SIGKILL');
  const { last } = await done;
  const acknowledged = new Set(
    (Array.isArray(last) ? last : []).flatMap(([from, count]: number[]) =>
      Array.from({ length: count }, (_, i) => `${from} ${i + 1}`),
    ),
  );

  const log = join(folder, readdirSync(folder).filter((name) => name.endsWith('.otlp.pb'))[0]);
  const before = await requestsOf(log);
  const known = new Set(before.map(({ key }) => key));
  const neverThere = [...acknowledged].filter((key) => !known.has(key));
  const touched = damage(log, kind, random);
  const kept = before.filter(({ from, to }) => to <= touched.from || from >= touched.to);
  const expected = kept.filter(({ key }) => acknowledged.has(key));

  const client = new EngineClient({ workerPath: bundle.engine, onLog: () => {} });
  try {
    await client.call('configure', settings);
    const started = performance.now();
    await client.call('openCaptures', { directory: folder });
    await client.call('restoreCaptures', { begin: true }, { timeoutMs: 0 });
    const [capture] = await client.call('captures', {});
    total.reloadMs.push(performance.now() - started);
    // The log that is there now, and what memory has of it.
    const after = new Map<string, number>();
    for (const { key } of await requestsOf(log)) after.set(key, (after.get(key) ?? 0) + 1);
    const lost = expected.filter(({ key }) => !after.has(key)).length + neverThere.length;
    const twice = expected.filter(({ key }) => (after.get(key) ?? 0) > 1).length;
    total.runs++;
    total.acknowledged += acknowledged.size * SPANS;
    total.damaged += (acknowledged.size - neverThere.length - expected.length) * SPANS;
    total.lost += lost * SPANS;
    total.twice += twice * SPANS;
    expect({ lost, twice }).toEqual({ lost: 0, twice: 0 });
    expect(capture.spans).toBeGreaterThanOrEqual(kept.length * SPANS);
    expect(capture.spans).toBeLessThanOrEqual(before.length * SPANS + SPANS);
    const near = kept.findIndex(({ from }) => from >= touched.to);
    for (const at of [0, near - 1, near, kept.length - 1, random(kept.length)]) {
      const request = kept[at];
      if (request === undefined) continue;
      const { count } = await client.call('openTrace', { dataset: 'local', traceId: traceIdOf(request.key) });
      expect(count).toBe(SPANS_A_TRACE);
    }
  } finally {
    await client.dispose();
  }
}

describe('the engine, killed under load', () => {
  it.each(Array.from({ length: times }, (_, i) => [KINDS[(firstSeed + i) % KINDS.length], firstSeed + i] as const))(
    'with damage "%s" to its log: every acknowledged span that the disk has is there once (seed %i)',
    async (kind, seed) => run(seed, kind),
    60_000,
  );
});
