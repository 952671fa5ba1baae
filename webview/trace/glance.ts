/** What a look at an entry tells: who, when, how long, and what the lines of its bar mean. Texts only, the same for eyes and ears. */

import { StoppedTime } from '../../src/core/analysis/stoppedTime';
import { formatCount, formatDuration, formatOffset, formatShare, NO_TIME } from '../../src/core/text/formatText';
import { shownName } from '../../src/core/text/visibleText';
import { isError } from '../../src/protocol/columns';
import { RUN_GOES_ON } from '../../src/protocol/snapshot';
import type { SpanGlance } from '../../src/protocol/view';
import { criticalAt, hasLength, isCritical, isRunning, nameText, serviceText } from './model';
import { runStateOf, runText } from './running';
import type { ViewModel } from './state';
import { heldTimes, shownSelfNs } from './withoutStops';

export interface Glance {
  readonly name: string;
  readonly service: string;
  /** What and how much. */
  readonly facts: readonly (readonly [string, string])[];
  /** Sentences about lines and signs. */
  readonly notes: readonly string[];
}

/** @param told what the engine says of it; undefined: nothing yet, or nothing is to be said */
export function glanceAt(view: ViewModel, entry: number, told: SpanGlance | undefined): Glance {
  const { trace } = view;
  const span = view.spanOf(entry);
  const { startNs, endNs } = view.entryTimes(entry);
  const size = entry < 0 ? trace.groups.start[~entry + 1] - trace.groups.start[~entry] : 1;
  const lengthNs = entry < 0 ? endNs - startNs : trace.durationNs[span];
  const share = trace.lengthNs > 0 ? ` (${formatShare(lengthNs / trace.lengthNs)} of the trace)` : '';
  const isKnown = hasLength(trace, entry);
  const runs = entry >= 0 && isRunning(trace, span);
  const state = runStateOf(trace.running, span);
  const facts: [string, string][] = [
    ['start', isKnown ? formatOffset(startNs) : NO_TIME],
    ['duration', !isKnown ? NO_TIME : runs ? runText(state, lengthNs) : `${formatDuration(lengthNs)}${share}`],
  ];
  // How much of it is its own is known when it has ended.
  if (told && entry >= 0 && isKnown && !runs)
    facts.push(['self', formatDuration(trace.base ? shownSelfNs(trace, span) : told.selfNs)]);
  const notes: string[] = [];
  if (entry < 0) notes.push(`${formatCount(size, 'span')} of this name, a piece each`);
  else if (isError(trace, span)) notes.push('Outline: the span failed');
  const criticalNs = view.criticalPath ? criticalOf(view, entry) : 0;
  if (criticalNs > 0) notes.push(`Line below: on the critical path, the trace waited ${formatDuration(criticalNs)} for it`);
  if (runs) notes.push(state === RUN_GOES_ON ? 'Stripes: it goes on' : 'Stripes: it did not end');
  const heldNs = isKnown ? heldOf(view, startNs, endNs) : 0;
  if (heldNs > 0) notes.push(`Hatched: held by the debugger for ${formatDuration(heldNs)} of it`);
  for (const { name, atNs } of told?.events ?? [])
    notes.push(`Event: ${shownName(name) || '(no name)'}, at ${formatOffset(atNs)}`);
  const more = (told?.eventCount ?? 0) - (told?.events.length ?? 0);
  if (more > 0) notes.push(`and ${formatCount(more, 'more event')}`);
  const name = nameText(trace, span).trim() || '(no name)';
  return { name: entry < 0 ? `${size}× ${name}` : name, service: serviceText(trace, span) || '(no service)', facts, notes };
}

/** Nanoseconds of the critical path that are the entry's. */
function criticalOf({ trace }: ViewModel, entry: number): number {
  const { groups } = trace;
  const members = entry < 0 ? groups.rows.subarray(groups.start[~entry], groups.start[~entry + 1]) : [entry];
  let sum = 0;
  for (const span of members) {
    if (!isCritical(trace, span)) continue;
    const end = criticalAt(trace, span + 1);
    for (let at = criticalAt(trace, span); at < end; at++) sum += trace.criticalEnd[at] - trace.criticalStart[at];
  }
  return sum;
}

/** Nanoseconds for which something from one moment to another waited for a debugger, where that is shown. */
function heldOf({ trace }: ViewModel, startNs: number, endNs: number): number {
  if (trace.base || trace.snapshot.stops.length === 0) return 0;
  return new StoppedTime(heldTimes(trace)).waited(startNs, endNs);
}

/** As a screen reader says it. */
export function spokenGlance({ name, service, facts, notes }: Glance): string {
  return [name, service, ...facts.map(([what, value]) => `${what} ${value}`), ...notes].join(', ');
}
