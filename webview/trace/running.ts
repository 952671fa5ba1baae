/**
 * Spans that have not ended, as a page has them on its screen: how long each has run grows with the page's own clock between two pictures. What a
 * picture says counts from the moment at which it was made; the least time that a picture took to come stands for what the clocks differ by.
 */

import { formatDuration, speakDuration } from '../../src/core/text/formatText';
import { type LiveSpans, RUN_ENDED, RUN_GOES_ON, RUN_UNHEARD } from '../../src/protocol/snapshot';

/** As columns of those spans alone. */
export interface Running {
  /** Ascending. */
  readonly spans: Uint32Array;
  /** Nanoseconds that each had run at `atMs`, or until its program ended. */
  readonly elapsedNs: Float64Array;
  /** RUN_… */
  readonly state: Uint8Array;
  /** Milliseconds of the page's clock (`Date.now()`). */
  readonly atMs: number;
  /** Any of them goes on, and time with it. */
  readonly goesOn: boolean;
}

/** Between the clock of the engine and the page's, which may be on another machine. */
let leastDelayMs = Number.POSITIVE_INFINITY;

/** @param spans those without an end */
export function runningOf(spans: Uint32Array, told: LiveSpans | undefined, nowMs = Date.now()): Running {
  if (!told) {
    const state = new Uint8Array(spans.length).fill(RUN_UNHEARD);
    return { spans, elapsedNs: new Float64Array(spans.length), state, atMs: nowMs, goesOn: false };
  }
  leastDelayMs = Math.min(leastDelayMs, nowMs - told.madeAtMs);
  const state = new Uint8Array(told.state);
  return {
    spans: new Uint32Array(told.rows),
    elapsedNs: new Float64Array(told.elapsedNs),
    state,
    atMs: told.madeAtMs + leastDelayMs,
    goesOn: state.includes(RUN_GOES_ON),
  };
}

/** Writes how long each has run by now. */
export function growTo(durationNs: Float64Array, { spans, elapsedNs, state, atMs, goesOn }: Running, nowMs: number): void {
  const sinceNs = goesOn ? Math.max(0, nowMs - atMs) * 1e6 : 0;
  for (let i = 0; i < spans.length; i++) durationNs[spans[i]] = elapsedNs[i] + (state[i] === RUN_GOES_ON ? sinceNs : 0);
}

/** What became of a span without an end. */
export function runStateOf({ spans, state }: Running, span: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans[middle] < span) low = middle + 1;
    else high = middle;
  }
  return spans[low] === span ? state[low] : RUN_UNHEARD;
}

/** Digits that do not flicker: tenths of a second, and whole ones from ten on. */
export function steadyNs(ns: number): number {
  const stepNs = ns < 10e9 ? 1e8 : 1e9;
  return Math.floor(ns / stepNs) * stepNs;
}

/** `running 3.2 s`; beside a bar. */
export function runLabel(state: number, elapsedNs: number): string {
  if (state === RUN_GOES_ON) return `running ${shortDuration(elapsedNs)}`;
  return state === RUN_ENDED ? 'never ended' : 'no end';
}

/** `running for 3.2 s`, `never ended: the program stopped`: what is said of a span. */
export function runText(state: number, elapsedNs: number): string {
  if (state === RUN_GOES_ON) return `running for ${shortDuration(elapsedNs)}`;
  return state === RUN_ENDED ? 'never ended: the program stopped' : 'no end was captured';
}

/** The same as a screen reader says it. */
export function spokenRun(state: number, elapsedNs: number): string {
  return state === RUN_GOES_ON ? `running for ${speakDuration(steadyNs(elapsedNs))}` : runText(state, elapsedNs);
}

function shortDuration(ns: number): string {
  const steady = steadyNs(ns);
  return steady < 60e9 ? `${steady < 10e9 ? (steady / 1e9).toFixed(1) : String(steady / 1e9)} s` : formatDuration(steady);
}

/** An axis that has room to grow, so that it stands still for a while: the end in steps of an eighth to a quarter of its length. */
export function roomyEnd(startNs: number, endNs: number): number {
  const lengthNs = Math.max(endNs - startNs, 1e8);
  const stepNs = 2 ** Math.floor(Math.log2(lengthNs) - 2);
  return startNs + Math.ceil(lengthNs / stepNs + 0.25) * stepNs;
}
