/** The folders of a workspace, by their URIs. */

import type { Workspace } from '../ports/workspace';

/** URIs of the workspace folders. */
export function folderUris(workspace: Pick<Workspace, 'folders'>): readonly string[] {
  return workspace.folders().map(({ uri }) => uri);
}

/** URI of the innermost folder that a file is in by its name. */
export function folderOf(workspace: Pick<Workspace, 'folders'>, uri: string): string | undefined {
  let found: string | undefined;
  for (const folder of workspace.folders())
    if (uri.startsWith(`${folder.uri}/`) && folder.uri.length > (found?.length ?? 0)) found = folder.uri;
  return found;
}
