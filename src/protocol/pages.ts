/**
 * Who a message is from, where one end of a port lives many times: VS Code loads the page of a webview anew whenever it is shown again, in the same
 * frame, with messages of the page before still under way. Each load has an id of its own, every message carries it, and what is of another load
 * is dropped at both ends. So the connection of a load ends with it, and no late answer can meet a call of the next one.
 */

import type { Port } from './rpc';

interface PageMessage {
  /** Of the page load that it comes from or goes to. */
  readonly page: string;
  readonly message: unknown;
}

function isPageMessage(value: unknown): value is PageMessage {
  return typeof value === 'object' && value !== null && 'page' in value && typeof value.page === 'string' && 'message' in value;
}

/** The page's end. `page` is random, of this load alone. */
export function pagePort(port: Port, page: string): Port {
  return {
    post: (message, transfer) => port.post({ page, message } satisfies PageMessage, transfer),
    listen: (listener) =>
      port.listen((message) => {
        if (isPageMessage(message) && message.page === page) listener(message.message);
      }),
  };
}

/** One load of a page, as the host has it. */
export interface PageLoad {
  readonly port: Port;
  /** Aborted when another load took its place. */
  readonly signal: AbortSignal;
}

/**
 * The host's end: calls back with the first message of each load, whose port gets that message too if it is listened to at once. The load before
 * is over then: nothing of it arrives any more, and what is posted to it goes nowhere. Returns a function that ends all.
 */
export function listenToPages(port: Port, onLoad: (load: PageLoad) => void): () => void {
  const over = new Set<string>();
  let current:
    | { readonly page: string; readonly listeners: Set<(message: unknown) => void>; readonly end: AbortController }
    | undefined;
  const end = (): void => {
    if (!current) return;
    over.add(current.page);
    current.listeners.clear();
    current.end.abort();
    current = undefined;
  };
  const begin = (page: string): void => {
    end();
    const listeners = new Set<(message: unknown) => void>();
    const ending = new AbortController();
    current = { page, listeners, end: ending };
    onLoad({
      signal: ending.signal,
      port: {
        post: (message, transfer) => {
          if (!ending.signal.aborted) return port.post({ page, message } satisfies PageMessage, transfer);
        },
        listen: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    });
  };
  const stop = port.listen((message) => {
    if (!isPageMessage(message) || over.has(message.page)) return;
    if (current?.page !== message.page) begin(message.page);
    for (const listener of current?.listeners ?? []) listener(message.message);
  });
  return () => {
    stop();
    end();
  };
}
