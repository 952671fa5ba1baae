/** The folders of the workspace, and what in them is source that a person wrote. */

import ignore, { type Ignore } from 'ignore';
import { FileType, type Uri, workspace } from 'vscode';
import { exclusions } from '../../../app/source/textSearch/exclusions';
import { GitIgnores, type IgnoreFiles } from '../../../app/source/textSearch/gitIgnores';

/** A .gitignore that is longer is none. */
const maxIgnoreBytes = 1 << 20;

export class SourceFolder {
  private constructor(
    readonly uri: Uri,
    /** Lines of a .gitignore. */
    readonly excluded: readonly string[],
    private readonly own: Ignore,
    private readonly git: GitIgnores,
  ) {}

  static async of(uri: Uri): Promise<SourceFolder> {
    const setting = (name: string): Readonly<Record<string, unknown>> =>
      workspace.getConfiguration(name, uri).get<Readonly<Record<string, unknown>>>('exclude') ?? {};
    const excluded = exclusions({ ...setting('files'), ...setting('search') });
    const git = await GitIgnores.of(uri.path.replace(/\/$/, ''), ignoreFilesOf(uri));
    return new SourceFolder(uri, excluded, ignore({ ignorecase: false }).add(excluded), git);
  }

  /** Whether .gitignore files of folders above count. */
  get useParentIgnores(): boolean {
    return this.git.useParents;
  }

  /** Path of a file in this folder, undefined where it is in another. */
  pathOf(file: Uri): string | undefined {
    const { scheme, authority, path } = this.uri;
    const begin = path.endsWith('/') ? path : `${path}/`;
    if (file.scheme !== scheme || file.authority !== authority || !file.path.startsWith(begin)) return undefined;
    return file.path.slice(begin.length);
  }

  /** @param path of a file, relative to this folder */
  async isSource(path: string): Promise<boolean> {
    if (path === '' || path.split('/').some((segment) => segment.startsWith('.'))) return false;
    return !this.own.ignores(path) && !(await this.git.ignores(path));
  }
}

function ignoreFilesOf(folder: Uri): IgnoreFiles {
  const at = (path: string): Uri => folder.with({ path });
  return {
    async readText(path) {
      try {
        const bytes = await workspace.fs.readFile(at(path));
        return bytes.length > maxIgnoreBytes ? undefined : new TextDecoder().decode(bytes);
      } catch {
        return undefined;
      }
    },
    async exists(path) {
      try {
        return (await workspace.fs.stat(at(path))).type !== FileType.Unknown;
      } catch {
        return false;
      }
    },
  };
}
