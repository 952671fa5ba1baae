/**
 * Case-insensitive free text over a span: name, service, status message, id, keys and values of attributes, events. Texts of the string table are
 * looked at once each; values are searched where they are in the input's bytes (Horspool's algorithm over both cases of ASCII), and made into text
 * only where their writing may hide a match. Source: R. N. Horspool, "Practical fast searching in strings", 1980.
 */

import {
  type SpanBatch,
  VALUE_BIG_INT,
  VALUE_BOOL,
  VALUE_DOUBLE,
  VALUE_INT,
  VALUE_INTERNED,
  VALUE_JSON,
  VALUE_JSON_ANY,
  VALUE_JSON_STRING,
  VALUE_PROTO,
  VALUE_STRING,
} from '../../model/batch';
import { spanIdHex } from '../../model/ids';
import type { StringTable } from '../../model/strings';
import { readValue, valueText } from '../../model/values';
import { StringMemo } from './stringMemo';

export function compileText(text: string, strings: StringTable): (batch: SpanBatch, row: number) => boolean {
  const needle = text.toLowerCase();
  const memo = new StringMemo(strings, (candidate) => candidate.toLowerCase().includes(needle));
  const matchesString = (index: number) => memo.matches(index);
  const values = new ValueSearch(needle, memo);
  const isIdPart = /^[0-9a-f]{4,16}$/.test(needle);
  return (batch, row) => {
    if (matchesString(batch.name[row]) || matchesString(batch.resources[batch.resource[row]].service)) return true;
    if (matchesString(batch.statusMessage[row])) return true;
    if (values.inRange(batch, batch.attributeStart[row], batch.attributeEnd[row])) return true;
    const { events } = batch;
    for (let event = batch.eventStart[row], end = batch.eventEnd[row]; event < end; event++) {
      if (matchesString(events.name[event])) return true;
      if (values.inRange(batch, events.attributeStart[event], events.attributeEnd[event])) return true;
    }
    return isIdPart && spanIdHex(batch.spanId, row).includes(needle);
  };
}

class ValueSearch {
  /** Lower-case bytes of the needle, and the index of the last. */
  private readonly bytes: Uint8Array;
  private readonly last: number;
  /** Per byte of the input how far the window may move; 0 for the needle's last byte, after which it moves by `skipAfterLast`. */
  private readonly skip: Uint32Array;
  private readonly skipAfterLast: number;
  /** Input bytes to their lower case (ASCII). */
  private readonly lower: Uint8Array;
  /** The needle has a character whose lower case is not a matter of ASCII. */
  private readonly foreign: boolean;
  /** The needle has a character that JSON writers escape. */
  private readonly escapable: boolean;
  private readonly numeric: boolean;
  private readonly inTrue: boolean;
  private readonly inFalse: boolean;

  constructor(
    private readonly needle: string,
    private readonly memo: StringMemo,
  ) {
    this.bytes = new TextEncoder().encode(needle);
    this.lower = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));
    const length = this.bytes.length;
    this.last = length - 1;
    this.skip = new Uint32Array(256).fill(length);
    for (let byte = 0; byte < 256; byte++) {
      const at = length > 1 ? this.bytes.lastIndexOf(this.lower[byte], length - 2) : -1;
      if (at >= 0) this.skip[byte] = this.last - at;
    }
    this.skipAfterLast = this.skip[this.bytes[this.last]];
    for (let byte = 0; byte < 256; byte++) if (this.lower[byte] === this.bytes[this.last]) this.skip[byte] = 0;
    this.foreign = this.bytes.length !== needle.length;
    this.escapable = /[^\w .,:;!?@$%*()[\]{}|~^+=#-]/.test(needle);
    this.numeric = /^[-+.\deinfa]+$/.test(needle);
    this.inTrue = 'true'.includes(needle);
    this.inFalse = 'false'.includes(needle);
  }

  inRange(batch: SpanBatch, start: number, end: number): boolean {
    const { key, type, number, length } = batch.attributes;
    const { known } = this.memo;
    for (let row = start; row < end; row++) {
      if (known[key[row]] !== 1 && this.memo.matches(key[row])) return true;
      switch (type[row]) {
        case VALUE_STRING:
          if (this.inBytes(batch.blob, number[row], length[row])) return true;
          if (this.foreign && this.inValue(batch, row)) return true;
          break;
        case VALUE_JSON_STRING:
          if (this.inBytes(batch.blob, number[row], length[row])) {
            if (!this.mayBeEscape(batch.blob, number[row], length[row]) || this.inValue(batch, row)) return true;
          } else if ((this.foreign || this.escapable) && this.inValue(batch, row)) return true;
          break;
        case VALUE_INTERNED:
          if (this.memo.matches(number[row])) return true;
          break;
        case VALUE_BOOL:
          if (number[row] !== 0 ? this.inTrue : this.inFalse) return true;
          break;
        case VALUE_INT:
        case VALUE_DOUBLE:
          if (this.numeric && String(number[row]).toLowerCase().includes(this.needle)) return true;
          break;
        case VALUE_BIG_INT:
          if (this.numeric && this.inBytes(batch.blob, number[row], length[row])) return true;
          break;
        case VALUE_PROTO:
        case VALUE_JSON_ANY:
        case VALUE_JSON:
          if (this.inValue(batch, row)) return true;
          break;
        default:
          break;
      }
    }
    return false;
  }

  private inValue(batch: SpanBatch, row: number): boolean {
    return valueText(readValue(batch, row)).toLowerCase().includes(this.needle);
  }

  /** A match within JSON's writing may be part of an escape (`n` of `\n`). Rare enough to look at the text then. */
  private mayBeEscape(blob: Uint8Array, start: number, length: number): boolean {
    for (let at = start; at < start + length; at++) if (blob[at] === 92) return true;
    return false;
  }

  private inBytes(blob: Uint8Array, start: number, length: number): boolean {
    const { skip, last } = this;
    for (let at = start + last, end = start + length; at < end; ) {
      const distance = skip[blob[at]];
      if (distance > 0) at += distance;
      else if (this.endsAt(blob, at)) return true;
      else at += this.skipAfterLast;
    }
    return false;
  }

  /** The byte at `at` is the needle's last; are the others before it? */
  private endsAt(blob: Uint8Array, at: number): boolean {
    const { bytes, lower, last } = this;
    let k = last - 1;
    while (k >= 0 && lower[blob[at - last + k]] === bytes[k]) k--;
    return k < 0;
  }
}
