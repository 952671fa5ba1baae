/** Times of one span as the trace is shown: those of one that goes on as they are now, all without held time where that is left out. */

import { StoppedTime } from '../../src/core/analysis/stoppedTime';
import type { TraceStop } from '../../src/protocol/snapshot';
import { isRunning } from './model';
import { runStateOf } from './running';
import type { ViewModel } from './state';
import { stopEndNs } from './stops';
import { shownSelfNs } from './withoutStops';

export interface ShownTimes {
  /** From the trace's start, as shown. */
  readonly startNs: number;
  readonly durationNs: number;
  /** Undefined: as the engine says. */
  readonly selfNs: number | undefined;
  /** Of the trace. */
  readonly share: number;
  /** RUN_… of one that has not ended. */
  readonly run: number | undefined;
  /** Held times that it waited through, of which it has as many nanoseconds. */
  readonly stops: readonly TraceStop[];
  readonly heldNs: number;
  /** Now, on the axis that those are on. */
  readonly nowNs: number;
}

export function shownTimesOf(view: ViewModel, span: number): ShownTimes {
  const { trace } = view;
  const whole = trace.base ?? trace;
  const durationNs = trace.durationNs[span];
  const from = whole.correctedStartNs[span];
  const to = from + whole.durationNs[span];
  const stops = whole.snapshot.stops.filter((stop) => from <= stop.startNs && stopEndNs(stop, whole) <= to);
  const held = new StoppedTime(stops.map((stop) => ({ startNs: stop.startNs, endNs: stopEndNs(stop, whole) })));
  return {
    startNs: view.startNs[span],
    durationNs,
    selfNs: trace.base ? shownSelfNs(trace, span) : undefined,
    share: trace.lengthNs > 0 ? durationNs / trace.lengthNs : 0,
    run: isRunning(trace, span) ? runStateOf(trace.running, span) : undefined,
    stops,
    heldNs: held.totalNs,
    nowNs: whole.nowNs,
  };
}
