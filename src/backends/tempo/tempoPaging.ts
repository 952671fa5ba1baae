/**
 * Pages of a server without order: Tempo answers with the first matches that it comes upon, and stops at the limit. An answer that is shorter than the
 * limit is whole for its window, so windows are made small enough for that, and pages are cut from whole windows, newest first. Nothing within the range
 * is passed over.
 *
 * Windows have whole seconds. A trace is in each window that it overlaps, and is told in the one that it begins in; in the oldest of all also if it began
 * before. A window that lies within the last 30 seconds is taken for the last 15 minutes by the server: none is that young, and what comes from outside
 * is left out here.
 */

import type { TraceOverview } from '../../core/model/table';
import type { TimeWindow } from '../common/times';
import { type Asking, askings } from './tempoRequest';

/** Where a page begins. Epoch seconds; the end is not included. */
export interface TempoPlace {
  readonly to: number;
  /** Seconds of the window that is tried first. */
  readonly width: number;
  /** Traces that an answer may have, where it is more than pages of this size need. */
  readonly limit: number;
  readonly asking: Asking;
  /** Traces of earlier pages that come again. */
  readonly told: readonly string[];
}

/** A window as it is asked for. Epoch seconds. */
export interface AskedWindow {
  readonly from: number;
  readonly to: number;
  /** What began before is told with an older window. */
  readonly tellFrom: number;
}

/** The end is not included. Epoch seconds; Tempo's are unsigned 32-bit numbers above 0. */
export interface SearchRange {
  readonly start: number;
  readonly end: number;
}

/** Seconds before now in which a window has to begin at the latest: twice the 30 that are not searched, for clocks that differ. */
const YOUNGEST = 60;
const SHRINK = 4;
const MOST_GROWTH = 16;
const LAST_SECOND = 2 ** 32 - 1;
const NANOS = 1_000_000_000n;
/** Traces that come again with each window, because they last that long: more are not kept in mind. */
const MOST_TOLD = 2_000;

export function rangeOf({ startUnixNano, endUnixNano }: TimeWindow): SearchRange {
  const second = (nano: bigint): number => Number(nano / NANOS);
  const start = Math.min(Math.max(second(startUnixNano), 1), LAST_SECOND - 1);
  return { start, end: Math.min(Math.max(second(endUnixNano) + 1, start + 1), LAST_SECOND) };
}

/** @param now epoch seconds */
export function windowAt({ to, width }: TempoPlace, range: SearchRange, now: number): AskedWindow {
  const wanted = Math.max(range.start, to - width);
  const from = Math.max(Math.min(wanted, now - YOUNGEST, to - 1), 1);
  return { from, to, tellFrom: Math.max(from, range.start) };
}

/**
 * The place with a smaller window, which has fewer traces; undefined: it is as small as it may be, or most of what was found is older than the window,
 * and would be in a smaller one too.
 */
export function smaller(
  place: TempoPlace,
  range: SearchRange,
  now: number,
  found: readonly TraceOverview[],
): TempoPlace | undefined {
  const before = windowAt(place, range, now);
  const from = BigInt(before.from) * NANOS;
  if (found.filter(({ startUnixNano }) => startUnixNano < from).length * 2 > found.length) return undefined;
  const next = { ...place, width: Math.max(1, Math.floor((before.to - before.from) / SHRINK)) };
  return windowAt(next, range, now).from > before.from ? next : undefined;
}

export interface TempoPage {
  readonly traces: readonly TraceOverview[];
  readonly next?: TempoPlace;
  /** The rest cannot be told apart from what was told. */
  readonly isCutOff?: boolean;
}

/**
 * The page of a window.
 * @param found all traces of the answer, newest first
 * @param limit what the answer could have held
 * @param most seconds that a window may have
 */
export function cutPage(
  found: readonly TraceOverview[],
  place: TempoPlace,
  {
    range,
    window,
    exact,
    pageSize,
    limit,
    most,
  }: {
    readonly range: SearchRange;
    readonly window: AskedWindow;
    readonly exact: TimeWindow;
    readonly pageSize: number;
    readonly limit: number;
    readonly most: number;
  },
): TempoPage {
  const isOldest = window.tellFrom <= range.start;
  const told = new Set(place.told);
  const tellFrom = BigInt(window.tellFrom) * NANOS;
  const all = found.filter(
    (trace) => !told.has(trace.traceId) && isWithin(trace, exact) && (isOldest || trace.startUnixNano >= tellFrom),
  );
  const traces = all.slice(0, pageSize);
  if (traces.length === all.length) {
    if (isOldest) return { traces };
    const growth = found.length === 0 ? MOST_GROWTH : Math.min(Math.max(limit / (2 * found.length), 1), MOST_GROWTH);
    const width = Math.min(Math.max(Math.round((window.to - window.tellFrom) * growth), 1), most);
    const kept = found.length * 2 > pageSize ? limit : 0;
    return { traces, next: { ...place, to: window.tellFrom, width, limit: kept, told: [] } };
  }
  const last = Number(traces[traces.length - 1].startUnixNano / NANOS);
  const to = Math.min(Math.max(last, range.start) + 1, place.to);
  // They overlap the next window as well.
  const again = traces.filter(({ startUnixNano }) => Number(startUnixNano / NANOS) < to).map(({ traceId }) => traceId);
  const comingAgain = to === place.to ? [...place.told, ...again] : again;
  return comingAgain.length > MOST_TOLD
    ? { traces, isCutOff: true }
    : { traces, next: { ...place, to, limit, told: comingAgain } };
}

/** A duration is in whole milliseconds. */
function isWithin({ startUnixNano, durationNs }: TraceOverview, { startUnixNano: from, endUnixNano: to }: TimeWindow): boolean {
  return startUnixNano <= to && startUnixNano + BigInt(Math.round(durationNs)) + 1_000_000n >= from;
}

export function writePlace({ to, width, limit, asking, told }: TempoPlace): string {
  return [to, width, limit, asking, ...told].join(' ');
}

/** Undefined where it is none. */
export function readPlace(text: string | undefined): TempoPlace | undefined {
  const parts = /^(\d{1,10}) (\d{1,10}) (\d{1,6}) ([a-z]+)((?: [0-9a-f]{32})*)$/.exec(text ?? '');
  const asking = askings.find((each) => each === parts?.[4]);
  if (!parts || !asking) return undefined;
  const [to, width, limit] = parts.slice(1, 4).map(Number);
  return { to, width, limit, asking, told: parts[5].split(' ').filter((id) => id !== '') };
}
