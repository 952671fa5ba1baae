/** Ticks of the ruler: steps of 1, 2 or 5 times a power of ten, labelled with as many digits as tell them apart. */

import type { TimeRange } from './timeScale';

export interface Tick {
  /** Nanoseconds from the trace's start. */
  readonly ns: number;
  readonly label: string;
}

/** The least step of the 1-2-5 series that is not below `leastNs`. */
function tickStep(leastNs: number): number {
  if (!(leastNs > 1)) return 1;
  const power = 10 ** Math.floor(Math.log10(leastNs));
  for (const factor of [1, 2, 5, 10]) if (factor * power >= leastNs * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

/**
 * Ticks within `view`, at least `minGapPx` apart.
 * @param widthPx width of the timeline, CSS pixels
 */
export function ticks(view: TimeRange, widthPx: number, minGapPx = 80): Tick[] {
  const lengthNs = view.endNs - view.startNs;
  if (!(lengthNs > 0) || !(widthPx > 0)) return [];
  const stepNs = tickStep((lengthNs * minGapPx) / widthPx);
  const found: Tick[] = [];
  // Counted from the first: far from the trace's start a double has no room for one more step, and k++ would stand still.
  const first = Math.ceil(view.startNs / stepNs - 1e-9);
  const size = Math.floor(view.endNs / stepNs + 1e-9) - first + 1;
  for (let i = 0; i < size && found.length <= widthPx / minGapPx + 1; i++) {
    const ns = (first + i) * stepNs;
    if (ns === found.at(-1)?.ns) continue;
    found.push({ ns: ns === 0 ? 0 : ns, label: tickLabel(ns, stepNs) });
  }
  return found;
}

const units: readonly (readonly [string, number])[] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
];

/** `0`, `200 ms`, `1.20 s`, `2:30 min`; more digits where the step needs them: `1.2001 s`. */
export function tickLabel(ns: number, stepNs: number): string {
  if (Math.abs(ns) < stepNs / 2) return '0';
  if (ns < 0) return `−${tickLabel(-ns, stepNs)}`;
  if (ns >= 60e9) return minuteLabel(ns, stepNs);
  const [unit, size] = units.find(([, least]) => ns >= least * (1 - 1e-9)) ?? units[3];
  const value = ns / size;
  const needed = Math.max(0, -Math.floor(Math.log10(stepNs / size) + 1e-9));
  const digits = unit === 's' ? Math.max(needed, 2 - Math.floor(Math.log10(value) + 1e-9)) : needed;
  return `${value.toFixed(Math.max(0, digits))} ${unit}`;
}

function minuteLabel(ns: number, stepNs: number): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(stepNs / 1e9) + 1e-9));
  const seconds = Number((ns / 1e9).toFixed(decimals));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = (seconds % 60).toFixed(decimals).padStart(decimals === 0 ? 2 : decimals + 3, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest} h` : `${minutes}:${rest} min`;
}
