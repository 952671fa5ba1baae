/** Finds the ripgrep that VS Code itself searches with: it is there on every machine, and of this machine's processor. */

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * Path of an executable, or undefined.
 * @param appRoot `vscode.env.appRoot`
 */
export async function findRipgrep(appRoot: string): Promise<string | undefined> {
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const processor = `${process.platform}-${process.arch}`;
  const packages = ['node_modules', 'node_modules.asar.unpacked'].flatMap((modules) => [
    join(modules, '@vscode', 'ripgrep', 'bin', name),
    // VS Code 1.130 and later: one package for all processors.
    join(modules, '@vscode', 'ripgrep-universal', 'bin', processor, name),
    join(modules, 'vscode-ripgrep', 'bin', name),
  ]);
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name));
  // code-server's root is the one above VS Code's.
  const candidates = [appRoot, join(appRoot, 'lib', 'vscode')].flatMap((root) => packages.map((path) => join(root, path)));
  for (const candidate of [...candidates, ...onPath]) if (await isExecutable(candidate)) return candidate;
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
