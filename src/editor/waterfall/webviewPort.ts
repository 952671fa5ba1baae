/** A webview as a port of the typed RPC. */

import type { Webview } from 'vscode';
import type { Port } from '../../protocol/rpc';

export function webviewPort(webview: Webview): Port {
  return {
    // VS Code moves buffers by itself; a message to a webview that is hidden or gone is lost, and its call times out or is repeated.
    post: (message) => void webview.postMessage(message),
    listen(listener) {
      const listening = webview.onDidReceiveMessage(listener);
      return () => listening.dispose();
    },
  };
}
