/** Notices programs that cannot be given variables here: sessions that attach, containers, other machines, tasks that start containers. */

import { type DebugSession, type Disposable, debug, env, ShellExecution, type Task, tasks } from 'vscode';
import type { App } from '../../app/app';
import { HowTo, startsContainers } from '../../app/launches/howTo';
import { Disposables } from '../../base/disposables';
import { placeOf } from '../../capture/programPlace';
import { isChild, launchOf } from './launchConfiguration';

export function registerFarPrograms({ capture, memento, problems }: Pick<App, 'capture' | 'memento' | 'problems'>): Disposable {
  const copy = (text: string) => env.clipboard.writeText(text);
  const howTo = new HowTo({ capture, memento, problems, copy, linux: process.platform === 'linux' });
  return new Disposables(
    debug.onDidStartDebugSession(({ parentSession, configuration, workspaceFolder }: DebugSession) => {
      if (parentSession || isChild(configuration)) return;
      const place = placeOf(configuration);
      if (place !== 'here') void problems.guard(() => howTo.session(launchOf(workspaceFolder, configuration), place));
    }),
    tasks.onDidStartTask(({ execution: { task } }) => {
      const { definition, name } = task;
      if (startsContainers(definition.type, commandOf(task))) void problems.guard(() => howTo.task(folderOf(task), name));
    }),
  );
}

function commandOf({ execution }: Task): string {
  if (!(execution instanceof ShellExecution)) return '';
  const { commandLine, command, args } = execution;
  const texts = [command, ...(args ?? [])].map((each) => (typeof each === 'string' ? each : (each?.value ?? '')));
  return commandLine ?? texts.join(' ');
}

function folderOf({ scope }: Task): string {
  return typeof scope === 'object' ? scope.uri.toString() : '';
}
