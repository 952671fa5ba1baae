/**
 * A table of distinct strings. Decoders intern names straight from the input's bytes (no JavaScript string is made until somebody
 * reads it), so that a column holds an index of 4 bytes. Index 0 is always the empty string. Tables only grow; whoever feeds one
 * without end (the capture) starts a new one when `byteLength` passes a limit.
 */

/** Bytes of a short JavaScript string beside its characters (V8: map, hash, length, rounded up). */
const TEXT_OBJECT = 24;

const encoder = new TextEncoder();
// A byte order mark in a name is a part of it.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class StringTable {
  private arena = new Uint8Array(1 << 12);
  private arenaLength = 0;
  /** Start of string i in the arena; one more entry than strings. */
  private starts = new Uint32Array(1 << 8);
  private hashes = new Int32Array(1 << 8);
  private count = 0;
  /** Open addressing, index + 1, 0 is free; always a power of two and at most half full. */
  private slots = new Int32Array(1 << 9);
  private readonly decoded: (string | undefined)[] = [];
  private textBytes = 0;
  /**
   * Index + 1 of the string last seen with a given length and four of its bytes. Names repeat so much that most lookups end
   * here, after one comparison and without hashing every byte.
   */
  private readonly recent = new Int32Array(1 << 11);

  constructor() {
    this.internHashed(this.arena, 0, 0);
  }

  /** Number of distinct strings. */
  get size(): number {
    return this.count;
  }

  /** Bytes of all distinct strings. */
  get byteLength(): number {
    return this.arenaLength;
  }

  /** Bytes that the table takes: its arrays with their reserve, and the texts that were asked for. */
  get memory(): number {
    const { arena, starts, hashes, slots, recent, decoded } = this;
    const arrays = arena.byteLength + starts.byteLength + hashes.byteLength + slots.byteLength + recent.byteLength;
    return arrays + decoded.length * 8 + this.textBytes;
  }

  /** String `index` as JavaScript text; decoded once. */
  get(index: number): string {
    const known = this.decoded[index];
    if (known !== undefined) return known;
    const text = decoder.decode(this.arena.subarray(this.starts[index], this.starts[index + 1]));
    this.decoded[index] = text;
    this.textBytes += TEXT_OBJECT + text.length;
    return text;
  }

  /** UTF-8 bytes of string `index`: a view, valid until the next intern. */
  bytes(index: number): Uint8Array {
    return this.arena.subarray(this.starts[index], this.starts[index + 1]);
  }

  intern(text: string): number {
    if (text === '') return 0;
    const bytes = encoder.encode(text);
    return this.internBytes(bytes, 0, bytes.length);
  }

  /** Index of a string when it is in the table, else -1. */
  find(text: string): number {
    const bytes = encoder.encode(text);
    const at = this.probe(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
    return this.slots[at] - 1;
  }

  /** Index of the UTF-8 string `source[offset, offset + length)`, added when it is new. */
  internBytes(source: Uint8Array, offset: number, length: number): number {
    if (length === 0) return 0;
    const last = offset + length - 1;
    const recentAt =
      (length + source[offset] * 5 + source[last] * 23 + source[last - (length >> 2)] * 89 + source[last - (length >> 1)] * 211) &
      2047;
    const candidate = this.recent[recentAt];
    if (candidate !== 0 && this.equals(candidate - 1, source, offset, length)) return candidate - 1;
    const index = this.internHashed(source, offset, length);
    this.recent[recentAt] = index + 1;
    return index;
  }

  private internHashed(source: Uint8Array, offset: number, length: number): number {
    const hash = hashBytes(source, offset, length);
    const at = this.probe(source, offset, length, hash);
    const found = this.slots[at];
    if (found !== 0) return found - 1;
    return this.add(source, offset, length, hash, at);
  }

  private probe(source: Uint8Array, offset: number, length: number, hash: number): number {
    const mask = this.slots.length - 1;
    let at = hash & mask;
    for (;;) {
      const candidate = this.slots[at];
      if (candidate === 0) return at;
      if (this.hashes[candidate - 1] === hash && this.equals(candidate - 1, source, offset, length)) return at;
      at = (at + 1) & mask;
    }
  }

  private equals(index: number, source: Uint8Array, offset: number, length: number): boolean {
    const start = this.starts[index];
    if (this.starts[index + 1] - start !== length) return false;
    const arena = this.arena;
    for (let i = 0; i < length; i++) if (arena[start + i] !== source[offset + i]) return false;
    return true;
  }

  private add(source: Uint8Array, offset: number, length: number, hash: number, at: number): number {
    const index = this.count;
    if (this.arenaLength + length > this.arena.length) {
      const grown = new Uint8Array(Math.max(this.arena.length * 2, this.arenaLength + length));
      grown.set(this.arena.subarray(0, this.arenaLength));
      this.arena = grown;
    }
    this.arena.set(source.subarray(offset, offset + length), this.arenaLength);
    if (index + 2 > this.starts.length) {
      const starts = new Uint32Array(this.starts.length * 2);
      starts.set(this.starts);
      this.starts = starts;
      const hashes = new Int32Array(this.hashes.length * 2);
      hashes.set(this.hashes);
      this.hashes = hashes;
    }
    this.starts[index] = this.arenaLength;
    this.arenaLength += length;
    this.starts[index + 1] = this.arenaLength;
    this.hashes[index] = hash;
    this.count = index + 1;
    this.slots[at] = index + 1;
    if (this.count * 2 > this.slots.length) this.rehash();
    return index;
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < this.count; index++) {
      let at = this.hashes[index] & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = index + 1;
    }
    this.slots = slots;
  }
}

/** FNV-1a over the bytes. Source: G. Fowler, L. C. Noll, K.-P. Vo, "The FNV Non-Cryptographic Hash Algorithm", IETF draft. */
function hashBytes(source: Uint8Array, offset: number, length: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = offset, end = offset + length; i < end; i++) hash = Math.imul(hash ^ source[i], 0x01000193);
  return hash ^ (hash >>> 15);
}
