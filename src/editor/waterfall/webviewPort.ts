/** A webview as a port of the typed RPC. Large buffers go in pieces, a few under way at a time, so that nothing waits long for its turn. */

import type { Webview } from 'vscode';
import { piecesOf, split } from '../../protocol/pieces';
import type { Port } from '../../protocol/rpc';

/** Pieces that VS Code has taken and not yet delivered. */
const UNDER_WAY = 3;
/** A webview that is hidden takes nothing until it is shown again; what follows does not wait for that. */
const PATIENCE_MS = 1000;

export function webviewPort(webview: Webview): Port {
  const queue: unknown[] = [];
  let sending = false;
  let buffers = 0;

  const send = async (): Promise<void> => {
    sending = true;
    const underWay: PromiseLike<unknown>[] = [];
    for (let message = queue.shift(); message !== undefined; message = queue.shift()) {
      const whole = split(message, buffers);
      for (const buffer of whole.buffers) {
        for (const piece of piecesOf(buffer, buffers)) {
          // VS Code moves buffers by itself; a message to a webview that is hidden or gone is lost, and its call times out or is repeated.
          underWay.push(Promise.resolve(webview.postMessage(piece)).catch(() => {}));
          if (underWay.length >= UNDER_WAY) await orPatienceEnds(underWay.shift());
          await new Promise(setImmediate);
        }
        buffers++;
      }
      void webview.postMessage(whole.message);
    }
    sending = false;
  };

  return {
    post(message) {
      queue.push(message);
      if (!sending) void send();
    },
    listen(listener) {
      const listening = webview.onDidReceiveMessage(listener);
      return () => listening.dispose();
    },
  };
}

function orPatienceEnds(sent: PromiseLike<unknown> | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    sent?.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
