/** What a list shows of each trace, worked out for those that are listed and kept until they change. */

import type { Slices } from '../../base/slices';
import { inSlices, type Steps } from '../../base/steps';
import { isUnended, overviewing } from '../../core/analysis/overview';
import type { TraceSource } from '../../core/analysis/sources';
import type { SpanBatch } from '../../core/model/batch';
import { traceIdHex } from '../../core/model/ids';
import type { TraceOverview } from '../../core/model/table';
import { sessionOf } from './sessionOf';
import { rebasing } from './sources';
import type { TraceStore } from './traceStore';

type Runs = (batch: SpanBatch, resource: number) => boolean;

const MAX_KEPT = 50_000;
/** Bytes of one, with its entry in the map, its bigint and its list of services, about. */
const OVERVIEW_BYTES = 450;

export class Overviews {
  private kept = new Map<number, { readonly changedAt: number; readonly overview: TraceOverview }>();

  private usedAt = 0;

  /** @param runs whether the program of a resource runs and may end its spans */
  constructor(
    private readonly store: TraceStore,
    private readonly runs: Runs,
  ) {}

  /** About. */
  get bytes(): number {
    return this.kept.size * OVERVIEW_BYTES;
  }

  letGo(usedBefore: number): void {
    if (this.usedAt < usedBefore && this.kept.size > 0) this.kept = new Map();
  }

  /** The overview of the trace in `slot` as it is now, in turns with others for a large one. Its root is the earliest span without a parent. */
  async of(slot: number, slices: Slices): Promise<TraceOverview> {
    const changedAt = this.store.changedAt[slot];
    return this.known(slot) ?? this.keep(slot, changedAt, await inSlices(makeOverview(this.store, slot, this.runs), slices));
  }

  /** Where it was worked out since the trace last changed. */
  known(slot: number): TraceOverview | undefined {
    this.usedAt = performance.now();
    const known = this.kept.get(slot);
    return known && known.changedAt === this.store.changedAt[slot] ? known.overview : undefined;
  }

  /** Slots of traces that were told to run. */
  *running(): IterableIterator<number> {
    for (const [slot, { overview }] of this.kept) if (overview.running) yield slot;
  }

  private keep(slot: number, changedAt: number, overview: TraceOverview): TraceOverview {
    if (this.kept.size >= MAX_KEPT) this.kept = new Map();
    this.kept.set(slot, { changedAt, overview });
    return overview;
  }
}

function* makeOverview(store: TraceStore, slot: number, runs: Runs): Steps<TraceOverview> {
  const traceId = traceIdHex(store.ids.words, slot);
  const missing = store.missingOf(slot);
  const sources = yield* rebasing(store.rowsOf(slot));
  const { running = 0, ...rest } = yield* overviewing(traceId, sources, firstSession(sources));
  // One that never will end does not run.
  const overview = running > 0 && sources.some((source) => hasRunning(source, runs)) ? { ...rest, running } : rest;
  return missing === 0 ? overview : { ...overview, missingSpans: missing };
}

function hasRunning({ batch, rows }: TraceSource, runs: Runs): boolean {
  for (let i = 0; i < rows.length; i++) if (isUnended(batch, rows[i]) && runs(batch, batch.resource[rows[i]])) return true;
  return false;
}

function firstSession(sources: readonly TraceSource[]): string | undefined {
  for (const { batch, rows } of sources) {
    let seen = -1;
    for (let i = 0; i < rows.length; i++) {
      if (batch.resource[rows[i]] === seen) continue;
      seen = batch.resource[rows[i]];
      const session = sessionOf(batch, seen);
      if (session !== undefined) return session;
    }
  }
  return undefined;
}
