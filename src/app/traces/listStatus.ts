/** What the Traces view says around its rows and instead of them, and what can be done there. */

import type { QueryPart } from '../../core/query/pushDown';
import { formatCount, formatNumber } from '../../core/text/formatText';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { CaptureService } from '../captures/captureService';
import { captureNotes, registeredText } from '../captures/captureText';
import { describeRange, describeSearch, isEmptySearch, type TraceSearch, timeRanges } from '../queries/traceSearch';
import type { Listing } from './listing';
import { nextSteps } from './nextSteps';
import type { ActionNode } from './traceNodes';

/** What is said depends on of the capture, and of the list. */
export type CaptureStatus = Pick<CaptureService, 'state' | 'endpoint' | 'leftMemory' | 'silent'>;
export type ListStatus = Pick<
  Listing,
  | 'state'
  | 'search'
  | 'backend'
  | 'loading'
  | 'error'
  | 'list'
  | 'more'
  | 'leftOut'
  | 'pushDown'
  | 'examined'
  | 'partial'
  | 'newer'
  | 'answeredAtMs'
  | 'windowMs'
>;

/**
 * The next wider range; undefined (all, or the default) when there is none.
 * @param windowMs of a search that gives none; undefined: it goes to the first trace
 */
export function widerRange(search: TraceSearch, windowMs: number | undefined): number | undefined {
  const present = search.lookbackMs ?? windowMs ?? Number.POSITIVE_INFINITY;
  return timeRanges.find(([ms]) => ms > present)?.[0] ?? (windowMs === undefined ? undefined : search.lookbackMs);
}

/** Context keys of the view's buttons. */
export function contextOf(model: ListStatus): readonly (readonly [string, unknown])[] {
  const { state, search } = model;
  return [
    ['spanhop.tracesState', state === 'loading' ? undefined : state],
    ['spanhop.loading', model.loading],
    ['spanhop.searching', !isEmptySearch(search)],
    ['spanhop.errorsOnly', search.errorsOnly === true],
    ['spanhop.hasMore', model.more],
    ['spanhop.hasNewer', model.newer > 0],
  ];
}

/** Beside the view's title, where it moves no row: `3 new traces`; undefined: none. */
export function describeNewer({ newer }: Pick<ListStatus, 'newer'>): string | undefined {
  return newer === 0 ? undefined : formatCount(newer, 'new trace');
}

/** What can be done where there are no traces. */
export function stepsOf(model: ListStatus, capture: CaptureStatus): readonly ActionNode[] {
  const { state, error, loading, search, backend } = model;
  const canWiden = widerRange(search, model.windowMs) !== search.lookbackMs;
  return nextSteps({ state, error, loading, backend, canWiden, endpoint: capture.endpoint });
}

/** Backend, search, count, trouble: `Jaeger local · status = error · newest 20 traces`. */
export function messageOf(model: ListStatus, capture: CaptureStatus): string | undefined {
  const { error, state, search, backend, leftOut, more, partial, windowMs } = model;
  if (state === 'loading') {
    // Not before it takes long: a message that comes and goes moves the rows.
    return model.loading ? joined(nameOf(backend), describeSearch(search), 'loading…') : undefined;
  }
  if (error?.kind === 'Cancelled') return `${nameOf(backend)} · stopped`;
  if (error) {
    const named = error.message.includes(`"${backend}"`) ? error.message : joined(nameOf(backend), error.message);
    return joined(named, state === 'listed' ? `what is listed is of ${timeOf(model.answeredAtMs)}` : '');
  }
  if (state === 'noTraces') return capture.state.running ? describeCapture(capture) : undefined;
  const parts = [nameOf(backend), describeSearch(search)];
  if (state === 'listed') {
    const count = model.list.length;
    parts.push(more ? `newest ${formatCount(count, 'trace')}` : formatCount(count, 'trace'));
  } else {
    if (search.lookbackMs === undefined && windowMs !== undefined) parts.push(describeRange(windowMs));
    parts.push('nothing found');
  }
  if (leftOut > 0) parts.push(`${formatCount(leftOut, 'trace')} left out, without a usable id`);
  parts.push(describeFilter(model));
  if (model.loading) parts.push('searching…');
  if (partial !== undefined) parts.push(partial);
  if (backend === LOCAL_DATASET && capture.leftMemory !== undefined) parts.push(capture.leftMemory);
  return joined(...parts);
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

/** Who filtered by what, the parts named where both did: `server: name = "a" · here: span.b != 2, 3 of 120 traces looked at`. */
function describeFilter({ pushDown, examined, list }: ListStatus): string {
  if (!pushDown) return '';
  const texts = (parts: readonly QueryPart[]): string => parts.map(({ text }) => text).join(', ');
  const here = [...pushDown.superset, ...pushDown.here];
  if (here.length === 0) return pushDown.exact.length > 0 ? 'filtered by the server' : '';
  const looked = examined === undefined ? '' : `, ${formatNumber(list.length)} of ${formatCount(examined, 'trace')} looked at`;
  if (pushDown.exact.length === 0) return `filtered here${looked}`;
  return `filtered by the server: ${texts(pushDown.exact)} · here: ${texts(here)}${looked}`;
}

function timeOf(unixMs: number): string {
  return new Date(unixMs).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

function nameOf(backend: string): string {
  return backend === LOCAL_DATASET ? 'Local' : backend;
}

/** Where to send, and what came so far: `Listening at http://127.0.0.1:4318 · 12 metric requests, no spans`. */
function describeCapture({ endpoint, state, silent }: CaptureStatus): string {
  const { counts } = state;
  const seen = [
    counts.metricRequests > 0 ? formatCount(counts.metricRequests, 'metric request') : undefined,
    counts.logRequests > 0 ? formatCount(counts.logRequests, 'log request') : undefined,
    counts.rejected > 0 ? `${formatCount(counts.rejected, 'span')} or requests that could not be read` : undefined,
  ].filter((part) => part !== undefined);
  // Why nothing is listed, where that is known, in place of that nothing is.
  const why = captureNotes({ state, silent })[0];
  const what =
    seen.length === 0
      ? (why ?? 'nothing received yet')
      : `${seen.join(', ')}, ${counts.spans === 0 ? 'no spans' : 'no traces kept'}`;
  return `Listening at ${endpoint}${registeredText(state)} · ${what}`;
}
