/** A reader of numbers that also walks objects by the names a format knows, and interns strings: what the readers of all JSON formats share. */

import type { Sink } from '../sink/sink';
import type { KeyTable } from './keys';
import { JsonNumbers } from './numbers';

const QUOTE = 34;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const encoder = new TextEncoder();

/** What `member` returns after the last member of an object; -1 is a name that the format does not know. */
export const NO_MORE = -2;

export class JsonReader extends JsonNumbers {
  constructor(readonly sink: Sink) {
    super();
  }

  /** The number in `table` of the string read last. */
  find(table: KeyTable): number {
    if (!this.escaped) return table.find(this.bytes, this.start, this.length);
    const name = encoder.encode(this.text());
    return table.find(name, 0, name.length);
  }

  /** Moves to the next member of the object that the cursor is in and returns its key's number; `NO_MORE` after the last one. */
  member(table: KeyTable): number {
    if (this.nextItem() === CLOSE_OBJECT) {
      this.at++;
      return NO_MORE;
    }
    const matched = table.match(this.bytes, this.at, this.end);
    if (matched > 0) {
      this.at += matched;
      this.next();
      return table.expected;
    }
    this.key();
    return this.find(table);
  }

  /** Enters the object at the cursor; false, and moves over the value, when it is none. */
  enterObject(): boolean {
    if (this.next() !== OPEN_OBJECT) {
      this.skip();
      return false;
    }
    this.at++;
    return true;
  }

  /** Enters the list at the cursor; false, and moves over the value, when it is none (`null` stands for an empty one). */
  enterList(): boolean {
    if (this.next() !== OPEN_LIST) {
      this.skip();
      return false;
    }
    this.at++;
    return true;
  }

  endOfList(): boolean {
    if (this.nextItem() !== CLOSE_LIST) return false;
    this.at++;
    return true;
  }

  /** Index of the string at the cursor; 0 for what is no string. */
  name(): number {
    if (this.bytes[this.at] !== QUOTE) {
      this.skip();
      return 0;
    }
    this.string();
    return this.intern(this.sink.strings);
  }
}
