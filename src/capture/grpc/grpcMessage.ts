/**
 * The one message of a unary call, before and behind which five bytes say how long it is and whether it is compressed.
 * Source: gRPC, "gRPC over HTTP2", "Length-Prefixed-Message".
 */

import type { IncomingHttpHeaders } from 'node:http';
import { SpanhopError } from '../../base/errors';
import type { BodyTools } from '../listen/protocol';

const PREFIX = 5;
/** Milliseconds of the units of `grpc-timeout`. */
const UNITS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/**
 * The message of a body, inflated.
 * @throws SpanhopError `BadData` where the body is not one whole message
 * @throws BodyError of inflating it
 */
export async function messageIn(body: Uint8Array, headers: IncomingHttpHeaders, { inflate }: BodyTools): Promise<Uint8Array> {
  if (body.length < PREFIX) throw new SpanhopError('BadData', 'The call has no message.');
  const length = new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(1);
  if (PREFIX + length > body.length) throw new SpanhopError('BadData', 'The message of the call ends early.');
  if (PREFIX + length < body.length) throw new SpanhopError('BadData', 'The call has more than one message.');
  const message = body.subarray(PREFIX);
  const isCompressed = body[0];
  if (isCompressed === 0) return message;
  if (isCompressed !== 1)
    throw new SpanhopError('BadData', `The call begins with ${isCompressed}, which is no beginning of a message.`);
  const { 'grpc-encoding': encoding } = headers;
  if (typeof encoding !== 'string' || /^(?:identity)?$/i.test(encoding)) {
    throw new SpanhopError('BadData', 'The message is marked as compressed, and no grpc-encoding says how.');
  }
  return inflate(message, encoding);
}

/** A message as it goes out, never compressed. */
export function framed(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PREFIX + message.length);
  new DataView(bytes.buffer).setUint32(1, message.length);
  bytes.set(message, PREFIX);
  return bytes;
}

/** Milliseconds that a client waits; undefined where it does not say, or not so that it can be read. */
export function patienceOf({ 'grpc-timeout': timeout }: IncomingHttpHeaders): number | undefined {
  const match = typeof timeout === 'string' ? /^(\d{1,8})([HMSmun])$/.exec(timeout) : null;
  return match ? Number(match[1]) * UNITS[match[2]] : undefined;
}
