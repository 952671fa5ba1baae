/** What a list shows of each trace, worked out for those that are listed and kept until they change. */

import type { Slices } from '../../base/slices';
import { inSlices, type Steps } from '../../base/steps';
import { overviewing } from '../../core/analysis/overview';
import type { TraceSource } from '../../core/analysis/sources';
import type { SpanBatch } from '../../core/model/batch';
import { traceIdHex } from '../../core/model/ids';
import { SESSION_KEY } from '../../core/model/logRecord';
import type { TraceOverview } from '../../core/model/table';
import { readValue } from '../../core/model/values';
import { rebasing } from './sources';
import type { TraceStore } from './traceStore';

const MAX_KEPT = 50_000;
/** Bytes of one, with its entry in the map, its bigint and its list of services, about. */
const OVERVIEW_BYTES = 450;

export class Overviews {
  private kept = new Map<number, { readonly changedAt: number; readonly overview: TraceOverview }>();

  private usedAt = 0;

  constructor(private readonly store: TraceStore) {}

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
    return this.known(slot) ?? this.keep(slot, changedAt, await inSlices(makeOverview(this.store, slot), slices));
  }

  /** Where it was worked out since the trace last changed. */
  known(slot: number): TraceOverview | undefined {
    this.usedAt = performance.now();
    const known = this.kept.get(slot);
    return known && known.changedAt === this.store.changedAt[slot] ? known.overview : undefined;
  }

  private keep(slot: number, changedAt: number, overview: TraceOverview): TraceOverview {
    if (this.kept.size >= MAX_KEPT) this.kept = new Map();
    this.kept.set(slot, { changedAt, overview });
    return overview;
  }
}

function* makeOverview(store: TraceStore, slot: number): Steps<TraceOverview> {
  const traceId = traceIdHex(store.ids.words, slot);
  const missing = store.missingOf(slot);
  const sources = yield* rebasing(store.rowsOf(slot));
  const overview = yield* overviewing(traceId, sources, firstSession(sources));
  return missing === 0 ? overview : { ...overview, missingSpans: missing };
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

/** The id of the debug session that a resource names. */
export function sessionOf(batch: SpanBatch, index: number): string | undefined {
  const resource = batch.resources[index];
  const key = batch.strings.find(SESSION_KEY);
  if (!resource || key < 0) return undefined;
  for (let row = resource.attributeStart; row < resource.attributeEnd; row++) {
    if (batch.attributes.key[row] !== key) continue;
    const value = readValue(batch, row);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }
  return undefined;
}
