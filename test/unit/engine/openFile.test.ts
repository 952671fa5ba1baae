import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { failure, InProcessEngine, shop } from '../../support/inProcessEngine';
import { BASE_MS, request, requestBytes } from '../../support/otlp';

// A machine that is busy with other tests is slow, and that is no failure.
vi.setConfig({ testTimeout: 30_000 });

let folder: string;
let engine: InProcessEngine;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-engine-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  engine = new InProcessEngine();
});

const call: InProcessEngine['call'] = (method, params, signal) => engine.call(method, params, signal);
const open: InProcessEngine['open'] = (spans, dataset) => engine.open(spans, dataset);

describe('openFile', () => {
  it('lists what a file holds, newest first', async () => {
    const content = await open(shop);
    expect(content).toMatchObject({ dataset: 'file:a', format: 'otlp-json', spanCount: 5, defects: [] });
    expect(
      content.traces.map(({ traceId, rootName, rootService, spanCount, errorCount, durationNs, services, session }) => [
        traceId.slice(-2),
        rootName,
        rootService,
        spanCount,
        errorCount,
        durationNs / 1e6,
        services,
        session,
      ]),
    ).toEqual([
      ['c3', '', '', 1, 0, 300, ['queue'], undefined],
      ['b2', 'GET /login', 'web', 1, 0, 2, ['web'], undefined],
      ['a1', 'GET /cart', 'web', 3, 1, 50, ['web', 'db'], 's1'],
    ]);
    expect(content.traces[2].startUnixNano).toBe(BigInt(BASE_MS) * 1_000_000n);
  });

  it('reads from disk, small files and large ones alike', async () => {
    const small = join(folder, 'small.json');
    writeFileSync(small, requestBytes(shop));
    const spans = Array.from({ length: 20_000 }, (_, i) => ({
      traceId: (1 + (i >> 3)).toString(16),
      spanId: (i + 1).toString(16),
      ...(i % 8 === 0 ? {} : { parent: ((i >> 3) * 8 + 1).toString(16) }),
      attributes: { text: 'x'.repeat(400) },
    }));
    const large = join(folder, 'large.json');
    const lines = Array.from({ length: 400 }, (_, i) => JSON.stringify(request(spans.slice(i * 50, (i + 1) * 50))));
    writeFileSync(large, `${lines.join('\n')}\n`);
    expect((await call('openFile', { dataset: 'file:s', name: 'small', path: small })).spanCount).toBe(5);
    const content = await engine.openAndList({ dataset: 'file:l', name: 'large', path: large });
    expect([content.format, content.spanCount, content.traces.length, content.defects]).toEqual([
      'otlp-jsonl',
      20_000,
      2_500,
      [],
    ]);
    expect(engine.progress.length).toBeGreaterThan(1);
    expect(engine.progress[0]).toMatchObject({ step: 'decoding', unit: 'bytes' });
    const again = await engine.openAndList({
      dataset: 'file:m',
      name: 'large',
      bytes: new TextEncoder().encode(lines.join('\n')),
    });
    expect([again.spanCount, again.traces.length]).toEqual([20_000, 2_500]);
    const { count } = await call('openTrace', { dataset: 'file:l', traceId: content.traces[0].traceId });
    expect(count).toBe(8);
    const stopped = new AbortController();
    stopped.abort();
    expect(await failure(call('openFile', { dataset: 'file:x', name: 'large', path: large }, stopped.signal))).toBe(
      'Cancelled: Cancelled.',
    );
  });

  it('says what is wrong with what is no trace file', async () => {
    const at = (name: string, content: string | Uint8Array): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    const opening = (name: string, path: string): Promise<string> => failure(call('openFile', { dataset: 'file:w', name, path }));
    expect(await opening('empty.json', at('empty.json', ''))).toBe('BadData: empty.json is empty.');
    expect(await opening('none.json', join(folder, 'none.json'))).toBe('NotFound: none.json does not exist any more.');
    mkdirSync(join(folder, 'sub'), { recursive: true });
    expect(await opening('sub', join(folder, 'sub'))).toBe('BadData: sub is a folder. Open a trace file in it.');
    expect(await opening('cat.png', at('cat.png', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])))).toMatch(
      /^BadData: cat\.png /,
    );
    expect(await opening('zeros.bin', at('zeros.bin', new Uint8Array(70_000)))).toMatch(/^BadData: zeros\.bin /);
    expect(await opening('page.json', at('page.json', '<!doctype html><html>'))).toMatch(/^BadData: page\.json /);
    if (process.getuid?.() !== 0) {
      const locked = at('locked.json', '{}');
      chmodSync(locked, 0);
      expect(await opening('locked.json', locked)).toMatch(/^Unauthorized: locked\.json may not be read/);
    }
    expect(await failure(call('openTrace', { dataset: 'file:w', traceId: 'a1' }))).toMatch(/^NotFound: /);
  });

  it('keeps what stands before the damage', async () => {
    const path = join(folder, 'cut.json');
    const whole = requestBytes(shop);
    writeFileSync(path, whole.subarray(0, whole.length - 300));
    const content = await call('openFile', { dataset: 'file:cut', name: 'cut.json', path });
    expect(content.spanCount).toBe(4);
    expect(content.defects.map(({ kind }) => kind)).toEqual(['unreadable']);
  });

  it('stops where memory would end, keeps what it has, and says so', async () => {
    const path = join(folder, 'big.jsonl');
    const line = (_: unknown, i: number): string =>
      JSON.stringify(request(shop.map((span) => ({ ...span, spanId: `${span.spanId}${i.toString(16).padStart(8, '0')}` }))));
    writeFileSync(path, Array.from({ length: 25_000 }, line).join('\n'));
    await call('configure', { redactKeys: [], redactPatterns: [], captureLogBytes: 1 << 30, memoryBytes: 24 << 20 });
    const content = await call('openFile', { dataset: 'file:big', name: 'big.jsonl', path });
    expect(content.spanCount).toBeGreaterThan(1_000);
    expect(content.spanCount).toBeLessThan(125_000);
    expect(content.defects.map(({ kind }) => kind)).toEqual(['capped']);
    const spans = content.spanCount.toLocaleString('en-US');
    expect(content.defects[0].message).toMatch(
      /^big\.jsonl is too large for memory, which holds 24 MB \(setting spanhop\.memoryMegabytes\): only the [\d,]+ spans in the first \d+ MB of its 51 MB were read\.$/,
    );
    expect(content.defects[0].message).toContain(`the ${spans} spans`);
    expect((await call('memory', {})).bytes).toBeLessThanOrEqual(24 << 20);
  });

  it('forgets the places of code of a file that became empty', async () => {
    await open([{ traceId: 'a1', spanId: '1', attributes: { 'code.file.path': '/a.ts', 'code.line.number': 1 } }]);
    expect(await call('codePlaces', { baseName: 'a.ts' })).toMatchObject({ spans: 1, files: ['/a.ts'] });
    await open([]);
    expect((await call('codePlaces', { baseName: 'a.ts' })).spans).toBe(0);
  });

  it('replaces a file that is opened again, with higher revisions', async () => {
    await open(shop);
    const before = await call('openTrace', { dataset: 'file:a', traceId: 'a1'.padStart(32, '0') });
    await open(shop.slice(0, 2));
    const after = await call('openTrace', { dataset: 'file:a', traceId: 'a1'.padStart(32, '0') });
    expect([before.count, after.count]).toEqual([3, 2]);
    expect(after.revision).toBeGreaterThan(before.revision);
  });
});

it('lists no more traces than anybody looks through, and says so', async () => {
  const lines = Array.from({ length: 201 }, (_, i) => {
    const spans = Array.from({ length: 1_000 }, (_, k) => ({
      traceId: (1 + i * 1_000 + k).toString(16),
      spanId: '1',
      startMs: i * 1_000 + k,
    }));
    return JSON.stringify(request(spans));
  });
  const path = join(folder, 'traces.jsonl');
  writeFileSync(path, lines.join('\n'));
  const { traces, spanCount, defects } = await engine.openAndList({ dataset: 'file:t', name: 'traces', path });
  expect([traces.length, spanCount]).toEqual([200_000, 201_000]);
  expect(traces[0].traceId).toBe((201_000).toString(16).padStart(32, '0'));
  expect(defects).toEqual([
    {
      kind: 'capped',
      count: 1_000,
      message: 'The list has the 200,000 newest of 201,000 traces. Open one of the others by its id.',
    },
  ]);
  expect((await call('openTrace', { dataset: 'file:t', traceId: '1'.padStart(32, '0') })).count).toBe(1);
});
