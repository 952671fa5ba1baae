/** Tests of strings of a table that are run once a string. */

import type { StringTable } from '../../model/strings';

export class StringMemo {
  /** Per string of the table: 0 not looked at, 1 no, 2 yes. */
  known: Uint8Array;

  constructor(
    private readonly strings: StringTable,
    private readonly test: (text: string) => boolean,
  ) {
    this.known = new Uint8Array(strings.size);
  }

  matches(index: number): boolean {
    if (index >= this.known.length) {
      const grown = new Uint8Array(Math.max(this.strings.size, index + 1));
      grown.set(this.known);
      this.known = grown;
    }
    if (this.known[index] === 0) this.known[index] = this.test(this.strings.get(index)) ? 2 : 1;
    return this.known[index] === 2;
  }
}

export function memoTest(strings: StringTable, test: (text: string) => boolean): (index: number) => boolean {
  const memo = new StringMemo(strings, test);
  return (index) => memo.matches(index);
}
