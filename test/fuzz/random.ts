/** Random numbers that come out the same for the same seed, everywhere. */

export class Random {
  private state = 0;

  /** @param seed a whole number from 0 to 2^53 */
  seed(seed: number): void {
    this.state = Math.imul((seed % 4294967296) | 0, 0x9e3779b1) ^ Math.imul(Math.floor(seed / 4294967296) + 1, 0x85ebca6b);
    this.next();
  }

  /** mulberry32, by T. Ettinger (public domain). */
  private next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A whole number from 0 up to, but not, `end`. */
  below(end: number): number {
    return end <= 0 ? 0 : this.next() % end;
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.next() % times === 0;
  }

  of<T>(all: readonly T[]): T {
    return all[this.below(all.length)];
  }
}
