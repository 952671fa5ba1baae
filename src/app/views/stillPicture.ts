/**
 * A picture that a person holds still while its trace goes on: nothing of it changes, what came is counted, and rows of it can be asked about for as
 * long as it is held. It belongs to the view: a page that is loaded again gets the same picture.
 */

import type { Disposable } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { Throttle } from '../../base/throttle';
import type { TraceSnapshot } from '../../protocol/snapshot';
import type { TraceKey } from '../../protocol/traces';
import type { PictureKey } from '../../protocol/view';
import type { EngineService } from '../engine/engineService';

/** What came is counted at most so often. */
const countMs = 1_000;

/** What is told of it. */
export interface Stillness {
  readonly paused: boolean;
  readonly newSpans: number;
}

interface Held {
  readonly picture: PictureKey;
  readonly snapshot: TraceSnapshot;
  newSpans: number;
}

export class StillPicture implements Disposable {
  private held: Held | undefined;
  private readonly changedEmitter = new Emitter<Stillness>();
  readonly onDidChange = this.changedEmitter.event;
  private readonly counting = new Throttle(() => void this.count(), { waitMs: () => countMs });

  constructor(private readonly engine: Pick<EngineService, 'call'>) {}

  get isHeld(): boolean {
    return this.held !== undefined;
  }

  get state(): Stillness {
    return { paused: this.isHeld, newSpans: this.held?.newSpans ?? 0 };
  }

  /** Holds the picture that a page shows. Rejects where the engine does not have it any more. */
  async hold(picture: PictureKey): Promise<void> {
    const { dataset, traceId, revision } = picture;
    const key = { dataset, traceId, revision };
    const snapshot = await this.engine.call('openTrace', { ...key, idsUpTo: Number.POSITIVE_INFINITY }, { timeoutMs: 0 });
    await this.engine.call('pinRevision', { ...key, pinned: true });
    this.release();
    this.held = { picture: key, snapshot, newSpans: 0 };
    this.changedEmitter.fire(this.state);
    this.counting.ask();
  }

  /** Goes on. */
  release(): void {
    const { held } = this;
    if (!held) return;
    this.held = undefined;
    this.counting.cancel();
    // An engine that went down meanwhile holds nothing.
    this.engine.call('pinRevision', { ...held.picture, pinned: false }).catch(() => {});
    this.changedEmitter.fire(this.state);
  }

  /** Of this trace, while it is held. */
  of({ dataset, traceId }: TraceKey): TraceSnapshot | undefined {
    const { held } = this;
    return held?.picture.traceId === traceId && held.picture.dataset === dataset ? held.snapshot : undefined;
  }

  /** The trace may have changed. */
  noteChange(): void {
    if (this.held) this.counting.ask();
  }

  dispose(): void {
    this.release();
    this.counting.dispose();
    this.changedEmitter.dispose();
  }

  private async count(): Promise<void> {
    const { held } = this;
    if (!held) return;
    const { dataset, traceId } = held.picture;
    // It may have left memory: nothing is to be counted then.
    const spans = await this.engine.call('traceSize', { dataset, traceId }).catch(() => held.snapshot.count);
    const newSpans = Math.max(0, spans - held.snapshot.count);
    if (this.held !== held || newSpans === held.newSpans) return;
    held.newSpans = newSpans;
    this.changedEmitter.fire(this.state);
  }
}
