/** Spans by id, both ways: rows change when spans arrive, ids do not. One of several spans with the same id is the first. */

import { spanIdHex, spanIdWords } from '../../src/core/model/ids';
import { SpanIdRows } from '../../src/core/model/spanIdRows';

/** So many look-ups scan; with the next one rows are indexed. */
const SCANS = 2;

export class SpanIds {
  private rows: SpanIdRows | undefined;
  private scans = 0;

  /** @param words two Uint32 a span, most significant first */
  constructor(readonly words: Uint32Array) {}

  idOf(span: number): string {
    return spanIdHex(this.words, span);
  }

  /** -1 when there is none. */
  spanOf(id: string): number {
    const [high, low] = spanIdWords(id);
    return this.find(high, low);
  }

  spansOf(ids: readonly string[]): number[] {
    return ids.map((id) => this.spanOf(id)).filter((span) => span >= 0);
  }

  /** The span here that is that span there; -1 when it is not. */
  spanFrom(other: SpanIds, span: number): number {
    return span < 0 ? -1 : this.find(other.words[span * 2], other.words[span * 2 + 1]);
  }

  private find(high: number, low: number): number {
    const { words } = this;
    if (!this.rows && this.scans++ < SCANS) {
      for (let at = 0; at < words.length; at += 2) if (words[at] === high && words[at + 1] === low) return at / 2;
      return -1;
    }
    this.rows ??= new SpanIdRows(words);
    return this.rows.find(high, low);
  }
}
