/** A port to a page whose large buffers go in pieces (`protocol/pieces.ts`), a few under way at a time, so that nothing waits long for its turn. */

import { piecesOf, split } from '../../protocol/pieces';
import type { Port } from '../../protocol/rpc';

/** Pieces that the port has taken and not yet delivered. */
const UNDER_WAY = 3;
/** A webview that is hidden takes nothing until it is shown again; what follows does not wait for that. */
const PATIENCE_MS = 1000;

interface Waiting {
  readonly message: unknown;
  readonly sent: () => void;
  readonly failed: (error: unknown) => void;
}

/** Messages keep their order. When the signal aborts, what was not sent yet is forgotten. */
export function piecePort(port: Port, signal: AbortSignal): Port {
  const queue: Waiting[] = [];
  let sending = false;
  let buffers = 0;
  signal.addEventListener('abort', () => queue.splice(0), { once: true });

  const sendPieces = async (large: readonly ArrayBuffer[]): Promise<void> => {
    const underWay: Promise<void>[] = [];
    for (const buffer of large) {
      for (const piece of piecesOf(buffer, buffers)) {
        if (signal.aborted) return;
        // A piece that is lost takes its message with it, and that call times out or is repeated.
        underWay.push(Promise.resolve(port.post(piece)).catch(() => {}));
        if (underWay.length >= UNDER_WAY) await orPatienceEnds(underWay.shift());
        await new Promise((resolve) => setImmediate(resolve));
      }
      buffers++;
    }
  };
  const sendAll = async (): Promise<void> => {
    sending = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { message, sent, failed } = next;
      try {
        const whole = split(message, buffers);
        if (whole.buffers.length > 0) await sendPieces(whole.buffers);
        if (signal.aborted) break;
        // Not awaited: the next one may go before this one has arrived.
        Promise.resolve(port.post(whole.message)).then(sent, failed);
      } catch (error) {
        failed(error);
      }
    }
    sending = false;
  };

  return {
    post: (message) =>
      new Promise((sent, failed) => {
        queue.push({ message, sent, failed });
        if (!sending) void sendAll();
      }),
    listen: (listener) => port.listen(listener),
  };
}

function orPatienceEnds(sent: Promise<void> | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    sent?.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
