/**
 * Files that have another path than at a commit: those that Git pairs (committed, or staged), and those that were moved in the working
 * tree only, which Git sees as deleted here and unknown there; these are paired by their lines.
 */

import { lstat, readFile } from 'node:fs/promises';
import { extname, join, posix } from 'node:path';
import { textSimilarity } from '../../../source/drift/similar';
import { splitLines } from '../../../source/outline/textLines';
import type { GitProcesses } from './gitProcess';
import { isAnswer, readObjects } from './objects';

/** Old path by new path, below the root, with slashes. */
export type Renames = ReadonlyMap<string, string>;

/** From here on one file is taken for what another became; Git's own measure. */
const alike = 0.5;
/** Deleted and unknown files that are compared with each other. */
const maxCompared = 24;
const maxFileBytes = 512 * 1024;

export async function renamesSince(git: GitProcesses, root: string, commit: string): Promise<Renames> {
  const renames = new Map<string, string>();
  const args = [
    ...['diff-index', '-z', '-M', '-l1000', '--name-status', '--diff-filter=RD'],
    ...['--no-ext-diff', '--no-textconv', '--ignore-submodules=all', commit, '--'],
  ];
  const answer = await git.ask({ cwd: root, args });
  if (!answer.ok) return renames;
  const fields = answer.output.toString('utf8').split('\0');
  const deleted: string[] = [];
  for (let i = 0; i < fields.length - 1; ) {
    const status = fields[i++];
    const path = fields[i++];
    if (status.startsWith('R')) renames.set(fields[i++], path);
    else deleted.push(path);
  }
  if (deleted.length) await pairUnknown(git, root, commit, deleted, renames);
  return renames;
}

async function pairUnknown(
  git: GitProcesses,
  root: string,
  commit: string,
  deleted: readonly string[],
  renames: Map<string, string>,
): Promise<void> {
  const answer = await git.ask({
    cwd: root,
    args: ['ls-files', '-z', '--others', '--exclude-standard'],
    maxBytes: 4 << 20,
  });
  if (!answer.ok) return;
  const endings = new Set(deleted.map((path) => extname(path)));
  const names = new Set(deleted.map((path) => posix.basename(path)));
  const byName = (paths: readonly string[], known: ReadonlySet<string>): readonly string[] =>
    [...paths].sort((a, b) => Number(known.has(posix.basename(b))) - Number(known.has(posix.basename(a)))).slice(0, maxCompared);
  const unknown = answer.output
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '' && endings.has(extname(path)));
  const today = byName(unknown, names);
  if (!today.length) return;
  const then = byName(
    deleted.filter((path) => today.some((each) => extname(each) === extname(path))),
    new Set(today.map((path) => posix.basename(path))),
  );
  const objects = await readObjects(
    git,
    root,
    then.map((path) => `${commit}:${path}`),
    { content: true },
  );
  if (isAnswer(objects)) return;
  const pairs: { readonly from: string; readonly to: string; readonly score: number }[] = [];
  for (const to of today) {
    const lines = await linesOf(join(root, to));
    if (!lines) continue;
    for (const [i, from] of then.entries()) {
      const content = objects[i]?.content;
      if (!content || content.length > maxFileBytes || extname(from) !== extname(to)) continue;
      const score = textSimilarity(splitLines(content.toString('utf8')), lines);
      if (score >= alike) pairs.push({ from, to, score: score + (posix.basename(from) === posix.basename(to) ? 0.2 : 0) });
    }
    // Other extensions share this thread.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const taken = new Set<string>();
  for (const { from, to } of pairs.sort((a, b) => b.score - a.score)) {
    if (taken.has(from) || renames.has(to)) continue;
    taken.add(from);
    renames.set(to, from);
  }
}

async function linesOf(file: string): Promise<readonly string[] | undefined> {
  try {
    // A link may lead anywhere.
    const found = await lstat(file);
    return !found.isFile() || found.size > maxFileBytes ? undefined : splitLines(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
