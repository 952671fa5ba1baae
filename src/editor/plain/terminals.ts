/** Terminals with a command that is typed, and not run: a person reads it and presses Enter, or does not. */

import { window } from 'vscode';
import { textOf } from '../../core/text/plainText';

const maxName = 40;

/** @param folder where it is open, a path @param command of ours: one line */
export function typeInTerminal(name: string, folder: string | undefined, command: string): void {
  const terminal = window.createTerminal({ name: textOf(name, maxName), cwd: folder });
  terminal.show();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line end, or what a shell takes for a key, would run it.
  terminal.sendText(command.replaceAll(/[\x00-\x1f\x7f]+/g, ' '), false);
}
