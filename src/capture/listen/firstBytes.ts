/**
 * What a client speaks, told by the first bytes that it sends: a port that takes HTTP/1.1 is found by programs that speak gRPC (which is HTTP/2
 * from its first byte on) or TLS, and both deserve an answer that they can report.
 */

import type { Socket } from 'node:net';

/** `stream`: a stream of spans (`core/spanStream/wire.ts`). */
export type Spoken = 'http1' | 'http2' | 'tls' | 'stream';

/** How HTTP/2 begins without an upgrade. No method of HTTP/1.1 begins like its first three letters. Source: RFC 9113, 3.4. */
const PREFACE = [0x50, 0x52, 0x49];
/** How a stream of spans begins; no method of HTTP does. */
const STREAM = [0x53, 0x50];
/** A record of a handshake, of any version since SSL 3. Source: RFC 8446, 5.1. */
const HANDSHAKE = 0x16;

/** Undefined while more bytes have to tell. */
export function spokenIn(bytes: Uint8Array): Spoken | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes[0] === HANDSHAKE) return 'tls';
  const streams = beginsWith(bytes, STREAM);
  const http2 = beginsWith(bytes, PREFACE);
  if (streams === 'maybe' || http2 === 'maybe') return undefined;
  return streams ? 'stream' : http2 ? 'http2' : 'http1';
}

function beginsWith(bytes: Uint8Array, beginning: readonly number[]): boolean | 'maybe' {
  for (const [i, byte] of beginning.entries()) {
    if (i === bytes.length) return 'maybe';
    if (bytes[i] !== byte) return false;
  }
  return true;
}

/**
 * Waits for the first bytes of a connection, tells what is spoken, and leaves the bytes in the socket, which is paused then. A client that sends
 * none of them within `waitMs` is let go.
 */
export function hearFirst(socket: Socket, waitMs: number, heard: (spoken: Spoken) => void): void {
  let seen: Uint8Array = new Uint8Array(0);
  const end = (): void => {
    clearTimeout(timer);
    socket.removeListener('data', take);
    socket.removeListener('end', leave);
    socket.removeListener('close', end);
    socket.removeListener('error', leave);
  };
  const leave = (): void => {
    end();
    socket.destroy();
  };
  const take = (chunk: Uint8Array): void => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const spoken = spokenIn(seen);
    if (spoken === undefined) return;
    socket.pause();
    end();
    socket.unshift(seen);
    heard(spoken);
  };
  const timer = setTimeout(leave, waitMs);
  timer.unref();
  socket.on('data', take);
  socket.on('end', leave);
  socket.on('close', end);
  socket.on('error', leave);
}
