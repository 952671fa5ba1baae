/** Which Git VS Code uses, and fetching by its Git extension. */

import { commands, extensions, workspace } from 'vscode';
import type { GitProgram } from '../../app/ports/gitProgram';

/** Milliseconds that the built-in Git extension may take to say which program it uses. */
const extensionMs = 2000;

export const vsCodeGit: GitProgram = {
  /** A workspace cannot set it. */
  own() {
    const inspected = workspace.getConfiguration('git').inspect<unknown>('path');
    const own = inspected?.globalValue ?? inspected?.defaultValue;
    return (Array.isArray(own) ? own : [own]).filter((path): path is string => typeof path === 'string');
  },
  /** What the built-in extension found, if it says so in time. */
  async found() {
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, extensionMs, undefined));
    const known = await Promise.race([programOfExtension(), late]);
    return known === undefined ? [] : [known];
  },
  onDidChange: (listener) =>
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('git.path')) listener();
    }),
  async fetch() {
    await commands.executeCommand('git.fetch');
  },
};

async function programOfExtension(): Promise<string | undefined> {
  try {
    const exported: unknown = await extensions.getExtension('vscode.git')?.activate();
    if (typeof exported !== 'object' || exported === null || !('getAPI' in exported) || typeof exported.getAPI !== 'function')
      return undefined;
    // Throws where Git is switched off (git.enabled), or not installed.
    const api: unknown = exported.getAPI(1);
    if (typeof api !== 'object' || api === null || !('git' in api)) return undefined;
    const { git } = api;
    return typeof git === 'object' && git !== null && 'path' in git && typeof git.path === 'string' ? git.path : undefined;
  } catch {
    return undefined;
  }
}
