/** VS Code's panels as stages of views: those of one trace each, and those of the custom editor. */

import { commands, TabInputCustom, Uri, type Webview, type WebviewPanel, window } from 'vscode';
import { columnForTrace } from '../../app/views/columns';
import { activeColumn, type Panel, type Panels, type ViewColumn } from '../../app/views/stage';
import type { Port } from '../../protocol/rpc';
import { editorColumns } from '../opening/editorColumns';
import { editorType, panelType, traceViewTypes } from '../opening/ownViews';
import { createPanel, setPanelTitle } from '../plain/views';
import { waterfallHtml } from './html';

export class WebviewPanels implements Panels {
  constructor(private readonly extensionUri: Uri) {}

  create(title: string, options: { readonly viewColumn: ViewColumn; readonly preserveFocus?: boolean }): Panel {
    const viewColumn = columnForTrace(editorColumns(), options.viewColumn);
    return this.ofTrace(createPanel(panelType, title, { ...options, viewColumn }));
  }

  openFile(uri: Uri, wish: ViewColumn): PromiseLike<unknown> {
    const open = wish === activeColumn ? openEditorOf(uri) : undefined;
    const { viewType = editorType, viewColumn = columnForTrace(editorColumns(), wish) } = open ?? {};
    return commands.executeCommand('vscode.openWith', uri, viewType, viewColumn);
  }

  /** A panel of our own: new, or back after a reload of the window. */
  ofTrace(panel: WebviewPanel): Panel {
    const icon = (name: string): Uri => Uri.joinPath(this.extensionUri, 'media', name);
    panel.iconPath = { light: icon('trace-light.svg'), dark: icon('trace-dark.svg') };
    return this.stage(panel, (title) => setPanelTitle(panel, title));
  }

  /** The custom editor's panel keeps its file's name. */
  ofFile(panel: WebviewPanel): Panel {
    return this.stage(panel, () => {});
  }

  private stage(panel: WebviewPanel, setTitle: (title: string) => void): Panel {
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [Uri.joinPath(this.extensionUri, 'dist')] };
    // At once: the page needs longer than anything else until it is there.
    webview.html = waterfallHtml(webview, this.extensionUri);
    return {
      port: webviewPort(webview),
      get viewColumn() {
        return panel.viewColumn;
      },
      get visible() {
        return panel.visible;
      },
      get active() {
        return panel.active;
      },
      setTitle,
      onDidChangeState: panel.onDidChangeViewState,
      onDidClose: panel.onDidDispose,
      reveal: (viewColumn, preserveFocus) => panel.reveal(viewColumn, preserveFocus),
      close: () => panel.dispose(),
    };
  }
}

/** Where a file is open as a trace. */
function openEditorOf(uri: Uri): { readonly viewType: string; readonly viewColumn: ViewColumn } | undefined {
  for (const { tabs, viewColumn } of window.tabGroups.all)
    for (const { input } of tabs)
      if (input instanceof TabInputCustom && traceViewTypes.includes(input.viewType) && input.uri.toString() === uri.toString())
        return { viewType: input.viewType, viewColumn };
  return undefined;
}

/** VS Code moves buffers by itself. A message to a webview that is hidden or gone is lost, which is no error. */
function webviewPort(webview: Webview): Port {
  return {
    post: async (message) => {
      await webview.postMessage(message);
    },
    listen(listener) {
      const listening = webview.onDidReceiveMessage(listener);
      return () => listening.dispose();
    },
  };
}
