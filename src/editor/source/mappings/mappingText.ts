/** Mappings in words, for lists and questions. */

import { Uri, workspace } from 'vscode';
import type { InferredMapping } from '../../../source';

/** A folder or file here, for a person: below the workspace folder, or in full. */
export function placeName(target: string): string {
  const uri = Uri.parse(target);
  const folder = workspace.getWorkspaceFolder(uri);
  if (!folder) return uri.scheme === 'file' ? uri.fsPath : uri.toString(true);
  const isFolder = folder.uri.path.replace(/\/$/, '') === uri.path.replace(/\/$/, '');
  return isFolder ? folder.name : workspace.asRelativePath(uri);
}

/** `/usr/src/app → services/cart` */
export function arrow({ prefix, target }: Pick<InferredMapping, 'prefix' | 'target'>): string {
  return `${prefix === '.' ? 'Relative paths' : prefix} → ${placeName(target)}`;
}

/** In which settings. */
export const scopeNames = {
  workspace: "this workspace's settings",
  folder: "this folder's settings",
  user: 'your user settings',
} as const;
