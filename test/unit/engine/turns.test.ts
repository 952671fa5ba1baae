// What takes long on the thread that receives is cut: others have their turns meanwhile. Counted in rounds of the event loop, not in time.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { FillingDecoder } from '../../../src/core/format/format';
import { traceIdWords } from '../../../src/core/model/ids';
import { parseQuery } from '../../../src/core/query/parse';
import { encodeBatches } from '../../../src/engine/store/encodeSpans';
import { wideBatch } from '../../support/bigTraces';
import { InProcessEngine } from '../../support/inProcessEngine';
import { TEXT_TRACE_ID } from '../../support/traceText';

const SPANS = 150_000;
const dataset = 'file:large';
const key = { dataset, traceId: TEXT_TRACE_ID };
const rules = { redactKeys: [], redactPatterns: ['[0-9]{9}x'], captureLogBytes: 1 << 30 };

/** Rounds of the event loop until something is done. */
async function roundsOf(work: Promise<unknown>): Promise<number> {
  let rounds = 0;
  let isDone = false;
  const count = (): void => {
    rounds++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work;
  isDone = true;
  return rounds;
}

describe('other work has its turns while', () => {
  const engine = new InProcessEngine();
  let bytes: Uint8Array;
  beforeAll(async () => {
    const batch = wideBatch(SPANS, 4);
    const id = traceIdWords(TEXT_TRACE_ID);
    for (let row = 0; row < batch.count; row++) batch.traceId.set(id, row * 4);
    [bytes] = encodeBatches([batch]);
    await engine.call('configure', rules);
    await engine.call('openFile', { dataset, name: 'large.otlp.pb', bytes });
  }, 60_000);

  const query = parseQuery('{ .attribute.1 =~ ".*checkout.*nowhere" } && { .attribute.2 =~ ".*nowhere.*" }');
  it.each<readonly [string, number, () => Promise<unknown>]>([
    ['a file is opened', 8, () => engine.call('openFile', { dataset: 'file:b', name: 'b.otlp.pb', bytes })],
    ['a trace is opened', 4, () => engine.call('openTrace', key)],
    ['a trace is handed on', 8, () => engine.call('traceData', key)],
    ['a trace is exported as JSON', 8, () => engine.call('exportTrace', { ...key, format: 'otlp-json' })],
    ['a trace is exported as protobuf', 8, () => engine.call('exportTrace', { ...key, format: 'otlp-proto' })],
    ['a list is searched by an expression', 4, () => engine.call('findTraces', { dataset, query, limit: 10 })],
    [
      'a trace is searched by an expression',
      4,
      () => engine.call('findSpans', { ...key, text: '{ .attribute.1 =~ ".*nowhere" }' }),
    ],
  ])(
    '%s',
    async (_, least, work) => {
      expect(await roundsOf(work())).toBeGreaterThanOrEqual(least);
    },
    60_000,
  );

  it('a long request is read', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'spanhop-turns-'));
    const receiving = new InProcessEngine();
    try {
      await receiving.call('openCaptures', { directory });
      const { httpPort } = await receiving.call('startCapture', { wellKnownPort: false });
      const headers = { 'content-type': 'application/x-protobuf' };
      // Sent from here as well: what counts are the rounds after it has arrived.
      const steps = vi.spyOn(FillingDecoder.prototype, 'advance');
      const sending = fetch(`http://127.0.0.1:${httpPort}/v1/traces`, { method: 'POST', headers, body: Buffer.from(bytes) });
      await vi.waitFor(() => expect(steps).toHaveBeenCalled(), { timeout: 30_000 });
      expect(await roundsOf(sending)).toBeGreaterThanOrEqual(4);
      expect((await sending).status).toBe(200);
      await receiving.call('stopCapture', {});
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 60_000);
});
