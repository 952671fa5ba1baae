// @ts-check
// What benchmarks have in common: a figure is printed with what it is compared to, and a broken budget ends the process with 1.
// Figures that matter are ratios against something measured in the same run, because machines differ.

import { appendFileSync } from 'node:fs';

/**
 * @typedef {object} Figure
 * @property {string} what
 * @property {number} value
 * @property {string} unit
 * @property {number} [atMost] The budget, in the same unit.
 * @property {number} [atLeast]
 * @property {string} [note] How it was measured, or what it is compared to.
 */

/**
 * Prints a figure and judges it.
 * @param {Figure} figure
 * @returns {boolean} Whether it keeps its budget; true where it has none.
 */
export function report(figure) {
  const { what, value, unit, atMost, atLeast, note } = figure;
  // NaN keeps no budget: what could not be measured is not good.
  const kept = (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast) && !Number.isNaN(value);
  const budget = [atMost === undefined ? '' : `at most ${atMost}`, atLeast === undefined ? '' : `at least ${atLeast}`].join('');
  const mark = budget === '' ? ' ' : kept ? '✓' : '✗';
  console.log(`${mark} ${what.padEnd(64)} ${round(value)} ${unit}${budget && `, budget ${budget}`}${note ? ` (${note})` : ''}`);
  if (!kept) process.exitCode = 1;
  const file = process.env.SPANHOP_BENCH_RESULTS;
  if (file) appendFileSync(file, `${JSON.stringify({ ...figure, kept })}\n`);
  return kept;
}

/** Three significant digits are more than a shared machine can give. @param {number} value */
const round = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)).padStart(8);

/**
 * @param {readonly number[]} values
 * @param {number} quantile 0.5 is the median.
 */
export function quantile(values, quantile) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? Number.NaN;
}

/**
 * The median time of some runs, after one that warms up.
 * @param {() => unknown} work May return a promise.
 * @param {number} [runs]
 * @returns {Promise<number>} Milliseconds.
 */
export async function medianMs(work, runs = 5) {
  await work();
  const times = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return quantile(times, 0.5);
}
