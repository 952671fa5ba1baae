/** The body of a request, bounded in bytes before and after decompression, in one piece (decoders need that) and with one copy at most. */

import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Why a body was not taken; `status` is the HTTP status for it. */
export class BodyError extends Error {
  constructor(
    readonly status: 400 | 413 | 415 | 503,
    message: string,
  ) {
    super(message);
  }
}

const unzip = promisify(gunzip);

/**
 * Reads the body.
 * @throws BodyError too large (413), damaged gzip or ended early (400), an encoding other than gzip (415)
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'none' && encoding !== '') {
    throw new BodyError(415, `Content-Encoding "${encoding}" is not supported; use gzip or none.`);
  }
  const sent = await readSent(request, maxBytes);
  if (encoding !== 'gzip') return sent;
  try {
    return await unzip(sent, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new BodyError(400, 'The body is not valid gzip.');
  }
}

function readSent(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  if (declared > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    let bytes = new Uint8Array(Number.isFinite(declared) ? declared : 1 << 16);
    let length = 0;
    request.on('data', (chunk: Uint8Array) => {
      if (length + chunk.length > maxBytes) {
        request.removeAllListeners('data');
        reject(tooLarge(maxBytes));
        return;
      }
      if (length + chunk.length > bytes.length) {
        const grown = new Uint8Array(Math.min(maxBytes, Math.max(bytes.length * 2, length + chunk.length)));
        grown.set(bytes.subarray(0, length));
        bytes = grown;
      }
      bytes.set(chunk, length);
      length += chunk.length;
    });
    request.on('end', () => resolve(exact(bytes, length)));
    request.on('error', () => reject(new BodyError(400, 'The body ended early.')));
    request.on('close', () => reject(new BodyError(400, 'The body ended early.')));
  });
}

/** A body that came in pieces of unknown number leaves room behind it, which would stay in memory as long as its spans. */
function exact(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes;
  return bytes.length > length * 1.25 ? bytes.slice(0, length) : bytes.subarray(0, length);
}

function tooLarge(maxBytes: number): BodyError {
  return new BodyError(413, `The body is over ${Math.round(maxBytes / (1 << 20))} MiB; send smaller batches.`);
}
