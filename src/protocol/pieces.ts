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
    const withBuffers = (value: unknown): unknown => {
      if (isSent(value)) {
        const buffer = this.join(value);
        complete &&= buffer !== undefined;
        return buffer;
      }
      if (!isPlain(value)) return value;
      for (const [key, each] of Object.entries(value)) {
        const joined = withBuffers(each);
        if (joined !== each) value[key] = joined;
      }
      return value;
    };
    const joined = withBuffers(message);
    return complete ? joined : undefined;
  }

  private join({ sentBuffer, byteLength }: Sent): ArrayBuffer | undefined {
    const pieces = this.buffers.get(sentBuffer) ?? [];
    this.buffers.delete(sentBuffer);
    const bytes = new Uint8Array(byteLength);
    let filled = 0;
    for (const piece of pieces) {
      bytes.set(new Uint8Array(piece.bytes), piece.at);
      filled += piece.bytes.byteLength;
    }
    return filled === byteLength ? bytes.buffer : undefined;
  }
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
  return isPlain(value) && value.type === 'piece' && typeof value.buffer === 'number' && value.bytes instanceof ArrayBuffer;
}

function isSent(value: unknown): value is Sent {
  return isPlain(value) && typeof value.sentBuffer === 'number' && typeof value.byteLength === 'number';
}
