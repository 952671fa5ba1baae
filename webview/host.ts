/**
 * The way to the extension host: messages of the window as a port of the typed RPC. The VS Code API object can be had once only, so it
 * is taken here and nowhere else.
 */

import type { Connection, Port } from '../src/protocol/rpc';
import type { HostMethods, ViewEvents, ViewMethods } from '../src/protocol/view';

export type Host = Connection<HostMethods, ViewMethods, Record<never, never>, ViewEvents>;

/** What `acquireVsCodeApi` gives; newer versions of VS Code move buffers instead of copying them. */
interface WebviewApi {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare const acquireVsCodeApi: () => WebviewApi;

export const vscodeApi: WebviewApi = acquireVsCodeApi();

/** Messages between this window and the extension host. */
export function windowPort(): Port {
  return {
    post: (message, transfer) => vscodeApi.postMessage(message, transfer),
    listen: (listener) => {
      const receive = (event: MessageEvent): void => listener(event.data);
      window.addEventListener('message', receive);
      return () => window.removeEventListener('message', receive);
    },
  };
}
