/** The time that a request has, which stands still while it is not its turn; and its end by that, or by its caller. */

export class Deadline {
  private readonly controller = new AbortController();
  private readonly abort = (): void => this.controller.abort();
  private spentMs = 0;
  private since: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Its time is over. */
  late = false;

  constructor(
    readonly timeoutMs: number,
    private readonly caller: AbortSignal | undefined,
  ) {
    if (caller?.aborted) this.abort();
    else caller?.addEventListener('abort', this.abort);
  }

  /** Aborts with the caller's, and when it is late. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get leftMs(): number {
    const running = this.since === undefined ? 0 : performance.now() - this.since;
    return Math.max(0, this.timeoutMs - this.spentMs - running);
  }

  /** Time passes from now on. */
  run(): void {
    if (this.since !== undefined) return;
    this.since = performance.now();
    this.timer = setTimeout(() => {
      this.late = true;
      this.controller.abort();
    }, this.leftMs);
  }

  /** Time stands still. */
  hold(): void {
    if (this.since === undefined) return;
    clearTimeout(this.timer);
    this.spentMs += performance.now() - this.since;
    this.since = undefined;
  }

  dispose(): void {
    this.hold();
    this.caller?.removeEventListener('abort', this.abort);
  }
}
