/** Rows and messages of tree views, and titles of tabs. A message with control characters forges rows, a title with U+202E reads backwards. */

import {
  type Command,
  type MarkdownString,
  type ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  type ViewColumn,
  type WebviewPanel,
  window,
} from 'vscode';
import { type DisplayText, textOf } from '../../core/text/plainText';

const maxLabel = 300;
const maxTitle = 200;

/** A row of a tree. */
export interface TreeRow {
  /** Never shown. */
  readonly id?: string;
  readonly label: DisplayText;
  readonly description?: DisplayText;
  readonly tooltip?: string | MarkdownString;
  /** What a screen reader says, where that is not label and description. */
  readonly spoken?: string;
  readonly icon?: ThemeIcon;
  readonly contextValue?: string;
  readonly command?: Command;
  /** Whether what is below it is shown at first; undefined: nothing is. */
  readonly open?: boolean;
}

export function treeItem({ id, label, description, tooltip, spoken, icon, contextValue, command, open }: TreeRow): TreeItem {
  const { None, Expanded, Collapsed } = TreeItemCollapsibleState;
  const item = new TreeItem(textOf(label, maxLabel), open === undefined ? None : open ? Expanded : Collapsed);
  item.id = id;
  item.description = description && textOf(description, maxLabel);
  setTooltip(item, tooltip);
  item.accessibilityInformation = spoken === undefined ? undefined : { label: textOf(spoken) };
  item.iconPath = icon;
  item.contextValue = contextValue;
  item.command = command;
  return item;
}

/** All that a row says, also to a screen reader: it is drawn again when that differs. */
export function textOfRow({ label, description, accessibilityInformation }: TreeItem): string {
  return `${label}\n${description}\n${accessibilityInformation?.label}`;
}

/** @param tooltip Markdown of `markdown.ts` only */
export function setTooltip(item: TreeItem, tooltip: string | MarkdownString | undefined): void {
  item.tooltip = typeof tooltip === 'string' ? textOf(tooltip) : tooltip;
}

/** The line above the rows; undefined: none. */
export function setViewMessage(view: TreeView<unknown>, message: string | undefined): void {
  const text = message && textOf(message);
  if (view.message !== text) view.message = text;
}

/** Beside the title; undefined: nothing. */
export function setViewDescription(view: TreeView<unknown>, description: string | undefined): void {
  const text = description && textOf(description);
  if (view.description !== text) view.description = text;
}

export function createPanel(
  type: string,
  title: string,
  column: { readonly viewColumn: ViewColumn; readonly preserveFocus?: boolean },
): WebviewPanel {
  return window.createWebviewPanel(type, textOf(title, maxTitle), column);
}

export function setPanelTitle(panel: WebviewPanel, title: string): void {
  panel.title = textOf(title, maxTitle);
}
