/** What VS Code says of variables that terminals get: its first line as plain text in one place, all of it as Markdown in another. */

import type { EnvironmentVariableCollection } from 'vscode';
import { escapeMarkdown } from '../../core/text/markdown';
import { commandHover } from './markdown';

const maxName = 100;

/**
 * @param text of ours, one line that reads alike as Markdown and as plain text
 * @param links commands of ours, with their titles
 */
export function describeVariables(
  collection: EnvironmentVariableCollection,
  text: string,
  links: readonly { readonly title: string; readonly command: string }[],
): void {
  const shown = links.map(({ title, command }) => `[${escapeMarkdown(title, maxName)}](command:${command})`).join(' · ');
  collection.description = commandHover(
    `${text}\n\n${shown}`,
    links.map(({ command }) => command),
  );
}
