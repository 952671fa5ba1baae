/** The compressions in which bodies come, as far as the Node that runs this has them. */

import { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

export interface Inflater {
  /** As people write it. */
  readonly name: string;
  /** Data end with a frame, and others may follow, which the stream does not take. Those of gzip it takes. Source: RFC 8878, 3. */
  readonly hasFrames?: boolean;
  /**
   * A stream that takes what was sent.
   * @param windowLog memory that it may ask for, as a power of two; of zstd alone
   */
  create(sent: Uint8Array, chunkSize: number, windowLog?: number): Transform;
}

export const gzip: Inflater = { name: 'gzip', create: (_sent, chunkSize) => zlib.createGunzip({ chunkSize }) };

/** Half of its writers leave out the frame that it should have. Source: RFC 9110, 8.4.1.2; RFC 1950, 2.2. */
const deflate: Inflater = {
  name: 'deflate',
  create: (sent, chunkSize) => (isZlib(sent) ? zlib.createInflate({ chunkSize }) : zlib.createInflateRaw({ chunkSize })),
};

/** Memory of a window that a body may ask for, as a power of two. Source: RFC 9659: 8 MB. */
const ZSTD_WINDOW_LOG = 23;
/** Of `ZSTD_dParameter`: `ZSTD_d_windowLogMax`. */
const ZSTD_WINDOW_LOG_MAX = 100;

/** Node has it since 22.15. */
const createZstd: unknown = Reflect.get(zlib, 'createZstdDecompress');

const zstd: Inflater | undefined =
  typeof createZstd !== 'function'
    ? undefined
    : {
        name: 'zstd',
        hasFrames: true,
        create: (_sent, chunkSize, windowLog = ZSTD_WINDOW_LOG) => {
          const stream: unknown = createZstd({ chunkSize, params: { [ZSTD_WINDOW_LOG_MAX]: windowLog } });
          if (stream instanceof Transform) return stream;
          throw new Error('There is no zstd.');
        },
      };

const inflaters: Readonly<Record<string, Inflater | undefined>> = { gzip, 'x-gzip': gzip, deflate, zstd };

/** What the header says; `none` where nothing is compressed, undefined for what is not known. */
export function inflaterOf(encoding: string | undefined): Inflater | 'none' | undefined {
  const name = (encoding ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity' || name === 'none') return 'none';
  return Object.hasOwn(inflaters, name) ? inflaters[name] : undefined;
}

/** What may be said instead of an encoding that is not known: `gzip, deflate, zstd or none`. */
export const knownEncodings = `${[gzip, deflate, zstd].flatMap((each) => (each ? [each.name] : [])).join(', ')} or none`;

/** Bytes that a stream used of those that it was given; 0 where that is not known. */
export function usedBytes(stream: Transform): number {
  const used: unknown = Reflect.get(stream, 'bytesWritten');
  return typeof used === 'number' ? used : 0;
}

function isZlib(bytes: Uint8Array): boolean {
  return bytes.length > 1 && (bytes[0] & 15) === 8 && (bytes[0] * 256 + bytes[1]) % 31 === 0;
}
