/**
 * What is learned from places that were found: which folder of the traces is which folder here, for each service.
 *
 * Each file that was found with evidence (its function stands there) is a vote for one pair of folders. A pair becomes a mapping when
 * three different files say so and none says otherwise. One file is a coincidence where services are copies of a template, two are common to such
 * copies (an index, a logger); three with their functions are the service. A vote for another folder under the same root takes the
 * mapping back for good: it would be right for some files and wrong for others, which is worse than none.
 */

import type { InferredMapping, PlaceVote, ServiceFolder } from '../model/types';
import { display } from '../uri/paths';
import { shortestMapping } from './shortestMapping';

const leastVotes = 3;
const maxServices = 200;
const maxRoots = 100;
const maxFolders = 20;
const maxFiles = 50;

interface Pair {
  readonly root: string;
  readonly folder: string;
  /** Distinct files that were found by their suffix, and in all. */
  readonly bySuffix: Set<string>;
  readonly files: Set<string>;
}

export class Learning {
  /** By service, then by root and folder. */
  private readonly services = new Map<string, Map<string, Pair>>();

  /** Answers whether a mapping or an affinity came or went. */
  add(service: string, votes: readonly PlaceVote[], folders: readonly string[], caseSensitive: boolean): boolean {
    if (service === '' || !votes.length) return false;
    const pairs = this.services.get(service) ?? new Map<string, Pair>();
    const before = shapeOf(pairs);
    for (const { path, file, bySuffix } of votes) {
      const found = shortestMapping(path, file, folders, caseSensitive);
      // No folder of one stands for a folder of the other.
      if (!found || found.shared === 0) continue;
      const key = `${found.prefix}\n${found.target}`;
      const pair = pairs.get(key) ?? { root: found.prefix, folder: found.target, bySuffix: new Set(), files: new Set() };
      if (!pairs.has(key) && !hasRoom(pairs, found.prefix)) continue;
      pairs.set(key, pair);
      if (pair.files.size < maxFiles) pair.files.add(file);
      if (bySuffix && pair.bySuffix.size < maxFiles) pair.bySuffix.add(file);
    }
    if (this.services.size >= maxServices && !this.services.has(service)) return false;
    this.services.set(service, pairs);
    return shapeOf(pairs) !== before;
  }

  mappings(): readonly InferredMapping[] {
    return [...this.services].flatMap(([service, pairs]) =>
      learned(pairs).map(({ root, folder, bySuffix }) => ({
        prefix: root,
        target: folder,
        origin: `learned from ${bySuffix.size} files of ${display(service, 60)} that were found`,
        kind: 'learned' as const,
        services: [service],
        owner: `learned ${service}`,
      })),
    );
  }

  affinity(): Readonly<Record<string, readonly ServiceFolder[]>> {
    const all: [string, ServiceFolder[]][] = [...this.services].map(([service, pairs]) => [
      service,
      [...pairs.values()].map(({ folder, root, files }) => ({ folder, root, files: files.size })),
    ]);
    return Object.fromEntries(all);
  }

  clear(): void {
    this.services.clear();
  }
}

/** Pairs with enough votes, whose root no other pair has. */
function learned(pairs: ReadonlyMap<string, Pair>): readonly Pair[] {
  const all = [...pairs.values()];
  return all.filter(
    (pair) => pair.bySuffix.size >= leastVotes && !all.some((other) => other.root === pair.root && other.folder !== pair.folder),
  );
}

/** What answers depend on, to notice its changes. */
function shapeOf(pairs: ReadonlyMap<string, Pair>): string {
  const mapped = learned(pairs).map(({ root, folder }) => `${root} ${folder}`);
  // A single file decides nothing.
  const near = [...pairs]
    .filter(([, { files }]) => files.size > 1)
    .map(([key, { files }]) => `${key} ${Math.min(files.size, leastVotes)}`);
  return [...mapped, ...near].join('\n');
}

function hasRoom(pairs: ReadonlyMap<string, Pair>, root: string): boolean {
  const all = [...pairs.values()];
  return all.filter((pair) => pair.root === root).length < maxFolders && new Set(all.map((pair) => pair.root)).size < maxRoots;
}
