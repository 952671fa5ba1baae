/**
 * Whether a person is at the list of traces, as far as an editor that tells nothing of the pointer lets one know: somebody who chose, opened or hovered
 * a row is there for a while, or until they do something elsewhere. Meanwhile the rows hold still.
 */

import type { Disposable } from '../../base/disposables';
import { Emitter } from '../../base/emitter';

/** A hover that is read and a look at the next row take less. */
const stayMs = 15_000;

export class Attention implements Disposable {
  private readonly emitter = new Emitter<void>();
  /** They are elsewhere now, or have done nothing for a while. */
  readonly onDidLeave = this.emitter.event;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Somebody is at the list. */
  get here(): boolean {
    return this.timer !== undefined;
  }

  /** Somebody did something in the list. */
  came(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.left(), stayMs);
  }

  /** Somebody did something elsewhere. */
  left(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.emitter.fire();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.emitter.dispose();
  }
}
