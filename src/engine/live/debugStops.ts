/**
 * When debuggers held programs: what the host tells of this window's sessions, and what was kept with captures that were read. Bounded: the oldest
 * go first.
 */

import type { DebugStop } from '../../protocol/debug';

const MAX_STOPS = 10_000;

export class DebugStops {
  private all: readonly DebugStop[] = [];
  /** Read from disk; what the host tells takes their place. */
  private readonly kept = new Map<string, DebugStop>();

  get isEmpty(): boolean {
    return this.all.length === 0 && this.kept.size === 0;
  }

  /** All that the host knows now. */
  update(stops: readonly DebugStop[]): void {
    for (const stop of this.all) if (stop.endMs !== undefined) this.keep([stop]);
    this.all = stops.slice(-MAX_STOPS);
  }

  /** What was kept with a capture. One without an end ended with its program. */
  keep(stops: readonly DebugStop[]): void {
    for (const stop of stops) this.kept.set(keyOf(stop), stop);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MAX_STOPS) break;
      this.kept.delete(oldest);
    }
  }

  /** Of the programs that `wants` means, those that lie at least in part between two moments (epoch milliseconds), by start. */
  between(fromMs: number, toMs: number, wants: (stop: DebugStop) => boolean): DebugStop[] {
    const found = new Map<string, DebugStop>();
    const look = (stop: DebugStop): void => {
      const { startMs, endMs = Number.POSITIVE_INFINITY } = stop;
      if (endMs > fromMs && startMs < toMs && wants(stop)) found.set(keyOf(stop), stop);
    };
    for (const stop of this.kept.values()) look(stop);
    for (const stop of this.all) look(stop);
    return [...found.values()].sort((a, b) => a.startMs - b.startMs);
  }
}

function keyOf({ session, pid, startMs }: DebugStop): string {
  return JSON.stringify([session, pid, startMs]);
}
