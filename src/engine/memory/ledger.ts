/**
 * One account of all memory that grows with data: spans, names and log records of captures, files and backends' answers; indices, tables and
 * source maps made of them; what is being read. One limit for all of it. What was over it leaves in this order:
 *
 * 1. what can be made again and was not used for a while;
 * 2. backends' answers that no view shows, oldest first: they can be asked for again;
 * 3. captured traces that no view shows, oldest first: they are in the captures' logs;
 * 4. what can be made again and was used just now;
 * 5. of what views show and of what still grows, the first spans of the largest trace; its roots and errors stay;
 * 6. whole traces that views show.
 *
 * Files stay while they are open: a new one gets what room there is (`hasRoom`), and says what it left out.
 */

import type { Slices } from '../../base/slices';
import type { MemoryState } from '../../protocol/memory';
import type { Datasets } from '../store/dataset';
import type { Account, DerivedAccount } from '../store/memoryAccount';
import { type MemoryLimit, type MemoryLimits, memoryStateOf } from '../store/memoryLimits';
import type { Leaving } from './leaving';

/** What was used since then is in use. */
const IDLE_MS = 30_000;
/** Of one turn. A request is answered after it. */
const TURN_MS = 6;
/** When nothing more can leave, nothing is tried again before so many bytes more are there. */
const STUCK_BYTES = 1 << 20;
/** This part of the limit stays free of files and answers, so that a capture goes on. */
const KEPT_FREE = 1 / 8;

export interface LedgerOptions {
  readonly datasets: Datasets;
  readonly leaving: Leaving;
  readonly limits: () => MemoryLimits;
  /** After traces left: what was made of them holds their batches. */
  readonly left: () => void;
}

export class Ledger {
  private readonly accounts = new Set<Account>();
  private readonly derived = new Set<DerivedAccount>();
  private going: NodeJS.Immediate | undefined;
  private stuckAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: LedgerOptions) {}

  /** Counts an owner's memory until the answer is called. */
  open(account: Account): () => void {
    this.accounts.add(account);
    return () => void this.accounts.delete(account);
  }

  /** Counts what can be made again, and lets go of it where memory is needed. */
  openDerived(account: DerivedAccount): void {
    this.derived.add(account);
  }

  /** All that is counted. */
  get bytes(): number {
    let bytes = this.options.datasets.bytes;
    for (const account of this.accounts) bytes += account.bytes;
    for (const account of this.derived) bytes += account.bytes;
    return bytes;
  }

  /** Every account by itself, largest first. */
  list(): { readonly name: string; readonly kind: Account['kind']; readonly bytes: number }[] {
    const all = [...this.options.datasets.accounts(), ...this.accounts, ...this.derived];
    return all.map(({ name, kind, bytes }) => ({ name, kind, bytes })).sort((a, b) => b.bytes - a.bytes);
  }

  /** What a person may be told. */
  get state(): MemoryState {
    const { datasets, limits } = this.options;
    return memoryStateOf(this.bytes, limits(), datasets.local?.store.left);
  }

  /** The limit that a trace of the dataset is under. */
  limitFor(kind: 'captures' | 'files' | 'answers'): MemoryLimit {
    const { all, captures } = this.options.limits();
    return kind === 'captures' ? captures : all;
  }

  /** Something grew. Lets go of what is over the limit: a little now, what takes longer in turns. */
  grew(): void {
    if (this.going) return;
    if (!this.isOver()) {
      this.stuckAt = Number.NEGATIVE_INFINITY;
      return;
    }
    if (this.bytes < this.stuckAt + STUCK_BYTES) return;
    if (this.letGo(performance.now() + TURN_MS)) {
      this.stuckAt = this.isOver() ? this.bytes : Number.NEGATIVE_INFINITY;
      return;
    }
    this.going = setImmediate(() => {
      this.going = undefined;
      this.grew();
    });
    this.going.unref();
  }

  /** The limit is another, or something else can leave than before. */
  look(): void {
    this.stuckAt = Number.NEGATIVE_INFINITY;
    this.grew();
  }

  /** Resolves when what was over the limit has left, however long that takes. */
  async settled(): Promise<void> {
    while (this.going) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Whether so many bytes more fit, after what can leave has left: 1 to 4 above. */
  async hasRoom(bytes: number, slices: Slices): Promise<boolean> {
    const limit = this.room;
    const over = (): boolean => this.bytes + bytes > limit;
    const { leaving } = this.options;
    if (!over()) return true;
    this.idle(IDLE_MS);
    for (const kind of ['answers', 'captures'] as const) {
      while (over()) {
        const before = this.bytes;
        const until = performance.now() + TURN_MS;
        let more = false;
        leaving.whole(kind, () => {
          more = performance.now() > until;
          return !more && over();
        });
        await slices.pause();
        if (!more && this.bytes >= before) break;
      }
    }
    if (over()) this.idle(0);
    this.options.left();
    return !over();
  }

  /** What files and answers may take together with all else. */
  get room(): number {
    return this.options.limits().all.bytes * (1 - KEPT_FREE);
  }

  private isOver(): boolean {
    return this.excess() > 0;
  }

  /** Bytes over one limit or the other. */
  private excess(): number {
    return Math.max(this.bytes - this.options.limits().all.bytes, this.excessOfCaptures());
  }

  private excessOfCaptures(): number {
    const { limits, datasets } = this.options;
    return (datasets.local?.memory ?? 0) - limits().captures.bytes;
  }

  /** Returns false when it was not done by `until` (`performance.now()`). */
  private letGo(until: number): boolean {
    const { leaving, left, limits } = this.options;
    const all = limits().all.bytes;
    const over = (): boolean => this.bytes > all;
    let late = false;
    const goOn = (isOver: () => boolean) => (): boolean => {
      late ||= performance.now() > until;
      return !late && isOver();
    };
    if (over()) this.idle(IDLE_MS);
    leaving.whole('answers', goOn(over));
    leaving.whole(
      'captures',
      goOn(() => over() || this.excessOfCaptures() > 0),
    );
    if (over() && !late) this.idle(0);
    this.letGoOfSpared(goOn);
    left();
    return !late;
  }

  private letGoOfSpared(goOn: (isOver: () => boolean) => () => boolean): void {
    const { leaving, limits } = this.options;
    const ownShare = goOn(() => this.excessOfCaptures() > 0);
    while (ownShare() && (leaving.part(['captures'], this.excessOfCaptures()) || leaving.spare(['captures'])));
    const over = (): number => this.bytes - limits().all.bytes;
    const isOver = goOn(() => over() > 0);
    const both = ['answers', 'captures'] as const;
    while (isOver() && (leaving.part(both, over()) || leaving.spare(both)));
  }

  /** Lets go of what was not used for so long. */
  private idle(forMs: number): void {
    const usedBefore = performance.now() - forMs;
    for (const account of this.derived) if (forMs > 0 || !account.staysInUse) account.letGo(usedBefore);
  }
}
