/** Random access to the bytes of a file, for looking here and there without reading it as a whole: a few blocks are held. */

import { readSync } from 'node:fs';

const BLOCK_BYTES = 1 << 18;
const BLOCKS = 8;

export class FileBytes {
  private readonly blocks = new Map<number, Uint8Array>();
  private block: Uint8Array = new Uint8Array(0);
  private from = 0;
  /** Blocks that were read; each costs as much as some thousand bytes at hand. */
  reads = 0;

  /** @param end bytes from here on are not looked at */
  constructor(
    private readonly descriptor: number,
    readonly end: number,
  ) {}

  /** The byte at this offset; -1 beyond the end. */
  at(offset: number): number {
    const within = offset - this.from;
    if (within >= 0 && within < this.block.length) return this.block[within];
    if (offset < 0 || offset >= this.end) return -1;
    this.turnTo(Math.floor(offset / BLOCK_BYTES));
    return this.block[offset - this.from] ?? -1;
  }

  /** Four bytes, big endian; -1 where they are not all there. */
  uint32(offset: number): number {
    if (offset + 4 > this.end) return -1;
    return ((this.at(offset) << 24) | (this.at(offset + 1) << 16) | (this.at(offset + 2) << 8) | this.at(offset + 3)) >>> 0;
  }

  private turnTo(number: number): void {
    let block = this.blocks.get(number);
    if (block) this.blocks.delete(number);
    else {
      const from = number * BLOCK_BYTES;
      const bytes = new Uint8Array(Math.min(BLOCK_BYTES, this.end - from));
      this.reads++;
      // What the file does not hold any more (cut meanwhile) stays zero, which is no message.
      readSync(this.descriptor, bytes, 0, bytes.length, from);
      block = bytes;
      for (const oldest of this.blocks.keys()) {
        if (this.blocks.size < BLOCKS) break;
        this.blocks.delete(oldest);
      }
    }
    this.blocks.set(number, block);
    this.block = block;
    this.from = number * BLOCK_BYTES;
  }
}
