/**
 * Frames on their way to the editor, in pieces of memory that are each complete: one begins with the contexts of its spans, so that any of them can be
 * left out, or sent once more over another connection. Bounded: the oldest that nobody has seen leave first, and are counted.
 */

import type { ProtoWriter } from '../../../core/format/proto/writer';
import { FRAME, FRAME_HEAD_BYTES } from '../../../core/spanStream/wire';
import type { SpansContext } from './contextFrames';

/** Bytes of a piece; a longer frame has one of its own. */
const PIECE_BYTES = 1 << 16;
/** What was sent is kept for another connection, so much of it: what the system had is lost where the editor's engine ends in disorder. */
const KEPT_BYTES = 1 << 19;

export interface Piece {
  readonly bytes: Buffer;
  /** How much of it is written. */
  length: number;
  /** How much of it the system has. */
  sent: number;
  /** Spans that have ended, in it. */
  spans: number;
  readonly contexts: Set<SpansContext>;
}

export class WaitingFrames {
  private pieces: Piece[] = [];
  /** Index of the first piece of which something is to be sent. */
  private next = 0;
  private unsent = 0;
  private lostSpans = 0;

  /** @param most bytes that wait to be sent */
  constructor(private readonly most: number) {}

  /** Bytes that wait to be sent. */
  get bytes(): number {
    return this.unsent;
  }

  /** Adds a span out of a writer, which holds nothing then. */
  span(writer: ProtoWriter, context: SpansContext, ended: boolean): void {
    const length = 2 + writer.length;
    const piece = this.pieceFor(context, FRAME_HEAD_BYTES + length);
    const at = this.head(piece, FRAME.span, length);
    piece.bytes.writeUInt16BE(context.id, at);
    writer.moveTo(piece.bytes, at + 2);
    this.grow(piece, FRAME_HEAD_BYTES + length);
    if (ended) piece.spans++;
    if (this.unsent > this.most) this.leaveOut();
  }

  /** A span that cannot be sent. */
  lose(): void {
    this.lostSpans++;
  }

  /** What is to be sent next; undefined: nothing. The count of what was lost comes before it is told that there is nothing. */
  get first(): Piece | undefined {
    if (this.lostSpans > 0) {
      const piece = this.pieceFor(undefined, FRAME_HEAD_BYTES + 4);
      piece.bytes.writeUInt32BE(this.lostSpans, this.head(piece, FRAME.lost, 4));
      this.lostSpans = 0;
      this.grow(piece, FRAME_HEAD_BYTES + 4);
    }
    return this.unsent > 0 ? this.pieces[this.next] : undefined;
  }

  /** The system has so many more bytes of the first piece. */
  sent(piece: Piece, bytes: number): void {
    piece.sent += bytes;
    this.unsent -= bytes;
    if (piece.sent < piece.length) return;
    // The last one is still being written.
    if (this.next < this.pieces.length - 1) this.next++;
    let kept = 0;
    for (let i = this.next - 1; i >= 0; i--) {
      kept += this.pieces[i].bytes.length;
      if (kept <= KEPT_BYTES) continue;
      this.pieces.splice(0, i + 1);
      this.next -= i + 1;
      break;
    }
  }

  /** Another connection: what was sent over the one before is sent once more. */
  rewind(): void {
    this.next = 0;
    this.unsent = 0;
    for (const piece of this.pieces) {
      piece.sent = 0;
      this.unsent += piece.length;
    }
  }

  /** All that is to be sent, and was sent of late. */
  all(): readonly Buffer[] {
    return this.pieces.map(({ bytes, length }) => bytes.subarray(0, length));
  }

  /** Nobody wants to have them. */
  clear(): void {
    this.pieces = [];
    this.next = 0;
    this.unsent = 0;
    this.lostSpans = 0;
  }

  private pieceFor(context: SpansContext | undefined, bytes: number): Piece {
    const last = this.pieces.at(-1);
    const withContext = bytes + (context ? FRAME_HEAD_BYTES + context.payload.length : 0);
    const needed = context && last?.contexts.has(context) ? bytes : withContext;
    const piece = last && last.length + needed <= last.bytes.length ? last : this.addPiece(withContext);
    if (context && !piece.contexts.has(context)) {
      piece.contexts.add(context);
      const { payload } = context;
      piece.bytes.set(payload, this.head(piece, FRAME.context, payload.length));
      this.grow(piece, FRAME_HEAD_BYTES + payload.length);
    }
    return piece;
  }

  private addPiece(bytes: number): Piece {
    const piece: Piece = {
      bytes: Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, bytes)),
      length: 0,
      sent: 0,
      spans: 0,
      contexts: new Set(),
    };
    this.pieces.push(piece);
    const first = this.pieces[this.next];
    if (first && first !== piece && first.sent === first.length) this.next++;
    return piece;
  }

  /** Writes the head of a frame. Returns where its payload goes. */
  private head({ bytes, length: at }: Piece, kind: number, length: number): number {
    bytes.writeUInt32BE(length, at);
    bytes[at] = kind;
    return at + FRAME_HEAD_BYTES;
  }

  private grow(piece: Piece, bytes: number): void {
    piece.length += bytes;
    this.unsent += bytes;
  }

  /** The oldest piece of which nothing was sent. */
  private leaveOut(): void {
    const index = this.pieces[this.next].sent === 0 ? this.next : this.next + 1;
    if (index >= this.pieces.length - 1) return;
    const [piece] = this.pieces.splice(index, 1);
    this.unsent -= piece.length;
    this.lostSpans += piece.spans;
  }
}
