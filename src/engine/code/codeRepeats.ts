/**
 * Spans of one place name it in the same bytes, so a batch of thousands has a handful of different names. Comparing bytes takes a tenth
 * of the time of making strings of them, once for each span.
 */

import { type SpanBatch, VALUE_BOOL, VALUE_DOUBLE, VALUE_EMPTY, VALUE_INT, VALUE_INTERNED } from '../../core/model/batch';

interface Known {
  readonly row: number;
  readonly place: number;
}

export class CodeRepeats {
  private readonly known = new Map<number, Known>();
  private hash = 0;

  /**
   * @param keys of the attributes that count; of a row's others nothing is read
   * @param columns of the batch that count as well
   */
  constructor(
    private readonly batch: SpanBatch,
    private readonly keys: ReadonlySet<number>,
    private readonly columns: readonly ArrayLike<number>[] = [],
  ) {}

  /** Number of the place that an earlier row named by the same attributes. */
  find(row: number): number | undefined {
    this.hash = this.hashOf(row);
    const known = this.known.get(this.hash);
    return known && this.areSame(known.row, row) ? known.place : undefined;
  }

  /** The place of the row that was just not found. */
  note(row: number, place: number): void {
    this.known.set(this.hash, { row, place });
  }

  private hashOf(row: number): number {
    const { attributes, attributeStart, attributeEnd, blob } = this.batch;
    let hash = 0;
    for (const column of this.columns) hash = Math.imul(hash ^ column[row], 0x9e3779b1);
    for (let i = attributeStart[row]; i < attributeEnd[row]; i++) {
      if (!this.keys.has(attributes.key[i])) continue;
      hash = Math.imul(hash ^ attributes.key[i], 0x85ebca6b);
      const number = attributes.number[i];
      if (isNumber(attributes.type[i])) {
        hash = Math.imul(hash ^ number, 0x9e3779b1);
        continue;
      }
      const end = number + attributes.length[i];
      for (let at = number; at < end; at++) hash = Math.imul(hash ^ blob[at], 0x01000193);
    }
    return hash ^ (hash >>> 15);
  }

  private areSame(a: number, b: number): boolean {
    const { attributeStart, attributeEnd } = this.batch;
    for (const column of this.columns) if (column[a] !== column[b]) return false;
    let left = attributeStart[a];
    let right = attributeStart[b];
    for (;;) {
      left = this.next(left, attributeEnd[a]);
      right = this.next(right, attributeEnd[b]);
      if (left === attributeEnd[a] || right === attributeEnd[b]) return left === attributeEnd[a] && right === attributeEnd[b];
      if (!this.isSameValue(left++, right++)) return false;
    }
  }

  private next(from: number, end: number): number {
    const { key } = this.batch.attributes;
    let at = from;
    while (at < end && !this.keys.has(key[at])) at++;
    return at;
  }

  private isSameValue(left: number, right: number): boolean {
    const { blob, attributes } = this.batch;
    const { key, type, number, length } = attributes;
    if (key[left] !== key[right] || type[left] !== type[right]) return false;
    if (isNumber(type[left])) return number[left] === number[right];
    if (length[left] !== length[right]) return false;
    for (let i = 0; i < length[left]; i++) if (blob[number[left] + i] !== blob[number[right] + i]) return false;
    return true;
  }
}

/** Whether a value is told by its `number`; all others are bytes. */
function isNumber(type: number): boolean {
  return type === VALUE_INTERNED || type === VALUE_INT || type === VALUE_DOUBLE || type === VALUE_BOOL || type === VALUE_EMPTY;
}
