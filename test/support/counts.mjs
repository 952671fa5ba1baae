// @ts-check
// How many tests passed and which failed: as reports tell it, and as a last line tells it.

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

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

/**
 * What failed, by what vitest's JSON reporter or the extension suite wrote: a line each, with the file, the test's name and the first line of
 * what it said. A file that could not be run is one too.
 * @param {string} path
 * @returns {string[]}
 */
export function failuresOf(path) {
  /** @type {any} */
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
  const line = (/** @type {unknown[]} */ ...parts) => {
    const text = parts.filter(Boolean).join(': ');
    return (text.split('\n', 1)[0] ?? '').slice(0, 400);
  };
  if (Array.isArray(report))
    return report.filter(({ state }) => state === 'failed').map(({ title, error }) => line(title, error));
  /** @type {string[]} */
  const failures = [];
  for (const { name, status, message, assertionResults = [] } of report.testResults ?? []) {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter((/** @type {any} */ each) => each.status === 'failed');
    for (const { fullName, failureMessages = [] } of failed) failures.push(line(file, fullName, failureMessages[0]));
    if (failed.length === 0 && status === 'failed') failures.push(line(file, message || 'could not be run'));
  }
  return failures;
}

/** @param {Counts} counts */
export const formatCounts = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
