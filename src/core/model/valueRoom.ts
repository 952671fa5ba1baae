/**
 * How much one attribute's value may become when it is read. Two bytes of a list are an empty map of a hundred; thousands of bytes with nothing in
 * them hold a reader for seconds and fill the memory. What programs write becomes at most eight times its bytes, with the sizes below: a list
 * of single digits, which takes four bytes for each.
 */

const MOST_TIMES = 8;
/** Small values may be as odd as they like. */
const SLACK = 16 << 10;
/** Of one value, however long: 170,000 numbers. Who looks at it waits for it, and so does everybody else. */
const MOST_BYTES = 4 << 20;

/** What a value takes in the form of OTLP/JSON, in a list; a list and a map besides what is in them; a key and its value in a map. */
export const ITEM_BYTES = 24;
export const LIST_BYTES = 16;
export const MAP_BYTES = 40;
export const PAIR_BYTES = 40;

const BACKSLASH = 92;
const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const OPEN_MAP = 123;
/** What `JSON.parse` makes of a list or a map with its place in another, and of any further value. */
const PARSED_CONTAINER_BYTES = 64;
const PARSED_VALUE_BYTES = 12;

/** The room of one value. */
export class ValueRoom {
  private left: number;

  /** @param bytes that the value takes as it is written */
  constructor(bytes: number) {
    this.left = Math.min(MOST_BYTES, bytes * MOST_TIMES + SLACK);
  }

  /** Nothing more of this value is to be read. */
  get isSpent(): boolean {
    return this.left < 0;
  }

  /** Whether there was room for so many bytes. */
  take(bytes: number): boolean {
    this.left -= bytes;
    return this.left >= 0;
  }
}

/** Whether `JSON.parse` would make far more of a text than programs write in it, or of a value than is read. */
export function isTooDense(json: string): boolean {
  const room = new ValueRoom(json.length);
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) at = endOfText(json, at);
    else if (unit === OPEN_LIST || unit === OPEN_MAP) room.take(PARSED_CONTAINER_BYTES);
    else if (unit === COMMA) room.take(PARSED_VALUE_BYTES);
  }
  return room.isSpent;
}

/** Where the text in quotes ends that begins at `start`. */
function endOfText(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) return at;
    if (unit === BACKSLASH) at++;
  }
  return json.length;
}
