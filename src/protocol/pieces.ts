/**
 * Large buffers on their way to a webview, cut into pieces. VS Code copies a message as a whole, several times, on the thread that all
 * extensions share: 24 MB at once stop that thread for a tenth of a second and more. So a message gives its large buffers away before it goes
 * (`split`), they travel in pieces with turns for others in between, and the far side puts them back (`Joiner`). Messages keep their order.
 */

import type { Port } from './rpc';

/** Bytes of a piece: copied in a millisecond or two. */
const PIECE_BYTES = 1 << 20;

/** A part of a buffer, ahead of the message that it belongs to. */
export interface Piece {
  readonly type: 'piece';
  readonly buffer: number;
  readonly at: number;
  readonly bytes: ArrayBuffer;
}

/** What stands in a message for a buffer that was sent ahead. */
interface Sent {
  readonly sentBuffer: number;
  readonly byteLength: number;
}

/** A message without its large buffers, and these; numbers begin at `firstNumber`. Looks into plain objects, not into lists. */
export function split(
  message: unknown,
  firstNumber: number,
  largest = PIECE_BYTES,
): { message: unknown; buffers: ArrayBuffer[] } {
  const buffers: ArrayBuffer[] = [];
  const without = (value: unknown): unknown => {
    if (value instanceof ArrayBuffer) {
      if (value.byteLength <= largest) return value;
      const sent: Sent = { sentBuffer: firstNumber + buffers.length, byteLength: value.byteLength };
      buffers.push(value);
      return sent;
    }
    if (!isPlain(value)) return value;
    const before = buffers.length;
    const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, without(each)]));
    return buffers.length > before ? copy : value;
  };
  return { message: without(message), buffers };
}

/** The pieces of a buffer, in order. */
export function* piecesOf(buffer: ArrayBuffer, number: number, largest = PIECE_BYTES): Generator<Piece> {
  for (let at = 0; at < buffer.byteLength; at += largest) {
    yield { type: 'piece', buffer: number, at, bytes: buffer.slice(at, at + largest) };
  }
}

/** Puts buffers together again. */
export class Joiner {
  private readonly buffers = new Map<number, Piece[]>();

  /** The message with its buffers; undefined for a piece, and for a message whose pieces were lost. */
  receive(message: unknown): unknown {
    if (isPiece(message)) {
      const pieces = this.buffers.get(message.buffer);
      if (pieces) pieces.push(message);
      else this.buffers.set(message.buffer, [message]);
      return undefined;
    }
    if (this.buffers.size === 0) return message;
    let complete = true;
    let last = -1;
    const withBuffers = (value: unknown): unknown => {
      if (isSent(value)) {
        last = Math.max(last, value.sentBuffer);
        const buffer = joined(this.buffers.get(value.sentBuffer) ?? [], value.byteLength);
        complete &&= buffer !== undefined;
        return buffer;
      }
      if (!isPlain(value)) return value;
      for (const [key, each] of Object.entries(value)) {
        const whole = withBuffers(each);
        if (whole !== each) value[key] = whole;
      }
      return value;
    };
    const whole = withBuffers(message);
    // Messages keep their order: what came before is of messages that were lost.
    for (const number of this.buffers.keys()) if (number <= last) this.buffers.delete(number);
    return complete ? whole : undefined;
  }
}

/** Undefined where they are not all of it. No room is made for what did not come. */
function joined(pieces: readonly Piece[], byteLength: number): ArrayBuffer | undefined {
  const inOrder = [...pieces].sort((a, b) => a.at - b.at);
  let end = 0;
  const parts = inOrder.filter(({ at, bytes }) => {
    const follows = at === end;
    if (follows) end += bytes.byteLength;
    return follows;
  });
  if (end !== byteLength) return undefined;
  const whole = new Uint8Array(end);
  for (const { at, bytes } of parts) whole.set(new Uint8Array(bytes), at);
  return whole.buffer;
}

/** The far end of a port whose large buffers come in pieces. */
export function joinedPort(port: Port): Port {
  const joiner = new Joiner();
  return {
    post: (message, transfer) => port.post(message, transfer),
    listen: (listener) =>
      port.listen((received) => {
        const message = joiner.receive(received);
        if (message !== undefined) listener(message);
      }),
  };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isPiece(value: unknown): value is Piece {
  if (!isPlain(value) || value.type !== 'piece') return false;
  return Number.isSafeInteger(value.buffer) && Number.isSafeInteger(value.at) && value.bytes instanceof ArrayBuffer;
}

function isSent(value: unknown): value is Sent {
  return isPlain(value) && Number.isSafeInteger(value.sentBuffer) && typeof value.byteLength === 'number';
}
