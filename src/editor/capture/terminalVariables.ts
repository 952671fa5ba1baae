/**
 * The variables of terminals, and of tasks, which run in them, as VS Code carries them: a collection for each folder, only while something is captured. VS
 * Code applies it over what a terminal inherits, so what is there already is not in it (`sharedVariables.ts`).
 */

import { type GlobalEnvironmentVariableCollection, Uri, workspace } from 'vscode';
import type { FolderVariables, TerminalTarget } from '../../app/launches/sharedSessions';
import { describeVariables } from '../plain/environment';

const platform = process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'osx' : 'linux';

export function terminalVariables(collection: GlobalEnvironmentVariableCollection): TerminalTarget {
  collection.persistent = false;
  collection.clear();
  const scoped = new Set<string>();
  const of = (folder: string | undefined) => {
    const workspaceFolder = folder === undefined ? undefined : workspace.getWorkspaceFolder(Uri.parse(folder));
    return workspaceFolder ? collection.getScoped({ workspaceFolder }) : undefined;
  };
  return {
    give(all: readonly FolderVariables[]) {
      collection.clear();
      for (const folder of scoped) of(folder)?.clear();
      scoped.clear();
      // What all folders get alike is given to all terminals: of one without a folder VS Code tells nothing that is for folders.
      const isAlike = new Set(all.map(({ variables }) => JSON.stringify(variables))).size <= 1;
      for (const { folder, variables } of isAlike ? all.slice(0, 1) : all) {
        if (variables.length === 0) continue;
        const target = isAlike || folder === undefined ? collection : of(folder);
        if (!target) continue;
        if (!isAlike && folder !== undefined) scoped.add(folder);
        for (const { name, value } of variables) if (value !== undefined) target.replace(name, value);
        describeVariables(
          target,
          'OpenTelemetry traces of programs that are started here go to this window while it captures. The command "Spanhop: Show Launch Variables" shows it and undoes it.',
          [
            { title: 'Show Variables', command: 'spanhop.showLaunchVariables' },
            { title: 'Stop Giving Them', command: 'spanhop.stopTerminalVariables' },
          ],
        );
      }
    },
    settingsOf(folder) {
      const scope = folder === undefined ? undefined : Uri.parse(folder);
      const value: unknown = workspace.getConfiguration('terminal.integrated.env', scope).get(platform);
      const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : [];
      return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
    },
  };
}
