/**
 * Sees that a worker thread does not get to its event loop any more. The worker counts up a number in shared memory by a timer, which no queue of
 * messages can starve; the host looks at it by a timer of its own. What counts is how often the host looked in vain, not how much time passed:
 * a computer that slept, or a host that was held, has looked once, and a worker that lives counts again before the next look.
 *
 * The longest step of the engine that is known to be in order is far below the limit: it works in slices, and single steps (assembling a million
 * spans: 1.4 s; exporting them: 5.8 s on two busy cores; 64 MiB of JSON) end well before.
 */

import { url as inspectorUrl } from 'node:inspector';

const BEAT_MS = 250;
const LOOK_MS = 1_000;
/** Looks in vain after which a worker is taken for hung: five times the longest step. */
export const SILENT_LOOKS = 30;

/** Memory for a worker's beats: one 32-bit number. */
export function newBeats(): SharedArrayBuffer {
  return new SharedArrayBuffer(4);
}

/** Counts up for as long as the thread's event loop turns. */
export function beat(beats: SharedArrayBuffer): void {
  const counter = new Int32Array(beats);
  setInterval(() => Atomics.add(counter, 0, 1), BEAT_MS).unref();
}

export interface WatchOptions {
  readonly lookMs?: number;
  readonly silentLooks?: number;
  /** Whether a debugger may hold the worker at a breakpoint. Default: one is attached to this process. */
  readonly held?: () => boolean;
}

export class Watchdog {
  private readonly counter: Int32Array;
  private readonly timer: NodeJS.Timeout;
  private readonly lookMs: number;
  private seen = 0;
  private vain = 0;
  /** `performance.now()` of the last look that saw the worker alive; of the birth, before. */
  private aliveAt = performance.now();

  /** @param onSilent called once; nothing is looked at afterwards */
  constructor(
    beats: SharedArrayBuffer,
    private readonly onSilent: () => void,
    private readonly options: WatchOptions = {},
  ) {
    this.counter = new Int32Array(beats);
    this.lookMs = options.lookMs ?? LOOK_MS;
    this.timer = setInterval(() => this.look(), this.lookMs);
    this.timer.unref();
  }

  /** `performance.now()` up to which the worker may have lived: what was asked later is not what holds it. */
  get silentSince(): number {
    return this.aliveAt + this.lookMs + BEAT_MS;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = Atomics.load(this.counter, 0);
    const held = this.options.held ?? (() => inspectorUrl() !== undefined);
    if (now !== this.seen || held()) {
      this.seen = now;
      this.vain = 0;
      this.aliveAt = performance.now();
      return;
    }
    if (++this.vain < (this.options.silentLooks ?? SILENT_LOOKS)) return;
    this.stop();
    this.onSilent();
  }
}
