/** A set of slots. A `Set` takes forty bytes for each and no more than 2^24 of them; a capture whose list nobody looks at has more. */

import { grownUint32 } from './typed';

const OUT = 0;
const IN = 1;
const TAKEN = 2;

export class SlotSet {
  private state = new Uint8Array(256);
  /** In order of addition. A slot that was taken out and added again stands twice. */
  private list = new Uint32Array(256);
  private listed = 0;
  private members = 0;

  get size(): number {
    return this.members;
  }

  get bytes(): number {
    return this.state.byteLength + this.list.byteLength;
  }

  has(slot: number): boolean {
    return this.state[slot] === IN;
  }

  add(slot: number): void {
    if (this.state[slot] === IN) return;
    if (slot >= this.state.length) {
      const grown = new Uint8Array(Math.max(slot + 1, this.state.length * 2));
      grown.set(this.state);
      this.state = grown;
    }
    if (this.listed === this.list.length) this.makePlace();
    this.state[slot] = IN;
    this.list[this.listed++] = slot;
    this.members++;
  }

  delete(slot: number): void {
    if (this.state[slot] !== IN) return;
    this.state[slot] = OUT;
    this.members--;
  }

  /** All of them, in an array of their own. */
  values(): Uint32Array<ArrayBuffer> {
    this.tidy();
    return this.list.slice(0, this.listed);
  }

  clear(): void {
    for (let i = 0; i < this.listed; i++) this.state[this.list[i]] = OUT;
    this.listed = 0;
    this.members = 0;
    if (this.list.length > 4096) this.list = new Uint32Array(256);
  }

  private makePlace(): void {
    if (this.members * 2 < this.listed) this.tidy();
    else this.list = grownUint32(this.list, this.list.length * 2);
  }

  /** Each member once. */
  private tidy(): void {
    let kept = 0;
    for (let i = 0; i < this.listed; i++) {
      const slot = this.list[i];
      if (this.state[slot] !== IN) continue;
      this.state[slot] = TAKEN;
      this.list[kept++] = slot;
    }
    this.listed = kept;
    for (let i = 0; i < kept; i++) this.state[this.list[i]] = IN;
  }
}
