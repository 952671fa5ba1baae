/**
 * Which spans are sent when they begin, and not only when they have ended. Those of entry points at once, for they are what a request that stands
 * at a breakpoint, hangs or never comes back is found by; the others when they last longer than most do. A program that is being debugged may
 * stand still in any span, and no timer runs in it then, so all of its spans are sent as they begin. So many at a time: a
 * program that makes thousands of spans has nobody who watches each.
 */

import type { SpanLike } from '../spans/spanProcessor';
import { isEntry } from './encodeSpan';

/** Milliseconds after which a span lasts long. */
const LONG_MS = 75;
/** Spans that are sent when they begin, in so many milliseconds. */
const MOST_AT_ONCE = 200;
const SPELL_MS = 100;
/** Spans that are waited for. Of more, only those of entry points are sent before they end. */
const MOST_WAITED_FOR = 10_000;

const SERVER = 1;
const CONSUMER = 4;

const { setTimeout, performance } = globalThis;

export class SpansInProgress {
  private readonly begun = new Map<SpanLike, number>();
  private timer: NodeJS.Timeout | undefined;
  private left = MOST_AT_ONCE;
  private spellEnds = 0;

  /**
   * @param send sends a span as it is
   * @param debugged whether a debugger may stop the program
   */
  constructor(
    private readonly send: (span: SpanLike) => void,
    private readonly debugged: boolean,
  ) {}

  started(span: SpanLike): void {
    const now = performance.now();
    if (now > this.spellEnds) {
      this.spellEnds = now + SPELL_MS;
      this.left = MOST_AT_ONCE;
    }
    if (this.left > 0 && (span.kind === SERVER || span.kind === CONSUMER || isEntry(span) || this.debugged)) {
      this.left--;
      this.send(span);
    } else if (this.begun.size < MOST_WAITED_FOR) {
      this.begun.set(span, now);
      this.timer ??= this.arm(LONG_MS);
    }
  }

  ended(span: SpanLike): void {
    this.begun.delete(span);
  }

  private arm(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.look(), ms).unref();
  }

  /** The longest begun come first. */
  private look(): void {
    const now = performance.now();
    this.timer = undefined;
    for (const [span, at] of this.begun) {
      if (now - at < LONG_MS) {
        this.timer = this.arm(LONG_MS - (now - at) + 1);
        return;
      }
      this.begun.delete(span);
      this.send(span);
    }
  }
}
