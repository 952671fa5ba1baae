/**
 * What the Captures view lists: captures that run and kept ones, newest first. It is asked for while somebody looks, at most once a second
 * while a program sends; where it cannot be had, the rows of before stay, the reason is told in one line, and it is asked for less and less
 * often.
 */

import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { toErrorData } from '../../base/errors';
import { Latest } from '../../base/latest';
import { Throttle } from '../../base/throttle';
import type { CaptureInfo, CaptureState } from '../../protocol/capture';
import type { Problems } from '../messages/problems';
import type { CaptureService } from './captureService';

/** Counts change with every request. */
const refreshMs = 1000;
/** The longest wait after failures. */
const mostMs = 60_000;

export interface CaptureListOptions {
  readonly capture: Pick<CaptureService, 'list' | 'state' | 'onDidChange'>;
  readonly problems: Pick<Problems, 'record'>;
}

export class CaptureList implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<readonly CaptureInfo[] | undefined>());
  /** Fires with the rows that say something else now; undefined: other rows, or another trouble. */
  readonly onDidChange = this.changed.event;

  private readonly asking = this.disposables.own(new Latest());
  private readonly soon = this.disposables.own(
    new Throttle(() => this.ask(), { waitMs: () => Math.min(mostMs, refreshMs * 2 ** this.failures) }),
  );
  private readonly options: CaptureListOptions;
  private captures: readonly CaptureInfo[] = [];
  private isVisible = false;
  private isStale = true;
  private failures = 0;
  private reason: string | undefined;
  private state: CaptureState;
  private first: Promise<void> | undefined;

  constructor(options: CaptureListOptions) {
    this.options = options;
    this.state = options.capture.state;
    this.disposables.add(options.capture.onDidChange((state) => this.follow(state)));
  }

  /** Resolves when it was asked for once, whatever came of it. */
  loaded(): Promise<void> {
    return this.first ?? this.ask();
  }

  /** As they were when they could be had last. */
  get rows(): readonly CaptureInfo[] {
    return this.captures;
  }

  /** Why the captures cannot be listed: a sentence. */
  get trouble(): string | undefined {
    return this.reason;
  }

  /** A row's capture as it is now. */
  now(row: CaptureInfo): CaptureInfo {
    return this.captures.find(({ id }) => id === row.id) ?? row;
  }

  /** What nobody sees is not asked for; when it comes into sight again, what happened meanwhile is. */
  setVisible(isVisible: boolean): void {
    this.isVisible = isVisible;
    if (!isVisible) this.soon.cancel();
    else if (this.isStale) void this.ask();
  }

  /** Asks again, now: something was done to the captures, or a person wants to know. */
  async refresh(): Promise<void> {
    this.isStale = true;
    if (this.isVisible) await this.ask();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private follow(state: CaptureState): void {
    const { running, trouble } = this.state;
    this.state = state;
    this.isStale = true;
    if (!this.isVisible) return;
    if (state.running !== running || state.trouble !== trouble) void this.ask();
    else this.soon.ask();
  }

  private ask(): Promise<void> {
    const asked = this.askNow();
    this.first ??= asked;
    return asked;
  }

  /** Never rejects. */
  private async askNow(): Promise<void> {
    const { capture, problems } = this.options;
    this.soon.cancel();
    this.isStale = false;
    try {
      const list = await this.asking.run(() => capture.list());
      this.failures = 0;
      this.show(
        [...list].sort((a, b) => Number(b.live) - Number(a.live) || b.startedAt - a.startedAt),
        undefined,
      );
    } catch (error) {
      // Somebody asked again, and is answered.
      if (this.asking.underWay) return;
      const { kind, message } = toErrorData(error);
      if (kind === 'Cancelled') return;
      this.failures++;
      const reason = `The captures cannot be listed: ${message}`;
      if (reason !== this.reason) problems.record(error);
      this.show(this.captures, reason);
    }
  }

  private show(captures: readonly CaptureInfo[], reason: string | undefined): void {
    const before = this.captures;
    const isSame = reason === this.reason && idsOf(captures) === idsOf(before);
    this.captures = captures;
    this.reason = reason;
    const changed = captures.filter((capture, i) => JSON.stringify(capture) !== JSON.stringify(before[i]));
    if (!isSame) this.changed.fire(undefined);
    else if (changed.length > 0) this.changed.fire(changed);
  }
}

function idsOf(captures: readonly CaptureInfo[]): string {
  return captures.map(({ id }) => id).join();
}
