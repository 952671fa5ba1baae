/**
 * Which files may hold a text: of each file the runs of three bytes that it has, as bits of their hashes. A file that lacks one run of a text does not
 * hold it; of those that have them all nearly every one does. (The same idea: Russ Cox, Regular Expression Matching with a Trigram Index.)
 * Five thousand files of ten kilobytes take about ten megabytes, and are told in less than a millisecond.
 */

import { join } from 'node:path';
import { Slices } from '../../base/slices';
import type { Handlers } from '../../protocol/rpc';
import type { SourceMethods } from '../../protocol/source';
import { readRegular } from '../disk/regularFile';

/** Bits of a hash. */
const hashBits = 18;
/** Bits for each run of a file: one in four is set, so that of the files without a text of eight characters one in four thousand is read for nothing. */
const spread = 4;
const fewestBits = 256;
/** Larger ones are data. Bytes. */
const maxFileBytes = 1 << 20;
/** More files are searched by ripgrep. */
const maxFiles = 30_000;
/** Bytes of all bits. */
const maxBytes = 48 << 20;

export function fileGramsHandlers(): Pick<Handlers<SourceMethods>, 'indexFiles' | 'filesHolding'> {
  const known = new Map<string, { readonly version: number; readonly grams?: FileGrams }>();
  let last = 0;
  return {
    async indexFiles({ folder, paths }, { signal }) {
      const version = ++last;
      known.set(folder, { version });
      const grams = await FileGrams.of(folder, paths, new Slices(signal));
      if (!grams || known.get(folder)?.version !== version) return undefined;
      known.set(folder, { version, grams });
      return version;
    },
    filesHolding({ folder, version, texts, most }) {
      const { grams, version: current } = known.get(folder) ?? {};
      return current === version && grams ? { isKnown: true, paths: grams.holding(texts, most) } : { isKnown: false };
    },
  };
}

class FileGrams {
  private bytes = 0;
  private readonly filters: (Uint32Array | undefined)[] = [];

  private constructor(private readonly paths: readonly string[]) {}

  /**
   * @param list paths below the folder, each with a NUL behind it; a file that cannot be read holds nothing
   * @returns undefined where there is too much
   */
  static async of(folder: string, list: string, slices: Slices): Promise<FileGrams | undefined> {
    const paths = list.split('\0').filter((path) => path !== '');
    if (paths.length > maxFiles) return undefined;
    const grams = new FileGrams(paths);
    for (const path of paths) {
      await slices.maybePause();
      grams.add(await bytesOf(join(folder, path)));
      if (grams.bytes > maxBytes) return undefined;
    }
    return grams;
  }

  /** Paths of the files that may hold any of the texts; undefined where there are more than `most`, or a text is too short to tell. */
  holding(texts: readonly string[], most: number): string[] | undefined {
    const found = new Set<number>();
    for (const text of texts) {
      const hashes = hashesOf(Buffer.from(text));
      if (hashes.length === 0) return undefined;
      for (let i = 0; i < this.filters.length; i++) {
        if (!hasAll(this.filters[i], hashes)) continue;
        found.add(i);
        if (found.size > most) return undefined;
      }
    }
    return [...found].map((index) => this.paths[index]);
  }

  private add(bytes: Uint8Array | undefined): void {
    const filter = bytes && filterOf(bytes);
    this.filters.push(filter);
    this.bytes += filter?.byteLength ?? 0;
  }
}

const all = new Uint32Array([0xffffffff]);
const seen = new Uint32Array(1 << (hashBits - 5));

function filterOf(bytes: Uint8Array): Uint32Array {
  // UTF-16 is read as such by whoever looks into it.
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return all;
  seen.fill(0);
  let count = 0;
  for (let last = 2; last < bytes.length; last++) {
    const hash = hashOf(bytes, last);
    const word = hash >>> 5;
    const bit = 1 << (hash & 31);
    if ((seen[word] & bit) !== 0) continue;
    seen[word] |= bit;
    count++;
  }
  let bits = fewestBits;
  while (bits < count * spread && bits < 1 << hashBits) bits *= 2;
  if (bits === 1 << hashBits) return seen.slice();
  const filter = new Uint32Array(bits >>> 5);
  // A hash in fewer bits is its last ones.
  for (let word = 0; word < seen.length; word++) filter[word & (filter.length - 1)] |= seen[word];
  return filter;
}

function hasAll(filter: Uint32Array | undefined, hashes: readonly number[]): boolean {
  if (!filter) return false;
  const mask = filter.length * 32 - 1;
  return hashes.every((hash) => ((filter[(hash & mask) >>> 5] >>> (hash & 31)) & 1) === 1);
}

function hashesOf(bytes: Uint8Array): readonly number[] {
  const found = new Set<number>();
  for (let last = 2; last < bytes.length; last++) found.add(hashOf(bytes, last));
  return [...found];
}

function hashOf(bytes: Uint8Array, last: number): number {
  return Math.imul((bytes[last - 2] << 16) | (bytes[last - 1] << 8) | bytes[last], 0x9e3779b1) >>> (32 - hashBits);
}

async function bytesOf(file: string): Promise<Uint8Array | undefined> {
  return (await readRegular(file, file, maxFileBytes).catch(() => undefined))?.bytes;
}
