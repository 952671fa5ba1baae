/** VS Code cancels with tokens, the rest of the world with signals. */

import type { CancellationToken, Disposable } from 'vscode';

/** A signal that is aborted when the token is cancelled. Dispose it when the work is done. */
export function signalOf(token: CancellationToken | undefined): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  if (token?.isCancellationRequested) controller.abort();
  const listening = token?.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => listening?.dispose() };
}

/** Runs work with the signal of a token. */
export async function withSignal<T>(token: CancellationToken | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const link = signalOf(token);
  try {
    return await work(link.signal);
  } finally {
    link.dispose();
  }
}
