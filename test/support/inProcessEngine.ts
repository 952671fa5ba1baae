/** The engine without its worker, for tests of what it answers; and a small shop's traces. */
import { SpanhopError } from '../../src/base/errors';
import { Slices } from '../../src/base/slices';
import { createEngine } from '../../src/engine/engine';
import type { EngineEvents, EngineMethods } from '../../src/protocol/engine';
import type { DatasetContent } from '../../src/protocol/files';
import { type PackedMethods, unpacked } from '../../src/protocol/packedAnswers';
import { Connection, type Params, type Port, type Progress, type Result } from '../../src/protocol/rpc';
import { requestBytes, type SpanSpec } from './otlp';

export interface EngineEvent {
  readonly name: keyof EngineEvents;
  readonly event: EngineEvents[keyof EngineEvents];
}

/** Both sides of a connection without a thread between them: what one posts, the other has at once. */
function ports(): [Port, Port] {
  const listeners: ((message: unknown) => void)[][] = [[], []];
  const port = (own: number): Port => ({
    post(message) {
      for (const listener of listeners[1 - own]) listener(message);
    },
    listen(listener) {
      listeners[own].push(listener);
      return () => {};
    },
  });
  return [port(0), port(1)];
}

export class InProcessEngine {
  /** Of all calls. */
  readonly progress: Progress[] = [];
  readonly events: EngineEvent[] = [];
  private readonly connection: Connection<EngineMethods, Record<never, never>>;

  constructor() {
    const [here, there] = ports();
    const engine = createEngine((name, event) => this.events.push({ name, event }));
    new Connection<Record<never, never>, PackedMethods>(there, engine);
    this.connection = new Connection(here, {});
  }

  /** One whose captures are in this folder. */
  static async withCaptures(directory: string): Promise<InProcessEngine> {
    const engine = new InProcessEngine();
    await engine.call('configure', { redactKeys: [], redactPatterns: [], memoryBytes: 256 << 20, captureLogBytes: 1 << 30 });
    await engine.call('openCaptures', { directory });
    return engine;
  }

  async call<K extends keyof EngineMethods>(
    method: K,
    params: Params<EngineMethods, K>,
    signal?: AbortSignal,
  ): Promise<Result<EngineMethods, K>> {
    const onProgress = (value: Progress): void => void this.progress.push(value);
    const answer = await this.connection.call(method, params, { signal, timeoutMs: 0, onProgress });
    return unpacked(answer, new Slices(signal));
  }

  open(spans: readonly SpanSpec[], dataset = 'file:a'): Promise<DatasetContent> {
    return this.openAndList({ dataset, name: 'a.otlp.json', bytes: requestBytes(spans) });
  }

  async openAndList(file: Params<EngineMethods, 'openFile'>): Promise<DatasetContent> {
    const { dataset } = await this.call('openFile', file);
    return this.call('listFile', { dataset });
  }
}

/** Kind and message of a failure. */
export function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof SpanhopError ? `${error.kind}: ${error.message}` : String(error)),
  );
}

/** Three traces: one with an error and two services, one with a secret, one whose root is missing. */
export const shop: readonly SpanSpec[] = [
  {
    traceId: 'a1',
    spanId: '1',
    name: 'GET /cart',
    service: 'web',
    durationMs: 50,
    resource: { 'vscode.debug.session.id': 's1' },
  },
  {
    traceId: 'a1',
    spanId: '2',
    parent: '1',
    name: 'SELECT',
    service: 'db',
    startMs: 5,
    durationMs: 10,
    attributes: { 'db.rows': 3 },
  },
  { traceId: 'a1', spanId: '3', parent: '1', name: 'SELECT', service: 'db', startMs: 20, durationMs: 5, error: true },
  {
    traceId: 'b2',
    spanId: '4',
    name: 'GET /login',
    service: 'web',
    startMs: 1000,
    durationMs: 2,
    attributes: { password: 'hunter2' },
  },
  { traceId: 'c3', spanId: '5', parent: '99', name: 'lost', service: 'queue', startMs: 2000, durationMs: 300 },
];
