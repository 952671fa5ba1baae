/** Commands of ours: what goes wrong in one is shown. */

import { commands, type Disposable } from 'vscode';
import type { Problems } from '../../app/messages/problems';

/** @param run gets the command's first argument, which is anybody's */
export function registerCommand(problems: Problems, id: string, run: (given: unknown) => unknown): Disposable {
  return commands.registerCommand(id, (given?: unknown) => problems.guard(() => run(given)));
}
