/** Worker threads as a `Port`: the same shape on both sides, a `Worker` here and the `parentPort` there. */

import type { MessagePort, Worker } from 'node:worker_threads';
import type { Port } from '../protocol/rpc';

/** The port of a worker (from its parent) or of the parent (from the worker). */
export function workerPort(target: Worker | MessagePort): Port {
  return {
    post: (message, transfer) => target.postMessage(message, transfer ? [...transfer] : undefined),
    listen(listener) {
      const on = (message: unknown): void => listener(message);
      target.on('message', on);
      return () => target.off('message', on);
    },
  };
}
