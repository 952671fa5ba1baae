/** Where the selection has been, for Alt+← and Alt+→. Spans are noted by their ids, so that a trace may grow meanwhile. */

export interface Visited {
  readonly spanId: string;
  /** The row of a closed group, whose first span it is. */
  readonly isGroup: boolean;
}

const MOST = 200;

export class SelectionHistory {
  private back: Visited[] = [];
  private forward: Visited[] = [];

  /** The selection leaves this for somewhere else. */
  note(from: Visited): void {
    const last = this.back.at(-1);
    if (last?.spanId === from.spanId && last.isGroup === from.isGroup) return;
    this.back.push(from);
    if (this.back.length > MOST) this.back.shift();
    this.forward = [];
  }

  /**
   * Goes one step: calls `go` with what was visited, until it takes one. What it does not (the span is gone) is skipped and forgotten.
   * @param now where the selection is, to come back to
   */
  step(direction: -1 | 1, now: Visited | undefined, go: (to: Visited) => boolean): void {
    const [from, to] = direction < 0 ? [this.back, this.forward] : [this.forward, this.back];
    for (let next = from.pop(); next !== undefined; next = from.pop()) {
      if (!go(next)) continue;
      if (now) to.push(now);
      return;
    }
  }

  forget(): void {
    this.back = [];
    this.forward = [];
  }
}
