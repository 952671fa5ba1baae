/** Times of events, for the diamonds: asked of the host for the rows in view, once per span. */

import { toErrorData } from '../../src/base/errors';
import { FLAG_EVENTS } from '../../src/core/model/table';
import { hasFlag } from '../../src/protocol/columns';
import type { Host } from '../host';
import type { SpanIds } from './spanIds';
import type { ViewModel } from './state';

export interface EventTimesOptions {
  readonly host: Pick<Host, 'call'>;
  readonly changed: () => void;
  readonly report: (error: unknown) => void;
}

export class EventTimes {
  private asked = new Set<number>();
  /** Nanoseconds as the data has them, ascending, of the spans that were asked for. */
  readonly times = new Map<number, Float64Array>();

  constructor(private readonly own: EventTimesOptions) {}

  /** Another trace, or a revision of which nothing is known. */
  clear(): void {
    this.asked = new Set();
    this.times.clear();
  }

  /** A newer revision: what is known of its spans is known. */
  carryOver(before: SpanIds, ids: SpanIds): void {
    const known = [...this.times];
    this.clear();
    for (const [span, times] of known) {
      const now = ids.spanFrom(before, span);
      if (now < 0) continue;
      this.times.set(now, times);
      this.asked.add(now);
    }
  }

  /** Asks for the rows from `firstRow` to `endRow` that have events and were not asked for. */
  want(view: ViewModel, firstRow: number, endRow: number): void {
    const wanted: number[] = [];
    for (let row = firstRow; row < endRow; row++) {
      const span = view.rows.entryAt(row);
      if (span >= 0 && hasFlag(view.trace, span, FLAG_EVENTS) && !this.asked.has(span)) wanted.push(span);
    }
    if (wanted.length === 0) return;
    const { asked } = this;
    for (const span of wanted) asked.add(span);
    this.own.host.call('eventTimes', { trace: view.trace.key, rows: wanted }).then(
      ({ row, atNs }) => {
        if (this.asked !== asked) return;
        const bySpan = new Map<number, number[]>();
        row.forEach((span, index) => {
          const list = bySpan.get(span);
          if (list) list.push(atNs[index]);
          else bySpan.set(span, [atNs[index]]);
        });
        for (const [span, list] of bySpan) this.times.set(span, Float64Array.from(list).sort());
        this.own.changed();
      },
      (error: unknown) => {
        // Of a picture that is gone: the next one asks.
        if (toErrorData(error).kind !== 'NotFound') this.own.report(error);
      },
    );
  }
}
