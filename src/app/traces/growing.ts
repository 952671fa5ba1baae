/**
 * Which traces of backends may have grown since they were fetched. Spans arrive late: those of a trace that ended shortly before it was fetched may have
 * been on their way then. One that had ended long before does not change any more, and is not fetched again.
 */

import { Lru } from '../../base/lru';
import type { TraceOverview } from '../../core/model/table';

/** Milliseconds after a trace's last span from which on no more are waited for. */
const settledMs = 5 * 60_000;

/** Milliseconds for which a trace that was just fetched is as good as new. */
const newMs = 5_000;

const maxKept = 10_000;

export class GrowingTraces {
  /** When those that may grow were fetched, in epoch milliseconds. */
  private readonly fetchedAtMs = new Lru<string, number>({ maxSize: maxKept });

  constructor(private readonly nowMs: () => number = Date.now) {}

  /** @param overviews of what was fetched; where there is none, nobody knows when it ended */
  fetched(backend: string, traceId: string, overviews: readonly TraceOverview[]): void {
    const now = this.nowMs();
    const ends = overviews
      .filter((each) => each.traceId === traceId)
      .map(({ startUnixNano, durationNs }) => Number(startUnixNano / 1_000_000n) + durationNs / 1e6);
    const label = labelOf(backend, traceId);
    if (ends.length > 0 && now - Math.max(...ends) > settledMs) this.fetchedAtMs.delete(label);
    else this.fetchedAtMs.set(label, now);
  }

  mayHaveGrown(backend: string, traceId: string): boolean {
    const at = this.fetchedAtMs.peek(labelOf(backend, traceId));
    return at !== undefined && this.nowMs() - at > newMs;
  }
}

function labelOf(backend: string, traceId: string): string {
  return JSON.stringify([backend, traceId]);
}
