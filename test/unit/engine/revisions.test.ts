// Traces that are asked for while they grow: what is assembled is of one state, is made once, is made in turns, and is kept for two revisions.

import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { traceIdWords } from '../../../src/core/model/ids';
import { Datasets } from '../../../src/engine/store/dataset';
import { memoryLimits } from '../../../src/engine/store/memoryLimits';
import { rebasing } from '../../../src/engine/store/sources';
import { type AssembledTrace, AssembledTraces } from '../../../src/engine/traces/assembledTraces';
import { assembleTrace } from '../../support/atOnce';
import { wideBatch } from '../../support/bigTraces';
import { failure } from '../../support/inProcessEngine';
import { batchFromText, TEXT_TRACE_ID } from '../../support/traceText';

const key = { dataset: 'local', traceId: TEXT_TRACE_ID };

function begin(): { traces: AssembledTraces; datasets: Datasets; add(text: string): void; addLarge(spans: number): void } {
  const datasets = new Datasets();
  const dataset = datasets.getOrAdd('local');
  const { all } = memoryLimits(1 << 30, undefined);
  return {
    datasets,
    traces: new AssembledTraces(datasets, () => all),
    add: (text) => void dataset.store.add(batchFromText(text, { strings: dataset.strings })),
    addLarge(spans) {
      const batch = wideBatch(spans, 1);
      const id = traceIdWords(TEXT_TRACE_ID);
      for (let row = 0; row < batch.count; row++) batch.traceId.set(id, row * 4);
      dataset.store.add(batch);
    },
  };
}

const names = ({ table }: AssembledTrace): string => [...table.name].map((name) => table.strings.get(name)).join(' ');

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

describe('a trace', () => {
  it('can be asked for as it was at its last two revisions, and not as it was before', async () => {
    const { traces, add } = begin();
    add('first  a  0..1  id=1');
    const first = await traces.get(key);
    add('second  a  1..2  id=2');
    const second = await traces.get(key);
    const bytes = traces.bytes;
    expect(names(await traces.get({ ...key, revision: first.revision }))).toBe('first');
    expect(names(await traces.get({ ...key, revision: second.revision }))).toBe('first second');
    add('third  a  2..3  id=3');
    expect(names(await traces.get({ ...key, revision: second.revision }))).toBe('first second');
    expect(names(await traces.get(key))).toBe('first second third');
    expect(await failure(traces.get({ ...key, revision: first.revision }))).toBe(
      `NotFound: Trace ${TEXT_TRACE_ID} changed, and is not kept as it was then. Ask for it as it is now.`,
    );
    // Two tables each time: what is kept is counted, and no more is.
    expect(traces.bytes - bytes).toBe(2 * 115);
  });

  it('is refused at a revision that was never asked for, unless it is the one of now', async () => {
    const { traces, add, datasets } = begin();
    add('first  a  0..1  id=1');
    const { revision = 0 } = datasets.local?.store ?? {};
    expect(names(await traces.get({ ...key, revision }))).toBe('first');
    expect(await failure(traces.get({ ...key, revision: revision - 1 }))).toMatch(/^NotFound: Trace .* changed/);
  });

  it('is still there when others leave memory', async () => {
    const { traces, add } = begin();
    add('first  a  0..1  id=1');
    const { revision } = await traces.get(key);
    add('second  a  1..2  id=2');
    await traces.get(key);
    traces.forgetStale();
    expect(names(await traces.get({ ...key, revision }))).toBe('first');
  });

  it('is not kept when it lost spans itself', async () => {
    const { traces, add, datasets } = begin();
    add('first  a  0..1  id=1');
    add('second  a  1..2  id=2');
    const { revision } = await traces.get(key);
    const store = datasets.local?.store;
    store?.cut(store.slotOf(TEXT_TRACE_ID), 1, () => undefined);
    traces.forgetStale();
    expect(traces.bytes).toBe(0);
    expect(await failure(traces.get({ ...key, revision }))).toMatch(/^NotFound/);
  });

  it('is assembled in turns with other work, of the state in which it was asked for', async () => {
    const { traces, add, addLarge } = begin();
    addLarge(300_000);
    const asked = traces.get(key);
    add('later  a  1..2  id=ffffffffffffffff');
    expect(await roundsOf(asked)).toBeGreaterThan(4);
    expect((await asked).table.count).toBe(300_000);
    expect((await traces.get(key)).table.count).toBe(300_001);
    expect(await roundsOf(traces.analysisOf(await asked))).toBeGreaterThan(2);
  });

  it('is what it would be if it were assembled at once', async () => {
    const { traces, addLarge, datasets } = begin();
    addLarge(50_000);
    const store = datasets.local?.store;
    if (!store) throw new Error('There is no store.');
    const { table } = await traces.get(key);
    expect(table).toEqual(assembleTrace(TEXT_TRACE_ID, finish(rebasing(store.rowsOf(store.slotOf(TEXT_TRACE_ID))))));
  });

  it('comes to an end on a trace to which spans come in each turn', async () => {
    const { traces, add, addLarge } = begin();
    addLarge(200_000);
    let added = 0;
    let isDone = false;
    const grow = (): void => {
      if (isDone) return;
      add(`more  a  1..2  id=${(0xfff0_0000_0000_0000n + BigInt(added++)).toString(16)}`);
      setImmediate(grow);
    };
    setImmediate(grow);
    const { table } = await traces.get(key);
    isDone = true;
    expect(table.count).toBe(200_000);
    expect(added).toBeGreaterThan(4);
  });

  it('is assembled once for all who ask; one who gives up does not stop the others', async () => {
    const { traces, addLarge } = begin();
    addLarge(100_000);
    const impatient = new AbortController();
    const given = failure(traces.get(key, impatient.signal));
    const one = traces.get(key);
    const other = traces.get(key);
    setImmediate(() => impatient.abort());
    expect(await given).toMatch(/^Cancelled/);
    expect(await one).toBe(await other);
    expect(traces.bytes).toBeLessThan(100_000 * 120 + 10_000);
  });

  it('is not assembled to its end when all have given up, and nothing of it is counted then', async () => {
    const { traces, addLarge } = begin();
    addLarge(100_000);
    const impatient = new AbortController();
    const given = failure(traces.get(key, impatient.signal));
    expect(traces.bytes).toBeGreaterThan(100_000 * 100);
    impatient.abort();
    expect(await given).toMatch(/^Cancelled/);
    await new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
    expect(traces.bytes).toBe(0);
  });
});
