/** What is known of the selected span: asked of the host, the latest selection wins, and the old answer stays until the new one is there. */

import { Emitter } from '../../src/base/emitter';
import { toErrorData } from '../../src/base/errors';
import { Latest } from '../../src/base/latest';
import { isError, serviceOf } from '../../src/protocol/columns';
import type { SpanDetails } from '../../src/protocol/details';
import type { SpanKey } from '../../src/protocol/view';
import type { Host } from '../host';
import type { TraceModel } from './model';
import { NO_ENTRY, type ViewModel } from './state';

/** What is told about a group's row, besides the details of its first span. */
export interface GroupSummary {
  readonly count: number;
  readonly errors: number;
  readonly totalNs: number;
  readonly leastNs: number;
  readonly medianNs: number;
  readonly mostNs: number;
}

export interface SelectedSpan {
  readonly span: SpanKey;
  readonly details: SpanDetails;
  /** Nanoseconds to add to raw times for display. */
  readonly shiftNs: number;
  /** Palette index. */
  readonly colour: number;
  readonly group: GroupSummary | undefined;
  /** Messages of the findings that concern it. */
  readonly findings: readonly string[];
}

export type Selected =
  | { readonly type: 'span'; readonly span: SelectedSpan }
  | { readonly type: 'nothing' }
  | { readonly type: 'problem'; readonly message: string };

export interface SelectedDetailsOptions {
  readonly host: Pick<Host, 'call'>;
  readonly report: (error: unknown) => void;
}

/** Milliseconds in which a newer picture comes where one was overtaken. */
const PATIENCE_MS = 3_000;

export class SelectedDetails {
  private readonly changedEmitter = new Emitter<Selected>();
  readonly onDidChange = this.changedEmitter.event;
  private readonly loading = new Latest();
  /** The picture is gone; unless a newer one comes, that is told. */
  private refused: ReturnType<typeof setTimeout> | undefined;
  private asked: { readonly trace: TraceModel; readonly entry: number; readonly rawClock: boolean } | undefined;

  constructor(private readonly own: SelectedDetailsOptions) {}

  /** Follows the selection; does nothing when that is what is known. */
  update(view: ViewModel): void {
    const { asked } = this;
    const { trace, selected: entry, rawClock } = view;
    if (asked && asked.trace === trace && asked.entry === entry && asked.rawClock === rawClock) return;
    this.asked = { trace, entry, rawClock };
    clearTimeout(this.refused);
    if (entry !== NO_ENTRY) void this.load(view, entry);
    else {
      this.loading.cancel();
      this.changedEmitter.fire({ type: 'nothing' });
    }
  }

  private async load(view: ViewModel, entry: number): Promise<void> {
    const { host, report } = this.own;
    const { trace } = view;
    const row = view.spanOf(entry);
    try {
      const details = await this.loading.run((signal) => host.call('details', { trace: trace.key, row }, { signal }));
      this.changedEmitter.fire({ type: 'span', span: selectedSpan(view, entry, details) });
    } catch (error) {
      const { kind, message } = toErrorData(error);
      if (kind === 'Cancelled') return;
      const tell = (): void => this.changedEmitter.fire({ type: 'problem', message });
      if (kind === 'NotFound') {
        // What is shown stays until the next picture asks.
        this.refused = setTimeout(tell, PATIENCE_MS);
      } else {
        report(error);
        tell();
      }
    }
  }
}

function selectedSpan(view: ViewModel, entry: number, details: SpanDetails): SelectedSpan {
  const { trace } = view;
  const span = view.spanOf(entry);
  return {
    span: { trace: trace.key, spanId: details.spanId },
    details,
    shiftNs: view.startNs[span] - trace.rawStartNs[span],
    colour: trace.colourOf[serviceOf(trace, span)],
    group: entry < 0 ? summary(view, ~entry) : undefined,
    findings: trace.snapshot.findings.filter((finding) => finding.rows.includes(span)).map((finding) => finding.message),
  };
}

function summary(view: ViewModel, group: number): GroupSummary {
  const { groups, durationNs } = view.trace;
  const members = groups.rows.subarray(groups.start[group], groups.start[group + 1]);
  const sorted = Float64Array.from(members, (span) => durationNs[span]).sort();
  let errors = 0;
  for (const span of members) if (isError(view.trace, span)) errors++;
  return {
    count: members.length,
    errors,
    totalNs: sorted.reduce((sum, ns) => sum + ns, 0),
    leastNs: sorted[0],
    medianNs: sorted[(sorted.length - 1) >> 1],
    mostNs: sorted[sorted.length - 1],
  };
}
