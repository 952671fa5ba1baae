/** The ledger put together: what it counts, how things leave, and telling the window of it. */

import { formatMegabytes, type MemoryReport } from '../../protocol/memory';
import { LOCAL_DATASET, type TraceKey } from '../../protocol/traces';
import type { Datasets } from '../store/dataset';
import type { MemoryLimits } from '../store/memoryLimits';
import type { Emit } from '../store/notifier';
import { AssembledTraces } from '../traces/assembledTraces';
import { Leaving } from './leaving';
import { Ledger } from './ledger';

/** Under load traces leave with every request; the window is told at most so often. */
const TELL_MS = 1_000;
/** Accounts in one line of the log. */
const MAX_LOGGED = 12;

export class Memory {
  readonly traces: AssembledTraces;
  readonly ledger: Ledger;
  private readonly leaving: Leaving;
  /** Traces that lost spans and may be shown, by dataset. */
  private readonly cut = new Map<string, Set<string>>();
  private telling: NodeJS.Timeout | undefined;
  private toldSpans = 0;
  private toldMessage: string | undefined;
  private noticed = false;

  constructor(
    private readonly datasets: Datasets,
    private readonly emit: Emit,
    limits: () => MemoryLimits,
  ) {
    this.traces = new AssembledTraces(datasets, (kind) => this.ledger.limitFor(kind));
    this.leaving = new Leaving(datasets, (dataset, traceId) => this.noteCut(dataset, traceId));
    this.ledger = new Ledger({ datasets, leaving: this.leaving, limits, left: () => this.left() });
    this.ledger.openDerived(this.traces);
    this.ledger.openDerived(datasets.overviews);
  }

  /** What views show leaves last. */
  show(traces: readonly TraceKey[]): void {
    this.leaving.visible = traces;
    this.ledger.look();
  }

  /** Traces that views show or that were opened lately: whoever looks at them is told of each change. */
  followed(): readonly TraceKey[] {
    return [...this.leaving.visible, ...this.traces.keys()];
  }

  /** Limits changed, or something was taken out. */
  changed(): void {
    this.ledger.look();
    this.tellSoon();
  }

  report(): MemoryReport {
    const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
    const spans = this.datasets.values().reduce((sum, { store }) => sum + store.spans, 0);
    return { ...this.ledger.state, spans, heapUsed, arrayBuffers, rss, accounts: this.ledger.list() };
  }

  private left(): void {
    this.traces.forgetStale();
    this.tellSoon();
  }

  private noteCut(dataset: string, traceId: string): void {
    const traces = this.cut.get(dataset);
    if (traces) traces.add(traceId);
    else this.cut.set(dataset, new Set([traceId]));
  }

  private tellSoon(): void {
    this.telling ??= setTimeout(() => this.tell(), TELL_MS).unref();
  }

  private tell(): void {
    this.telling = undefined;
    for (const [dataset, traces] of this.cut) this.emit('changed', { dataset, traceIds: [...traces] });
    this.cut.clear();
    const { state } = this.ledger;
    if (state.leftSpans === this.toldSpans && state.message === this.toldMessage) return;
    this.toldSpans = state.leftSpans;
    this.toldMessage = state.message;
    this.emit('memory', state);
    if (state.message === undefined || this.noticed) return;
    this.noticed = true;
    this.emit('notice', { key: `memory.${LOCAL_DATASET}`, level: 'info', message: state.message });
    this.emit('log', { level: 'info', message: this.describe() });
  }

  /** For the log: `Memory: 2,048 MB of 2,048 MB: local 1,900 MB, file:a 148 MB`. */
  private describe(): string {
    const { bytes, limitBytes } = this.ledger.state;
    const largest = this.ledger.list().filter((one) => one.bytes >= 1 << 20);
    const accounts = largest.slice(0, MAX_LOGGED).map((one) => `${one.name} ${formatMegabytes(one.bytes)}`);
    return `Memory: ${formatMegabytes(bytes)} of ${formatMegabytes(limitBytes)}: ${accounts.join(', ')}`;
  }
}
