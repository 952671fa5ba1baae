/** Traces that left memory lately, so that one whose last spans come after that can say that its first ones are missing. */

import { IdIndex } from './idIndex';

const MAX_REMEMBERED = 65_536;

export class EvictedTraces {
  private readonly ids = new IdIndex();
  private spans = new Uint32Array(MAX_REMEMBERED * 2);
  /** Slots in order of leaving: a ring. */
  private readonly ring = new Uint32Array(MAX_REMEMBERED);
  private next = 0;
  private full = false;

  /** The trace with the id at `ids[at, at + 4)` left with so many spans. */
  note(ids: Uint32Array, at: number, spans: number): void {
    const known = this.ids.find(ids, at);
    if (known >= 0) {
      this.spans[known] += spans;
      return;
    }
    if (this.full) this.ids.remove(this.ring[this.next]);
    const slot = this.ids.add(ids, at);
    this.spans[slot] = spans;
    this.ring[this.next++] = slot;
    if (this.next === MAX_REMEMBERED) {
      this.next = 0;
      this.full = true;
    }
  }

  /** Spans of this trace that left. */
  spansOf(ids: Uint32Array): number {
    const slot = this.ids.find(ids, 0);
    return slot < 0 ? 0 : this.spans[slot];
  }

  /** The trace is here again as a whole. */
  forget(): void {
    this.spans.fill(0);
  }
}
