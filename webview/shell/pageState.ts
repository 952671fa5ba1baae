/** What the page itself keeps of the trace that it shows: for when the host has forgotten it, and for whoever opens the panel again after a reload. */

import type { TraceKey } from '../../src/protocol/traces';
import type { ViewState } from '../../src/protocol/view';

/** What `acquireVsCodeApi` gives for it. */
export interface StateStore {
  getState(): unknown;
  setState(state: unknown): void;
}

interface Kept extends TraceKey {
  readonly state: ViewState;
}

export class KeptState {
  constructor(private readonly store: StateStore) {}

  /** What the host remembers; else what this page does. */
  of(traceId: string, remembered: ViewState): ViewState {
    if (Object.values(remembered).some((value) => value !== undefined)) return remembered;
    const kept = this.store.getState();
    return isKept(kept) && kept.traceId === traceId ? kept.state : {};
  }

  set({ traceId, dataset }: TraceKey, state: ViewState): void {
    this.store.setState({ traceId, dataset, state } satisfies Kept);
  }
}

function isKept(value: unknown): value is Kept {
  return (
    typeof value === 'object' &&
    value !== null &&
    'traceId' in value &&
    'state' in value &&
    typeof value.state === 'object' &&
    value.state !== null
  );
}
