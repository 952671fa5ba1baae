/** Frames out of a stream of bytes that comes in any pieces. What is not a whole frame waits; no room is made for what is only announced. */

import { FRAME_HEAD_BYTES } from './wire';

export interface Frame {
  readonly kind: number;
  /** A view of what came. */
  readonly payload: Uint8Array;
}

const NOTHING = new Uint8Array(0);

export class FrameReader {
  private pieces: Uint8Array[] = [];
  private gathered = 0;
  /** With fewer bytes there is no frame to be had. */
  private needed = FRAME_HEAD_BYTES;

  /** Bytes of a frame that is not whole. */
  get waiting(): number {
    return this.gathered;
  }

  /** Lets go of what is not whole. */
  drop(): void {
    this.pieces = [];
    this.gathered = 0;
  }

  /** The frames that are whole with these bytes, which must not change. */
  *take(bytes: Uint8Array): Generator<Frame, void> {
    this.pieces.push(bytes);
    this.gathered += bytes.length;
    if (this.gathered < this.needed) return;
    const all = joined(this.pieces, this.gathered);
    let at = 0;
    this.needed = FRAME_HEAD_BYTES;
    while (all.length - at >= FRAME_HEAD_BYTES) {
      const length = (all[at + 1] << 16) | (all[at + 2] << 8) | all[at + 3];
      const end = at + FRAME_HEAD_BYTES + length;
      if (end > all.length) {
        this.needed = end - at;
        break;
      }
      yield { kind: all[at], payload: all.subarray(at + FRAME_HEAD_BYTES, end) };
      at = end;
    }
    const rest = at === all.length ? NOTHING : all.subarray(at);
    this.pieces = rest.length === 0 ? [] : [rest];
    this.gathered = rest.length;
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
