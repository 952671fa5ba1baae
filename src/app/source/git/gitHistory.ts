/**
 * What Git knows of the files of the workspace. A text at a commit never changes, so it is kept as long as there is room; what a tag or a
 * branch names is asked anew when refs change, and renames when files do. The first question for a commit takes Git three short runs, later
 * ones for another file one, for the same file none.
 */

import { posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Lru } from '../../../base/lru';
import { isFullHash, isRevisionName } from '../../../source/drift/revisions';
import type { HistoryPort, HistoryProblem, RenamedFiles, TextAtRevision } from '../../../source/model/history';
import { joinUri } from '../../../source/uri/uri';
import { uriOfPath } from '../../workspace/rawFiles';
import { GitProcesses } from './gitProcess';
import { ContentReader, isAnswer, readObjects } from './objects';
import { type Renames, renamesSince } from './renames';
import { type FileInRepository, Repositories, type Repository, whyNot } from './repositories';

export interface GitHost {
  /** Absolute path of the program. */
  findGit(): Promise<string | undefined>;
  isTrusted(): boolean;
  /** Whether a file (URI) is where files may be read: a link may lead into a repository of somebody else. */
  mayRead(file: string): Promise<boolean>;
  /** URIs of the workspace folders. */
  folders(): readonly string[];
  /** A repository was opened; its refs may be watched from now on. */
  opened(repository: Repository): void;
}

interface Tools {
  readonly git: GitProcesses;
  readonly reader: ContentReader;
  readonly repositories: Repositories;
}

type Answer = TextAtRevision | HistoryProblem;

const maxBytes = 4 * 1024 * 1024;
const maxChars = 32 * 1024 * 1024;
const maxTexts = 2000;
const maxKept = 500;
/** Commits whose renames are kept. */
const maxCommits = 20;

/** Answers are shared between questions, so none is cancelled with the one that came first; each run of Git has its time. */
export class GitHistory implements HistoryPort {
  private tools: Promise<Tools | undefined> | undefined;
  private readonly commits = new Lru<string, Promise<string | HistoryProblem>>({ maxSize: maxKept });
  private readonly renames = new Lru<string, Promise<Renames>>({ maxSize: maxCommits });
  /** Texts by repository, commit and path then; the least recently used first. */
  private readonly texts = new Map<string, Promise<string | undefined>>();
  private readonly sizes = new Map<string, number>();
  private chars = 0;
  /** Answers by repository, commit and path today. */
  private readonly answers = new Lru<string, Promise<Answer>>({ maxSize: maxKept });

  constructor(private readonly host: GitHost) {}

  /** HEAD of the repository that a folder (path) is in, and whether files that Git knows of were changed since. Undefined where that cannot be told. */
  async head(folder: string): Promise<{ readonly commit: string; readonly changes: boolean } | undefined> {
    const tools = await this.open();
    if ('problem' in tools || !(await this.host.mayRead(uriOfPath(folder)))) return undefined;
    const repository = await tools.repositories.ofFolder(folder);
    if (!repository) return undefined;
    const cwd = repository.root;
    const [commit, changes] = await Promise.all([
      tools.git.ask({ cwd, args: ['rev-parse', '--verify', 'HEAD^{commit}'] }),
      tools.git.ask({
        cwd,
        args: ['status', '--porcelain', '--untracked-files=no', '--ignore-submodules=dirty'],
        maxBytes: 1 << 16,
      }),
    ]);
    const hash = commit.output.toString('latin1').trim();
    if (!commit.ok || !isFullHash(hash)) return undefined;
    return { commit: hash, changes: changes.kind === 'tooLarge' || (changes.ok && changes.output.length > 0) };
  }

  async textAt(file: string, refs: readonly string[]): Promise<Answer> {
    const tools = await this.open();
    if ('problem' in tools) return tools;
    const path = pathOf(file);
    if (path === undefined) return { problem: 'Git is asked for files of this machine only.' };
    if (!(await this.host.mayRead(file))) return { problem: 'Git is not asked for files outside of the workspace.' };
    const place = await tools.repositories.ofFile(path);
    if ('problem' in place) return place;
    const commit = await this.commitOf(place.repository, refs);
    if (typeof commit !== 'string') return commit;
    const key = `${place.repository.root}\0${commit}\0${place.path}`;
    let answer = this.answers.get(key);
    if (!answer) {
      answer = this.read(tools, place, commit, file);
      this.answers.set(key, answer);
      // Git may have had no time.
      void answer.then((each) => 'problem' in each && this.answers.delete(key));
    }
    return answer;
  }

  async renamedSince(baseName: string, refs: readonly string[]): Promise<RenamedFiles | HistoryProblem> {
    const tools = await this.open();
    if ('problem' in tools) return tools;
    const { git, repositories } = tools;
    for (const folder of this.host.folders()) {
      const path = pathOf(folder);
      if (path !== undefined) await repositories.ofFolder(path);
    }
    const all = await repositories.all();
    if (!all.length) return { problem: 'The workspace is in no Git repository.' };
    const files: { from: string; to: string }[] = [];
    let problem: HistoryProblem | undefined;
    for (const repository of all) {
      const commit = await this.commitOf(repository, refs);
      if (typeof commit !== 'string') {
        problem ??= commit;
        continue;
      }
      const root = this.uriOf(repository);
      for (const [to, from] of await this.renamesOf(git, repository, commit)) {
        if (posix.basename(from) === baseName)
          files.push({ from: joinUri(root, from.split('/')), to: joinUri(root, to.split('/')) });
      }
      problem = undefined;
    }
    return problem && !files.length ? problem : { files };
  }

  /** Branches, tags or HEAD changed, or commits were fetched. */
  forgetRefs(): void {
    this.commits.clear();
    this.renames.clear();
    this.answers.clear();
    void this.tools?.then((tools) => tools?.repositories.forget());
  }

  /** Files came or went: what they were called may be told otherwise. */
  forgetFiles(): void {
    this.renames.clear();
    for (const [key, answer] of this.answers) {
      void answer.then((each) => ('problem' in each || each.renamedFrom !== undefined) && this.answers.delete(key));
    }
  }

  /** The program may be another one, or there now. */
  forgetProgram(): void {
    this.tools = undefined;
    this.forgetRefs();
  }

  private async open(): Promise<Tools | HistoryProblem> {
    if (!this.host.isTrusted()) return { problem: 'Git is not asked in a workspace that is not trusted.' };
    this.tools ??= this.host.findGit().then((program) => {
      if (program === undefined) return undefined;
      const git = new GitProcesses(program);
      return {
        git,
        reader: new ContentReader(git),
        repositories: new Repositories(git, (repository) => this.host.opened(repository)),
      };
    });
    return (await this.tools) ?? { problem: 'Git was not found on this machine (setting git.path).' };
  }

  private commitOf(repository: Repository, refs: readonly string[]): Promise<string | HistoryProblem> {
    const key = `${repository.root}\0${refs.join(' ')}`;
    let answer = this.commits.get(key);
    if (!answer) {
      answer = this.resolve(repository, refs.filter(isRevisionName));
      this.commits.set(key, answer);
      void answer.then((each) => typeof each !== 'string' && each.missing === undefined && this.commits.delete(key));
    }
    return answer;
  }

  private async resolve(repository: Repository, refs: readonly string[]): Promise<string | HistoryProblem> {
    const tools = await this.open();
    if ('problem' in tools) return tools;
    // The plainest of its names, to be shown: `1.4.2` rather than `cart@1.4.2`.
    const [name] = [...refs].sort((a, b) => a.length - b.length);
    if (name === undefined) return { problem: 'The span names no revision that Git could know.' };
    const names = refs.map((ref) => `${ref}^{commit}`);
    const found = await readObjects(tools.git, repository.root, names, { content: false });
    if (isAnswer(found)) return { problem: whyNot(found) };
    const commit = found.find((each) => each?.type === 'commit')?.hash;
    if (commit !== undefined) return commit;
    const above = await this.inSuperproject(tools, repository, refs);
    if (above !== undefined) return above;
    const shortName = name.replace(/^refs\/(?:tags|heads|remotes)\//, '');
    const what = isFullHash(shortName) ? shortName.slice(0, 7) : shortName;
    const kind = name.startsWith('refs/tags/') ? 'Tag' : name.startsWith('refs/') ? 'Branch' : 'Commit';
    const where = repository.shallow ? 'this repository, which is a shallow clone' : 'this repository';
    return { problem: `${kind} ${what} is not in ${where}.`, missing: what };
  }

  /** A trace of the whole product names the commit of the repository around, which names the commit of this submodule. */
  private async inSuperproject(
    { git, repositories }: Tools,
    { root, superproject }: Repository,
    refs: readonly string[],
  ): Promise<string | undefined> {
    if (superproject === undefined) return undefined;
    const outer = await repositories.at(superproject);
    if ('problem' in outer) return undefined;
    const commit = await this.commitOf(outer, refs);
    if (typeof commit !== 'string') return undefined;
    const path = relative(superproject, root).split(sep).join('/');
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}:${path}`];
    const answer = await git.ask({ cwd: superproject, args });
    const hash = answer.output.toString('utf8').trim();
    if (!answer.ok || !isFullHash(hash)) return undefined;
    const found = await readObjects(git, root, [`${hash}^{commit}`], { content: false });
    return isAnswer(found) ? undefined : found[0]?.hash;
  }

  private async read(tools: Tools, { repository, path }: FileInRepository, commit: string, file: string): Promise<Answer> {
    const { root } = repository;
    const text = await this.text(tools, root, commit, path);
    if (text !== undefined) return { commit, text };
    const from = (await this.renamesOf(tools.git, repository, commit)).get(path);
    const before = from === undefined ? undefined : await this.text(tools, root, commit, from);
    if (from === undefined || before === undefined) {
      return { problem: `${posix.basename(path)} is not in commit ${commit.slice(0, 7)}, or is too large to compare.` };
    }
    const up = path.split('/').length;
    const base = file.split('/').slice(0, -up).join('/');
    return { commit, text: before, renamedFrom: joinUri(base, from.split('/')) };
  }

  private text({ reader }: Tools, root: string, commit: string, path: string): Promise<string | undefined> {
    const key = `${root}\0${commit}\0${path}`;
    const known = this.texts.get(key);
    if (known) {
      this.texts.delete(key);
      this.texts.set(key, known);
      return known;
    }
    const work = reader.read(root, `${commit}:${path}`).then((object) => {
      const failed = object !== undefined && 'output' in object;
      if (failed && object.kind !== 'tooLarge') this.texts.delete(key);
      const content = failed || object?.type !== 'blob' ? undefined : object.content;
      // Text has no NUL, in any encoding that is compared here.
      if (!content || content.length > maxBytes || content.includes(0)) return undefined;
      const text = content.toString('utf8');
      // It may have left meanwhile.
      if (this.texts.has(key)) {
        this.sizes.set(key, text.length);
        this.chars += text.length;
        this.bound(key);
      }
      return text;
    });
    this.texts.set(key, work);
    this.bound(key);
    return work;
  }

  /** Lets the least recently used go. */
  private bound(used: string): void {
    for (const oldest of this.texts.keys()) {
      if ((this.chars <= maxChars && this.texts.size <= maxTexts) || oldest === used) break;
      this.texts.delete(oldest);
      this.chars -= this.sizes.get(oldest) ?? 0;
      this.sizes.delete(oldest);
    }
  }

  private renamesOf(git: GitProcesses, { root }: Repository, commit: string): Promise<Renames> {
    const key = `${root}\0${commit}`;
    let answer = this.renames.get(key);
    if (!answer) {
      answer = renamesSince(git, root, commit);
      this.renames.set(key, answer);
    }
    return answer;
  }

  /** Spelt as the workspace's own URIs are, where one of its folders tells how. */
  private uriOf({ root }: Repository): string {
    for (const folder of this.host.folders()) {
      const path = pathOf(folder);
      const inside = path === undefined ? undefined : relative(root, path);
      if (inside === undefined || inside.startsWith('..')) continue;
      const up = inside === '' ? 0 : inside.split(sep).length;
      return up === 0 ? folder : folder.split('/').slice(0, -up).join('/');
    }
    return uriOfPath(root);
  }
}

function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}
