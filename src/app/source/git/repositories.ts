/**
 * Which repository a file is in: the nearest folder above it with a `.git`, so that nested repositories, submodules and linked worktrees
 * need nothing special. Looking for it takes no process.
 */

import { realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Lru } from '../../../base/lru';
import type { HistoryProblem } from '../../../source/model/history';
import type { GitAnswer, GitProcesses } from './gitProcess';

export interface Repository {
  /** Folder of the working tree. */
  readonly root: string;
  readonly gitDir: string;
  /** Holds the refs; another one than `gitDir` in a linked worktree. */
  readonly commonDir: string;
  readonly shallow: boolean;
  /** Working tree of the repository that this is a submodule of. */
  readonly superproject?: string;
}

export interface FileInRepository {
  readonly repository: Repository;
  /** Below the root, with slashes. */
  readonly path: string;
}

/** Milliseconds that it is believed. */
const believedMs = 10_000;
const maxKept = 2000;

export class Repositories {
  private readonly roots = new Lru<string, Promise<string | undefined>>({ maxSize: maxKept, maxAge: believedMs });
  private readonly known = new Map<string, Promise<Repository | HistoryProblem>>();

  constructor(
    private readonly git: GitProcesses,
    private readonly found: (repository: Repository) => void,
  ) {}

  async ofFile(file: string): Promise<FileInRepository | HistoryProblem> {
    const at = await this.place(file);
    if (!at) return { problem: `${file.split(/[\\/]/).pop()} is in no Git repository.` };
    const repository = await this.at(at.root);
    return 'problem' in repository ? repository : { repository, path: relative(at.root, at.file).split(sep).join('/') };
  }

  /** Undefined where the folder is in no repository, or Git does not want to speak of it. */
  async ofFolder(folder: string): Promise<Repository | undefined> {
    const at = await this.place(join(folder, '.'));
    const root = at?.root ?? (await this.rootOf(folder));
    const repository = root === undefined ? undefined : await this.at(root);
    return repository && !('problem' in repository) ? repository : undefined;
  }

  /** All that were asked for so far. */
  async all(): Promise<readonly Repository[]> {
    const answers = await Promise.all(this.known.values());
    return answers.filter((each): each is Repository => !('problem' in each));
  }

  at(root: string): Promise<Repository | HistoryProblem> {
    let answer = this.known.get(root);
    if (!answer) {
      answer = this.open(root);
      this.known.set(root, answer);
    }
    return answer;
  }

  /** What could not be opened may be there now, and a shallow one complete. */
  forget(): void {
    this.roots.clear();
    this.known.clear();
  }

  private async place(file: string): Promise<{ readonly root: string; readonly file: string } | undefined> {
    const root = await this.rootOf(dirname(file));
    if (root !== undefined) return { root, file };
    // A link from outside into a repository.
    const real = await realpath(file).catch(() => file);
    const realRoot = real === file ? undefined : await this.rootOf(dirname(real));
    return realRoot === undefined ? undefined : { root: realRoot, file: real };
  }

  private rootOf(folder: string): Promise<string | undefined> {
    const known = this.roots.get(folder);
    if (known) return known;
    const root = this.look(folder);
    this.roots.set(folder, root);
    return root;
  }

  private async look(folder: string): Promise<string | undefined> {
    if (await exists(join(folder, '.git'))) return folder;
    const above = dirname(folder);
    return above === folder ? undefined : this.rootOf(above);
  }

  private async open(root: string): Promise<Repository | HistoryProblem> {
    const args = [
      'rev-parse',
      '--absolute-git-dir',
      '--git-common-dir',
      '--is-shallow-repository',
      '--is-inside-work-tree',
      '--show-superproject-working-tree',
    ];
    const answer = await this.git.ask({ cwd: root, args });
    if (!answer.ok) return { problem: whyNot(answer) };
    const [gitDir, commonDir, shallow, , superproject] = answer.output.toString('utf8').split(/\r?\n/);
    const repository = {
      root,
      gitDir,
      commonDir: /^(?:[\\/]|[A-Za-z]:)/.test(commonDir) ? commonDir : join(root, commonDir),
      shallow: shallow === 'true',
      ...(superproject ? { superproject } : {}),
    };
    this.found(repository);
    return repository;
  }
}

/** A sentence for what Git said instead of an answer. */
export function whyNot(answer: GitAnswer): string {
  switch (answer.kind) {
    case 'missing':
      return 'Git could not be started.';
    case 'timeout':
      return 'Git did not answer in time.';
    case 'tooLarge':
      return 'Git answered with more than is read.';
    case 'cancelled':
      return 'Git was not waited for.';
    case 'ended':
      if (/dubious ownership|safe\.directory/.test(answer.error))
        return "Git refuses the repository, as its folder belongs to somebody else (Git's setting safe.directory).";
      return `Git says: ${answer.error.trim().split('\n')[0].slice(0, 200) || 'nothing'}.`;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch {
    return false;
  }
}
