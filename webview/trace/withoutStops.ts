/**
 * The trace as it would have been without the time for which a debugger held its programs. Where nothing began or ended meanwhile, that time is left
 * out of the axis, and all that was under way is so much shorter. Elsewhere (another program went on) the axis stays, and only spans that were under
 * way all through it are shorter.
 */

import { finish } from '../../src/base/steps';
import { type Interval, quietIntervals, StoppedTime } from '../../src/core/analysis/stoppedTime';
import { rasteringMinimap } from '../../src/core/layout/minimap';
import { isError, serviceOf } from '../../src/protocol/columns';
import type { TraceSnapshot } from '../../src/protocol/snapshot';
import type { TraceModel } from './model';
import { stopEndNs } from './stops';

/** Held times, those that go on until now. */
export function heldTimes(trace: TraceModel): Interval[] {
  return trace.snapshot.stops.map((stop) => ({ startNs: stop.startNs, endNs: stopEndNs(stop, trace) }));
}

export function withoutStops(trace: TraceModel): TraceModel {
  const { durationNs, running, snapshot, count } = trace;
  const ends = trace.correctedStartNs.map((startNs, span) => startNs + durationNs[span]);
  const stops = heldTimes(trace);
  const quiet = new StoppedTime(quietIntervals(stops, trace.correctedStartNs, ends));
  const all = new StoppedTime(stops);
  const cut = (ns: number): number => quiet.without(ns);
  const net = new Float64Array(count);
  for (let span = 0; span < count; span++) {
    const startNs = trace.correctedStartNs[span];
    const heldNs = Math.max(all.waited(startNs, ends[span]), quiet.until(ends[span]) - quiet.until(startNs));
    net[span] = Math.max(0, durationNs[span] - heldNs);
  }
  const correctedStartNs = trace.correctedStartNs.map(cut);
  const isCorrected = trace.rawStartNs !== trace.correctedStartNs;
  const rawStartNs = isCorrected ? trace.rawStartNs.map(cut) : correctedStartNs;
  const lengthNs = cut(trace.lengthNs);
  // What goes on grows on from here, unless it is held just now.
  const elapsedNs = Float64Array.from(running.spans, (span) => net[span]);
  const isHeld = snapshot.stops.some(({ endNs }) => endNs === undefined);
  const criticalStart = trace.criticalStart.map(cut);
  const criticalEnd = trace.criticalEnd.map(cut);
  let criticalPathNs = snapshot.criticalPathNs;
  for (let i = 0; i < criticalStart.length; i++)
    criticalPathNs -= trace.criticalEnd[i] - trace.criticalStart[i] - (criticalEnd[i] - criticalStart[i]);
  const made: TraceSnapshot = {
    ...snapshot,
    durationNs: cut(snapshot.durationNs),
    criticalPathNs: Math.max(0, criticalPathNs),
    minimap: minimapOf(trace, correctedStartNs, net, lengthNs),
  };
  return {
    ...trace,
    base: trace,
    snapshot: made,
    running: { ...running, elapsedNs, atMs: trace.grownMs, goesOn: running.goesOn && !isHeld },
    durationNs: net,
    correctedStartNs,
    rawStartNs,
    bounds: { startNs: cut(trace.bounds.startNs), endNs: Math.max(cut(trace.bounds.endNs), 1) },
    rawBounds: { startNs: cut(trace.rawBounds.startNs), endNs: Math.max(cut(trace.rawBounds.endNs), 1) },
    lengthNs,
    nowNs: cut(trace.nowNs),
    criticalStart,
    criticalEnd,
    cut,
  };
}

/** Nanoseconds that the trace was held for, of which nothing ran. */
export function heldNs(trace: TraceModel): number {
  return new StoppedTime(heldTimes(trace)).waited(0, trace.lengthNs);
}

function minimapOf(
  trace: TraceModel,
  startNs: Float64Array,
  durationNs: Float64Array,
  lengthNs: number,
): TraceSnapshot['minimap'] {
  const { columns, lanes, cells } = finish(
    rasteringMinimap(
      {
        count: trace.count,
        startNs,
        durationNs,
        serviceOf: (span) => serviceOf(trace, span),
        isError: (span) => isError(trace, span),
      },
      { startNs: 0, endNs: Math.max(1, lengthNs) },
    ),
  );
  return { columns, lanes, cells: Uint8Array.from(cells).buffer };
}

/** Time of a span that none of its children was under way in, of the trace as it is shown. */
export function shownSelfNs({ tree, correctedStartNs, durationNs }: TraceModel, span: number): number {
  const startNs = correctedStartNs[span];
  const endNs = startNs + durationNs[span];
  const children: number[] = [];
  for (let child = span + 1; child < tree.subtreeEnd[span]; child = tree.subtreeEnd[child]) children.push(child);
  children.sort((a, b) => correctedStartNs[a] - correctedStartNs[b]);
  let selfNs = durationNs[span];
  let coveredTo = startNs;
  for (const child of children) {
    const from = Math.max(correctedStartNs[child], coveredTo);
    const to = Math.min(correctedStartNs[child] + durationNs[child], endNs);
    if (to <= from) continue;
    selfNs -= to - from;
    coveredTo = to;
  }
  return Math.max(0, selfNs);
}
