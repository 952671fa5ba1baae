/** The source lookup over a workspace in memory and the real engine, with a clock that the test moves. */

import { vi } from 'vitest';
import { EngineService } from '../../../../src/app/engine/engineService';
import { pathGit } from '../../../../src/app/source/git/pathGit';
import { SourceService } from '../../../../src/app/source/sourceService';
import type { SpanRef } from '../../../../src/app/source/spanAnswers';
import { requestBytes, type SpanSpec } from '../../../support/otlp';
import { MemoryWorkspace } from './memoryWorkspace';
import { RealEngine } from './realEngine';

const quiet = { dispose: () => {} };

export class SourceLookup {
  readonly workspace: MemoryWorkspace;
  readonly link = new RealEngine();
  readonly engine = new EngineService(this.link, '/captures', () => ({
    redactKeys: [],
    redactPatterns: [],
    captureLogBytes: 1,
  }));
  readonly source: SourceService;
  readonly problems: unknown[] = [];
  /** How often listeners were told that targets changed. */
  told = 0;

  constructor(files: Readonly<Record<string, string>>) {
    this.workspace = new MemoryWorkspace(files);
    this.source = new SourceService({
      workspace: this.workspace,
      engine: this.engine,
      settings: {
        pathMappings: () => ({}),
        versionAttributes: [],
        searchWorkspace: true,
        inferMappings: false,
        onDidChangeOf: () => quiet,
      },
      problems: { record: (error) => ({ kind: 'BadData', message: String(this.problems.push(error)) }) },
      memento: { get: () => undefined, update: async () => {} },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, show: () => {} },
      git: pathGit,
    });
    this.source.onDidChangeTargets(() => this.told++);
  }

  /** Reads a file of traces, again where it was read before. */
  async open(spans: readonly SpanSpec[]): Promise<void> {
    await settled(this.engine.call('openFile', { dataset: 'file:a', name: 'a.otlp.json', bytes: requestBytes(spans) }));
  }

  /** Best places of a span, `src/cart.ts:3` with lines from 1. */
  async places(spanId: string): Promise<readonly string[]> {
    const { result } = await settled(this.source.resolve(this.ref(spanId)));
    return result.candidates.map(
      ({ file, line, lineUnknown }) => `${file.slice('memory:///work/'.length)}:${lineUnknown ? '?' : line + 1}`,
    );
  }

  /** URIs that were read to find the places of a span, and whether all of the source was searched. */
  async readFor(spanId: string): Promise<readonly string[]> {
    this.workspace.read.splice(0);
    await this.places(spanId);
    return this.workspace.read.splice(0);
  }

  ref(spanId: string): SpanRef {
    return { dataset: 'file:a', traceId: '1'.padStart(32, '0'), spanId: spanId.padStart(16, '0') };
  }

  /** Everything that waits for the clock has its turn. */
  async rest(ms = 1000): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }

  dispose(): void {
    this.source.dispose();
  }
}

/** What a promise comes to while the clock goes on as far as it takes. */
export async function settled<T>(work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = (): void => {
    isDone = true;
  };
  work.then(end, end);
  while (!isDone) await vi.advanceTimersByTimeAsync(5);
  return work;
}
