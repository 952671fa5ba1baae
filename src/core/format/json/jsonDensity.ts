/**
 * Looks at JSON before `JSON.parse` does, which makes an object of two bytes: text with far more objects, lists and values than its length warrants is
 * refused, before they take memory.
 */

import { SpanhopError } from '../../../base/errors';
import { mayBecome, tooDense } from '../sink/density';

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
/** What V8 takes, about: for an empty object or list with its place in what holds it, and for a value. */
const CONTAINER_BYTES = 64;
const VALUE_BYTES = 12;
/** Looked at between two sums. */
const STEP = 1 << 16;

export interface JsonBounds {
  /** What the text is, as messages name it. */
  readonly name?: string;
  /** Objects and lists within each other; each takes several hundred bytes while V8 parses it. Default: any number. */
  readonly maxNesting?: number;
}

/** @throws SpanhopError `TooLarge` */
export function checkJsonDensity(
  bytes: Uint8Array,
  { name = 'The request', maxNesting = Number.POSITIVE_INFINITY }: JsonBounds = {},
): void {
  let containers = 0;
  let nesting = 0;
  let values = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; ) {
    for (const end = Math.min(bytes.length, at + STEP); at < end; at++) {
      const byte = bytes[at];
      if (inString) {
        if (byte === BACKSLASH) at++;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        containers++;
        if (++nesting > maxNesting)
          throw new SpanhopError('TooLarge', `${name} nests objects and lists deeper than ${maxNesting}, as no program does.`);
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) nesting--;
      else if (byte === COMMA) values++;
    }
    if (containers * CONTAINER_BYTES + values * VALUE_BYTES > mayBecome(at))
      throw tooDense(name, at, { 'JSON container': containers, value: values });
  }
}
