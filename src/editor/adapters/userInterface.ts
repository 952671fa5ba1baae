/** VS Code's window as `app/messages` tells people things. */

import { commands, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { UserInterface } from '../../app/ports/userInterface';
import { askForFile } from '../plain/dialogs';
import { showMessage, showProgress } from '../plain/messages';
import { runTask } from '../plain/tasks';
import { typeInTerminal } from '../plain/terminals';
import { withSignal } from './cancellation';

export const vsCodeInterface: UserInterface = {
  showMessage,
  showProgress: async (title, work) =>
    showProgress({ location: ProgressLocation.Notification, cancellable: true, title }, (token) => withSignal(token, work)),
  run: (command, ...given) => commands.executeCommand(command, ...given),
  // This command asks before it opens a domain that is not trusted; `env.openExternal` does not.
  openAddress: (url) => commands.executeCommand('vscode.open', Uri.parse(url)),
  openDraft: async (content, language) => window.showTextDocument(await workspace.openTextDocument({ content, language })),
  pickFile: async (title, filters) => (await askForFile({ title, filters }))?.fsPath,
  typeInTerminal,
  runTask,
  openAsText: (file) => commands.executeCommand('vscode.openWith', Uri.from(file), 'default'),
};
