/**
 * How often a connection may say something that is no request, and that has to be answered all the same: PING and SETTINGS of HTTP/2. A client that
 * keeps its connection alive sends one every ten seconds at most, one that measures its speed one with each piece that it gets.
 */

/** At one time. */
const BURST = 1_000;
/** Milliseconds in which one more is granted. */
const ONE_EVERY_MS = 10;

export class FloodGate {
  private left = BURST;
  private at: number;

  /** @param now milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.at = now();
  }

  /** Counts one. Whether that is still as often as it may be. */
  passes(): boolean {
    const now = this.now();
    this.left = Math.min(BURST, this.left + (now - this.at) / ONE_EVERY_MS) - 1;
    this.at = now;
    return this.left >= 0;
  }
}
