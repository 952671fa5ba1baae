/** VS Code's window as `app/messages` tells people things. */

import { commands, Uri } from 'vscode';
import type { UserInterface } from '../../app/ports/userInterface';
import { showMessage } from '../plain/messages';

export const vsCodeInterface: UserInterface = {
  showMessage,
  run: (command, ...given) => commands.executeCommand(command, ...given),
  openAsText: (file) => commands.executeCommand('vscode.openWith', Uri.from(file), 'default'),
};
