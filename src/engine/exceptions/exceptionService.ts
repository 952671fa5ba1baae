/**
 * The exceptions of all datasets, for Problems. Brought up to date when somebody asks and something changed: batches that are new are read,
 * those that left memory are taken out, and all others are not looked at.
 */

import type { Slices } from '../../base/slices';
import { spanIdHex } from '../../core/model/ids';
import type { EngineMethods } from '../../protocol/engine';
import type { ExceptionSource, ExceptionSummary, Exceptions } from '../../protocol/exceptions';
import type { Params } from '../../protocol/rpc';
import { isSampleDataset } from '../../protocol/sample';
import { redactedException } from '../redact/redactedExceptions';
import type { Redactor } from '../redact/redactor';
import { spanDataOf } from '../redact/spanData';
import type { Datasets } from '../store/dataset';
import type { DerivedAccount } from '../store/memoryAccount';
import { isHere } from '../store/present';
import type { StoredBatch } from '../store/storedBatch';
import type { TraceStore } from '../store/traceStore';
import { type ExceptionGroup, ExceptionIndex, type ExceptionRecord, type RecordSource } from './exceptionIndex';
import type { ExceptionReader } from './exceptionReader';

/** Distinct exceptions that are told of. More than that is not a list that a person reads. */
const maxListed = 500;
const maxRuns = 20;
const maxServices = 5;
/** UTF-16 units of a message that are shown, and of a stack that are handed on. */
const maxMessage = 2000;
const maxStack = 65_536;

interface Tracked {
  /** Undefined where the batch has no exceptions. */
  readonly source: RecordSource | undefined;
  readonly store: TraceStore;
  live: number;
  seen: number;
}

interface Listed {
  readonly changedAt: number;
  readonly last: ExceptionRecord;
  readonly summary: Omit<ExceptionSummary, 'type' | 'message'>;
}

export class ExceptionService implements DerivedAccount {
  readonly name = 'index of exceptions';
  readonly kind = 'derived';
  private readonly index = new ExceptionIndex();
  /** Batches are not kept alive by being known. */
  private readonly tracked = new WeakMap<StoredBatch, Tracked>();
  private readonly withExceptions = new Set<Tracked>();
  private listed = new Map<ExceptionGroup, Listed>();
  /** Unlike that of an engine that was there before. */
  private readonly generation = Date.now();
  private revision = -1;
  private updates = 0;
  private turn: Promise<unknown> = Promise.resolve();
  private leftOut = 0;

  constructor(
    private readonly datasets: Datasets,
    private readonly reader: ExceptionReader,
    private readonly redactor: () => Redactor,
    private readonly warn: (message: string) => void,
  ) {}

  get bytes(): number {
    return this.index.bytes;
  }

  /** It is asked for with every change; records leave with their spans. */
  letGo(): void {}

  async exceptions({ known }: Params<EngineMethods, 'exceptions'>, slices: Slices): Promise<Exceptions> {
    // One at a time; who comes later finds the work done.
    const update = this.turn.then(() => this.update(slices));
    this.turn = update.catch(() => {});
    await update;
    const { generation, index } = this;
    const all = this.newest();
    const since = known?.generation === generation ? known.revision : -1;
    return {
      generation,
      revision: index.revision,
      ids: all.map(({ id }) => id),
      changed: all.flatMap((group) => (group.changedAt > since ? this.summaryOf(group) : [])),
    };
  }

  exceptionSources({ generation, ids }: Params<EngineMethods, 'exceptionSources'>): ExceptionSource[] {
    if (generation !== this.generation) return [];
    const wanted = new Set(ids);
    return [...this.listed].flatMap(([{ id }, { last }]) => (wanted.has(id) ? (this.sourceOf(id, last) ?? []) : []));
  }

  private async update(slices: Slices): Promise<void> {
    const revision = this.datasets.latestRevision;
    if (revision !== this.revision) {
      for (const { name, store } of this.datasets.values()) {
        // Problems are those of the person's programs.
        if (isSampleDataset(name)) continue;
        for (const stored of [...store.batches()]) {
          if (slices.due) await slices.pause();
          if (!this.tracked.has(stored)) await this.read(name, store, stored, slices);
        }
      }
      this.takeOut();
    }
    await this.index.countChanged(slices);
    this.revision = revision;
  }

  /** Takes in a batch, if it is still here when that is done. */
  private async read(dataset: string, store: TraceStore, stored: StoredBatch, slices: Slices): Promise<void> {
    const found = await this.reader.read(stored.batch, slices);
    if (!store.has(stored)) return;
    const source = found.length > 0 ? this.index.add(dataset, stored.batch, found) : undefined;
    // As if all of its spans were here: those that are not are taken out with the next look.
    const tracked: Tracked = { source, store, live: stored.batch.count, seen: 0 };
    this.tracked.set(stored, tracked);
    if (source) this.withExceptions.add(tracked);
  }

  /** Takes out what left memory; without a pause, so that a caller who gives up leaves nothing half done. */
  private takeOut(): void {
    const update = ++this.updates;
    for (const { store } of this.datasets.values()) {
      for (const stored of store.batches()) {
        const tracked = this.tracked.get(stored);
        if (!tracked) continue;
        if (tracked.source && tracked.live !== stored.live) this.index.remove(tracked.source, isHere(store, stored));
        tracked.live = stored.live;
        tracked.seen = update;
      }
    }
    for (const tracked of this.withExceptions) {
      if (tracked.seen === update || !tracked.source) continue;
      this.index.remove(tracked.source);
      this.withExceptions.delete(tracked);
    }
  }

  /** The groups that are told of, the one that happened last first. */
  private newest(): ExceptionGroup[] {
    const listed = new Map<ExceptionGroup, Listed>();
    for (const group of this.index.groups.values()) {
      const known = this.listed.get(group);
      const now = known?.changedAt === group.changedAt ? known : sumUp(group);
      if (now) listed.set(group, now);
    }
    const lastMs = (group: ExceptionGroup): number => listed.get(group)?.summary.lastMs ?? 0;
    const all = [...listed.keys()].sort((a, b) => lastMs(b) - lastMs(a) || b.id - a.id);
    const leftOut = Math.max(0, all.length - maxListed);
    if (leftOut > 0 && this.leftOut === 0) {
      this.warn(
        `The traces at hand hold ${all.length} distinct exceptions. Problems lists the ${maxListed} that happened last; ${leftOut} are left out.`,
      );
    }
    this.leftOut = leftOut;
    // One that is told of for the first time, because others left, is new to the caller.
    for (const group of all.slice(0, maxListed)) if (!this.listed.has(group)) group.changedAt = this.index.revision;
    for (const group of all.slice(maxListed)) listed.delete(group);
    for (const [group, now] of listed)
      if (now.changedAt !== group.changedAt) listed.set(group, { ...now, changedAt: group.changedAt });
    this.listed = listed;
    return all.slice(0, maxListed);
  }

  private summaryOf(group: ExceptionGroup): ExceptionSummary[] {
    const listed = this.listed.get(group);
    const texts = listed && this.textsOf(listed.last);
    if (!texts) return [];
    const rules = this.redactor();
    const services = listed.summary.services.map((name) => rules.repeated(name));
    return [{ ...listed.summary, services, type: texts.type, message: texts.message }];
  }

  private sourceOf(id: number, { source, row, event }: ExceptionRecord): ExceptionSource | undefined {
    const batch = source.batch.deref();
    const redacted = this.textsOf({ source, row, event });
    if (!batch || !redacted) return undefined;
    const rules = this.redactor();
    const span = spanDataOf(batch, row, [], rules, true);
    const { stack } = this.reader.texts(batch, row, event);
    return {
      id,
      // Other exceptions of the span are not this one's business.
      span: { ...span, events: [] },
      stack: stack === '' ? undefined : stack.slice(0, maxStack),
      redacted,
    };
  }

  private textsOf({
    source,
    row,
    event,
  }: Pick<ExceptionRecord, 'source' | 'row' | 'event'>): ExceptionSource['redacted'] | undefined {
    const batch = source.batch.deref();
    if (!batch) return undefined;
    return redactedException(this.reader.texts(batch, row, event), this.redactor(), { message: maxMessage, stack: maxStack });
  }
}

function sumUp(group: ExceptionGroup): Listed | undefined {
  let last: ExceptionRecord | undefined;
  let firstMs = Number.POSITIVE_INFINITY;
  let latest: ExceptionRecord[] = [];
  let earliest = Number.NEGATIVE_INFINITY;
  const services = new Set<string>();
  for (const record of group.occurrences) {
    firstMs = Math.min(firstMs, record.timeMs);
    if (!last || record.timeMs > last.timeMs) last = record;
    if (services.size < maxServices) services.add(serviceOf(record));
    if (record.timeMs <= earliest) continue;
    latest.push(record);
    if (latest.length < maxRuns * 8) continue;
    latest = oneOfEachTrace(latest);
    if (latest.length === maxRuns) earliest = latest[maxRuns - 1].timeMs;
  }
  if (!last) return undefined;
  const runs = oneOfEachTrace(latest).flatMap(({ source, row, timeMs, trace }) => {
    const batch = source.batch.deref();
    return batch ? { dataset: source.dataset, traceId: trace.id, spanId: spanIdHex(batch.spanId, row), timeMs } : [];
  });
  const { id, kind, occurrences, changedAt } = group;
  services.delete('');
  return {
    changedAt,
    last,
    summary: { id, kind, count: occurrences.size, firstMs, lastMs: last.timeMs, services: [...services], runs },
  };
}

function oneOfEachTrace(records: readonly ExceptionRecord[]): ExceptionRecord[] {
  const seen = new Set<string>();
  return [...records]
    .sort((a, b) => b.timeMs - a.timeMs)
    .filter(({ trace }) => !seen.has(trace.id) && seen.add(trace.id))
    .slice(0, maxRuns);
}

function serviceOf({ source, row }: ExceptionRecord): string {
  const batch = source.batch.deref();
  const resource = batch?.resources[batch.resource[row]];
  return batch && resource ? batch.strings.get(resource.service) : '';
}
