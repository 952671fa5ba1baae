/** Commands of ours that run where a person sees them: as a task, in a terminal. */

import { ProcessExecution, Task, TaskPanelKind, TaskRevealKind, TaskScope, tasks, Uri, workspace } from 'vscode';
import type { RunnableTask } from '../../app/ports/userInterface';
import { textOf } from '../../core/text/plainText';

const maxName = 60;

/** Resolves with its exit code; undefined where it has none, because it was stopped or did not start. Stopped with the signal. */
export async function runTask({ name, program, args, folder }: RunnableTask, signal: AbortSignal): Promise<number | undefined> {
  if (signal.aborted) return undefined;
  const scope = (folder === undefined ? undefined : workspace.getWorkspaceFolder(Uri.file(folder))) ?? TaskScope.Workspace;
  // A process, not a shell: nothing of it is read as a command.
  const execution = new ProcessExecution(program, [...args], folder === undefined ? {} : { cwd: folder });
  const task = new Task({ type: 'spanhop', id: name }, scope, textOf(name, maxName), 'Spanhop', execution, []);
  task.presentationOptions = { reveal: TaskRevealKind.Always, panel: TaskPanelKind.Dedicated, clear: true, echo: true };
  const running = await tasks.executeTask(task);
  return new Promise((resolve) => {
    const stop = (): void => running.terminate();
    const listening = [
      tasks.onDidEndTaskProcess((event) => event.execution === running && end(event.exitCode)),
      // One that does not start has no process; the other event comes first where there is one.
      tasks.onDidEndTask((event) => event.execution === running && setTimeout(() => end(undefined), 500)),
    ];
    const end = (code: number | undefined): void => {
      for (const each of listening) each.dispose();
      signal.removeEventListener('abort', stop);
      resolve(code);
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
}
