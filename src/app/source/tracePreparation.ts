/**
 * Resolves the other spans of a trace of which one was asked for. What a span says may lead to names that nobody could know before (a route to
 * its handler), each a search of the workspace: those of many spans that are resolved together go into one. One trace at a time, the latest.
 */

import type { Disposable } from '../../base/disposables';
import { Limit } from '../../base/limit';
import { Lru } from '../../base/lru';
import type { TraceKey } from '../../protocol/traces';
import type { EngineService } from '../engine/engineService';

/** Spans that say different things. */
const maxSpans = 80;
const together = 16;
const maxTraces = 200;

export interface TracePreparationOptions {
  readonly engine: Pick<EngineService, 'call'>;
  /** Makes the answer of a span, and keeps it. */
  readonly resolve: (trace: TraceKey, spanId: string) => Promise<unknown>;
}

export class TracePreparation implements Disposable {
  private readonly begun = new Lru<string, true>({ maxSize: maxTraces });
  private running = new AbortController();

  constructor(private readonly options: TracePreparationOptions) {}

  /** Resolves when all is done, or another trace was asked for. Never rejects. */
  async prepare(trace: TraceKey): Promise<void> {
    const label = `${trace.dataset} ${trace.traceId}`;
    if (this.begun.get(label)) return;
    this.begun.set(label, true);
    this.running.abort();
    this.running = new AbortController();
    const { signal } = this.running;
    try {
      const ids = await this.options.engine.call('sourceSample', { ...trace, limit: maxSpans }, { signal });
      const places = new Limit(together);
      await Promise.allSettled(ids.map((id) => places.run(() => this.options.resolve(trace, id), signal)));
    } catch {
      // Whoever asks for a span hears what is wrong.
    }
    // What was left undone for another trace may be done another time.
    if (signal.aborted) this.begun.delete(label);
  }

  /** Answers are made anew: files changed. */
  forget(): void {
    this.begun.clear();
  }

  dispose(): void {
    this.running.abort();
  }
}
