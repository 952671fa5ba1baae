/** A view without an editor: a stage whose page answers when the test says so, and an engine whose trace grows when the test says so. */

import type { Stage } from '../../../../../src/app/views/stage';
import { TabTitles } from '../../../../../src/app/views/tabTitles';
import type { ViewContext } from '../../../../../src/app/views/viewContext';
import { ViewMemory } from '../../../../../src/app/views/viewMemory';
import { Emitter } from '../../../../../src/base/emitter';
import { SpanhopError, toErrorData } from '../../../../../src/base/errors';
import type { DatasetContent, DatasetSummary } from '../../../../../src/protocol/files';
import { pagePort } from '../../../../../src/protocol/pages';
import { joinedPort } from '../../../../../src/protocol/pieces';
import { Connection, type Handlers, type Port } from '../../../../../src/protocol/rpc';
import type { HostMethods, PaintedPicture, ViewEvents, ViewMethods } from '../../../../../src/protocol/view';

export const TRACE = 'a'.repeat(32);
export const OTHER = 'b'.repeat(32);

export type Page = Connection<HostMethods, ViewMethods, Record<never, never>, ViewEvents>;
type Shown = Parameters<Handlers<ViewMethods>['show']>[0];

/** The frame that all loads of a page live in. Messages arrive a microtask later, in their order. */
export class FakeStage implements Stage {
  private hostListener: ((message: unknown) => void) | undefined;
  private pageListener: ((message: unknown) => void) | undefined;
  readonly viewColumn = 1;
  visible = true;
  title = '';

  readonly port: Port = {
    post: (message) => this.later(() => this.pageListener?.(message), structuredClone(message)),
    listen: (listener) => {
      this.hostListener = listener;
      return () => {
        this.hostListener = undefined;
      };
    },
  };

  setTitle(title: string): void {
    this.title = title;
  }

  /** Loads the page; the load before hears nothing any more. */
  load(handlers: Partial<Handlers<ViewMethods>>): Page {
    const port: Port = {
      post: (message) => this.later(() => this.hostListener?.(message), structuredClone(message)),
      listen: (listener) => {
        this.pageListener = listener;
        return () => {};
      },
    };
    const id = `load ${Math.random()}`;
    const page: Page = new Connection<HostMethods, ViewMethods, Record<never, never>, ViewEvents>(
      joinedPort(pagePort(port, id)),
      {
        show: painted,
        showList: ({ list }) => ({ rows: list.traces.length }),
        showProblem: () => {},
        showProgress: () => {},
        select: () => true,
        sourcesChanged: () => {},
        markSpans: () => {},
        showPaused: () => {},
        command: () => {},
        ...handlers,
      },
    );
    page.call('ready', {}).catch(() => {});
    return page;
  }

  private async later(deliver: () => void, _message: unknown): Promise<void> {
    await Promise.resolve();
    deliver();
  }
}

/** What a page says that shows what it was given. */
export const painted = ({ snapshot: { revision } }: Shown): PaintedPicture => ({
  rows: 1,
  revision,
  hasIds: true,
  unpackMs: 0,
  layoutMs: 0,
  paintMs: 0,
  hasSelected: false,
});

export function deferred<T>(): { readonly promise: Promise<T>; resolve(value: T): void; reject(error: unknown): void } {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

async function noFile(): Promise<never> {
  throw new SpanhopError('NotFound', 'No files here.');
}

/** What the engine is asked, and the revision of its traces. */
export class FakeWorld {
  readonly changed = new Emitter<{ dataset: string; traceIds: readonly string[] }>();
  readonly asked: string[] = [];
  revision = 1;
  /** Answers of `openTrace` wait for it. */
  opening: Promise<void> = Promise.resolve();
  /** Where traces are found; waits as long as the test wants. */
  locating: (traceId: string) => Promise<void> = async () => {};
  /** The file that views may be about. */
  file: { open(): Promise<DatasetSummary>; content(): Promise<DatasetContent> } = { open: noFile, content: noFile };
  readonly problems: unknown[] = [];
  readonly memory: ViewMemory;
  readonly context: ViewContext;

  constructor() {
    const memento = () => {
      const values = new Map<string, unknown>();
      return {
        get: (key: string) => values.get(key),
        update: async (key: string, value: unknown) => void values.set(key, value),
      };
    };
    this.memory = new ViewMemory(memento(), memento());
    const never = new Emitter<never>().event;
    const answer = (method: string, params: { traceId: string; revision?: number }) => this.answer(method, params);
    this.context = {
      engine: {
        started: true,
        onDidRestart: never,
        call: async (method: string, params: never) => (await answer(method, params)) as never,
      },
      traces: {
        locate: async (traceId) => {
          await this.locating(traceId);
          return { dataset: 'local', traceId };
        },
        ask: async () => undefined,
        onDidChange: this.changed.event,
      },
      files: {
        open: () => this.file.open(),
        content: () => this.file.content(),
        hold: () => ({ dispose: () => {} }),
        onDidReload: never,
      },
      source: {
        onDidChangeTargets: never,
        target: async ({ spanId }) => ({ label: spanId, reason: '', rung: '', confidence: 1, candidates: 1 }),
        logTarget: async () => undefined,
        stack: async () => ({ exceptions: [] }),
      },
      opener: {
        openSpan: async ({ spanId }) => void this.asked.push(`open source of ${spanId}`),
        openFrame: async () => {},
        openLog: async () => {},
        explain: async ({ spanId }) => void this.asked.push(`explain ${spanId}`),
      },
      actions: {
        copy: async () => {},
        ask: async () => undefined,
        openText: async () => {},
        search: () => {},
        openExternal: async () => {},
      },
      problems: {
        page: (title, error) => ({ problem: { title, message: toErrorData(error).message, actions: [] }, steps: [] }),
        record: (error) => {
          this.problems.push(error);
          return toErrorData(error);
        },
        guard: async (work) => work(),
        show: async () => {},
      },
      log: { debug: () => {}, error: () => {} },
      memory: this.memory,
      titles: new TabTitles(),
      openTrace: async () => {},
    };
  }

  /** More spans came. */
  grow(traceIds: readonly string[] = [TRACE]): void {
    this.revision++;
    this.changed.fire({ dataset: 'local', traceIds });
  }

  private async answer(method: string, params: { traceId: string; revision?: number }): Promise<unknown> {
    this.asked.push(method);
    if (method === 'traceRevision') return this.revision;
    if (method === 'spanDetails') return { revision: this.revision, row: 0, spanId: '1'.padStart(16, '0') };
    if (method === 'spanIds') return { revision: this.revision, words: new ArrayBuffer(0) };
    if (method === 'eventTimes') return { revision: this.revision, row: [], atNs: [] };
    if (method === 'findSpans') return { revision: this.revision, rows: new Uint32Array(0) };
    if (method === 'openTrace') {
      await this.opening;
      return snapshotOf(params.traceId, this.revision);
    }
    throw new Error(`Nobody expected ${method}.`);
  }
}

function snapshotOf(traceId: string, revision: number) {
  return { revision, dataset: 'local', traceId, rootName: `root of ${traceId.slice(0, 4)}`, count: 1 };
}

export type { Shown };
