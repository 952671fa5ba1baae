// @ts-check
// How many tests passed: as reports tell it, and as a last line tells it.

import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Counts what vitest's JSON reporter or the extension suite wrote.
 * @param {string} path
 * @returns {Counts}
 */
export function countReport(path) {
  /** @type {any} */
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }; // none was written: the exit code tells
  }
  if (Array.isArray(report)) {
    const count = (/** @type {string} */ state) => report.filter((each) => each.state === state).length;
    return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/** @param {Counts} counts */
export const formatCounts = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
