/** Where Git is. Found by hand: a bare name would be looked for in the repository's own folder first on Windows. */

import { stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** The first of these that is there, else the `git` of the PATH. */
export async function findGit(
  candidates: readonly string[],
  path = process.env.PATH ?? process.env.Path ?? '',
  windows = process.platform === 'win32',
): Promise<string | undefined> {
  const name = windows ? 'git.exe' : 'git';
  const folders = path.split(delimiter).map((folder) => folder.replace(/^"(.*)"$/, '$1'));
  for (const file of [...candidates, ...folders.map((folder) => join(folder, name))]) {
    if (isAbsolute(file) && (await isFile(file))) return file;
  }
  return undefined;
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
