// Where a trace is looked for, who waits for what, and that a request is made once for all who want the trace.
import { beforeEach, describe, expect, it } from 'vitest';
import { EngineService } from '../../../../src/app/engine/engineService';
import { TraceService } from '../../../../src/app/traces/traceService';
import type { Backend } from '../../../../src/backends/common/backend';
import { Emitter } from '../../../../src/base/emitter';
import { SpanhopError } from '../../../../src/base/errors';
import { everything } from '../../../../src/core/query/build';
import { FakeEngine, outcome, turn, type Waiting, waiting } from '../support/fakeEngine';

const id = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Datasets of the engine that have the trace, in the order in which it looks. */
let inEngine: string[];
let restored: Waiting<void>;
let engine: FakeEngine;
let traces: TraceService;
let asked: {
  readonly backend: string;
  readonly signal: AbortSignal | undefined;
  readonly answer: Waiting<Uint8Array<ArrayBuffer>>;
}[];
const activeChanged = new Emitter<string>();
const reloaded = new Emitter<never>();

async function backendOf(name: string): Promise<Backend> {
  return {
    settings: { name, type: 'jaeger', url: 'http://localhost', options: {} },
    describe: async () => ({}),
    services: async () => [],
    operations: async () => [],
    async *find() {
      yield {
        traces: [{ traceId: id, rootService: 'web', rootName: 'GET /', startUnixNano: 0n, durationNs: 1 }],
        pushDown: { exact: [], superset: [], here: [] },
      };
    },
    get: (_, signal) => {
      const answer = waiting<Uint8Array<ArrayBuffer>>();
      signal?.addEventListener('abort', () => answer.reject(new SpanhopError('Cancelled', 'Cancelled.')));
      asked.push({ backend: name, signal, answer });
      return answer.promise.then((bytes) => ({ bodies: [bytes] }));
    },
  };
}

beforeEach(() => {
  inEngine = [];
  asked = [];
  restored = waiting();
  restored.resolve();
  engine = new FakeEngine({
    restoreCaptures: () => restored.promise,
    locateTrace: ({ traceId, dataset }) => {
      const found = inEngine.find((each) => dataset === undefined || each === dataset);
      return found === undefined ? undefined : { dataset: found, traceId };
    },
    addBytes: ({ dataset }) => {
      inEngine.push(dataset);
      return { dataset, format: 'jaeger', spanCount: 1, traces: [], defects: [] };
    },
    findTraces: () => ({ traces: [], more: false }),
    knownTraces: ({ traceIds }) => traceIds.map(() => false),
  });
  const settings = { redactKeys: [], redactPatterns: [], captureLogBytes: 1 };
  const names = ['local', 'Jaeger', 'Other'];
  traces = new TraceService(
    new EngineService(engine, '/captures', () => settings),
    {
      active: 'Jaeger',
      names,
      require: (name) => {
        if (!names.includes(name)) throw new SpanhopError('NotFound', `There is no backend "${name}".`);
      },
      get: backendOf,
      onDidChangeActive: activeChanged.event,
    },
    { onDidReload: reloaded.event },
  );
});

const answer = (bytes = new Uint8Array(1)): void => asked.at(-1)?.answer.resolve(bytes);

describe('locating a trace', () => {
  it('does not wait for kept captures where it is in a file', async () => {
    restored = waiting();
    inEngine = ['file:///a.json'];
    expect(await outcome(traces.locate(id))).toEqual({ dataset: 'file:///a.json', traceId: id });
  });

  it('looks again when kept captures were read, and asks no backend for what they have', async () => {
    restored = waiting();
    const locating = traces.locate(id);
    expect(await outcome(locating)).toBe('waits');
    inEngine = ['local'];
    restored.resolve();
    expect(await locating).toEqual({ dataset: 'local', traceId: id });
    expect(asked).toEqual([]);
  });

  it('ends with the signal, whatever it waits for', async () => {
    restored = waiting();
    const giveUp = new AbortController();
    const locating = traces.locate(id, { signal: giveUp.signal });
    expect(await outcome(locating)).toBe('waits');
    giveUp.abort();
    expect(await outcome(locating)).toBe('Cancelled');
  });

  it('asks the active backend, then the others', async () => {
    const locating = traces.locate(id);
    await turn();
    asked[0]?.answer.reject(new SpanhopError('NotFound', 'not here'));
    await turn();
    answer();
    expect(await locating).toEqual({ dataset: 'backend:Other', traceId: id });
    expect(asked.map(({ backend }) => backend)).toEqual(['Jaeger', 'Other']);
  });

  it('asks each of them once for all who look for it', async () => {
    const both = Promise.all([traces.locate(id), traces.locate(id)]);
    await turn();
    expect(asked.map(({ backend }) => backend)).toEqual(['Jaeger']);
    asked[0]?.answer.resolve(new Uint8Array(1));
    expect(new Set((await both).map(({ dataset }) => dataset))).toEqual(new Set(['backend:Jaeger']));
    expect(engine.asked.filter((method) => method === 'addBytes')).toHaveLength(1);
  });

  it('says what each backend said that could not be asked', async () => {
    const failing = async (...errors: readonly SpanhopError[]): Promise<unknown> => {
      asked = [];
      const locating = traces.locate(id).catch((error: unknown) => error);
      for (const [i, error] of errors.entries()) {
        await turn();
        asked[i]?.answer.reject(error);
      }
      return locating;
    };
    const down = new SpanhopError('Unreachable', 'Jaeger is down.', 'ECONNREFUSED');
    const closed = new SpanhopError('Unauthorized', 'Other wants a credential.');
    const none = new SpanhopError('NotFound', 'not here');
    expect(await failing(down, closed)).toMatchObject({
      kind: 'Unreachable',
      message: 'Jaeger is down. Other wants a credential.',
      detail: 'ECONNREFUSED',
    });
    expect(await failing(none, closed)).toMatchObject({
      kind: 'NotFound',
      message: expect.stringMatching(/Jaeger, Other\)\. Other wants a credential\.$/),
    });
    expect(await failing(none, none)).toMatchObject({ kind: 'NotFound', message: expect.stringMatching(/Jaeger, Other\)\.$/) });
  });

  it('goes on to the backends when captures cannot be read, and says so where nobody has it', async () => {
    restored = waiting();
    restored.promise.catch(() => {});
    restored.reject(new SpanhopError('Unauthorized', 'The captures may not be read.'));
    const locating = traces.locate(id);
    await turn();
    asked[0]?.answer.resolve(new Uint8Array(1));
    expect(await locating).toEqual({ dataset: 'backend:Jaeger', traceId: id });
    inEngine = [];
    const missing = traces.locate(id);
    missing.catch(() => {});
    for (let i = 0; i < 2; i++) {
      await turn();
      asked.at(-1)?.answer.reject(new SpanhopError('NotFound', 'not here'));
    }
    await expect(missing).rejects.toMatchObject({
      kind: 'NotFound',
      message: expect.stringMatching(/captures, Jaeger, Other\)\. The captures may not/),
    });
  });

  it('finds what was captured meanwhile when it is tried again', async () => {
    inEngine = ['local'];
    expect(await outcome(traces.locate(id, { fresh: true }))).toEqual({ dataset: 'local', traceId: id });
    inEngine = ['backend:Other'];
    const again = traces.locate(id, { fresh: true });
    await turn();
    expect(asked.map(({ backend }) => backend)).toEqual(['Other']);
    answer();
    expect(await again).toEqual({ dataset: 'backend:Other', traceId: id });
  });
});

describe('a request to a backend', () => {
  it('is made once for all who ask, and goes on while one still waits', async () => {
    const giveUp = new AbortController();
    const one = traces.locate(id, { backend: 'Jaeger', signal: giveUp.signal });
    const other = traces.locate(id, { backend: 'Jaeger', signal: new AbortController().signal });
    await turn();
    expect(asked).toHaveLength(1);
    giveUp.abort();
    expect(await outcome(one)).toBe('Cancelled');
    expect(asked[0]?.signal?.aborted).toBe(false);
    answer();
    expect(await other).toEqual({ dataset: 'backend:Jaeger', traceId: id });
  });

  it('is given up with the last who waits', async () => {
    const giveUp = new AbortController();
    const one = traces.locate(id, { backend: 'Jaeger', signal: giveUp.signal });
    await turn();
    giveUp.abort();
    expect(await outcome(one)).toBe('Cancelled');
    expect(asked[0]?.signal?.aborted).toBe(true);
  });
});

it('knows what a backend listed, and asks it only for what is opened', async () => {
  expect(await traces.areKnown([id])).toEqual([false]);
  const found = await traces.find({ query: everything, limit: 1 });
  expect(found.traces.map(({ traceId }) => traceId)).toEqual([id]);
  expect(await traces.areKnown([id])).toEqual([true]);
  const locating = traces.known(id);
  await turn();
  answer();
  expect(await locating).toEqual({ dataset: 'backend:Jaeger', traceId: id });
});

it('asks no backend that is not there, and takes no text for an id', async () => {
  await expect(traces.locate(id, { backend: 'Gone' })).rejects.toMatchObject({ kind: 'NotFound' });
  await expect(traces.find({ query: everything, backend: 'Gone', limit: 1 })).rejects.toMatchObject({ kind: 'NotFound' });
  await expect(traces.locate('no id')).rejects.toMatchObject({ kind: 'BadQuery' });
});
