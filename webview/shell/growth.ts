/**
 * Has what goes on grow on the screen: by the page's clock, as often as a pixel of the axis takes, and never while the page is hidden or held still.
 * Nothing is asked of anybody for it.
 */

import type { ViewModel } from '../trace/state';

const LEAST_MS = 33;
/** Texts tell tenths of seconds up to ten, so something changes at least so often. */
const MOST_MS = 500;
/** Where a person wants little motion. */
const CALM_MS = 1_000;

export interface GrowthOptions {
  readonly view: () => ViewModel | undefined;
  /** CSS pixels of the time axis. */
  readonly width: () => number;
  readonly isHeld: () => boolean;
  /** Something is as long as it is by now: the screen is to be brought up to date. */
  readonly grown: () => void;
  readonly isCalm?: () => boolean;
  readonly isHidden?: () => boolean;
  readonly nowMs?: () => number;
}

export class Growth {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly nowMs: () => number;

  constructor(private readonly own: GrowthOptions) {
    this.nowMs = own.nowMs ?? Date.now;
  }

  /** After each frame: whether there is to be another one by itself. */
  schedule(): void {
    const view = this.own.view();
    if (this.timer !== undefined || !view?.trace.running.goesOn || this.own.isHeld() || this.own.isHidden?.()) return;
    this.timer = setTimeout(() => this.tick(), this.pauseFor(view));
  }

  private tick(): void {
    this.timer = undefined;
    const view = this.own.view();
    if (!view?.trace.running.goesOn || this.own.isHeld()) return;
    view.grow(this.nowMs());
    this.own.grown();
  }

  private pauseFor({ view: { startNs, endNs } }: ViewModel): number {
    if (this.own.isCalm?.()) return CALM_MS;
    const msOfPixel = (endNs - startNs) / Math.max(1, this.own.width()) / 1e6;
    return Math.min(MOST_MS, Math.max(LEAST_MS, msOfPixel));
  }
}
