/**
 * What Git ignores in a folder: the .gitignore files on the way to a file, the deepest first, and the repository's own list. Ripgrep knows this by
 * itself for whole folders; this is for single files that changed, and for folders that ripgrep cannot reach.
 */

import ignore, { type Ignore } from 'ignore';
import { Lru } from '../../../base/lru';

/** Paths are absolute, with slashes. Nothing rejects: what cannot be read is not there. */
export interface IgnoreFiles {
  readText(path: string): Promise<string | undefined>;
  exists(path: string): Promise<boolean>;
}

/** Folders above the workspace's in which a repository is looked for. */
const maxParents = 20;
const maxKept = 20_000;

export class GitIgnores {
  private readonly rules = new Lru<string, Promise<Ignore | undefined>>({ maxSize: maxKept });
  private readonly ignoredFolders = new Lru<string, Promise<boolean>>({ maxSize: maxKept });

  private constructor(
    private readonly folder: string,
    /** The folder from which on .gitignore files count: the workspace's, or the repository's that it is in. */
    private readonly top: string,
    private readonly files: IgnoreFiles,
  ) {}

  /** @param folder without a slash at the end */
  static async of(folder: string, files: IgnoreFiles): Promise<GitIgnores> {
    const top = await repositoryOf(folder, files);
    if (top === undefined || top === folder) return new GitIgnores(folder, folder, files);
    const inRepository = new GitIgnores(folder, top, files);
    // Somebody opened a folder that its repository ignores: they know what they do, and want to find something in it.
    return (await inRepository.isIgnoredFolder(folder)) ? new GitIgnores(folder, folder, files) : inRepository;
  }

  /** Whether .gitignore files above the folder count. */
  get useParents(): boolean {
    return this.top !== this.folder;
  }

  /** @param path relative to the folder, with slashes */
  async ignores(path: string): Promise<boolean> {
    const whole = `${this.folder}/${path}`;
    return (await this.isIgnoredFolder(parentOf(whole))) || this.isIgnored(whole, false);
  }

  /** Nothing below an ignored folder can be taken back, so each folder is decided once. */
  private isIgnoredFolder(path: string): Promise<boolean> {
    if (path.length <= this.top.length) return Promise.resolve(false);
    const known = this.ignoredFolders.get(path);
    if (known) return known;
    const answer = this.isIgnoredFolder(parentOf(path)).then((above) => above || this.isIgnored(path, true));
    this.ignoredFolders.set(path, answer);
    return answer;
  }

  private async isIgnored(path: string, isFolder: boolean): Promise<boolean> {
    for (let at = parentOf(path); at.length >= this.top.length; at = parentOf(at)) {
      const rules = await this.rulesOf(at);
      if (rules) {
        const { ignored, unignored } = rules.test(`${path.slice(at.length + 1)}${isFolder ? '/' : ''}`);
        if (ignored || unignored) return ignored;
      }
      if (at === '') break;
    }
    return false;
  }

  private rulesOf(folder: string): Promise<Ignore | undefined> {
    const known = this.rules.get(folder);
    if (known) return known;
    const names = folder === this.top ? ['.git/info/exclude', '.gitignore'] : ['.gitignore'];
    const reading = Promise.all(names.map((name) => this.files.readText(`${folder}/${name}`))).then((texts) => {
      const found = texts.filter((text) => text !== undefined);
      if (found.length === 0) return undefined;
      const rules = ignore({ ignorecase: false });
      // A text alone is split into its lines; in a list each would be one pattern.
      for (const text of found) rules.add(text);
      return rules;
    });
    this.rules.set(folder, reading);
    return reading;
  }
}

async function repositoryOf(folder: string, files: IgnoreFiles): Promise<string | undefined> {
  let at = folder;
  for (let step = 0; step < maxParents; step++) {
    if (await files.exists(`${at}/.git`)) return at;
    if (at === '') return undefined;
    at = parentOf(at);
  }
  return undefined;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
