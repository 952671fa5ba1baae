/** What a view shows of a file: its only trace, the list of its traces, or what it holds in their place. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { URI } from 'vscode-uri';
import { ViewSession } from '../../../../src/app/views/viewSession';
import { deferred, FakeStage, FakeWorld, painted, type Shown, TRACE } from './support/fakeView';

const summary = { dataset: 'file:///a.json', format: 'otlp-json' as const, spanCount: 3, defects: [] };

let world: FakeWorld;
let stage: FakeStage;
let session: ViewSession;
let shows: Shown[];

beforeEach(() => {
  vi.useFakeTimers();
  world = new FakeWorld();
  stage = new FakeStage();
  shows = [];
});
afterEach(() => {
  session.dispose();
  vi.useRealTimers();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

/** Shows the file, on a page that is there. */
function show(path: string): void {
  session = new ViewSession({ type: 'file', uri: URI.file(path) }, stage, world.context);
}

async function load(): Promise<void> {
  stage.load({
    show: async (params) => {
      shows.push(params);
      return painted(params);
    },
  });
  await settle();
}

describe('a file', () => {
  it('of one trace is on its way to the screen without a list of its traces', async () => {
    let lists = 0;
    world.file = {
      open: async () => ({ ...summary, onlyTraceId: TRACE }),
      content: async () => {
        lists++;
        return { ...summary, traces: [] };
      },
    };
    const opening = deferred<void>();
    world.opening = opening.promise;
    show('/a.json');
    let drawn = 0;
    session.onDidDraw(() => drawn++);
    await load();
    expect([drawn, shows.length]).toEqual([0, 0]);
    opening.resolve();
    await settle();
    expect([drawn, shows.length, lists]).toEqual([1, 1, 0]);
  });

  it('of several is a list, by its name', async () => {
    world.file = { open: async () => summary, content: async () => ({ ...summary, traces: [] }) };
    show('/folder/a.json');
    await load();
    expect(session.content).toMatchObject({ type: 'list', list: { title: 'a.json', spanCount: 3 } });
  });

  it.each([
    ['jaeger', 'It is what Jaeger answers when a search finds none. Search again over a wider time range'],
    ['zipkin', 'Search again over a wider time range'],
    ['tempo', "It is an answer of Tempo's without a span."],
    ['otlp-json', 'It is OTLP without a span.'],
  ] as const)('without a trace is a sentence, and no failure: %s', async (format, message) => {
    world.file = {
      open: async () => ({ ...summary, format, spanCount: 0 }),
      content: async () => ({ ...summary, format, spanCount: 0, traces: [] }),
    };
    show('/folder/a.json');
    const shown = session.whenPainted();
    await load();
    await shown;
    expect(session.content).toMatchObject({
      type: 'problem',
      problem: { title: 'a.json holds no traces', message: expect.stringContaining(message), isNote: true },
    });
    expect(session.content).not.toHaveProperty('kind');
  });

  it('of log records says what it holds', async () => {
    const defects = [{ kind: 'unreadable' as const, count: 2, message: 'a.json holds 2 log records, no spans.' }];
    world.file = {
      open: async () => ({ ...summary, spanCount: 0, defects }),
      content: async () => ({ ...summary, spanCount: 0, traces: [], defects }),
    };
    show('/folder/a.json');
    await load();
    expect(session.content).toMatchObject({ problem: { message: 'a.json holds 2 log records, no spans.', isNote: true } });
  });
});
