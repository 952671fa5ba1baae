/** The folders of the workspace, and what in them is source that a person wrote. */

import ignore, { type Ignore } from 'ignore';
import { formatUri, parseUri, relativeSegments } from '../../../source/uri/uri';
import type { Workspace } from '../../ports/workspace';
import { readBytes, statFile } from '../../workspace/rawFiles';
import { exclusions } from './exclusions';
import { GitIgnores, type IgnoreFiles } from './gitIgnores';

/** A .gitignore that is longer is none. */
const maxIgnoreBytes = 1 << 20;

export class SourceFolder {
  private constructor(
    readonly uri: string,
    /** Lines of a .gitignore. */
    readonly excluded: readonly string[],
    private readonly own: Ignore,
    private readonly git: GitIgnores,
  ) {}

  /** @param uri of a workspace folder */
  static async of(uri: string, workspace: Workspace): Promise<SourceFolder> {
    const { files, search } = workspace.excluded(uri);
    const excluded = exclusions({ ...files, ...search });
    const git = await GitIgnores.of((parseUri(uri)?.path ?? '').replace(/\/$/, ''), ignoreFilesOf(uri, workspace));
    return new SourceFolder(uri, excluded, ignore({ ignorecase: false }).add(excluded), git);
  }

  /** Whether .gitignore files of folders above count. */
  get useParentIgnores(): boolean {
    return this.git.useParents;
  }

  /** Path of a file in this folder, undefined where it is in another. */
  pathOf(file: string): string | undefined {
    return relativeSegments(this.uri, file, true)?.join('/');
  }

  /** @param path of a file, relative to this folder */
  async isSource(path: string): Promise<boolean> {
    if (path === '' || path.split('/').some((segment) => segment.startsWith('.'))) return false;
    return !this.own.ignores(path) && !(await this.git.ignores(path));
  }
}

function ignoreFilesOf(folder: string, workspace: Workspace): IgnoreFiles {
  const parsed = parseUri(folder);
  const at = (path: string): string => (parsed ? formatUri({ ...parsed, path }) : folder);
  return {
    async readText(path) {
      const read = await readBytes(at(path), workspace, maxIgnoreBytes);
      return read && new TextDecoder().decode(read.bytes);
    },
    exists: async (path) => (await statFile(at(path), workspace)) !== undefined,
  };
}
