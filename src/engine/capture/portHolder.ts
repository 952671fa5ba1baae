/** Whose a port is that cannot be opened: a receiver of ours says so of itself to who asks without sending anything; of others the system knows. */

import { request } from 'node:http';
import { connect } from 'node:net';
import { SERVER_NAME } from '../../capture/listen/refusal';
import type { PortHolder } from '../../protocol/capture';
import { listenerName } from './listenerName';

/** Milliseconds to say it, however much comes meanwhile. */
const PATIENCE_MS = 1_000;

export interface Holder {
  readonly holder: PortHolder;
  /** `otelcol (process 1234)`, as far as the system tells. */
  readonly program?: string;
}

export async function holderOf(port: number, patienceMs = PATIENCE_MS): Promise<Holder> {
  const holder = await kindOf(port, patienceMs);
  const program = holder === 'program' ? await listenerName(port, patienceMs) : undefined;
  return { holder, ...(program === undefined ? {} : { program }) };
}

/**
 * Whether somebody listens there, on a system where we could listen beside them: macOS and Windows let one program have all addresses of a port and
 * another one of them, and what is sent to a collector in a container would come to us.
 */
export function isHeld(port: number, platform: string = process.platform): Promise<boolean> {
  if (platform === 'linux') return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (held: boolean): void => {
      socket.destroy();
      resolve(held);
    };
    socket.setTimeout(PATIENCE_MS, () => end(false));
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
  });
}

function kindOf(port: number, patienceMs: number): Promise<PortHolder> {
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
