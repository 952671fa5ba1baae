/** The user's path mappings, with their variables replaced. */

import { URI } from 'vscode-uri';
import type { WorkspaceFolder } from '../../ports/workspace';
import type { Settings } from '../../settings/settings';

/** `spanhop.source.pathMappings` with its variables replaced. */
export function readPathMappings(
  settings: Pick<Settings, 'pathMappings'>,
  folders: readonly WorkspaceFolder[],
): Readonly<Record<string, string>> {
  const written = settings.pathMappings(folders.length > 0 ? URI.parse(folders[0].uri) : undefined);
  return Object.fromEntries(Object.entries(written).map(([prefix, folder]) => [prefix, replaceVariables(folder, folders)]));
}

/** With `${workspaceFolder}` and `${workspaceFolder:name}` as URIs. */
export function replaceVariables(folder: string, folders: readonly WorkspaceFolder[]): string {
  return folder.replace(/\$\{workspaceFolder(?::([^}]*))?\}/g, (whole, name: string | undefined) => {
    const found = name === undefined ? folders[0] : folders.find((candidate) => candidate.name === name);
    return found?.uri ?? whole;
  });
}
