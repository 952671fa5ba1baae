/** Whose a port is that cannot be opened: a receiver of ours says so of itself to who asks without sending anything. */

import { request } from 'node:http';
import { SERVER_NAME } from '../../capture/listen/refusal';
import type { PortHolder } from '../../protocol/capture';

/** Milliseconds to say it, however much comes meanwhile. */
const PATIENCE_MS = 1_000;

export function holderOf(port: number, patienceMs = PATIENCE_MS): Promise<PortHolder> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(patienceMs);
    const asking = request({ host: '127.0.0.1', port, method: 'GET', path: '/', agent: false, signal }, (answer) => {
      answer.on('error', () => {});
      resolve(answer.headers.server === SERVER_NAME ? 'window' : 'program');
      answer.destroy();
    });
    asking.on('error', () => resolve('program'));
    asking.on('close', () => resolve('program'));
    asking.end();
  });
}
