/**
 * Sends what waits in the engine to another endpoint, one request after the other in the order in which they came, as OTLP over HTTP has it: tried again
 * where that is of use, longer and longer apart; dropped and counted where it is not. Nothing waits for it: the engine's queue is bounded.
 */

import { retryAfterMs } from '../../backends/common/retries';
import type { HttpHeaders, HttpResponse, Transport } from '../../backends/common/transport';
import type { Disposable } from '../../base/disposables';
import { SpanhopError, toErrorData } from '../../base/errors';
import { wait } from '../../base/wait';
import { isRetryable, isTaken, nextTryMs } from '../../capture/forward/forwardRetry';
import type { ForwardedPiece, ForwardedState } from '../../protocol/forward';
import { refusedItems } from './partialSuccess';

/** Where to. */
export interface ForwardTarget {
  /** `/v1/traces` and `/v1/logs` are added. */
  readonly base: string;
  /** It is on another machine: bytes on the way cost more than packing them. */
  readonly isFar: boolean;
}

/** What became of it, since forwarding began. */
export interface ForwardCounts {
  /** Spans and log records that the endpoint took. */
  readonly sent: number;
  readonly waiting: number;
  /** That did not fit into the queue. */
  readonly overflowed: number;
  /** That the endpoint refused, or for which it was away too long. */
  readonly refused: number;
  /** That the endpoint sent back here. */
  readonly returned: number;
}

export interface ForwarderOptions {
  readonly take: (zipped: boolean) => Promise<ForwardedState>;
  /** Without tries of its own. */
  readonly transport: Pick<Transport, 'request'>;
  /** Asked for each request. */
  readonly headers: (origin: string) => Promise<HttpHeaders>;
  /** Counts or the trouble are others now. */
  readonly changed: () => void;
  readonly random?: () => number;
}

const nothing: ForwardCounts = { sent: 0, waiting: 0, overflowed: 0, refused: 0, returned: 0 };

/** Bytes of what an endpoint answers. */
const maxAnswer = 1 << 16;
/** Milliseconds. Source: OTLP exporters' default time-out. */
const timeoutMs = 10_000;

export class Forwarder implements Disposable {
  private target: ForwardTarget | undefined;
  private counted = nothing;
  private reason: string | undefined;
  /** What is being sent, and then what follows; ends when nothing waits. */
  private course: Promise<void> | undefined;
  /** Something came to wait while it was ending. */
  private isAsked = false;
  private ending = new AbortController();
  /** Taken, and not yet sent: it goes to the next endpoint where that changes. */
  private held: ForwardedState | undefined;
  private isDisposed = false;

  constructor(private readonly own: ForwarderOptions) {}

  get counts(): ForwardCounts {
    return this.counted;
  }

  /** Why nothing gets through just now, or what was refused last: the end of a sentence that begins with the endpoint. */
  get trouble(): string | undefined {
    return this.reason;
  }

  /** Sends to there from now on; undefined: nowhere. Another endpoint counts from the beginning. */
  direct(target: ForwardTarget | undefined): void {
    if (target?.base === this.target?.base) return;
    this.ending.abort();
    this.ending = new AbortController();
    this.target = target;
    this.counted = nothing;
    this.reason = undefined;
    if (target === undefined) this.held = undefined;
    this.own.changed();
    this.ask();
  }

  /** Something waits, or what is in the way may have gone: the next try is now. */
  ask(isUrgent = false): void {
    if (this.isDisposed || this.target === undefined) return;
    if (isUrgent && this.course) {
      this.ending.abort();
      this.ending = new AbortController();
    }
    if (this.course) {
      this.isAsked = true;
      return;
    }
    const course = this.run().finally(() => {
      this.course = undefined;
      if (!this.isAsked) return;
      this.isAsked = false;
      this.ask();
    });
    this.course = course;
  }

  /** Resolves when all that waits is sent, or nothing gets through, or the time is over. Never rejects. @param ms milliseconds */
  async flush(ms: number): Promise<void> {
    // What came a moment ago may not have been told of yet.
    this.ask();
    const over = new AbortController();
    const late = wait(ms, over.signal).catch(() => {});
    while (this.course && this.reason === undefined) {
      const isOver = await Promise.race([this.course.then(() => false), late.then(() => true)]);
      if (isOver) break;
    }
    over.abort();
  }

  dispose(): void {
    this.isDisposed = true;
    this.ending.abort();
    this.held = undefined;
  }

  /** Never rejects. */
  private async run(): Promise<void> {
    for (;;) {
      const { target } = this;
      const { signal } = this.ending;
      if (target === undefined || this.isDisposed) {
        this.held = undefined;
        return;
      }
      try {
        this.held ??= await this.own.take(target.isFar);
        const { piece, waiting, dropped, returned } = this.held;
        this.count({ waiting: waiting + (piece?.items ?? 0), overflowed: dropped, returned });
        if (piece) await this.deliver(piece, target, signal);
        this.held = undefined;
        this.count({ waiting });
        if (!piece) return;
      } catch (error) {
        // Sent elsewhere now, sooner, or not any more; or the engine is gone, and tells again what waits when it is back.
        if (!signal.aborted || this.isDisposed) return this.say(this.isDisposed ? undefined : toErrorData(error).message);
      }
    }
  }

  /** Resolves when it was taken, or given up. Rejects as soon as the signal aborts. */
  private async deliver(piece: ForwardedPiece, target: ForwardTarget, signal: AbortSignal): Promise<void> {
    const beganMs = performance.now();
    for (let tries = 1; ; tries++) {
      const found = await this.send(piece, target, signal);
      if (found.response && isTaken(found.response.status)) {
        const { refused, message } = refusedItems(found.response.body);
        const items = Math.min(refused, piece.items);
        this.count({ sent: this.counted.sent + piece.items - items, refused: this.counted.refused + items });
        this.say(items > 0 ? `did not take all of it: ${message || 'it does not say why'}` : undefined);
        return;
      }
      const askedMs = found.response && retryAfterMs(found.response, Date.now());
      const mayRetry = !found.response || isRetryable(found.response.status);
      const delayMs = mayRetry
        ? nextTryMs(tries, performance.now() - beganMs, askedMs, this.own.random?.() ?? Math.random())
        : undefined;
      this.say(found.why);
      if (delayMs === undefined) {
        this.count({ refused: this.counted.refused + piece.items });
        return;
      }
      await wait(delayMs, signal);
    }
  }

  private async send(
    { signal: kind, body, zipped }: ForwardedPiece,
    { base }: ForwardTarget,
    signal: AbortSignal,
  ): Promise<{ readonly response?: HttpResponse; readonly why: string }> {
    const url = `${base}/v1/${kind}`;
    try {
      const given = await this.own.headers(new URL(url).origin);
      const headers = {
        ...given,
        accept: 'application/x-protobuf',
        'content-type': 'application/x-protobuf',
        ...(zipped ? { 'content-encoding': 'gzip' } : {}),
      };
      const request = { method: 'POST', url, headers, body, timeoutMs, maxBytes: maxAnswer, takesRefusals: true } as const;
      const response = await this.own.transport.request(request, signal);
      return { response, why: refusal(response, kind) };
    } catch (error) {
      if (signal.aborted || !(error instanceof SpanhopError) || error.kind === 'Cancelled') throw error;
      return { why: `gets nothing just now: ${error.message}` };
    }
  }

  private count(counts: Partial<ForwardCounts>): void {
    this.counted = { ...this.counted, ...counts };
    this.own.changed();
  }

  private say(trouble: string | undefined): void {
    if (trouble === this.reason) return;
    this.reason = trouble;
    this.own.changed();
  }
}

function refusal({ status, body }: HttpResponse, kind: string): string {
  if (isTaken(status)) return '';
  if (status === 401 || status === 403) return `refuses who asks (status ${status}); set the headers that it wants`;
  if (isRetryable(status)) return `is busy (status ${status}) and is asked again`;
  if (status === 404 || status === 405) return `takes no ${kind} at /v1/${kind} (status ${status})`;
  const text = new TextDecoder()
    .decode(body.subarray(0, 200))
    .replaceAll(/[^\x21-\x7e]+/g, ' ')
    .trim();
  return `refuses ${kind} (status ${status}${text === '' ? '' : `: ${text}`})`;
}
