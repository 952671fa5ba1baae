/** The waterfall: its panel across reloads, the custom editor, and the keys that VS Code would otherwise take for itself. */

import { commands, type Disposable, window, workspace } from 'vscode';
import type { App } from '../../app/app';
import type { TraceViews } from '../../app/views/traceViews';
import { Disposables } from '../../base/disposables';
import { textScheme } from '../opening/ownSchemes';
import { editorType, jsonEditorType, panelType } from '../opening/ownViews';
import type { WebviewPanels } from './panels';
import type { TextDocuments } from './textDocuments';
import { TraceEditorProvider } from './traceEditor';

/** Commands that end in the page of the active waterfall. */
const pageCommands: readonly (readonly [string, string])[] = [
  ['spanhop.find', 'find'],
  ['spanhop.findNext', 'findNext'],
  ['spanhop.findPrevious', 'findPrevious'],
  ['spanhop.goBack', 'back'],
  ['spanhop.goForward', 'forward'],
  ['spanhop.zoomToSpan', 'zoomToSpan'],
  ['spanhop.makeRoot', 'makeRoot'],
  ['spanhop.expandBelow', 'expandBelow'],
  ['spanhop.copySpanId', 'copySpanId'],
];

export interface WaterfallServices extends Pick<App, 'files' | 'problems'> {
  readonly views: TraceViews;
  readonly panels: WebviewPanels;
  readonly texts: TextDocuments;
}

export function registerWaterfall({ views, panels, texts, files, problems }: WaterfallServices): Disposable {
  const provider = new TraceEditorProvider(views, panels, files);
  const options = { supportsMultipleEditorsPerDocument: true };
  const disposables = new Disposables(
    window.registerCustomEditorProvider(editorType, provider, options),
    window.registerCustomEditorProvider(jsonEditorType, provider, options),
    workspace.registerTextDocumentContentProvider(textScheme, texts),
    window.registerWebviewPanelSerializer(panelType, {
      deserializeWebviewPanel: async (panel, kept) => views.restore(panels.ofTrace(panel), kept),
    }),
  );
  for (const [id, command] of pageCommands) {
    disposables.add(commands.registerCommand(id, () => problems.guard(() => views.active?.command(command))));
  }
  return disposables;
}
