/**
 * One stream of spans (`core/spanStream/wire.ts`): its frames become requests to the sink, one at a time and in their order, each safe in the log
 * before the next is made. While the engine is busy the spans that come gather into a larger request, and when that is large enough the program's
 * bytes stay with the system. A program may say nothing for hours: that is no reason to close.
 */

import type { Socket } from 'node:net';
import { SpanhopError } from '../../base/errors';
import { FrameReader } from '../../core/spanStream/frameReader';
import { ANSWER, ANSWER_LINE, END, HEAD_END, MAX_HEAD_BYTES, STREAM_WORD } from '../../core/spanStream/wire';
import { formatCount } from '../../core/text/formatText';
import { spanExport } from '../otlp/otlpExport';
import type { StreamSink } from '../sink';
import { GatheredSpans, StreamDamage } from './gatheredSpans';

export interface StreamOwner {
  readonly sink: StreamSink;
  /** Told why the stream was closed, or what of it is not kept: a sentence. */
  tell(message: string): void;
  /** It holds so many more (or fewer) bytes than before that are no whole frame. */
  waits(bytes: number): void;
  /** Nothing more comes of it. */
  ended(): void;
}

/** Milliseconds that spans wait for more of them, so that a request of the program makes one of ours. */
const GATHER_MS = 20;
/** With so much held the program's bytes stay with the system until the sink has taken some. */
const FULL_BYTES = 4 << 20;
/** How often a request is tried again that cannot be kept now (the disk is full), milliseconds. */
const TRY_AGAIN_MS = 500;
/** So often after the program has gone, or the capture is to stop. */
const LAST_TRIES = 4;
/** Milliseconds for the head. */
const HEAD_MS = 10_000;

export class SpanStream {
  private head = '';
  private begun = false;
  private readonly reader = new FrameReader();
  private readonly gathered = new GatheredSpans();
  private told = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly headTimer: NodeJS.Timeout;
  private delivering: Promise<void> | undefined;
  /** Nothing more comes, or is read. */
  private over = false;
  private stopping = false;
  private readonly whenOver: Promise<void>;
  private resolveOver: () => void = () => {};

  constructor(
    private readonly socket: Socket,
    private readonly owner: StreamOwner,
  ) {
    this.whenOver = new Promise((resolve) => {
      this.resolveOver = resolve;
    });
    socket.on('data', (bytes: Uint8Array) => this.take(bytes));
    // A connection that breaks has ended: what came before is whole, and what is torn is dropped.
    socket.on('error', () => {});
    socket.on('end', () => this.end());
    socket.on('close', () => this.end());
    socket.resume();
    this.headTimer = setTimeout(() => this.end(), HEAD_MS);
  }

  /** Bytes of a frame that is not whole. */
  get waiting(): number {
    return this.reader.waiting;
  }

  /** Closes it; what came in whole frames is kept. @param why goes on after "was closed:" */
  close(why: string): void {
    this.owner.tell(`A stream of spans was closed: ${why}`);
    this.end();
  }

  /** Tells the program that the capture stops, takes what it has sent until it has heard that, at most for so long, and delivers it. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    const timer = setTimeout(() => this.end(), graceMs);
    if (!this.over) this.socket.write(END);
    await this.whenOver;
    clearTimeout(timer);
  }

  private take(bytes: Uint8Array): void {
    if (this.over) return;
    try {
      const rest = this.begun ? bytes : this.afterHead(bytes);
      if (!rest) return;
      for (const frame of this.reader.take(rest)) {
        const lost = this.gathered.add(frame);
        if (lost > 0) this.lost(lost);
      }
    } catch (error) {
      if (!(error instanceof StreamDamage)) throw error;
      this.close(error.message);
      return;
    }
    this.deliverSoon();
    this.tellWaiting();
  }

  /** What follows the head in these bytes; undefined while it is not whole. */
  private afterHead(bytes: Uint8Array): Uint8Array | undefined {
    const before = this.head.length;
    this.head += Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_HEAD_BYTES + 1)).toString('latin1');
    const end = this.head.indexOf(HEAD_END);
    const [word, ...lines] = (end < 0 ? this.head : this.head.slice(0, end)).split('\n');
    const isStream = lines.length > 0 || end >= 0 ? word === STREAM_WORD : STREAM_WORD.startsWith(word);
    if (!isStream || (end < 0 && this.head.length > MAX_HEAD_BYTES)) {
      throw new StreamDamage('it begins with something else than streams do.');
    }
    if (end < 0) return undefined;
    clearTimeout(this.headTimer);
    this.begun = true;
    this.head = '';
    if (lines.includes(ANSWER_LINE)) this.socket.write(ANSWER);
    return bytes.subarray(end + HEAD_END.length - before);
  }

  private tellWaiting(): void {
    const { waiting } = this.reader;
    if (waiting === this.told) return;
    const more = waiting - this.told;
    this.told = waiting;
    this.owner.waits(more);
  }

  private lost(spans: number): void {
    this.owner.sink.lost(
      spans,
      `${formatCount(spans, 'span')} of a program ${spans === 1 ? 'is' : 'are'} not kept: it made more than could be taken from it.`,
    );
  }

  private deliverSoon(): void {
    if (this.delivering || this.gathered.isEmpty) return;
    if (this.over || this.gathered.bytes >= FULL_BYTES) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.deliver();
    } else {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.deliver();
      }, GATHER_MS);
    }
  }

  private deliver(): void {
    if (this.delivering || this.gathered.isEmpty) return;
    if (this.gathered.bytes >= FULL_BYTES) this.socket.pause();
    const bytes = this.gathered.take();
    this.delivering = this.keep(bytes).finally(() => {
      this.delivering = undefined;
      this.socket.resume();
      this.deliverSoon();
      this.finish();
    });
  }

  /** Until it is kept, or can never be. */
  private async keep(bytes: Uint8Array): Promise<void> {
    for (let triesLeft = LAST_TRIES; triesLeft > 0; ) {
      try {
        await this.owner.sink.spans({ ...spanExport(bytes, 'protobuf'), stream: this });
        return;
      } catch (error) {
        // What cannot be read was counted by the sink.
        const isFinal = error instanceof SpanhopError && (error.kind === 'BadData' || error.kind === 'TooLarge');
        if (isFinal) {
          this.owner.tell(`A part of a stream of spans is not kept: ${error.message}`);
          return;
        }
        this.socket.pause();
        if (this.over || this.stopping) triesLeft--;
        await new Promise<void>((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
      }
    }
    this.owner.tell('The last part of a stream of spans is not kept: it could not be written.');
  }

  /** Nothing more comes: delivers what is there. */
  private end(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    clearTimeout(this.headTimer);
    this.reader.drop();
    this.tellWaiting();
    this.socket.destroySoon();
    this.deliverSoon();
    this.finish();
  }

  private finish(): void {
    if (!this.over || this.delivering || !this.gathered.isEmpty) return;
    this.resolveOver();
    this.owner.ended();
  }
}
