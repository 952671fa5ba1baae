/** The waterfall: its panel across reloads, the custom editor, and the keys that VS Code would otherwise take for itself. */

import { commands, type Disposable, window } from 'vscode';
import type { App } from '../../app/app';
import { Disposables } from '../../base/disposables';
import { TraceEditorProvider } from './traceEditor';
import type { TraceViews } from './traceViews';
import { editorType, jsonEditorType, panelType } from './traceViews';

/** Commands that end in the page of the active waterfall. */
const pageCommands: readonly (readonly [string, string])[] = [
  ['spanhop.find', 'find'],
  ['spanhop.findNext', 'findNext'],
  ['spanhop.findPrevious', 'findPrevious'],
  ['spanhop.goBack', 'back'],
  ['spanhop.goForward', 'forward'],
];

export function registerWaterfall({
  views,
  files,
  problems,
}: Pick<App, 'files' | 'problems'> & { readonly views: TraceViews }): Disposable {
  const provider = new TraceEditorProvider(views, files);
  const options = { supportsMultipleEditorsPerDocument: true };
  const disposables = new Disposables(
    window.registerCustomEditorProvider(editorType, provider, options),
    window.registerCustomEditorProvider(jsonEditorType, provider, options),
    window.registerWebviewPanelSerializer(panelType, {
      deserializeWebviewPanel: async (panel, kept) => views.restore(panel, kept),
    }),
  );
  for (const [id, command] of pageCommands) {
    disposables.add(
      commands.registerCommand(id, () => problems.guard(() => views.active?.connection.call('command', { command }))),
    );
  }
  return disposables;
}
