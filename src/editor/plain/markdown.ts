/** Hovers. They are Markdown, so all punctuation of what others say is escaped: no link, no address that becomes one, no icon. */

import { MarkdownString } from 'vscode';
import { escapeMarkdown } from '../../core/text/markdown';

const maxLine = 600;
const maxCell = 300;

/** Lines of text, one below the other. */
export function linesTooltip(lines: readonly string[]): MarkdownString {
  return untrusted(lines.map((line) => escapeMarkdown(line, maxLine)).join('\n\n'));
}

/** A title, and a table of names and values. Values that are empty are left out. */
export function tableTooltip(title: string, rows: readonly (readonly [string, string])[]): MarkdownString {
  const lines = rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `| ${escapeMarkdown(name, maxCell)} | ${escapeMarkdown(value, maxCell)} |\n`);
  return untrusted(`**${escapeMarkdown(title, maxCell)}**\n\n| | |\n|:--|:--|\n${lines.join('')}`);
}

/** Markdown of ours in which everything else is escaped already, with links to these commands. */
export function commandHover(text: string, enabledCommands: readonly string[]): MarkdownString {
  const content = untrusted(text);
  content.isTrusted = { enabledCommands };
  return content;
}

function untrusted(text: string): MarkdownString {
  const content = new MarkdownString(text);
  content.isTrusted = false;
  content.supportHtml = false;
  content.supportThemeIcons = false;
  return content;
}
