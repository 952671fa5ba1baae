/** Spans by id, both ways: rows change when spans arrive, ids do not. One of several spans with the same id is the first. */

import { spanIdHex, spanIdWords } from '../../src/core/model/ids';

export class SpanIds {
  /** Open addressing: a place holds a span and one, or nothing. Made with the second look-up of many. */
  private places: Uint32Array | undefined;
  private scans = 0;

  /** @param words two Uint32 a span, most significant first */
  constructor(private readonly words: Uint32Array) {}

  get count(): number {
    return this.words.length >>> 1;
  }

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
    if (!this.places && this.scans++ < 2) {
      for (let at = 0; at < words.length; at += 2) if (words[at] === high && words[at + 1] === low) return at / 2;
      return -1;
    }
    this.places ??= indexOf(words);
    const { places } = this;
    const mask = places.length - 1;
    for (let at = mix(high, low) & mask; places[at] !== 0; at = (at + 1) & mask) {
      const span = places[at] - 1;
      if (words[span * 2] === high && words[span * 2 + 1] === low) return span;
    }
    return -1;
  }
}

function indexOf(words: Uint32Array): Uint32Array {
  let size = 16;
  while (size < words.length) size *= 2;
  const places = new Uint32Array(size);
  const mask = size - 1;
  for (let span = words.length / 2 - 1; span >= 0; span--) {
    const high = words[span * 2];
    const low = words[span * 2 + 1];
    let at = mix(high, low) & mask;
    // The first of those with the same id is put last, in the place of the others.
    while (places[at] !== 0 && !(words[(places[at] - 1) * 2] === high && words[(places[at] - 1) * 2 + 1] === low))
      at = (at + 1) & mask;
    places[at] = span + 1;
  }
  return places;
}

/** Spreads ids that count up, too. The multipliers are those of MurmurHash3's finalizer (github.com/aappleby/smhasher, public domain). */
function mix(high: number, low: number): number {
  let value = Math.imul(high ^ (low >>> 15) ^ low, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
