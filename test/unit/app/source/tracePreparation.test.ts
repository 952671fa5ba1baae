// Spans that are resolved before anybody asks: those of the latest trace, each kind once.
import { expect, it } from 'vitest';
import { TracePreparation } from '../../../../src/app/source/tracePreparation';

interface Started {
  readonly id: string;
  finish(): void;
}

function preparation(ids: readonly string[]): { readonly all: TracePreparation; readonly started: Started[] } {
  const started: Started[] = [];
  const all = new TracePreparation({
    engine: { call: async () => ids as never },
    resolve: (_, id) => new Promise<void>((resolve) => started.push({ id, finish: resolve })),
  });
  return { all, started };
}

const trace = (traceId: string) => ({ dataset: 'local', traceId });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('resolves sixteen at a time, and each trace once', async () => {
  const { all, started } = preparation(Array.from({ length: 20 }, (_, i) => `${i}`));
  const done = all.prepare(trace('a'));
  await turn();
  expect(started).toHaveLength(16);
  await all.prepare(trace('a'));
  for (let i = 0; i < 20; i++) {
    started[i].finish();
    await turn();
  }
  await done;
  expect(started.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`));
  await all.prepare(trace('a'));
  expect(started).toHaveLength(20);
});

it('gives up a trace for the next one, and takes it up again when it is asked for', async () => {
  const { all, started } = preparation(Array.from({ length: 20 }, (_, i) => `${i}`));
  const first = all.prepare(trace('a'));
  await turn();
  void all.prepare(trace('b'));
  await turn();
  for (const each of started.slice(0, 16)) each.finish();
  await first;
  expect(started).toHaveLength(32);
  void all.prepare(trace('a'));
  await turn();
  expect(started.length).toBeGreaterThan(32);
});

it('begins anew when answers are others, and does not reject when the engine is gone', async () => {
  const { all, started } = preparation(['1']);
  void all.prepare(trace('a'));
  await turn();
  all.forget();
  void all.prepare(trace('a'));
  await turn();
  expect(started).toHaveLength(2);
  const failing = new TracePreparation({
    engine: { call: () => Promise.reject(new Error('gone')) },
    resolve: async () => {},
  });
  await expect(failing.prepare(trace('a'))).resolves.toBeUndefined();
});
