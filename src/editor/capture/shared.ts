/** Terminals, tasks and tests of this window, with what decides about their variables: the capture, settings, folders, and the `.env` of a folder when it is saved. */

import { type Disposable, type GlobalEnvironmentVariableCollection, workspace } from 'vscode';
import type { App } from '../../app/app';
import type { DebugSessions } from '../../app/launches/debugSessions';
import { EnvFiles } from '../../app/launches/envFiles';
import { SharedSessions } from '../../app/launches/sharedSessions';
import { Disposables } from '../../base/disposables';
import type { Launching } from './launching';
import { terminalVariables } from './terminalVariables';

export interface SharedServices extends Pick<App, 'capture' | 'settings' | 'problems' | 'source'> {
  readonly sessions: DebugSessions;
  readonly collection: GlobalEnvironmentVariableCollection;
}

export function createShared(
  { capture, settings, problems, source, sessions, collection }: SharedServices,
  { host }: Pick<Launching, 'host'>,
): Disposable & { readonly sessions: SharedSessions } {
  const shared = new SharedSessions({
    ...{ capture, settings, problems, sessions, host },
    terminals: terminalVariables(collection),
    envFiles: new EnvFiles(source.files),
    folders: () =>
      (workspace.workspaceFolders ?? []).map(({ uri }) => ({
        uri: uri.toString(),
        path: uri.scheme === 'file' ? uri.fsPath : undefined,
      })),
    windows: process.platform === 'win32',
  });
  const refresh = (): void => shared.refresh();
  const disposables = new Disposables(
    shared,
    settings.onDidChangeOf(['capture.terminals', 'capture.tests'], refresh),
    workspace.onDidChangeWorkspaceFolders(refresh),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('terminal.integrated.env')) refresh();
    }),
    workspace.onDidSaveTextDocument(({ uri }) => {
      if (/\/\.env$/.test(uri.path)) refresh();
    }),
  );
  return { sessions: shared, dispose: () => disposables.dispose() };
}
