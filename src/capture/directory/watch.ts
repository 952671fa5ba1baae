/**
 * Whether locks are renewed, seen from outside. What counts is how often one was looked at and found the same, not what any clock says of it: those
 * of two machines differ, and jump; and while this machine sleeps, nobody looks.
 */

import { Lru } from '../../base/lru';

/** Between two looks that count. As long as a holder takes to renew its lock. */
const LOOK_MS = 30_000;
/** Looks in vain after which nobody renews it. A holder may have slept a while at the same time. */
const VAIN_LOOKS = 4;
const MAX_WATCHED = 1_000;

interface Watched {
  readonly beat: number;
  readonly lookedAt: number;
  readonly vain: number;
}

export class LockWatch {
  private readonly watched = new Lru<string, Watched>({ maxSize: MAX_WATCHED });

  /** @param now milliseconds of a clock that does not jump */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @param beat another one with each renewal */
  isRenewed(path: string, beat: number): boolean {
    const now = this.now();
    const last = this.watched.get(path);
    if (!last || last.beat !== beat) {
      this.watched.set(path, { beat, lookedAt: now, vain: 0 });
      return true;
    }
    if (now - last.lookedAt < LOOK_MS) return last.vain < VAIN_LOOKS;
    const vain = last.vain + 1;
    this.watched.set(path, { beat, lookedAt: now, vain });
    return vain < VAIN_LOOKS;
  }
}
