// Which of a file's readings counts, and that nothing of a file stays in the engine when nobody has it open.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { URI } from 'vscode-uri';
import { EngineService } from '../../../../src/app/engine/engineService';
import { TraceFiles } from '../../../../src/app/files/traceFiles';
import { type FileSystem, FileTrouble, type FileTroubleCode } from '../../../../src/app/ports/fileSystem';
import { SpanhopError } from '../../../../src/base/errors';
import type { DatasetContent, DatasetSummary } from '../../../../src/protocol/files';
import type { CallOptions } from '../../../../src/protocol/rpc';
import { FakeEngine, outcome, turn, type Waiting, waiting } from '../support/fakeEngine';

const uri = URI.file('/traces/a.otlp.json');
const dataset = TraceFiles.datasetOf(uri);
const summaryOf = (spanCount: number): DatasetSummary => ({ dataset, format: 'otlp-json', spanCount, defects: [] });

let engine: FakeEngine;
let files: TraceFiles;
/** Readings that the engine was asked for. */
let readings: { readonly answer: Waiting<DatasetSummary>; readonly options: CallOptions }[];
/** Lists that the engine was asked for. */
let lists: Waiting<DatasetContent>[];
/** What the engine holds. */
let held: Set<string>;
let trouble: FileTroubleCode | undefined;
/** Who is told when the file changes. */
let watching: Set<() => void>;

beforeEach(() => {
  readings = [];
  lists = [];
  held = new Set();
  watching = new Set();
  trouble = undefined;
  engine = new FakeEngine({
    openFile: async ({ dataset: name }, options) => {
      const answer = waiting<DatasetSummary>();
      readings.push({ answer, options });
      options.signal?.addEventListener('abort', () => answer.reject(new SpanhopError('Cancelled', 'Cancelled.')));
      const summary = await answer.promise;
      held.add(name);
      return summary;
    },
    listFile: () => {
      const answer = waiting<DatasetContent>();
      lists.push(answer);
      return answer.promise;
    },
    dropDataset: ({ dataset: name }) => void held.delete(name),
  });
  const system: FileSystem = {
    stat: async () => {
      if (trouble) throw new FileTrouble(trouble, 'no');
      return { size: 10, isFolder: false };
    },
    read: async () => new Uint8Array(10),
    watch: (_, changed) => {
      watching.add(changed);
      return { dispose: () => void watching.delete(changed) };
    },
    watchFolder: () => ({ dispose() {} }),
  };
  files = new TraceFiles(
    new EngineService(engine, '/captures', () => ({ redactKeys: [], redactPatterns: [], captureLogBytes: 1 })),
    system,
  );
});

async function open(spanCount: number): Promise<void> {
  const reading = files.open(uri);
  await turn();
  readings.at(-1)?.answer.resolve(summaryOf(spanCount));
  await reading;
}

describe('closing a file', () => {
  it('lets go of what was read of it', async () => {
    const hold = files.hold(uri);
    await open(3);
    expect([...held]).toEqual([dataset]);
    hold.dispose();
    await turn();
    expect([...held]).toEqual([]);
  });

  it('lets go of what was read before reading it again failed', async () => {
    const hold = files.hold(uri);
    await open(3);
    files.reload(uri);
    trouble = 'NoPermissions';
    await expect(files.open(uri)).rejects.toMatchObject({ kind: 'Unauthorized' });
    hold.dispose();
    await turn();
    expect([...held]).toEqual([]);
  });

  it('lets go of it when it is being read', async () => {
    const hold = files.hold(uri);
    const reading = files.open(uri);
    await turn();
    hold.dispose();
    expect(await outcome(reading)).toBe('NotFound');
    await turn();
    expect(engine.asked.slice(-2)).toEqual(['openFile', 'dropDataset']);
  });

  it('keeps it as long as somebody else holds it', async () => {
    const [one, other] = [files.hold(uri), files.hold(uri)];
    await open(3);
    one.dispose();
    one.dispose();
    await turn();
    expect([...held]).toEqual([dataset]);
    other.dispose();
    await turn();
    expect([...held]).toEqual([]);
  });

  it('keeps it when somebody else opens it in the same moment', async () => {
    const hold = files.hold(uri);
    await open(3);
    hold.dispose();
    files.hold(uri);
    await turn();
    expect([...held]).toEqual([dataset]);
  });

  it('asks nothing of an engine that never ran', async () => {
    files.hold(uri).dispose();
    await turn();
    expect(engine.asked).toEqual([]);
  });
});

describe('reading a file', () => {
  it('happens once for all who ask, and each sees how far it is', async () => {
    files.hold(uri);
    const seen: number[] = [];
    const onProgress = ({ done }: { done: number }): void => void seen.push(done);
    const both = [files.open(uri, { onProgress }), files.open(uri, { onProgress })];
    await turn();
    readings[0]?.options.onProgress?.({ step: 'reading', done: 5, total: 10, unit: 'bytes' });
    readings[0]?.answer.resolve(summaryOf(3));
    expect((await Promise.all(both)).map(({ spanCount }) => spanCount)).toEqual([3, 3]);
    expect(seen).toEqual([5, 5]);
    expect(readings).toHaveLength(1);
  });

  it('goes on for the others when one gives up, and ends with the last', async () => {
    files.hold(uri);
    const [first, second] = [new AbortController(), new AbortController()];
    const [one, other] = [files.open(uri, { signal: first.signal }), files.open(uri, { signal: second.signal })];
    await turn();
    first.abort();
    expect([await outcome(one), await outcome(other)]).toEqual(['Cancelled', 'waits']);
    expect(readings).toHaveLength(1);
    second.abort();
    expect(await outcome(other)).toBe('Cancelled');
    expect(readings[0]?.options.signal?.aborted).toBe(true);
  });

  it('gives who waits the file as it is now when it changed meanwhile', async () => {
    files.hold(uri);
    const waitsForIt = files.open(uri);
    await turn();
    files.reload(uri);
    await turn();
    expect(readings).toHaveLength(2);
    readings[1]?.answer.resolve(summaryOf(4));
    expect(await waitsForIt).toMatchObject({ spanCount: 4 });
    expect(await files.open(uri)).toMatchObject({ spanCount: 4 });
  });

  it('begins anew after it failed', async () => {
    files.hold(uri);
    trouble = 'FileNotFound';
    await expect(files.open(uri)).rejects.toMatchObject({ kind: 'NotFound' });
    trouble = undefined;
    await open(3);
    expect(await files.open(uri)).toMatchObject({ spanCount: 3 });
  });

  it('needs somebody who holds it', async () => {
    await expect(files.open(uri)).rejects.toMatchObject({ kind: 'NotFound' });
  });
});

describe('the list of its traces', () => {
  const listOf = (spanCount: number): DatasetContent => ({ ...summaryOf(spanCount), traces: [] });

  it('is made when somebody asks for it, once', async () => {
    files.hold(uri);
    await open(3);
    expect(engine.asked).not.toContain('listFile');
    const both = [files.content(uri), files.content(uri)];
    await turn();
    lists[0].resolve(listOf(3));
    await Promise.all(both);
    expect(await files.content(uri)).toMatchObject({ spanCount: 3 });
    expect(lists).toHaveLength(1);
  });

  it('reads the file where that has not happened', async () => {
    files.hold(uri);
    const listing = files.content(uri);
    await turn();
    readings[0].answer.resolve(summaryOf(3));
    await turn();
    lists[0].resolve(listOf(3));
    expect(await listing).toMatchObject({ spanCount: 3 });
  });

  it.each(['answered', 'failed'])('is of the file as it is now when it changed meanwhile, and the list was %s', async (how) => {
    files.hold(uri);
    await open(3);
    const listing = files.content(uri);
    await turn();
    files.reload(uri);
    if (how === 'answered') lists[0].resolve(listOf(3));
    else lists[0].reject(new SpanhopError('NotFound', 'There are no traces here any more.'));
    await turn();
    readings[1].answer.resolve(summaryOf(4));
    await turn();
    lists[1].resolve(listOf(4));
    expect(await listing).toMatchObject({ spanCount: 4 });
    expect(await files.content(uri)).toMatchObject({ spanCount: 4 });
  });

  it('is made for the others when one gives up', async () => {
    files.hold(uri);
    await open(3);
    const gaveUp = new AbortController();
    const [one, other] = [files.content(uri, { signal: gaveUp.signal }), files.content(uri)];
    await turn();
    gaveUp.abort();
    expect(await outcome(one)).toBe('Cancelled');
    lists[0].resolve(listOf(3));
    expect(await other).toMatchObject({ spanCount: 3 });
  });
});

describe('an engine that was started again', () => {
  it('is given again what was read, and not what it may have died of', async () => {
    const told: string[] = [];
    files.onDidReload((file) => told.push(file.path));
    const broken = URI.file('/traces/b.json');
    files.hold(uri);
    files.hold(broken);
    await open(3);
    files.open(broken).catch(() => {});
    await turn();
    held.clear();
    engine.restart();
    expect(told).toEqual([uri.path]);
    await open(3);
    expect([...held]).toEqual([dataset]);
  });
});

describe('a file that changes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const change = (): void => {
    for (const changed of watching) changed();
  };

  it('is read again when it was quiet for half a second, however many hold it', async () => {
    let reloads = 0;
    files.onDidReload(() => reloads++);
    files.hold(uri);
    files.hold(uri);
    expect(watching.size).toBe(1);
    for (let i = 0; i < 20; i++) {
      change();
      await vi.advanceTimersByTimeAsync(400);
    }
    expect(reloads).toBe(0);
    await vi.advanceTimersByTimeAsync(100);
    expect(reloads).toBe(1);
  });

  it('is watched no more when nobody holds it, and is not read again then', async () => {
    let reloads = 0;
    files.onDidReload(() => reloads++);
    const hold = files.hold(uri);
    change();
    hold.dispose();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([watching.size, reloads]).toEqual([0, 0]);
    files.hold(uri);
    expect(watching.size).toBe(1);
  });
});
