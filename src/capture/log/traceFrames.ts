/**
 * The requests of a log that have spans of one trace: looked for by the bytes of its id, which stand in them as they are, in the part of the log where
 * the trace is known to be. What is no request is passed by whoever reads the whole log (`logReader.ts`).
 */

import { open } from 'node:fs/promises';
import { throwIfAborted } from '../../base/errors';
import { isRequest, PREFIX_BYTES } from './logFormat';

const READ_BYTES = 4 << 20;

/**
 * Hands each of them to `take`. Resolves with whether all of the part was whole requests.
 * @param id its 16 bytes
 * @param from where a request begins; @param to bytes
 */
export async function readTraceFrames(
  path: string,
  id: Buffer,
  { from, to }: { readonly from: number; readonly to: number },
  take: (request: Uint8Array) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const end = Math.min(to, (await file.stat()).size);
    let at = from;
    let wanted = READ_BYTES;
    while (at + PREFIX_BYTES <= end) {
      throwIfAborted(signal);
      const chunk = Buffer.alloc(Math.min(wanted, end - at));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      const read = chunk.subarray(0, bytesRead);
      let used = 0;
      wanted = READ_BYTES;
      while (used + PREFIX_BYTES <= read.length) {
        const length = read.readUInt32BE(used);
        const next = used + PREFIX_BYTES + length;
        if (at + next > end) return false;
        if (next > read.length) {
          wanted = Math.max(READ_BYTES, PREFIX_BYTES + length);
          break;
        }
        const request = read.subarray(used + PREFIX_BYTES, next);
        if (!isRequest(request, 0, request.length)) return false;
        if (request.includes(id)) await take(request);
        used = next;
      }
      if (used === 0 && read.length < wanted) return false;
      at += used;
    }
    return at === end;
  } finally {
    await file.close();
  }
}
