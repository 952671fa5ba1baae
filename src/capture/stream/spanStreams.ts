/** The streams of spans that programs of this machine have open to a capture: who may have one, how many there are, and their end with the capture's. */

import type { Socket } from 'node:net';
import type { StreamSink } from '../sink';
import { SpanStream } from './spanStream';

export interface StreamLimits {
  /** At one time; more are closed. A program has one for each of its threads. */
  readonly streams?: number;
  /** Bytes that all of them may hold of frames that are not whole. */
  readonly unfinishedBytes?: number;
}

const MAX_STREAMS = 512;
const MAX_UNFINISHED_BYTES = 128 << 20;
/** Milliseconds in which programs hear that the capture stops. One that stands at a breakpoint does not. */
const GRACE_MS = 300;

export class SpanStreams {
  private readonly all = new Set<SpanStream>();
  private unfinished = 0;
  private readonly maxStreams: number;
  private readonly maxUnfinished: number;

  /** @param tell told why a stream was closed, or what of it is not kept: a sentence */
  constructor(
    private readonly sink: StreamSink,
    private readonly tell: (message: string) => void,
    { streams = MAX_STREAMS, unfinishedBytes = MAX_UNFINISHED_BYTES }: StreamLimits = {},
  ) {
    this.maxStreams = streams;
    this.maxUnfinished = unfinishedBytes;
  }

  get count(): number {
    return this.all.size;
  }

  /** Takes over a connection that begins as a stream does; its first bytes are still in it. */
  take(socket: Socket): void {
    if (!isLoopback(socket.remoteAddress)) {
      this.tell('A stream of spans was closed: it came from another machine.');
      socket.destroy();
      return;
    }
    if (this.all.size >= this.maxStreams) {
      this.tell(`A stream of spans was closed: ${this.maxStreams} of them are open.`);
      socket.destroy();
      return;
    }
    const stream: SpanStream = new SpanStream(socket, {
      sink: this.sink,
      tell: this.tell,
      waits: (bytes) => this.waits(bytes),
      ended: () => {
        this.all.delete(stream);
        this.sink.over(stream);
      },
    });
    this.all.add(stream);
  }

  /** Ends all of them. Resolves when what they sent is delivered. */
  async stop(graceMs = GRACE_MS): Promise<void> {
    await Promise.all([...this.all].map((stream) => stream.stop(graceMs)));
  }

  /** The one that holds most gives way: who sends frames to their end holds a piece of one for a moment only. */
  private waits(bytes: number): void {
    this.unfinished += bytes;
    if (this.unfinished <= this.maxUnfinished) return;
    let largest: SpanStream | undefined;
    for (const stream of this.all) if (!largest || stream.waiting > largest.waiting) largest = stream;
    largest?.close('it began to send spans of many megabytes, and so did others.');
  }
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (/^(::ffff:)?127\./.test(address) || address === '::1');
}
