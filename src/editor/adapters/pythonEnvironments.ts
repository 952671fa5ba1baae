/**
 * The interpreters that VS Code's Python extension and its setting name. Source: README of vscode-python, "API"; its package.json.
 */

import { extensions, Uri, workspace } from 'vscode';
import type { PythonEnvironments } from '../../app/ports/pythonEnvironments';

/** What is used of `ms-python.python`. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(
      path: unknown,
    ): PromiseLike<{ readonly executable: { readonly uri?: { readonly fsPath: string } } } | undefined>;
  };
}

export const vsCodePython: PythonEnvironments = {
  interpreters: async (folder) => {
    const scope = folder === undefined ? undefined : Uri.file(folder);
    const set: unknown = workspace.getConfiguration('python', scope).get('defaultInterpreterPath');
    const found = [await chosen(scope), typeof set === 'string' ? set : undefined];
    // The setting's default says nothing.
    return found.filter((each): each is string => each !== undefined && each !== '' && each !== 'python');
  },
};

async function chosen(scope: Uri | undefined): Promise<string | undefined> {
  const extension = extensions.getExtension<PythonApi>('ms-python.python');
  // It is not started for us: debugging Python has done so.
  if (!extension?.isActive) return undefined;
  try {
    const { environments } = extension.exports;
    const environment = await environments?.resolveEnvironment(environments.getActiveEnvironmentPath(scope));
    return environment?.executable.uri?.fsPath;
  } catch {
    return undefined;
  }
}
