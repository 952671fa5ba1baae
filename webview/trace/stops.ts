/** Times for which a debugger held the programs of a trace, in words. */

import { formatDuration } from '../../src/core/text/formatText';
import { visibleText } from '../../src/core/text/visibleText';
import type { TraceStop } from '../../src/protocol/snapshot';
import type { TraceModel } from './model';
import { steadyNs } from './running';

/** End of a held time as shown: one that goes on ends now. */
export function stopEndNs({ startNs, endNs }: TraceStop, { nowNs }: Pick<TraceModel, 'nowNs'>): number {
  return endNs ?? Math.max(startNs, nowNs);
}

/** `Stopped at a breakpoint in app.ts:12 for 4.1 s`, `Held by the debugger (step) for 12 s so far`. */
export function stopText(stop: TraceStop, trace: Pick<TraceModel, 'nowNs'>): string {
  const { reason, place, endNs } = stop;
  const where = place === undefined ? '' : ` in ${visibleText(place)}`;
  const lengthNs = stopEndNs(stop, trace) - stop.startNs;
  const length = endNs === undefined ? `${formatDuration(steadyNs(lengthNs))} so far` : formatDuration(lengthNs);
  return `${howStopped(reason)}${where} for ${length}`;
}

function howStopped(reason: string): string {
  switch (reason) {
    case 'breakpoint':
      return 'Stopped at a breakpoint';
    case 'exception':
      return 'Stopped at an exception';
    case 'step':
      return 'Stopped after a step';
    case 'entry':
      return 'Stopped at its start';
    default:
      return 'Held by the debugger';
  }
}

/** The held time at a moment. */
export function stopAt(trace: TraceModel, ns: number): TraceStop | undefined {
  if (trace.base) return undefined;
  return trace.snapshot.stops.find((stop) => stop.startNs <= ns && ns < stopEndNs(stop, trace));
}
