/** What VS Code says of variables that terminals get. It is Markdown, so all that is not ours is escaped. */

import type { EnvironmentVariableCollection } from 'vscode';
import { escapeMarkdown } from '../../core/text/markdown';
import { commandHover } from './markdown';

const maxName = 100;

/** @param links commands of ours, with their titles */
export function describeVariables(
  collection: EnvironmentVariableCollection,
  text: string,
  links: readonly { readonly title: string; readonly command: string }[],
): void {
  const shown = links.map(({ title, command }) => `[${escapeMarkdown(title, maxName)}](command:${command})`).join(' · ');
  collection.description = commandHover(
    `${escapeMarkdown(text, 600)}\n\n${shown}`,
    links.map(({ command }) => command),
  );
}
