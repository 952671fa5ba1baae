/** Times of events, for the diamonds: asked of the host for the rows in view, once per span. */

import { FLAG_EVENTS } from '../../src/core/model/table';
import type { Host } from '../shell/host';
import { hasFlag } from './model';
import type { ViewModel } from './state';

export class EventTimes {
  private asked = new Set<number>();

  constructor(
    private readonly host: Host,
    private readonly times: Map<number, Float64Array>,
    private readonly changed: () => void,
    private readonly report: (error: unknown) => void,
  ) {}

  clear(): void {
    this.asked = new Set();
    this.times.clear();
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
    this.host.call('eventTimes', { rows: wanted }).then(({ row, atNs }) => {
      if (this.asked !== asked) return;
      const bySpan = new Map<number, number[]>();
      row.forEach((span, index) => {
        const list = bySpan.get(span);
        if (list) list.push(atNs[index]);
        else bySpan.set(span, [atNs[index]]);
      });
      for (const [span, list] of bySpan) this.times.set(span, Float64Array.from(list).sort());
      this.changed();
    }, this.report);
  }
}
