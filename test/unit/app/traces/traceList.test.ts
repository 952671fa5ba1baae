// When the list of traces is asked for, which of several answers is shown, and what becomes of those that are stopped.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Settings } from '../../../../src/app/settings/settings';
import { Attention } from '../../../../src/app/traces/attention';
import { TraceList } from '../../../../src/app/traces/traceList';
import type { FindPagesRequest, FoundPage } from '../../../../src/app/traces/tracePages';
import { Emitter } from '../../../../src/base/emitter';
import { SpanhopError } from '../../../../src/base/errors';
import type { TraceOverview } from '../../../../src/core/model/table';
import { type Waiting, waiting } from '../support/fakeEngine';
import { FakeMemento, FakeSettings, silentLog } from '../support/fakePorts';

interface Asked {
  readonly backend: string | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly answer: Waiting<FoundPage>;
}

const overview = (traceId: string): TraceOverview => ({
  traceId,
  rootService: 'web',
  rootName: 'GET /',
  startUnixNano: 0n,
  durationNs: 1,
});
const found = (...ids: string[]): FoundPage => ({
  backend: active,
  traces: ids.map(overview),
  cursor: undefined,
});

let active = 'local';
let asked: Asked[];
let memento: FakeMemento;
let list: TraceList;
let attention: Attention;
const changed = new Emitter<{ dataset: string; traceIds: readonly string[] }>();
const activeChanged = new Emitter<string>();
const backendsChanged = new Emitter<void>();
const besideChanged = new Emitter<void>();
const beside: string[] = [];
/** Who is told when a backend may have new traces. */
const watched = new Map<string, () => void>();

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  active = 'local';
  beside.length = 0;
  asked = [];
  memento = new FakeMemento();
  attention = new Attention();
  const traces = {
    onDidChange: changed.event,
    async *findPages({ backend, pageSize, cursor }: FindPagesRequest, signal?: AbortSignal) {
      const answer = waiting<FoundPage>();
      asked.push({ backend, limit: pageSize, cursor, signal, answer });
      yield await answer.promise;
    },
  };
  const backends = {
    get active() {
      return active;
    },
    beside,
    onDidChangeBeside: besideChanged.event,
    onDidChange: backendsChanged.event,
    onDidChangeActive: activeChanged.event,
    watch: (name: string, changed: () => void) => {
      watched.set(name, changed);
      return { dispose: () => void watched.delete(name) };
    },
  };
  list = new TraceList(
    traces,
    { canArchive: () => false, windowOf: () => undefined },
    backends,
    new Settings(new FakeSettings({ 'traces.pageSize': 5 }), silentLog),
    memento,
    attention,
  );
});

afterEach(() => {
  list.dispose();
  attention.dispose();
  vi.useRealTimers();
});

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const ids = (): string[] => list.main.list.map(({ traceId }) => traceId);
const comes = (): void => changed.fire({ dataset: 'local', traceIds: ['1'] });

async function answer(...traces: string[]): Promise<void> {
  await settled();
  asked.at(-1)?.answer.resolve(found(...traces));
  await settled();
}

describe('a live list', () => {
  it('is asked for at most every 300 ms while spans come, and shows the last of them', async () => {
    list.setVisible(true);
    await answer('1');
    for (let i = 0; i < 40; i++) {
      comes();
      await vi.advanceTimersByTimeAsync(25);
      await answer('1', String(i));
    }
    expect(asked.length).toBeLessThanOrEqual(5);
    await vi.advanceTimersByTimeAsync(300);
    await answer('last');
    expect(ids()).toEqual(['last']);
  });

  it('is not asked for twice at the same time; what comes meanwhile is asked for after it', async () => {
    list.setVisible(true);
    await settled();
    comes();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(1);
    await answer('1');
    await vi.advanceTimersByTimeAsync(300);
    expect(asked).toHaveLength(2);
  });

  it('is not asked for while nobody looks, and once when somebody does', async () => {
    list.setVisible(true);
    await answer('1');
    comes();
    list.setVisible(false);
    comes();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    list.setVisible(true);
    await settled();
    expect(asked).toHaveLength(2);
  });
});

describe('a list that somebody is at', () => {
  /** Each a millisecond older than the one before. */
  const at = (ids: string, more = false): FoundPage => ({
    backend: active,
    cursor: more ? 'next' : undefined,
    traces: [...ids].map((id) => ({ ...overview(id), startUnixNano: BigInt(id.charCodeAt(0)) })),
  });
  const shows = async (ids: string, more = false): Promise<void> => {
    await settled();
    asked.at(-1)?.answer.resolve(at(ids, more));
    await settled();
  };
  const live = async (ids: string, more = false): Promise<void> => {
    comes();
    await vi.advanceTimersByTimeAsync(300);
    await shows(ids, more);
  };

  beforeEach(async () => {
    list.setVisible(true);
    await shows('CBA');
    attention.came();
  });

  it('holds still and counts what comes, until they ask for it', async () => {
    await live('DCBA');
    await live('FEDCBA');
    expect([ids().join(''), list.main.newer]).toEqual(['CBA', 3]);
    list.showNewer();
    expect([ids().join(''), list.main.newer]).toEqual(['FEDCBA', 0]);
  });

  it('brings it when they leave, or do nothing for a while', async () => {
    await live('DCBA');
    attention.left();
    expect(ids().join('')).toBe('DCBA');
    attention.came();
    await live('EDCBA');
    await vi.advanceTimersByTimeAsync(10_000);
    attention.came();
    await vi.advanceTimersByTimeAsync(14_000);
    expect(ids().join('')).toBe('DCBA');
    await vi.advanceTimersByTimeAsync(2_000);
    expect([ids().join(''), list.main.newer]).toEqual(['EDCBA', 0]);
  });

  it('keeps rows that newer ones push out of the page, and lets go of those that are gone', async () => {
    await live('FEDCB', true);
    expect([ids().join(''), list.main.newer]).toEqual(['CBA', 3]);
    await live('FEDC');
    expect([ids().join(''), list.main.newer]).toEqual(['C', 3]);
    await live('');
    expect([ids(), list.main.newer]).toEqual([[], 0]);
  });

  it('shows what is in its rows now, and older traces below them', async () => {
    changed.fire({ dataset: 'local', traceIds: [] });
    await vi.advanceTimersByTimeAsync(300);
    await settled();
    const { traces, ...rest } = at('DCBA@');
    asked.at(-1)?.answer.resolve({ ...rest, traces: traces.map((trace) => ({ ...trace, spanCount: 7 })) });
    await settled();
    expect([ids().join(''), list.main.newer]).toEqual(['CBA@', 1]);
    expect(list.main.list[0].overview.spanCount).toBe(7);
  });

  it('is theirs to refresh, to search, and to have of another backend', async () => {
    await live('DCBA');
    void list.refresh();
    await shows('EDCBA');
    expect([ids().join(''), list.main.newer]).toEqual(['EDCBA', 0]);
    await live('FEDCBA');
    void list.setSearch({ service: 'x' });
    await shows('FA');
    expect([ids().join(''), list.main.newer]).toEqual(['FA', 0]);
    await live('GFA');
    active = 'Jaeger';
    activeChanged.fire('Jaeger');
    expect(list.main.newer).toBe(0);
    attention.left();
    expect(list.main.list).toEqual([]);
  });

  it('has nothing to hold still where nothing is listed', async () => {
    await live('');
    await live('A');
    expect([ids().join(''), list.main.newer]).toEqual(['A', 0]);
  });
});

describe('of several answers', () => {
  it('the one to the latest search is shown, whichever comes last', async () => {
    list.setVisible(true);
    await settled();
    void list.setSearch({ service: 'cart' });
    await settled();
    expect(asked[0]?.signal?.aborted).toBe(true);
    await answer('new');
    asked[0]?.answer.resolve(found('old'));
    await settled();
    expect(ids()).toEqual(['new']);
  });

  it('none of another backend is shown', async () => {
    list.setVisible(true);
    await settled();
    active = 'Jaeger';
    activeChanged.fire('Jaeger');
    await answer('jaeger');
    asked[0]?.answer.resolve({ ...found('local'), backend: 'local' });
    await settled();
    expect(ids()).toEqual(['jaeger']);
    expect(list.main.state).toBe('listed');
  });

  it('a failure of what was superseded is no failure', async () => {
    list.setVisible(true);
    await settled();
    void list.refresh();
    asked[0]?.answer.reject(new SpanhopError('Unreachable', 'gone'));
    await answer('1');
    expect([ids(), list.main.error]).toEqual([['1'], undefined]);
  });
});

describe('a list that a person stops', () => {
  it('stays as it was', async () => {
    list.setVisible(true);
    await answer('1');
    void list.refresh();
    await settled();
    list.cancel();
    await settled();
    expect([ids(), list.main.error, list.main.loading]).toEqual([['1'], undefined, false]);
  });

  it('says so where there is nothing yet', async () => {
    list.setVisible(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect([list.main.state, list.main.loading]).toEqual(['loading', true]);
    list.cancel();
    await settled();
    expect([list.main.state, list.main.loading]).toEqual(['stopped', false]);
  });
});

it('keeps its rows and says what is wrong when it cannot be had again', async () => {
  list.setVisible(true);
  await answer('1');
  void list.refresh();
  await settled();
  asked.at(-1)?.answer.reject(new SpanhopError('Unreachable', 'nothing listens there'));
  await settled();
  expect([ids(), list.main.error?.message]).toEqual([['1'], 'nothing listens there']);
});

describe('a backend that is away', () => {
  const away = (detail: string): SpanhopError => new SpanhopError('Unreachable', 'It is away.', detail);
  /** Listed once, and then not to be had. */
  async function lose(error: SpanhopError): Promise<void> {
    list.setVisible(true);
    await vi.advanceTimersByTimeAsync(0);
    asked[0].answer.resolve(found('a'));
    await vi.advanceTimersByTimeAsync(60_000);
    void list.refresh();
    await vi.advanceTimersByTimeAsync(0);
    asked[1].answer.reject(error);
    await vi.advanceTimersByTimeAsync(10_000);
  }

  it.each([['ECONNREFUSED'], ['ENETUNREACH'], ['EAI_AGAIN'], ['ENOTFOUND'], ['status 503']])(
    'is asked again when the person comes back to the window: %s',
    async (detail) => {
      await lose(away(detail));
      expect(list.main.list.map(({ traceId }) => traceId)).toEqual(['a']);
      expect(list.main.answeredAtMs).toBe(1_000_000);
      void list.cameBack();
      void list.cameBack();
      await vi.advanceTimersByTimeAsync(0);
      expect(asked).toHaveLength(3);
      asked[2].answer.resolve(found('b'));
      await vi.advanceTimersByTimeAsync(0);
      expect(list.main.error).toBeUndefined();
      expect(list.main.list.map(({ traceId }) => traceId)).toEqual(['b']);
    },
  );

  it.each([
    ['what somebody has to change', async () => lose(away('CERT_HAS_EXPIRED'))],
    ['what was asked a moment ago', async () => lose(away('ECONNREFUSED')).then(() => vi.setSystemTime(1_060_500))],
    ['a list that nobody sees', async () => lose(away('ECONNREFUSED')).then(() => list.setVisible(false))],
  ])('is not asked for %s', async (_, prepare) => {
    await prepare();
    void list.cameBack();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveLength(2);
  });
});

it('asks for another page, and remembers the search of the workspace', async () => {
  list.setVisible(true);
  await answer('1');
  void list.loadMore();
  await settled();
  expect(asked.map(({ limit }) => limit)).toEqual([5, 5]);
  void list.setSearch({ errorsOnly: true });
  await settled();
  expect(memento.get('traces.search')).toEqual({ errorsOnly: true });
  await expect(list.setSearch({ text: '{ nonsense' })).rejects.toMatchObject({ kind: 'BadQuery' });
  expect(list.search).toEqual({ errorsOnly: true });
});

it('lists several backends, each with its own pages and failures, and what comes by itself at the local one alone', async () => {
  active = 'Jaeger';
  beside.push('local', 'Other');
  besideChanged.fire();
  list.setVisible(true);
  await settled();
  expect(asked.map(({ backend }) => backend)).toEqual(['Jaeger', 'local', 'Other']);
  const [main, local, other] = asked;
  main?.answer.resolve({ ...found('1', '2'), cursor: 'next' });
  other?.answer.reject(new SpanhopError('Unreachable', 'nothing listens there'));
  local?.answer.resolve(found('3'));
  await settled();
  expect(list.main.list.map(({ traceId }) => traceId)).toEqual(['1', '2']);
  expect(list.others.map(({ backend, state }) => [backend, state])).toEqual([
    ['local', 'listed'],
    ['Other', 'problem'],
  ]);
  comes();
  await vi.advanceTimersByTimeAsync(300);
  expect(asked.slice(3).map(({ backend }) => backend)).toEqual(['local']);
  await answer('3', '4');
  void list.loadMore('Jaeger');
  await settled();
  expect(asked.at(-1)).toMatchObject({ backend: 'Jaeger', cursor: 'next' });
});

it('of a backend that tells of new traces, a folder, is asked for again when it does, and only while it is seen', async () => {
  active = 'Folder';
  backendsChanged.fire();
  expect([...watched.keys()]).toEqual([]);
  list.setVisible(true);
  await answer('1');
  expect([...watched.keys()]).toEqual(['Folder']);
  watched.get('Folder')?.();
  await vi.advanceTimersByTimeAsync(300);
  await answer('1', '2');
  expect(list.main.list.map(({ traceId }) => traceId)).toEqual(['1', '2']);
  expect(asked).toHaveLength(2);
  list.setVisible(false);
  expect([...watched.keys()]).toEqual([]);
});
