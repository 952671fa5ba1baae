/** The setting `spanhop.source.pathMappings`, written: a mapping set or taken out in one scope, and how to take that back. */

import { ConfigurationTarget, type Uri, workspace } from 'vscode';

const section = 'spanhop.source';
const name = 'pathMappings';

export type MappingScope = 'workspace' | 'user';

/** A mapping as the setting has it. */
export interface WrittenMapping {
  readonly prefix: string;
  /** As written, with its variables. */
  readonly folder: string;
  readonly scope: MappingScope | 'folder';
}

const targets = {
  workspace: ConfigurationTarget.Workspace,
  user: ConfigurationTarget.Global,
  folder: ConfigurationTarget.WorkspaceFolder,
} as const;

/** What a workspace that isn't trusted says of paths is not used, so there a mapping is the user's. */
export function usualScope(): MappingScope {
  return workspace.isTrusted && workspace.workspaceFolders?.length ? 'workspace' : 'user';
}

/** All of them, the ones of the workspace first. */
export function writtenMappings(): readonly WrittenMapping[] {
  // Where one folder is open, its settings are the workspace's.
  const scopes = workspace.workspaceFile ? (['folder', 'workspace', 'user'] as const) : (['workspace', 'user'] as const);
  return scopes.flatMap((scope) =>
    Object.entries(valueIn(scope)).flatMap(([prefix, folder]) => (typeof folder === 'string' ? [{ prefix, folder, scope }] : [])),
  );
}

/** Sets a mapping, or takes it out where `folder` is undefined. Gives what takes the change back. */
export async function writeMapping(
  prefix: string,
  folder: string | undefined,
  scope: WrittenMapping['scope'],
): Promise<() => Promise<void>> {
  const before = valueIn(scope)[prefix];
  await write(prefix, folder, scope);
  return () => write(prefix, typeof before === 'string' ? before : undefined, scope);
}

/** A folder or a file as the setting would have it: relative to the workspace in the workspace's settings, so that they can be shared. */
export function asWritten(uri: Uri, scope: MappingScope): string {
  const inside = workspace.getWorkspaceFolder(uri);
  if (!inside || scope === 'user') return uri.scheme === 'file' ? uri.fsPath : uri.toString();
  const rest = uri.path.slice(inside.uri.path.replace(/\/$/, '').length).replace(/^\//, '');
  const several = (workspace.workspaceFolders?.length ?? 0) > 1;
  const variable = `\${workspaceFolder${several ? `:${inside.name}` : ''}}`;
  return rest === '' ? variable : `${variable}/${rest}`;
}

async function write(prefix: string, folder: string | undefined, scope: WrittenMapping['scope']): Promise<void> {
  const { [prefix]: _, ...others } = valueIn(scope);
  const next = folder === undefined ? others : { ...others, [prefix]: folder };
  // An empty object would stay in the file for nothing.
  const value = Object.keys(next).length ? next : undefined;
  await configuration().update(name, value, targets[scope]);
}

/** The setting's value in one scope alone. */
function valueIn(scope: WrittenMapping['scope']): Readonly<Record<string, unknown>> {
  const all = configuration().inspect<Record<string, unknown>>(name);
  const value = { workspace: all?.workspaceValue, user: all?.globalValue, folder: all?.workspaceFolderValue }[scope];
  return typeof value === 'object' && value !== null ? value : {};
}

function configuration(): ReturnType<typeof workspace.getConfiguration> {
  return workspace.getConfiguration(section, workspace.workspaceFolders?.[0]?.uri);
}
