/**
 * Has the state of a trace kept, soon after it changed, by the host and by this page. It belongs to its trace: what waits is told before another one
 * is shown, and when the page may go away.
 */

import { Throttle } from '../../src/base/throttle';
import type { TraceKey } from '../../src/protocol/traces';
import type { ViewState } from '../../src/protocol/view';
import { stateOf } from './memory';
import type { TraceStore } from './traceStore';

/** A change is told at the latest after this (of large traces later): a hidden webview is gone, with what it has not told. */
const SAVE_MS = 60;
const LARGE_SAVE_MS = 250;
const LARGE = 100_000;

export class StateKeeper {
  private readonly saving = new Throttle(() => this.tell(), {
    waitMs: () => ((this.store.view?.trace.count ?? 0) > LARGE ? LARGE_SAVE_MS : SAVE_MS),
  });

  constructor(
    private readonly store: TraceStore,
    private readonly keep: (trace: TraceKey, state: ViewState) => void,
  ) {
    store.onDidChange(() => this.noteChange());
    store.onWillLeave((where) => {
      if (where === 'another') this.save();
    });
  }

  /** Something that is kept has changed; the scroll position, for example, without the store's doing. */
  noteChange(): void {
    if (this.store.view) this.saving.ask();
  }

  /** Tells at once what waits. */
  save(): void {
    if (!this.saving.isPending) return;
    this.saving.cancel();
    this.tell();
  }

  private tell(): void {
    const { view, ids } = this.store;
    if (!view) return;
    const { dataset, traceId } = view.trace.key;
    this.keep({ dataset, traceId }, stateOf(view, ids));
  }
}
