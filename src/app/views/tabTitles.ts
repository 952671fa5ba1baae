/**
 * Titles of tabs: the name of the trace. Where several open traces have one name, each gets what tells it apart: when it began, its id, where it is
 * from. As soon as there is one of them only, it has its plain name again.
 */

import type { Stage } from './stage';

/** A trace as a tab names it. */
export interface TitledTrace {
  readonly name: string;
  readonly traceId: string;
  /** Name of what it is from: a capture, a file, a backend. */
  readonly from: string;
  /** Epoch nanoseconds, decimal; undefined while it is read. */
  readonly startUnixNano?: string;
}

/** A trace whose name is not known, or not yet. */
export function unnamed(traceId: string): string {
  return `Trace ${traceId.slice(0, 8)}`;
}

type TitledStage = Pick<Stage, 'setTitle'>;

export class TabTitles {
  private readonly traces = new Map<TitledStage, TitledTrace>();
  private readonly shown = new Map<TitledStage, string>();

  set(stage: TitledStage, trace: TitledTrace): void {
    this.traces.set(stage, trace);
    this.show();
  }

  /** It is closed. */
  forget(stage: TitledStage): void {
    this.shown.delete(stage);
    if (this.traces.delete(stage)) this.show();
  }

  private show(): void {
    const titles = titlesOf([...this.traces.values()]);
    for (const [at, stage] of [...this.traces.keys()].entries()) {
      if (this.shown.get(stage) === titles[at]) continue;
      this.shown.set(stage, titles[at]);
      stage.setTitle(titles[at]);
    }
  }
}

/**
 * The titles of traces that are open together, in their order.
 * @param locale BCP 47; undefined: the system's
 */
export function titlesOf(traces: readonly TitledTrace[], locale?: string, timeZone?: string): string[] {
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone });
  const marks: readonly ((trace: TitledTrace) => string)[] = [
    ({ startUnixNano }) => (startUnixNano === undefined ? '' : timeOf(startUnixNano, clock)),
    ({ traceId }) => traceId.slice(0, 8),
    ({ from }) => from,
    ({ traceId, from }) => `${traceId} ${from}`,
  ];
  return traces.map((trace) => {
    const same = traces.filter(({ name }) => name === trace.name);
    if (same.length === 1) return trace.name;
    const mark = marks.find((of) => new Set(same.map(of)).size === same.length && same.every((one) => of(one) !== ''));
    return mark ? `${trace.name} · ${mark(trace)}` : trace.name;
  });
}

/** Empty for a time that no calendar has. */
function timeOf(startUnixNano: string, clock: Intl.DateTimeFormat): string {
  const date = new Date(Number(startUnixNano) / 1e6);
  return Number.isNaN(date.getTime()) ? '' : clock.format(date);
}
