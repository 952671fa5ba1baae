/** The body of an answer: unpacked, no larger than wanted, in one buffer, without holding the thread that others share. */

import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { SpanhopError } from '../../base/errors';

const options = { chunkSize: 1 << 17 };

/** By the name of the encoding; they get the beginning of what they are to unpack. */
const unpackers = new Map<string, (beginning: Uint8Array) => Transform>([
  ['gzip', () => createGunzip(options)],
  ['x-gzip', () => createGunzip(options)],
  ['br', () => createBrotliDecompress(options)],
  // Some servers leave out the header that it is to have. Source: RFC 1950, 2.2; RFC 9110, 8.4.1.2.
  ['deflate', ([first]) => ((first & 0x0f) === 8 ? createInflate(options) : createInflateRaw(options))],
]);

/** What is asked for. */
export const acceptedEncodings = 'gzip, deflate, br';

/** Layers of packing that an answer may have. */
const maxLayers = 5;

/** Bytes that are copied between two looks at what else the extension host has to do. */
const COPY_BYTES = 2 << 20;

/**
 * Reads it all. Rejects with what the source or unpacking rejects with; with TooLarge.
 * @param encodings the header `content-encoding`
 * @param who the server's origin
 */
export async function gather(
  packed: AsyncIterable<Uint8Array>,
  encodings: string | undefined,
  maxBytes: number,
  who: string,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of unpacked(packed, encodings, who)) {
    length += chunk.length;
    if (length > maxBytes) {
      const megabytes = Math.round(maxBytes / (1 << 20));
      throw new SpanhopError(
        'TooLarge',
        `${who} sent more than ${megabytes} MB. Ask for fewer traces or a shorter range, or raise the limit.`,
      );
    }
    chunks.push(chunk);
  }
  return joined(chunks, signal);
}

/** In one buffer, copied without holding the thread. Rejects with the signal's reason. */
export async function joined(chunks: readonly Uint8Array[], signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  let copied = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
    copied += chunk.length;
    if (copied < COPY_BYTES) continue;
    copied = 0;
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  return body;
}

/** Leaving it early ends the source too. */
function unpacked(packed: AsyncIterable<Uint8Array>, encodings: string | undefined, who: string): AsyncIterable<Uint8Array> {
  const layers = (encodings ?? '')
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && each !== 'identity');
  if (layers.length > maxLayers)
    throw new SpanhopError('BadData', `The answer of ${who} is packed more often than anybody does.`);
  let body: AsyncIterable<Uint8Array> = packed;
  for (const layer of layers.reverse()) body = unpackLayer(body, layer, who);
  return body;
}

async function* unpackLayer(packed: AsyncIterable<Uint8Array>, encoding: string, who: string): AsyncGenerator<Uint8Array> {
  const unpack = unpackers.get(encoding);
  if (!unpack) {
    const message = `The answer of ${who} is packed in a way that is not known here.`;
    throw new SpanhopError('BadData', message, `encoding ${encoding.slice(0, 40)}`);
  }
  const pieces = packed[Symbol.asyncIterator]();
  let first = await pieces.next();
  while (!first.done && first.value.length === 0) first = await pieces.next();
  // Of nothing there is nothing to unpack.
  if (first.done) return;
  const source = Readable.from(startingWith(first.value, pieces), { objectMode: false });
  // What goes wrong is heard by who reads the unpacked.
  yield* pipeline(source, unpack(first.value), () => {});
}

async function* startingWith(first: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}
