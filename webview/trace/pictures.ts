/**
 * Pictures of a trace as they come from the host: the first one, newer revisions, and ids that follow. One that is older than what is shown changes
 * nothing. The span that somebody asked for is kept until a picture has it, or until a person selects another one.
 */

import { toErrorData } from '../../src/base/errors';
import { applyIdChanges } from '../../src/protocol/idChanges';
import type { Params } from '../../src/protocol/rpc';
import type { TraceSnapshot } from '../../src/protocol/snapshot';
import type { TraceKey } from '../../src/protocol/traces';
import type { PictureKey, ViewMethods, ViewState } from '../../src/protocol/view';
import type { Host } from '../host';
import { makeTrace } from './model';
import { SpanIds } from './spanIds';
import type { TraceStore } from './traceStore';

export interface PicturesOptions {
  readonly host: Pick<Host, 'call'>;
  readonly store: TraceStore;
  /** What is remembered of a trace: by the host, or else by this page. */
  readonly remembered: (trace: TraceKey, state: ViewState) => ViewState;
  readonly report: (error: unknown) => void;
}

/** What a picture did. Milliseconds. */
export interface Arrival {
  readonly kind: 'first' | 'newer' | 'dropped';
  readonly unpackMs: number;
  readonly layoutMs: number;
  readonly hasSelected: boolean;
}

export class Pictures {
  private wanted: string | undefined;

  constructor(private readonly own: PicturesOptions) {
    own.store.onDidChange((change) => {
      if (change === 'selection' && !this.selecting) this.wanted = undefined;
    });
  }

  private selecting = false;

  show({ snapshot, state, selectSpanId }: Params<ViewMethods, 'show'>): Arrival {
    const { store } = this.own;
    const shown = store.view?.trace.key;
    const isAgain = shown !== undefined && isSameTrace(shown, snapshot);
    if (selectSpanId !== undefined || !isAgain) this.wanted = selectSpanId;
    const words = this.idWordsOf(snapshot, isAgain ? shown.revision : undefined);
    const ids = words && new SpanIds(words);
    // Without ids nothing could stay where it is, so a newer picture comes with them.
    if (isAgain && (snapshot.revision < shown.revision || !ids)) return this.arrived('dropped', 0, 0);
    const begin = performance.now();
    const trace = makeTrace(snapshot);
    const unpacked = performance.now();
    const remembered = this.own.remembered(snapshot, state);
    if (isAgain && ids) store.replace(trace, ids, remembered);
    else {
      store.open(trace, ids, remembered);
      if (!ids) void this.askForIds(trace.key, remembered);
    }
    const laidOut = performance.now();
    return this.arrived(isAgain ? 'newer' : 'first', unpacked - begin, laidOut - unpacked);
  }

  /** Selects a span of a trace: now, which is told, or as soon as a picture has it. */
  select(trace: TraceKey, spanId: string, reveal: boolean): boolean {
    const shown = this.own.store.view?.trace.key;
    if (!shown || !isSameTrace(shown, trace)) return false;
    this.wanted = spanId;
    return this.selectWanted(reveal);
  }

  private idWordsOf({ spanIds, idChanges, count }: TraceSnapshot, revision: number | undefined): Uint32Array | undefined {
    if (spanIds) return new Uint32Array(spanIds);
    const before = this.own.store.ids?.words;
    return before && idChanges && idChanges.since === revision ? applyIdChanges(before, idChanges, count) : undefined;
  }

  private arrived(kind: Arrival['kind'], unpackMs: number, layoutMs: number): Arrival {
    return { kind, unpackMs, layoutMs, hasSelected: this.selectWanted(true) };
  }

  private selectWanted(reveal: boolean): boolean {
    if (this.wanted === undefined) return false;
    this.selecting = true;
    const has = this.own.store.selectSpanId(this.wanted, { reveal, by: 'host' });
    this.selecting = false;
    if (has) this.wanted = undefined;
    return has;
  }

  /** Ids are as much to carry as everything else, so those of a large trace come after its first picture. */
  private async askForIds(trace: PictureKey, remembered: ViewState): Promise<void> {
    const { host, store, report } = this.own;
    try {
      const { words } = await host.call('spanIds', { trace });
      // Another picture came meanwhile; its own ids are here, or follow.
      if (store.view?.trace.key !== trace) return;
      store.takeIds(new SpanIds(new Uint32Array(words)), remembered);
      this.selectWanted(true);
    } catch (error) {
      // The revision is gone, and a newer picture follows.
      if (toErrorData(error).kind !== 'NotFound') report(error);
    }
  }
}

function isSameTrace(a: TraceKey, b: TraceKey): boolean {
  return a.traceId === b.traceId && a.dataset === b.dataset;
}
