/** VS Code's window as `app/messages` tells people things. */

import { commands, ProgressLocation, Uri } from 'vscode';
import type { UserInterface } from '../../app/ports/userInterface';
import { showMessage, showProgress } from '../plain/messages';
import { withSignal } from './cancellation';

export const vsCodeInterface: UserInterface = {
  showMessage,
  showProgress: async (title, work) =>
    showProgress({ location: ProgressLocation.Notification, cancellable: true, title }, (token) => withSignal(token, work)),
  run: (command, ...given) => commands.executeCommand(command, ...given),
  openAsText: (file) => commands.executeCommand('vscode.openWith', Uri.from(file), 'default'),
};
