/** VS Code's groups of editors as `app/views/columns.ts` weighs them. */

import {
  type Tab,
  type TabGroup,
  TabInputCustom,
  TabInputNotebook,
  TabInputNotebookDiff,
  TabInputTerminal,
  TabInputText,
  TabInputTextDiff,
  TabInputWebview,
  type Uri,
  window,
} from 'vscode';
import type { EditorColumn } from '../../app/views/columns';
import { traceViewTypes } from './ownViews';

/** @param file what is to be opened: a column that has it says so */
export function editorColumns(file?: Uri): readonly EditorColumn[] {
  return window.tabGroups.all.map((group) => ({
    column: group.viewColumn,
    active: group.isActive,
    front: group.activeTab ? kindOf(group.activeTab) : 'nothing',
    hasTrace: group.tabs.some((tab) => kindOf(tab) === 'trace'),
    hasDocument: group.tabs.some((tab) => kindOf(tab) === 'document'),
    file: file && standing(group, file.toString()),
  }));
}

function kindOf({ input }: Tab): 'trace' | 'document' | 'other' {
  // VS Code writes a prefix of its own before the type of a panel.
  if (input instanceof TabInputWebview) return isOfType(input.viewType) ? 'trace' : 'other';
  if (input instanceof TabInputCustom) return isOfType(input.viewType) ? 'trace' : 'document';
  const isDocument =
    input instanceof TabInputText ||
    input instanceof TabInputTextDiff ||
    input instanceof TabInputNotebook ||
    input instanceof TabInputNotebookDiff ||
    input instanceof TabInputTerminal;
  return isDocument ? 'document' : 'other';
}

function isOfType(viewType: string): boolean {
  return traceViewTypes.some((type) => viewType === type || viewType.endsWith(`-${type}`));
}

function standing({ tabs, activeTab }: TabGroup, file: string): EditorColumn['file'] {
  const holds = ({ input }: Tab): boolean => input instanceof TabInputText && input.uri.toString() === file;
  if (activeTab && holds(activeTab)) return 'front';
  return tabs.some(holds) ? 'behind' : undefined;
}
