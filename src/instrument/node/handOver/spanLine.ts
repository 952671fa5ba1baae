/**
 * Spans to the editor: each is with the system as soon as it is given, as long as there is room. Where there is none, or nobody is there, they wait, so
 * many of them; somebody who comes back gets them, and is told how many did not fit. Nothing here keeps the program from ending, and at its end
 * waits for a moment only, while bytes are taken.
 */

import type { ProtoWriter } from '../../../core/format/proto/writer';
import { ANSWER, ANSWER_LINE, END, HEAD_END, STREAM_WORD } from '../../../core/spanStream/wire';
import type { SpansContext } from './contextFrames';
import { handOverByProcess } from './lastResort';
import { type Address, Line, type LineEvents, type Written } from './line';
import { WaitingFrames } from './waitingFrames';

/** Bytes that wait at most. */
const MOST_WAITING = 32 << 20;
/**
 * With so much of it a program that makes spans faster than they are taken waits for them to be taken, so many milliseconds in all, of which it gets a
 * tenth of the time that passes back; but not while nothing moves for so long.
 */
const MUCH = 0.75;
const PATIENCE_MS = 500;
const PATIENCE_BACK = 0.1;
const STUCK_MS = 20;
/** While there is no room, it is tried again when so many bytes more wait, or so many milliseconds later. */
const TRY_BYTES = 1 << 16;
const TRY_MS = 5;
/** How often somebody is looked for who went away, milliseconds: at first, and later. */
const FIRST_AGAIN_MS = 250;
const LAST_AGAIN_MS = 5_000;
/** Milliseconds at the end of the program without a byte being taken, and in all. */
const STANDSTILL_MS = 150;
const LONGEST_END_MS = 1_500;

/** Taken before a program puts others in their place, as tests of programs do. */
const { setTimeout, clearTimeout, performance } = globalThis;

/** `open`: connected, as far as is known. `asking`: whether the editor listens there again. */
type State = 'open' | 'asking' | 'gone';

export interface LineOptions {
  readonly mostWaiting?: number;
  /** Whether file descriptors are written to. */
  readonly direct?: boolean;
}

export class SpanLine implements LineEvents {
  private readonly waiting: WaitingFrames;
  private readonly direct: boolean;
  private line: Line | undefined;
  private head: Buffer | undefined;
  private state: State = 'gone';
  private off = false;
  private wasThere = false;
  private said = '';
  private againMs = FIRST_AGAIN_MS;
  private trying: NodeJS.Timeout | undefined;
  private looking: NodeJS.Timeout | undefined;
  /** There was no room with so many bytes waiting. */
  private fullAt: number | undefined;
  private readonly much: number;
  private patienceMs = PATIENCE_MS;
  private patientAt = performance.now();
  /** Nothing moved for a while. */
  private stuck = false;
  /** When the program ends, `performance.now()`. */
  private endsBy: number | undefined;

  constructor(
    private readonly address: Address,
    { mostWaiting = MOST_WAITING, direct = process.platform !== 'win32' }: LineOptions = {},
  ) {
    this.waiting = new WaitingFrames(mostWaiting);
    this.direct = direct;
    this.much = mostWaiting * MUCH;
    this.open('open');
    process.on('exit', () => this.end());
  }

  /** The capture was stopped: nobody wants to have spans. */
  get isOff(): boolean {
    return this.off;
  }

  /** A span out of a writer, which holds nothing then. */
  give(writer: ProtoWriter, context: SpansContext, ended: boolean): void {
    this.waiting.span(writer, context, ended);
    if (this.endsBy !== undefined) this.end();
    else if (this.waiting.bytes > this.much) this.makeRoom();
    else if (this.fullAt === undefined || this.waiting.bytes > this.fullAt + TRY_BYTES) this.send();
  }

  /** A span that cannot be given. */
  lose(): void {
    this.waiting.lose();
  }

  ready(): void {
    this.send();
  }

  heard(text: string): void {
    this.said = (this.said + text).slice(-100);
    if (this.state === 'asking') {
      if (!ANSWER.startsWith(this.said.slice(0, ANSWER.length))) {
        this.somebodyElse();
        return;
      }
      if (this.said.length < ANSWER.length) return;
      this.said = this.said.slice(ANSWER.length);
      clearTimeout(this.looking);
      this.state = 'open';
      this.off = false;
      this.againMs = FIRST_AGAIN_MS;
      this.send();
    }
    if (!this.said.endsWith(END)) return;
    this.off = true;
    this.waiting.clear();
    this.line?.close();
    this.lookAgain();
  }

  gone(): void {
    if (this.state === 'open') this.waiting.rewind();
    this.lookAgain();
  }

  /** Gives the system what waits, at once. @param urgent it is to take whatever it can */
  private send(urgent = false): Written | undefined {
    const { line, waiting } = this;
    if (!line) return undefined;
    let written = this.sendHead(line);
    while (typeof written === 'number' && this.state === 'open') {
      const piece = waiting.first;
      if (!piece) break;
      written = line.write(piece.bytes, piece.sent, piece.length, urgent);
      if (typeof written !== 'number') break;
      waiting.sent(piece, written);
      this.stuck = false;
    }
    this.fullAt = written === 'full' ? waiting.bytes : undefined;
    if (written === 'full') {
      clearTimeout(this.trying);
      this.trying = later(TRY_MS, () => this.send());
    }
    return written;
  }

  private sendHead(line: Line): Written {
    while (this.head) {
      const written = line.write(this.head, 0, this.head.length);
      if (typeof written !== 'number') return written;
      this.wasThere = true;
      this.head = written === this.head.length ? undefined : this.head.subarray(written);
    }
    return 0;
  }

  private open(state: 'open' | 'asking'): void {
    this.state = state;
    this.said = '';
    this.fullAt = undefined;
    const lines = state === 'asking' ? `\n${ANSWER_LINE}` : '';
    this.head = Buffer.from(STREAM_WORD + lines + HEAD_END, 'latin1');
    try {
      this.line = new Line(this.address, this, this.direct);
    } catch {
      // A program may not be allowed to connect.
      this.gone();
      return;
    }
    this.send();
  }

  private lookAgain(): void {
    this.line = undefined;
    this.state = 'gone';
    clearTimeout(this.looking);
    this.looking = later(this.againMs, () => this.ask());
    this.againMs = Math.min(this.againMs * 2, LAST_AGAIN_MS);
  }

  private ask(): void {
    this.open('asking');
    if (this.state !== 'asking') return;
    clearTimeout(this.looking);
    this.looking = later(LAST_AGAIN_MS, () => this.somebodyElse());
  }

  /** Who does not answer, or something else. */
  private somebodyElse(): void {
    this.line?.close();
    this.lookAgain();
  }

  /** The program ends: what waits is handed over now, or never. */
  private end(): void {
    const begun = performance.now();
    this.endsBy ??= begun + LONGEST_END_MS;
    const { waiting } = this;
    if (waiting.bytes === 0 && this.line?.isHandedOver !== false) return;
    if (!this.direct) {
      this.send();
      if (this.state === 'open' && this.line?.isHandedOver === false && begun < this.endsBy) {
        waiting.rewind();
        handOverByProcess(this.address, this.head ?? Buffer.from(STREAM_WORD + HEAD_END, 'latin1'), waiting.all());
        waiting.clear();
      }
      return;
    }
    // Nobody was there when the program began, a moment ago.
    if (this.state === 'gone' && !this.wasThere) this.open('open');
    this.sendUntil(0, STANDSTILL_MS, this.endsBy);
  }

  private makeRoom(): void {
    const now = performance.now();
    this.patienceMs = Math.min(PATIENCE_MS, this.patienceMs + (now - this.patientAt) * PATIENCE_BACK);
    this.patientAt = now;
    if (this.stuck || this.patienceMs < 1 || !this.direct || this.state !== 'open') {
      if (this.fullAt === undefined || this.waiting.bytes > this.fullAt + TRY_BYTES) this.send();
      return;
    }
    this.sendUntil(this.much / 2, STUCK_MS, now + this.patienceMs);
    this.patientAt = performance.now();
    this.patienceMs -= this.patientAt - now;
  }

  /** Waits for the system to take bytes until so few are left, time is over, or none are taken for a while. */
  private sendUntil(bytes: number, standstillMs: number, endsBy: number): void {
    const { waiting } = this;
    let moved = performance.now();
    for (let before = waiting.bytes; this.send(true) === 'full' && waiting.bytes > bytes; before = waiting.bytes) {
      const now = performance.now();
      if (waiting.bytes < before) moved = now;
      this.stuck = now - moved > standstillMs;
      if (this.stuck || now > endsBy) return;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** A timer that keeps no program from ending. */
function later(ms: number, then: () => void): NodeJS.Timeout {
  return setTimeout(then, ms).unref();
}
